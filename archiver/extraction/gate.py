"""Whether a document can hold any embed at all, told from its bytes before anything is parsed.

Most pages hold none. Hyperscan looks in one pass for all that a reader could take: addresses at hosts of
platforms, the shapes of federated software, names of carriers, keys of ids, words of shortcodes, and
letters that are written so that none of these would be seen. What it finds is looked at where it stands
(`gate_checks`): a link to a profile, a share button, a setting are nothing. Each row is wider than what
its reader takes, and what is not understood is let through, so that a document that is left out holds nothing.
"""

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from msgspec import Struct

from archiver.extraction import gate_checks as checks
from archiver.extraction.carriers import NUMBERED
from archiver.extraction.flight import chunks, pushes
from archiver.extraction.gate_address import address, around
from archiver.extraction.gate_names import named, short_name
from archiver.extraction.gate_places import QUOTE
from archiver.extraction.gate_spellings import DECIMAL, HEXED, packed, plain_letters
from archiver.extraction.marks import BY_ATTRIBUTE, BY_CLASS, BY_TAG
from archiver.extraction.named import WORDS
from archiver.extraction.own import NAMES
from archiver.extraction.plausible import BARE, STRONG_IDS, TYPES
from archiver.extraction.prefilter import (
    FLIGHT,
    PACKED,
    PATTERNS,
    SHORTCODE,
    SPACED,
    TEMPLATED,
    Marks,
    marks_among,
)
from archiver.extraction.scanner import CASELESS, ONCE, Find, Scanner
from archiver.platforms import PLATFORMS
from archiver.platforms.engine.helpers import HOSTS as HELPERS

Check = Callable[[bytes, int, int], int]
"""How much a find matters: 2, or 1 in an ordinary link, -1 where a link in the same element may be more
than a link, else 0. Asked with the document, where the find ends, and the length of what was looked for."""


class Row(NamedTuple):
    """One thing to look for: a pattern, what to ask when it is found (`None`: it always matters), the
    length of the pattern's own word, and whether its case matters."""

    pattern: str
    check: Check | None = None
    length: int = 0
    case: bool = False


_SLASHES = ("/", r"\\/", "u002f", "x2f", "%2f", "%252f", "&#47;", "&#x2f;", "&sol;")
"""How a slash is written; one address has one spelling of all of its slashes."""
_OPEN = ("<", "u003c", "x3c", "&lt;", "&#60;", "&#x3c;", "%3c")
_OWN = frozenset({"iframe", "script", "blockquote", "template", "textarea", "a"})
"""Elements that say nothing by being there."""


def _hosts() -> Iterator[Row]:
    for host in sorted(
        {*HELPERS, *(host for p in PLATFORMS for host in (*p.hosts, *p.short_hosts))}
    ):
        yield Row(re.escape(host), address, len(host))


def _shapes() -> Iterator[Row]:
    """Hosts of federated software and of mirrors, and the paths that are known on any host."""
    for platform in PLATFORMS:
        for shape in platform.host_shapes:
            if shape.endswith(r"\..+"):
                begin = shape.removesuffix(".+").replace(".+", r"[\w.-]+")
                yield Row(rf"(?:/|u002f|x2f|2f|47;|sol;|@)(?:www\.)?{begin}[a-z]", around)
            else:
                yield Row(rf"{shape.removeprefix('.+')}(?:[^a-z0-9.-]|$)", around)
        for form in platform.forms:
            if form.any_host:
                yield from (Row(_path(form.path, slash), around) for slash in _SLASHES)
    yield Row(r"\.translate\.goog")


def _path(pattern: str, slash: str) -> str:
    """The pattern of a path in which slashes are spelled in one way; the last slash is left to chance."""
    plain = re.sub(r"\(\?P<\w+>", "(?:", pattern).removesuffix("(?:/embed)?")
    return plain.replace("/", slash).replace("@", "(?:@|%40)")


