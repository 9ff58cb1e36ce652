"""The index of a run, both ways: each line opens the record it speaks of, each record has a line.

CDXJ 0.1: `key timestamp {json}`, sorted by bytes. A page is found through this file only, so a record
that it does not lead to is as good as lost to a reader.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from archiver.verification.defect import Defect, Unreadable, quoted
from archiver.verification.few import few
from archiver.verification.members import Members
from archiver.verification.record import RecordFacts
from archiver.verification.tree import LARGEST_TEXT, Tree, read_text_file, reason
from archiver.verification.warc import WarcFacts

FOLDER = "indexes/"
PLAIN = (".cdxj", ".cdx")
PACKED = ".cdx.gz"
LINE = re.compile(rb"([!-~]+) (\d{14}(?:\d{3})?) (\{.*\})")
INDEXED = frozenset({"response", "revisit", "resource"})
WWW = re.compile(r"www\d*\.")


class Entry(Struct, kw_only=True):
    """The JSON of one line; numbers are strings there."""

    url: str
    digest: str
    filename: str
    offset: str
    length: str
    status: str | None = None
    recordDigest: str | None = None  # noqa: N815 - the name that CDXJ gives it


class Line(Struct, frozen=True):
    """One line of the index: its number from 1, key, timestamp, JSON."""

    number: int
    key: str
    timestamp: str
    entry: Entry


class Index(Struct):
    """All lines that could be read, and what is wrong with the others."""

    path: str
    lines: list[Line]
    defects: list[Defect]

    def moments(self) -> set[tuple[str, str]]:
        """Every URL with the times (14 digits) at which it is held."""
        return {(line.entry.url, line.timestamp[:14]) for line in self.lines}


def read_index(tree: Tree) -> Index:
    """Read the index of the run; where there are several files, one after the other."""
    paths = [p for p in tree.files if p.startswith(FOLDER) and p.endswith((*PLAIN, PACKED))]
    found = Index(tree.shown(paths[0] if paths else f"{FOLDER}index.cdxj"), [], [])
    if not paths:
        found.defects.append(Defect(found.path, "", "is missing"))
    for path in paths:
        data = read_text_file(tree, path, found.defects) or b""
        if path.endswith(PACKED):
            data = _expanded(tree, path, found.defects)
        _read_lines(tree.shown(path), data, found)
    return found


def check_index(tree: Tree, index: Index, warcs: Mapping[str, WarcFacts]) -> Iterator[Defect]:
    """Compare the index with the records of the run."""
    yield from index.defects
    files = {warc.name: warc for warc in warcs.values()}
    records = {(w.name, str(r.offset)): r for w in files.values() for r in w.records}
    places = {name: path for path, warc in warcs.items() for name in [warc.name]}
    yield from few(_astray(tree, index, files, records, places), of_kind="lines are wrong")
    led_to = {(line.entry.filename, line.entry.offset) for line in index.lines}
    for warc in warcs.values():
        yield from few(_unindexed(warc, led_to), of_kind="records are not in the index")


def _expanded(tree: Tree, path: str, defects: list[Defect]) -> bytes:
    """A compressed index, gunzipped as far as it is sound and not monstrous."""
    out = bytearray()
    try:
        with tree.open(path) as stream:
            members = Members(stream)
            while not members.at_end() and len(out) <= LARGEST_TEXT:
                members.flags()
                for piece in members.pieces():
                    out += piece
                    if len(out) > LARGEST_TEXT:
                        raise Unreadable(members.offset, "expands to more than 256 MiB")
    except Unreadable as stop:
        defects.append(Defect(tree.shown(path), f"byte {stop.offset}", stop.what))
    except (OSError, ValueError) as error:
        defects.append(Defect(tree.shown(path), "", f"cannot be read: {reason(error)}"))
    return bytes(out)


def _read_lines(path: str, data: bytes, found: Index) -> None:
    defects: list[Defect] = []
    before = b""
    if data and not data.endswith(b"\n"):
        defects.append(Defect(path, "", "the last line has no end"))
    for number, raw in enumerate(data.splitlines(), 1):
        where = f"line {number}"
        if raw.startswith(b"!meta"):
            continue
        match = LINE.fullmatch(raw)
        if match is None:
            defects.append(Defect(path, where, "is no `key timestamp {json}`"))
            continue
        if raw <= before:
            defects.append(Defect(path, where, "is not in sorted order"))
        before = raw
        try:
            entry = msgspec.json.decode(match[3], type=Entry)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            defects.append(Defect(path, where, f"its JSON is not that of CDXJ: {quoted(error)}"))
            continue
        found.lines.append(Line(number, match[1].decode(), match[2].decode(), entry))
    found.defects.extend(few(defects, of_kind="lines are wrong"))


def _astray(
    tree: Tree,
    index: Index,
    files: Mapping[str, WarcFacts],
    records: Mapping[tuple[str, str], RecordFacts],
    places: Mapping[str, str],
) -> Iterator[Defect]:
    seen: set[tuple[str, str]] = set()
    for line in index.lines:
        entry, where = line.entry, f"line {line.number}"
        place = (entry.filename, entry.offset)
        warc, record = files.get(entry.filename), records.get(place)
        if warc is None:
            what = f"leads to {quoted(entry.filename)!r}, which is not in archive/"
            yield Defect(index.path, where, what)
        elif record is None:
            if not _in_unread(entry, warc):
                what = f"no record begins at byte {quoted(entry.offset)} of {warc.name}"
                yield Defect(index.path, where, what)
        else:
            if place in seen:
                yield Defect(index.path, where, "leads to a record that has a line already")
            for problem in _differences(line, record):
                yield Defect(index.path, where, problem)
            yield from _member_digest(tree, index, line, places[warc.name], record)
        seen.add(place)


def _in_unread(entry: Entry, warc: WarcFacts) -> bool:
    """Whether the line leads into the part of a damaged file that could not be read: said already."""
    if warc.stopped_at is None or not entry.offset.isdecimal():
        return False
    return int(entry.offset) >= warc.stopped_at


def _differences(line: Line, record: RecordFacts) -> Iterator[str]:
    entry = line.entry
    digits = "".join(c for c in record.date if c.isdigit())
    pairs: list[tuple[str, str | None, str | None]] = [
        ("URL", entry.url, record.uri),
        ("time", line.timestamp, digits[: len(line.timestamp)].ljust(len(line.timestamp), "0")),
        ("digest", entry.digest, record.payload_digest or record.block_digest),
        ("length", entry.length, str(record.length)),
    ]
    if record.status is not None:
        pairs.append(("status", entry.status, str(record.status)))
    for name, said, real in pairs:
        if said != real:
            yield f"its {name} is {quoted(said)}, that of {record.where} is {quoted(real)}"
    if not _fits(line.key, entry.url):
        yield f"its key {quoted(line.key)} does not belong to {quoted(entry.url)}"


def _fits(key: str, url: str) -> bool:
    """Whether the key begins with the URL's host backwards (SURT); other schemes have no such rule."""
    try:
        host = (urlsplit(url).hostname or "") if url.startswith(("http://", "https://")) else ""
    except ValueError:
        return True
    if not host or not host.isascii() or host.startswith("[") or ":" in host:
        return True
    backwards = key.partition(")")[0].partition(":")[0].lower()
    names = {host, WWW.sub("", host, count=1)}
    forms = {",".join(reversed(name.strip(".").split("."))) for name in names} | names
    return backwards.strip(",") in forms


def _member_digest(
    tree: Tree, index: Index, line: Line, path: str, record: RecordFacts
) -> Iterator[Defect]:
    """`recordDigest`, where there is one, covers the compressed bytes of the record."""
    if line.entry.recordDigest is None:
        return
    place = tree.place(path)
    with open(place.path, "rb") as file:
        file.seek(place.offset + record.offset)
        real = f"sha256:{hashlib.sha256(file.read(record.length)).hexdigest()}"
    if line.entry.recordDigest != real:
        what = f"its recordDigest is {quoted(line.entry.recordDigest)}, the bytes give {real}"
        yield Defect(index.path, f"line {line.number}", what)


def _unindexed(warc: WarcFacts, led_to: set[tuple[str, str]]) -> Iterator[Defect]:
    for record in warc.records:
        if record.type in INDEXED and (warc.name, str(record.offset)) not in led_to:
            yield Defect(warc.path, record.where, f"this {record.type} is not in the index")
