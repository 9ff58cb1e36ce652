"""Check one WARC file from its first byte to its last: members, records, digests, pairs.

`check_warc` is what a writer calls before it gives a file its name, and what `verify` builds on. A file
may be walked in parts, by several processes; `conclude` makes one of them again.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct, field

from archiver.verification.columns import CODE, TYPE_BITS, Columns, Filler
from archiver.verification.defect import Defect, Unreadable, quoted
from archiver.verification.members import PIECE, Members
from archiver.verification.pairs import Again, Ties
from archiver.verification.prints import Print, new_key, printer
from archiver.verification.record import (
    Content,
    RecordFacts,
    facts_of,
    place,
    read_content,
    read_sound_content,
)

UNFINISHED = ".open"
MOST_PROBLEMS = 200
"""Lines about the records of one file; those beyond are counted."""


MOST_TIES = 20
"""Lines about the ties between the records of one file."""


class WarcFacts(Struct, frozen=True, kw_only=True):
    """What a WARC file holds. `stopped_at` is the byte from which it could not be read, if any;
    `digest` the SHA-256 of the file in hexadecimal, where it was asked for; `count` how many records
    there are, `rows` what is kept of them where that was asked for.
    """

    path: str
    name: str
    size: int
    digest: str | None
    count: int
    rows: Columns
    stopped_at: int | None
    defects: tuple[Defect, ...]


class Part(Struct, kw_only=True):
    """What a walk over a file, or over a part of it, found.

    `start` and `end` are bytes; `problems` rows, from 0, with what is wrong; `more` how many problems
    were only counted; `stop` the byte and the reason where the walk could not go on.
    """

    start: int
    end: int
    rows: Columns
    problems: list[tuple[int, str]] = field(default_factory=list)
    more: int = 0
    stop: tuple[int, str] | None = None

    def say(self, row: int, problems: tuple[str, ...]) -> None:
        """Take note of problems of a record."""
        room = MOST_PROBLEMS - len(self.problems)
        self.problems += [(row, problem) for problem in problems[:room]]
        self.more += len(problems[room:]) if room < len(problems) else 0

    def join(self, after: "Part") -> None:
        """Append the part that begins where this one ends."""
        count = len(self.rows.offsets)
        self.more += after.more
        for row, problem in after.problems:
            self.say(row + count, (problem,))
        self.rows.extend(after.rows)
        self.end, self.stop = after.end, after.stop


def check_warc(path: Path) -> tuple[Defect, ...]:
    """All defects of the WARC file at `path`, in order of place; empty when it is whole.

    Whether the payload that a revisit points to exists cannot be said from one file; that is checked
    with the run. A file named `x.warc.gz.open` must call itself `x.warc.gz`. Raises OSError.
    """
    with path.open("rb") as stream:
        return read_warc(stream, str(path), path.name.removesuffix(UNFINISHED)).defects


def read_warc(
    stream: BinaryIO,
    path: str,
    name: str,
    *,
    hashed: bool = False,
    alone: bool = True,
    key: bytes | None = None,
) -> WarcFacts:
    """Read the whole stream. `path` is how defects call it, `name` what WARC-Filename must be.

    `alone`: nothing speaks of this file, so less is kept of it. `key` makes the fingerprints.
    """
    fingerprint = printer(key or new_key())
    members = Members(stream, hashed=hashed)
    part = walk(members, Filler(fingerprint, alone=alone), name)
    if part.stop:
        members.drain()
    size = members.taken if part.stop else members.offset
    return conclude(part, stream, path, name, fingerprint, size, members.digest)


def walk(members: Members, filler: Filler, name: str, until: int | None = None) -> Part:
    """Read member after member; those that begin before the byte `until`, or all."""
    part = Part(start=members.offset, end=members.offset, rows=filler.columns)
    row = 0
    while (until is None or part.end < until) and not members.at_end():
        try:
            facts, problems = _read_record(members, row, name)
        except Unreadable as stop:
            part.stop = (stop.offset, stop.what)
            break
        filler.add(facts)
        if problems:
            part.say(row, problems)
        row += 1
        part.end = members.offset
    return part


def conclude(
    part: Part,
    stream: BinaryIO,
    path: str,
    name: str,
    fingerprint: Print,
    size: int,
    digest: str | None,
) -> WarcFacts:
    """The facts of a file of so many bytes from a walk over all of it."""
    again = rereader(stream, part.rows)
    count = len(part.rows.offsets)
    problems = [*part.problems, *_file_problems(part)]
    defects = [_at(path, part.rows, row, what) for row, what in problems]
    if part.more:
        defects.append(Defect(path, "", f"and {part.more} more problems of its records"))
    if part.stop:
        defects.append(Defect(path, place(count + 1, part.end), part.stop[1]))
    elif not count:
        defects.append(Defect(path, "", "holds no record"))
    ties = Ties(part.rows, fingerprint, again, cut=part.stop is not None)
    defects += _tied_wrongly(path, part.rows, ties)
    return WarcFacts(
        path=path,
        name=name,
        size=size,
        digest=digest,
        count=count,
        rows=part.rows,
        stopped_at=part.stop[0] if part.stop else None,
        defects=tuple(defects),
    )


def rereader(stream: BinaryIO, rows: Columns) -> Again:
    """What reads the record of a row again."""

    def again(row: int) -> RecordFacts:
        stream.seek(rows.offsets[row])
        return reread(Members(stream), row, rows.offsets[row])

    return again


def reread(members: Members, row: int, offset: int) -> RecordFacts:
    """The record that comes next, which was read before without trouble."""
    start = members.offset
    content = _content(members)
    return facts_of(row + 1, offset, members.offset - start, content)


def _content(members: Members) -> Content:
    """What the next member holds."""
    pieces = members.pieces()
    data = next(pieces)
    sound = read_sound_content(data) if len(data) < PIECE else None
    return sound or read_content(chain((data,), pieces))


def _read_record(members: Members, row: int, name: str) -> tuple[RecordFacts, tuple[str, ...]]:
    offset = members.offset
    flags = members.flags()
    content = _content(members)
    facts = facts_of(row + 1, offset, members.offset - offset, content)
    problems = content.problems
    if flags:
        problems = (f"gzip header with flags 0x{flags:02x} instead of none", *problems)
    if facts.filename is not None and facts.filename != name:
        what = f"warc-filename is {quoted(facts.filename)!r}, the file is {quoted(name)!r}"
        problems = (*problems, what)
    return facts, problems


def _file_problems(part: Part) -> Iterator[tuple[int, str]]:
    if part.rows.kinds and part.rows.kinds[0] & TYPE_BITS != CODE["warcinfo"]:
        yield 0, "the first record is no warcinfo record"


def _tied_wrongly(path: str, rows: Columns, ties: Ties) -> Iterator[Defect]:
    shown = more = 0
    for row in ties.suspects():
        if shown >= MOST_TIES:
            more += 1
            continue
        for what in ties.problems(row):
            shown += 1
            yield _at(path, rows, row, what)
    if more:
        yield Defect(path, "", f"and {more} more records are tied wrongly")


def _at(path: str, rows: Columns, row: int, what: str) -> Defect:
    return Defect(path, place(row + 1, rows.offsets[row]), what)
