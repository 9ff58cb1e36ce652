"""The name of a platform, found in raw bytes: whether it says that something beside it is a post's id.

Links inside an element are seen by themselves, so that a name matters only where it is a class, the name of
an element, a provider's name in an attribute or a type's in a payload, and an id stands beside it.
"""

import re
from functools import lru_cache

from archiver.extraction.gate_places import QUOTE, field_before, flattened, tag_around
from archiver.extraction.named import CONTAINERS, EMBED_NAMES, EMBEDS, HELD, NAMES, OF_WORD, SHARES
from archiver.extraction.payload import ID_KEYS, TYPE_KEYS
from archiver.extraction.plausible import BARE, TYPES, plausible

_TYPES = frozenset(key.lower() for key in TYPE_KEYS)
_HOLDERS = frozenset(name.encode() for name in (*HELD, "id"))
_KEYED = re.compile(
    rb"[\"';27](?:"
    + "|".join(sorted(ID_KEYS)).encode()
    + rb")"
    + QUOTE
    + rb"\s*:\s*"
    + QUOTE
    + rb"?\s*([\w/:.-]{5,60})"
)
_FIELD = re.compile(
    rb"(?<![\w-])([\w-]{2,40}+)"
    + QUOTE
    + rb"?\s*[:=]\s*"
    + QUOTE
    + rb"?\s*([^\s\"'<>\\&,}]{5,200})"
)
NEAR = 800
"""Bytes around a class in which its element's other attributes stand, where the tag cannot be seen."""
FAR = 16_384
"""Bytes around a type's name in which its object's other values stand."""


def named(data: bytes, end: int, length: int) -> int:
    """The name of a platform: 2 where an id stands beside it, -1 where a link inside an element may matter more."""
    at = end - length
    if data[end : end + 1] == b"." and data[at - 1 : at] in _OF_HOSTS:
        return 0  # a host
    if data[at - 7 : at] == b' name="' or data[at - 11 : at] == b' property="':
        return 0  # what most of them are in: attributes that say nothing of a post
    if _names_element(data, at):
        return 2
    begins = _values(data, at)
    platforms = _meant(data[at:end]) if begins else None
    weight = 0
    for begin in begins:
        if platforms and _tells(data, begin, end, platforms):
            return 2
        css = data[begin - 7 : begin - 1].lower() == b"class="
        if _wraps(data, begin) if css else _shows(data, begin):
            weight = -1
    return weight


_OF_HOSTS = frozenset({b"/", b".", b"@"})


def _wraps(data: bytes, begin: int) -> bool:
    """Whether a class is of an element that may stand for the post to which a link in it leads."""
    tag = tag_around(data, begin)
    if tag is None or tag.name == b"blockquote":
        return True
    css = data[begin : begin + 500].partition(data[begin - 1 : begin])[0].decode("utf-8", "replace")
    return tag.name.decode() in CONTAINERS and bool(EMBEDS.search(css)) and not SHARES.search(css)


def _shows(data: bytes, begin: int) -> bool:
    """Whether a value is of an attribute that says that an element shows an embed."""
    return b"embed" in data[begin - 28 : begin] and field_before(data, begin)[0] in EMBED_NAMES


@lru_cache(maxsize=1024)
def _meant(word: bytes) -> frozenset[str]:
    """The platforms that a word may mean, of those of which a token alone is believed."""
    plain = re.sub(r"[^a-z0-9]", "", word.decode("ascii", "replace").lower())
    return BARE & {TYPES.get(plain, ""), OF_WORD.get(plain, "")}


def short_name(data: bytes, end: int, length: int) -> int:
    """A name that is part of many words; a sign stands before it, and more behind it."""
    found = _SHORT.search(data, max(0, end - 12), end)
    return named(data, found.end(1), len(found[1])) if found else 0


