"""The signature of a package: `signedData` of wacz-auth 0.1.0, in its anonymous form.

What is signed is the text of the hash (`sha256:…`), with ECDSA on P-384 and SHA-256. The signature is the two
numbers one after the other, 48 bytes each, as browsers' WebCrypto has it: so ReplayWeb.page checks it too.
It says that the holder of the key made this package, and nothing about the platform.
"""

import base64
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archiver.clock import iso

VERSION = "0.1.0"
NUMBER = 48
"""Bytes of each of the two numbers of a signature on P-384."""


def signed_data(
    package_hash: str, key: ec.EllipticCurvePrivateKey, *, created: datetime, software: str
) -> dict[str, str]:
    """The `signedData` for a package by the hash of its `datapackage.json`. No other key may stand in it."""
    r, s = decode_dss_signature(key.sign(package_hash.encode(), ec.ECDSA(SHA256())))
    signature = r.to_bytes(NUMBER, "big") + s.to_bytes(NUMBER, "big")
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "hash": package_hash,
        "created": iso(created),
        "software": software,
        "version": VERSION,
        "signature": base64.b64encode(signature).decode(),
        "publicKey": base64.b64encode(public).decode(),
    }
