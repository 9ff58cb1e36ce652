"""Containers: what is in a folder, a gzip file, a feed, a sitemap, a table, item by item."""

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from archiver.domain.document import Document
from archiver.domain.seed import BadSeed
from archiver.errors import SeedError
from archiver.intake.archives import warc_pages
from archiver.intake.dated import dated_text
from archiver.intake.feeds import Entry, day_of, json_entries, xml_entries
from archiver.intake.fetch import known_by
from archiver.intake.kinds import BY_SUFFIX, HEAD, kind_of
from archiver.intake.material import Material, Reach, spelled, whole
from archiver.intake.pages import listed_page, page_documents, post_itself
from archiver.intake.tables import Row, csv_rows, json_rows


def gzip_documents(material: Material, reach: Reach) -> Iterator[Document]:
    """A compressed WARC is read as it is; anything else is unpacked, at most to a document's size."""
    try:
        with material.open() as stream, gzip.open(stream) as packed:
            if packed.read(5) == b"WARC/":
                return (yield from warc_pages(material))
            packed.seek(0)
            inner = material.unpacked(whole(packed))  # type: ignore[arg-type]
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SeedError(f"a damaged gzip file: {error}") from error
    yield from reach.inside(inner)


def folder_documents(material: Material, reach: Reach) -> Iterator[Document]:
    """The documents of all files of known kinds below a folder."""
    found = False
    for path in _files(material.path or Path()):
        found = True
        yield from _item(Material(name=spelled(path), path=path, read_at=reach.clock.now()), reach)
    if not found:
        raise SeedError("nothing in this folder can be read (html, txt, json, csv, warc, wacz, …)")


def _files(folder: Path) -> Iterator[Path]:
    """Files of known kinds, in order of their paths; hidden ones and links to folders are passed over."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.suffix.lower() in BY_SUFFIX and path.is_file():
                yield path


def _item(material: Material, reach: Reach) -> Iterator[Document]:
    """The documents of one item of a container; what is wrong with it is reported."""
    try:
        yield from reach.inside(material)
    except SeedError as error:
        reach.report(BadSeed(source=material.name, origin=material.name, reason=error.message))


def xml_feed_documents(material: Material, reach: Reach) -> Iterator[Document]:
    """The articles of an RSS or Atom feed, or of a sitemap and those that it names."""
    return _entries(xml_entries(material), material, reach)


def json_feed_documents(material: Material, reach: Reach) -> Iterator[Document]:
    """The articles of a JSON Feed."""
    return _entries(json_entries(material), material, reach)


def _entries(entries: Iterable[Entry], feed: Material, reach: Reach) -> Iterator[Document]:
    if reach.before and feed.url and feed.exchanges:
        reach.before.keep_feed(feed.url, known_by(feed))
    seen: set[str] = set()
    for entry in entries:
        if entry.url is None or entry.url not in seen:
            yield from _entry(entry, feed, reach)
        seen.add(entry.url or "")


def _entry(entry: Entry, feed: Material, reach: Reach) -> Iterator[Document]:
    """The article of an entry; where it cannot be had, what the feed itself holds of it.

    A feed that is a file is read without the web as far as it goes: an entry that holds its whole
    article is that article.
    """
    name = entry.url or f"{feed.name}#{entry.number}"
    if entry.whole and feed.url is None:
        yield from post_itself(entry.url or "", reach, name)
        yield entry.document(feed)
        return
    try:
        if entry.url is None:
            raise SeedError("this entry has no address")
        yield from page_documents(entry.url, reach, name)
    except SeedError as error:
        if entry.html.strip():
            yield entry.document(feed)
        else:
            origin = f"{feed.name}#{entry.number}"
            reach.report(BadSeed(source=name, origin=origin, reason=error.message))


def csv_documents(material: Material, reach: Reach) -> Iterator[Document]:
    """The articles of a CSV or TSV table."""
    for row in csv_rows(material):
        yield from _row(row, material, reach)


def jsonl_documents(material: Material, reach: Reach) -> Iterator[Document]:
    """The articles of a file of JSON lines."""
    for row in json_rows(material):
        yield from _row(row, material, reach)


def _row(row: Row, table: Material, reach: Reach) -> Iterator[Document]:
    """The article of a row: its HTML, else its text, else what its address answers."""
    name = f"{table.name}#{row.number}"
    if not (row.html or row.text):
        yield from _fetched_row(row, name, reach)
        return
    body = (row.html or row.text).encode("utf-8", "replace")
    is_html = bool(row.html) and kind_of(body[:HEAD]) == "html"
    document = Document(
        source=name,
        kind="html" if is_html else "text",
        body=body,
        url=row.url or None,
        charset="utf-8",
        read_at=table.read_at,
        dated=day_of(row.date),
        title=row.title or None,
    )
    yield document if is_html or document.dated else dated_text(document)


def _fetched_row(row: Row, name: str, reach: Reach) -> Iterator[Document]:
    if row.url:
        yield from listed_page(row.url, reach, name)
    else:
        why = "this row holds no html, text or url"
        reach.report(BadSeed(source=name, origin=name, reason=why))
