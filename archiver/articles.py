"""An article as a capture of its own: what was read, and what was found in it."""

from collections.abc import Sequence
from datetime import datetime

from archiver.domain.capture import Capture, Outcome, Snapshot, Status
from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.domain.exchange import Body
from archiver.targets import document_key

URN = "urn:document:"
"""Target URI of the resource record that holds a document read from a file; ours, then its digest."""


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
