"""Playing the views of a post: each from its address to its verdict, best first.

What is gathered on the way lies in a `Work`, so that whoever stops the play in the middle still has
all that came until then.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import playwright.async_api as pw
from msgspec import Struct
from msgspec.structs import replace

from archiver.capture.behaviours import (
    behave,
    fetch_dripping,
    rest,
    wait_drawn,
    wait_quiet,
)
from archiver.capture.certificates import Chain
from archiver.capture.images import best_images
from archiver.capture.limits import CaptureLimits
from archiver.capture.places import Place, picture_places
from archiver.capture.players import doubt, fetch_offered
from archiver.capture.segments import fetch_parts, fetch_segments
from archiver.capture.snapshot import GENERIC, Photographer
from archiver.capture.stage import ASK_LIMIT, TROUBLE, Stage
from archiver.capture.verdict import VisitEvidence, judge
from archiver.clock import Clock, Ids
from archiver.domain.capture import SETTLED, Attempt, Outcome, Snapshot, Status
from archiver.domain.exchange import Exchange
from archiver.domain.post import Post, View
from archiver.net.guard import Lane
from archiver.platforms import by_name
from archiver.platforms.contract import Platform

MOST_SLOW = 4
MOST_DOCUMENTS = 3
"""Documents of one view that are seen, where each is followed by another while its pictures are taken."""
UNPICTURED = "what the page showed in the end is no document of the web, and is not pictured"
SLOW = 3.0
"""Seconds after which a body that is still coming may never end."""


class Played(Struct, frozen=True, kw_only=True):
    """What one view gave: the attempt, its main exchange and title, its snapshots."""

    attempt: Attempt
    main: Exchange | None = None
    title: str | None = None
    snapshots: tuple[Snapshot, ...] = ()


class Seen(Struct, frozen=True):
    """What one document showed: its exchange, whether the post was drawn, DOM, visible text and title."""

    main: Exchange | None
    drawn: bool
    dom: str
    text: str
    title: str | None


class Work:
    """The state of a visit: what is fixed, and what has been gathered so far."""

    def __init__(
        self, post: Post, lane: Lane | None, limits: CaptureLimits, clock: Clock, ids: Ids,
        settle: float, article: str | None = None, shows: Sequence[Place] = (),
    ) -> None:  # fmt: skip
        self.post = post
        self.lane = lane
        self.limits = limits
        self.clock = clock
        self.ids = ids
        self.settle = settle
        self.shows = shows
        self.every = False
        self.referer = origin_of(article)
        self.platform: Platform | None = by_name(post.ref.platform)
        self.played: list[Played] = []
        self.view: View | None = None
        self.view_at: datetime = clock.now()
        self.since = 0
        self.error = ""
        self.errors = 0
        self.photographer: Photographer | None = None
        self.chains: dict[str, Chain] = {}

    def address_of(self, host: str, port: int) -> str | None:
        """The address that the lane connected to for a host and port."""
        return self.lane.address_of(host, port) if self.lane is not None else None

    def exchanges(self, stage: Stage) -> tuple[Exchange, ...]:
        """The exchanges of the view that is being played."""
        return stage.recording.fold.exchanges(self.address_of, self.since)

    def main(self, stage: Stage) -> Exchange | None:
        """The exchange of the last document that the page was sent in this view."""
        fold = stage.recording.fold
        asked = (
            fold.exchange_of(name, self.address_of)
            for name in reversed(fold.documents(stage.frame, self.since))
        )
        return next((found for found in asked if found is not None), None)


async def ladder(work: Work, stage: Stage) -> None:
    """The views, best first, until one settles the matter; with `every` all of them."""
    for view in work.post.views or (View("page", work.post.url),):
        if view.kind == "metadata":
            continue
        played = await _play(work, stage, view)
        work.played.append(played)
        if played.attempt.outcome.status in SETTLED and not work.every:
            return


async def _play(work: Work, stage: Stage, view: View) -> Played:
    """One view from its address to its verdict."""
    work.view, work.view_at, work.errors, work.photographer = view, work.clock.now(), 0, None
    work.since = stage.recording.fold.reached
    stage.silent.clear()
    work.error = await _go(work, stage, view)
    if endless := _held_without_end(work, stage):
        stage.recording.dripping.add(endless)
        work.error = await _go(work, stage, view)
    seen = await _see(work, stage)
    evidence = VisitEvidence(
        post=work.post,
        view=view,
        main=seen.main,
        exchanges=work.exchanges(stage),
        final_url=_shown(stage, view),
        dom=seen.dom,
        visible_text=seen.text,
        drawn=seen.drawn,
        error=work.error,
    )
    outcome = await asyncio.to_thread(judge, evidence)
    return _played(work, outcome, seen.main, seen.title)


async def _see(work: Work, stage: Stage) -> Seen:
    """See the view drawn, and take its snapshots: all of one document.

    A page that goes on to another document meanwhile, as one that checks its visitor does when it loads itself
    again, is seen anew; one that never stays, a few times, which is noted.
    """
    for turn in range(MOST_DOCUMENTS):
        drawn = await _watch(work, stage) if work.main(stage) is not None else False
        main = work.main(stage)
        dom, text, title = await _photograph(work, stage, main)
        seen = Seen(main, drawn, dom, text, title)
        if _same(main, work.main(stage)):
            break
        if turn + 1 == MOST_DOCUMENTS:
            stage.note("the page went on to another document while its pictures were taken")
    return seen


def _same(one: Exchange | None, other: Exchange | None) -> bool:
    """Whether both are the same answer; more may be known of it by now."""
    if one is None or other is None:
        return one is other
    return (one.url, one.started_at) == (other.url, other.started_at)


async def _go(work: Work, stage: Stage, view: View) -> str:
    """Ask for the view; gives why it failed, or an empty string."""
    if urlsplit(view.url).scheme.lower() not in {"http", "https"}:
        return "only http and https addresses are visited"
    limit = work.limits.navigation
    try:
        referer = work.referer if view.kind == "embed" else None
        going = stage.page.goto(
            view.url, wait_until="commit", timeout=limit * 1000, referer=referer
        )
        await asyncio.wait_for(going, limit + ASK_LIMIT)
        left = min(limit, work.limits.drawn)
        await stage.page.wait_for_load_state("domcontentloaded", timeout=left * 1000)
    except pw.TimeoutError:
        return f"no answer within {limit:g} seconds" if work.main(stage) is None else ""
    except TROUBLE as error:
        return first_line(error)
    return ""


def _held_without_end(work: Work, stage: Stage) -> str:
    """The address of a document that does not end, so that the page has nothing of it; empty for others.

    A body that is waited for is had whole or not at all; asked for again, it is kept as it passes.
    """
    main = work.main(stage)
    if main is None or main.truncated not in {"time", "unspecified"} or main.body.size:
        return ""
    return "" if _shows_web(stage) else main.url


async def _watch(work: Work, stage: Stage) -> bool:
    """See the view drawn, do what a visitor would do, and let the network come to rest."""
    limits, platform = work.limits, work.platform
    selectors = platform.drawn if platform is not None else ()
    signs = platform.signs if platform is not None else ()
    drawn = await wait_drawn(stage, selectors, signs, limits.drawn)
    quiet = await wait_quiet(stage, limits.quiet)
    await behave(stage, limits)
    quiet = await wait_quiet(stage, limits.quiet) and quiet
    await best_images(stage, (*_elements(platform), *GENERIC), limits)
    for fetch in (fetch_offered, fetch_parts, fetch_segments):
        await fetch(stage, lambda: work.exchanges(stage), limits)
    await doubt(stage, lambda: work.exchanges(stage))
    slow = stage.recording.slow(asyncio.get_running_loop().time(), SLOW)[:MOST_SLOW]
    if slow:
        await fetch_dripping(stage, slow)
    await rest(stage)
    await asyncio.sleep(work.settle)
    if not quiet:
        stage.note("the network did not come to rest")
    return drawn or await wait_drawn(stage, selectors, (), 0.1)


async def _photograph(
    work: Work, stage: Stage, main: Exchange | None
) -> tuple[str, str, str | None]:
    """Take the snapshots of what is shown, the document of `main`; gives DOM, visible text and title."""
    if main is None or not _shows_web(stage):
        if main is not None:
            stage.note(UNPICTURED)
        return "", "", None
    camera = Photographer(stage, main.url, work.limits, work.clock)
    work.photographer = camera
    shown = await camera.dom()
    text = await camera.text(shown.text)
    await camera.pictures(_elements(work.platform))
    if work.shows:
        await picture_places(stage, camera, work.shows)
    exchanges = work.exchanges(stage)
    await camera.page_info(work.ids.uuid(), main.started_at, exchanges, work.errors)
    return shown.dom, text, shown.title or await _title(stage)


async def _title(stage: Stage) -> str | None:
    """The title by what the page says itself: it may have come with the pictures."""
    title = await stage.ask(stage.page.main_frame, "() => document.title")
    return title if isinstance(title, str) and title else None


def _elements(platform: Platform | None) -> tuple[str, ...]:
    """What a platform draws a post in."""
    return platform.element if platform is not None else ()


def _shown(stage: Stage, view: View) -> str:
    """The address of what the page shows; the view's own where it shows nothing of the web."""
    return stage.page.url if _shows_web(stage) else view.url


