"""RFC 3161 time stamps over checkpoints: the question to an authority, and whether its answer holds.

A token says that the checkpoint existed at that time, and with it every manifest of its tree. It is the
word of a third party, which our own clock and key are not.
"""

import re
import warnings
from collections.abc import Sequence
from pathlib import Path

import certifi
from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from archiver.errors import ArchiverError, ConfigError

ASK = "application/timestamp-query"
ANSWER = "application/timestamp-reply"


def question(message: bytes) -> bytes:
    """A request for a token over `message`, with a nonce, asking for the authority's certificate."""
    request = TimestampRequestBuilder(data=message, hash_algorithm=HashAlgorithm.SHA256).build()
    return request.as_bytes()


def see_answer(asked: bytes, answer: bytes, message: bytes, roots: Sequence[Certificate]) -> None:
    """Raise ArchiverError, with the reason, unless `answer` is a token for what was asked.

    Looked at: status, nonce, message, the signature, the certificate's purpose and its chain to one of
    the `roots`.
    """
    builder = VerifierBuilder(nonce=nonce_of(asked))
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(decode_timestamp_response(answer), message)
    except (VerificationError, ValueError) as error:
        told = re.search(r"Verify error: ([^\"]*)", str(error))
        why = told[1] if told else str(error)
        raise ArchiverError(f"its answer is no valid time stamp: {why}") from error


def nonce_of(asked: bytes) -> int:
    """The nonce of a request: the last INTEGER of TimeStampReq (RFC 3161 section 2.4.1)."""
    at = 2 if asked[1] < 0x80 else 2 + (asked[1] & 0x7F)
    nonce = None
    while at < len(asked):
        tag, size = asked[at], asked[at + 1]
        if tag == 0x02:
            nonce = int.from_bytes(asked[at + 2 : at + 2 + size], "big")
        at += 2 + size
    if nonce is None:
        raise ArchiverError("the time-stamp request has no nonce")
    return nonce


def roots_of(extra: Path | None) -> list[Certificate]:
    """The authorities trusted for time stamps: the public ones, and those in the file `extra`.

    Raises ConfigError when that cannot be read.
    """
    with warnings.catch_warnings():  # one old public root has a serial number of 0
        warnings.simplefilter("ignore")
        roots = load_pem_x509_certificates(Path(certifi.where()).read_bytes())
    if extra is not None:
        try:
            roots = load_pem_x509_certificates(extra.read_bytes()) + roots
        except (OSError, ValueError) as error:
            raise ConfigError(f"cannot read the certificates in {extra}: {error}") from error
    return list(dict.fromkeys(roots))
