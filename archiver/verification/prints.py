"""Fingerprints of strings: eight bytes that stand for a URL, a record id, an index line.

An archive holds millions of them; as strings they would fill the memory. Two that are equal stand for the
same string as good as surely: the key is drawn anew for every verification, so nobody can prepare two
strings with one fingerprint. Wherever fingerprints say that something is wrong, the strings are read again
before anything is said.
"""

import hashlib
import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from struct import Struct

Print = Callable[[str], int]
BUCKETS = 64
FEW = 1 << 16
"""Fingerprints that are sorted at once; more are sorted in turns, in less memory."""
ABSENT = "\0"
"""Stands for a value that is not there, which an empty one is."""


def new_key() -> bytes:
    """A key for one verification."""
    return os.urandom(16)


def printer(key: bytes) -> Print:
    """What makes fingerprints with this key."""
    start, number = hashlib.blake2b(key=key, digest_size=8), Struct("<Q").unpack

    def fingerprint(text: str) -> int:
        work = start.copy()
        try:
            work.update(text.encode())
        except UnicodeEncodeError:
            work.update(text.encode("utf-8", "surrogatepass"))
        return int(number(work.digest())[0])

    return fingerprint


def joined(values: Sequence[str | None]) -> str:
    """Several values as one string; no field of a WARC record holds the character between them."""
    return "\x1f".join([ABSENT if value is None else value for value in values])


class Places:
    """Where each fingerprint of a long list stands: found by bisection, in 12 bytes an entry."""

    def __init__(self, values: "array[int]") -> None:
        order = sorted(range(len(values)), key=values.__getitem__)
        self._order = array("I", order)
        self._values = array("Q", [values[place] for place in order])

    def of(self, value: int) -> Iterator[int]:
        """The places of a fingerprint, in order."""
        at = bisect_left(self._values, value)
        while at < len(self._values) and self._values[at] == value:
            yield self._order[at]
            at += 1


def repeated(values: "array[int]") -> set[int]:
    """The fingerprints that stand more than once in the list."""
    buckets = [values]
    if len(values) > FEW:
        buckets = [array("Q") for _ in range(BUCKETS)]
        for value in values:
            buckets[value % BUCKETS].append(value)
    found: set[int] = set()
    for bucket in buckets:
        ordered = sorted(bucket)
        found.update(a for a, b in zip(ordered, ordered[1:], strict=False) if a == b)
    return found