def _shows_web(stage: Stage) -> bool:
    """Whether the page shows a document of the web: not a blank page, not the browser's own error."""
    return urlsplit(stage.page.url).scheme in {"http", "https"}


def _played(
    work: Work, outcome: Outcome, main: Exchange | None, title: str | None = None
) -> Played:
    assert work.view is not None
    attempt = Attempt(
        view=work.view, started_at=work.view_at, ended_at=work.clock.now(), outcome=outcome
    )
    taken = tuple(work.photographer.taken) if work.photographer is not None else ()
    return Played(attempt=attempt, main=main, title=title, snapshots=taken)


async def cut_short(work: Work, stage: Stage, stopped: str) -> None:
    """Judge the view that was stopped by what had come: at best it is partial.

    Raises what the verdict raises, if that is what stopped the view.
    """
    if work.view is None or (work.played and work.played[-1].attempt.view == work.view):
        return
    evidence = VisitEvidence(
        post=work.post,
        view=work.view,
        main=work.main(stage),
        exchanges=work.exchanges(stage),
        final_url=_shown(stage, work.view),
        dom="",
        visible_text="",
        drawn=False,
        error=work.error or stopped,
    )
    outcome = await asyncio.to_thread(judge, evidence)
    if outcome.status is Status.CAPTURED:
        outcome = replace(outcome, status=Status.PARTIAL)
    work.played.append(_played(work, outcome, evidence.main))


def origin_of(article: str | None) -> str | None:
    """What a browser tells an embed of the article that shows it: scheme and host, not the page."""
    parts = urlsplit(article or "")
    web = parts.scheme.lower() in {"http", "https"} and parts.hostname
    return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2]}/" if web else None


def first_line(error: BaseException) -> str:
    """The first line of an error of Playwright, without the name of its method."""
    line = next((part.strip() for part in str(error).splitlines() if part.strip()), "no answer")
    return line.removeprefix("Page.goto: ").partition(" at http")[0]
