"""The chunks of a React flight payload, which scripts push one after the other."""

import json
import re
from collections.abc import Iterator
from typing import Any

_PUSH = re.compile(r"__next_f\.push\(\s*(?=\[)")
_DECODER = json.JSONDecoder()


def pushes(text: str) -> Iterator[list[Any] | None]:
    """What the scripts in a text push onto a flight payload, in order; None where it cannot be read."""
    for match in _PUSH.finditer(text):
        try:
            yield _DECODER.raw_decode(text, match.end())[0]
        except (ValueError, RecursionError):
            yield None


def chunks(text: str) -> Iterator[str]:
    """The strings among them."""
    for value in pushes(text):
        yield from (piece for piece in value or () if isinstance(piece, str))
