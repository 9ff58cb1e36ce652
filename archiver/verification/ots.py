"""Proofs of OpenTimestamps against the checkpoints that they are of, with a reader of this room's own.

A proof is a chain of appending, prepending and hashing that leads from the digest of the checkpoint to the Merkle
root of a block of Bitcoin. All of it is followed here but the last step: whether that block has that root is
told by any copy of the chain of blocks, and needs a look into one.
"""

import hashlib
from collections.abc import Iterator

from msgspec import Struct

MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
SHA256 = 0x08
HASHES = {0x02: "sha1", 0x03: "ripemd160", SHA256: "sha256"}
APPEND, PREPEND, REVERSE, HEXLIFY = 0xF0, 0xF1, 0xF2, 0xF3
BITCOIN, PENDING = bytes.fromhex("0588960d73d71901"), bytes.fromhex("83dfe30d2ef90c8e")
LONGEST = 4096
DEEPEST = 256


class Proof(Struct, frozen=True):
    """What a proof says: (height, Merkle root as block explorers write it) of blocks, calendars that are still
    to give the rest, or what is wrong with it."""

    blocks: tuple[tuple[int, str], ...] = ()
    pending: tuple[str, ...] = ()
    problem: str = ""


def check_proof(data: bytes, message: bytes) -> Proof:
    """Follow a proof from the digest of `message`."""
    try:
        return _Reader(data).proof(hashlib.sha256(message).digest())
    except (ValueError, IndexError, RecursionError) as error:
        return Proof(problem=f"is no proof of OpenTimestamps: {error}")


def told_of_proof(shown: str, proof: Proof) -> Iterator[str]:
    """What is worth knowing of a proof that is in order; `shown` is what it is called."""
    for height, root in proof.blocks:
        yield f"{shown} holds if block {height} of Bitcoin has the Merkle root {root}"
    if not proof.problem and not proof.blocks:
        yield f"{shown} is not complete yet: {', '.join(proof.pending) or 'no block'}"


class _Reader:
    """A walk over the bytes of a proof; each branch is followed to its end."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self._blocks: list[tuple[int, str]] = []
        self._pending: list[str] = []

    def proof(self, digest: bytes) -> Proof:
        if self._take(len(MAGIC)) != MAGIC or self._number() != 1 or self._byte() != SHA256:
            raise ValueError("it begins otherwise")
        if self._take(32) != digest:
            return Proof(problem="is a proof of another checkpoint")
        self._follow(digest, DEEPEST)
        if self._at != len(self._data):
            raise ValueError("something follows its end")
        return Proof(tuple(self._blocks), tuple(self._pending))

    def _follow(self, message: bytes, left: int) -> None:
        if not left:
            raise ValueError("it is too deep")
        tag = self._byte()
        while tag == 0xFF:
            self._step(self._byte(), message, left)
            tag = self._byte()
        self._step(tag, message, left)

    def _step(self, tag: int, message: bytes, left: int) -> None:
        if tag == 0:
            self._attestation(message)
        elif tag in HASHES:
            self._follow(hashlib.new(HASHES[tag], message).digest(), left - 1)
        elif tag in (APPEND, PREPEND):
            piece = self._bytes()
            self._follow(message + piece if tag == APPEND else piece + message, left - 1)
        elif tag in (REVERSE, HEXLIFY):
            changed = message[::-1] if tag == REVERSE else message.hex().encode()
            self._follow(changed, left - 1)
        else:
            raise ValueError(f"it has an unknown step {tag:#04x}")

    def _attestation(self, message: bytes) -> None:
        kind, end = self._take(8), self._number() + self._at
        if kind == BITCOIN:
            self._blocks.append((self._number(), message[::-1].hex()))
        elif kind == PENDING:
            self._pending.append(self._bytes().decode("ascii"))
        else:  # of another chain: passed over
            self._at = end
        if self._at != end or end > len(self._data):
            raise ValueError("an attestation has another length than it says")

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) != count:
            raise ValueError("it is cut off")
        self._at += count
        return piece

    def _number(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value
            if shift > 63:
                raise ValueError("a number in it is too long")

    def _bytes(self) -> bytes:
        length = self._number()
        if length > LONGEST:
            raise ValueError("a step in it is too long")
        return self._take(length)
