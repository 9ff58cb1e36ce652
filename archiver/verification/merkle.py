"""Merkle trees for one who checks them: RFC 9162 section 2.1.3.2, and roots as a tree grows.

Written apart from the code that builds trees and proofs.
"""

import hashlib
from collections.abc import Sequence


def leaf_of(data: bytes) -> bytes:
    """The leaf hash of these bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree: the roots of its full subtrees, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Append a leaf hash."""
        self._full.append(leaf)
        self.size += 1
        count = self.size
        while count % 2 == 0:
            right = self._full.pop()
            self._full[-1] = _pair(self._full[-1], right)
            count //= 2

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self._full:
            return hashlib.sha256(b"").digest()
        root = self._full[-1]
        for left in reversed(self._full[:-1]):
            root = _pair(left, root)
        return root


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from that leaf, at that place of a tree of that size, to the root."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = _pair(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = _pair(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root
