"""What SQLite says, as our own errors."""

import os
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy.exc import DBAPIError

from archiver.errors import ArchiveDamaged, ArchiverError, NoSpace
from archiver.files import FULL

REBUILD = "run `archiver rebuild`: it makes the ledger again from the manifests"
PROBE = 1 << 16
"""Bytes by which it is tried whether a disk is full: more than any file system has up its sleeve for a file."""


def ours(path: Path, error: DBAPIError) -> ArchiverError:
    """One clear line for what SQLite says."""
    said = str(error.orig)
    if "full" in said:
        return NoSpace(f"no space left for {path}", hint="free some space, then run again")
    if "locked" in said or "busy" in said:
        return ArchiverError(
            f"{path} is locked by another program ({said})", hint="close it, then run again"
        )
    if "readonly" in said or "unable to open" in said or "disk I/O" in said:
        return trouble(path, said)
    return ArchiveDamaged(f"{path} is damaged: {said}", hint=REBUILD)


def trouble(path: Path, said: str) -> ArchiverError:
    """What keeps us from a ledger in which nothing is wrong: NoSpace when the disk is full, else what was said."""
    if _is_full(path.parent):
        return NoSpace(f"no space left for {path}", hint="free some space, then run again")
    return ArchiverError(f"cannot use {path}: {said}")


def _is_full(folder: Path) -> bool:
    """Whether the disk takes nothing more: SQLite calls an exceeded quota, or a full disk that shows only
    when a file is opened or synced, an I/O error."""
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(PROBE))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.errno in FULL
    return False
