"""The HTTP message inside a record's block: its head is checked, its payload handed on.

The payload is the entity body: what follows the head, with the transfer coding removed and the
content coding kept (WARC 1.1 section 5.9, RFC 9112). A head is read as what it is, an
HTTP/1.1-shaped message, whatever protocol carried it.
"""

import re

from msgspec import Struct

from archiver.verification.defect import quoted

LONGEST_HEAD = 1 << 22
USUAL_HEAD = 1 << 13
LONGEST_SIZE_LINE = 1 << 12
STATUS = re.compile(rb"HTTP/1\.[01] ([1-9]\d\d)(?: [^\x00\r\n]*)?")
REQUEST = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) [^\x00-\x20\x7f]+ HTTP/1\.[01]")
FIELD = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++:[^\x00\r\n]*+")
FIELDS = re.compile(rb"(?:\r\n" + FIELD.pattern + rb")*")
HEADS = {
    kind: re.compile(start.pattern + FIELDS.pattern + rb"\r\n\r\n")
    for kind, start in (("request", REQUEST), ("response", STATUS), ("revisit", STATUS))
}
CODING = b"transfer-encoding"
HEX = re.compile(rb"[0-9A-Fa-f]{1,16}")


class Told(Struct, frozen=True, gc=False):
    """What a sound head says, and the byte after it: `status` of a response, `method` of a request."""

    end: int
    status: int | None
    method: str | None


def read_sound(kind: str, data: bytes, start: int, stop: int) -> Told | None:
    """The head of the message between these bytes, when there is nothing wrong with it and the body is not
    chunked; None for all that is to be read by `Message`."""
    match = HEADS[kind].match(data, start, stop)
    if match is None or CODING in match[0].lower():
        return None
    said, end = match[1], match.end()
    return Told(end, None, said.decode()) if kind == "request" else Told(end, int(said), None)


class Message:
    """A message as it comes in: feed it the block, and it gives back what is payload.

    After the head: `status` (of a response), `method` (of a request). `problems` name what is broken, one
    line each.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._head: bytes | None = b""
        self._chunks: Dechunked | None = None
        self.status: int | None = None
        self.method: str | None = None
        self.problems: list[str] = []

    def feed(self, data: memoryview) -> bytes | memoryview:
        """Take the next bytes of the block, return those that belong to the payload."""
        if self._head is not None:
            data = self._feed_head(self._head, data)
        return self._chunks.feed(data) if self._chunks and data else data

    def close(self) -> None:
        """The block is over: note what is missing."""
        if self._head is not None:
            self.problems.append("the HTTP head has no end")
        if self._chunks and not self._chunks.whole:
            self.problems.append("declares Transfer-Encoding: chunked, but the body is not chunked")

    def _feed_head(self, seen: bytes, data: memoryview) -> memoryview:
        """Look for the end of the head: in the first bytes, and only then in all of them."""
        for size in (USUAL_HEAD, len(data)):
            window = seen + bytes(data[:size])
            end = window.find(b"\r\n\r\n")
            if end >= 0:
                self._head = None
                self._read_head(window[:end])
                return data[end + 4 - len(seen) :]
        self._head = window if len(window) <= LONGEST_HEAD else window[-3:]
        return data[:0]

    def _read_head(self, head: bytes) -> None:
        first = head.partition(b"\r\n")[0]
        start = (REQUEST if self._kind == "request" else STATUS).fullmatch(first)
        if start is None:
            self.problems.append(f"HTTP start line is {quoted(ascii(first))}")
        elif self._kind == "request":
            self.method = start[1].decode("ascii")
        else:
            self.status = int(start[1])
        if not FIELDS.fullmatch(head, len(first)):
            for line in head.split(b"\r\n")[1:]:
                if not FIELD.fullmatch(line):
                    what = f"HTTP header line {quoted(ascii(line))} is no `name: value`"
                    self.problems.append(what)
        if any(coding.strip().lower() == b"chunked" for coding in _values(head, CODING)):
            self._chunks = Dechunked()


def _values(head: bytes, name: bytes) -> list[bytes]:
    """The values of a header, found without taking all others apart."""
    start, found = b"\r\n" + name + b":", []
    low = head.lower()
    at = low.find(start)
    while at >= 0:
        end = head.find(b"\r\n", at + 2)
        found.append(head[at + len(start) : end if end >= 0 else None])
        at = low.find(start, at + 2)
    return found


class Dechunked:
    """Remove the chunked transfer coding (RFC 9112 section 7.1), piece by piece."""

    def __init__(self) -> None:
        self._ahead = b""
        self._at = 0
        self._left = 0
        self._state = "size"

    @property
    def whole(self) -> bool:
        """Whether the last chunk and the end of the trailer have been seen, and nothing after."""
        return self._state == "end" and self._at == len(self._ahead)

    def feed(self, data: bytes | memoryview) -> bytes:
        """Take coded bytes, return the decoded ones that they complete."""
        self._ahead, self._at = self._ahead[self._at :] + bytes(data), 0
        out = []
        while self._state in ("size", "data", "trailer"):
            step = self._take_data() if self._state == "data" else self._take_line()
            if step is None:
                break
            out.append(step)
        return b"".join(out)

    def _take_data(self) -> bytes | None:
        """What is there of a chunk, and the line end after it."""
        piece = self._ahead[self._at : self._at + self._left]
        self._left -= len(piece)
        self._at += len(piece)
        if self._left or len(self._ahead) - self._at < 2:
            return piece or None
        if not self._ahead.startswith(b"\r\n", self._at):
            self._state = "broken"
            return piece
        self._at, self._state = self._at + 2, "size"
        return piece

    def _take_line(self) -> bytes | None:
        end = self._ahead.find(b"\r\n", self._at)
        if end < 0:
            if len(self._ahead) - self._at > LONGEST_SIZE_LINE:
                self._state = "broken"
            return None
        line, self._at = self._ahead[self._at : end], end + 2
        if self._state == "trailer":
            self._state = "trailer" if line else "end"
            return b""
        size = HEX.fullmatch(line.partition(b";")[0].strip())
        if size is None:
            self._state = "broken"
            return None
        self._left = int(size[0], 16)
        self._state = "data" if self._left else "trailer"
        return b""
