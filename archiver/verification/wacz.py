"""A WACZ file: a zip file from a stranger, read without trusting its directory.

Before anything is opened: names that lead nowhere else, none twice, no links, nothing encrypted, WARC
files stored and not deflated (WACZ 1.1.1 section 5.1), entries that neither overlap nor leave bytes in
between, sizes and expansion within bounds. The rules against hostile zip files are those of
APPNOTE 6.3 read strictly.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from archiver.verification.defect import Defect, quoted
from archiver.verification.opening import Place, open_place, open_plain
from archiver.verification.tree import reason, unsafe_name

MOST_ENTRIES = 1_000_000
LARGEST_DIRECTORY = 1 << 28
LARGEST_DEFLATED = 1 << 28
LARGEST_RATIO = 200
SMALL = 1 << 20
"""Bytes below which a high ratio proves nothing: a short list of equal lines."""
LOCAL = struct.Struct("<4sHHHHHIIIHH")
END = struct.Struct("<4sHHHHIIH")
STREAMED = 0x08
ENCRYPTED = 0x01
MUST_BE_STORED = ("archive/",)


class Checked(io.RawIOBase):
    """The content of an entry; its length and checksum are compared at the end (ValueError).

    What is deflated comes out in pieces, and no more of it than the directory says.
    """

    def __init__(self, packed: BinaryIO, entry: zipfile.ZipInfo, deflated: bool) -> None:
        self._packed, self._entry = packed, entry
        self._engine = zlib.decompressobj(-15) if deflated else None
        self._crc = self._size = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The next bytes, as io.RawIOBase asks for them."""
        data = self._next(len(buffer))
        self._crc, self._size = zlib.crc32(data, self._crc), self._size + len(data)
        if self._size > self._entry.file_size or (not data and self._wrong()):
            raise ValueError("its content is not the one that the zip file's directory speaks of")
        buffer[: len(data)] = data
        return len(data)

    def _wrong(self) -> bool:
        return self._size != self._entry.file_size or self._crc != self._entry.CRC

    def _next(self, most: int) -> bytes:
        if self._engine is None:
            return self._packed.read(most)
        try:
            while not self._engine.eof:
                ahead = self._engine.unconsumed_tail or self._packed.read(most)
                if data := self._engine.decompress(ahead, most):
                    return data
                if not ahead:
                    break
        except zlib.error as error:
            raise ValueError(str(error)) from error
        return b""

    def close(self) -> None:
        """Close the file too."""
        self._packed.close()
        super().close()


