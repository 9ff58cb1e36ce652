"""Visits side by side: a few workers, one browser, one lane of the guard for each post."""

import asyncio
import gc
import shutil
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from msgspec.structs import replace

from archiver.agenda import After, Agenda, Item
from archiver.articles import joined
from archiver.capture.browser import Browser, open_browser
from archiver.capture.download import Order, download
from archiver.capture.film import has_video, with_files
from archiver.domain.capture import SETTLED, Attempt, Capture, Outcome, Status
from archiver.domain.post import Post
from archiver.enrich import Enriched, with_notes
from archiver.errors import ArchiverError, BrowserUnavailable
from archiver.ladder import Ladder
from archiver.manners import Admitted, admit, take_note
from archiver.net.target import host_of
from archiver.stopping import GRACE
from archiver.storage.layout import new_capture_id
from archiver.tools import Tools, browser_settings

NO_SANDBOX = "the browser runs without its sandbox, as --allow-no-sandbox accepts"

BROWSED = frozenset({"embed", "page", "login"})
"""The views that the browser asks for."""

LEAST_FOR_MEDIA = 10.0
"""Seconds that yt-dlp gets where the browser has used up the time of a post."""

ENDING = f"ending: visits under way get {GRACE:.0f} seconds; asked again, the run ends at once"
"""What is said after the first signal."""

T = TypeVar("T")
Save = Callable[[Item, Enriched], After]
"""Commits a capture; says what follows it."""


async def visit_all(tools: Tools, items: Sequence[Item], save: Save) -> None:
    """Visit every item and save what comes of it; ends early when the run is asked to stop."""
    agenda = Agenda(items, tools.clock)
    with tools.guard.lane() as lane:
        async with open_browser(browser_settings(tools.settings), lane.proxy_url) as browser:
            if not browser.facts().sandbox:
                tools.watch.warning(NO_SANDBOX)
            with settled():
                await _share_out(
                    tools, browser, agenda, save, min(tools.settings.concurrency, len(items))
                )


