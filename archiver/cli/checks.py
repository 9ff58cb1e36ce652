"""What `archiver doctor` looks at. Each check gives one finding and changes nothing."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from msgspec import Struct

from archiver.capture.chromium import SILENT, find_chromium, lacks_sandbox, pins
from archiver.cli.text import amount, one_line
from archiver.clock import SystemClock
from archiver.config import OPTIONS, Settings
from archiver.config.private import secrets_of
from archiver.errors import ArchiverError
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.storage.layout import Archive

FONTS = "sudo apt-get install fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"
SCRIPTS = {
    "ja": "Japanese", "zh-cn": "Chinese", "zh-tw": "traditional Chinese", "ko": "Korean", "ar": "Arabic",
    "fa": "Persian", "he": "Hebrew", "ru": "Cyrillic", "el": "Greek", "hi": "Devanagari", "bn": "Bengali",
    "pa": "Gurmukhi", "gu": "Gujarati", "or": "Odia", "ta": "Tamil", "te": "Telugu", "kn": "Kannada",
    "ml": "Malayalam", "si": "Sinhala", "th": "Thai", "lo": "Lao", "km": "Khmer", "my": "Burmese",
    "bo": "Tibetan", "am": "Ethiopic", "hy": "Armenian", "ka": "Georgian",
}  # fmt: skip
"""A language for each script, as fontconfig names it."""
LITTLE, TOO_LITTLE = 2 * 10**9, 200 * 10**6
NAMESPACES = (
    ("/proc/sys/user/max_user_namespaces", "0", "sudo sysctl user.max_user_namespaces=15000"),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0",
     "sudo sysctl kernel.unprivileged_userns_clone=1"),
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
     "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
)  # fmt: skip
PROFILE = "give the container a seccomp profile that lets Chromium make user namespaces"
FORGIVES = "leave --ca-file out unless a proxy that opens TLS needs it (docs/usage.md)"

State = Literal["ok", "note", "bad"]


class Finding(Struct, frozen=True):
    """One thing looked at: whether it is fine, in words how it is, and what mends it."""

    name: str
    state: State
    text: str
    mend: str = ""


def browser(settings: Settings) -> Finding:
    """A Chromium that starts."""
    try:
        path = find_chromium(settings.browser).path
    except ArchiverError as error:
        return Finding("browser", "bad", error.message, error.hint)
    version = _output([path, "--version"])
    if version is None:
        mend = "sudo apt-get install chromium-headless-shell"
        return Finding("browser", "bad", f"{path} does not start", mend)
    return Finding("browser", "ok", f"{version} ({path})")


def sandbox(settings: Settings) -> Finding:
    """Whether Chromium can have its sandbox: not as root, and mostly only with user namespaces. It is started,
    since what forbids them (a container's rules, AppArmor) cannot always be read."""
    allowed: State = "note" if settings.allow_no_sandbox else "bad"
    if os.geteuid() == 0:
        mend = "run archiver as an ordinary user, or accept the risk with --allow-no-sandbox"
        return Finding("sandbox", allowed, "Chromium has no sandbox when run as root", mend)
    try:
        done = _start(find_chromium(settings.browser).path)
    except (ArchiverError, OSError, subprocess.SubprocessError):
        return Finding("sandbox", "note", "cannot tell: no browser started")
    if done.returncode == 0:
        return Finding("sandbox", "ok", "Chromium starts with it")
    if not lacks_sandbox(done.stderr):
        why = f"cannot tell: the browser ended with code {done.returncode}"
        return Finding("sandbox", "note", why)
    for path, closed, mend in NAMESPACES:
        if _line(path) == closed:
            return Finding("sandbox", allowed, f"user namespaces are closed ({path})", mend)
    mend = f"{PROFILE}, or accept the risk with --allow-no-sandbox"
    return Finding("sandbox", allowed, "user namespaces are forbidden to this process", mend)


def _start(path: str) -> subprocess.CompletedProcess[bytes]:
    """How a browser ends that is started on an empty page, with a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="archiver-") as profile:
        switches = ("--headless", *SILENT, f"--user-data-dir={profile}", "--dump-dom")
        line = [path, *switches, "about:blank"]
        return subprocess.run(line, capture_output=True, stdin=subprocess.DEVNULL, timeout=15)


def _line(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def fonts(_settings: Settings) -> Finding:
    """Fonts for the scripts that posts are written in: a missing one draws boxes in pictures."""
    listed = _output(["fc-list", "--format", "%{family}\t%{lang}\n"])
    if listed is None:
        return Finding("fonts", "note", "cannot tell: fc-list is missing", f"{FONTS} fontconfig")
    if not listed:
        return Finding("fonts", "bad", "no fonts: pictures would show boxes for letters", FONTS)
    missing = lacking(listed)
    if missing:
        return Finding("fonts", "note", f"no fonts for {', '.join(missing)}", FONTS)
    families = {line.partition("\t")[0] for line in listed.splitlines()}
    return Finding("fonts", "ok", f"{len(families)} families")


def lacking(listed: str) -> list[str]:
    """The scripts for which there is no font among the listed: lines of a family, a tab, and languages
    with bars between them. A font of symbols knows an emoji or two; it takes one made for them."""
    rows = [line.partition("\t") for line in listed.splitlines()]
    known = {language for _, _, languages in rows for language in languages.split("|")}
    missing = [name for code, name in SCRIPTS.items() if code not in known]
    emoji = any("emoji" in family.lower() for family, _, _ in rows)
    return missing if emoji else [*missing, "emoji"]


def disk(settings: Settings) -> Finding:
    """Room where the archive lies and where visits keep their bodies meanwhile."""
    places = {str(_existing(settings.archive)), tempfile.gettempdir()}
    free = {place: shutil.disk_usage(place).free for place in sorted(places)}
    text = ", ".join(f"{amount(number)} free in {place}" for place, number in free.items())
    least = min(free.values())
    state: State = "ok" if least >= LITTLE else "note"
    state = "bad" if least < TOO_LITTLE else state
    return Finding("disk", state, text, "" if state == "ok" else "free some space")


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    whole = path.absolute()
    return next(p for p in (whole, *whole.parents) if p.exists())


def clock(settings: Settings) -> Finding:
    """A clock that is not behind what it has already dated, and that something keeps right."""
    now = datetime.now(UTC)
    runs = [folder.id for folder in Archive(settings.archive).run_folders()]
    mend = "sudo timedatectl set-ntp true"
    if runs and runs[-1] > f"{now:%Y%m%dT%H%M%SZ}-~":
        return Finding("clock", "bad", f"it says {now:%F %T} UTC, before run {runs[-1]}", mend)
    kept = _output(["timedatectl", "show", "-p", "NTPSynchronized", "--value"])
    if kept == "no":
        return Finding("clock", "note", f"{now:%F %T} UTC, not synchronised", mend)
    unknown = "" if kept == "yes" else " (whether it is synchronised cannot be told here)"
    return Finding("clock", "ok", f"{now:%F %T} UTC{unknown}")


def archive(settings: Settings) -> Finding:
    """A folder that can be written to, or that can be made."""
    place = _existing(settings.archive)
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        mend = "run as its owner, or name another folder with --archive"
        return Finding("archive", "bad", f"cannot write to {place}", mend)
    here = settings.archive.exists()
    return Finding("archive", "ok", f"{settings.archive}" + ("" if here else " (not made yet)"))


def certificates(settings: Settings) -> Finding:
    """The additional authority, if one is named, is a readable certificate; what it costs is said."""
    if settings.ca_file is None:
        return Finding("ca-file", "ok", "none named")
    try:
        number = len(pins(settings.ca_file))
    except ArchiverError as error:
        return Finding("ca-file", "bad", error.message, error.hint)
    text = f"{settings.ca_file}: {number} in it; of a chain that shows one, the browser forgives every fault"
    return Finding("ca-file", "note", text, FORGIVES)


def settings_read(settings: Settings) -> Finding:
    """Which file was read, and variables that look like ours and are not."""
    known = {option.variable for option in OPTIONS}
    strange = [n for n in os.environ if n.startswith("ARCHIVER_") and n not in known]
    file = f"from {settings.source}" if settings.source else "no file, defaults"
    if settings.source and secrets_of(settings) and settings.source.stat().st_mode & 0o077:
        mend = f"chmod 600 {settings.source}"
        return Finding("settings", "note", f"{file}: others can read the password in it", mend)
    if strange:
        near = get_close_matches(strange[0], known, 1)
        mend = f"did you mean {near[0]}?" if near else f"unset {strange[0]}"
        return Finding("settings", "note", f"{file}; unknown variable {strange[0]}", mend)
    return Finding("settings", "ok", file)


def guard(settings: Settings) -> Finding:
    """The network guard starts, and refuses this machine's own addresses."""
    try:
        with EgressGuard(settings.proxy, ca_file=settings.ca_file) as gate, gate.lane() as lane:
            client = Client(lane.proxy_url, timeout=5.0, clock=SystemClock())
            answer = client.fetch("http://127.0.0.1:9/")[-1]
            refused = lane.blocked
    except (ArchiverError, OSError) as error:
        return Finding("guard", "bad", one_line(str(error)), "look at --proxy and --ca-file")
    if answer.status == 0 and refused:
        way = f", through {settings.shown_proxy}" if settings.proxy else ""
        return Finding("guard", "ok", f"refuses private and loopback addresses{way}")
    return Finding("guard", "bad", "lets loopback addresses through", "do not use this machine")


def _output(command: list[str]) -> str | None:
    """What a program prints, or None when it is missing, fails or takes too long."""
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=15, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace").strip()


CHECKS: tuple[Callable[[Settings], Finding], ...] = (
    browser, sandbox, fonts, disk, clock, archive, settings_read, certificates, guard,
)  # fmt: skip