class ZipTree:
    """The files of a WACZ. What is unsafe is a defect and is not among `files`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self.defects: list[Defect] = []
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._offsets: dict[str, int] = {}
        try:
            with open_plain(path) as file:
                self._read_directory(file)
        except (OSError, ValueError, zipfile.BadZipFile, struct.error) as error:
            self._say("", f"cannot be read as a zip file: {reason(error)}")
        self.files = {name: self._entries[name].file_size for name in sorted(self._offsets)}

    def shown(self, path: str) -> str:
        """`book.wacz!archive/x.warc.gz`."""
        return f"{self.path}!{path}"

    def open(self, path: str) -> BinaryIO:
        """Open an entry; when it was read to its end, length and CRC are compared (ValueError)."""
        entry = self._entries[path]
        span = Place(str(self.path), self._offsets[path], entry.compress_size, entry.CRC)
        deflated = entry.compress_type == zipfile.ZIP_DEFLATED
        return cast(BinaryIO, io.BufferedReader(Checked(open_place(span), entry, deflated)))

    def place(self, path: str) -> Place:
        """The span of a stored entry. Raises OSError for one that is deflated."""
        entry = self._entries[path]
        if entry.compress_type != zipfile.ZIP_STORED:
            raise OSError("is deflated, not stored")
        return Place(str(self.path), self._offsets[path], entry.file_size, entry.CRC)

    def _say(self, where: str, what: str) -> None:
        self.defects.append(Defect(self.name, where, what))

    def _read_directory(self, file: BinaryIO) -> None:
        for problem in _end_problems(file):
            self._say("", problem)
        if self.defects:
            return
        with zipfile.ZipFile(file) as bundle:
            entries, start = bundle.infolist(), bundle.start_dir
        for entry in entries:
            for problem in self._entry_problems(entry):
                self._say(f"entry {quoted(entry.filename)}", problem)
            self._entries.setdefault(entry.filename, entry)
        self._place_entries(file, entries, start)

    def _entry_problems(self, entry: zipfile.ZipInfo) -> Iterator[str]:
        name = entry.orig_filename
        if unsafe := unsafe_name(name.removesuffix("/")):
            yield f"its name {unsafe}"
        if entry.filename in self._entries:
            yield "is there twice"
        mode = entry.external_attr >> 16
        if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or not stat.S_IFMT(mode)):
            yield "is a symbolic link or a device"
        if entry.flag_bits & ENCRYPTED:
            yield "is encrypted"
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield f"compression method {entry.compress_type}"
        elif entry.compress_type == zipfile.ZIP_DEFLATED:
            yield from _deflated_problems(entry)
        elif entry.file_size != entry.compress_size:
            yield "is stored, yet its two sizes differ"

    def _place_entries(
        self, file: BinaryIO, entries: list[zipfile.ZipInfo], directory: int
    ) -> None:
        """Compare every local header with the directory, and see that entries lie side by side."""
        bad = {defect.where for defect in self.defects}
        expected = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            where = f"entry {quoted(entry.filename)}"
            gap = entry.header_offset - expected
            if gap:
                words = "overlaps the one before" if gap < 0 else f"{gap} foreign bytes before it"
                self._say(where, words)
            data = _data_offset(file, entry)
            if data is None:
                self._say(where, "its local header differs from the directory")
                return
            expected = data + entry.compress_size + _descriptor(file, entry, data)
            if gap >= 0 and where not in bad and not entry.is_dir():
                self._offsets[entry.filename] = data
        if expected != directory:
            self._say("", "there are foreign bytes between the entries and the directory")


def _end_problems(file: BinaryIO) -> Iterator[str]:
    """The record at the end, before anything believes it."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - END.size))
    tail = file.read()
    if len(tail) < END.size or not tail.startswith(b"PK\5\6"):
        yield "is cut off, or has something after the end record: not read"
        return
    _, _, _, _, count, directory, _, _ = END.unpack(tail)
    if directory > LARGEST_DIRECTORY and directory != 0xFFFFFFFF:
        yield f"its directory of {directory} bytes is too large to be read"
    if count > MOST_ENTRIES:
        yield f"{count} entries are too many"


def _deflated_problems(entry: zipfile.ZipInfo) -> Iterator[str]:
    if entry.filename.startswith(MUST_BE_STORED) or entry.filename.endswith(".cdx.gz"):
        yield "is deflated; WACZ wants it stored"
    if entry.file_size > LARGEST_DEFLATED:
        yield f"expands to {entry.file_size} bytes: not read"
    elif entry.file_size > max(SMALL, LARGEST_RATIO * entry.compress_size):
        yield f"expands from {entry.compress_size} to {entry.file_size} bytes: not read"


def _data_offset(file: BinaryIO, entry: zipfile.ZipInfo) -> int | None:
    """Where the entry's data begin, or None when its local header says other than the directory."""
    file.seek(entry.header_offset)
    raw = file.read(LOCAL.size)
    if len(raw) < LOCAL.size:
        return None
    magic, _, flags, method, _, _, crc, packed, size, name, extra = LOCAL.unpack(raw)
    text = file.read(name)
    same = magic == b"PK\3\4" and method == entry.compress_type and flags == entry.flag_bits
    if not flags & STREAMED:
        sizes = {(entry.compress_size, entry.file_size), (0xFFFFFFFF, 0xFFFFFFFF)}
        same = same and crc == entry.CRC and (packed, size) in sizes
    encoding = "utf-8" if flags & 0x800 else "cp437"
    if not same or text != entry.orig_filename.encode(encoding, "replace"):
        return None
    return entry.header_offset + LOCAL.size + int(name) + int(extra)


def _descriptor(file: BinaryIO, entry: zipfile.ZipInfo, data: int) -> int:
    """The length of the data descriptor after a streamed entry; 0 for all others."""
    if not entry.flag_bits & STREAMED:
        return 0
    file.seek(data + entry.compress_size)
    raw = file.read(24)
    signed = 4 if raw.startswith(b"PK\x07\x08") else 0
    sizes = struct.pack("<QQ", entry.compress_size, entry.file_size)
    long = raw[signed + 4 : signed + 20] == sizes
    return signed + (20 if long else 12)
