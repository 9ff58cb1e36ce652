"""Check one WARC file from its first byte to its last: members, records, digests, pairs.

`check_warc` is what a writer calls before it gives a file its name, and what `verify` builds on.
"""

from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from archiver.verification.defect import Defect, Unreadable, quoted
from archiver.verification.members import Members
from archiver.verification.pairs import broken_ties
from archiver.verification.record import RecordFacts, facts_of, place, read_content

UNFINISHED = ".open"


class WarcFacts(Struct, frozen=True, kw_only=True):
    """What a WARC file holds. `stopped_at` is the byte from which it could not be read, if any;
    `digest` the SHA-256 of the file in hexadecimal, where it was asked for; `count` how many records
    there are, `records` what they say where that was asked for.
    """

    path: str
    name: str
    size: int
    digest: str | None
    count: int
    records: tuple[RecordFacts, ...]
    stopped_at: int | None
    defects: tuple[Defect, ...]


def check_warc(path: Path) -> tuple[Defect, ...]:
    """All defects of the WARC file at `path`, in order of place; empty when it is whole.

    Whether the payload that a revisit points to exists cannot be said from one file; that is checked
    with the run. A file named `x.warc.gz.open` must call itself `x.warc.gz`. Raises OSError.
    """
    with path.open("rb") as stream:
        return read_warc(stream, str(path), path.name.removesuffix(UNFINISHED)).defects


def read_warc(stream: BinaryIO, path: str, name: str, *, hashed: bool = False) -> WarcFacts:
    """Read the whole stream. `path` is how defects call it, `name` what WARC-Filename must be."""
    members = Members(stream, hashed=hashed)
    records: list[RecordFacts] = []
    defects: list[Defect] = []
    stopped_at = None
    while not members.at_end():
        number, offset = len(records) + 1, members.offset
        try:
            found = _read_record(members, number, path)
        except Unreadable as stop:
            stopped_at = stop.offset
            defects.append(Defect(path, place(number, offset), stop.what))
            members.drain()
            break
        records.append(found[0])
        defects.extend(found[1])
    defects.extend(_file_defects(records, path, name, stopped_at))
    defects.extend(broken_ties(records, path, cut=stopped_at is not None))
    return WarcFacts(
        path=path,
        name=name,
        size=members.offset,
        digest=members.digest,
        count=len(records),
        records=tuple(records),
        stopped_at=stopped_at,
        defects=tuple(defects),
    )


def _read_record(members: Members, number: int, path: str) -> tuple[RecordFacts, list[Defect]]:
    offset = members.offset
    problems = []
    if flags := members.flags():
        problems.append(f"gzip header with flags 0x{flags:02x} instead of none")
    content = read_content(members.pieces())
    facts = facts_of(number, offset, members.offset - offset, content)
    problems.extend(content.problems)
    return facts, [Defect(path, facts.where, problem) for problem in problems]


def _file_defects(
    records: list[RecordFacts], path: str, name: str, stopped_at: int | None
) -> list[Defect]:
    if not records:
        return [] if stopped_at is not None else [Defect(path, "", "holds no record")]
    defects = []
    first = records[0]
    if first.type != "warcinfo":
        defects.append(Defect(path, first.where, "the first record is no warcinfo record"))
    for record in records:
        if record.filename is not None and record.filename != name:
            what = f"warc-filename is {quoted(record.filename)!r}, the file is {quoted(name)!r}"
            defects.append(Defect(path, record.where, what))
    return defects
