"""A draft: a WARC record that is thought out but not yet written."""

from datetime import datetime

from msgspec import Struct

from archiver.domain.digest import Digest
from archiver.domain.exchange import EMPTY, Body


class Draft(Struct, frozen=True, kw_only=True):
    """One record to be. The block is `head` (HTTP headers, or nothing) and then `body`.

    `fields` are the named fields special to the record, in order; those that every record has, the
    digests and the lengths are made by the writer. `id`, `concurrent_to` and `refers_to` have their
    angle brackets. `packed` says that compressing the body would gain nothing. `redacted`, `notes`
    and `truncated_because` go into the manifest.
    """

    type: str
    id: str
    date: datetime
    content_type: str
    target_uri: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    head: bytes = b""
    body: Body = EMPTY
    payload_digest: Digest | None = None
    packed: bool = False
    media_type: str | None = None
    status: int | None = None
    method: str | None = None
    request_body: str | None = None
    concurrent_to: str | None = None
    refers_to: str | None = None
    truncated: str | None = None
    truncated_because: str | None = None
    redacted: tuple[tuple[str, str, int], ...] = ()
    notes: tuple[str, ...] = ()
