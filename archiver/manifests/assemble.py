"""Puts together what is known of a capture into its manifest, and finds the servers it spoke to."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from archiver.clock import milliseconds
from archiver.domain.capture import Capture, Unrecorded
from archiver.domain.digest import Digest
from archiver.domain.embed import Embed
from archiver.domain.exchange import Exchange
from archiver.domain.manifest import (
    Article,
    Collector,
    Context,
    Custody,
    Manifest,
    MediaFile,
    Peer,
    Software,
)
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import Candidate, Post
from archiver.domain.record import WrittenWarc
from archiver.domain.secret import without
from archiver.domain.sound import sound

NO_RESPONSE = "no response"
NOT_HTTP = "not over HTTP"


def assemble(
    capture: Capture,
    written: WrittenWarc | None,
    *,
    post: Post | None,
    articles: Sequence[Article],
    run_id: str,
    resolution_steps: Sequence[str],
    software: Software,
    settings: dict[str, str],
    collector: Collector | None = None,
    document: Digest | None = None,
    found: Sequence[Embed] = (),
    confidence: float | None = None,
    candidates: Sequence[Candidate] = (),
    metadata: PostMetadata | None = None,
    context: Sequence[Context] = (),
) -> Manifest:
    """The manifest of one capture (`written` None: nothing to write). What has no record is unrecorded."""
    manifest = Manifest(
        capture_id=capture.id,
        run_id=run_id,
        target=capture.target,
        post=post,
        articles=tuple(articles),
        context=tuple(context),
        document=document,
        found=tuple(found),
        started_at=capture.started_at,
        ended_at=capture.ended_at,
        visit_ms=capture.visit_ms,
        outcome=capture.outcome,
        attempts=capture.attempts,
        copies=capture.copies,
        resolution=tuple(resolution_steps),
        confidence=confidence,
        candidates=tuple(candidates),
        metadata=metadata,
        page_url=capture.page_url,
        page_at=milliseconds(capture.page_at) if capture.page_at else None,
        title=capture.title,
        warc_file=written.file if written else None,
        warc_size=written.size if written else 0,
        warc_digest=written.digest if written else None,
        records=written.records if written else (),
        media=tuple(_media(capture)) if written else (),
        requested=capture.requested,
        unrecorded=(*capture.unrecorded, *_without_record(capture.exchanges)),
        blocked=capture.blocked,
        limits_hit=capture.limits_hit,
        redactions=written.redactions if written else (),
        peers=tuple(_peers(capture.exchanges)),
        notes=(*capture.notes, *(written.notes if written else ())),
        software=software,
        collector=collector,
        custody=_custody(capture, written, software),
        browser=capture.browser,
        settings=settings,
    )
    return _writable(_without_secrets(manifest))


def _custody(
    capture: Capture, written: WrittenWarc | None, software: Software
) -> tuple[Custody, ...]:
    if written is None:
        return ()
    tool = f"archiver {software.archiver}"
    return (Custody(event="written", at=capture.ended_at, tool=tool, after=written.digest),)


def _media(capture: Capture) -> Iterator[MediaFile]:
    """The files that other programs fetched."""
    for one in capture.snapshots:
        if one.made_by:
            yield MediaFile(
                urn=one.urn,
                media_type=one.media_type,
                size=one.body.size,
                digest=one.body.digest,
                made_by=one.made_by,
                at=milliseconds(one.taken_at),
            )


def _without_secrets(manifest: Manifest) -> Manifest:
    """The manifest without passwords and tokens in addresses; the records are without them already."""
    clean = without(replace(manifest, records=(), redactions=()))
    return replace(clean, records=manifest.records, redactions=manifest.redactions)


def _without_record(exchanges: Iterable[Exchange]) -> Iterator[Unrecorded]:
    for exchange in exchanges:
        if not exchange.recordable:
            reason = exchange.error or (NOT_HTTP if exchange.status else NO_RESPONSE)
            yield Unrecorded(url=exchange.url, method=exchange.method, reason=reason)


def _peers(exchanges: Iterable[Exchange]) -> Iterator[Peer]:
    """Every server that answered, once for each address, protocol and certificate."""
    seen: set[Peer] = set()
    for exchange in exchanges:
        peer = Peer(
            host=_host(exchange.url),
            address=exchange.address,
            protocols=exchange.protocols,
            tls=exchange.tls,
        )
        if exchange.recordable and peer.host and peer not in seen:
            seen.add(peer)
            yield peer


def _host(url: str) -> str:
    """`https://user@Example.org:8443/x` → `example.org:8443`."""
    authority = url.partition("://")[2].partition("/")[0].partition("?")[0]
    return authority.rpartition("@")[2].lower()


def _writable(manifest: Manifest) -> Manifest:
    try:
        msgspec.json.encode(manifest)
    except UnicodeEncodeError:
        return msgspec.convert(sound(msgspec.to_builtins(manifest)), Manifest)
    return manifest
