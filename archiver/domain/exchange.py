"""An exchange: one request and what came back, however it was obtained."""

import io
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

from msgspec import Struct

from archiver.domain.digest import Digest, sha256

Headers = tuple[tuple[str, str], ...]
Truncation = Literal["length", "time", "disconnect", "unspecified"]


class Body(Struct, frozen=True, kw_only=True):
    """An entity body: its bytes in memory, or in a spool file when it is large.

    `size` is in bytes, `digest` is over exactly these bytes. A spool file belongs to the capture
    and is removed when the capture has been written.
    """

    data: bytes = b""
    spool: str | None = None
    size: int
    digest: Digest

    @classmethod
    def of(cls, data: bytes) -> "Body":
        """A body held in memory."""
        return cls(data=data, size=len(data), digest=sha256(data))

    def open(self) -> BinaryIO:
        """A fresh binary stream over the bytes."""
        return Path(self.spool).open("rb") if self.spool else io.BytesIO(self.data)

    def read(self) -> bytes:
        """All the bytes; for a spooled body this reads the file into memory."""
        return Path(self.spool).read_bytes() if self.spool else self.data


EMPTY = Body.of(b"")


class TlsPeer(Struct, frozen=True, kw_only=True):
    """What the browser or the client said about the certificate of the other side.

    `names` are those the certificate holds for (subject alternative names); `certificates` the SHA-256
    of the chain's certificates in DER form, the server's own first.
    """

    protocol: str
    cipher: str = ""
    subject: str = ""
    issuer: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    names: tuple[str, ...] = ()
    certificates: tuple[Digest, ...] = ()


class Taken(Struct, frozen=True):
    """Secrets of the user that were taken out of a request or a response: where, how many times."""

    side: Literal["request", "response"]
    where: str
    count: int = 1


class Exchange(Struct, frozen=True, kw_only=True):
    """One request and its response, with header lists in order, duplicates kept.

    `body` is what the maker received. When `made_by` is `browser` it is content-decoded (the
    DevTools protocol gives nothing else) although `response_headers` still name the original
    encoding; the WARC writer says so in the record. When `made_by` is `client` it is as sent, with
    transfer coding removed. `status` 0 with an `error` means that no response came; beside `truncated` it
    says why the body is not whole.
    `protocols` are WARC-Protocol values, such as `h2` and `tls/1.3`. `address` is the IP address
    really connected to, or None where a proxy hides it. `redacted` lists what a logged-in view's
    exchange no longer holds.
    """

    url: str
    method: str = "GET"
    request_headers: Headers = ()
    request_body: Body = EMPTY
    status: int = 0
    reason: str = ""
    response_headers: Headers = ()
    body: Body = EMPTY
    started_at: datetime
    address: str | None = None
    protocols: tuple[str, ...] = ()
    resource_type: str = "other"
    truncated: Truncation | None = None
    error: str = ""
    made_by: Literal["browser", "client"]
    tls: TlsPeer | None = None
    redacted: tuple[Taken, ...] = ()

    def header(self, name: str) -> str | None:
        """The first response header of that name, compared without case."""
        wanted = name.lower()
        return next((value for key, value in self.response_headers if key.lower() == wanted), None)

    @property
    def recordable(self) -> bool:
        """Whether it becomes WARC records: something answered, and over HTTP. `data:` and `blob:`
        never leave the page, and readers refuse an HTTP message under any other scheme."""
        return self.status != 0 and self.url[:8].lower().startswith(("http://", "https://"))

    @property
    def media_type(self) -> str:
        """The media type of Content-Type, lower case, without parameters; empty when absent."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()
