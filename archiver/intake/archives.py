"""Web archives: the HTML pages in WARC and WACZ files, with the address and the time they were got."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from archiver.clock import parse_iso
from archiver.domain.document import Document
from archiver.errors import SeedError
from archiver.intake.ending import breaks_off
from archiver.intake.material import MOST_BYTES, PAGES, Material, charset_of
from archiver.net.decode import codings_in, uncoded

CUT = "this WARC file ends in the middle of a record"
KEPT = (WarcRecordType.response, WarcRecordType.resource)
MEMBER = re.compile(r"(?:.*/)?archive/[^/]+\.warc(?:\.gz)?")
CHUNK = re.compile(rb"(?:\r?\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")


def warc_pages(archive: Material) -> Iterator[Document]:
    """The pages of a WARC file, compressed or not. Raises SeedError where it is damaged or cut off."""
    with archive.open() as stream:
        yield from _pages(archive, stream, whole=False)


def wacz_pages(archive: Material) -> Iterator[Document]:
    """The pages of a WACZ file. Raises SeedError when it is a zip file of another sort."""
    try:
        with archive.open() as stream, zipfile.ZipFile(stream) as packed:
            members = [info for info in packed.infolist() if MEMBER.fullmatch(info.filename)]
            if not members:
                raise SeedError("a zip file that is no WACZ: it has no archive/*.warc.gz")
            for member in members:
                with packed.open(member) as inner:
                    yield from _pages(archive, inner)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise SeedError(f"a damaged zip file: {error}") from error


def _pages(archive: Material, stream: BinaryIO, *, whole: bool = True) -> Iterator[Document]:
    """The pages in a stream of records; one that is not known to be `whole` is looked at behind the last."""
    seen, place = False, 0
    try:
        for record in ArchiveIterator(stream, auto_decode="none"):
            place = record.stream_pos
            if record.record_type not in KEPT:
                continue
            seen = True
            if not _is_page(record):
                continue
            length = record.content_length
            document = _page(archive, record)
            if document.body.strip():
                yield document
            if record.reader.tell() < min(length, MOST_BYTES):
                raise SeedError(CUT)
        if not whole and breaks_off(stream, place):
            raise SeedError(CUT)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise SeedError(f"a damaged WARC file: {error}") from error
    if not seen:
        raise SeedError("no response is in this WARC file")


def _is_page(record: WarcRecord) -> bool:
    """Whether a record holds HTML that was got from the web."""
    if not _address(record).lower().startswith(("http://", "https://")):
        return False
    if record.http_headers is not None and record.http_headers.status_code != 200:
        return False
    return _media_type(record) in PAGES


def _address(record: WarcRecord) -> str:
    return (record.headers.get("WARC-Target-URI") or "").strip("<>")


def _media_type(record: WarcRecord) -> str:
    said = record.http_content_type if record.http_headers else record.headers.get("Content-Type")
    return (said or "").partition(";")[0].strip().lower()


def _page(archive: Material, record: WarcRecord) -> Document:
    url = _address(record)
    body = _body(record)
    return Document(
        source=f"{archive.name}#{url}",
        kind="html",
        body=body,
        url=url,
        media_type=_media_type(record),
        charset=charset_of(_content_type(record)),
        read_at=_moment(record.headers.get("WARC-Date")),
    )


def _body(record: WarcRecord) -> bytes:
    """The page of a record. Codings are undone as far as they are sound: one bad body is no bad file."""
    body = bytes(record.reader.read(MOST_BYTES))
    headers = record.http_headers
    if headers is None:
        return body
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        body = unchunked(body)
    return uncoded(body, codings_in(headers.get("Content-Encoding") or ""), MOST_BYTES)


def unchunked(body: bytes) -> bytes:
    """A body without its chunks (RFC 9112, section 7.1); as it is where it has none."""
    pieces: list[bytes] = []
    place = 0
    while size := CHUNK.match(body, place):
        place = size.end() + int(size[1], 16)
        pieces.append(body[size.end() : place])
    return b"".join(pieces) if pieces else body


def _content_type(record: WarcRecord) -> str:
    headers = record.http_headers if record.http_headers is not None else record.headers
    return headers.get("Content-Type") or ""


def _moment(text: str | None) -> datetime | None:
    try:
        return parse_iso(text) if text else None
    except ValueError:
        return None
