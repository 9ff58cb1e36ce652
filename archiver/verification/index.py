"""The index of a run, both ways: each line opens the record it speaks of, each record has a line.

CDXJ 0.1: `key timestamp {json}`, sorted by bytes. A page is found through this file only, so a record
that it does not lead to is as good as lost to a reader. The lines are read one by one, however many.
"""

import hashlib
import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from archiver.verification.columns import HAS_STATUS, PART, moment_of
from archiver.verification.defect import Defect, quoted
from archiver.verification.few import few
from archiver.verification.lines import Lines
from archiver.verification.opening import open_place
from archiver.verification.prints import joined
from archiver.verification.record import RecordFacts
from archiver.verification.surts import fits
from archiver.verification.table import Table
from archiver.verification.tree import Tree

FOLDER = "indexes/"
PLAIN = (".cdxj", ".cdx")
PACKED = ".cdx.gz"
LINE = re.compile(rb"([!-~]+) (\d{14}(?:\d{3})?) (\{.*\})")
INDEXED = frozenset({"response", "revisit", "resource"})
ANSWERS = frozenset({"response", "revisit"})
REVISIT = "warc/revisit"
"""By this readers know that the payload lies elsewhere: they look for it there, or show the record as it is."""
EVER = "~"
"""After the digits of every time."""
PIECE = 1 << 18


class Entry(Struct, kw_only=True, gc=False):
    """The JSON of one line; numbers are strings there."""

    url: str
    digest: str
    filename: str
    offset: str
    length: str
    status: str | None = None
    mime: str | None = None
    method: str | None = None
    recordDigest: str | None = None  # noqa: N815 - the name that CDXJ gives it


class Line(Struct, frozen=True, gc=False):
    """One line of the index: its number from 1, key, timestamp, JSON."""

    number: int
    key: str
    timestamp: str
    entry: Entry


