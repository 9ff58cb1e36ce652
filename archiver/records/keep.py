"""Records taken over from a WARC file that is to go: byte for byte, into a file of their own."""

import gzip
import hashlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from archiver.domain.digest import Digest
from archiver.domain.record import Record, WrittenWarc
from archiver.errors import ArchiveDamaged
from archiver.files import disk_errors, publish


def needed_with(records: Sequence[Record], wanted: frozenset[str]) -> tuple[Record, ...]:
    """The records that must stay for the `wanted` ids to be whole: the file's warcinfo, the answers, and the
    requests that they belong to; none when nothing of it is wanted."""
    answers = {record.id for record in records if record.id in wanted}
    return tuple(
        record
        for record in records
        if answers
        and (
            record.type == "warcinfo"
            or record.id in answers
            or (record.type == "request" and record.concurrent_to in answers)
        )
    )


def take_over(
    source: Path,
    records: Sequence[Record],
    final: Path,
    *,
    check: Callable[[Path], Sequence[object]],
) -> WrittenWarc:
    """Copy these records of `source` into `final`, whole or not at all; one of that name is written anew.

    Their ids, dates, digests and bytes stay; only the places in the file are others, and the file's name in
    its warcinfo record. Raises ArchiveDamaged when
    `check` finds a defect in what was written, NoSpace and ArchiverError as every write does.
    """
    unfinished = final.with_name(final.name + ".open")
    name = f"{final.parent.name}/{final.name}"
    moved: list[Record] = []
    digest, offset = hashlib.sha256(), 0
    with disk_errors(final), source.open("rb") as old, unfinished.open("wb") as new:
        for record in records:
            old.seek(record.offset)
            member = old.read(record.length)
            if record.type == "warcinfo":
                member = _renamed(member, final.name)
            new.write(member)
            digest.update(member)
            moved.append(replace(record, file=name, offset=offset, length=len(member)))
            offset += len(member)
        new.flush()
        os.fsync(new.fileno())
    if defects := check(unfinished):
        raise ArchiveDamaged(f"{unfinished} is not whole: {defects[0]}")
    with disk_errors(final):
        publish(unfinished, final)
    said = Digest("sha256", digest.hexdigest())
    return WrittenWarc(file=name, size=offset, digest=said, records=tuple(moved))


def _renamed(member: bytes, name: str) -> bytes:
    """A warcinfo record with another file name in its header; its block is as it was."""
    header, end, block = gzip.decompress(member).partition(b"\r\n\r\n")
    field = f"\r\nWARC-Filename: {name}".encode("ascii")
    return gzip.compress(
        re.sub(rb"\r\nWARC-Filename: [^\r\n]*", field, header) + end + block, mtime=0
    )
