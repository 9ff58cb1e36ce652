"""The index of a run: CDXJ lines (CDXJ 0.1), one for each record that a reader may ask for.

A line is `SURT timestamp {json}`. The lines are made from Records alone, so the index can be made again
from the manifests. The SURT key is the Internet Archive's own function: pywb computes the key of a
lookup with it, so a key of our own making could only be wrong.

A part of a file (206) has no line where the capture holds the whole of it: a reader takes the first record of
an address that it finds, and makes any part out of a whole, but nothing out of another part.

Nor has an answer that the page's own followed within the second, from the same address: a page that checks its visitor
and then loads itself again. An index counts in seconds, and of one second pywb shows the first line, ReplayWeb.page
the last, whichever that may be.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from surt import surt

from archiver.clock import timestamp14
from archiver.domain.record import Record
from archiver.files import write_pieces
from archiver.records.fold import folded_url
from archiver.sorting import sorted_lines

INDEXED = {"response", "revisit", "resource", "metadata"}
ANSWERS = {"response", "revisit"}
PART = 206


def cdxj_lines(
    records: Iterable[Record], page_url: str | None = None, page_at: datetime | None = None
) -> Iterator[str]:
    """The index lines of a capture's records, without line ends, in the order of the records.

    `page_url` and `page_at` say which of the answers is the page.
    """
    listed = tuple(records)
    whole = {record.target_uri for record in listed if _is_whole(record)}
    page = next(
        (r for r in listed if _is_page(r) and r.target_uri == page_url and r.date == page_at), None
    )
    for record in listed:
        if record.type not in INDEXED or not record.target_uri:
            continue
        part = record.status == PART and record.target_uri in whole
        if not part and not (page and _precedes(record, page)):
            yield _line(record, record.target_uri)


def _is_page(record: Record) -> bool:
    """Whether it may be what a page was drawn from."""
    return record.type in ANSWERS and (record.method or "GET").upper() == "GET"


def _precedes(record: Record, page: Record) -> bool:
    """Whether it is an earlier answer from the page's address, in the same second."""
    return (
        _is_page(record)
        and record.target_uri == page.target_uri
        and record.date < page.date
        and timestamp14(record.date) == timestamp14(page.date)
    )


def _is_whole(record: Record) -> bool:
    """Whether it answers a GET with all that there is; what a revisit is cut by is that it points elsewhere."""
    answered = record.type == "revisit" or (record.type == "response" and not record.truncated)
    return answered and record.status == 200 and (record.method or "GET").upper() == "GET"


def write_index(path: Path, lines: Iterable[str]) -> None:
    """Write the lines to `path` in one go, each once, sorted by their bytes; there may be millions."""
    encoded = (line.encode("ascii") + b"\n" for line in lines)
    write_pieces(path, sorted_lines(encoded, path.parent))


def key(url: str) -> str:
    """The sort-friendly form of a URL; a URL that SURT cannot digest is its own key."""
    try:
        found = surt(url)
    except (ValueError, AssertionError, AttributeError, IndexError, TypeError):
        found = url
    return str(found)


def _line(record: Record, url: str) -> str:
    folded = url
    if record.request_body is not None and record.method:
        folded = folded_url(url, record.method.upper(), record.request_body)
    facts = json.dumps(dict(_facts(record, url)))
    return f"{_ascii(key(folded))} {timestamp14(record.date)} {facts}"


def _ascii(text: str) -> str:
    """Spaces, controls and whatever is not ASCII percent-encoded: a key is one word."""
    return "".join(
        c if "!" <= c <= "~" else "".join(f"%{b:02x}" for b in c.encode("utf-8", "replace"))
        for c in text
    )


def _facts(record: Record, url: str) -> Iterator[tuple[str, str]]:
    yield "url", url
    if mime := "warc/revisit" if record.type == "revisit" else record.media_type:
        yield "mime", mime
    if record.status is not None:
        yield "status", str(record.status)
    yield "digest", str(record.payload_digest or record.block_digest)
    yield "length", str(record.length)
    yield "offset", str(record.offset)
    yield "filename", record.file.rpartition("/")[2]
    if record.request_body is not None and record.method:
        yield "method", record.method.upper()
        yield "requestBody", record.request_body