class Index:
    """The index of a run, read once. `digests` are the SHA-256 of its files by path; `held` those of
    the wanted fingerprints of URL and time that a line leads to."""

    def __init__(self, tree: Tree, table: Table, wanted: set[int]) -> None:
        self._tree, self._table, self._wanted = tree, table, wanted
        self.held: set[int] = set()
        self.digests: dict[str, str] = {}

    def check(self) -> Iterator[Defect]:
        """Read the index of the run, and compare it with the records both ways."""
        files = self._tree.files
        paths = [p for p in files if p.startswith(FOLDER) and p.endswith((*PLAIN, PACKED))]
        if not paths:
            yield Defect(self._tree.shown(f"{FOLDER}index.cdxj"), "", "is missing")
        for path in paths:
            broken: list[Defect] = []
            wrong = list(few(self._wrong(path, broken), of_kind="lines are wrong"))
            yield from few(broken, of_kind="lines are wrong")
            yield from wrong
        needless = self._needless(paths)
        lost = (
            self._table.at(row, f"this {self._table.rows.type_of(row)} is not in the index")
            for row in self._table.unseen(INDEXED)
            if row not in needless
        )
        yield from few(lost, of_kind="records are not in the index")

    def _needless(self, paths: list[str]) -> set[int]:
        """The rows of answers that need no line, since one leads to what a reader shall find instead, in the same
        file: of a part (206) to the whole; of an answer from a page's address to the page, later in that second."""
        replaced = dict(self._replaced())
        wanted, there = {name for name, _ in replaced.values()}, dict[int, str]()
        for path in paths if replaced else ():
            for number, raw in enumerate(Lines(self._tree, path, packed=path.endswith(PACKED)), 1):
                line = _line(number, raw)
                for name, until in self._instead(line, wanted) if isinstance(line, Line) else ():
                    there[name] = max(until, there.get(name, ""))
        return {row for row, (name, at) in replaced.items() if at < there.get(name, "")}

    def _replaced(self) -> Iterator[tuple[int, tuple[int, str]]]:
        """Rows without a line that may need none, each with the fingerprint of the line that there is instead, and
        the digits of the time before which it was."""
        table = self._table
        for row in table.unseen(ANSWERS):
            part = table.rows.kinds[row] & PART
            if not part and not self.held:
                continue
            record = table.again(row)
            place, at = f"{table.names[table.file_of(row)]} {record.uri}", _digits(record.date)
            if part:
                yield row, (table.fingerprint(place), "")
            elif moment_of(table.fingerprint, record.uri, at[:14]) in self.held:
                yield row, (table.fingerprint(f"{place} {at[:14]}"), at)

    def _instead(self, line: Line, wanted: set[int]) -> Iterator[tuple[int, str]]:
        """The wanted fingerprints for which a line may stand, each with the digits of a time: it stands for what
        was before."""
        entry, fingerprint = line.entry, self._table.fingerprint
        place = f"{entry.filename} {entry.url}"
        if entry.status == "200" and (name := fingerprint(place)) in wanted:
            yield name, EVER
        if (name := fingerprint(f"{place} {line.timestamp[:14]}")) in wanted:
            yield name, self._time_of(entry)

    def _time_of(self, entry: Entry) -> str:
        """The digits of the date of the record that a line leads to; empty where it leads to none."""
        file = self._table.file(entry.filename)
        if file is None or not _is_number(entry.offset):
            return ""
        row = self._table.row(file, int(entry.offset))
        return "" if row is None else _digits(self._table.again(row).date)

    def _wrong(self, path: str, broken: list[Defect]) -> Iterator[Defect]:
        """The lines that lead astray; those that are none go to `broken`."""
        shown = self._tree.shown(path)
        lines = Lines(self._tree, path, packed=path.endswith(PACKED))
        before = b""
        for number, raw in enumerate(lines, 1):
            if raw.startswith(b"!meta"):
                continue
            line = _line(number, raw)
            if raw <= before:
                _note(broken, Defect(shown, f"line {number}", "is not in sorted order"))
            before = raw
            if isinstance(line, str):
                _note(broken, Defect(shown, f"line {number}", line))
            else:
                yield from (Defect(shown, f"line {number}", p) for p in self._problems(line))
        broken.extend(lines.defects)
        self.digests.update(lines.digests)

    def _problems(self, line: Line) -> Iterator[str]:
        entry, table = line.entry, self._table
        if self._wanted:
            self._hold(entry.url, line.timestamp)
        file = table.file(entry.filename)
        if file is None:
            yield f"leads to {quoted(entry.filename)!r}, which is not in archive/"
            return
        row = table.row(file, int(entry.offset)) if _is_number(entry.offset) else None
        if row is None:
            if not self._in_unread(entry, file):
                yield f"no record begins at byte {quoted(entry.offset)} of {quoted(entry.filename)}"
            return
        if table.seen[row]:
            yield "leads to a record that has a line already"
        table.seen[row] = 1
        if (entry.mime == REVISIT) != (table.rows.type_of(row) == "revisit"):
            yield f"its mime is {quoted(entry.mime)}, and that is a {table.rows.type_of(row)}"
        if not self._fits(line, row):
            yield from _differences(line, table.again(row))
        if not fits(line.key, entry.url, folded=entry.method is not None):
            yield f"its key {quoted(line.key)} does not belong to {quoted(entry.url)}"
        if entry.recordDigest is not None:
            yield from self._member_digest(entry.recordDigest, row)

    def _hold(self, url: str, timestamp: str) -> None:
        moment = moment_of(self._table.fingerprint, url, timestamp[:14])
        if moment in self._wanted:
            self.held.add(moment)

    def _fits(self, line: Line, row: int) -> bool:
        """Whether a line says what `columns.line_text` says of the record."""
        entry, rows = line.entry, self._table.rows
        status = entry.status if rows.kinds[row] & HAS_STATUS else None
        said = joined((entry.url, line.timestamp, entry.digest, entry.length, status))
        return rows.lines[row] == self._table.fingerprint(said)

    def _in_unread(self, entry: Entry, file: int) -> bool:
        """Whether the line leads into the part of a damaged file that could not be read: said already."""
        stopped = self._table.stopped[file]
        return stopped is not None and _is_number(entry.offset) and int(entry.offset) >= stopped

    def _member_digest(self, said: str, row: int) -> Iterator[str]:
        """`recordDigest`, where there is one, covers the compressed bytes of the record."""
        length = self._table.again(row).length
        total = hashlib.sha256()
        with open_place(self._table.place(self._table.file_of(row))) as stream:
            stream.seek(self._table.rows.offsets[row])
            while length and (piece := stream.read(min(length, PIECE))):
                total.update(piece)
                length -= len(piece)
        real = f"sha256:{total.hexdigest()}"
        if said != real:
            yield f"its recordDigest is {quoted(said)}, the bytes give {real}"


def _digits(date: str) -> str:
    """The digits of a record's date, to the nanosecond: as many of each, so that they can be compared."""
    return "".join(c for c in date if c.isdigit())[:23].ljust(23, "0")


def _note(broken: list[Defect], defect: Defect) -> None:
    """Keep enough of them to be counted as many."""
    if len(broken) < 1000:
        broken.append(defect)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _line(number: int, raw: bytes) -> Line | str:
    """A line, or what is wrong with it."""
    match = LINE.fullmatch(raw)
    if match is None:
        return "is no `key timestamp {json}`"
    try:
        entry = ENTRY.decode(match[3])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return f"its JSON is not that of CDXJ: {quoted(error)}"
    return Line(number, match[1].decode(), match[2].decode(), entry)


ENTRY = msgspec.json.Decoder(Entry)


def _differences(line: Line, record: RecordFacts) -> Iterator[str]:
    entry = line.entry
    pairs: list[tuple[str, str | None, str | None]] = [
        ("URL", entry.url, record.uri),
        ("time", line.timestamp, _digits(record.date)[: len(line.timestamp)]),
        ("digest", entry.digest, record.payload_digest or record.block_digest),
        ("length", entry.length, str(record.length)),
    ]
    if record.status is not None:
        pairs.append(("status", entry.status, str(record.status)))
    for name, said, real in pairs:
        if said != real:
            yield f"its {name} is {quoted(said)}, that of {record.where} is {quoted(real)}"
