"""From a capture to the drafts of its WARC records, in the order in which they are written.

No input or output happens here. First the warcinfo record, then each exchange as response (or revisit)
and request, then what was made from the drawn page (`resource`), then facts about the capture
(`metadata`). An exchange without a response, or not over HTTP, gives no record at all: nothing is
invented; it is named in the manifest as unrecorded.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec.structs import replace

from archiver.clock import Ids, iso, milliseconds
from archiver.domain.capture import Capture, Snapshot
from archiver.domain.digest import Digest
from archiver.domain.exchange import EMPTY, Body, Exchange
from archiver.domain.record import StoredPayload
from archiver.domain.secret import without_secrets
from archiver.records import text
from archiver.records.draft import Draft
from archiver.records.facts import outcome_facts, tls_facts
from archiver.records.fold import fold
from archiver.records.media import is_packed, media_type, packed_type
from archiver.records.named import RULE as NAMED
from archiver.records.named import without_named, without_named_facts
from archiver.records.secrets import RULE
from archiver.records.shape import request_head, response_head
from archiver.records.warcinfo import WarcInfo, warcinfo

Seen = Callable[[Digest, str], StoredPayload | None]
"""Payload digest and URL → where this run already holds that payload, or None."""

SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
REVISIT_FROM = 1024
"""Bytes from which a repeated payload becomes a revisit; below, the pointer costs as much."""

BECAUSE = 200
"""Characters of the reason why a body was cut: as many as there are answers, so they add up."""

_NOT_WORD = re.compile(r"[^a-z0-9./\-]+")


def drafts(
    capture: Capture, info: WarcInfo, file_name: str, *, seen: Seen, ids: Ids
) -> Iterator[Draft]:
    """All drafts of the capture, lazily; what is a secret by its name is taken out of it first."""
    capture = without_named(capture)
    yield warcinfo(capture, info, file_name, _new_id(ids))
    held: dict[Digest, StoredPayload] = {}
    responses: list[tuple[Exchange, Draft]] = []
    for exchange in capture.exchanges:
        if not exchange.recordable:
            continue
        body = exchange.body
        response = _response(capture, exchange, _new_id(ids))
        if body.size >= REVISIT_FROM and exchange.truncated is None:
            known = held.get(body.digest) or seen(body.digest, exchange.url)
            held.setdefault(body.digest, known or _stored(response))
            response = _as_revisit(response, known) if known else response
        responses.append((exchange, response))
        yield response
        yield _request(capture, exchange, response, _new_id(ids))
    for snapshot in capture.snapshots:
        yield _resource(capture, snapshot, _new_id(ids))
    main = _main_document(capture, responses)
    if tls := tls_facts(capture, responses):
        yield _metadata(capture, "tls", tls, main, _new_id(ids))
    yield _metadata(capture, "outcome", outcome_facts(capture), main, _new_id(ids))


def _new_id(ids: Ids) -> str:
    return f"<urn:uuid:{ids.uuid()}>"


def _stored(response: Draft) -> StoredPayload:
    return StoredPayload(
        record_id=response.id, target_uri=response.target_uri or "", date=response.date
    )


def _response(capture: Capture, exchange: Exchange, record_id: str) -> Draft:
    head = response_head(exchange)
    body = exchange.body
    return Draft(
        type="response",
        id=record_id,
        date=milliseconds(exchange.started_at),
        content_type="application/http;msgtype=response",
        target_uri=text.target_uri(exchange.url),
        fields=(*_origin(exchange), *_belongs(capture, exchange.resource_type)),
        head=head.data,
        body=body,
        payload_digest=body.digest,
        packed=is_packed(exchange),
        media_type=media_type(exchange.media_type),
        status=exchange.status,
        method=exchange.method,
        request_body=fold(exchange),
        truncated=exchange.truncated,
        truncated_because=_because(exchange),
        redacted=(*head.redacted, *_taken(exchange, "response")),
        notes=tuple(_notes(exchange, record_id, head.escaped)),
    )


def _because(exchange: Exchange) -> str | None:
    """Why the body was cut, in words; None where it was not, or nobody said."""
    why = without_secrets(exchange.error) if exchange.truncated else ""
    return (why if len(why) <= BECAUSE else f"{why[: BECAUSE - 1]}…") or None


def _as_revisit(response: Draft, known: StoredPayload) -> Draft:
    """The same record without its body, which `known` already holds (WARC 1.1 section 6.7.2)."""
    refers = (
        ("WARC-Profile", SAME_PAYLOAD),
        ("WARC-Refers-To-Target-URI", known.target_uri),
        ("WARC-Refers-To-Date", iso(known.date)),
    )
    return replace(
        response,
        type="revisit",
        fields=(*refers, *response.fields),
        body=EMPTY,
        packed=False,
        refers_to=known.record_id,
        truncated="length",
    )


def _request(capture: Capture, exchange: Exchange, response: Draft, record_id: str) -> Draft:
    head = request_head(exchange)
    body = exchange.request_body
    return Draft(
        type="request",
        id=record_id,
        date=response.date,
        content_type="application/http;msgtype=request",
        target_uri=response.target_uri,
        fields=(*_origin(exchange), *_belongs(capture, exchange.resource_type)),
        head=head.data,
        body=body,
        payload_digest=body.digest if body.size else None,
        method=exchange.method,
        concurrent_to=response.id,
        redacted=(*head.redacted, *_taken(exchange, "request")),
        notes=_escaped_note(record_id) if head.escaped else (),
    )


def _resource(capture: Capture, snapshot: Snapshot, record_id: str) -> Draft:
    snapshot, named = without_named_facts(snapshot)
    taken = (("body", RULE, snapshot.redacted), ("facts", NAMED, named))
    return Draft(
        type="resource",
        id=record_id,
        date=milliseconds(snapshot.taken_at),
        content_type=text.escaped(snapshot.media_type),
        target_uri=text.target_uri(snapshot.urn),
        fields=_belongs(capture, snapshot.role),
        body=snapshot.body,
        payload_digest=snapshot.body.digest,
        packed=packed_type(snapshot.media_type),
        media_type=media_type(snapshot.media_type),
        redacted=tuple(one for one in taken if one[2]),
    )


def _taken(exchange: Exchange, side: str) -> Iterator[tuple[str, str, int]]:
    """What of the user's secrets is no longer in the request or the response."""
    for one in exchange.redacted:
        if one.side == side:
            part, _, name = one.where.partition(" ")
            rule = NAMED if name else RULE
            yield name if part == "header" else one.where, rule, one.count


