"""Read one WARC record out of one gzip member, and recompute its digests on the way."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct

from archiver.verification.defect import quoted
from archiver.verification.grammar import HTTP, Head, read_head
from archiver.verification.http import Message, Told, read_sound

LONGEST_HEAD = 1 << 20
END = b"\r\n\r\n"
ALGORITHMS = {
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "sha384": hashlib.sha384,
    "sha1": hashlib.sha1,
    "md5": hashlib.md5,
}
Bytes = bytes | memoryview


class RecordFacts(Struct, frozen=True, kw_only=True, gc=False):
    """What a record says and where it lies; `offset` and `length` are bytes of the compressed file."""

    number: int
    offset: int
    length: int
    type: str
    id: str
    uri: str | None
    date: str
    block_digest: str | None
    payload_digest: str | None
    concurrent_to: tuple[str, ...]
    refers_to: str | None
    refers_to_uri: str | None
    refers_to_date: str | None
    profile: str | None
    warcinfo_id: str | None
    filename: str | None
    truncated: str | None
    content_type: str | None
    status: int | None
    method: str | None

    @property
    def where(self) -> str:
        """The place of the record, as defects name it."""
        return place(self.number, self.offset)


class Content(Struct, frozen=True, gc=False):
    """What one member held: the header, the HTTP message if there is one, and what is wrong."""

    head: Head
    message: Message | Told | None
    problems: tuple[str, ...] = ()


def place(number: int, offset: int) -> str:
    """`record 3 at byte 1024`; records are counted from 1."""
    return f"record {number} at byte {offset}"


def read_content(pieces: Iterable[bytes]) -> Content:
    """Read a member's content as one record. Raises only what `pieces` raises."""
    source = iter(pieces)
    raw, rest = _split_head(source)
    if raw is None:
        for _ in source:
            pass
        return Content(
            Head({}, {}), None, (f"holds no WARC header, but {quoted(ascii(bytes(rest[:40])))}",)
        )
    head = read_head(raw)
    block = Block(head)
    block.take(chain((rest,), map(memoryview, source)))
    return Content(head, block.message, (*head.problems, *block.problems()))


def read_sound_content(data: bytes) -> Content | None:
    """A member's whole content as one record, when nothing is wrong with it. None for whatever is not seen
    to be sound at first sight: `read_content` says what it is."""
    end = data.find(END)
    head = read_head(data[:end]) if end >= 0 else None
    if head is None or head.problems:
        return None
    kind, first, view = head.type, head.first, memoryview(data)
    start, stop = end + len(END), len(data) - len(END)
    if head.length != stop - start or not data.endswith(END):
        return None
    message = read_sound(kind, data, start, stop) if kind in HTTP else None
    if kind in HTTP and message is None:
        return None
    block, payload = first["warc-block-digest"], first.get("warc-payload-digest")
    if not _fits(block, view[start:stop]):
        return None
    if payload is not None and kind != "revisit" and (message or payload != block):
        body = view[message.end if message else start : stop]
        return Content(head, message) if _fits(payload, body) else None
    return Content(head, message)


def _fits(said: str, data: memoryview) -> bool:
    """Whether these bytes have this digest, which is in hexadecimal."""
    label, _, value = said.partition(":")
    algorithm = ALGORITHMS.get(label)
    return algorithm is not None and algorithm(data).hexdigest() == value


def _split_head(source: Iterator[bytes]) -> tuple[bytes | None, memoryview]:
    """The header without its empty line, and what came with it; None when there is no header."""
    seen = b""
    for piece in source:
        seen += piece
        end = seen.find(END)
        if end >= 0:
            return seen[:end], memoryview(seen)[end + len(END) :]
        if len(seen) > LONGEST_HEAD:
            break
    return None, memoryview(seen)


