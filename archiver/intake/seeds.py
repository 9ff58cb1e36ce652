"""What the user named: arguments, lists and standard input, read into seeds; bad lines are named."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from archiver.domain.seed import BadSeed, Seed
from archiver.intake.kinds import BY_SUFFIX
from archiver.net.target import NoTarget, read_target

MOST_STDIN = 256 * 1024 * 1024
LONGEST_LINE = 65536
COMMENT = re.compile(r"\s#.*")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?![\\/]?\d+$)", re.IGNORECASE)
LIKE_A_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?(/.*)?")

Line = Seed | BadSeed


def read_seeds(
    arguments: Sequence[str], lists: Sequence[Path] = (), stdin: BinaryIO | None = None
) -> tuple[tuple[Seed, ...], tuple[BadSeed, ...]]:
    """Seeds in the order named, each thing once, and what cannot be one with the reason.

    An argument is a URL, a path or `-` (one document on standard input). A list holds one URL or path
    a line; blank lines and lines beginning with `#` are skipped, ` #` begins a comment. A list named
    `-` is read from standard input. A path in a list is looked for beside the list first.
    """
    lines = [*_arguments(arguments, stdin)]
    for path in lists:
        lines.extend(_listed(path, stdin))
    seeds: dict[str, Seed] = {}
    for line in lines:
        if isinstance(line, Seed):
            seeds.setdefault(_identity(line), line)
    return tuple(seeds.values()), tuple(line for line in lines if isinstance(line, BadSeed))


def _arguments(arguments: Sequence[str], stdin: BinaryIO | None) -> Iterator[Line]:
    for number, source in enumerate(arguments, 1):
        origin = f"argument {number}"
        if source == "-":
            yield _from_stdin(origin, stdin)
            stdin = None
        else:
            yield seed_of(source, origin)


def _from_stdin(origin: str, stdin: BinaryIO | None) -> Line:
    if stdin is None:
        return BadSeed(source="-", origin=origin, reason="standard input was already read")
    content = stdin.read(MOST_STDIN + 1)
    if not content.strip():
        return BadSeed(source="-", origin=origin, reason="there is nothing on standard input")
    if len(content) > MOST_STDIN:
        reason = f"more than {MOST_STDIN >> 20} MB on standard input; name a file instead"
        return BadSeed(source="-", origin=origin, reason=reason)
    return Seed(source="-", origin=origin, content=content)


def _listed(path: Path, stdin: BinaryIO | None) -> Iterator[Line]:
    name = str(path)
    try:
        if name == "-":
            yield from _lines("standard input", Path(), stdin or _nothing())
            return
        with path.open("rb") as file:
            if b"\x00" in file.peek(4096):
                yield BadSeed(source=name, origin="--seeds", reason="this is not a list of seeds")
                return
            yield from _lines(name, path.parent, file)
    except OSError as error:
        reason = f"this list cannot be read: {error.strerror or error}"
        yield BadSeed(source=name, origin="--seeds", reason=reason)


def _nothing() -> BinaryIO:
    raise OSError("there is no standard input")


def _lines(name: str, folder: Path, file: BinaryIO) -> Iterator[Line]:
    for number, raw in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), b""), 1):
        origin = f"{name}:{number}"
        shown = raw[:80].decode("utf-8", "replace").strip()
        if b"\x00" in raw or len(raw) > LONGEST_LINE:
            yield BadSeed(source=shown, origin=origin, reason="this is not a list of seeds")
            return
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            yield BadSeed(source=shown, origin=origin, reason="this line is not UTF-8")
            continue
        line = COMMENT.sub("", text).strip()
        if line and not line.startswith("#"):
            yield seed_of(line, origin, folder)


def seed_of(source: str, origin: str, folder: Path | None = None) -> Line:
    """One URL or path as a seed, or why it is none."""
    if source.lower().startswith(("http://", "https://")):
        try:
            read_target(source)
        except NoTarget as error:
            return BadSeed(source=source, origin=origin, reason=error.message)
        return Seed(source=source, origin=origin)
    for place in ([folder / source] if folder else []) + [Path(source)]:
        if _exists(place):
            return Seed(source=str(place), origin=origin)
    return BadSeed(source=source, origin=origin, reason=_why_not(source))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _why_not(source: str) -> str:
    if SCHEME.match(source):
        return "only http and https addresses, and files, can be read"
    like_a_file = "/" not in source and Path(source).suffix.lower() in BY_SUFFIX
    if LIKE_A_HOST.fullmatch(source) and not like_a_file or source.lower().startswith("www."):
        return "no such file; if it is an address, write https:// before it"
    return "no such file"


def _identity(seed: Seed) -> str:
    if seed.is_url:
        return read_target(seed.source).url
    return "-" if seed.source == "-" else str(Path(seed.source).resolve())
