"""How the rungs of the ladder become one capture, and what the article and the post's id say differently.

Pure functions. Nothing here takes anything away from a capture.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from archiver.capture.verdict import judge, weigh
from archiver.capture.verdict_look import VisitEvidence, parsed
from archiver.domain.capture import RECEIVED, SETTLED, Attempt, Capture, Outcome, Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import Post, Resolution, View
from archiver.net.decode import decoded
from archiver.resolution.compare import contradictions
from archiver.resolution.places import words_of
from archiver.resolution.rungs import Rung
from archiver.targets import Target

MOST_BYTES = 4_000_000
MOST_TEXT = 200_000
ONLY_DATA = "the post's data was received from an endpoint; no page showed it"
NOT_TRIED = "no view of it was visited"
LOGGED_IN = "seen with the user's own login"
VIEWS_OF_PLATFORM = frozenset({"embed", "metadata", "page", "login"})


class Enriched(Struct, frozen=True):
    """A capture with what was added to it, and metadata that was read in other ways."""

    capture: Capture
    told: tuple[PostMetadata, ...] = ()


def outcomes_of(capture: Capture) -> list[Outcome]:
    """What is to be weighed of a capture: its own outcome, then what each view of the platform showed.

    A view that showed the post whole counts for no more than the capture does, which a limit may have cut.
    Where the matter is settled, what else was said has been weighed already.
    """
    if capture.outcome.status in SETTLED:
        return [capture.outcome]
    views = [
        attempt.outcome
        for attempt in capture.attempts
        if attempt.view.kind in VIEWS_OF_PLATFORM and attempt.outcome.status is not Status.CAPTURED
    ]
    tried = capture.outcome.reason != NOT_TRIED
    return [capture.outcome, *views] if tried else views


def both(first: Capture, second: Capture) -> Capture:
    """Two visits of one post as one capture: everything of both, the outcome of the better one."""
    outcome = weigh([*outcomes_of(first), *outcomes_of(second)]) or second.outcome
    if {first.outcome.status, second.outcome.status} == {Status.PRIVATE, Status.WITHHELD}:
        outcome = first.outcome  # neither outweighs the other: the word of the surer place stands
    shown = second if leads(second, first, outcome.status) else first
    return replace(
        first,
        ended_at=max(first.ended_at, second.ended_at),
        outcome=outcome,
        attempts=first.attempts + second.attempts,
        exchanges=first.exchanges + second.exchanges,
        snapshots=first.snapshots + second.snapshots,
        page_url=shown.page_url,
        page_at=shown.page_at,
        title=shown.title,
        requested=first.requested + second.requested,
        unrecorded=first.unrecorded + second.unrecorded,
        blocked=tuple(dict.fromkeys(first.blocked + second.blocked)),
        limits_hit=tuple(sorted({*first.limits_hit, *second.limits_hit})),
        notes=tuple(dict.fromkeys(first.notes + second.notes)),
        browser=second.browser or first.browser,
        redacted=first.redacted + second.redacted,
    )


def leads(one: Capture, other: Capture, status: Status) -> bool:
    """Whether a viewer should begin with the page of `one` rather than with that of `other`: it has one, and
    the other has none or not the status that was settled upon."""
    if one.page_url is None or other.page_url is None:
        return other.page_url is None
    return one.outcome.status is status is not other.outcome.status


def logged_in(capture: Capture, name: str) -> Capture:
    """The capture of the login rung, which says that it is one wherever it says what it saw."""
    taken = capture.redacted + sum(
        sum(one.count for one in exchange.redacted) for exchange in capture.exchanges
    ) + sum(snapshot.redacted for snapshot in capture.snapshots)  # fmt: skip
    note = (
        f"the page was visited logged in, with the storage state {name}; {taken} secrets taken out"
    )
    return replace(
        capture,
        outcome=_said_so(capture.outcome),
        attempts=tuple(replace(a, outcome=_said_so(a.outcome)) for a in capture.attempts),
        notes=(*capture.notes, note),
    )


def _said_so(outcome: Outcome) -> Outcome:
    return replace(outcome, reason=f"{outcome.reason}; {LOGGED_IN}")


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
    if capture.outcome.status in SETTLED:
        return whole
    return replace(whole, outcome=weigh([*outcomes_of(capture), outcome]) or outcome)


def _read(exchange: Exchange) -> Exchange:
    """The exchange as the verdict reads it, content decoded; it is kept as it was sent."""
    return replace(exchange, body=Body.of(decoded(exchange, MOST_BYTES)))


def refuses(post: Post, copy: Exchange, original: str) -> str:
    """Why an archive's copy does not show the post: it is judged as the page that it is a copy of."""
    page = replace(_read(copy), url=original)
    evidence = VisitEvidence(
        post=post, view=View("archive", original), main=page, exchanges=(page,), final_url=original,
        dom="", visible_text=visible(page), drawn=False,
    )  # fmt: skip
    outcome = judge(evidence)
    return "" if outcome.status in RECEIVED else outcome.reason


def visible(page: Exchange) -> str:
    """The words of a page that was received but not drawn."""
    if "html" not in page.media_type:
        return ""
    text = page.body.read().decode("utf-8", "replace")
    body = parsed(text).body
    return words_of(body)[:MOST_TEXT] if body is not None else ""


def with_copy(capture: Capture, rung: Rung) -> Capture:
    """What a web archive gave, beside the platform's own answers; the status stays theirs."""
    if rung.copy is None:
        return _added(capture, rung, Outcome(status=Status.FAILED, reason=rung.said))
    outcome = Outcome(status=capture.outcome.status, reason=rung.said)
    kept = replace(_added(capture, rung, outcome), copies=(*capture.copies, rung.copy))
    return with_notes(kept, (rung.said,))


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


def unresolved(target: Target, resolution: Resolution, capture_id: str, now: datetime) -> Capture:
    """The capture of an embed whose post is not known: what was asked, and why it is not."""
    exchanges = resolution.exchanges
    return Capture(
        id=capture_id,
        target=target.key,
        url=target.lead.url,
        started_at=exchanges[0].started_at if exchanges else now,
        ended_at=now,
        outcome=Outcome(status=Status.UNRESOLVED, reason=resolution.reason),
        exchanges=exchanges,
        requested=len(exchanges),
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
