"""The signature of a package: `signedData` in `datapackage-digest.json`, by wacz-auth 0.1.0, anonymous form."""

import base64
import binascii
import json
from collections.abc import Iterator

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from msgspec import Struct

from archiver.verification.defect import Defect, quoted
from archiver.verification.merkle import leaf_of
from archiver.verification.package import DIGEST, PACKAGE
from archiver.verification.tree import Tree, read_text_file

DOMAIN = {"domain", "domainCert", "timeSignature", "timestampCert", "crossSignedCert"}
"""Of the other form, by which a web domain signs; it is left to its own tools."""


class Signature(Struct, forbid_unknown_fields=True, rename="camel"):
    """What stands in `signedData`; nothing else may."""

    hash: str
    created: str
    software: str
    version: str
    signature: str
    public_key: str


class Made(Struct):
    """What is read of `datapackage.json` here."""

    created: str


class Signed(Struct, frozen=True):
    """The leaf hash of a run's digest file, and the public key (DER) whose signature in it holds."""

    leaf: bytes = b""
    key: bytes | None = None


def check_signature(tree: Tree, defects: list[Defect]) -> Signed:
    """Check the signature of a package if it has one; what is wrong goes to `defects`."""
    if DIGEST not in tree.files:
        return Signed()
    data = read_text_file(tree, DIGEST, [])
    if data is None:
        return Signed()
    try:
        digest = json.loads(data)
        said = digest["signedData"]
        if DOMAIN & set(said):
            return Signed(leaf_of(data))
        signature = msgspec.convert(said, Signature)
        key = _verified(signature)
        if signature.hash != digest["hash"]:
            raise ValueError("is over another hash")
    except (KeyError, TypeError):  # not signed; what is no object at all is said elsewhere
        return Signed(leaf_of(data))
    except (ValueError, RecursionError, UnsupportedAlgorithm) as error:
        defects.append(Defect(tree.shown(DIGEST), "", f"its signature {quoted(error)}"))
        return Signed(leaf_of(data))
    defects += _misdated(tree, signature)
    return Signed(leaf_of(data), key)


def _misdated(tree: Tree, signature: Signature) -> Iterator[Defect]:
    """The date that stands beside a signature is not covered by it: that of the package is, and is the same."""
    package = read_text_file(tree, PACKAGE, [])
    try:
        made = msgspec.json.decode(package or b"", type=Made).created
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return  # said with the package
    if made != signature.created:
        what = f"its signature is dated {quoted(signature.created)}, {PACKAGE} {quoted(made)}"
        yield Defect(tree.shown(DIGEST), "", what)


def _verified(said: Signature) -> bytes:
    """The public key whose signature it is. Raises ValueError with the words after "its signature"."""
    if said.version != "0.1.0":
        raise ValueError(f"is of version {said.version}")
    try:
        encoded = base64.b64decode(said.public_key, validate=True)
        raw = base64.b64decode(said.signature, validate=True)
        key = load_der_public_key(encoded)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"cannot be read: {error}") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or len(raw) % 2:
        raise ValueError("is not ECDSA")
    half = len(raw) // 2
    numbers = int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
    try:
        key.verify(encode_dss_signature(*numbers), said.hash.encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise ValueError("does not hold") from None
    return encoded
