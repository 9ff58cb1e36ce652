"""Manifests against WARC files: what is claimed is there, and nothing is there unclaimed."""

import hashlib
import re
from array import array
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from archiver.verification.canonical import is_canonical
from archiver.verification.columns import plain_date
from archiver.verification.defect import Defect, quoted
from archiver.verification.entry import Entry, Told, moment
from archiver.verification.few import few
from archiver.verification.merkle import leaf_of
from archiver.verification.pairs import Again
from archiver.verification.prints import Places, Print, joined
from archiver.verification.record import RecordFacts, place
from archiver.verification.shown import Shown, page_of
from archiver.verification.warc import WarcFacts

FOLDER = "manifests/"
ENDING = ".json"
LARGEST = 1 << 25
"""Bytes of the largest manifest that is read."""
SCHEMA = "archiver/manifest/1"
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""A method of HTTP; what is none is written with escapes in the record."""


class Said(Struct, gc=False):
    """A digest as a manifest writes it."""

    algorithm: str
    value: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value}"


class Claim(Struct, kw_only=True, gc=False):
    """One record as a manifest lists it."""

    file: str
    offset: int
    length: int
    type: str
    id: str
    target_uri: str | None
    date: str
    content_type: str | None = None
    status: int | None = None
    method: str | None = None
    block_digest: Said
    payload_digest: Said | None = None
    concurrent_to: str | None = None
    refers_to: str | None = None
    truncated: str | None = None

    @property
    def text(self) -> str:
        """All of it as one string, as `columns.claim_text` makes it from the record."""
        payload = self.payload_digest
        told = self.method if self.type == "request" else self.status
        return joined(
            (
                self.id,
                self.type,
                str(self.offset),
                str(self.length),
                self.target_uri,
                plain_date(self.date),
                self.content_type,
                str(self.block_digest),
                None if payload is None else str(payload),
                None if told is None else str(told),
                self.concurrent_to,
                self.refers_to,
                self.truncated,
            )
        )


class Redacted(Struct):
    """A redaction as a manifest lists it."""

    record_id: str


class Statement(Told, kw_only=True):
    """What is read of a manifest, as plain JSON."""

    schema: str
    capture_id: str
    run_id: str
    archive_id: str | None = None
    warc_file: str | None
    warc_size: int
    warc_digest: Said | None
    records: list[Claim]
    redactions: list[Redacted]


class Sheet(Struct, frozen=True, kw_only=True, gc=False):
    """A manifest's file: SHA-256 in hexadecimal and leaf hash, and what it says if it can be read."""

    digest: str
    leaf: bytes
    readable: bool
    capture_id: str = ""
    run_id: str = ""
    archive_id: str | None = None
    target: str = ""
    status: str = ""
    warc_file: str | None = None
    entry: Entry | None = None
    shown: Shown | None = None


def read_sheet(data: bytes, shown: str, defects: list[Defect]) -> tuple[Sheet, Statement | None]:
    """A manifest from its bytes; what is wrong with it goes to `defects`."""
    digest, leaf = hashlib.sha256(data).hexdigest(), leaf_of(data)
    try:
        found = msgspec.json.decode(data, type=Statement)
        if not is_canonical(data):
            defects.append(Defect(shown, "", "is not canonical JSON (RFC 8785)"))
    except (ValueError, RecursionError) as error:
        defects.append(Defect(shown, "", f"is no manifest: {quoted(error)}"))
        return Sheet(digest=digest, leaf=leaf, readable=False), None
    sheet = Sheet(
        digest=digest,
        leaf=leaf,
        readable=True,
        capture_id=found.capture_id,
        run_id=found.run_id,
        archive_id=found.archive_id,
        target=found.target,
        status=found.outcome.status,
        warc_file=found.warc_file,
        entry=found.entry,
        shown=page_of(found.page_url, found.page_at, found.title or found.target, found.records),
    )
    return sheet, found


def check_sheet(path: str, shown: str, statement: Statement) -> list[Defect]:
    """What is wrong with a manifest by itself; `path` is its own in the package."""
    return [Defect(shown, "", problem) for problem in _own_problems(path, statement)]


def compare(
    shown: str, statement: Statement, warc: WarcFacts, fingerprint: Print, again: Again
) -> Iterator[Defect]:
    """Compare a manifest with its WARC file, both ways."""
    if statement.warc_size != warc.size:
        what = f"the WARC file has {warc.size} bytes, the manifest says {statement.warc_size}"
        yield Defect(shown, "", what)
    elif statement.warc_digest and str(statement.warc_digest) != f"sha256:{warc.digest}":
        what = f"the WARC file has sha256:{warc.digest}, the manifest says {statement.warc_digest}"
        yield Defect(shown, "", what)
    claims = statement.records
    prints = array("Q", [fingerprint(claim.text) for claim in claims])
    files = {claim.file for claim in claims} <= {statement.warc_file}
    if prints != warc.rows.claims or not files:
        yield from _differences(shown, statement, warc, prints, fingerprint, again)
    claimed = {claim.id for claim in claims} if statement.redactions else set[str]()
    for redaction in statement.redactions:
        if redaction.record_id not in claimed:
            yield Defect(shown, "", f"a redaction in {quoted(redaction.record_id)}, no such record")


