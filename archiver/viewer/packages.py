"""What can be looked at: run folders and WACZ files, through one face.

Names inside a package come from the package's own list of files, never from a request as it is.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from archiver.errors import ArchiveDamaged
from archiver.viewer.bundle import Bundle

LARGEST_LINE = 1 << 24
SMALL = 1 << 20
LARGEST_RATIO = 200
"""What the text of a page or an index is never packed by; below SMALL bytes it does no harm."""


class Folder(Struct, frozen=True, dict=True):
    """The folder of a run."""

    path: Path

    @property
    def name(self) -> str:
        """What the package is called."""
        return self.path.name

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every file of it."""
        found = (p for p in self.path.rglob("*") if p.is_file() and not p.is_symlink())
        return tuple(sorted(p.relative_to(self.path).as_posix() for p in found))

    def open(self, name: str) -> BinaryIO:
        """One of `names`, for reading."""
        return (self.path / name).open("rb")

    def deflated(self, names: Iterable[str]) -> int:
        """None: files of a folder are as they are."""
        return 0

    @cached_property
    def wacz(self) -> Bundle:
        """The package as one WACZ file."""
        return Bundle([(name, self.path / name) for name in self.names])


class Zipped(Struct, frozen=True, dict=True):
    """A WACZ file."""

    path: Path

    @property
    def name(self) -> str:
        """What the package is called."""
        return self.path.stem

    @cached_property
    def _zip(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.path)
        except (zipfile.BadZipFile, OSError) as error:
            raise ArchiveDamaged(f"{self.path} is no WACZ file: {error}") from error

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every file of it."""
        return tuple(sorted(self._zip.namelist()))

    def open(self, name: str) -> BinaryIO:
        """One of `names`, for reading. Raises BadZipFile for one that expands beyond measure."""
        entry = self._zip.getinfo(name)
        if entry.file_size > max(SMALL, LARGEST_RATIO * entry.compress_size):
            raise zipfile.BadZipFile(f"it expands from {entry.compress_size} bytes beyond measure")
        return self._zip.open(entry)  # type: ignore[return-value] # it reads bytes, and seeks

    def deflated(self, names: Iterable[str]) -> int:
        """To how many bytes those of the names expand that are not stored as they are."""
        entries = map(self._zip.getinfo, names)
        return sum(one.file_size for one in entries if one.compress_type != zipfile.ZIP_STORED)

    @cached_property
    def wacz(self) -> "Whole":
        """The package as one WACZ file."""
        return Whole(self.path)


class Whole:
    """A file as it is, with the face of a Bundle."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size

    def read(self, start: int, length: int) -> Iterator[bytes]:
        """The bytes from `start`, at most `length` of them, in pieces. Raises OSError."""
        with self._path.open("rb") as file:
            file.seek(start)
            while length > 0 and (piece := file.read(min(1 << 20, length))):
                yield piece
                length -= len(piece)


Package = Folder | Zipped
DAMAGE = (
    zipfile.BadZipFile, gzip.BadGzipFile, zlib.error,
    EOFError, KeyError, RuntimeError, FileNotFoundError,
)  # fmt: skip
"""What is raised while one reads: a wrong checksum, no such entry, an entry that is encrypted."""


@contextmanager
def reading(package: Package, name: str) -> Iterator[BinaryIO]:
    """One file of the package. Raises ArchiveDamaged where it is not there or not whole, and OSError."""
    try:
        with package.open(name) as file:
            yield file
    except DAMAGE as error:
        why = error.args[-1] if error.args else type(error).__name__
        raise ArchiveDamaged(f"{name} in {package.path}: {why}") from error


def lines_of(file: BinaryIO, where: str) -> Iterator[bytes]:
    """The lines of a file as they are. Raises ArchiveDamaged for one that never ends; `where` says in which file."""
    while line := file.readline(LARGEST_LINE):
        if len(line) == LARGEST_LINE:
            raise ArchiveDamaged(f"{where}: a line of more than {LARGEST_LINE >> 20} MiB")
        yield line