def _carriers() -> Iterator[Row]:
    """What the selectors of the tables take: classes as they are written, names of attributes and elements."""
    rows = list(chain(*BY_CLASS.values(), *BY_ATTRIBUTE.values(), *BY_TAG.values()))
    for word in sorted({row.css for row in rows if row.css}):
        yield Row(re.escape(word), checks.class_word, len(word), True)
    for name in sorted({row.attribute for row in rows if row.attribute and not row.css}):
        yield Row(re.escape(name), checks.attribute, len(name))
    for tag in sorted(
        {row.tag for row in rows if row.tag and not (row.css or row.attribute)} - _OWN
    ):
        yield from (Row(re.escape(opened + tag), checks.whole_word, len(tag)) for opened in _OPEN)


def _names() -> Iterator[Row]:
    """Names of platforms, and the keys of their ids."""
    types = {word for word, platform in TYPES.items() if platform in BARE}
    for word in sorted({word for word in types if len(word) > 4} | set(WORDS)):
        yield Row(re.escape(word), named, len(word))
    for word in SPACED:
        yield Row(word.replace(" ", "[^a-z0-9]{1,3}"), named, len(word))
    for word in sorted(word for word in types if len(word) <= 4 and word not in WORDS):
        yield Row(rf"[^a-z0-9]{word}{_AFTER}|={word}[\s>]", short_name, 0)
    for key in sorted({key.lower() for key in STRONG_IDS}):
        yield Row(re.escape(key), checks.keyed, len(key))


_AFTER = rf"(?:{QUOTE.decode()}[\s,}}\]>/&\\]|embed|post|block|component|element|card|video|node)"


def _rest() -> Iterator[Row]:
    for word in sorted({call.word for p in PLATFORMS for call in p.calls}):
        yield Row(re.escape(word), checks.called, len(word), True)
    yield Row(r"(?:ytimg|(?:img|i\d?)\.youtube)\.com", checks.thumbnail)
    yield Row(r"\(@", checks.attributed)
    yield Row(rf"{SHORTCODE}[\s\]=]", checks.shortcode, 0, True)
    yield Row(rf"(?:{NUMBERED})(?:=|%3D)\d{{4}}")
    yield Row(rf"{TEMPLATED}[\s.]", checks.shortcode, 0, True)
    yield Row(PACKED.decode(), packed, 0, True)


def _letters() -> Iterator[Row]:
    """Letters, digits, dots and hyphens in a spelling in which no word would be seen."""
    yield Row(rf"&#0{{0,2}}{DECIMAL.decode()}(?:;|[^0-9]|$)")
    yield Row(rf"&#x0{{0,2}}{HEXED.decode()}(?:;|[^0-9a-f]|$)")
    for nested in ("amp;lt;", "amp;quot;", "amp;#"):
        yield Row(nested)
    for code in b"-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz":
        for form in (
            "%{:02x}",
            "%25{:02x}",
            "\\x{:02x}",
            "\\u00{:02x}",
            "\\u{{{:x}",
            "\\u{{00{:x}",
        ):
            yield Row(re.escape(form.format(code)))


MOST = 600
"""Finds of one document that are looked at; one with more is read."""
LIMIT = 50_000
"""Finds of any kind in one document; one with more is read."""
AHEAD = 200
"""Scripts without text, or in comments, among which the next one with text is looked for."""
_TELLING = (*_carriers(), *_rest(), *_hosts(), *_shapes(), *_names())
"""What says most stands first, for it is looked at first."""
_ROWS = (*_TELLING, *_letters())
_TOLD = len(_TELLING)
_NUMBER = itemgetter(1)
_FLIGHT, _SCRIPT, _NAMED = range(len(_ROWS), len(_ROWS) + 3)
_MARKS = _NAMED + len(NAMES)

_SCANNER = Scanner(
    [
        *((row.pattern.encode(), 0 if row.case else CASELESS) for row in _ROWS),
        (FLIGHT.encode(), ONCE),
        (rb"<script[^>]*>", CASELESS),
        *((name, 0) for name in NAMES),
        *PATTERNS,
    ]
)


class Seen(Struct):
    """What one pass saw.

    `reach` says what has to be read: nothing (0), ordinary links (1), everything (2). `links` are the places
    of the tags of such links; `wrapped` says that a link may stand in an element that makes it more than a link.
    `marks` is what the prefilter would say, and `finds` all that was found, where that is known; `own` is where
    the words end by which a page tells its own address.
    """

    reach: int = 0
    wrapped: bool = False
    links: set[int] = set()
    marks: Marks | None = None
    finds: Sequence[Find] = ()
    own: Sequence[int] | None = None


