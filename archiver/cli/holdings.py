"""What an archive holds, for the commands that read it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from archiver.clock import SystemClock
from archiver.config import Settings
from archiver.errors import ArchiverError, UsageError
from archiver.files import disk_errors
from archiver.manifests.file import read_manifest
from archiver.platforms import permalink, recognise
from archiver.removal import removals, target_digest
from archiver.storage.layout import Archive
from archiver.storage.ledger import Ledger, LedgerOutdated
from archiver.storage.lock import hold
from archiver.storage.rebuild import open_ledger
from archiver.storage.shown import PostHistory


def archive_of(settings: Settings) -> Archive:
    """The archive of the settings. Raises UsageError when there is none yet."""
    archive = Archive(settings.archive)
    if not archive.runs.is_dir():
        raise UsageError(
            f"there is no archive at {settings.archive}",
            hint="'archiver run' makes one; --archive names another place",
        )
    return archive


@contextmanager
def ledger_of(archive: Archive) -> Iterator[Ledger]:
    """The ledger, open. Where it is missing, or too old to be brought up, it is made from the manifests,
    which needs the lock. Where nothing may be written beside it, a copy of it is read."""
    clock = SystemClock()
    if archive.ledger.exists() and not os.access(archive.root, os.W_OK):
        with _copied(archive.ledger) as ledger:
            yield ledger
        return
    if archive.ledger.exists() and _fits(archive):
        with Ledger(archive.ledger) as ledger:
            yield ledger
        return
    with hold(archive, clock):
        open_ledger(archive, read_manifest, clock).close()
    with Ledger(archive.ledger) as ledger:
        yield ledger


@contextmanager
def _copied(path: Path) -> Iterator[Ledger]:
    """A copy of a ledger, open: SQLite has to write beside what it reads, unless another program has just
    made it room. Raises ArchiverError where that program wrote in the meantime."""
    before = _as_written(path)
    if before[2]:
        with Ledger(path) as ledger:
            yield ledger
        return
    with TemporaryDirectory(prefix="archiver-") as folder:
        copy = Path(folder) / path.name
        with disk_errors(copy):
            shutil.copyfile(path, copy)
        if _as_written(path) != before:
            raise ArchiverError(f"{path} was written to while it was read", hint="try again")
        with Ledger(copy) as ledger:
            yield ledger


def _as_written(path: Path) -> tuple[int, int, bool]:
    """When it was written, its size, and whether somebody is at work on it: each writer makes that file first."""
    told = path.stat()
    return told.st_mtime_ns, told.st_size, path.with_name(path.name + "-wal").exists()


def _fits(archive: Archive) -> bool:
    """Whether this version of the program can read the ledger as it is."""
    try:
        Ledger(archive.ledger).close()
    except LedgerOutdated:
        return False
    return True


def history_of(archive: Archive, ledger: Ledger, named: str) -> PostHistory:
    """What the ledger knows of the post that a user means by `platform:id`, a URL, or an id that only one
    post has.

    Raises UsageError when the archive has no such post, no more, or several.
    """
    spelt = _spellings(named)
    found = [target for target in spelt if ledger.state_of(target)] or [*ledger.named(named)]
    if len(found) > 1 and "://" not in named:
        raise UsageError(f"{named} may be {' or '.join(found)}", hint="name it as platform:id")
    history = ledger.show(found[0]) if found else None
    if history is None:
        raise _nothing_of(archive, named, spelt)
    return history


def _nothing_of(archive: Archive, named: str, spelt: tuple[str, ...]) -> UsageError:
    """Whether a post that is not there was taken out, or never was there."""
    removed = removals(archive)
    stones = [removed[digest] for digest in map(target_digest, spelt) if digest in removed]
    if not stones:
        nothing = f"the archive has nothing of {named}"
        return UsageError(nothing, hint="'archiver list' shows what it has")
    return UsageError(
        f"{named} was removed on request at {stones[0].removed_at}",
        hint=f"the reason is told in {archive.log.tombstone(stones[0].capture_id)}",
    )


def _spellings(named: str) -> tuple[str, ...]:
    """The targets that a name may stand for, the likeliest first."""
    if "://" not in named or named.startswith("web:"):
        return (named,)
    known = recognise(named)
    if known is None or known.ref is None:
        return (f"web:{named}",)
    return (str(known.ref), f"web:{named}", f"web:{permalink(known.ref)}")
