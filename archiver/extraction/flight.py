"""The chunks of a React flight payload, which scripts push one after the other."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_PUSH = re.compile(r"__next_f\.push\(\s*(?=\[)")
_ROW = re.compile(rb"[0-9a-f]+:(?:T(?P<size>[0-9a-f]{1,8}),|[A-Z]{1,2}[0-9a-f]*,)?")
_DECODER = json.JSONDecoder()


def pushes(text: str) -> Iterator[list[Any] | None]:
    """What the scripts in a text push onto a flight payload, in order; None where it cannot be read."""
    for match in _PUSH.finditer(text):
        try:
            yield _DECODER.raw_decode(text, match.end())[0]
        except (ValueError, RecursionError):
            yield None


def chunks(pushed: Iterable[list[Any] | None]) -> Iterator[str]:
    """The strings among what is pushed."""
    for value in pushed:
        yield from (piece for piece in value or () if isinstance(piece, str))


def rows(whole: str) -> Iterator[str]:
    """The rows of a joined payload, without their numbers: a line each, but for texts, which say how many
    bytes they have and are followed by the next row at once."""
    data, at = whole.encode("utf-8", "replace"), 0
    while at < len(data):
        head = _ROW.match(data, at)
        begin = head.end() if head else at
        if head and head["size"]:
            end = after = begin + int(head["size"], 16)
        else:
            end = data.find(b"\n", begin)
            end = len(data) if end < 0 else end
            after = end + 1
        yield data[begin:end].decode("utf-8", "replace")
        at = after