@contextmanager
def settled() -> Iterator[None]:
    """What is in memory now, the program itself for the most part, stays until the visits are over: the
    garbage collector need not look through all of it at every few posts, which took one part in twenty of
    the time of this process."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


async def _share_out(
    tools: Tools, browser: Browser, agenda: Agenda, save: Save, count: int
) -> None:
    workers = [asyncio.create_task(_work(tools, browser, agenda, save)) for _ in range(count)]
    watchman = asyncio.create_task(_end_when_asked(tools, workers))
    try:
        await asyncio.gather(*workers)
    except BrowserUnavailable:  # the other visits have lost the same browser, and end by themselves
        agenda.close()
        await asyncio.wait(workers, timeout=GRACE)
        raise
    except asyncio.CancelledError:
        if not tools.stop:
            raise
    finally:
        for task in (watchman, *workers):
            task.cancel()
        await asyncio.gather(watchman, *workers, return_exceptions=True)


async def _end_when_asked(tools: Tools, workers: Sequence[asyncio.Task[None]]) -> None:
    while not tools.stop:
        await asyncio.sleep(0.1)
    tools.watch.note(ENDING)
    await asyncio.wait(workers, timeout=GRACE)
    for worker in workers:
        worker.cancel()


async def _work(tools: Tools, browser: Browser, agenda: Agenda, save: Save) -> None:
    while not tools.over and (item := await agenda.next()) is not None:
        seen = await asyncio.to_thread(_look_through, tools, item.post)
        if tools.over:
            return
        if item.reading is None:
            tools.watch.post_started(item.target.key, item.post.url)
        climbed, end = await _visit(tools, browser, replace(item, post=seen.post), seen.refused)
        capture = climbed.capture
        take_note(_asked_in_browser(capture, seen.refused), tools.pace, tools.client.circuit)
        after = await _saved(tools, save, item, climbed)
        shutil.rmtree(tools.spool / capture.id, ignore_errors=True)
        agenda.add(after.found)
        agenda.done(item, after.retry_after)
        if end is not None:
            raise end


async def _saved(tools: Tools, save: Save, item: Item, climbed: Enriched) -> After:
    """Commit a visit. What cannot be written for a fault of ours costs this post and not the run: it failed, and is
    asked for again when failures are. Raises ArchiverError where nothing can be written."""
    after = await _unless_faulty(tools, asyncio.to_thread(save, item, climbed))
    if isinstance(after, After):
        return after
    if tools.ledger.has(climbed.capture.id):  # it is written: the fault lies in what follows it
        return After()
    failed = Enriched(unwritten(item, climbed.capture, after), ())
    return await asyncio.to_thread(save, item, failed)


def unwritten(item: Item, capture: Capture, why: str) -> Capture:
    """What is kept of a visit that could not be written: the article as it was read, and of a post that it failed."""
    reason = f"what the visit received could not be written ({why})"
    if item.reading is not None:
        return with_notes(item.reading.capture, (reason,))
    return Capture(
        id=capture.id,
        target=capture.target,
        url=capture.url,
        started_at=capture.started_at,
        ended_at=capture.ended_at,
        outcome=Outcome(status=Status.FAILED, reason=reason),
    )


async def _unless_faulty(tools: Tools, work: Awaitable[T]) -> T | str:
    """What the work gives, or a fault of ours in it in words, which is told with its traceback: one post must not
    end a run of a thousand. Raises ArchiverError."""
    try:
        return await work
    except ArchiverError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is
        tools.watch.warning("".join(traceback.format_exception(error)).strip())
        return f"{type(error).__name__}: {error}"


def _asked_in_browser(capture: Capture, refused: Sequence[Attempt]) -> Capture:
    """The capture with the attempts alone in which the browser asked: our own client keeps its own notes."""
    asked = (a for a in capture.attempts if a not in refused and a.view.kind in BROWSED)
    return replace(capture, attempts=tuple(asked))


async def _visit(
    tools: Tools, browser: Browser, item: Item, refused: Sequence[Attempt]
) -> tuple[Enriched, BrowserUnavailable | None]:
    """One post through the ladder; whatever goes wrong inside it is this post's failure and not the
    run's, and what was received until then is kept. But for the lack of a browser: that ends the run, once
    what was received is saved. Raises BrowserUnavailable where nothing was."""
    reading = item.reading
    capture_id = reading.capture.id if reading else new_capture_id(str(item.post.ref), tools.ids)
    spool = tools.spool / capture_id
    spool.mkdir(exist_ok=True)
    began, end = tools.clock.monotonic(), None
    ladder = Ladder(tools, browser, item, capture_id, spool, refused)
    try:
        seen = await _unless_faulty(tools, _climbed(tools, ladder, item))
    except ArchiverError as error:
        end = error if isinstance(error, BrowserUnavailable) else None
        if end is not None and not ladder.capture.attempts:
            raise
        seen = error.message
    broken = f"the visit broke off: {seen}"
    climbed = seen if isinstance(seen, Enriched) else broken_off(ladder, broken)
    took = round((tools.clock.monotonic() - began) * 1000)
    capture = replace(climbed.capture, visit_ms=took)
    return replace(climbed, capture=_with_what_led_here(item, capture)), end


async def _climbed(tools: Tools, ladder: Ladder, item: Item) -> Enriched:
    return await _with_media(tools, item, await ladder.climb())


async def _with_media(tools: Tools, item: Item, climbed: Enriched) -> Enriched:
    """With `--media yt-dlp` the video of a post that was shown with one, fetched beside the browser on a lane
    of its own, within what is left of the post's time and size."""
    capture, settings, url = climbed.capture, tools.settings, item.post.url
    wanted = settings.media == "yt-dlp" and item.reading is None and not tools.stop
    if not wanted or not await asyncio.to_thread(has_video, capture, climbed.told):
        return climbed
    if refusal := await asyncio.to_thread(_refused, tools, url):
        note = f"yt-dlp did not ask for the video: {refusal}"
        return replace(climbed, capture=with_notes(capture, (note,)))
    used = (capture.ended_at - capture.started_at).total_seconds()
    received = sum(exchange.body.size for exchange in capture.exchanges)
    with tools.guard.lane() as lane:
        order = Order(
            url=url,
            proxy=lane.proxy_url,
            folder=tools.spool / capture.id / "media",
            seconds=max(settings.timeout - used, LEAST_FOR_MEDIA),
            bytes=max(settings.max_bytes - received, 1),
            ca_file=settings.ca_file,
        )
        fetched = await download(order, tools.clock)
        whole = with_files(capture, fetched, lane.blocked)
    return replace(climbed, capture=replace(whole, ended_at=tools.clock.now()))


def _refused(tools: Tools, url: str) -> str:
    """Why the post's address may not be asked for now; empty when it may, which is waited for."""
    if tools.client.robots and (refusal := tools.client.robots.refusal(url)):
        return refusal
    rests = tools.pace.wait(host_of(url))
    return f"its host asked to be left alone, {rests:.0f} s are left" if rests else ""


def broken_off(ladder: Ladder, reason: str) -> Enriched:
    """What a ladder has gathered by now; what stopped it is the reason, where nothing had shown the post."""
    capture = ladder.capture
    if capture.outcome.status in SETTLED or capture.outcome.status is Status.PARTIAL:
        return Enriched(with_notes(capture, (reason,)), tuple(ladder.told))
    failed = Outcome(status=Status.FAILED, reason=reason, signals=capture.outcome.signals)
    return Enriched(replace(capture, outcome=failed), tuple(ladder.told))


def _with_what_led_here(item: Item, capture: Capture) -> Capture:
    """The requests that found the post, or read the article, belong to its capture too; a later try
    has them already."""
    if item.reading is not None:
        return joined(item.reading, capture)
    exchanges = item.resolution.exchanges if item.tries == 0 else ()
    return replace(
        capture,
        exchanges=exchanges + capture.exchanges,
        requested=capture.requested + len(exchanges),
    )


def _look_through(tools: Tools, post: Post) -> Admitted:
    """Which views may be asked, when it is the first one's turn. A host that meanwhile asked for a long
    rest is not waited for: the next look passes it over."""
    while True:
        client = tools.client
        seen = admit(post, tools.pace, client.circuit, client.robots, tools.clock)
        views = seen.post.views
        if not views or not tools.pace.wait(host_of(views[0].url)):
            return seen
