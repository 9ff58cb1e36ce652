"""Which Chromium to start, and with which switches. Nothing is started here."""

import base64
import hashlib
import os
import shutil
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archiver.domain.digest import Digest
from archiver.errors import BrowserUnavailable, ConfigError

Kind = Literal["headless-shell", "chromium"]

ON_PATH: tuple[tuple[str, Kind], ...] = (
    ("chromium-headless-shell", "headless-shell"),
    ("chrome-headless-shell", "headless-shell"),
    ("chromium", "chromium"),
    ("chromium-browser", "chromium"),
    ("google-chrome-stable", "chromium"),
    ("google-chrome", "chromium"),
)
DOWNLOADED: tuple[tuple[str, str, Kind], ...] = (
    ("chromium-headless-shell", "chromium_headless_shell", "headless-shell"),
    ("chromium", "chromium", "chromium"),
)
BINARIES = (
    "chrome-headless-shell",
    "headless_shell",
    "chrome",
    "Chromium",
    "Google Chrome for Testing",
)

DRIVEN = (
    "--headless",
    "--hide-scrollbars",
    "--mute-audio",
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
    "--allow-pre-commit-input",
    "--disable-back-forward-cache",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-hang-monitor",
    "--disable-infobars",
    "--disable-ipc-flooding-protection",
    "--disable-popup-blocking",
    "--disable-prompt-on-repost",
    "--disable-renderer-backgrounding",
    "--disable-search-engine-choice-screen",
    "--disable-stack-profiler",
    "--enable-unsafe-swiftshader",
    "--force-color-profile=srgb",
    "--no-service-autorun",
    "--no-startup-window",
    "--password-store=basic",
    "--unsafely-disable-devtools-self-xss-warnings",
    "--use-mock-keychain",
)
"""A browser without a window or a user, the same on every machine: those that Playwright starts its own with."""
WITHOUT = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
WITH = ("SkipListAccountsWithoutGaiaCookies",)
"""Features that Playwright, too, switches off and on: what would ask the network, change an address, or draw late."""
SILENT = (
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
)
"""Switches after which Chromium itself asks nothing of the network."""

GUARDED = (
    "--disable-quic",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
"""Switches that close the ways round a proxy: UDP and name lookups of the browser's own."""

UNBOXED = (b"No usable sandbox", b"Failed to move to new namespace", b"SUID sandbox helper")
"""What a Chromium says before it ends, since it cannot have its sandbox."""

NO_NAMES = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""Behind a SOCKS proxy the browser never needs a name itself; this makes sure that it asks none."""


class Chromium(msgspec.Struct, frozen=True):
    """An executable and what it is: the headless shell (half the cost) or the full browser."""

    path: str
    kind: Kind


class _Download(msgspec.Struct):
    name: str
    revision: str


class _Downloads(msgspec.Struct):
    browsers: list[_Download]


def find_chromium(explicit: str | None = None) -> Chromium:
    """The browser to use: the one named, else Playwright's download, else one on PATH.

    Raises BrowserUnavailable with the command that mends it.
    """
    if explicit:
        return _named(explicit)
    found = _downloaded() or _on_path()
    if found is None:
        raise BrowserUnavailable(
            "no Chromium was found",
            hint="run `playwright install chromium-headless-shell`, or on Debian "
            "`apt-get install chromium-headless-shell`",
        )
    return found


def kind_of(path: str) -> Kind:
    """What an executable is, by its name."""
    name = Path(path).name
    return "headless-shell" if "headless" in name else "chromium"


def switches(proxied: bool, ca_file: Path | None) -> tuple[str, ...]:
    """The switches of a start, in a fixed order; they go into the manifest as they are."""
    return (
        *SILENT,
        *GUARDED,
        "--autoplay-policy=no-user-gesture-required",
        *((NO_NAMES,) if proxied else ()),
        *((f"--ignore-certificate-errors-spki-list={','.join(pins(ca_file))}",) if ca_file else ()),
    )


def lacks_sandbox(said: bytes) -> bool:
    """Whether a browser that did not start has said, on its standard error, that it cannot have its sandbox."""
    return any(sign in said for sign in UNBOXED)


def command(
    chromium: "Chromium", profile: Path, proxy: str | None, ca_file: Path | None, sandbox: bool
) -> list[str]:
    """The whole command that starts a browser with its DevTools on the descriptors 3 and 4."""
    return [
        chromium.path,
        *DRIVEN,
        f"--disable-features={','.join(WITHOUT)}",
        f"--enable-features={','.join(WITH)}",
        *(() if sandbox else ("--no-sandbox",)),
        *((f"--proxy-server={proxy}", "--proxy-bypass-list=<-loopback>") if proxy else ()),
        *switches(proxy is not None, ca_file),
        f"--user-data-dir={profile}",
        "--remote-debugging-pipe=cbor",
    ]


def pins(ca_file: Path) -> tuple[str, ...]:
    """The SHA-256 of each certificate's public key in a PEM file, in base64, as Chromium wants it.

    Chromium then accepts every chain in which the server presents such a certificate, whatever
    else is wrong with it (a name, a date): so the server must send its CA's certificate along, and
    the file should hold a CA that is used for nothing else. Chains without one are verified as
    ever. Raises ConfigError.
    """
    try:
        certificates = x509.load_pem_x509_certificates(ca_file.read_bytes())
    except OSError as error:
        raise ConfigError(f"cannot read --ca-file {ca_file}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"--ca-file {ca_file} holds no certificate in PEM form") from error
    keys = (
        c.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        for c in certificates
    )
    return tuple(base64.b64encode(hashlib.sha256(key).digest()).decode() for key in keys)


def _named(path: str) -> Chromium:
    whole = shutil.which(path)
    if whole is None:
        raise BrowserUnavailable(
            f"there is no browser at {path}", hint="give the path of a Chromium executable"
        )
    return Chromium(whole, kind_of(whole))


def _downloaded() -> Chromium | None:
    """The build that the installed Playwright would use, where it has been downloaded."""
    listed = files("playwright") / "driver" / "package" / "browsers.json"
    if not listed.is_file():
        return None
    revisions = {
        item.name: item.revision
        for item in msgspec.json.decode(listed.read_bytes(), type=_Downloads).browsers
    }
    for name, folder, kind in DOWNLOADED:
        place = _downloads() / f"{folder}-{revisions.get(name, '?')}"
        for binary in BINARIES:
            for path in sorted(place.glob(f"*/{binary}")):
                if os.access(path, os.X_OK):
                    return Chromium(str(path), kind)
    return None


def _downloads() -> Path:
    """Where Playwright keeps its browsers."""
    return Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")


def _on_path() -> Chromium | None:
    for name, kind in ON_PATH:
        path = shutil.which(name)
        if path is not None:
            return Chromium(path, kind)
    return None


def digest_of_program(pid: int) -> Digest | None:
    """The digest of the program that a process runs; None when that cannot be told. Read once a program: a
    Chromium has some two hundred megabytes."""
    try:
        place = os.path.realpath(f"/proc/{pid}/exe")
        status = os.stat(place)
        return _digest_of(place, status.st_size, status.st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=8)
def _digest_of(place: str, _size: int, _changed: int) -> Digest:
    with open(place, "rb") as file:
        return Digest("sha256", hashlib.file_digest(file, "sha256").hexdigest())
