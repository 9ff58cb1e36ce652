"""What is added to a capture between the visit and its commit: the lower rungs of the ladder, and what
the article and the post's id say differently. Nothing here takes anything away from a capture.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from archiver.capture.verdict import judge, weigh
from archiver.capture.verdict_look import VisitEvidence
from archiver.domain.capture import SETTLED, Attempt, Capture, Outcome, Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import Post, Resolution
from archiver.net.decode import decoded
from archiver.resolution.compare import contradictions
from archiver.resolution.rungs import Rung, ask_archives, ask_metadata, published
from archiver.targets import Target
from archiver.tools import Tools

ASK_ENDPOINTS = frozenset({Status.FAILED, Status.LOGIN_WALL, Status.BOT_WALL})
ASK_ARCHIVES = ASK_ENDPOINTS | {Status.GONE, Status.PRIVATE, Status.WITHHELD}
MOST_BYTES = 4_000_000
ONLY_DATA = "the post's data was received from an endpoint; no page showed it"


class Enriched(Struct, frozen=True):
    """A capture with what was added to it, and metadata that was read in other ways."""

    capture: Capture
    told: tuple[PostMetadata, ...] = ()


def enriched(tools: Tools, capture: Capture, post: Post) -> Enriched:
    """The capture with the rungs below the browser's: each is an attempt with its outcome.

    With the setting `all_rungs` they are asked even when the post was seen.
    """
    every = tools.settings.all_rungs and capture.outcome.status is not Status.RATE_LIMITED
    if post.ref.platform == "web" or tools.stop:
        return Enriched(capture)
    told: list[PostMetadata] = []
    if capture.outcome.status in ASK_ENDPOINTS or every:
        for rung in ask_metadata(post, tools.client, tools.clock):
            capture = with_endpoint(capture, rung, post)
            told.extend([rung.told] if rung.told else [])
    if capture.outcome.status in ASK_ARCHIVES or every:
        found = ask_archives(post, tools.client, tools.clock, published(post))
        capture = with_copy(capture, found) if found else capture
    return Enriched(capture, tuple(told))


def with_endpoint(capture: Capture, rung: Rung, post: Post) -> Capture:
    """What an endpoint said, weighed with what the views said. Data alone is never a whole capture."""
    read = tuple(_read(exchange) for exchange in rung.exchanges)
    outcome = judge(
        VisitEvidence(
            post=post, view=rung.view, main=read[-1] if rung.answer else None, exchanges=read,
            final_url=rung.view.url, dom="", visible_text="", drawn=False,
            error="" if rung.answer else rung.said,
        )
    )  # fmt: skip
    if outcome.status is Status.CAPTURED:
        outcome = replace(outcome, status=Status.PARTIAL, reason=ONLY_DATA)
    whole = _added(capture, rung, outcome)
    views = [attempt.outcome for attempt in whole.attempts if attempt.view.kind != "archive"]
    seen = capture.outcome.status in SETTLED
    final = capture.outcome if seen else weigh(views) or capture.outcome
    unchanged = final.status is capture.outcome.status
    return whole if unchanged else replace(whole, outcome=final)


def _read(exchange: Exchange) -> Exchange:
    """The exchange as the verdict reads it, content decoded; it is kept as it was sent."""
    return replace(exchange, body=Body.of(decoded(exchange, MOST_BYTES)))


def with_copy(capture: Capture, rung: Rung) -> Capture:
    """The copy from a web archive beside the platform's own answers; the status stays theirs."""
    outcome = Outcome(status=capture.outcome.status, reason=rung.said)
    return with_notes(_added(capture, rung, outcome), (rung.said,))


def _added(capture: Capture, rung: Rung, outcome: Outcome) -> Capture:
    attempt = Attempt(
        view=rung.view, started_at=rung.started_at, ended_at=rung.ended_at, outcome=outcome
    )
    return replace(
        capture,
        ended_at=max(capture.ended_at, rung.ended_at),
        attempts=(*capture.attempts, attempt),
        exchanges=(*capture.exchanges, *rung.exchanges),
        requested=capture.requested + len(rung.exchanges),
    )


def told_apart(resolution: Resolution, target: Target | None) -> tuple[str, ...]:
    """What the articles and the post's id say differently, each article named."""
    if resolution.post is None or target is None:
        return resolution.contradictions
    places = (
        f"{article.source}: {line}"
        for article in target.articles
        for line in contradictions(article.embed, resolution.post.ref)
    )
    return tuple(dict.fromkeys(places)) or resolution.contradictions


def with_notes(capture: Capture, notes: Sequence[str]) -> Capture:
    """The capture with more to be known about it."""
    return replace(capture, notes=(*capture.notes, *notes)) if notes else capture