def _metadata(capture: Capture, what: str, facts: bytes, main: str | None, record_id: str) -> Draft:
    """Facts as JSON, referring to the main document's record where there is one."""
    body = Body.of(facts)
    return Draft(
        type="metadata",
        id=record_id,
        date=milliseconds(capture.ended_at),
        content_type="application/json",
        target_uri=text.target_uri(f"urn:{what}:{capture.url or capture.target}"),
        fields=_belongs(capture, what),
        body=body,
        payload_digest=body.digest,
        media_type="application/json",
        redacted=(("facts", RULE, capture.redacted),)
        if capture.redacted and what == "outcome"
        else (),
        refers_to=main,
    )


def _main_document(capture: Capture, responses: list[tuple[Exchange, Draft]]) -> str | None:
    """The record id of the page's main document."""
    if capture.page_url is None:
        return None
    found = [draft for exchange, draft in responses if exchange.url == capture.page_url]
    at = milliseconds(capture.page_at) if capture.page_at else None
    exact = [draft.id for draft in found if draft.date == at]
    return next(iter(exact or [draft.id for draft in found]), None)


def _origin(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The address really connected to, and the protocols (one line each, as in the field)."""
    if address := _address(exchange.address):
        yield "WARC-IP-Address", address
    for protocol in exchange.protocols:
        if word := _word(protocol):
            yield "WARC-Protocol", word


@lru_cache(maxsize=512)
def _address(written: str | None) -> str | None:
    """Dotted quad, or IPv6 by RFC 5952 without a zone; None for anything else."""
    try:
        return str(ipaddress.ip_address((written or "").partition("%")[0]))
    except ValueError:
        return None


def _belongs(capture: Capture, resource_type: str) -> tuple[tuple[str, str], ...]:
    return (
        ("WARC-Page-ID", text.line(capture.id)),
        ("WARC-Resource-Type", _word(resource_type) or "other"),
    )


@lru_cache(maxsize=512)
def _word(written: str) -> str:
    return _NOT_WORD.sub("", written.lower())


def _notes(exchange: Exchange, record_id: str, escaped: bool) -> Iterator[str]:
    if escaped or text.target_uri(exchange.url) != exchange.url:
        yield from _escaped_note(record_id)


def _escaped_note(record_id: str) -> tuple[str]:
    return (f"characters in the URL or a header of {record_id} were percent-encoded",)
