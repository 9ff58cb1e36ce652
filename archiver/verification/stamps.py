"""RFC 3161 tokens against the checkpoints that they are of."""

import hashlib
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import certifi
from cryptography.x509 import Certificate, load_pem_x509_certificates
from msgspec import Struct
from rfc3161_client import (
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from archiver.errors import UsageError

HASHES = {
    "2.16.840.1.101.3.4.2.1": hashlib.sha256,
    "2.16.840.1.101.3.4.2.2": hashlib.sha384,
    "2.16.840.1.101.3.4.2.3": hashlib.sha512,
}
"""By the names that tokens give them."""
UNKNOWN = re.compile(r"unable to get (local )?issuer|self.signed certificate")


class Token(Struct, frozen=True):
    """What became of a token: the time it says, what is wrong with it, or that nobody here knows who
    gave it."""

    at: str = ""
    problem: str = ""
    unknown: bool = False


def read_roots(extra: Path | None) -> list[Certificate]:
    """The authorities of the file `extra`. Raises UsageError when it is none."""
    try:
        return load_pem_x509_certificates(extra.read_bytes()) if extra else []
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read the certificates in {extra}: {error}") from error


@cache
def public_roots() -> list[Certificate]:
    """The public authorities."""
    with warnings.catch_warnings():  # an old public root has the serial number 0
        warnings.simplefilter("ignore")
        found = load_pem_x509_certificates(Path(certifi.where()).read_bytes())
    return list(dict.fromkeys(found))


def check_token(data: bytes, message: bytes, roots: Sequence[Certificate]) -> Token:
    """Check that the token is over `message` and signed by an authority that leads to one of the `roots`
    or to a public one."""
    try:
        answer = decode_timestamp_response(data)
        at = f"{answer.tst_info.gen_time:%Y-%m-%d %H:%M:%S} UTC"
    except ValueError as error:
        return Token(problem=f"is no valid time stamp: {_short(error)}")
    if not _is_of(answer, message):
        return Token(problem="is no valid time stamp: it is of something else")
    token = _checked(answer, message, roots, at) if roots else Token(at=at, unknown=True)
    return _checked(answer, message, public_roots(), at) if token.unknown else token


def _is_of(answer: TimeStampResponse, message: bytes) -> bool:
    """Whether it is the hash of this message that was stamped. Of an unknown authority nothing else can be checked."""
    imprint = answer.tst_info.message_imprint
    make = HASHES.get(imprint.hash_algorithm.dotted_string)
    return make is not None and make(message).digest() == imprint.message


def told_of_token(shown: str, token: Token) -> Iterator[str]:
    """What is worth knowing of a token; `shown` is what it is called."""
    if token.unknown:
        yield f"{shown} says {token.at}; who gave it is not known (--tsa-ca)"


def _checked(
    answer: TimeStampResponse, message: bytes, roots: Sequence[Certificate], at: str
) -> Token:
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(answer, message)
    except (VerificationError, ValueError) as error:
        if UNKNOWN.search(str(error)):
            return Token(at=at, unknown=True)
        return Token(problem=f"is no valid time stamp: {_short(error)}")
    return Token(at=at)


def _short(error: Exception) -> str:
    match = re.search(r'reason: "([^"]*)"', str(error))
    return match[1] if match else str(error)
