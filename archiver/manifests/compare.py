"""A capture beside the one before it: is the post the same, edited, gone, or back?

What the platform told of the post is compared where both captures have it: its text and media are the post's
own. Without that there is the page as a whole, by the digest of its visible words, and of a page it cannot be said
whose words have changed.
"""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from archiver.domain.capture import SETTLED, Status
from archiver.domain.manifest import Comparison, Manifest
from archiver.domain.metadata import PostMetadata

SHOWN = 60
"""How many characters of a text are quoted."""
TEXT = "urn:text:"


def compare(before: Manifest, now: Manifest) -> Comparison | None:
    """Both are settled captures of one post; None when `now` is not, and so says nothing."""
    if now.outcome.status not in SETTLED:
        return None
    was, there = (m.outcome.status is Status.CAPTURED for m in (before, now))
    if was != there:
        words = f"{before.outcome.status}, now {now.outcome.status}"
        verdict: Literal["back", "gone"] = "back" if there else "gone"
        return Comparison(previous=before.capture_id, verdict=verdict, what=(words,))
    if not there:
        return Comparison(previous=before.capture_id, verdict="same")
    if before.metadata and now.metadata:
        return _told(before.capture_id, before.metadata, now.metadata)
    same = _words(before) == _words(now)
    what = () if same else ("the words of the page",)
    return Comparison(previous=before.capture_id, verdict="same" if same else "differs", what=what)


def _told(previous: str, before: PostMetadata, now: PostMetadata) -> Comparison:
    """By what the platform told. What only one of both knows, or has from another place in the answers
    (a description is shorter than the text), is no difference."""
    edits = [*_texts(before, now), *_media(before, now)]
    counts = list(_counts(before, now))
    if edits:
        return Comparison(previous=previous, verdict="edited", what=(*edits, *counts))
    return Comparison(previous=previous, verdict="counts" if counts else "same", what=tuple(counts))


def _texts(before: PostMetadata, now: PostMetadata) -> Iterator[str]:
    for name in ("title", "text"):
        old, new = getattr(before, name), getattr(now, name)
        if old and new and old.path == new.path and _plain(old.value) != _plain(new.value):
            yield f"{name}: {_cut(_plain(old.value))!r}, now {_cut(_plain(new.value))!r}"


def _plain(value: object) -> str:
    return " ".join(str(value).split())


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _media(before: PostMetadata, now: PostMetadata) -> Iterator[str]:
    """Media by the path of their address: hosts and query strings change from day to day."""
    old, new = _paths(before), _paths(now)
    if old and new and old != new:
        yield f"media: {len(new - old)} new, {len(old - new)} no longer there"
    elif before.media and now.media and len(before.media) != len(now.media):
        yield f"media: {len(before.media)}, now {len(now.media)}"


def _paths(told: PostMetadata) -> frozenset[str]:
    return frozenset(urlsplit(str(one.url.value)).path for one in told.media if one.url)


def _counts(before: PostMetadata, now: PostMetadata) -> Iterator[str]:
    for name in sorted(before.counts.keys() & now.counts.keys()):
        old, new = before.counts[name], now.counts[name]
        if old.path == new.path and old.value != new.value:
            yield f"{name}: {old.value}, now {new.value}"


def _words(manifest: Manifest) -> frozenset[str]:
    """The digests of the visible words of every view, each with the view's address."""
    return frozenset(
        f"{record.target_uri} {record.payload_digest or record.block_digest}"
        for record in manifest.records
        if (record.target_uri or "").startswith(TEXT)
    )
