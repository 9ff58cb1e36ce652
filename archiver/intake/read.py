"""The front door of intake: seeds from what the user named, documents from a seed."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from archiver.clock import Clock, SystemClock
from archiver.domain.document import Document
from archiver.domain.seed import BadSeed, Seed
from archiver.errors import SeedError
from archiver.intake.archives import wacz_pages, warc_pages
from archiver.intake.containers import (
    csv_documents,
    folder_documents,
    gzip_documents,
    json_feed_documents,
    jsonl_documents,
    xml_feed_documents,
)
from archiver.intake.kinds import HEAD, Kind, kind_of
from archiver.intake.material import Before, Fetcher, Material, Reach, Reader, Report, spelled
from archiver.intake.mhtml import mhtml_documents
from archiver.intake.pages import page_documents
from archiver.intake.seeds import read_seeds
from archiver.intake.texts import text_documents
from archiver.intake.webarchive import webarchive_documents

__all__ = ["read_documents", "read_seeds"]


def read_documents(
    seed: Seed,
    client: Fetcher | None = None,
    clock: Clock | None = None,
    *,
    report: Report | None = None,
    before: Before | None = None,
) -> Iterator[Document]:
    """The documents of a seed, one by one. Raises SeedError with one line that says what is wrong.

    A page, a text, a JSON file is one document; a folder, feed, sitemap, table, web archive or a text that is
    nothing but addresses is many.
    An item of a container that cannot be read is told to `report` and the others go on; without one, it is
    an error after the last document. With `before`, what an earlier run has read is asked for with its
    validators, and read again when the server says that it has not changed.
    """
    bad: list[BadSeed] = []
    when = clock or SystemClock()
    reach = Reach(
        client=client,
        clock=when,
        report=report or bad.append,
        documents=_documents,
        before=before,
    )
    yield from _seed_documents(seed, reach)
    if bad:
        others = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        raise SeedError(f"{bad[0].source}: {bad[0].reason}{others}")


def _seed_documents(seed: Seed, reach: Reach) -> Iterator[Document]:
    if seed.content is not None:
        material = Material(name=seed.source, content=seed.content, read_at=reach.clock.now())
    elif seed.is_url:
        read = partial(_documents, reach=reach)
        return page_documents(seed.source, reach, seed.source, read)
    else:
        path = Path(seed.source)
        material = Material(name=spelled(path), path=path, read_at=reach.clock.now())
    return _documents(material, reach)


def _documents(material: Material, reach: Reach) -> Iterator[Document]:
    path = material.path
    if path is not None and path.is_dir():
        return folder_documents(material, reach)
    if path is not None and path.is_fifo():
        material = material.unpacked(material.read())  # a pipe gives its bytes once
    elif path is not None and not path.is_file():
        raise SeedError("not a file" if path.exists() else "no such file")
    return READERS[_kind(material)](material, reach)


def _kind(material: Material) -> Kind:
    with material.open() as stream:
        head = stream.read(HEAD)
    return kind_of(head, media_type=material.media_type, suffix=material.suffix)


def _html(material: Material, reach: Reach) -> Iterator[Document]:
    yield material.document("html", material.read())


def _json(material: Material, reach: Reach) -> Iterator[Document]:
    yield material.document("json", material.read())


def _warc(material: Material, reach: Reach) -> Iterator[Document]:
    yield from warc_pages(material)


def _wacz(material: Material, reach: Reach) -> Iterator[Document]:
    yield from wacz_pages(material)


def _empty(material: Material, reach: Reach) -> Iterator[Document]:
    raise SeedError("there is nothing in it")


def _binary(material: Material, reach: Reach) -> Iterator[Document]:
    said = f" ({material.media_type})" if material.media_type else ""
    raise SeedError(f"neither HTML nor text{said}")


READERS: dict[Kind, Reader] = {
    "html": _html,
    "text": text_documents,
    "json": _json,
    "feed": xml_feed_documents,
    "sitemap": xml_feed_documents,
    "jsonfeed": json_feed_documents,
    "table": csv_documents,
    "jsonl": jsonl_documents,
    "gzip": gzip_documents,
    "warc": _warc,
    "zip": _wacz,
    "mhtml": mhtml_documents,
    "webarchive": webarchive_documents,
    "binary": _binary,
    "empty": _empty,
}
