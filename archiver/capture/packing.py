"""DevTools messages in the browser's own binary form, which spares both sides JSON and base64.

It is CBOR with rules of its own: each map and list lies in an envelope (tag 24 and its length in four
bytes), which is how a message's end is found; bytes are tagged 22; and a byte string without a tag is text
in UTF-16. Numbers beyond 32 bits are floats; here a float that is whole is an int, as it is in JSON.
"""

import struct
from functools import lru_cache
from typing import Any

import cbor2

Fields = dict[str, Any]

HEADER = 7
"""Bytes of an envelope before what it holds; the last four are the length of that."""
ENVELOPE = b"\xd8\x18\x5a"
BINARY = b"\xd6"
ENVELOPED = 24
MAP, LIST, END = b"\xbf", b"\x9f", b"\xff"
INT32 = 1 << 31
LONG = 32 << 10
"""Bytes from which a text stays where it is in `unpacked_long`."""
SHORT = 64
"""Characters below which a text may well be said again: a name, a session."""
SIMPLE = {0xF4: False, 0xF5: True, 0xF6: None}


def packed(value: object) -> bytes:
    """A message, or a part of one."""
    if isinstance(value, dict):
        parts = (_text(key) + packed(part) for key, part in value.items())
        return _enveloped(MAP + b"".join(parts) + END)
    if isinstance(value, list | tuple):
        return _enveloped(LIST + b"".join(map(packed, value)) + END)
    if isinstance(value, str):
        return _text(value) if len(value) < SHORT else cbor2.dumps(value)
    if isinstance(value, int) and not -INT32 <= value < INT32:
        value = float(value)
    return (BINARY if isinstance(value, bytes) else b"") + cbor2.dumps(value)


@lru_cache(1024)
def _text(text: str) -> bytes:
    return bytes(cbor2.dumps(text))


def _enveloped(content: bytes) -> bytes:
    return ENVELOPE + struct.pack(">I", len(content)) + content


def unpacked(content: bytes) -> Fields:
    """The message that an envelope holds. Half a surrogate pair in a text, which a page may send and which is no
    good Unicode, becomes U+FFFD. Raises ValueError."""
    try:
        found: Fields = _plain(cbor2.loads(content, str_errors="replace"))
    except cbor2.CBORDecodeError as error:
        raise ValueError("a message that ends before its end, or is none") from error
    return found


def _plain(container: Any) -> Any:  # noqa: ANN401 - a map or a list
    """A map or a list with its envelopes opened, and its texts and bytes told apart."""
    pairs = container.items() if isinstance(container, dict) else enumerate(container)
    for key, value in pairs:
        kind = type(value)
        if kind is cbor2.CBORTag:
            inner = value.value
            if value.tag == ENVELOPED:
                inner = _plain(cbor2.loads(inner, str_errors="replace"))
            container[key] = inner
        elif kind is bytes:
            container[key] = _wide(value)
        elif kind is float and value.is_integer():
            container[key] = int(value)
    return container


def _wide(text: bytes) -> str:
    return text.decode("utf-16-le", "replace")


def unpacked_long(content: memoryview) -> Fields:
    """The same for a message with texts of megabytes in it: these stay where they are, as views of their UTF-8.

    Raises ValueError.
    """
    try:
        found, _ = _walked(content, 0)
    except (IndexError, struct.error) as error:
        raise ValueError("a message that ends before its end") from error
    if not isinstance(found, dict):
        raise ValueError("a message that is none")
    return found


def _walked(data: memoryview, at: int) -> tuple[Any, int]:
    """One value, and the place after it."""
    first = data[at]
    if first in SIMPLE:
        return SIMPLE[first], at + 1
    if first == MAP[0]:
        return _map(data, at + 1)
    if first == LIST[0]:
        return _list(data, at + 1)
    if first == 0xFB:
        (real,) = struct.unpack_from(">d", data, at + 1)
        return (int(real) if real.is_integer() else real), at + 9
    number, at = _number(data, at)
    if first >> 5 in {0, 1}:
        return (-1 - number if first >> 5 else number), at
    if first >> 5 == 6:  # in an envelope there is one value, in a tag of bytes one string
        length, start = _number(data, at)
        if number == ENVELOPED:
            return _walked(data, start)
        return bytes(data[start : start + length]), start + length
    part, end = data[at : at + number], at + number
    if first >> 5 == 2:
        return _wide(bytes(part)), end
    return (part if number >= LONG else str(part, "utf-8", "replace")), end


def _number(data: memoryview, at: int) -> tuple[int, int]:
    """The argument of a head: in it, or in the bytes after it."""
    low = data[at] & 31
    if low < 24:
        return low, at + 1
    size = 1 << (low - 24)
    return int.from_bytes(data[at + 1 : at + 1 + size]), at + 1 + size


def _map(data: memoryview, at: int) -> tuple[Fields, int]:
    found: Fields = {}
    while data[at] != END[0]:
        key, at = _walked(data, at)
        found[key], at = _walked(data, at)
    return found, at + 1


def _list(data: memoryview, at: int) -> tuple[list[Any], int]:
    found = []
    while data[at] != END[0]:
        value, at = _walked(data, at)
        found.append(value)
    return found, at + 1
