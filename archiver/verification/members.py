"""Walk the gzip members of a file, one by one, and notice where the file stops being gzip.

RFC 1952 for the members; WARC 1.1 Annex D for "one record a member". Stock readers take the end of
the file inside a member for the end of the archive; this walker does not: a member that has no
checked trailer is an error, whatever came out of it. Memory stays bounded: a member is handed on in
pieces of at most 1 MiB, however far it expands.
"""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from isal import isal_zlib

from archiver.verification.defect import Unreadable

FIRST, READ = 1 << 15, 1 << 18
"""Bytes that are read at first, for a single record, and from then on."""
PIECE = 1 << 20
SHORT, LONG = 1 << 11, 1 << 16
"""Bytes that are handed to the inflater at once. What it leaves over is copied, and a member in several
bites is joined; so the first is short after a long member and long after a short one: a response and its
request follow each other."""
MAGIC = b"\x1f\x8b"
DEFLATE = 8
USUAL = MAGIC + bytes((DEFLATE, 0))
GZIP_WINDOW = 31
HEADER = 10
REFUSED = cast(type[Exception], isal_zlib.IsalError)
"""What isal raises; its type stubs call the class an instance."""


class Members:
    """The members of one open file, in order; the stream stands at the byte `at` of it.

    `digest` is the running SHA-256 of the file's own bytes, whole after the walk or after `drain`.
    It is only kept when `hashed` is set.
    """

    def __init__(self, stream: BinaryIO, *, hashed: bool = False, at: int = 0) -> None:
        self._stream = stream
        self._ahead = b""
        self._at = 0
        self._taken = at
        self._read, self._bite = FIRST, SHORT
        self._digest = hashlib.sha256() if hashed else None

    @property
    def offset(self) -> int:
        """The byte of the file at which the next member starts."""
        return self._taken - len(self._ahead) + self._at

    @property
    def taken(self) -> int:
        """The byte up to which the file was read."""
        return self._taken

    @property
    def digest(self) -> str | None:
        """SHA-256 in hexadecimal of what was read so far, or None when it is not kept."""
        return self._digest.hexdigest() if self._digest else None

    def at_end(self) -> bool:
        """Whether no byte is left."""
        return self._at == len(self._ahead) and not self._fill()

    def flags(self) -> int:
        """The flag byte of the member that comes next; our writers leave it 0.

        Raises Unreadable when what comes next is no gzip member.
        """
        while len(self._ahead) - self._at < HEADER and self._fill():
            pass
        if self._ahead.startswith(USUAL, self._at) and len(self._ahead) - self._at >= HEADER:
            return 0
        ahead, here = self._ahead[self._at : self._at + HEADER], self.offset
        if not ahead.startswith(MAGIC[: len(ahead)]):
            raise Unreadable(here, self._describe_tail())
        if len(ahead) < HEADER:
            raise Unreadable(here, f"cut off: {len(ahead)} bytes of a gzip header, then nothing")
        if ahead[2] != DEFLATE:
            raise Unreadable(here, f"gzip compression method {ahead[2]} instead of 8 (deflate)")
        return ahead[3]

    def pieces(self) -> Iterator[bytes]:
        """The content of the next member, in pieces; all but the last have 1 MiB. Checksum and length have
        been compared before the last one is given. Raises Unreadable when the member is cut off or altered.
        """
        start, bite = self.offset, self._bite
        engine = isal_zlib.decompressobj(wbits=GZIP_WINDOW)
        found: list[bytes] = []
        size = 0
        while not engine.eof:
            if self._at == len(self._ahead) and not self._fill():
                raise Unreadable(start, f"cut off: the file ends at byte {self._taken}, inside it")
            bitten = memoryview(self._ahead)[self._at : self._at + bite]
            try:
                found.append(engine.decompress(bitten, PIECE - size))
            except REFUSED as error:
                raise Unreadable(start, f"altered: gzip says {error}") from error
            left = engine.unused_data if engine.eof else engine.unconsumed_tail
            self._at += len(bitten) - len(left)
            size, bite = size + len(found[-1]), LONG
            if size == PIECE and not engine.eof:
                yield b"".join(found)
                found, size = [], 0
        self._bite = LONG if self.offset - start < SHORT else SHORT
        yield found[0] if len(found) == 1 else b"".join(found)

    def drain(self) -> None:
        """Read to the end of the file without looking, so that `digest` is the whole file's."""
        while self._fill():
            self._at = len(self._ahead)

    def _fill(self) -> bool:
        chunk = self._stream.read(self._read)
        self._taken += len(chunk)
        if self._digest:
            self._digest.update(chunk)
        if chunk:
            self._ahead, self._at = self._ahead[self._at :] + chunk, 0
            self._read = READ
        return bool(chunk)

    def _describe_tail(self) -> str:
        start, zeros = self.offset, not self._ahead[self._at :].strip(b"\0")
        while self._fill():
            zeros = zeros and not self._ahead.strip(b"\0")
            self._at = len(self._ahead)
        kind = "zero bytes" if zeros else "bytes that are no gzip member"
        return f"{self._taken - start} {kind} up to the end of the file"
