"""What is known from elsewhere when an archive is verified: pinned keys and checkpoints, trusted authorities."""

from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from cryptography.x509 import Certificate
from msgspec import Struct

from archiver.errors import UsageError
from archiver.verification.checkpoint import LogKey, Note, read_key, read_note
from archiver.verification.opening import read_small
from archiver.verification.stamps import read_roots


class Trust(Struct, frozen=True):
    """What is known from elsewhere: pinned keys of logs and of packages (DER), and checkpoints, by file; roots for
    time stamps."""

    keys: dict[str, LogKey]
    notes: dict[str, Note]
    packages: dict[str, bytes]
    roots: list[Certificate]

    @property
    def pins(self) -> tuple[str, ...]:
        """The files of all that is pinned."""
        return (*self.keys, *self.notes, *self.packages)


def read_trust(pins: Sequence[Path], tsa_ca: Path | None) -> Trust:
    """Read what the user pins: public keys (PEM or note verifier) and checkpoints. Raises UsageError."""
    keys: dict[str, LogKey] = {}
    notes: dict[str, Note] = {}
    packages: dict[str, bytes] = {}
    for path in pins:
        try:
            data = read_small(path)
            if "\n\n— ".encode() in data:
                notes[str(path)] = read_note(data)
            elif package := _package_key(data):
                packages[str(path)] = package
            else:
                keys[str(path)] = read_key(data)
        except (OSError, ValueError) as error:
            raise UsageError(f"{path} is neither a public key nor a checkpoint: {error}") from error
    return Trust(keys, notes, packages, read_roots(tsa_ca))


def _package_key(data: bytes) -> bytes:
    """The key of packages (DER) in a PEM file; empty where it is another kind of key, or none."""
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return b""
    if not isinstance(key, EllipticCurvePublicKey):
        return b""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