def _values(data: bytes, at: int) -> list[int]:
    """Where the value that a word is part of may begin: behind the last quote, however it is written."""
    low = max(0, at - 300)
    quote = max(data.rfind(b'"', low, at), data.rfind(b"'", low, at))
    begins = [quote + 1] if quote >= 0 else []
    low = max(low, quote)
    sign = data.rfind(b"=", low, at)
    if sign >= 0 and not _BLANK.search(data, sign + 1, at):
        begins.append(sign + 1)
    last = data.rfind(b";", low, at)
    if last >= 0 and data.rfind(b"&", last - 7, last) >= 0:
        begins.append(last + 1)
    if data.rfind(b"\\", low, at) >= 0:
        begins += [found.end() for found in _QUOTED.finditer(data, low, at)][-1:]
    return begins


_BLANK = re.compile(rb"[\s>]")
_QUOTED = re.compile(rb"u002[27]|x2[27]")


def _names_element(data: bytes, at: int) -> bool:
    """Whether a word is part of a custom element's name, which goes on to a space or a slash."""
    begin = data.rfind(b"<", max(0, at - 60), at)
    begun = data[begin + 1 : at] if begin >= 0 else b" "
    if _NAME_ENDS.search(begun):
        before = data[max(0, at - 60) : at]
        found = _ESCAPED_TAG.search(before) if b"3" in before or b";" in before else None
        if found is None:
            return False
        begun = found[1]
    return b"-" in begun or b"-" in _REST.match(data, at)[0]  # type: ignore[index]


_NAME_ENDS = re.compile(rb"[\s/>]")
_REST = re.compile(rb"[^\s/>]*")
_ESCAPED_TAG = re.compile(rb"(?:u003c|x3c|%3c|&lt;|&#0*60;|&#x0*3c;)([^\s/<>]{0,40})\Z", re.I)


def _tells(data: bytes, begin: int, end: int, platforms: frozenset[str]) -> bool:
    """Whether the value that begins at a place is that of a field which names platforms, with an id beside it."""
    if data[begin : begin + 1] == b">" or b"<" in data[begin:end]:
        return False  # text behind a tag
    if data[begin - 7 : begin - 1] == b"class=":
        return _classed(data, begin, platforms)
    name, sign = field_before(data, begin)
    if name in _TYPES and sign == ":":
        block = begin // FAR  # the same piece for all names near: it is looked through once
        return _lists_id(data[max(0, (block - 1) * FAR) : (block + 2) * FAR], platforms)
    if name in {"class", "classname"} or (sign == "=" and (name in NAMES or name == "?")):
        tag = tag_around(data, begin) if data[begin - 1 : begin] in _PLAIN else None
        if tag is None or sign == ":" or data[begin - 2 : begin - 1] == b"\\":
            return _holds(data[max(0, begin - NEAR) : begin + NEAR], platforms)
        return _holds(tag.text, platforms)
    return name == "[" and bool(_ELEMENT.match(data, end)) and flattened(data, begin)


def _classed(data: bytes, begin: int, platforms: frozenset[str]) -> bool:
    """The same of a class in a plain tag."""
    tag = tag_around(data, begin)
    if tag is None or not tag.plain:
        return _holds(data[max(0, begin - NEAR) : begin + NEAR], platforms)
    return (tag.name.decode() in CONTAINERS or b"-" in tag.name) and _holds(tag.text, platforms)


_PLAIN = frozenset({b'"', b"'", b"="})
_SHORT = re.compile(
    rb"[^A-Za-z0-9](\w+?)(?:"
    + QUOTE
    + rb"?[\s,}\]>/&\\]|embed|post|block|component|element|card|video|node)\Z",
    re.I,
)
_ELEMENT = re.compile(rb"[\w -]{0,20}" + QUOTE + rb"\s*[,\]]")


@lru_cache(maxsize=16)
def _lists_id(text: bytes, platforms: frozenset[str]) -> bool:
    """Whether a payload's key of an id holds what may be one."""
    return any(_plausible(found[1], platforms) for found in _KEYED.finditer(text))


def _holds(text: bytes, platforms: frozenset[str]) -> bool:
    """Whether an attribute that may hold an id holds what may be one."""
    fields = _FIELD.findall(text)
    return any(_plausible(value, platforms) for name, value in fields if name.lower() in _HOLDERS)


def _plausible(value: bytes, platforms: frozenset[str]) -> bool:
    token = value.decode("utf-8", "replace")
    return any(plausible(platform, token) for platform in platforms)
