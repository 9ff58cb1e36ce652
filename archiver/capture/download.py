"""A post's video by yt-dlp (`--media yt-dlp`): a program beside the browser, on a lane of the guard like it.

It is given its own lane as its only proxy and an environment in which no other program is found: ffmpeg, which
it would have fetch some streams, knows no SOCKS proxy and would go past the guard. So sound and picture that
come apart stay two files. It gets no cookies, no settings, no plugins and no home of the user's.

Subtitles it would fetch before the film; so it is run again for them, by what it has found the first time, and
whatever there is of them costs the film nothing.
"""

import asyncio
import hashlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import certifi
from msgspec import Struct
from msgspec.structs import replace

from archiver.clock import Clock
from archiver.domain.capture import Snapshot
from archiver.domain.digest import Digest
from archiver.domain.exchange import Body

LOOK = 0.2
"""Seconds between two looks at how much has come."""
ENDING = 2.0
SAID = 64 << 10
"""Bytes that are kept of what the program says."""
TOO_LARGE = "larger than max-filesize"
LEFT_OUT = b"Skipping fragment"
"""What it says of each piece of a stream that it did not get: the file that it makes is called whole all the same."""
NO_SUBTITLES = b"Unable to download video subtitles"
"""What it says of each track of subtitles that it did not get."""
FOUND = ".info.json"
"""How the files end in which it keeps what it has found, one a film."""
FOUND_AS = "infojson:../home/%(autonumber)03d"
LONGEST = 8 << 20
"""Bytes of such a file that is read."""
UNFINISHED = (".part", ".ytdl", ".temp", ".tmp")
TYPES = {
    ".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".mkv": "video/x-matroska",
    ".mov": "video/quicktime", ".flv": "video/x-flv", ".ts": "video/mp2t", ".3gp": "video/3gpp",
    ".ogv": "video/ogg", ".avi": "video/x-msvideo", ".m4a": "audio/mp4", ".mp3": "audio/mpeg",
    ".aac": "audio/aac", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".oga": "audio/ogg",
    ".wav": "audio/wav", ".flac": "audio/flac", ".weba": "audio/webm", ".gif": "image/gif",
    ".vtt": "text/vtt", ".srt": "application/x-subrip", ".ttml": "application/ttml+xml",
}  # fmt: skip
OPTIONS = (
    "--ignore-config", "--no-config-locations", "--no-plugin-dirs", "--no-cache-dir", "--no-update",
    "--no-playlist", "--no-cookies", "--no-cookies-from-browser", "--no-js-runtimes",
    "--no-remote-components", "--no-exec", "--no-mtime", "--no-progress", "--no-colors",
    "--max-downloads", "4", "--retries", "1", "--fragment-retries", "1", "--extractor-retries", "1",
    "--socket-timeout", "15", "--fixup", "never", "--compat-options", "no-certifi",
    "--output", "%(autonumber)03d-%(format_id).40B.%(ext)s", "--restrict-filenames",
)  # fmt: skip
SUBTITLES = (
    "--skip-download", "--ignore-errors", "--write-subs", "--sub-langs", "all,-live_chat,-rechat",
)  # fmt: skip
"""What is asked for at the second run: those of people, in all languages, not what a machine has heard, which sites
offer in a hundred languages, nor the talk beside a live film."""


class Order(Struct, frozen=True, kw_only=True):
    """What is to be fetched and how much it may cost: `seconds`, and `bytes` of all files together.

    `proxy` is the address of the lane (`socks5://…`), `folder` an empty one for the files.
    """

    url: str
    proxy: str
    folder: Path
    seconds: float
    bytes: int
    ca_file: Path | None = None


class Said(Struct, frozen=True):
    """The end of what the program said, how many pieces it left out, and how many tracks of subtitles; and the
    limit that ended it, or nothing."""

    text: str
    left_out: int
    no_subtitles: int
    limit: str = ""


class Fetched(Struct, frozen=True, kw_only=True):
    """The files as snapshots, the limit that cut the work short (`media-seconds`, `media-bytes`) or nothing,
    and in words what is to be known."""

    files: tuple[Snapshot, ...] = ()
    limit: str = ""
    notes: tuple[str, ...] = ()


def downloader() -> str | None:
    """`yt-dlp 2026.10.26`; None when it is not installed beside this program."""
    try:
        return f"yt-dlp {version('yt-dlp')}" if find_spec("yt_dlp") else None
    except PackageNotFoundError:
        return None


async def download(order: Order, clock: Clock) -> Fetched:
    """Let yt-dlp fetch the media of a page. Nothing that goes wrong is raised: it is noted."""
    tool = downloader() or "yt-dlp"
    until = asyncio.get_running_loop().time() + order.seconds
    await asyncio.to_thread(_prepare, order)
    try:
        said = [await _run(order, command(order), until)]
        for number, found in await asyncio.to_thread(_with_subtitles, order):
            if not said[-1].limit:
                said.append(await _run(order, _again(order, number, found), until))
    except OSError as error:
        return Fetched(notes=(f"{tool} could not be started: {error.strerror or error}",))
    limit = said[-1].limit
    files = await asyncio.to_thread(_snapshots, order, clock, tool)
    return Fetched(files=files, limit=limit, notes=_notes(tool, files, limit, said))


