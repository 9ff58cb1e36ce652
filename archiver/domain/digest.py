"""The one place that hashes: SHA-256 in lower-case hexadecimal, written `sha256:<hex>`."""

import hashlib

from msgspec import Struct


class Digest(Struct, frozen=True):
    """An algorithm's label and its value, as WARC digest fields write them (`sha256:<hex>`)."""

    algorithm: str
    value: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value}"

    @classmethod
    def parse(cls, text: str) -> "Digest":
        """Read `algorithm:value`. Raises ValueError when there is no colon."""
        algorithm, colon, value = text.partition(":")
        if not colon or not value:
            raise ValueError(f"not a digest: {text!r}")
        return cls(algorithm, value)


def sha256(data: bytes) -> Digest:
    """The SHA-256 digest of `data`."""
    return Digest("sha256", hashlib.sha256(data).hexdigest())
