"""The ledger again, from the manifests alone."""

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct

from archiver.clock import Clock, compact
from archiver.domain.digest import Digest, sha256
from archiver.domain.manifest import Manifest
from archiver.errors import ArchiveDamaged, ArchiverError, MadeByNewer
from archiver.files import (
    disk_errors,
    free_name,
    make_folders,
    publish,
    read_errors,
    sync_file,
    sync_folder,
)
from archiver.storage.layout import Archive
from archiver.storage.ledger import Entry, Ledger, LedgerOutdated
from archiver.storage.troubles import trouble

AT_ONCE = 200
"""Captures that are entered in one transaction."""
SIDE_FILES = ("", "-wal", "-shm", "-journal")
ReadManifest = Callable[[Path], Manifest]


class Rebuilt(Struct, frozen=True):
    """How many captures were entered, and one line for each manifest that could not be read."""

    captures: int
    problems: tuple[str, ...] = ()


def open_ledger(archive: Archive, read_manifest: ReadManifest, clock: Clock) -> Ledger:
    """The archive's ledger; a missing one, or one too old to be brought up, is made from the manifests.

    Raises ArchiveDamaged for a damaged ledger: what damaged it may have damaged more, and somebody
    should look before it is rebuilt. Raises MadeByNewer where a later version was at work.
    """
    if not archive.ledger.exists():
        rebuild(archive, read_manifest, clock, all_known=True)
    try:
        ledger = Ledger(archive.ledger)
    except LedgerOutdated:
        rebuild(archive, read_manifest, clock, all_known=True)
        ledger = Ledger(archive.ledger)
    try:
        ledger.see_sound()
    except ArchiverError:
        ledger.close()
        raise
    return ledger


def rebuild(
    archive: Archive, read_manifest: ReadManifest, clock: Clock, *, all_known: bool = False
) -> Rebuilt:
    """Make the ledger from all manifests of the archive; the old one goes to quarantine.

    The new ledger is built aside and takes the place of the old one only when it is whole. Hold the
    lock. Raises as `Ledger` does; with `all_known` also MadeByNewer for a manifest of a later version, of
    which the ledger would know nothing.
    """
    aside = unfinished_ledger(archive)
    remove_unfinished(aside)
    problems: list[str] = []
    count = 0
    with Ledger(aside) as ledger:
        entries = _entries(archive, read_manifest, problems, all_known)
        while batch := list(islice(entries, AT_ONCE)):
            ledger.commit_captures(batch)
            count += len(batch)
    _see_taken_in(aside)
    with disk_errors(archive.ledger):
        sync_file(aside)  # before the old one goes: as short as can be there is none
    _put_away(archive, clock)
    with disk_errors(archive.ledger):
        publish(aside, archive.ledger)
    remove_unfinished(aside)
    return Rebuilt(count, tuple(problems))


def unfinished_ledger(archive: Archive) -> Path:
    """The name of a ledger that is being built."""
    return archive.ledger.with_name(archive.ledger.name + ".open")


def _entries(
    archive: Archive, read_manifest: ReadManifest, problems: list[str], all_known: bool
) -> Iterator[Entry]:
    """Every manifest that can be read; one that cannot is a line in `problems`, and stays where it is."""
    for path in _manifests(archive):
        try:
            yield read_manifest(path), archive.relative(path), _digest(path)
        except (ArchiveDamaged, MadeByNewer) as error:
            if all_known and isinstance(error, MadeByNewer):
                raise
            problems.append(error.message)


def _manifests(archive: Archive) -> Iterator[Path]:
    for run in archive.run_folders():
        for capture_id in run.captures():
            yield run.manifests / f"{capture_id}.json"


def _digest(path: Path) -> Digest:
    with read_errors(path):
        return sha256(path.read_bytes())


def remove_unfinished(aside: Path) -> None:
    """Take away a ledger half built by an interrupted rebuild: it has nothing that is not in the manifests."""
    with disk_errors(aside):
        for suffix in SIDE_FILES:
            aside.with_name(aside.name + suffix).unlink(missing_ok=True)


def _see_taken_in(aside: Path) -> None:
    """Raise NoSpace or ArchiverError when the ledger's write-ahead log was not taken into it at its closing: SQLite
    is silent about that, and without its log the ledger would be half of one."""
    if aside.with_name(aside.name + "-wal").exists():
        raise trouble(aside, "its write-ahead log could not be taken in")


def _put_away(archive: Archive, clock: Clock) -> None:
    """The old ledger with all that belongs to it, out of the way: a stray `-wal` would be played into
    the new one."""
    moved = False
    with disk_errors(archive.quarantine):
        make_folders(archive.quarantine)
        for suffix in SIDE_FILES:
            old = archive.ledger.with_name(archive.ledger.name + suffix)
            if old.exists():
                name = f"{compact(clock.now())}-{old.name}"
                os.rename(old, free_name(archive.quarantine, name))
                moved = True
        if moved:
            sync_folder(archive.quarantine)
            sync_folder(archive.root)
