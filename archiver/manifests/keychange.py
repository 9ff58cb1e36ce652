"""The statement by which an archive's keys are replaced: signed by the old key of the log and by the new one.

    archiver/key-change/1
    log 42                          leaves in the log when the keys were changed; the statement is the next one
    at 2026-11-22T04:06:11Z
    old archiver/1f3a…+3c…+AY…      the key that signed until here, as a note verifier's line
    new archiver/77c0…+9b…+AU…      the one that signs from here on
    old-package MHYw…               the same of the key of packages (SubjectPublicKeyInfo)
    new-package MHYw…
    reason the operator has left
                                    (empty line)
    — archiver/1f3a… PPuh…          signatures over all above, the empty line left out
    — archiver/77c0… m1Kd…

Whoever trusts the old key can so trust the new one: there is a chain from the first key to the newest.
"""

import base64
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

from archiver.clock import iso
from archiver.errors import ArchiveDamaged
from archiver.manifests.note import key_id, name_of, verifier_key

TITLE = "archiver/key-change/1"


class Pair(Struct, frozen=True):
    """The two keys of an archive: of its log and of its packages."""

    log: Ed25519PrivateKey
    package: ec.EllipticCurvePrivateKey


class KeyChange(Struct, frozen=True):
    """What a statement says: at which size of the log, the note verifier's lines of both keys, and the new key of
    packages (SubjectPublicKeyInfo in Base64)."""

    size: int
    old: str
    new: str
    new_package: str


def statement(old: Pair, new: Pair, *, size: int, at: datetime, reason: str) -> bytes:
    """The signed statement. `reason` is one line of text."""
    lines = [
        TITLE,
        f"log {size}",
        f"at {iso(at)}",
        f"old {verifier_key(old.log.public_key()).strip()}",
        f"new {verifier_key(new.log.public_key()).strip()}",
        f"old-package {package_key(old.package)}",
        f"new-package {package_key(new.package)}",
        f"reason {' '.join(reason.split())}",
    ]
    text = "\n".join(lines) + "\n"
    signatures = "".join(_signature(key, text) for key in (old.log, new.log))
    return f"{text}\n{signatures}".encode()


def read_statement(data: bytes) -> KeyChange:
    """What a statement says; its signatures are looked at elsewhere. Raises ArchiveDamaged."""
    try:
        told = dict(line.split(" ", 1) for line in data.decode().split("\n")[1:8])
        return KeyChange(int(told["log"]), told["old"], told["new"], told["new-package"])
    except (ValueError, KeyError) as error:
        raise ArchiveDamaged("is no statement of a change of keys") from error


def _signature(key: Ed25519PrivateKey, text: str) -> str:
    public = key.public_key()
    signature = base64.b64encode(key_id(public) + key.sign(text.encode())).decode()
    return f"— {name_of(public)} {signature}\n"


def package_key(key: ec.EllipticCurvePrivateKey) -> str:
    """The public part of a key of packages (SubjectPublicKeyInfo in Base64)."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()
