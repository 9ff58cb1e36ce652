"""Words and markup in a spelling in which the gate would not see them: escaped letters, base 64."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from archiver.extraction.encoded import LEVELS, markup_in

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_RUN = re.compile(rb"[A-Za-z0-9+/_-]*={0,2}")
_MARKUP = re.compile("<[a-zA-Z]|\\[/embed\\]")
HEXED = rb"(2[dDeE]|3\d|4[1-9a-fA-F]|5[0-9aA]|6[1-9a-fA-F]|7[0-9aA])"
DECIMAL = rb"(4[5-68-9]|5[0-7]|6[5-9]|[78]\d|90|9[7-9]|1[01]\d|12[0-2])"
"""The codes of letters, digits, dots and hyphens."""
_LETTERS = (
    (b"&#", re.compile(rb"&#0*" + DECIMAL + rb"(?!\d);?"), 10),
    (b"&#", re.compile(rb"&#[xX]0*" + HEXED + rb"(?![0-9a-fA-F]);?"), 16),
    (b"u", re.compile(rb"\\+u\{?(?:00)?" + HEXED + rb"\}?"), 16),
    (b"x", re.compile(rb"\\+x" + HEXED), 16),
    (b"%", re.compile(rb"%(?:25)*" + HEXED), 16),
)
AROUND = 2000
"""Bytes around a hidden letter that are read with it."""


def packed(data: bytes, end: int, length: int) -> bool:
    """Something in base 64: whether markup is in it. What an address of a picture holds is never read."""
    before = data[max(0, end - 120) : end]
    lead = before.rstrip(_ALPHABET)
    if lead.endswith(b"base64,") and b"text/html" not in lead:
        return False
    behind = _RUN.match(data, end)
    run = before[len(lead) :] + (behind[0] if behind else b"")
    return bool(_MARKUP.search(markup_in(run.decode("ascii"))))


def plain_letters(data: bytes, places: Sequence[int]) -> Iterator[bytes]:
    """The parts of a document around hidden letters, with the letters, digits, dots and hyphens put in."""
    begin = end = 0
    for place in (*places, len(data) + 2 * AROUND):
        if place - AROUND > end:
            if end:
                yield _plain(data[begin:end])
            begin = max(0, place - AROUND)
        end = place + AROUND


def _plain(data: bytes) -> bytes:
    for _ in range(LEVELS):
        data = data.replace(b"&amp;", b"&")
    for mark, pattern, base in _LETTERS:
        if mark in data:
            data = pattern.sub(partial(_letter, base=base), data)
    return data


def _letter(found: re.Match[bytes], base: int) -> bytes:
    return bytes([int(found[1], base)])