class Block:
    """A record's block as it comes in: measured, hashed, its HTTP message taken apart."""

    def __init__(self, head: Head) -> None:
        kind = head.type
        self._head = head
        self._left = head.length
        self._tail = b""
        self._beyond = 0
        self._block = Declared("warc-block-digest", head.first.get("warc-block-digest"))
        payload = head.first.get("warc-payload-digest") if kind != "revisit" else None
        self.message = Message(kind) if kind in HTTP else None
        self._alike = self.message is None and payload == self._block.text
        self._payload = Declared("warc-payload-digest", None if self._alike else payload)

    def take(self, pieces: Iterable[memoryview]) -> None:
        """Read the block and all that follows it in the member."""
        for piece in pieces:
            if self._left:
                inside = piece[: self._left]
                self._left -= len(inside)
                self._hash(inside)
                piece = piece[len(inside) :]
            self._beyond += len(piece)
            if len(self._tail) <= len(END):
                self._tail += bytes(piece[: len(END) + 6])
        if self.message:
            self.message.close()

    def problems(self) -> Iterator[str]:
        """What is wrong with the block: its length, its end, its digests, its HTTP message."""
        if self._left:
            yield f"cut short: {self._left} bytes of the block are missing in the gzip member"
        elif self._left is not None and self._tail != END:
            yield self._wrong_end()
        if self._left == 0:
            yield from self._block.problems()
            if self._alike:  # the payload is the block: it is hashed once
                yield from self._block.problems("warc-payload-digest")
            yield from self._payload.problems()
        if self.message:
            yield from self.message.problems

    def _hash(self, inside: memoryview) -> None:
        self._block.update(inside)
        if self.message is None:
            self._payload.update(inside)
        elif payload := self.message.feed(inside):
            self._payload.update(payload)

    def _wrong_end(self) -> str:
        if self._tail.startswith(END + b"WARC/"):
            return "the gzip member holds more than one record"
        if self._beyond < len(END):
            return "the record does not end with two empty lines"
        return f"{self._beyond} bytes after the block instead of two empty lines"


class Declared:
    """A digest as a record declares it, and the same one recomputed."""

    def __init__(self, field: str, text: str | None) -> None:
        label, _, value = (text or "").partition(":")
        self._field, self._label, self._value = field, label, value
        self.text = text
        self._hash = ALGORITHMS[label]() if label in ALGORITHMS else None

    def update(self, data: Bytes) -> None:
        """Take the next bytes that the digest covers."""
        if self._hash:
            self._hash.update(data)

    def problems(self, field: str = "") -> Iterator[str]:
        """The difference between declared and recomputed, if there is one; `field` is another name
        under which the same stands."""
        if self.text is None:
            return
        field = field or self._field
        if self._hash is None:
            yield f"{field} of an algorithm that cannot be checked: {quoted(self._label)}"
            return
        real = self._hash.hexdigest()
        if self._value == real or self._value == base64.b32encode(self._hash.digest()).decode():
            return
        yield (
            f"{field} says {self._label}:{quoted(self._value)}, the bytes give {self._label}:{real}"
        )


def facts_of(number: int, offset: int, length: int, content: Content) -> RecordFacts:
    """The facts of a record that has been read."""
    head, message = content.head, content.message
    first = head.first.get
    return RecordFacts(
        number=number,
        offset=offset,
        length=length,
        type=head.type,
        id=first("warc-record-id") or "",
        uri=first("warc-target-uri"),
        date=first("warc-date") or "",
        block_digest=head.first.get("warc-block-digest"),
        payload_digest=first("warc-payload-digest"),
        concurrent_to=head.values("warc-concurrent-to"),
        refers_to=first("warc-refers-to"),
        refers_to_uri=first("warc-refers-to-target-uri"),
        refers_to_date=first("warc-refers-to-date"),
        profile=first("warc-profile"),
        warcinfo_id=first("warc-warcinfo-id"),
        filename=first("warc-filename"),
        truncated=first("warc-truncated"),
        content_type=first("content-type"),
        status=message.status if message else None,
        method=message.method if message else None,
    )
