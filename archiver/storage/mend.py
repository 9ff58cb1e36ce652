"""What a killed run leaves behind, put right by the next one.

A capture is committed by its ledger row, after WARC and manifest. So a run that was killed may leave a
file called `.open`, a WARC without a manifest, or both without a row. The first two were never finished
and go to quarantine; the third is whole if it checks whole, and only its row is missing. A run killed at
its very beginning may lack some of its folders, and they are made. A ledger that was replaced by an
older one is brought up. Nothing that was captured is deleted.
Every step is safe to be interrupted and to be done again. Hold the lock.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from msgspec import Struct

from archiver.domain.digest import Digest
from archiver.domain.manifest import Manifest
from archiver.errors import ArchiveDamaged
from archiver.files import disk_errors, free_name, make_folders, read_errors, sync_folder
from archiver.storage.layout import Archive, RunFolder
from archiver.storage.ledger import Ledger
from archiver.storage.rebuild import remove_unfinished, unfinished_ledger

CheckWarc = Callable[[Path], Sequence[object]]
ReadManifest = Callable[[Path], Manifest]
OPEN = ".open"


class Mended(Struct, frozen=True):
    """What was mended, one line each, and the runs whose index, pages and package are still to be made."""

    lines: tuple[str, ...] = ()
    unfinished: tuple[RunFolder, ...] = ()


def mend(
    archive: Archive, ledger: Ledger, *, check_warc: CheckWarc, read_manifest: ReadManifest
) -> Mended:
    """Mend every run that was not packaged to its end.

    `check_warc` returns the defects of a WARC file, `read_manifest` raises ArchiveDamaged for one that
    is not whole. Raises NoSpace and ArchiverError when files cannot be moved.
    """
    lines = [*_put_away_open_files_of_archive(archive)]
    unfinished: list[RunFolder] = []
    counts = ledger.counts()
    for run in archive.run_folders():
        if run.finished:
            if len(run.captures()) > counts.get(run.id, 0):
                lines += _enter_forgotten_captures(archive, run, ledger, read_manifest)
            continue
        run.prepare()
        lines += put_away_halves(archive, run)
        lines += _enter_whole_captures(archive, run, ledger, check_warc, read_manifest)
        unfinished.append(run)
    return Mended(tuple(lines), tuple(unfinished))


def _put_away_open_files_of_archive(archive: Archive) -> Iterator[str]:
    """Those outside of the runs. Half a ledger is made of the manifests alone and goes, half a feed is read
    again and goes too; a half-written private key was never used, and is no thing to keep a copy of: the
    next key takes its place."""
    remove_unfinished(unfinished_ledger(archive))
    with disk_errors(archive.feeds):
        for path in archive.feeds.glob(f"*{OPEN}"):
            path.unlink()
    found = (archive.root.glob(f"*{OPEN}"), archive.log.path.rglob(f"*{OPEN}"))
    for path in sorted((*chain(*found), *archive.keys.path.glob(f"*{OPEN}"))):
        if not path.name.endswith((f".key{OPEN}", f".key.next{OPEN}")):
            _quarantine(archive, archive.root, path)
            yield f"{archive.relative(path)} was never finished, moved to quarantine"


def put_away_halves(archive: Archive, run: RunFolder) -> Iterator[str]:
    """Move the files of captures that came to no end into quarantine; one line for each. Raises NoSpace and
    ArchiverError when files cannot be moved."""
    yield from _put_away_open_files(archive, run)
    yield from _put_away_lone_warcs(archive, run)


def _put_away_open_files(archive: Archive, run: RunFolder) -> Iterator[str]:
    for path in sorted(run.path.rglob(f"*{OPEN}")):
        _quarantine(archive, run.path, path)
        yield f"run {run.id}: {path.name} was never finished, moved to quarantine"


def _put_away_lone_warcs(archive: Archive, run: RunFolder) -> Iterator[str]:
    known = set(run.captures())
    for path in sorted(run.archive.glob("*.warc.gz")):
        if path.name.removesuffix(".warc.gz") not in known:
            _quarantine(archive, run.path, path)
            yield f"run {run.id}: {path.name} has no manifest, moved to quarantine"


def _enter_whole_captures(
    archive: Archive,
    run: RunFolder,
    ledger: Ledger,
    check_warc: CheckWarc,
    read_manifest: ReadManifest,
) -> Iterator[str]:
    for capture_id in run.captures():
        if ledger.has(capture_id):
            continue
        path = run.manifests / f"{capture_id}.json"
        try:
            manifest = read_manifest(path)
            with read_errors(path):
                digest = _file_digest(path)
            _see_that_warc_is_whole(run, manifest, check_warc)
        except ArchiveDamaged as error:
            _quarantine(archive, run.path, path)
            _quarantine(archive, run.path, run.archive / f"{capture_id}.warc.gz")
            yield f"run {run.id}: capture {capture_id} moved to quarantine: {error.message}"
            continue
        ledger.commit_capture(manifest, archive.relative(path), digest)
        yield f"run {run.id}: capture {capture_id} was whole and is now in the ledger"


def _enter_forgotten_captures(
    archive: Archive, run: RunFolder, ledger: Ledger, read_manifest: ReadManifest
) -> Iterator[str]:
    """Captures of a finished run that the ledger does not know, since it is an older one that was put back:
    its rows come from the manifests again. What is damaged there is left to `verify`."""
    for capture_id in run.captures():
        path = run.manifests / f"{capture_id}.json"
        if ledger.has(capture_id):
            continue
        try:
            manifest = read_manifest(path)
            with read_errors(path):
                digest = _file_digest(path)
        except ArchiveDamaged as error:
            yield f"run {run.id}: {error.message}"
            continue
        ledger.commit_capture(manifest, archive.relative(path), digest)
        yield f"run {run.id}: the ledger had forgotten capture {capture_id}"


def _see_that_warc_is_whole(run: RunFolder, manifest: Manifest, check_warc: CheckWarc) -> None:
    """Raises ArchiveDamaged when the manifest's WARC is missing, another one, or has defects."""
    if manifest.warc_file is None:
        return
    path = run.archive / Path(manifest.warc_file).name
    if not path.is_file():
        raise ArchiveDamaged(f"{path.name} is missing")
    with read_errors(path):
        if _file_digest(path) != manifest.warc_digest:
            raise ArchiveDamaged(f"{path.name} is not the file that the manifest names")
        defects = check_warc(path)
    if defects:
        raise ArchiveDamaged(f"{path.name} is damaged: {defects[0]}")


def _file_digest(path: Path) -> Digest:
    with path.open("rb") as file:
        return Digest("sha256", hashlib.file_digest(file, "sha256").hexdigest())


def _quarantine(archive: Archive, home: Path, path: Path) -> None:
    """Move a file below `home`, a run's folder or the archive's, to `quarantine/<home's name>/…`, durable; one
    that is not there is passed over.

    The manifest goes before its WARC: interrupted in between, the WARC is one without a manifest.
    """
    if not path.exists():
        return
    place = archive.quarantine / home.name / path.relative_to(home).parent
    with disk_errors(place):
        make_folders(place)
        target = free_name(place, path.name)
        os.rename(path, target)
        sync_folder(place)
        sync_folder(path.parent)
