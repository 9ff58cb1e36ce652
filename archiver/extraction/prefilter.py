"""One pass over the bytes of a document that tells which readers have anything to look for in it.

Each mark is wider than what its reader takes, so that leaving a reader out loses nothing. Hyperscan
looks for all of them at once; where it is not installed, `re` looks for the few that pay one after the other,
and every script is read.
"""

import re
import threading
from collections.abc import Iterable
from typing import NamedTuple

from archiver.extraction.plausible import BARE, STRONG_IDS, TYPES
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
"""Words beside which posts stand in scripts, whatever else tells of them."""

_HOSTS = sorted({host for p in PLATFORMS for host in (*p.hosts, *p.short_hosts) if "." in host})
_TYPES = sorted(word for word, platform in TYPES.items() if platform in BARE)
_KEYS = sorted(key for key, platform in STRONG_IDS.items() if platform in BARE)
_COMMON = frozenset(
    {"iframe", "a", "div", "script", "blockquote", "data-type", "data-service", "data-do"}
)
_CARRIERS = sorted(
    {name for p in PLATFORMS for m in p.markups for name in re.findall(r"[\w:-]{4,}", m.selector)}
    - _COMMON
)
_SPACED = (
    "tik tok", "you tube", "face book", "insta gram", "sound cloud", "daily motion", "blue sky", "linked in",
    "tele gram", "truth social", "twitter x",
)  # fmt: skip
"""Names of types as they are also written."""
_EDGE = "(?:[^a-z0-9-]|2f)"
"""What stands before a short host, which is part of many words."""
_AFTER = "(?:[\"'\\\\]|embed|post|block|component|element|card|video|node)"
_PATTERNS = [
    *(re.escape(host) if len(host) > 6 else _EDGE + re.escape(host) for host in _HOSTS),
    *(word for word in _TYPES if len(word) > 4),
    *(word.replace(" ", "[^a-z0-9]{1,3}") for word in _SPACED),
    *(f"[\"'/.:]{word}{_AFTER}" for word in _TYPES if len(word) <= 4),
    *map(re.escape, _KEYS),
    *map(re.escape, _CARRIERS),
    r"[/\\]@",
    r"[/\\](?:[wpi]|status|statuses|notes|comments?|posts?)[/\\]",
    r"videos[/\\]+(?:watch|embed)",
]
"""A script without any of these, and without any of the `HINTS`, holds no post.

They name a platform, without regard to case: a host, a type's name, the key of an id, a carrier. The
last rows are the paths of federated software, which runs on any host.
"""
_PACKED = rb"(?:^|[^A-Za-z0-9+/_-])(?:P|Cj|Cg|ID|JTND|ICAg|DQo|ey|W3)[A-Za-z0-9+/_-]{38}"
"""Markup or JSON in base 64, in which nothing else can be seen."""

FLIGHT, PARSED = "__next_f", "JSON.parse("
"""How scripts call what React's flight payload and JSON in a string are read by."""

_WORDS = {*HINTS, FLIGHT, PARSED, *(call.word for p in PLATFORMS for call in p.calls)}
_MARKS |= {word: re.escape(word.encode()) for word in _WORDS}
_NAMES = tuple(_MARKS)
_COMPILED = {name: re.compile(pattern) for name, pattern in _MARKS.items()}

EVERYTHING = set(_NAMES)
"""The marks of a document of which nothing is ruled out."""
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
        marks = [(number, mark, once) for number, mark in enumerate(_MARKS.values())]
        self.patterns = _database([*marks, (len(_MARKS), FORMATS, 0)])
        words = [(0, re.escape(word.encode()), once) for word in HINTS]
        caseless = once | hyperscan.HS_FLAG_CASELESS
        named = [(0, pattern.encode(), caseless) for pattern in _PATTERNS]
        self.hints = _database([*words, *named, (0, _PACKED, once)])


def _database(rows: list[tuple[int, bytes, int]]) -> "hyperscan.Database":
    numbers, patterns, flags = zip(*rows, strict=True)
    database = hyperscan.Database()
    database.compile(expressions=patterns, ids=numbers, flags=flags)
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
    """Whether a script holds any of the `HINTS` or names a platform; `hints` are those that its document holds."""
    if _SCANNER is None:
        return True
    if len(text) < SHORT and any(hint in text for hint in hints):
        return True
    found: list[int] = []
    _SCANNER.hints.scan(
        text.encode("utf-8", "replace"), match_event_handler=lambda number, *_: found.append(number)
    )
    return bool(found)