def _own_problems(path: str, statement: Statement) -> Iterator[str]:
    stem = path.removeprefix(FOLDER).removesuffix(ENDING)
    if statement.schema != SCHEMA:
        yield f"its schema is {quoted(statement.schema)!r} instead of {SCHEMA}"
    if statement.capture_id != stem:
        yield f"is the manifest of another capture, {quoted(statement.capture_id)!r}"
    if statement.warc_file is None:
        if statement.records or statement.warc_digest or statement.warc_size:
            yield "lists records or a digest without a WARC file"
        return
    if statement.warc_file != f"archive/{stem}.warc.gz":
        yield f"its WARC file is {quoted(statement.warc_file)!r}"
    if statement.warc_digest is None:
        yield "no digest of the WARC file"


def _differences(
    shown: str,
    statement: Statement,
    warc: WarcFacts,
    prints: "array[int]",
    fingerprint: Print,
    again: Again,
) -> Iterator[Defect]:
    """In words, where the fingerprints of claims and records differ."""
    claims, rows = statement.records, warc.rows
    offsets = [claim.offset for claim in claims]
    if offsets != sorted(offsets):
        yield Defect(shown, "", "its records are not in the order of the WARC file")
    if len(set(offsets)) < len(offsets):
        yield Defect(shown, "", "lists a record twice")
    places = Places(rows.ids)
    row_of = [next(places.of(fingerprint(claim.id)), None) for claim in claims]
    pairs = list(zip(claims, row_of, strict=True))
    cut = warc.stopped_at
    lost = (c for c, row in pairs if row is None and (cut is None or c.offset < cut))
    yield from few(_missing(shown, lost), of_kind="records are missing")
    suspects = (
        (claim, again(row))
        for said, (claim, row) in zip(prints, pairs, strict=True)
        if row is not None and (rows.claims[row] != said or claim.file != statement.warc_file)
    )
    yield from few(_different(shown, statement, suspects), of_kind="records differ")
    claimed = {row for row in row_of if row is not None}
    extra = (row for row in range(len(rows.ids)) if row not in claimed)
    yield from few(_unclaimed(warc, extra), of_kind="records are not in the manifest")


def _missing(shown: str, claims: Iterable[Claim]) -> Iterator[Defect]:
    for claim in claims:
        what = f"the {quoted(claim.type)} {quoted(claim.id)} is missing"
        yield Defect(shown, f"byte {claim.offset}", what)


def _unclaimed(warc: WarcFacts, rows: Iterable[int]) -> Iterator[Defect]:
    for row in rows:
        where = place(row + 1, warc.rows.offsets[row])
        yield Defect(warc.path, where, "the manifest does not list this record")


def _different(
    shown: str, statement: Statement, suspects: Iterable[tuple[Claim, RecordFacts]]
) -> Iterator[Defect]:
    for claim, record in suspects:
        for name, said, real in _pairs(claim, statement, record):
            if said != real:
                what = f"{name} is {quoted(real)} in the WARC file, {quoted(said)} in the manifest"
                yield Defect(shown, f"record {quoted(claim.id)}", what)


def _pairs(
    claim: Claim, statement: Statement, record: RecordFacts
) -> Iterator[tuple[str, object, object]]:
    yield "the offset", claim.offset, record.offset
    yield "the length", claim.length, record.length
    yield "the file", claim.file, statement.warc_file
    yield "the type", claim.type, record.type
    yield "the URI", claim.target_uri, record.uri
    yield "the date", moment(claim.date), moment(record.date)
    yield "the content type", claim.content_type, record.content_type
    yield "the block digest", str(claim.block_digest), record.block_digest
    said = str(claim.payload_digest) if claim.payload_digest else None
    yield "the payload digest", said, record.payload_digest
    if claim.type == "request" and TOKEN.fullmatch(claim.method or ""):
        yield "the method", claim.method, record.method
    if claim.type != "request":
        yield "the status", claim.status, record.status
    first = record.concurrent_to[0] if record.concurrent_to else None
    yield "warc-concurrent-to", claim.concurrent_to, first
    yield "warc-refers-to", claim.refers_to, record.refers_to
    yield "warc-truncated", claim.truncated, record.truncated
