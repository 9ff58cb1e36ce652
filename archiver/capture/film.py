"""Whether a post shows a video, and the files that another program fetched of it as part of its capture."""

from collections.abc import Sequence

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from archiver.capture.dash import TYPES as MANIFESTS
from archiver.capture.download import Fetched
from archiver.capture.playlists import TYPES as PLAYLISTS
from archiver.domain.capture import RECEIVED, Blocked, Capture, Outcome, Snapshot, Status
from archiver.domain.metadata import PostMetadata

STREAMS = PLAYLISTS | MANIFESTS
SHADOW = b"<template shadowrootmode="
"""What a shadow root is written as; what stands in a template is no part of the document to a parser."""
LONGEST = 20 << 20
"""Bytes of a document that are looked through."""


def has_video(capture: Capture, told: Sequence[PostMetadata]) -> bool:
    """Whether the post was shown with a video: the browser received one, the page has its element (a
    browser without its codec asks for nothing), or the platform says so."""
    if capture.outcome.status not in RECEIVED:
        return False
    received = (e.media_type for e in capture.exchanges if e.status in {200, 206})
    kinds = (medium.kind.value for one in told for medium in one.media if medium.kind)
    return (
        any(kind.startswith("video/") or kind in STREAMS for kind in received)
        or any("video" in str(kind).lower() for kind in kinds)
        or any(_in_document(snapshot) for snapshot in capture.snapshots)
    )


def _in_document(snapshot: Snapshot) -> bool:
    if snapshot.role != "dom" or snapshot.body.size > LONGEST:
        return False
    data = snapshot.body.read()
    if b"<video" not in data:
        return False
    shown = data.replace(SHADOW, SHADOW.replace(b"template", b"div"))
    return LexborHTMLParser(shown).css_first("video") is not None


def with_files(capture: Capture, fetched: Fetched, blocked: Sequence[Blocked]) -> Capture:
    """The capture with what was fetched beside it. A limit makes a captured post partial; nothing else that
    went wrong does more than stand in its notes."""
    outcome, hit = capture.outcome, capture.limits_hit
    if fetched.limit:
        hit = tuple(sorted({*hit, fetched.limit}))
    if fetched.limit and outcome.status is Status.CAPTURED:
        outcome = _cut(outcome, fetched.limit)
    return replace(
        capture,
        outcome=outcome,
        limits_hit=hit,
        snapshots=(*capture.snapshots, *fetched.files),
        blocked=tuple(dict.fromkeys((*capture.blocked, *blocked))),
        notes=(*capture.notes, *fetched.notes),
    )


def _cut(outcome: Outcome, limit: str) -> Outcome:
    reason = f"{outcome.reason}; cut by the limit of {limit}"
    return replace(outcome, status=Status.PARTIAL, reason=reason)
