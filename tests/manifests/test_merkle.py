"""The Merkle tree against a naive one, for all sizes up to 300, and against what RFC 9162 prints."""

import hashlib
import random

import pytest
from consistency import extends

from archiver.manifests.merkle import Growing, Tree, consistency_proof, leaf_hash, root_of
from archiver.verification.merkle import Frontier, includes

SIZES = 300
LEAVES = [leaf_hash(str(number).encode()) for number in range(SIZES + 1)]


def naive(leaves: list[bytes]) -> bytes:
    """The definition of the RFC, word for word: MTH of the two parts."""
    if len(leaves) == 0:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive(leaves[:k]) + naive(leaves[k:])).digest()


ROOTS = [naive(LEAVES[:size]) for size in range(SIZES + 1)]


def inclusion_proof(leaves: list[bytes], index: int) -> tuple[bytes, ...]:
    return Tree(leaves).inclusion(index)


def test_known_tree() -> None:
    """The tree of eight leaves that certificate-transparency implementations test with."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    inputs.append("606162636465666768696a6b6c6d6e6f")
    leaves = [leaf_hash(bytes.fromhex(text)) for text in inputs]
    known = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert root_of(leaves).hex() == known


def test_roots_of_all_sizes() -> None:
    frontier, growing = Frontier(), Growing()
    for size in range(SIZES + 1):
        assert root_of(LEAVES[:size]) == ROOTS[size] == frontier.root == growing.root
        assert growing.size == size
        frontier.add(LEAVES[size])
        growing.add(LEAVES[size])


@pytest.mark.parametrize("start", range(0, SIZES, 50))
def test_inclusion_of_every_leaf(start: int) -> None:
    for size in range(start + 1, start + 51):
        for index in range(0, size, 1 if size < 65 else 7):
            proof = inclusion_proof(LEAVES[:size], index)
            assert len(proof) <= (size - 1).bit_length()
            assert includes(LEAVES[index], index, size, proof, ROOTS[size])


def test_every_wrong_inclusion_is_refused() -> None:
    dice = random.Random(5)
    for _ in range(2000):
        size = dice.randrange(2, SIZES)
        index = dice.randrange(size)
        proof = inclusion_proof(LEAVES[:size], index)
        other = dice.choice([i for i in (index ^ 1, index + 1, index - 1) if 0 <= i < size])
        assert not includes(LEAVES[other], index, size, proof, ROOTS[size])
        assert not includes(LEAVES[index], other, size, proof, ROOTS[size])
        assert not includes(LEAVES[index], index, size, proof[:-1], ROOTS[size])
        assert not includes(LEAVES[index], index, size, (*proof, ROOTS[3]), ROOTS[size])
        assert not includes(LEAVES[index], index, size, proof, ROOTS[size - 1])


@pytest.mark.parametrize("start", range(0, SIZES, 50))
def test_consistency_of_all_pairs(start: int) -> None:
    for size in range(start, start + 51):
        for old in range(0, size + 1, 1 if size < 65 else 5):
            proof = consistency_proof(LEAVES[:size], old)
            assert extends(old, ROOTS[old], size, ROOTS[size], proof), (old, size)


def test_every_wrong_consistency_is_refused() -> None:
    dice = random.Random(6)
    for _ in range(2000):
        size = dice.randrange(3, SIZES)
        old = dice.randrange(1, size)
        proof = consistency_proof(LEAVES[:size], old)
        assert not extends(old, ROOTS[old - 1], size, ROOTS[size], proof)
        assert not extends(old, ROOTS[old], size, ROOTS[size - 1], proof)
        assert not extends(old, ROOTS[old], size, ROOTS[size], proof[:-1])
        assert not extends(old, ROOTS[old], size, ROOTS[size], (*proof, ROOTS[1]))
    assert not extends(5, ROOTS[5], 4, ROOTS[4], ())


def test_sizes_that_never_were() -> None:
    with pytest.raises(ValueError, match="no leaf 3"):
        inclusion_proof(LEAVES[:3], 3)
    with pytest.raises(ValueError, match="never had 4"):
        consistency_proof(LEAVES[:3], 4)
