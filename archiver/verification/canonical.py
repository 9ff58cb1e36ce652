"""Canonical JSON, written down a second time: RFC 8785 (JSON Canonicalization Scheme).

Used to see whether a manifest is canonical: parse it, write it canonically, compare the bytes. That also
finds keys that stand there twice.
"""

import json
import re
from decimal import Decimal
from typing import Any

LARGEST_INTEGER = 2**53 - 1
LONG_NUMBER = re.compile(r"[:,\[]-?[0-9]{16}")
WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class _Odd(Exception):
    """A number that Python may write otherwise."""


def is_canonical(text: str) -> bool:
    """Whether a JSON text is canonical. Raises ValueError or RecursionError for what is no JSON.

    Python's own writer says it at once wherever it cannot differ from RFC 8785: numbers that both write
    alike, none of sixteen digits, and no character beyond U+FFFF, by which keys sort in another order.
    """
    try:
        if not LONG_NUMBER.search(text) and (text.isascii() or max(text) <= "\uffff"):
            return WRITER.encode(READER.decode(text)) == text
    except _Odd:
        pass
    return canonical(json.loads(text)) == text


def _plain(number: str) -> float:
    value = float(number)
    if number != repr(value) or number != _number(value):
        raise _Odd(number)
    return value


def _refuse(constant: str) -> None:
    raise _Odd(constant)


READER = json.JSONDecoder(parse_float=_plain, parse_constant=_refuse)


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
