"""From an answer to the bytes on the wire: entity tags, ranges, gzip, chunks."""

import gzip
import hashlib
import re

from msgspec import Struct

from archiver.demoweb.model import Answer, Request
from archiver.domain.digest import Digest, sha256

RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
BODILESS = frozenset({204, 304})
CHUNK = 4096


class Wire(Struct, frozen=True, kw_only=True):
    """What is sent: status, header lines in order, body bytes, and the digest of the plain body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    digest: Digest


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def _span(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that a Range header asks for; None when it cannot be satisfied."""
    found = RANGE.fullmatch(header.replace(" ", ""))
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    start, end = int(first), min(int(last or size - 1), size - 1)
    return (start, end) if start <= end else None


def _ranged(answer: Answer, wanted: str) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    size = len(answer.body)
    span = _span(wanted, size)
    if span is None:
        return 416, b"", (("Content-Range", f"bytes */{size}"),)
    first, last = span
    part = answer.body[first : last + 1]
    return 206, part, (("Content-Range", f"bytes {first}-{last}/{size}"),)


def _chunks(body: bytes) -> bytes:
    pieces = [body[i : i + CHUNK] for i in range(0, len(body), CHUNK)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def to_wire(answer: Answer, request: Request) -> Wire:
    """Apply what the request's headers ask for (If-None-Match, Range, Accept-Encoding) to an answer."""
    headers = [("Content-Type", answer.media_type), *answer.headers]
    status, body = answer.status, answer.body
    if answer.etag:
        headers += [("ETag", _etag(body)), ("Accept-Ranges", "bytes")]
        if request.headers.get("if-none-match") == _etag(body):
            status, body = 304, b""
        elif "range" in request.headers:
            status, body, extra = _ranged(answer, request.headers["range"])
            headers += extra
    digest = sha256(body)
    if answer.compress and body and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 6, mtime=0)
        headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    if answer.chunked and status not in BODILESS:
        headers.append(("Transfer-Encoding", "chunked"))
        body = _chunks(body)
    elif status not in BODILESS:
        headers.append(("Content-Length", str(len(body))))
    sends = request.method != "HEAD"
    return Wire(status=status, headers=tuple(headers), body=body if sends else b"", digest=digest)