def may_hold(data: bytes) -> bool:
    """Whether a document or script in UTF-8 can hold an embed, a link to a post or a widget."""
    return look_over(data).reach > 0


def look_over(data: bytes) -> Seen:
    """What has to be read of a document or script in UTF-8."""
    finds = _SCANNER.finds(data, LIMIT)
    if finds is None:
        return Seen(reach=2)
    seen = _judged(data, finds)
    if seen.reach:
        seen.finds = finds
        seen.marks = marks_among([number - _MARKS for _, number in finds if number >= _MARKS])
        seen.own = [end for end, number in finds if _NAMED <= number < _MARKS]
    return seen


class Scripts:
    """The scripts of a document that was looked over, asked about in the order in which they stand."""

    def __init__(self, data: bytes, finds: Sequence[Find]) -> None:
        self._data, self._finds, self._next = data, finds, 0
        self._begins = [end for end, number in finds if number == _SCRIPT]
        self._long_ends = b"\r" in data

    def may_hold(self, text: bytes) -> bool:
        """Whether a script in UTF-8 can hold anything, told by what was found where it stands."""
        begin = self._begin(text)
        if begin is None and self._long_ends:  # which the parser has shortened
            text = text.replace(b"\n", b"\r\n")
            begin = self._begin(text)
        if begin is None:
            return may_hold(text)
        size = len(text)
        first = bisect(self._finds, (begin, _MARKS))
        last = bisect(self._finds, (begin + size + 1, _MARKS))
        inside = [
            (min(end - begin, size), number)
            for end, number in self._finds[first:last]
            if number < _FLIGHT
        ]
        return bool(inside) and _judged(text, inside).reach > 0

    def _begin(self, text: bytes) -> int | None:
        """Where a script begins; None where its text does not stand in the document as it is."""
        for place in range(self._next, min(self._next + AHEAD, len(self._begins))):
            begin = self._begins[place]
            end = begin + len(text)
            if self._data.startswith(text, begin) and self._data.startswith(b"</", end):
                self._next = place + 1
                return begin
        return None


def _judged(data: bytes, finds: Sequence[Find]) -> Seen:
    """What is to be read of a document in which something was found."""
    seen = _asked(data, finds)
    if seen.reach < 2 and any(number == _FLIGHT for _, number in finds) and _flies(data):
        seen.reach = 2
    if seen.reach < 2:
        hidden = [end for end, number in finds if _TOLD <= number < _FLIGHT]
        if any(_scanned(plain).reach for plain in plain_letters(data, hidden)):
            seen.reach = 2
    if seen.reach == 1 and seen.wrapped:
        seen.reach = 2
    return seen


def _flies(data: bytes) -> bool:
    """Whether a flight payload holds anything once its chunks are joined, or cannot be read here."""
    values = list(pushes(data.decode("utf-8", "replace")))
    payload = "".join(chunks(values)).encode("utf-8", "replace")
    elements = payload.replace(b'":', b'"=')  # a property of an element, whatever its name is
    return None in values or any(_scanned(text).reach for text in (payload, elements))


def _scanned(data: bytes) -> Seen:
    finds = _SCANNER.finds(data, LIMIT)
    return Seen(reach=2) if finds is None else _asked(data, finds)


def _asked(data: bytes, finds: Sequence[Find]) -> Seen:
    """What the finds say where they stand; the first that asks for everything is the last that is asked."""
    telling = [find for find in finds if find[1] < _TOLD]
    if len(telling) > MOST:
        return Seen(reach=2)
    telling.sort(key=_NUMBER)
    seen = Seen()
    for end, number in telling:
        row = _ROWS[number]
        matters = 2 if row.check is None else row.check(data, end, row.length)
        if matters is True or matters == 2:
            return Seen(reach=2)
        if matters == 1:
            seen.links.add(data.rfind(b"<", 0, end))
            seen.reach = 1
        elif matters < 0:
            seen.wrapped = True
    return seen
