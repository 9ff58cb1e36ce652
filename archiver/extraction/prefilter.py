"""One pass over the bytes of a document that tells which readers have anything to look for in it.

Each mark is wider than what its reader takes, so that leaving a reader out loses nothing. Hyperscan
looks for all of them at once; where it is not installed, `re` looks for one after the other.
"""

import re
import threading
from collections.abc import Iterable
from typing import NamedTuple

from archiver.platforms import PLATFORMS

try:
    import hyperscan
except ImportError:  # no build of it for this machine
    hyperscan = None  # type: ignore[assignment]

SHORTCODES = (
    "embed|embedyt|tweet|twitter|instagram|facebook|tiktok|youtube|vimeo|reddit|soundcloud"
    "|spotify|dailymotion|telegram|bluesky|video|fve|ot-video"
)
"""The names of editors' shortcodes that hold a post."""

_MARKS = {
    "attribution": rb"\(@",
    "escaped": rb"&lt;(?:blockquote|iframe)",
    "shortcode": rb"\[(?:" + SHORTCODES.encode() + rb")",
    "block-comment": rb"<!-- wp:",
    "bare": rb"(?:^|[>\n\t\r]) *https?://[^\s<>\"]+\s*(?:[<\n\x0b\x0c\x1c-\x1e\x85\xe2&]|$)",
}

HINTS = (
    "embed", "witter", "nstagram", "weet", "outub", "outu.be", "ouTub", "acebook.com", "fb-", "iframe",
    "blockquote", "Embed", "iktok", "ikTok", "vimeo", "Vimeo", "VIMEO", "ailymotion", "t.me/",
    "x.com/", "bsky", "VK.W", "Rumble(", "witch.",
)  # fmt: skip
"""A script without any of these words holds no post."""

FLIGHT, PARSED = "__next_f", "JSON.parse("
"""How scripts call what React's flight payload and JSON in a string are read by."""

_WORDS = {*HINTS, FLIGHT, PARSED, *(call.word for p in PLATFORMS for call in p.calls)}
_MARKS |= {word: re.escape(word.encode()) for word in _WORDS}
_NAMES = tuple(_MARKS)
_COMPILED = {name: re.compile(pattern) for name, pattern in _MARKS.items()}

FORMATS = rb"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u|B|BIG|FONT|I)\s"
"""Where a formatting element with attributes begins; a parser makes each of them again and again."""
SHORT = 400
"""Characters of a script below which looking for one word after the other is quicker."""


class Marks(NamedTuple):
    """What a document holds: the names of marks, and how many formatting elements with attributes."""

    held: set[str]
    formats: int


def marks_by_re(data: bytes) -> Marks:
    """The marks that a document in UTF-8 holds, one search for each."""
    held = {name for name, pattern in _COMPILED.items() if pattern.search(data)}
    return Marks(held, len(_FORMATS.findall(data)))


_FORMATS = re.compile(FORMATS)


class _Scanner(threading.local):
    """A thread's own compiled patterns: two scans may not share one scratch space."""

    def __init__(self) -> None:
        once = hyperscan.HS_FLAG_SINGLEMATCH
        self.patterns = _database([*_MARKS.values(), FORMATS], [once] * len(_MARKS) + [0])
        self.hints = _database([re.escape(word.encode()) for word in HINTS], [once] * len(HINTS))


def _database(patterns: list[bytes], flags: list[int]) -> "hyperscan.Database":
    database = hyperscan.Database()
    database.compile(expressions=patterns, ids=list(range(len(patterns))), flags=flags)
    return database


_SCANNER = _Scanner() if hyperscan else None


def marks(data: bytes) -> Marks:
    """The marks that a document in UTF-8 holds; words are their own marks."""
    if _SCANNER is None:
        return marks_by_re(data)
    found: list[int] = []
    _SCANNER.patterns.scan(data, match_event_handler=lambda number, *_: found.append(number))
    formats = found.count(len(_NAMES))
    return Marks({_NAMES[number] for number in found if number < len(_NAMES)}, formats)


def hinted(text: str, hints: Iterable[str]) -> bool:
    """Whether a script holds any of the `HINTS`; `hints` are those that its document holds."""
    if _SCANNER is None or len(text) < SHORT:
        return any(hint in text for hint in hints)
    found: list[int] = []
    _SCANNER.hints.scan(
        text.encode("utf-8", "replace"), match_event_handler=lambda number, *_: found.append(number)
    )
    return bool(found)
