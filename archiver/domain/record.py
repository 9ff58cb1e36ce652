"""A record: where one WARC record lies and what its digests are."""

from datetime import datetime

from msgspec import Struct

from archiver.domain.digest import Digest


class Record(Struct, frozen=True, kw_only=True):
    """One WARC record as written. `offset` and `length` are in bytes of the compressed file.

    `id`, `concurrent_to` and `refers_to` are as they stand in the record, angle brackets included.
    `date` is cut to milliseconds, as WARC-Date is. `request_body` is the request's body folded into
    a query, the way CDX indexes name what a POST asked for. `truncated_because` says in words why a body was
    cut, as far as the browser told, and is no part of the WARC record.
    """

    file: str
    offset: int
    length: int
    type: str
    id: str
    target_uri: str | None
    date: datetime
    content_type: str | None = None
    media_type: str | None = None
    status: int | None = None
    method: str | None = None
    block_digest: Digest
    payload_digest: Digest | None = None
    concurrent_to: str | None = None
    refers_to: str | None = None
    truncated: str | None = None
    truncated_because: str | None = None
    request_body: str | None = None


class Redaction(Struct, frozen=True, kw_only=True):
    """Values taken out before hashing: in which record, where, by which rule, how many.

    `header` is the header's name; or `url` or `body` with the name of the parameter or field (rule `name`); or
    one of `url`, `headers`, `body`, `facts` (rule `login`: what opens an account of the user's).
    """

    record_id: str
    header: str
    rule: str
    count: int = 1


class WrittenWarc(Struct, frozen=True, kw_only=True):
    """A finished WARC file: its name inside the run, its size in bytes, its digest, its records.

    `notes` say in words what could not be written as it came.
    """

    file: str
    size: int
    digest: Digest
    records: tuple[Record, ...]
    redactions: tuple[Redaction, ...] = ()
    notes: tuple[str, ...] = ()


class StoredPayload(Struct, frozen=True, kw_only=True):
    """A payload already in this run, which a revisit record may point to."""

    record_id: str
    target_uri: str
    date: datetime