async def _run(order: Order, words: Sequence[str], until: float) -> Said:
    """Run it until it ends, or a limit is reached: `until` is a time of the event loop. Raises OSError."""
    program = await asyncio.create_subprocess_exec(
        *words, env=_environment(order), cwd=order.folder / "files",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    listening = asyncio.create_task(_listen(program))
    try:
        limit = await _wait(program, order, until)
    finally:
        await _end(program)
        said = await listening
    return replace(said, limit=limit or ("media-bytes" if TOO_LARGE in said.text else ""))


def command(order: Order) -> list[str]:
    """The words of the command line. The host's name goes to the lane as it is: the guard resolves it."""
    kept = ("--write-info-json", "--no-write-playlist-metafiles", "--output", FOUND_AS)
    return [*_program(order), *kept, "--", order.url]


def _again(order: Order, number: int, found: Path) -> list[str]:
    """The words of the command line for the subtitles of a film: its number, and what was found of it."""
    place = ("--autonumber-start", str(number), "--load-info-json", str(found.absolute()))
    return [*_program(order), *SUBTITLES, *place]


def _program(order: Order) -> list[str]:
    proxy = order.proxy.replace("socks5://", "socks5h://", 1)
    size = str(max(order.bytes, 1))
    ours = ("--proxy", proxy, "--max-filesize", size)
    return [sys.executable, "-P", "-m", "yt_dlp", *OPTIONS, *ours]


def _with_subtitles(order: Order) -> list[tuple[int, Path]]:
    """The films of which it has found subtitles: their numbers, and the files that say so."""
    films = sorted((order.folder / "home").glob(f"*{FOUND}"))
    small = (path for path in films if path.stat().st_size <= LONGEST)
    return [(int(path.name.removesuffix(FOUND)), path) for path in small if _names_subtitles(path)]


def _names_subtitles(found: Path) -> bool:
    try:
        told = json.loads(found.read_bytes())
    except ValueError:
        return False
    return bool(isinstance(told, dict) and told.get("subtitles"))


def _prepare(order: Order) -> None:
    """Make the folders, and the file of authorities: those of certifi, and the user's in addition."""
    for name in ("files", "home"):
        (order.folder / name).mkdir(parents=True, exist_ok=True)
    trusted = Path(certifi.where()).read_bytes()
    if order.ca_file is not None:
        trusted += b"\n" + order.ca_file.read_bytes()
    (order.folder / "authorities.pem").write_bytes(trusted)


def _environment(order: Order) -> dict[str, str]:
    """No programs, no proxy of the environment, no home: and the modules that this process has."""
    home = str(order.folder / "home")
    return {
        "PATH": home,
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "XDG_CACHE_HOME": home,
        "TMPDIR": home,
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(os.path.abspath(place) for place in sys.path if place),
        "SSL_CERT_FILE": str(order.folder / "authorities.pem"),
    }


async def _listen(program: asyncio.subprocess.Process) -> Said:
    """What the program says, until it ends."""
    said, counted = b"", {LEFT_OUT: 0, NO_SUBTITLES: 0}
    while program.stdout is not None and (piece := await program.stdout.read(SAID)):
        for words in counted:
            counted[words] += (said[1 - len(words) :] + piece).count(words)
        said = (said + piece)[-SAID:]
    return Said(said.decode("utf-8", "replace"), counted[LEFT_OUT], counted[NO_SUBTITLES])


async def _wait(program: asyncio.subprocess.Process, order: Order, until: float) -> str:
    """Wait until it has ended, or a limit is reached; gives the limit."""
    loop = asyncio.get_running_loop()
    while program.returncode is None:
        if loop.time() >= until:
            return "media-seconds"
        with suppress(TimeoutError):
            await asyncio.wait_for(program.wait(), LOOK)
        if await asyncio.to_thread(_size, order.folder) > order.bytes:
            return "media-bytes"
    return ""


async def _end(program: asyncio.subprocess.Process) -> None:
    """End it and whatever it has started."""
    for ending in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(program.pid, ending)
        with suppress(TimeoutError):
            await asyncio.wait_for(program.wait(), ENDING)
            return


def _size(folder: Path) -> int:
    """The bytes of what has come by now, but for the file of authorities."""
    total = 0
    for path in (folder / "files").iterdir():
        with suppress(FileNotFoundError):
            total += path.lstat().st_size
    return total


def _finished(folder: Path) -> Iterator[Path]:
    """The files that are whole, in order."""
    for path in sorted((folder / "files").iterdir()):
        plain = path.is_file() and not path.is_symlink()
        if plain and not any(part in UNFINISHED for part in path.suffixes):
            yield path


def _snapshots(order: Order, clock: Clock, tool: str) -> tuple[Snapshot, ...]:
    found: list[Snapshot] = []
    room = order.bytes
    for path in _finished(order.folder):
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = path.stat().st_size
        room -= size
        if not size or room < 0:
            continue
        found.append(
            Snapshot(
                role="media",
                urn=f"urn:media:{len(found) + 1}:{order.url}",
                media_type=TYPES.get(path.suffix.lower(), "application/octet-stream"),
                body=Body(spool=str(path), size=size, digest=Digest("sha256", digest)),
                taken_at=clock.now(),
                made_by=tool,
            )
        )
    return tuple(found)


def _notes(
    tool: str, files: Sequence[Snapshot], limit: str, runs: Sequence[Said]
) -> tuple[str, ...]:
    lines = [line.strip() for said in runs for line in said.text.splitlines() if line.strip()]
    told = next((line for line in reversed(lines) if line.startswith("ERROR")), "")
    told = told.partition("; please report")[0]
    if limit:
        return (f"{tool} was stopped by the limit of {limit}; what was not whole is not kept",)
    notes = []
    if files and (pieces := sum(said.left_out for said in runs)):
        notes.append(f"{tool} could not get {pieces} pieces of a stream: a file of it has gaps")
    if tracks := sum(said.no_subtitles for said in runs):
        notes.append(f"{tool} could not get {tracks} tracks of subtitles")
    if told or not files:
        notes.append(f"{tool} gave {len(files)} files: {(told or 'it found nothing')[:300]}")
    return tuple(notes)
