"""Writing files so that a power cut leaves either the old state or the new one, never half of it."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from archiver.errors import ArchiveDamaged, ArchiverError, NoSpace

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
OURS = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES, errno.EPERM}
"""Why a file cannot be read although nothing is wrong with it."""
UNREADABLE = (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading a small JSON file into a type raises where it is not there, not JSON, or nested without end."""


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's errors about `path` into ours: NoSpace (exit 3) or ArchiverError."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoSpace(
                f"no space left for {path}", hint="free some space, then run again"
            ) from error
        raise ArchiverError(f"cannot write {path}: {error.strerror or error}") from error


@contextmanager
def read_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's errors on reading `path` into ours: ArchiveDamaged (exit 5) for a file that
    is missing or that the disk does not give, ArchiverError where this process may not or cannot."""
    try:
        yield
    except OSError as error:
        kind = ArchiverError if error.errno in OURS else ArchiveDamaged
        raise kind(f"cannot read {path}: {error.strerror or error}") from error


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable: a rename survives a power cut only after this."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folders(path: Path, mode: int = 0o750) -> None:
    """Make the folder and those above it that are not there yet, and make their names durable."""
    if path.is_dir():
        return
    make_folders(path.parent, mode)
    path.mkdir(mode=mode, exist_ok=True)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Make the content of `path` durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def free_name(folder: Path, name: str) -> Path:
    """A path in `folder` that is not taken: `name`, or with a number after it."""
    candidate, number = folder / name, 2
    while candidate.exists():
        candidate, number = folder / f"{name}.{number}", number + 1
    return candidate


def publish(unfinished: Path, final: Path) -> None:
    """Give a finished, synced file its final name and make the name durable."""
    os.rename(unfinished, final)
    sync_folder(final.parent)


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` through `<path>.open`, fsync, rename, fsync of the folder."""
    write_pieces(path, (data,))


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """As `write_atomically`, of data that is not held as a whole."""
    unfinished = path.with_name(path.name + ".open")
    with disk_errors(path):
        with open(unfinished, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        publish(unfinished, path)
