"""A run folder, read as if it were one WACZ file: nothing is copied, any range of it can be asked for.

The layout is that of a ZIP file whose entries are all stored (APPNOTE 6.3 sections 4.3 and 4.5.3, ZIP64 where
a number does not fit). Each file is read once, for its CRC-32, when the bundle is made.
"""

import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

PIECE = 1 << 20
WIDE = 0xFFFFFFFF
"""A 32-bit field that says: the number stands in the ZIP64 part."""
EPOCH_DAY = 0x21
"""The first day that a ZIP file can name, 1980-01-01."""


class Bundle:
    """The bytes of a ZIP file that exists only as its parts: pieces of our own and whole files.

    `size` is its length in bytes. The files must not change while the bundle is in use, as those of a
    finished run do not. Sizes and offsets from `wide_from` on are written in the ZIP64 form.
    """

    def __init__(self, files: Sequence[tuple[str, Path]], *, wide_from: int = WIDE) -> None:
        self._wide_from = wide_from
        self._parts: list[bytes | Path] = []
        self._starts: list[int] = []
        self.size = 0
        entries = [self._entry(name.encode("utf-8"), path) for name, path in files]
        self._directory(entries)

    def read(self, start: int, length: int) -> Iterator[bytes]:
        """The bytes from `start`, at most `length` of them, in pieces. Raises OSError."""
        index = max(bisect_right(self._starts, start) - 1, 0)
        while length > 0 and index < len(self._parts):
            for piece in _part(self._parts[index], start - self._starts[index], length):
                yield piece
                start += len(piece)
                length -= len(piece)
            index += 1

    def _add(self, part: bytes | Path, size: int) -> None:
        if size:
            self._starts.append(self.size)
            self._parts.append(part)
            self.size += size

    def _entry(self, name: bytes, path: Path) -> bytes:
        """Add a file with its local header; gives its line of the central directory."""
        crc, size = _checksum(path)
        offset = self.size
        wide = struct.pack("<HHQQ", 1, 16, size, size) if size >= self._wide_from else b""
        shown = WIDE if wide else size
        common = struct.pack(
            "<HHHHHIIIHH", 45 if wide else 20, 0x800, 0, 0, EPOCH_DAY, crc, shown, shown,
            len(name), len(wide),
        )  # fmt: skip
        head = b"PK\x03\x04" + common + name + wide
        self._add(head, len(head))
        self._add(path, size)
        far = offset >= self._wide_from
        numbers = ([size, size] if wide else []) + ([offset] if far else [])
        extra = (
            struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""
        )
        common = common[:-2] + struct.pack("<H", len(extra))
        attributes = struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, WIDE if far else offset)
        return b"PK\x01\x02" + struct.pack("<H", 0x31E) + common + attributes + name + extra

    def _directory(self, entries: Sequence[bytes]) -> None:
        """The central directory and its end, which always comes with its ZIP64 form before it."""
        start, lines = self.size, b"".join(entries)
        count, end = len(entries), start + len(lines)
        wide = struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, len(lines), start)
        whole = b"PK\x06\x06" + wide + b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
        few = min(count, 0xFFFF)
        last = struct.pack("<HHHHIIH", 0, 0, few, few, min(len(lines), WIDE), min(start, WIDE), 0)
        tail = lines + whole + b"PK\x05\x06" + last
        self._add(tail, len(tail))


def _part(part: bytes | Path, start: int, length: int) -> Iterator[bytes]:
    if isinstance(part, bytes):
        yield part[start : start + length]
        return
    with part.open("rb") as file:
        file.seek(start)
        while length > 0 and (piece := file.read(min(PIECE, length))):
            yield piece
            length -= len(piece)


def _checksum(path: Path) -> tuple[int, int]:
    crc, size = 0, 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            crc = zlib.crc32(piece, crc)
            size += len(piece)
    return crc, size
