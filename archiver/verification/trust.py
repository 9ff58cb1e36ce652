"""What is known from elsewhere when an archive is verified: pinned keys and checkpoints, trusted authorities."""

from collections.abc import Sequence
from pathlib import Path

from cryptography.x509 import Certificate
from msgspec import Struct

from archiver.errors import UsageError
from archiver.verification.checkpoint import LogKey, Note, read_key, read_note
from archiver.verification.opening import read_small
from archiver.verification.stamps import read_roots


class Trust(Struct, frozen=True):
    """What is known from elsewhere: pinned keys and checkpoints by file, roots for time stamps."""

    keys: dict[str, LogKey]
    notes: dict[str, Note]
    roots: list[Certificate]


def read_trust(pins: Sequence[Path], tsa_ca: Path | None) -> Trust:
    """Read what the user pins: public keys (PEM or note verifier) and checkpoints. Raises UsageError."""
    keys: dict[str, LogKey] = {}
    notes: dict[str, Note] = {}
    for path in pins:
        try:
            data = read_small(path)
            if "\n\n— ".encode() in data:
                notes[str(path)] = read_note(data)
            else:
                keys[str(path)] = read_key(data)
        except (OSError, ValueError) as error:
            raise UsageError(f"{path} is neither a public key nor a checkpoint: {error}") from error
    return Trust(keys, notes, read_roots(tsa_ca))
