"""What an earlier run was given for an address, so that a site is asked only whether it has changed.

An article's answer lies in the archive: its validators (ETag, Last-Modified: RFC 9110, section 8.8) are
those of the record itself, and the bytes must be the ones that the article's manifest names. Feeds are
not captured; as read last they are kept in a folder of their own, which may be lost without harm. When
the server says 304, the bytes are read again as if they had come: the article is unchanged, never empty.
"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from fastwarc.warc import ArchiveIterator, WarcRecordType
from msgspec import Struct

from archiver.clock import Clock
from archiver.domain.digest import sha256
from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.domain.exchange import Exchange
from archiver.domain.manifest import Manifest
from archiver.errors import ArchiveDamaged, ArchiverError, SeedError
from archiver.extraction.find import find_embeds
from archiver.files import UNREADABLE, write_atomically
from archiver.intake.kinds import HEAD, kind_of
from archiver.intake.material import Known, charset_of
from archiver.manifests.file import read_manifest
from archiver.net.decode import codings_in, uncoded
from archiver.storage.layout import Archive
from archiver.storage.ledger import Ledger
from archiver.targets import document_key, fingerprint

MOST_BYTES = 16_000_000
"""Bytes of an article or feed beyond which it is simply fetched again."""


class Kept(Struct, frozen=True, kw_only=True):
    """A feed as it was read: its address, and what came."""

    url: str
    known: Known


class Earlier:
    """What the archive holds of addresses that are read again. `unchanged` collects the answers 304."""

    def __init__(self, archive: Archive, ledger: Ledger, clock: Clock) -> None:
        self._archive = archive
        self._ledger = ledger
        self._clock = clock
        self._unchanged: list[Exchange] = []

    def known(self, url: str) -> Known | None:
        """What came for the address the last time, where its server can be asked whether that still holds."""
        known = self._feed(url) or self._article(url)
        return known if known and (known.etag or known.modified) else None

    def holds(self, document: Document, found: Sequence[Embed], problems: list[str]) -> bool:
        """Whether the article's last capture holds the same embeds, links and widgets.

        A manifest that cannot be read is a line in `problems`. Where it is damaged or missing, the article is kept
        anew; where only the disk does not give it just now, what it says is taken to hold.
        """
        state = self._ledger.state_of(document_key(document), self._clock.now())
        if state is None:
            return False
        try:
            last = read_manifest(self._archive.absolute(state.manifest))
        except ArchiveDamaged as error:
            problems.append(error.message)
            unread = isinstance(error.__cause__, OSError)
            return unread and not isinstance(error.__cause__, FileNotFoundError)
        return fingerprint(last.found) == fingerprint(found)

    def keep_feed(self, url: str, known: Known) -> None:
        """Keep a feed for the next run; one whose server gives no validator is not worth it."""
        if not (known.etag or known.modified) or len(known.content) > MOST_BYTES:
            return
        self._archive.feeds.mkdir(mode=0o750, exist_ok=True)
        write_atomically(self._place(url), msgspec.json.encode(Kept(url=url, known=known)))

    def unchanged(self, hops: Sequence[Exchange]) -> None:
        """Remember the requests that ended in 304: they are recorded with the next capture."""
        self._unchanged.extend(hops)

    def taken(self) -> tuple[Exchange, ...]:
        """The requests that ended in 304 since the last call."""
        taken, self._unchanged = tuple(self._unchanged), []
        return taken

    def _place(self, url: str) -> Path:
        return self._archive.feeds / f"{sha256(url.encode('utf-8', 'replace')).value}.json"

    def _feed(self, url: str) -> Known | None:
        try:
            kept = msgspec.json.decode(self._place(url).read_bytes(), type=Kept)
        except UNREADABLE:
            return None
        return kept.known if kept.url == url else None

    def _article(self, url: str) -> Known | None:
        state = self._ledger.state_of(f"web:{url}")
        if state is None:
            return None
        try:
            manifest = read_manifest(self._archive.absolute(state.manifest))
            answers = list(self._answers(manifest, url))
        except (ArchiverError, OSError, ValueError):
            return None  # taken out or damaged: the article is fetched as if it had never been read
        return next((known for known in answers if self._holds(known, manifest, url)), None)

    def _answers(self, manifest: Manifest, url: str) -> Iterator[Known]:
        """The whole answers 200 to the address in the capture's WARC, in order."""
        folder = self._archive.run(manifest.run_id).path
        for record in manifest.records:
            whole = record.type == "response" and record.status == 200 and not record.truncated
            if whole and record.target_uri == url and record.length <= MOST_BYTES:
                with (folder / record.file).open("rb") as stream:
                    stream.seek(record.offset)
                    yield from _read(stream.read(record.length))

    def _holds(self, known: Known, manifest: Manifest, url: str) -> bool:
        """Whether these are the bytes that the article was read from, and reading them finds the same."""
        if manifest.document is None or sha256(known.content) != manifest.document:
            return False
        material = known.material(url, url, self._clock.now())
        head = known.content[:HEAD]
        if kind_of(head, media_type=known.media_type, suffix=material.suffix) != "html":
            return False
        try:
            found = find_embeds(material.document("html", known.content))
        except SeedError:  # it takes too long: it is read anew, and that is told
            return False
        return fingerprint(found) == fingerprint(manifest.found)


def _read(member: bytes) -> Iterator[Known]:
    """The response of one WARC record as it was sent, its content codings undone."""
    for record in ArchiveIterator(
        io.BytesIO(member), record_types=WarcRecordType.response, auto_decode="none"
    ):
        headers = record.http_headers
        if headers is None:
            continue
        said = {name.lower(): value for name, value in headers.astuples()}
        body = uncoded(
            record.reader.read(), codings_in(said.get("content-encoding", "")), MOST_BYTES
        )
        kind = said.get("content-type", "")
        yield Known(
            content=body,
            media_type=kind.partition(";")[0].strip().lower(),
            charset=charset_of(kind),
            etag=said.get("etag", ""),
            modified=said.get("last-modified", ""),
        )
