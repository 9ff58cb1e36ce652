"""One large WARC file read by several processes at once.

The file is cut at round numbers. A part is the members that begin between two cuts; its reader looks for
the first of them by the look of a gzip member that holds a WARC record. Such a look can deceive: what a
part found counts only when the part before it ended at that very byte. Otherwise that stretch is read
again from where the part before it ended, so that the result is that of one reader from the first byte
to the last.
"""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from isal import isal_zlib
from msgspec import Struct

from archiver.verification.columns import Filler
from archiver.verification.members import GZIP_WINDOW, MAGIC, REFUSED, Members
from archiver.verification.prints import printer
from archiver.verification.warc import Part, walk

PART = 1 << 22
"""Bytes of a part."""
SIGN = MAGIC + b"\x08"
LOOK = 1 << 18
FIRST = b"WARC/1."
ENOUGH = 1 << 12
"""Compressed bytes in which the first of a record are certainly found."""


class Whole(Struct, frozen=True):
    """Digest and checksum of a file: SHA-256 in hexadecimal; CRC-32, or 0 where nothing tells it."""

    digest: str
    crc: int


def cuts(size: int, part: int = PART) -> list[tuple[int, int]]:
    """Where a file of so many bytes is cut: first byte and the byte after the last of each part."""
    edges = [*range(0, max(size - part // 2, 1), part), size]
    return list(zip(edges, edges[1:], strict=False))


def read_part(
    stream: BinaryIO, first: int, until: int, name: str, *, alone: bool, key: bytes
) -> Part | None:
    """Walk over the members that begin from `first` on and before `until`; None when none is seen."""
    start = 0 if first == 0 else find_member(stream, first, until)
    if start is None:
        return None
    return read_from(stream, start, until, name, alone=alone, key=key)


def read_from(
    stream: BinaryIO, start: int, until: int, name: str, *, alone: bool, key: bytes
) -> Part:
    """Walk from a byte at which a member begins."""
    stream.seek(start)
    return walk(Members(stream, at=start), Filler(printer(key), alone=alone), name, until)


def join(
    stream: BinaryIO,
    found: Iterator[Part | None],
    edges: list[tuple[int, int]],
    name: str,
    *,
    alone: bool,
    key: bytes,
) -> Part:
    """One walk out of its parts, in order; what does not fit together is read again."""
    whole = next(found)
    assert whole is not None
    for (_, until), part in zip(edges[1:], found, strict=True):
        if whole.stop or whole.end >= until:
            continue
        if part is None or part.start != whole.end:
            part = read_from(stream, whole.end, until, name, alone=alone, key=key)
        whole.join(part)
    return whole


def read_whole(stream: BinaryIO, *, checked: bool) -> Whole:
    """Digest of all that is in the stream, and its checksum where that is asked for."""
    total, crc = hashlib.sha256(), 0
    while chunk := stream.read(LOOK):
        total.update(chunk)
        crc = isal_zlib.crc32(chunk, crc) if checked else 0
    return Whole(total.hexdigest(), crc)


def find_member(stream: BinaryIO, first: int, until: int) -> int | None:
    """The first byte, from `first` on and before `until`, at which a member with a record seems to begin."""
    for start in range(first, until, LOOK):
        stream.seek(start)
        seen = stream.read(LOOK + ENOUGH)
        place = seen.find(SIGN)
        while 0 <= place < min(LOOK, until - start):
            if _holds_record(seen[place : place + ENOUGH]):
                return start + place
            place = seen.find(SIGN, place + 1)
    return None


def _holds_record(data: bytes) -> bool:
    try:
        return isal_zlib.decompressobj(wbits=GZIP_WINDOW).decompress(data, len(FIRST)) == FIRST
    except REFUSED:
        return False
