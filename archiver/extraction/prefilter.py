"""One pass over the bytes of a document that tells which readers have anything to look for in it.

Each mark is wider than what its reader takes, so that leaving a reader out loses nothing. Hyperscan
looks for all of them at once; where it is not installed, `re` looks for one after the other. Whether
anything has to be read at all is asked of the `gate` before.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from archiver.extraction.scanner import ONCE, Scanner
from archiver.platforms import PLATFORMS

SHORTCODES = (
    "embed|embedyt|tweet|twitter|instagram|facebook|tiktok|youtube|vimeo|reddit|soundcloud"
    "|spotify|dailymotion|telegram|bluesky|video|fve|vine|blackbirdpie|media|MEDIA"
)
"""The names of editors' shortcodes that hold a post."""
_OWNER = "(?:[a-z]{2,12}[_-]){0,2}"
SHORTCODE = rf"\[{_OWNER}(?:{SHORTCODES})"
"""How a shortcode begins; what made it may stand before its name (`su_youtube`)."""
TEMPLATED = rf"\{{(?:%|\{{\s?(?:<|&lt;|%))-?\s{{0,3}}(?:include\s)?{_OWNER}(?:{SHORTCODES}|x)"
"""The same in templates of static sites: `{{< tweet … >}}`, `{% youtube … %}`."""

_MARKS = {
    "attribution": rb"\(@",
    "escaped": rb"&lt;(?:blockquote|iframe)",
    "shortcode": f"{SHORTCODE}|{TEMPLATED}".encode(),
    "block-comment": rb"<!-- wp:",
    "thumbnail": rb"ytimg\.com/vi|img\.youtube\.com/vi",
    "bare": rb"(?:^|[>\n\t\r]) *https?://[^\s<>\"]+\s*(?:[<\n\x0b\x0c\x1c-\x1e\x85\xe2&]|$)",
}

SPACED = (
    "tik tok", "you tube", "face book", "insta gram", "sound cloud", "daily motion", "blue sky", "linked in",
    "tele gram", "truth social", "twitter x",
)  # fmt: skip
"""Names of types as they are also written."""
PACKED = rb"(?:^|[^A-Za-z0-9+/_-])(?:P[C-H]|Cj|Cg|ID|JTND|ICAg|DQo|ey|W3)[A-Za-z0-9+/_-]{37}"
"""Markup or JSON in base 64, in which nothing else can be seen."""

FLIGHT, PARSED = "__next_f", "JSON.parse("
"""How scripts call what React's flight payload and JSON in a string are read by."""

_WORDS = {FLIGHT, PARSED, *(call.word for p in PLATFORMS for call in p.calls)}
_MARKS |= {word: re.escape(word.encode()) for word in _WORDS}
_NAMES = tuple(_MARKS)
_COMPILED = {name: re.compile(pattern) for name, pattern in _MARKS.items()}

EVERYTHING = set(_NAMES)
"""The marks of a document of which nothing is ruled out."""
FORMATS = (
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u", "B", "BIG", "FONT", "I",
)  # fmt: skip
"""Formatting elements, as they are written; with attributes, a parser makes each of them again and again."""


class Marks(NamedTuple):
    """What a document holds: the names of marks, and how many formatting elements with attributes."""

    held: set[str]
    formats: int


def marks_by_re(data: bytes) -> Marks:
    """The marks that a document in UTF-8 holds, one search for each."""
    held = {name for name, pattern in _COMPILED.items() if pattern.search(data)}
    return Marks(held, len(_FORMATS.findall(data)))


_FORMATS = re.compile(rf"<(?:{'|'.join(FORMATS)})\s".encode())
_BLANKS = rb"\x20", rb"\t", rb"\n", rb"\x0b", rb"\x0c", rb"\r"
PATTERNS = (
    *((mark, ONCE) for mark in _MARKS.values()),
    *((b"<" + name.encode() + blank, 0) for name in FORMATS for blank in _BLANKS),
)
"""What is looked for, with its flags: the marks, then formatting elements, letter by letter, which is quicker."""
MOST = 100_000
"""Finds of one document; one with more is searched by `re`, as all are without Hyperscan."""

_SCANNER = Scanner(PATTERNS)


def marks(data: bytes) -> Marks:
    """The marks that a document in UTF-8 holds; words are their own marks."""
    finds = _SCANNER.finds(data, MOST)
    return marks_by_re(data) if finds is None else marks_among(number for _, number in finds)


def marks_among(numbers: Iterable[int]) -> Marks:
    """The marks that some finds mean, given by the places of their patterns."""
    names: set[str] = set()
    formats = 0
    for number in numbers:
        if number < len(_NAMES):
            names.add(_NAMES[number])
        else:
            formats += 1
    return Marks(names, formats)
