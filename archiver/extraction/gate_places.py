"""Where in a page a place of its raw bytes is: in which tag, behind which attribute's or key's name."""

import re
from typing import NamedTuple

QUOTE = rb"(?:\\*(?:[\"']|&(?:quot|apos|#0*3[49]|#x0*2[27]);?|u002[27]|x2[27]|%2[27]))"
"""A quotation mark, however it is escaped."""
FAR = 2000
"""Bytes before a place in which its tag begins."""
_STARTS = (b"\\u003c", b"\\u003C", b"&lt;", b"%3C", b"%3c", b"\\x3c", b"\\x3C")
_NAME = re.compile(rb"[A-Za-z][\w:-]*")
_OF_NAMES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:-@$"
_ENTITIES = re.compile(rb"&(?:quot|apos|#0*3[49]|#x0*2[27]);?|\\+u002[27]|\\+x2[27]", re.I)
_COMPARED = frozenset({b"=", b"!", b"*", b"^", b"$", b"~", b"|"})
_BLANK = b" \t\r\n\\"


class Tag(NamedTuple):
    """The tag that a place is in: the element's name in lower case, its text up to `>`, and whether it is
    written plainly, not in escapes."""

    name: bytes
    text: bytes
    plain: bool


def tag_around(data: bytes, at: int) -> Tag | None:
    """The tag, plain or escaped, that a place is in; None where none begins before it, or it has ended."""
    low = max(0, at - FAR)
    begin = data.rfind(b"<", low, at)
    if begin < 0 or data.find(b">", begin, at) >= 0:
        window = data[max(low, begin + 1) : at]
        place, start = max((window.rfind(start), start) for start in _STARTS)
        if place < 0:
            return None
        begin, size = max(low, begin + 1) + place, len(start)
    else:
        size = 1
    name = _NAME.match(data, begin + size)
    if name is None:
        return None
    end = data.find(b">", at, at + FAR)
    return Tag(name[0].lower(), data[name.end() : end if end >= 0 else at + FAR], size == 1)


def field_before(data: bytes, at: int) -> tuple[str, str]:
    """The name whose value begins at a place, and the sign between them (`=` of an attribute, `:` of a key).

    Without a name: `[` where the place is an element of a list, nothing where it is plain text or compared
    with, and `?` where it cannot be told.
    """
    before = data[max(0, at - 80) : at]
    if before[-2:] == b'="':  # most attributes
        lead = before[:-2].rstrip(_OF_NAMES)
        if len(lead) < len(before) - 2 and lead.endswith((b" ", b"\n")):
            return before[len(lead) : -2].decode("ascii").lower(), "="
    if before[-1:] in b" \t\r\n>":
        return "", ""
    if b";" in before or b"\\" in before:
        before = _ENTITIES.sub(b'"', before)
    bare = before.rstrip(_BLANK)
    inner = bare[:-1].rstrip(_BLANK) if bare[-1:] in b"\"'`" else bare
    sign = inner[-1:]
    if sign in {b"[", b","}:
        return ("[" if inner is not bare else "?"), ""
    if sign not in {b":", b"="}:
        return "?", ""
    left = inner[:-1].rstrip(_BLANK)
    if left[-1:] in _COMPARED:
        return "", ""
    left = left[:-1].rstrip(b"\\") if left[-1:] in b"\"'" else left
    lead = left.rstrip(_OF_NAMES)
    name = left[len(lead) :] if lead[-1:] != b"=" else b""  # a value within a value: garbled markup
    return (name.decode("ascii").lower() or "?"), sign.decode()


def flattened(data: bytes, at: int) -> bool:
    """Whether an element of a list is one of a flattened payload, in which objects name their values by index."""
    begin = max(data.rfind(b"script", 0, at), 0)
    first = data.find(b"{", begin, at)
    objects = (
        re.findall(rb"\{([^{}]*)\}", data[first : min(first + 3000, at)])[:4]
        if first >= 0
        else [b"?"]
    )
    return all(_NUMBERS.fullmatch(held) for held in objects)


_NUMBERS = re.compile(
    rb"(?:\s*" + QUOTE + rb"[^\"'&\\]{1,60}" + QUOTE + rb":\s*-?\d{1,9}\s*,?)*\s*"
)
