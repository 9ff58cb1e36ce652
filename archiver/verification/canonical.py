"""Canonical JSON, written down a second time: RFC 8785 (JSON Canonicalization Scheme).

Used to see whether a manifest is canonical: parse it, write it canonically, compare the bytes. That also
finds keys that stand there twice.
"""

import json
from decimal import Decimal
from typing import Any

import msgspec

LARGEST_INTEGER = 2**53 - 1
SHAPE = bytes.maketrans(b"123456789[", b"000000000,")
"""Every digit becomes a zero, and what begins a list the same as what parts it; minus signs are left out."""
LONG_NUMBERS = tuple(before + b"0" * 16 for before in (b'":', b","))
ASTRAL, LATE = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4"), (b"\xee", b"\xef")
"""First bytes, in UTF-8, of characters beyond U+FFFF and of those from U+E000 to U+FFFF: where both are,
keys may sort otherwise than by code point."""


class _Odd(Exception):
    """A number that another writer may write otherwise."""


def is_canonical(data: bytes) -> bool:
    """Whether a JSON text in UTF-8 is canonical. Raises ValueError or RecursionError for what is no JSON.

    A fast writer says yes where it cannot err: numbers with a fraction are the shortest digits without
    an exponent, none has sixteen digits, and keys sort alike by code point and by UTF-16. Whatever it
    does not say yes to is written again with care.
    """
    try:
        if _is_simple(data) and msgspec.json.encode(READER.decode(data), order="sorted") == data:
            return True
    except (_Odd, msgspec.MsgspecError):
        pass
    text = data.decode("utf-8")
    return canonical(json.loads(text)) == text


def _is_simple(data: bytes) -> bool:
    if not data.startswith(b"{"):
        return False
    astral = not data.isascii() and any(byte in data for byte in ASTRAL)
    if astral and any(byte in data for byte in LATE):
        return False
    shape = data.translate(SHAPE, b"-")
    return not any(number in shape for number in LONG_NUMBERS)


def _plain(number: str) -> float:
    value = float(number)
    if number != repr(value) or number != _number(value):
        raise _Odd(number)
    return value


READER = msgspec.json.Decoder(float_hook=_plain)


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """The canonical text of a parsed JSON value. Raises ValueError for what JSON cannot hold."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, str):
        return _text(value)
    return _number(value) if isinstance(value, float) else _literal(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _literal(value: int | bool | None) -> str:
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise ValueError("an integer beyond 2^53")
    return json.dumps(value)


def _number(value: float) -> str:
    """As ECMAScript writes a number (ECMA-262, Number::toString): shortest digits, an exponent only
    from 1e21 on and below 1e-6."""
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("not a number")
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    figures, minus = "".join(map(str, digits)), "-" if sign else ""
    point = len(figures) + int(exponent)
    if 0 < point <= 21:
        whole = figures[:point].ljust(point, "0")
        return minus + whole + (f".{figures[point:]}" if figures[point:] else "")
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{figures}"
    mantissa = figures[0] + (f".{figures[1:]}" if figures[1:] else "")
    return f"{minus}{mantissa}e{point - 1:+d}"
