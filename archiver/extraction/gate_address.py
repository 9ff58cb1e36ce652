"""The address that a host found in raw bytes stands in, and whether any reader could take it there."""

import re
from functools import lru_cache
from urllib.parse import unquote

from archiver.extraction.carriers import FRAMES, NEVER
from archiver.extraction.gate_places import field_before, tag_around
from archiver.extraction.page import known_address
from archiver.extraction.payload import ID_KEYS, STRONG_URLS, URL_KEYS

NEAR, BACK, ON = 200, 1500, 2500
"""Bytes before and behind a host in which its address ends; most are short."""
_END = re.compile(rb"[\s\"'<>`]")
_ENDS = bytes(32 if chr(n) in "\t\n\x0b\x0c\r \"'<>`" else n for n in range(256))
_ENTITY = re.compile(rb"&(?:quot|apos|lt|gt|nbsp|#0*3[49]|#0*6[02]|#x0*2[27]|#x0*3[ce]);?", re.I)
_ESCAPED = re.compile(r"\\+(?:u00|x)?(2f|26|3a|3f|3d|40|/)", re.I)
_PLAIN = {"2f": "/", "26": "&", "3a": ":", "3f": "?", "3d": "=", "40": "@", "/": "/"}
_OF_HOSTS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:@"
_ODD = re.compile(r"[\\%&)\],;|]")
_INSIDE = re.compile(rb"(?<!2)[\w-]\Z|(?<!%)2[\w-]\Z|(?<![%5])2[fF]\Z|%2[^fF]\Z")
_CUT = re.compile(r"[)\],;|]|\\+(?:u00(?:3[ce]|2[27]|0[ad])|x(?:3[ce]|2[27])|[nrt])", re.I)
"""Where an address ends though no space or quotation mark stands there."""


def address(data: bytes, end: int, length: int) -> int:
    """A host of a platform: whether its address leads to a post (1 in an ordinary link, else 2), or to a
    profile that is shown."""
    at = end - length
    if data[end : end + 1].isalnum():
        return 0  # the beginning of another host
    if length < 7 and _INSIDE.search(data[max(0, at - 3) : at]):
        return 0  # a part of another host or word
    return _matters(data, at)


def around(data: bytes, end: int, length: int) -> int:
    """The same of a host of which only a part was found."""
    return _matters(data, end - 1)


def _matters(data: bytes, at: int) -> int:
    left, quote = _left(data, at, NEAR)
    weight = max([_weight(left, right) for right in _rights(data, at, quote)])
    if weight == 0:
        return 0
    begin = at - len(left)
    return _read(data, at, begin) if weight > 1 else 2 * _shown(data, begin)


def _left(data: bytes, at: int, far: int) -> tuple[bytes, bytes]:
    """The part of an address before a place in it, and the sign before the address."""
    before = data[max(0, at - far) : at]
    begin = before.translate(_ENDS).rfind(b" ") + 1
    if begin == 0 and far < BACK and at > far:
        return _left(data, at, BACK)
    left = before[begin:]
    return (_ENTITY.split(left)[-1] if b"&" in left else left), before[begin - 1 : begin]


def _rights(data: bytes, at: int, quote: bytes) -> list[bytes]:
    """The rest of an address: up to a space or sign, and in quotes also up to the other quote."""
    end = _END.search(data, at, at + ON)
    stop = end.start() if end else at + ON
    rights = [data[at:stop]]
    if end and quote and quote in b"\"'" and end[0] != quote:
        rights.append(data[at : at + ON].partition(quote)[0])
    return [_ENTITY.split(right)[0] if b"&" in right else right for right in rights]


@lru_cache(maxsize=16_384)
def _weight(left: bytes, right: bytes) -> int:
    """What an address may be at most: 0 nothing, 1 a profile or widget, 2 a post or what leads to one."""
    weight = 0
    for text in _spellings(left.decode("utf-8", "replace"), right.decode("utf-8", "replace")):
        known = known_address(text)
        if known is not None and known.kind != "share":
            if known.kind in {"post", "short"}:
                return 2
            weight = 1
    return weight


def _spellings(left: str, right: str) -> set[str]:
    """The addresses that may be meant: with all before it, from its scheme, from its host, unescaped."""
    text = left + right
    if text.startswith(("http", "//")) and not _ODD.search(text) and "http" not in text[1:]:
        return {text}
    texts: set[str] = set()
    for _ in range(4):
        scheme = left.rfind("http")
        texts |= {left + right, "https://" + left[len(left.rstrip(_OF_HOSTS)) :] + right}
        if scheme >= 0:
            texts.add(left[scheme:] + right)
        plain = _unescaped(left), _unescaped(right)
        if plain == (left, right):
            break
        left, right = plain
    return texts | {_CUT.split(text)[0] for text in texts}


def _unescaped(text: str) -> str:
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: _PLAIN[found[1].lower()], text)
    return unquote(text) if "%" in text else text


_UNREAD = frozenset({b"img", b"link", b"input", b"use", b"image"})
_KEY = re.compile(r"(?:embed|tweet)_?(?:url)?$|^src$")
_URLS = frozenset(key.lower() for key in (*URL_KEYS, *ID_KEYS)) | STRONG_URLS | {"file"}


def _read(data: bytes, at: int, begin: int) -> int:
    """Where a reader looks at the address of a post: 0 nowhere (a picture), 1 in a link."""
    name, sign = field_before(data, begin)
    if sign == ":" and name != "?" and name not in _URLS and not name.endswith(("url", "embed")):
        return 0
    tag = tag_around(data, at)
    if tag is None:
        return 2
    if name == "href" and tag.name == b"a" and tag.plain:
        return 1
    return 2 * (
        tag.name not in _UNREAD or b"/vi" in data[at : at + 40]
    )  # a video's own thumbnail may stand for it


def _shown(data: bytes, at: int) -> bool:
    """Whether the address of a profile stands where a frame or a payload shows what it leads to."""
    name, sign = field_before(data, at)
    if not sign:
        return name == "?"
    if sign == ":":
        return name in STRONG_URLS or name == "?" or bool(_KEY.search(name))
    tag = tag_around(data, at)
    if tag is None or tag.name.decode() in FRAMES:
        return True
    if name in {"href", "content"}:
        return b"embedurl" in tag.text.lower()
    return tag.name.decode() not in NEVER
