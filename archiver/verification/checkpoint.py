"""Public keys and signed checkpoints of a log, read strictly (C2SP signed-note and tlog-checkpoint)."""

import base64
import binascii
import hashlib
import re

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from msgspec import Struct

from archiver.verification.defect import quoted

NOTE = re.compile(r"([^\n+ ]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n\n— ([^\n ]+) ([^\n ]+)\n")
VERIFIER = re.compile(r"([^\n+ ]+)\+([0-9a-f]{8})\+([^\n ]+)\n?")


class LogKey(Struct, frozen=True):
    """The public key of a log: 32 bytes, from which its name and id follow."""

    raw: bytes

    @property
    def name(self) -> str:
        """The name that checkpoints bear."""
        return f"archiver/{hashlib.sha256(self.raw).hexdigest()[:32]}"

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ key)."""
        return hashlib.sha256(self.name.encode() + b"\n\x01" + self.raw).digest()[:4]


class Note(Struct, frozen=True):
    """A checkpoint: the text that is signed, the tree it speaks of, and the signature with key id."""

    text: str
    origin: str
    size: int
    root: bytes
    signer: str
    signature: bytes

    def problem(self, key: LogKey) -> str | None:
        """Why this is no checkpoint of that log, or None."""
        if self.origin != key.name or self.signer != key.name or self.signature[:4] != key.id:
            return f"was signed by {quoted(self.signer)}, not by {key.name}"
        try:
            public = Ed25519PublicKey.from_public_bytes(key.raw)
            public.verify(self.signature[4:], self.text.encode())
        except InvalidSignature:
            return "its signature does not hold"
        return None


def read_note(data: bytes) -> Note:
    """Read a checkpoint of one signature. Raises ValueError when a byte is not as it should be."""
    match = NOTE.fullmatch(data.decode())
    if match is None:
        raise ValueError("is no signed checkpoint")
    origin, size, root, signer, signature = match.groups()
    found = Note(
        text=f"{origin}\n{size}\n{root}\n",
        origin=origin,
        size=int(size),
        root=exactly(root),
        signer=signer,
        signature=exactly(signature),
    )
    if len(found.root) != 32 or len(found.signature) != 68:
        raise ValueError("is no signed checkpoint")
    return found


def read_key(data: bytes) -> LogKey:
    """A public key as PEM or as a note verifier's line. Raises ValueError."""
    if match := VERIFIER.fullmatch(data.decode()):
        encoded = exactly(match[3])
        key = LogKey(encoded[1:])
        if encoded[:1] != b"\x01" or (match[1], match[2]) != (key.name, key.id.hex()):
            raise ValueError("is no key of a log")
        return key
    try:
        public = load_pem_public_key(data)
    except UnsupportedAlgorithm as error:
        raise ValueError(f"is no key of a log: {error}") from error
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError("is not an Ed25519 key")
    if public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) != data:
        raise ValueError("is not written as it was")
    return LogKey(public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def verifier_line(key: LogKey) -> bytes:
    """The key as `log.vkey` holds it."""
    encoded = base64.b64encode(b"\x01" + key.raw).decode()
    return f"{key.name}+{key.id.hex()}+{encoded}\n".encode()


def exactly(text: str) -> bytes:
    """Base64 in its one spelling. Raises ValueError for any other."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"is not base64: {error}") from error
    if base64.b64encode(data).decode() != text:
        raise ValueError("is base64 in an odd spelling")
    return data
