"""A zip file written from its beginning to its end, of entries that are all stored: readers take byte ranges out of it.

The form is APPNOTE 6.3, sections 4.3 and 4.5.3 (ZIP64 where a number does not fit). The directory is kept in a
nameless file until the end, so that a zip file of a million entries takes no more memory than one of ten.
"""

import shutil
import struct
import zlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import BinaryIO

WIDE = 0xFFFFFFFF
"""In a field of 32 bits: the number stands in the ZIP64 part."""
MANY = 0xFFFF
EPOCH_DAY = 0x21
"""The date of every entry: 1980-01-01, the first that a zip file can name."""
UNIX = 0x31E
"""Made on Unix, by version 3.0 of the note."""
PLAIN_FILE = 0o100644 << 16
UTF8 = 0x800
_LOCAL = struct.Struct("<HHHHHIIIHH")
_CRC_AT = 14


class StoredZip(AbstractContextManager["StoredZip"]):
    """A zip file under way; `close` writes its directory. Raises OSError as any writing does."""

    def __init__(self, file: BinaryIO, aside: Path, *, wide_from: int = WIDE) -> None:
        """`file` is empty and can be sought in; `aside` is a folder for the directory until the end.
        Sizes and offsets from `wide_from` on are written in the ZIP64 form."""
        self._file = file
        self._wide_from = wide_from
        self._directory = TemporaryFile(dir=aside)  # noqa: SIM115 - __exit__ closes it
        self._count = 0

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._directory.close()

    def put(self, name: str, data: bytes) -> None:
        """One entry."""
        self.copy(name, len(data), (data,))

    def copy(self, name: str, size: int, pieces: Iterable[bytes]) -> None:
        """One entry of `size` bytes that come in pieces. Raises ValueError when they are more or fewer."""
        offset = self._file.tell()
        encoded = name.encode("utf-8")
        wide = struct.pack("<HHQQ", 1, 16, size, size) if size >= self._wide_from else b""
        head = self._common(encoded, WIDE if wide else size, len(wide), wide=bool(wide))
        self._file.write(b"PK\x03\x04" + head + encoded + wide)
        crc = written = 0
        for piece in pieces:
            crc, written = zlib.crc32(piece, crc), written + len(piece)
            self._file.write(piece)
        if written != size:
            raise ValueError(f"{name} has {written} bytes instead of {size}")
        end = self._file.tell()
        self._file.seek(offset + _CRC_AT)
        self._file.write(struct.pack("<I", crc))
        self._file.seek(end)
        self._list(encoded, offset, size, crc)

    def _common(self, name: bytes, size: int, extra: int, *, wide: bool, crc: int = 0) -> bytes:
        """What the header of an entry and its line in the directory share."""
        flags = 0 if name.isascii() else UTF8
        version = 45 if wide else 20
        return _LOCAL.pack(
            version, flags, 0, 0, EPOCH_DAY, crc, size, size, len(name), extra
        )  # fmt: skip

    def _list(self, name: bytes, offset: int, size: int, crc: int) -> None:
        wide, far = size >= self._wide_from, offset >= self._wide_from
        numbers = [*([size, size] if wide else []), *([offset] if far else [])]
        extra = (
            struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""
        )
        shown = WIDE if wide else size
        common = self._common(name, shown, len(extra), wide=bool(numbers), crc=crc)
        rest = struct.pack("<HHHII", 0, 0, 0, PLAIN_FILE, WIDE if far else offset)
        self._directory.write(
            b"PK\x01\x02" + struct.pack("<H", UNIX) + common + rest + name + extra
        )
        self._count += 1

    def close(self) -> int:
        """Write the directory; gives the size of the whole file."""
        start, size = self._file.tell(), self._directory.tell()
        self._directory.seek(0)
        shutil.copyfileobj(self._directory, self._file, 1 << 20)
        count = self._count
        if count >= MANY or start + size >= self._wide_from:
            wide = struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, start)
            self._file.write(b"PK\x06\x06" + wide)
            self._file.write(b"PK\x06\x07" + struct.pack("<IQI", 0, start + size, 1))
        few = min(count, MANY)
        end = struct.pack("<HHHHIIH", 0, 0, few, few, min(size, WIDE), min(start, WIDE), 0)
        self._file.write(b"PK\x05\x06" + end)
        return self._file.tell()
