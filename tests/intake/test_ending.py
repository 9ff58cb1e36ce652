"""A WARC file that was cut off is said to be, wherever that was."""

import gzip
import io
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.domain.seed import Seed
from archiver.errors import SeedError
from archiver.intake.read import read_documents

RECORDS = (
    ("warcinfo", "", b"software: x\r\n"),
    ("response", "text/html", b"<p>The first page"),
    ("request", "", b""),
    ("response", "image/png", b"a picture" * 9),
    ("response", "text/html", b"<p>The second page"),
    ("metadata", "", b"fetchTimeMs: 1\r\n"),
)


def warc(*, packed: bool) -> tuple[bytes, tuple[int, ...]]:
    """A WARC file, and the places at which its records end."""
    out = io.BytesIO()
    writer, ends = WARCWriter(out, gzip=packed), []
    for number, (kind, media_type, body) in enumerate(RECORDS):
        line = "GET / HTTP/1.1" if kind == "request" else "200 OK"
        headers = [("Content-Type", media_type)] if media_type else [("Host", "news.example")]
        head = StatusAndHeaders(line, headers, protocol="" if kind == "request" else "HTTP/1.1")
        record = writer.create_warc_record(
            f"https://news.example/{number}", kind, io.BytesIO(body),
            http_headers=head if kind in {"request", "response"} else None,
        )  # fmt: skip
        writer.write_record(record)
        ends.append(out.tell())
    return out.getvalue(), tuple(ends)


def pages(content: bytes, path: Path) -> tuple[list[bytes], str]:
    """The pages that come out of it, and what is complained of."""
    path.write_bytes(content)
    found = []
    try:
        for document in read_documents(Seed(source=str(path), origin="test")):
            found.append(document.body)
    except SeedError as error:
        return found, error.message
    return found, ""


@pytest.mark.parametrize(("packed", "blank"), [(True, 0), (False, 4)])
def test_no_cut_goes_unnoticed(tmp_path: Path, packed: bool, blank: int) -> None:
    """The blank lines behind the last record are not asked for."""
    content, ends = warc(packed=packed)
    whole = {end - less for end in ends[1:] for less in range(blank + 1)}
    path = tmp_path / "a.warc"
    for length in range(ends[0] + 5, len(content) + 1):
        _, complaint = pages(content[:length], path)
        assert bool(complaint) is (length not in whole), (length, ends, complaint)
    assert pages(content, path) == ([b"<p>The first page", b"<p>The second page"], "")


def test_a_file_compressed_as_a_whole(tmp_path: Path) -> None:
    content = gzip.compress(warc(packed=False)[0])
    both = [b"<p>The first page", b"<p>The second page"]
    assert pages(content, tmp_path / "a.warc.gz") == (both, "")
    found, complaint = pages(content[:-9], tmp_path / "a.warc.gz")
    assert complaint == "this WARC file ends in the middle of a record" and found
