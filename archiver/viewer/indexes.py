"""The indexes of a package, plain or compressed (WACZ 1.1.1, section 5.2.1): lines that say where each record lies."""

import gzip
import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from archiver.errors import ArchiveDamaged
from archiver.viewer.packages import LARGEST_RATIO, SMALL, Package, lines_of, reading

PLAIN = (".cdxj", ".cdx")
PACKED = (".cdxj.gz", ".cdx.gz")
"""Parts of an index, a gzip member each. What lists the parts (`.idx`) is for those who do not read them all."""
NOTES = (b"!", b" CDX")
"""How lines begin that say what an index is."""


def index_lines(package: Package) -> Iterator[bytes]:
    """Every line of every index, in no order, each ending with a newline. Raises ArchiveDamaged and OSError."""
    for name in package.names:
        if name.startswith("indexes/") and name.endswith(PLAIN + PACKED):
            where = f"{name} in {package.path}"
            with reading(package, name) as file:
                found = _unpacked(file, where) if name.endswith(PACKED) else lines_of(file, where)
                yield from (_ended(line) for line in found if not line.startswith(NOTES))


def _ended(line: bytes) -> bytes:
    return line.rstrip(b"\r\n") + b"\n"


def _unpacked(file: BinaryIO, where: str) -> Iterator[bytes]:
    """The lines of a compressed index, as long as they are in proportion to it."""
    left = max(SMALL, LARGEST_RATIO * file.seek(0, io.SEEK_END))
    file.seek(0)
    with gzip.GzipFile(fileobj=file) as unpacked:
        for line in lines_of(cast(BinaryIO, unpacked), where):
            left -= len(line)
            if left < 0:
                raise ArchiveDamaged(f"{where} expands beyond measure")
            yield line
