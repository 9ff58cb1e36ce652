"""What is written of a run, in the order that survives a kill at any instant.

Of one capture: its WARC file (synced, read back, renamed), then its manifest the same way, then its
ledger row. The row is the sole commit point. Of a run: index, page list and package, made from the
manifests alone, so that a run that was cut short can be finished by the next one.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, cached_property

from msgspec.structs import replace

from archiver import __version__
from archiver.clock import Ids
from archiver.collector import software
from archiver.domain.capture import Capture
from archiver.domain.digest import Digest
from archiver.domain.embed import Embed
from archiver.domain.exchange import Exchange
from archiver.domain.manifest import Article, Collector, Context, Manifest
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import Resolution
from archiver.domain.record import Record, StoredPayload
from archiver.errors import ArchiveDamaged, ArchiverError
from archiver.manifests.assemble import assemble
from archiver.manifests.compare import compare
from archiver.manifests.file import read_manifest, write_manifest
from archiver.manners import with_loose
from archiver.package.run import PageEntry, Sign, write_package
from archiver.records.index import cdxj_lines, write_index
from archiver.records.warcinfo import WarcInfo
from archiver.records.write import write_capture
from archiver.storage.layout import Archive, RunFolder
from archiver.storage.ledger import Ledger
from archiver.storage.mend import put_away_halves
from archiver.storage.payloads import Payloads
from archiver.verification.warc import check_warc


class Commit:
    """Writes the captures of one run, one at a time, from any thread.

    The run's folder is made with the first capture: a run that finds nothing to do leaves nothing.
    `loose` gives the requests of the run since it was last asked that belong to no capture of their own;
    `archive_id` the name that manifests give the archive, asked for once, or None.
    """

    def __init__(
        self,
        archive: Archive,
        ledger: Ledger,
        run_id: str,
        settings: dict[str, str],
        ids: Ids,
        loose: Callable[[], Sequence[Exchange]] = tuple,
        who: Collector | None = None,
        archive_id: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._archive = archive
        self._ledger = ledger
        self._who = who
        self._archive_id = cache(archive_id)
        self._run_id = run_id
        self._settings = settings
        self._ids = ids
        self._loose = loose
        self._payloads = Payloads()
        self._lock = threading.Lock()
        self.folder: RunFolder | None = None

    @cached_property
    def _info(self) -> WarcInfo:
        """What each WARC file says of the run; the program's digest is not worked out for a run without any."""
        return WarcInfo(
            software=software(),
            run_id=self._run_id,
            settings=self._settings,
            operator=self._who.operator if self._who else None,
        )

    def open_folder(self) -> RunFolder:
        """The run's folder, made when it is not there yet."""
        if self.folder is None:
            self.folder = self._archive.create_run(self._run_id)
        return self.folder

    def save(
        self,
        capture: Capture,
        *,
        resolution: Resolution | None = None,
        metadata: PostMetadata | None = None,
        articles: Sequence[Article] = (),
        document: Digest | None = None,
        found: Sequence[Embed] = (),
        context: Sequence[Context] = (),
    ) -> Manifest:
        """Commit one capture: WARC, manifest, row. Raises ArchiverError; nothing half is left valid. What any other
        exception leaves is in quarantine, so that the run can go on."""
        with self._lock, self._whole_or_away():
            folder = self.open_folder()
            capture = with_loose(capture, self._loose())
            written = write_capture(
                capture,
                folder.archive,
                self._info,
                seen=lambda digest, url: self._payloads.get(digest),
                ids=self._ids,
                check=check_warc,
            )
            manifest = assemble(
                capture,
                written,
                post=resolution.post if resolution else None,
                articles=articles,
                run_id=self._info.run_id,
                resolution_steps=resolution.steps if resolution else (),
                confidence=resolution.confidence if resolution else None,
                candidates=resolution.candidates if resolution else (),
                metadata=metadata,
                software=self._info.software,
                collector=self._who,
                settings=self._info.settings,
                document=document,
                found=found,
                context=context,
            )
            manifest = replace(self._compared(manifest), archive_id=self._archive_id())
            path = folder.manifest(capture.id)
            digest = write_manifest(manifest, path)
            self._ledger.commit_capture(manifest, self._archive.relative(path), digest)
            self._payloads.add(payloads(written.records))
            return manifest

    @contextmanager
    def _whole_or_away(self) -> Iterator[None]:
        fault = True
        try:
            yield
            fault = False
        except ArchiverError:  # of the disk or the archive: it ends the run, and the next one mends
            fault = False
            raise
        finally:
            if fault:
                list(put_away_halves(self._archive, self.open_folder()))

    def _compared(self, manifest: Manifest) -> Manifest:
        """The manifest of a post with how it stands to the settled capture before it, if there is one."""
        earlier = None if manifest.document else self._ledger.last_settled(manifest.target)
        if earlier is None:
            return manifest
        try:
            before = read_manifest(self._archive.absolute(earlier))
        except (
            ArchiveDamaged
        ):  # taken out or damaged: `verify` speaks of it, and this capture counts
            return manifest
        return replace(manifest, compared=compare(before, manifest))


def payloads(records: Iterable[Record]) -> Iterator[tuple[Digest, StoredPayload]]:
    """The payloads that later captures of the run may point to."""
    for record in records:
        whole = record.type == "response" and not record.truncated
        if whole and record.payload_digest and record.target_uri:
            yield (
                record.payload_digest,
                StoredPayload(record_id=record.id, target_uri=record.target_uri, date=record.date),
            )


def finish(folder: RunFolder, sign: Sign | None = None, *, created: datetime | None = None) -> None:
    """Index, page list and package of a run, from its manifests: the folder is a whole WACZ then.

    `sign` signs the package; `created` is its date, else the start of the run.
    """
    pages = index(folder)
    write_package(
        folder.path,
        title=f"archiver run {folder.id}",
        created=created or started(folder.id),
        software=f"archiver {__version__}",
        captures=pages,
        sign=sign,
    )


def index(folder: RunFolder) -> list[PageEntry]:
    """The index of a run; gives the pages of its captures."""
    pages: list[PageEntry] = []
    write_index(folder.index, _index_lines(folder, pages))
    return pages


def _index_lines(folder: RunFolder, pages: list[PageEntry]) -> Iterator[str]:
    """The lines of all captures, of which one manifest is held at a time; their pages are added to `pages`."""
    for name in manifest_names(folder):
        manifest = read_manifest(folder.manifest(name))
        if page := page_of(manifest):
            pages.append(page)
        yield from cdxj_lines(manifest.records, manifest.page_url, manifest.page_at)


def manifest_names(folder: RunFolder) -> list[str]:
    """The ids of all captures that have a manifest in the run."""
    return sorted(path.name.removesuffix(".json") for path in folder.manifests.glob("*.json"))


def started(run_id: str) -> datetime:
    """The instant in a run's id (`20261122T040611Z-3f9a`)."""
    return datetime.strptime(run_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def page_of(manifest: Manifest) -> PageEntry | None:
    """Where a viewer begins with this capture; None when no response stands for a page."""
    for record in manifest.records:
        same = record.target_uri == manifest.page_url and record.date == manifest.page_at
        if same and record.type in {"response", "revisit"} and record.target_uri:
            return PageEntry(
                id=manifest.capture_id,
                url=record.target_uri,
                at=record.date,
                title=manifest.title or manifest.target,
            )
    return None
