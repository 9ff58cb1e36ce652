"""Opening files of which nothing is known: only plain ones, never a link, a pipe or a device."""

import io
import os
import stat
from pathlib import Path
from typing import BinaryIO, cast

from isal import isal_zlib
from msgspec import Struct

SMALL = 1 << 20
"""Bytes of the largest key, checkpoint, token or tombstone."""
FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Place(Struct, frozen=True):
    """Where the bytes of a file are, so that another process can open it: a file of its own, or
    `size` bytes at `offset` of the zip file `path`, with their CRC-32."""

    path: str
    offset: int = 0
    size: int | None = None
    crc: int = 0


class Slice(io.RawIOBase):
    """`size` bytes of a file from `offset` on; `crc` is the CRC-32 of what was read up to the first jump."""

    def __init__(self, file: BinaryIO, offset: int, size: int) -> None:
        self._file, self._start, self._size = file, offset, size
        self._at = 0
        self._jumped = False
        self.crc = 0
        file.seek(offset)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte of the slice, as io.RawIOBase asks for it."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        at = min(max(0, start + offset), self._size)
        self._jumped = self._jumped or at != self._at
        self._at = at
        self._file.seek(self._start + at)
        return at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The next bytes, as io.RawIOBase asks for them."""
        data = self._file.read(min(len(buffer), self._size - self._at))
        self._at += len(data)
        if not self._jumped:
            self.crc = isal_zlib.crc32(data, self.crc)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()


def open_place(place: Place) -> BinaryIO:
    """Open a file or a slice of a zip file. Raises OSError."""
    file = open_plain(place.path)
    if place.size is None:
        return file
    return cast(BinaryIO, io.BufferedReader(Slice(file, place.offset, place.size)))


def checksum(stream: BinaryIO) -> int | None:
    """The CRC-32 of what was read of a slice; None for a file of its own."""
    raw = getattr(stream, "raw", None)
    return raw.crc if isinstance(raw, Slice) else None


def open_plain(path: str | Path) -> BinaryIO:
    """Open a plain file. Raises OSError for whatever else has that name, and never waits for a pipe."""
    handle = os.open(path, FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError("is not a plain file")
    return os.fdopen(handle, "rb")


def read_small(path: Path, most: int = SMALL) -> bytes:
    """All bytes of a plain file. Raises OSError, also for one that is larger than `most`."""
    with open_plain(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(f"is larger than {most >> 10} KiB")
    return data
