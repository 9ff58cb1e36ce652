"""OpenTimestamps over checkpoints: proofs that a checkpoint is below the Merkle root of a block of Bitcoin.

A calendar takes the commitment at once and gives a pending proof; some hours later, when it has written into a
block, it gives the rest. The library is an optional extra (`pip install archiver[ots]`): without it nothing
can be asked, and what is there can still be verified.
"""

import hashlib
from collections.abc import Iterator

from archiver.errors import ArchiverError

try:
    from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
    from opentimestamps.core.op import OpAppend, OpSHA256
    from opentimestamps.core.serialize import (
        BytesDeserializationContext,
        BytesSerializationContext,
        DeserializationError,
    )
    from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp
except ImportError:
    INSTALLED = False
else:
    INSTALLED = True

TYPE = "application/vnd.opentimestamps.v1"
NONCE = 16
"""Bytes that keep a calendar from learning which file was stamped."""


def see_installed() -> None:
    """Raise ArchiverError when the optional extra is not there."""
    if not INSTALLED:
        raise ArchiverError("OpenTimestamps is not installed: pip install 'archiver[ots]'")


def commitment(message: bytes, nonce: bytes) -> bytes:
    """What a calendar is given: 32 bytes that tell nothing of the message."""
    return hashlib.sha256(hashlib.sha256(message).digest() + nonce).digest()


def pending(message: bytes, nonce: bytes, answer: bytes) -> bytes:
    """The proof as a file (`.ots`), from a calendar's answer. Raises ArchiverError for what is no answer."""
    proof = DetachedTimestampFile(OpSHA256(), Timestamp(hashlib.sha256(message).digest()))
    tip = proof.timestamp.ops.add(OpAppend(nonce)).ops.add(OpSHA256())
    tip.merge(_timestamp(answer, tip.msg))
    return _written(proof)


def waiting(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Where the rest of a proof is to be asked for: the calendar, and what for; nothing of a complete one."""
    if not complete(data):
        for message, attestation in _read(data).timestamp.all_attestations():
            if isinstance(attestation, PendingAttestation):
                yield attestation.uri, message


def complete(data: bytes) -> bool:
    """Whether the proof leads to a block."""
    found = _read(data).timestamp.all_attestations()
    return any(isinstance(one, BitcoinBlockHeaderAttestation) for _, one in found)


def upgraded(data: bytes, message: bytes, answer: bytes) -> bytes:
    """The proof with what a calendar has answered for `message` since. Raises ArchiverError."""
    proof = _read(data)
    rest = _timestamp(answer, message)
    for place in _each(proof.timestamp):
        if place.msg == message:
            place.merge(rest)
    return _written(proof)


def _each(timestamp: "Timestamp") -> Iterator["Timestamp"]:
    yield timestamp
    for below in timestamp.ops.values():
        yield from _each(below)


def _timestamp(answer: bytes, message: bytes) -> "Timestamp":
    try:
        return Timestamp.deserialize(BytesDeserializationContext(answer), message)
    except (DeserializationError, ValueError, RecursionError) as error:
        raise ArchiverError(f"its answer is no time stamp: {error}") from error


def _read(data: bytes) -> "DetachedTimestampFile":
    try:
        return DetachedTimestampFile.deserialize(BytesDeserializationContext(data))
    except (DeserializationError, ValueError, RecursionError) as error:
        raise ArchiverError(f"it is no time stamp: {error}") from error


def _written(proof: "DetachedTimestampFile") -> bytes:
    context = BytesSerializationContext()
    proof.serialize(context)
    return bytes(context.getbytes())
