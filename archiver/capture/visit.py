"""One visit of one post: its views are played best first, and everything received is kept.

The ladder stops at the first view that settles the matter. Whatever goes wrong ends in a Capture
with a true status: a failed visit is evidence too. Only a browser that cannot be started at all
is an error (BrowserUnavailable).
"""

import asyncio
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from archiver.capture.browser import Browser
from archiver.capture.certificates import certificates, with_chains
from archiver.capture.limits import CaptureLimits
from archiver.capture.places import Place
from archiver.capture.play import Played, Work, cut_short, first_line, ladder
from archiver.capture.stage import ASK_LIMIT, TROUBLE, Stage, open_stage
from archiver.capture.verdict import weigh
from archiver.clock import Clock, Ids
from archiver.domain.capture import BrowserFacts, Capture, Outcome, Status
from archiver.domain.post import Post
from archiver.net.guard import Lane

BEST_FIRST = (
    Status.CAPTURED, Status.PARTIAL, Status.GONE, Status.PRIVATE, Status.WITHHELD,
    Status.RATE_LIMITED, Status.LOGIN_WALL, Status.BOT_WALL, Status.FAILED,
)  # fmt: skip


class Entrance:
    """A logged-in context: the storage state it begins with, and those it had at the ends of visits."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = state
        self.learned: list[dict[str, Any]] = []


async def visit(
    browser: Browser,
    post: Post,
    *,
    lane: Lane | None,
    limits: CaptureLimits,
    capture_id: str,
    spool: Path,
    clock: Clock,
    ids: Ids,
    settle: float = 0.3,
    article: str | None = None,
    shows: Sequence[Place] = (),
    every: bool = False,
    login: Entrance | None = None,
) -> Capture:
    """Visit a post in a fresh browser context through `lane` and give all that was received.

    Large bodies lie in `spool` until the capture has been written. `settle` is how many seconds a
    drawn page is left alone before its picture. `article` is the address of a page that shows the
    post: its origin goes to the embed view as the referrer, without which some players refuse.
    `shows` are the embeds of an article that is visited: each gets a picture in its place.
    `every` goes through all views of the post, also after one has settled the matter. With `login` the
    context is the user's own: whoever gives it takes its secrets out of the capture (`records.secrets`).
    Ends within `limits.seconds` and the few seconds it takes to end a browser context; the lane is closed
    then. Raises
    BrowserUnavailable when no browser can be started.
    """
    started = clock.now()
    work = Work(post, lane, limits, clock, ids, settle, article, shows)
    work.every = every
    stage: Stage | None = None
    trouble = ""
    try:
        proxy = lane.proxy_url if lane is not None else None
        state = login.state if login is not None else None
        async with open_stage(browser, proxy, limits, spool, capture_id, state) as stage:
            if lane is not None:
                lane.brake = stage.recording.backlog.behind
            try:
                trouble = await _within_limits(work, stage, browser)
                received = stage.recording.fold.exchanges(work.address_of)
                work.chains = await certificates(stage, received)
                if login is not None:
                    await _learn(stage, login)
            finally:
                await _hang_up(stage, lane)
    except TROUBLE as error:
        trouble = _in_words(browser, error)
    return _capture(work, stage, capture_id, started, trouble, browser.facts())


async def _hang_up(stage: Stage, lane: Lane | None) -> None:
    """End the recording and the way out, in this order, before the context is closed: what a page sends as
    it is closed is not recorded, so it must reach nobody."""
    stage.end()
    if lane is not None:
        await asyncio.to_thread(lane.close)


async def _learn(stage: Stage, login: Entrance) -> None:
    """What the site has stored by now: keys that came during the visit are secrets too."""
    with suppress(*TROUBLE):
        asked = stage.page.context.storage_state()
        login.learned.append(dict(await asyncio.wait_for(asked, ASK_LIMIT)))


async def _within_limits(work: Work, stage: Stage, browser: Browser) -> str:
    """Play the views inside the wall clock. Gives what stopped them, if anything did."""
    stage.page.on("pageerror", lambda _: _count_error(work))
    felled = browser.felled
    playing = asyncio.create_task(ladder(work, stage))
    crashed = asyncio.create_task(stage.crashed.wait())
    gone = asyncio.create_task(browser.recorder.wait_gone())
    tasks: tuple[asyncio.Task[object], ...] = (playing, crashed, gone)
    try:
        await asyncio.wait(tasks, timeout=work.limits.seconds, return_when=asyncio.FIRST_COMPLETED)
        if playing.done() and playing.exception() is None:
            return ""
        stopped = _what_stopped(work, stage, playing, gone.done())
    finally:
        if browser.felled > felled:
            stage.note("a process of the browser that took too much memory was ended")
            if stage.crashed.is_set():
                stage.recording.limits_hit.add("memory")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    stage.note(stopped)
    await asyncio.gather(cut_short(work, stage, stopped), return_exceptions=True)
    return stopped


def _what_stopped(work: Work, stage: Stage, playing: asyncio.Task[object], gone: bool) -> str:
    """Why the views were not played to their end.

    An error of our own, such as a verdict that raises, costs the post its verdict, never what was
    received: it is named, and the exchanges are kept.
    """
    if gone or stage.crashed.is_set():
        broken = "the browser ended during the visit" if gone else "the page crashed"
        stage.recording.broken = broken
        return broken
    error = playing.exception() if playing.done() else None
    if isinstance(error, TROUBLE):
        return _failed(error)
    if error is not None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        return f"the visit broke off: {type(error).__name__}: {error} ({place})"
    stage.recording.limits_hit.add("seconds")
    return f"the limit of {work.limits.seconds:g} seconds was reached"


def _count_error(work: Work) -> None:
    work.errors += 1


def _capture(
    work: Work, stage: Stage | None, capture_id: str, started: datetime, trouble: str,
    facts: BrowserFacts | None,
) -> Capture:  # fmt: skip
    """Everything gathered, as one value."""
    best = min(work.played, key=_rank, default=None)
    recording = stage.recording if stage is not None else None
    received = recording.fold.exchanges(work.address_of) if recording else ()
    main = best.main if best is not None else None
    outcome = weigh([played.attempt.outcome for played in work.played])
    limits_hit = tuple(sorted(recording.limits_hit)) if recording else ()
    if outcome is None or (trouble and outcome.status is Status.FAILED):
        outcome = Outcome(status=Status.FAILED, reason=trouble or "the post has no view to visit")
    elif outcome.status is Status.CAPTURED and limits_hit:
        cut = f"{outcome.reason}; cut by the limit of {', '.join(limits_hit)}"
        outcome = replace(outcome, status=Status.PARTIAL, reason=cut)
    return Capture(
        id=capture_id,
        target=str(work.post.ref),
        url=work.post.url,
        started_at=started,
        ended_at=work.clock.now(),
        outcome=outcome,
        attempts=tuple(played.attempt for played in work.played),
        exchanges=with_chains(received, work.chains),
        snapshots=tuple(s for played in work.played for s in played.snapshots),
        page_url=main.url if main is not None else None,
        page_at=main.started_at if main is not None else None,
        title=best.title if best is not None else None,
        requested=recording.fold.requested if recording else 0,
        unrecorded=recording.fold.unrecorded() if recording else (),
        blocked=work.lane.blocked if work.lane is not None else (),
        limits_hit=limits_hit,
        notes=(*stage.notes, *_doubts(stage)) if stage is not None else (),
        browser=facts,
    )


def _doubts(stage: Stage) -> Iterator[str]:
    """What is not known of the exchanges: headers of a worker's first requests, bodies that were streamed up,
    and requests seen by nobody."""
    fold = stage.recording.fold
    for what, urls in (
        ("request headers as announced, not as sent", fold.announced_only()),
        ("request bodies that the browser did not tell", fold.without_body()),
        (
            "documents that the page's service worker answered, with a server's answer or something of its own",
            fold.by_workers(stage.frame),
        ),
        ("answers to early hints, recorded only where the page used them", fold.hinted()),
    ):
        if urls:
            yield f"{what}, of {len(urls)}: {', '.join(urls[:5])}"
    workers = sorted(stage.recording.service_workers)
    if workers:
        yield (
            "the browser may have asked again, unrecorded, whether the script of a service worker has "
            f"changed: {', '.join(workers)}"
        )


def _rank(played: Played) -> int:
    status = played.attempt.outcome.status
    return BEST_FIRST.index(status) if status in BEST_FIRST else len(BEST_FIRST)


def _in_words(browser: Browser, error: Exception) -> str:
    """What stopped a visit, for the manifest."""
    if not browser.alive():
        return "the browser ended during the visit"
    return _failed(error)


def _failed(error: BaseException) -> str:
    """What Playwright or the browser said, in one line."""
    if isinstance(error, TimeoutError):
        return "the browser did not answer in time"
    return f"the browser failed: {first_line(error)}"
