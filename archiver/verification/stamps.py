"""RFC 3161 tokens against the checkpoints that they are of."""

import re
import warnings
from collections.abc import Sequence
from pathlib import Path

import certifi
from cryptography.x509 import Certificate, load_pem_x509_certificates
from msgspec import Struct
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from archiver.errors import UsageError

UNKNOWN = re.compile(r"unable to get (local )?issuer|self.signed certificate")


class Token(Struct, frozen=True):
    """What became of a token: the time it says, what is wrong with it, or that nobody here knows who
    gave it."""

    at: str = ""
    problem: str = ""
    unknown: bool = False


def read_roots(extra: Path | None) -> list[Certificate]:
    """The public authorities and those of the file `extra`. Raises UsageError when it is none."""
    with warnings.catch_warnings():  # an old public root has the serial number 0
        warnings.simplefilter("ignore")
        roots = load_pem_x509_certificates(Path(certifi.where()).read_bytes())
        try:
            more = load_pem_x509_certificates(extra.read_bytes()) if extra else []
        except (OSError, ValueError) as error:
            raise UsageError(f"cannot read the certificates in {extra}: {error}") from error
    return list(dict.fromkeys([*more, *roots]))


def check_token(data: bytes, message: bytes, roots: Sequence[Certificate]) -> Token:
    """Check that the token is over `message` and signed by an authority that leads to a root."""
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        answer = decode_timestamp_response(data)
        at = f"{answer.tst_info.gen_time:%Y-%m-%d %H:%M:%S} UTC"
        builder.build().verify_message(answer, message)
    except (VerificationError, ValueError) as error:
        if UNKNOWN.search(str(error)):
            return Token(at=at, unknown=True)
        return Token(problem=f"is no valid time stamp: {_short(error)}")
    return Token(at=at)


def _short(error: Exception) -> str:
    match = re.search(r'reason: "([^"]*)"', str(error))
    return match[1] if match else str(error)
