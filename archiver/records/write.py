"""Writes a capture's WARC file: one file a capture, whole or not there at all.

Order: everything into `<capture-id>.warc.gz.open`, fsync, read back by a checker that shares no code
with this one, rename, fsync of the folder. A file that is still called `.open` was never finished; one
without it was read back and found whole. A failed fsync is final: the file keeps its `.open` name and
is never tried again, since a second fsync may report success for data that is lost.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders

from archiver.clock import Ids, iso
from archiver.domain.capture import Capture
from archiver.domain.digest import Digest
from archiver.domain.record import Record, Redaction, WrittenWarc
from archiver.errors import ArchiveDamaged, ArchiverError
from archiver.files import disk_errors, publish, read_errors
from archiver.records.build import Seen, drafts
from archiver.records.draft import Draft
from archiver.records.gzip import Sink, pieces, write_member
from archiver.records.warcinfo import WarcInfo

END = b"\r\n\r\n"
BUFFER = 1 << 18
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,150}")


def write_capture(
    capture: Capture,
    folder: Path,
    info: WarcInfo,
    *,
    seen: Seen,
    ids: Ids,
    check: Callable[[Path], Sequence[object]],
) -> WrittenWarc:
    """Write `folder/<capture-id>.warc.gz` and say what is in it; names in it are relative to the run.

    `seen` finds a payload that this run already holds. `check` reads the finished file and returns its
    defects: with any, ArchiveDamaged is raised and the file keeps its `.open` name. Raises NoSpace on
    a full disk, ArchiverError on any other refusal of the file system.
    """
    final = _free_name(folder, capture.id)
    unfinished = final.with_name(final.name + ".open")
    with disk_errors(final):
        written = _write(unfinished, capture, info, final, seen, ids)
    with read_errors(unfinished):
        defects = check(unfinished)
    if defects:
        raise ArchiveDamaged(
            f"{unfinished} was read back and is not what was written: {defects[0]}",
            hint="check disk and memory of this machine, then run again",
        )
    with disk_errors(final):
        publish(unfinished, final)
    return written


def _free_name(folder: Path, capture_id: str) -> Path:
    if not _NAME.fullmatch(capture_id):
        raise ArchiverError(f"{capture_id!r} cannot be the name of a WARC file")
    final = folder / f"{capture_id}.warc.gz"
    if final.exists():
        raise ArchiverError(f"{final} is there already: a WARC file is never overwritten")
    return final


def _write(
    unfinished: Path, capture: Capture, info: WarcInfo, final: Path, seen: Seen, ids: Ids
) -> WrittenWarc:
    """The whole file, durable, under its unfinished name."""
    name = f"{final.parent.name}/{final.name}"
    records: list[Record] = []
    redactions: list[Redaction] = []
    notes: list[str] = []
    with open(unfinished, "xb", buffering=BUFFER) as file:
        sink = Sink(file)
        for draft in drafts(capture, info, final.name, seen=seen, ids=ids):
            records.append(write_record(sink, draft, name, _warcinfo_id(records)))
            redactions += _redactions(draft)
            notes += draft.notes
        file.flush()
        os.fsync(file.fileno())
    return WrittenWarc(
        file=name,
        size=sink.size,
        digest=sink.digest,
        records=tuple(records),
        redactions=tuple(redactions),
        notes=tuple(notes),
    )


def _warcinfo_id(records: Sequence[Record]) -> str | None:
    return records[0].id if records else None


def _redactions(draft: Draft) -> Iterator[Redaction]:
    for header, rule, count in draft.redacted:
        yield Redaction(record_id=draft.id, header=header, rule=rule, count=count)


def write_record(sink: Sink, draft: Draft, file: str, warcinfo_id: str | None) -> Record:
    """One record as one gzip member; the digests are over exactly what is written.

    `file` is the name of the WARC file inside the run, `warcinfo_id` the id of its first record.
    """
    block_digest = _block_digest(draft)
    fields = [*_fields(draft, warcinfo_id), ("WARC-Block-Digest", str(block_digest))]
    if draft.payload_digest:
        fields.append(("WARC-Payload-Digest", str(draft.payload_digest)))
    fields.append(("Content-Type", draft.content_type))
    fields.append(("Content-Length", str(len(draft.head) + draft.body.size)))
    header = StatusAndHeaders("", fields, protocol="WARC/1.1").to_bytes()
    offset = sink.size
    write_member(sink, header + draft.head, draft.body, END, packed=draft.packed)
    return Record(
        file=file,
        offset=offset,
        length=sink.size - offset,
        type=draft.type,
        id=draft.id,
        target_uri=draft.target_uri,
        date=draft.date,
        content_type=draft.content_type,
        media_type=draft.media_type,
        status=draft.status,
        method=draft.method,
        block_digest=block_digest,
        payload_digest=draft.payload_digest,
        concurrent_to=draft.concurrent_to,
        refers_to=draft.refers_to,
        truncated=draft.truncated,
        truncated_because=draft.truncated_because,
        request_body=draft.request_body,
    )


def _fields(draft: Draft, warcinfo_id: str | None) -> Iterator[tuple[str, str]]:
    """The named fields before the digests, each once, in the customary order."""
    yield "WARC-Type", draft.type
    yield "WARC-Record-ID", draft.id
    yield "WARC-Date", iso(draft.date)
    if draft.target_uri:
        yield "WARC-Target-URI", draft.target_uri
    if warcinfo_id:
        yield "WARC-Warcinfo-ID", warcinfo_id
    if draft.concurrent_to:
        yield "WARC-Concurrent-To", draft.concurrent_to
    if draft.refers_to:
        yield "WARC-Refers-To", draft.refers_to
    yield from draft.fields
    if draft.truncated:
        yield "WARC-Truncated", draft.truncated


def _block_digest(draft: Draft) -> Digest:
    if not draft.head:
        return draft.body.digest
    block = hashlib.sha256(draft.head)
    for piece in pieces(draft.body):
        block.update(piece)
    return Digest("sha256", block.hexdigest())
