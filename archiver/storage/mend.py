"""What a killed run leaves behind, put right by the next one.

A capture is committed by its ledger row, after WARC and manifest. So a run that was killed may leave a
file called `.open`, a WARC without a manifest, or both without a row. The first two were never finished
and go to quarantine; the third is whole if it checks whole, and only its row is missing. A run killed at
its very beginning may lack some of its folders, and they are made. Nothing is deleted. Every step is safe to be interrupted and to be done again. Hold the lock.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from archiver.domain.digest import Digest, sha256
from archiver.domain.manifest import Manifest
from archiver.errors import ArchiveDamaged
from archiver.files import disk_errors, make_folders, sync_folder
from archiver.storage.layout import Archive, RunFolder
from archiver.storage.ledger import Ledger

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
    lines: list[str] = []
    unfinished: list[RunFolder] = []
    for run in archive.run_folders():
        if run.finished:
            continue
        run.prepare()
        lines += _put_away_open_files(archive, run)
        lines += _put_away_lone_warcs(archive, run)
        lines += _enter_whole_captures(archive, run, ledger, check_warc, read_manifest)
        unfinished.append(run)
    return Mended(tuple(lines), tuple(unfinished))


def _put_away_open_files(archive: Archive, run: RunFolder) -> Iterator[str]:
    for path in sorted(run.path.rglob(f"*{OPEN}")):
        _quarantine(archive, run, path)
        yield f"run {run.id}: {path.name} was never finished, moved to quarantine"


def _put_away_lone_warcs(archive: Archive, run: RunFolder) -> Iterator[str]:
    known = set(run.captures())
    for path in sorted(run.archive.glob("*.warc.gz")):
        if path.name.removesuffix(".warc.gz") not in known:
            _quarantine(archive, run, path)
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
            _see_that_warc_is_whole(run, manifest, check_warc)
        except ArchiveDamaged as error:
            _quarantine(archive, run, path)
            _quarantine(archive, run, run.archive / f"{capture_id}.warc.gz")
            yield f"run {run.id}: capture {capture_id} moved to quarantine: {error.message}"
            continue
        ledger.commit_capture(manifest, archive.relative(path), sha256(path.read_bytes()))
        yield f"run {run.id}: capture {capture_id} was whole and is now in the ledger"


def _see_that_warc_is_whole(run: RunFolder, manifest: Manifest, check_warc: CheckWarc) -> None:
    """Raises ArchiveDamaged when the manifest's WARC is missing, another one, or has defects."""
    if manifest.warc_file is None:
        return
    path = run.archive / Path(manifest.warc_file).name
    if not path.is_file():
        raise ArchiveDamaged(f"{path.name} is missing")
    if _file_digest(path) != manifest.warc_digest:
        raise ArchiveDamaged(f"{path.name} is not the file that the manifest names")
    if defects := check_warc(path):
        raise ArchiveDamaged(f"{path.name} is damaged: {defects[0]}")


def _file_digest(path: Path) -> Digest:
    with path.open("rb") as file:
        return Digest("sha256", hashlib.file_digest(file, "sha256").hexdigest())


def _quarantine(archive: Archive, run: RunFolder, path: Path) -> None:
    """Move a file of the run to `quarantine/<run>/…`, durable; one that is not there is passed over.

    The manifest goes before its WARC: interrupted in between, the WARC is one without a manifest.
    """
    if not path.exists():
        return
    place = archive.quarantine / run.id / path.relative_to(run.path).parent
    with disk_errors(place):
        make_folders(place)
        target = _free(place, path.name)
        os.rename(path, target)
        sync_folder(place)
        sync_folder(path.parent)


def _free(place: Path, name: str) -> Path:
    """A name not yet taken: the same file may be left behind twice."""
    candidate, number = place / name, 2
    while candidate.exists():
        candidate, number = place / f"{name}.{number}", number + 1
    return candidate
