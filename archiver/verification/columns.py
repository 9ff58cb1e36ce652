"""What is kept of every record of a file while the rest is read: some fifty bytes each.

A row is a record, a column one fact of all of them. Everything that a defect says in words is read again
from the file when it is needed.
"""

from array import array
from functools import lru_cache

from msgspec import Struct, field

from archiver.verification.grammar import SAME_PAYLOAD
from archiver.verification.prints import ABSENT, Print, joined
from archiver.verification.record import RecordFacts

TYPES = ("warcinfo", "response", "request", "revisit", "resource", "metadata", "conversion")
CODE = {name: number for number, name in enumerate(TYPES, 1)}
TYPE_BITS = 0x0F
HAS_STATUS, SAME, PART = 0x10, 0x20, 0x40
NO_LINE = frozenset({CODE["warcinfo"], CODE["request"]})
"""What no index has a line for; where one leads there all the same, the record is read again."""
ASKS, BESIDE, INFO, ABOUT, AGAIN, MEANT = range(6)
"""What a record points to: the answer of a request, a record captured with it, its warcinfo, what a
metadata record is about; of a revisit: URI and date of the target, and its id."""


def _numbers() -> "array[int]":
    return array("Q")


class Columns(Struct):
    """The rows of one file or of many, one after the other.

    `offsets` are bytes in the file, `kinds` the type with three flags, `ids` fingerprints of the record id,
    `moments` of URI and date. `ties` are pairs: row and kind of pointer, and what it points to. Only
    where the file is part of a run: `lines`, what a line of the index must say; `claims`, what the
    manifest must say; `payloads`, the payload digest. Records that no index has a line for have 0 as a line.
    """

    offsets: "array[int]" = field(default_factory=_numbers)
    kinds: bytearray = field(default_factory=bytearray)
    ids: "array[int]" = field(default_factory=_numbers)
    moments: "array[int]" = field(default_factory=_numbers)
    ties: "array[int]" = field(default_factory=_numbers)
    lines: "array[int]" = field(default_factory=_numbers)
    claims: "array[int]" = field(default_factory=_numbers)
    payloads: "array[int]" = field(default_factory=_numbers)

    def extend(self, other: "Columns") -> None:
        """Append the rows of another."""
        shift, ties = len(self.offsets) << 3, array("Q", other.ties)
        ties[::2] = array("Q", [value + shift for value in other.ties[::2]])
        self.ties.extend(ties)
        for name in ("offsets", "kinds", "ids", "moments", "lines", "claims", "payloads"):
            getattr(self, name).extend(getattr(other, name))

    def type_of(self, row: int) -> str:
        """The record type of a row; empty for one that is none of ours."""
        code = self.kinds[row] & TYPE_BITS
        return TYPES[code - 1] if code else ""


class Filler:
    """Takes records in order and fills columns with them."""

    def __init__(self, fingerprint: Print, *, alone: bool) -> None:
        self.columns = Columns()
        self._print = fingerprint
        self._alone = alone
        self._info: str | None = None
        self._absent = fingerprint(ABSENT)
        self._id, self._id_print = "", fingerprint("")
        self._moment, self._moment_print = "", fingerprint("")

    def add(self, record: RecordFacts) -> None:
        """Append a record."""
        rows, code = self.columns, CODE.get(record.type, 0)
        row = len(rows.offsets)
        rows.offsets.append(record.offset)
        moment = joined((record.uri, record.date))
        if moment != self._moment:  # else that of the request is that of its answer
            self._moment, self._moment_print = moment, self._print(moment)
        rows.moments.append(self._moment_print)
        self._tie(row, record)
        self._id, self._id_print = record.id, self._print(record.id)
        rows.ids.append(self._id_print)
        if not self._alone:
            rows.lines.append(self._print(line_text(record)) if code not in NO_LINE else 0)
            rows.claims.append(self._print(claim_text(record)))
            payload = record.payload_digest
            rows.payloads.append(self._absent if payload is None else self._print(payload))
        if record.status is not None:
            code |= HAS_STATUS
        if record.profile == SAME_PAYLOAD:
            code |= SAME
        if record.status == 206:
            code |= PART
        rows.kinds.append(code)

    def _tie(self, row: int, record: RecordFacts) -> None:
        ties, start = self.columns.ties, row << 3
        kind = ASKS if record.type == "request" else BESIDE
        for target in record.concurrent_to:
            near = target == self._id
            ties.extend((start | kind, self._id_print if near else self._print(target)))
        if record.warcinfo_id is not None and record.warcinfo_id != self._info:
            self._info = record.warcinfo_id
            ties.extend((start | INFO, self._print(self._info)))
        if record.refers_to is not None and record.type == "metadata":
            ties.extend((start | ABOUT, self._print(record.refers_to)))
        if record.type == "revisit":
            when = moment_of(self._print, record.refers_to_uri, record.refers_to_date)
            ties.extend((start | AGAIN, when))
            if record.refers_to is not None:
                ties.extend((start | MEANT, self._print(record.refers_to)))


def moment_of(fingerprint: Print, uri: str | None, date: str | None) -> int:
    """The fingerprint of a URI at a time."""
    return fingerprint(joined((uri, date)))


def line_text(record: RecordFacts) -> str:
    """What a line of the index with a 14-digit timestamp says of the record."""
    date, status = record.date, record.status
    digits = date[:4] + date[5:7] + date[8:10] + date[11:13] + date[14:16] + date[17:19]
    digest = record.payload_digest or record.block_digest
    said = None if status is None else str(status)
    return joined((record.uri, digits, digest, str(record.length), said))


def claim_text(record: RecordFacts) -> str:
    """What a manifest says of the record."""
    told = record.method if record.type == "request" else record.status
    return joined(
        (
            record.id,
            record.type,
            str(record.offset),
            str(record.length),
            record.uri,
            plain_date(record.date),
            record.content_type,
            record.block_digest,
            record.payload_digest,
            None if told is None else str(told),
            record.concurrent_to[0] if record.concurrent_to else None,
            record.refers_to,
            record.truncated,
        )
    )


@lru_cache(maxsize=256)
def plain_date(text: str) -> str:
    """A date in UTC without the zeros at the end of its fraction: the same for `.120Z` and `.120000Z`."""
    body, dot, fraction = text.removesuffix("Z").partition(".")
    return body + (dot + fraction.rstrip("0")).rstrip(".") + text[-1:]
