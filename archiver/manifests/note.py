"""Checkpoints of the log: a text that says how large the tree is and what its root is, signed.

The formats are C2SP tlog-checkpoint and signed-note (https://c2sp.org), so other tools read them:

    archiver/1f3a…          who: the name of the log and of its key
    42                      leaves in the tree
    q0xI…=                  its root
                            (empty line)
    — archiver/1f3a… Az3…   signature over all above, the empty line left out
"""

import base64
import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from msgspec import Struct

from archiver.errors import ArchiveDamaged

ED25519 = b"\x01"
"""The signature type of signed-note."""


class Checkpoint(Struct, frozen=True):
    """A tree of a log: whose, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def name_of(key: Ed25519PublicKey) -> str:
    """The name of a log: it follows from its key, so none can take another's."""
    return f"archiver/{hashlib.sha256(_raw(key)).hexdigest()[:32]}"


def name_of_pem(pem: bytes) -> str:
    """The name of the log that a public key in PEM belongs to. Raises ArchiveDamaged."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ArchiveDamaged(f"is no key of a log: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ArchiveDamaged("is no key of a log")
    return name_of(key)


def key_id(key: Ed25519PublicKey) -> bytes:
    """The four bytes that say which key signed: SHA-256(name ‖ LF ‖ 0x01 ‖ key), cut."""
    return hashlib.sha256(name_of(key).encode() + b"\n" + ED25519 + _raw(key)).digest()[:4]


def verifier_key(key: Ed25519PublicKey) -> str:
    """The public key on one line as note tools read it: `name+id+key`."""
    encoded = base64.b64encode(ED25519 + _raw(key)).decode()
    return f"{name_of(key)}+{key_id(key).hex()}+{encoded}\n"


def pem_of_line(line: str) -> bytes:
    """The key of a note verifier's line as PEM. Raises ArchiveDamaged."""
    try:
        raw = base64.b64decode(line.split("+", 2)[2], validate=True)[1:]
        key = Ed25519PublicKey.from_public_bytes(raw)
    except (ValueError, IndexError) as error:
        raise ArchiveDamaged("is no key of a log") from error
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def sign(size: int, root: bytes, key: Ed25519PrivateKey) -> bytes:
    """The signed checkpoint of a tree, as its file holds it."""
    public = key.public_key()
    text = Checkpoint(name_of(public), size, root).text
    signature = base64.b64encode(key_id(public) + key.sign(text.encode())).decode()
    return f"{text}\n— {name_of(public)} {signature}\n".encode()


def read_checkpoint(data: bytes) -> Checkpoint:
    """What a checkpoint says; its signature is looked at elsewhere. Raises ArchiveDamaged."""
    try:
        origin, size, root = data.decode().partition("\n\n")[0].split("\n")[:3]
        return Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
    except ValueError as error:
        raise ArchiveDamaged("is no checkpoint of a log") from error


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
