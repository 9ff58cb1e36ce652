"""One pass over the bytes of a document that tells which readers have anything to look for in it.

Each mark is wider than what its reader takes, so that leaving a reader out loses nothing. Hyperscan
looks for all of them at once; where it is not installed, `re` looks for one after the other.
"""

import re
import threading

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


def marks_by_re(data: bytes) -> set[str]:
    """The marks that a document in UTF-8 holds, one search for each."""
    return {name for name, pattern in _COMPILED.items() if pattern.search(data)}


class _Scanner(threading.local):
    """A thread's own compiled patterns: two scans may not share one scratch space."""

    def __init__(self) -> None:
        flags = hyperscan.HS_FLAG_SINGLEMATCH
        self.patterns = hyperscan.Database()
        self.patterns.compile(
            expressions=list(_MARKS.values()),
            ids=list(range(len(_MARKS))),
            flags=[flags] * len(_MARKS),
        )


_SCANNER = _Scanner() if hyperscan else None


def marks(data: bytes) -> set[str]:
    """The marks that a document in UTF-8 holds; words are their own marks."""
    if _SCANNER is None:
        return marks_by_re(data)
    found: set[str] = set()

    def note(number: int, *_: object) -> None:
        found.add(_NAMES[number])

    _SCANNER.patterns.scan(data, match_event_handler=note)
    return found
