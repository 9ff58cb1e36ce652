"""The Merkle tree over all manifests of an archive: RFC 9162 section 2.1, over leaf hashes.

A tree's root stands for every leaf and their order. A proof of inclusion shows that a leaf is in the tree, a
proof of consistency that an older tree is the beginning of it: nothing was taken out or changed since.
Hashes are 32 bytes each; only hashes are kept, never what they are of.
"""

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"
"""What stands before the bytes that are hashed, so that a node can never pass for a leaf."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(NODE + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of the tree over these leaf hashes; of no leaves, SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    row = list(leaves)
    while len(row) > 1:
        paired = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        row = paired + row[len(row) & ~1 :]
    return row[0]


class Growing:
    """A tree that only grows: the roots of its full subtrees, the largest first, and nothing else of it."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Append a leaf hash."""
        self._full.append(leaf)
        self.size += 1
        for _ in range((self.size & -self.size).bit_length() - 1):
            right = self._full.pop()
            self._full.append(node_hash(self._full.pop(), right))

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self._full:
            return root_of(())
        *rest, root = self._full
        for left in reversed(rest):
            root = node_hash(left, root)
        return root


class Tree:
    """A whole tree, row by row, for many proofs of inclusion: each costs as much as it is long."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._rows = [list(leaves)]
        while len(row := self._rows[-1]) > 1:
            paired = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
            self._rows.append(paired + row[len(row) & ~1 :])

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """The hashes that lead from leaf `index` to the root (RFC 9162 section 2.1.3.1).

        Raises ValueError when there is no such leaf.
        """
        if not 0 <= index < len(self._rows[0]):
            raise ValueError(f"no leaf {index} in a tree of {len(self._rows[0])}")
        beside = ((row, (index >> level) ^ 1) for level, row in enumerate(self._rows))
        return tuple(row[place] for row, place in beside if place < len(row))


def consistency_proof(leaves: Sequence[bytes], old: int) -> tuple[bytes, ...]:
    """The hashes that show the first `old` leaves to be the beginning of all (RFC 9162 2.1.4.1).

    Raises ValueError when the tree never had that size. From size 0 there is nothing to show.
    """
    if not 0 <= old <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves never had {old}")
    return () if old in (0, len(leaves)) else _subproof(leaves, old, whole=True)


def _subproof(leaves: Sequence[bytes], old: int, *, whole: bool) -> tuple[bytes, ...]:
    """SUBPROOF of the RFC; `whole` says that the old root itself is known to who checks."""
    if old == len(leaves):
        return () if whole else (root_of(leaves),)
    half = _largest_power_below(len(leaves))
    if old <= half:
        return (*_subproof(leaves[:half], old, whole=whole), root_of(leaves[half:]))
    return (*_subproof(leaves[half:], old - half, whole=False), root_of(leaves[:half]))


def _largest_power_below(count: int) -> int:
    """The largest power of two that is smaller than `count`, which is 2 at least."""
    return 1 << (count - 1).bit_length() - 1
