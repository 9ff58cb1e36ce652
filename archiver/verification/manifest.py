"""Manifests against WARC files: what is claimed is there, and nothing is there unclaimed."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from archiver.verification.canonical import canonical
from archiver.verification.defect import Defect, quoted
from archiver.verification.few import few
from archiver.verification.merkle import leaf_of
from archiver.verification.record import RecordFacts
from archiver.verification.tree import Tree, read_text_file
from archiver.verification.warc import WarcFacts

FOLDER = "manifests/"
ENDING = ".json"
SCHEMA = "archiver/manifest/1"
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""A method of HTTP; what is none is written with escapes in the record."""


class Said(Struct):
    """A digest as a manifest writes it."""

    algorithm: str
    value: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value}"


class Claim(Struct, kw_only=True):
    """One record as a manifest lists it."""

    file: str
    offset: int
    length: int
    type: str
    id: str
    target_uri: str | None
    date: datetime
    content_type: str | None = None
    status: int | None = None
    method: str | None = None
    block_digest: Said
    payload_digest: Said | None = None
    concurrent_to: str | None = None
    refers_to: str | None = None
    truncated: str | None = None


class Redacted(Struct):
    """A redaction as a manifest lists it."""

    record_id: str


class Outcome(Struct):
    """The outcome of a capture as its manifest says it."""

    status: str


class Statement(Struct, kw_only=True):
    """What is read of a manifest, as plain JSON."""

    schema: str
    capture_id: str
    run_id: str
    target: str
    outcome: Outcome
    warc_file: str | None
    warc_size: int
    warc_digest: Said | None
    records: list[Claim]
    redactions: list[Redacted]


class Sheet(Struct, frozen=True):
    """A manifest's file: its SHA-256, what it states where that can be read, and its leaf hash."""

    digest: str
    statement: Statement | None
    leaf: bytes = b""


def read_sheets(tree: Tree, defects: list[Defect]) -> dict[str, Sheet]:
    """Every manifest of the run that can be opened, by its path."""
    found = {}
    for path in tree.files:
        if path.startswith(FOLDER) and path.endswith(ENDING):
            data = read_text_file(tree, path, defects)
            if data is not None:
                digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
                found[path] = Sheet(digest, _parsed(tree.shown(path), data, defects), leaf_of(data))
    return found


def check_manifests(
    tree: Tree,
    sheets: Mapping[str, Sheet],
    warcs: Mapping[str, WarcFacts],
    *,
    finished: bool,
) -> Iterator[Defect]:
    """Compare each manifest with its WARC file, both ways. In a run that is not `finished`, a WARC
    file may still wait for its manifest."""
    statements = {path: sheet.statement for path, sheet in sheets.items() if sheet.statement}
    for path, statement in statements.items():
        for problem in _own_problems(path, statement, tree):
            yield Defect(tree.shown(path), "", problem)
        warc = warcs.get(statement.warc_file or "")
        if warc is not None:
            yield from _compare(tree.shown(path), statement, warc)
    claimed = {statement.warc_file for statement in statements.values()}
    unread = sheets.keys() - statements.keys()
    claimed |= {f"archive/{_stem(path)}.warc.gz" for path in unread}
    for path, warc in warcs.items():
        if path not in claimed and finished:
            yield Defect(warc.path, "", "no manifest speaks of it")


def _parsed(shown: str, data: bytes, defects: list[Defect]) -> Statement | None:
    try:
        text = data.decode("utf-8")
        if canonical(json.loads(text)) != text:
            defects.append(Defect(shown, "", "is not canonical JSON (RFC 8785)"))
        return msgspec.json.decode(data, type=Statement)
    except (ValueError, RecursionError) as error:
        defects.append(Defect(shown, "", f"is no manifest: {quoted(error)}"))
        return None


def _stem(path: str) -> str:
    """The capture's id in the path of its manifest."""
    return path.removeprefix(FOLDER).removesuffix(ENDING)


def _own_problems(path: str, statement: Statement, tree: Tree) -> Iterator[str]:
    stem = _stem(path)
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
    elif statement.warc_file not in tree.files:
        yield f"its WARC file {quoted(statement.warc_file)} is missing"
    if statement.warc_digest is None:
        yield "no digest of the WARC file"


def _compare(shown: str, statement: Statement, warc: WarcFacts) -> Iterator[Defect]:
    if statement.warc_size != warc.size:
        what = f"the WARC file has {warc.size} bytes, the manifest says {statement.warc_size}"
        yield Defect(shown, "", what)
    elif statement.warc_digest and str(statement.warc_digest) != f"sha256:{warc.digest}":
        what = f"the WARC file has sha256:{warc.digest}, the manifest says {statement.warc_digest}"
        yield Defect(shown, "", what)
    if [claim.offset for claim in statement.records] != sorted(c.offset for c in statement.records):
        yield Defect(shown, "", "its records are not in the order of the WARC file")
    there = {record.id: record for record in warc.records}
    claimed = {claim.id for claim in statement.records}
    readable = [
        claim
        for claim in statement.records
        if warc.stopped_at is None or claim.offset < warc.stopped_at
    ]
    yield from few(_missing(shown, readable, there), of_kind="records are missing")
    yield from few(_different(shown, statement, there), of_kind="records differ")
    yield from few(_unclaimed(warc, claimed), of_kind="records are not in the manifest")
    for redaction in statement.redactions:
        if redaction.record_id not in claimed:
            yield Defect(shown, "", f"a redaction in {quoted(redaction.record_id)}, no such record")


def _missing(
    shown: str, claims: Iterable[Claim], there: Mapping[str, RecordFacts]
) -> Iterator[Defect]:
    for claim in claims:
        if claim.id not in there:
            yield Defect(
                shown,
                f"byte {claim.offset}",
                f"the {quoted(claim.type)} {quoted(claim.id)} is missing",
            )


def _unclaimed(warc: WarcFacts, claimed: set[str]) -> Iterator[Defect]:
    for record in warc.records:
        if record.id not in claimed:
            yield Defect(warc.path, record.where, "the manifest does not list this record")


def _different(
    shown: str, statement: Statement, there: Mapping[str, RecordFacts]
) -> Iterator[Defect]:
    for claim in statement.records:
        record = there.get(claim.id)
        for name, said, real in _pairs(claim, statement, record) if record else ():
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
    yield "the date", claim.date, instant(record.date)
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


def instant(text: str) -> datetime | None:
    """A date of a record or list as an instant, or None for what is no date with an offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
