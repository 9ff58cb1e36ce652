"""Whether a WARC file ends where its last record does: what was cut off leaves no other trace."""

import gzip
import re
from typing import BinaryIO

MAGIC = b"\x1f\x8b"
PIECE = 1 << 20
LONGEST_HEAD = 1 << 16
END_OF_HEAD = re.compile(rb"\n\r?\n")
LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


def breaks_off(stream: BinaryIO, place: int) -> bool:
    """Whether the file ends within its last record, which begins at byte `place`.

    Of a file that was compressed as a whole `place` is of no use, and all of it is unpacked. What is
    neither gzip nor a record is not judged. Raises OSError and zlib.error for what is damaged.
    """
    stream.seek(place)
    start = stream.read(LONGEST_HEAD)
    if start.startswith(b"WARC/"):
        return _short(stream, place, start)
    if not start.startswith(MAGIC):
        place = 0
    stream.seek(place)
    return stream.read(2) == MAGIC and _cut(stream, place)


def _short(stream: BinaryIO, place: int, start: bytes) -> bool:
    """Whether a record that is not compressed is shorter than it says."""
    head = END_OF_HEAD.search(start)
    if head is None:
        return len(start) < LONGEST_HEAD
    length = LENGTH.search(start, 0, head.end())
    return length is not None and stream.seek(0, 2) < place + head.end() + int(length[1])


def _cut(stream: BinaryIO, place: int) -> bool:
    """Whether what is compressed from there on has no end. Raises OSError for what is damaged."""
    stream.seek(place)
    try:
        with gzip.open(stream) as packed:
            while packed.read(PIECE):
                pass
    except EOFError:
        return True
    return False
