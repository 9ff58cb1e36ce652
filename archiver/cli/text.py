"""Text on a terminal: nothing that came from a page or a file name may steer it."""

import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from archiver.domain.sound import sound

STEERING = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
JOINERS = {"\u200c", "\u200d"}
"""Scripts and emoji need them, and they move nothing."""


def printable(text: str) -> str:
    """The text with control, direction and other invisible characters written out as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) not in STEERING or character in JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")


def as_json(value: object) -> str:
    """A value on one line of JSON. Bytes of a path that are no UTF-8, which JSON cannot hold, become U+FFFD."""
    return msgspec.json.encode(sound(msgspec.to_builtins(value))).decode()


def one_line(text: str) -> str:
    """The text on one line: white space drawn together, the rest made printable."""
    return printable(re.sub(r"\s+", " ", text).strip())


def shortened(text: str, width: int) -> str:
    """At most `width` characters on one line, with `…` where something was left out."""
    line = one_line(text)
    return line if len(line) <= width else line[: max(width - 1, 0)] + "…"


def table(rows: Sequence[tuple[str, ...]], *, indent: str = "") -> list[str]:
    """Rows in aligned columns, two spaces apart, nothing after the last column."""
    return list(long_table(lambda: rows, indent=indent))


def long_table(rows: Callable[[], Iterable[tuple[str, ...]]], *, indent: str = "") -> Iterator[str]:
    """As `table`, of rows that are not held: they are asked for twice, first for the widths."""
    widths: list[int] = []
    for row in rows():
        widths = [*map(max, widths or [0] * len(row), map(len, row))]
    for row in rows():
        yield indent + "  ".join(map(str.ljust, row, widths)).rstrip()


def wrapped(line: str, width: int) -> list[str]:
    """A line in lines of at most `width`; those that follow hang where its last column begins."""
    if len(line) <= width:
        return [line]
    hang = max((match.end() for match in re.finditer(r"^ +|  +", line[: width // 2])), default=2)
    rest = textwrap.wrap(line[hang:].strip(), width - hang, break_on_hyphens=False)
    return [line[:hang] + rest[0], *(" " * hang + part for part in rest[1:])]


def plural(number: int, one: str, many: str = "") -> str:
    """`1 post`, `2 posts`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def amount(size: int) -> str:
    """A number of bytes for people: `812 B`, `14.2 MB`."""
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} B"
