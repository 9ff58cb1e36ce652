"""The files of a run, from a folder or out of a zip file, behind one small face."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from archiver.verification.defect import Defect, quoted
from archiver.verification.opening import Place, open_plain

LARGEST_TEXT = 1 << 26
"""Bytes of the largest file that is read as a whole: a list of files or pages, a statement."""
DRIVE = re.compile(r"[A-Za-z]:")


class Tree(Protocol):
    """A run's files by their paths in the package (`archive/x.warc.gz`), with sizes in bytes."""

    @property
    def name(self) -> str:
        """How defects call the run."""

    @property
    def files(self) -> dict[str, int]:
        """Path and size of every file."""

    @property
    def defects(self) -> list[Defect]:
        """What is wrong with the container itself."""

    def shown(self, path: str) -> str:
        """How defects call a file."""

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading. Raises OSError, and ValueError where a zip file is damaged."""

    def place(self, path: str) -> Place:
        """Where the bytes of a file are. Raises OSError."""


class FolderTree:
    """The files below a folder. Symbolic links and devices are defects and never opened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = str(folder)
        self.files: dict[str, int] = {}
        self.defects: list[Defect] = []
        for path, status in _walk(folder, self.defects):
            if stat.S_ISREG(status.st_mode):
                self.files[path.relative_to(folder).as_posix()] = status.st_size
            else:
                self.defects.append(Defect(str(path), "", "is neither a file nor a folder"))

    def shown(self, path: str) -> str:
        """The path of the file."""
        return str(self.folder / path)

    def open(self, path: str) -> BinaryIO:
        """Open the file."""
        return open_plain(self.folder / path)

    def place(self, path: str) -> Place:
        """The file's own path."""
        return Place(str(self.folder / path))


def read_text_file(tree: Tree, path: str, defects: list[Defect]) -> bytes | None:
    """All bytes of a file that is not a WARC; None, with a defect, when it cannot be had."""
    if path not in tree.files:
        defects.append(Defect(tree.shown(path), "", "is missing"))
        return None
    if tree.files[path] > LARGEST_TEXT:
        defects.append(Defect(tree.shown(path), "", f"is larger than {LARGEST_TEXT >> 20} MiB"))
        return None
    try:
        with tree.open(path) as stream:
            return stream.read()
    except (OSError, ValueError) as error:
        defects.append(Defect(tree.shown(path), "", f"cannot be read: {reason(error)}"))
        return None


def reason(error: Exception) -> str:
    """Why something could not be read, in words."""
    return (isinstance(error, OSError) and error.strerror) or quoted(error)


def unsafe_name(path: str) -> str | None:
    """What is unsafe in the path of a package's file, or None.

    A path may not lead out of the package, on any operating system.
    """
    if any(ord(c) < 32 or ord(c) == 127 for c in path):
        return "holds control characters"
    if "\\" in path:
        return "holds a backslash"
    if path.startswith("/") or DRIVE.match(path):
        return "is absolute"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "has an empty part, `.` or `..`"
    return None


def _walk(folder: Path, defects: list[Defect]) -> Iterator[tuple[Path, os.stat_result]]:
    def refuse(error: OSError) -> None:
        defects.append(Defect(str(error.filename), "", f"cannot be read: {reason(error)}"))

    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in sorted(files + links):
            path = Path(parent, name)
            yield path, path.lstat()
