"""Whether a Merkle tree is the beginning of another, for one who has not made them: RFC 9162 section 2.1.4.2."""

import hashlib
from collections.abc import Sequence


def pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def extends(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the tree of `old` leaves to be the beginning of that of `new`."""
    if old > new or old < 0:
        return False
    if old == 0 or old == new:
        return not proof and (
            old_root == new_root or old == 0 and old_root == hashlib.sha256(b"").digest()
        )
    steps = list(proof)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = pair(step, first), pair(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = pair(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root
