"""An article as a capture of its own: what was read, what was found in it, and how it looked.

What extraction read is what our own client fetched. A page of the web is visited in the browser as well,
and both are one capture: the fetch its first attempt, the visit its second.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archiver.domain.capture import RECEIVED, Attempt, Capture, Outcome, Snapshot, Status
from archiver.domain.digest import Digest
from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.domain.exchange import Body, Exchange
from archiver.domain.post import View
from archiver.intake.pages import is_of_post
from archiver.targets import document_key

URN = "urn:document:"
"""Target URI of the resource record that holds a document read from a file; ours, then its digest."""


SPOOL_FROM = 32_768
"""Bytes from which the body of an article waits in a file until the article has been visited."""


class Reading(Struct, frozen=True, kw_only=True):
    """An article that was read and waits for its visit: its capture so far, the digest of the bytes that
    were read, and what was found in them."""

    capture: Capture
    document: Digest
    found: tuple[Embed, ...]


def to_be_visited(document: Document, found: Sequence[Embed] = ()) -> bool:
    """Whether the article is a page of the web that a browser can show as it was read. A post's own page that
    embeds no other post is not visited as an article: the visit to the post shows it."""
    if document.kind != "html" or not document.exchanges or document.url is None:
        return False
    embeds = any(embed.role == "embed" for embed in found)
    return embeds or not any(is_of_post(each.url) for each in document.exchanges)


def reading_of(
    document: Document, found: Sequence[Embed], *, capture_id: str, now: datetime, spool: Path
) -> Reading:
    """The article as it waits for its visit; large bodies are put into files in `spool`."""
    capture = article_capture(document, found, capture_id=capture_id, now=now)
    view = View("page", str(document.url))
    fetched = Attempt(
        view=view, started_at=capture.started_at, ended_at=now, outcome=capture.outcome
    )
    exchanges = tuple(_spooled(e, spool / f"read-{n}") for n, e in enumerate(capture.exchanges))
    return Reading(
        capture=replace(capture, exchanges=exchanges, attempts=(fetched,)),
        document=document.digest,
        found=tuple(found),
    )


def _spooled(exchange: Exchange, file: Path) -> Exchange:
    body = exchange.body
    if body.size < SPOOL_FROM or body.spool:
        return exchange
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body.read())
    return replace(exchange, body=replace(body, data=b"", spool=str(file)))


def joined(reading: Reading, visited: Capture) -> Capture:
    """The article's capture with its visit. It was received, whatever the browser got: the status says
    what was read, and the reason how the visit went."""
    fetched, seen = reading.capture, visited.outcome
    shown = seen.status in RECEIVED and visited.page_url is not None
    how = "visited" if shown else f"its visit: {seen.status}, {seen.reason}"
    outcome = replace(
        fetched.outcome,
        reason=f"{fetched.outcome.reason}; {how}",
        signals=seen.signals if shown else (),
    )
    return replace(
        visited,
        started_at=fetched.started_at,
        outcome=outcome,
        attempts=fetched.attempts + visited.attempts,
        exchanges=fetched.exchanges + visited.exchanges,
        page_url=visited.page_url if shown else fetched.page_url,
        page_at=visited.page_at if shown else fetched.page_at,
        title=(visited.title if shown else None) or fetched.title,
        requested=fetched.requested + visited.requested,
    )


def worth_keeping(document: Document, found: Sequence[Embed]) -> bool:
    """An article that was fetched is kept; a file only when it shows a post."""
    return bool(document.exchanges) or any(embed.role == "embed" for embed in found)


def article_capture(
    document: Document, found: Sequence[Embed], *, capture_id: str, now: datetime
) -> Capture:
    """The capture of a document: its exchanges, or for a file its bytes as a resource."""
    answer = document.exchanges[-1] if document.exchanges else None
    return Capture(
        id=capture_id,
        target=document_key(document),
        url=document.url,
        started_at=document.exchanges[0].started_at if answer else document.read_at or now,
        ended_at=now,
        outcome=Outcome(status=Status.CAPTURED, reason=_reason(document, found)),
        exchanges=document.exchanges,
        snapshots=() if answer else (_as_resource(document, now),),
        page_url=answer.url if answer else None,
        page_at=answer.started_at if answer else None,
        title=document.title,
        requested=len(document.exchanges),
    )


def _reason(document: Document, found: Sequence[Embed]) -> str:
    embeds = sum(embed.role == "embed" for embed in found)
    came = "received" if document.exchanges else "read"
    return f"the article was {came}; it embeds {embeds} post{'' if embeds == 1 else 's'}"


def _as_resource(document: Document, now: datetime) -> Snapshot:
    media_type = (
        document.media_type
        or {
            "html": "text/html",
            "text": "text/plain",
            "json": "application/json",
        }[document.kind]
    )
    return Snapshot(
        role="document",
        urn=f"{URN}{document.digest}",
        media_type=media_type,
        body=Body.of(document.body),
        taken_at=document.read_at or now,
    )
