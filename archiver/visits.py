"""Visits side by side: a few workers, one browser, one lane of the guard for each post."""

import asyncio
import shutil
import traceback
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from msgspec.structs import replace

from archiver.agenda import Agenda, Item
from archiver.articles import joined
from archiver.capture.browser import Browser, open_browser
from archiver.capture.places import places
from archiver.capture.visit import visit
from archiver.domain.capture import Capture, Outcome, Status
from archiver.errors import ArchiverError, BrowserUnavailable
from archiver.storage.layout import new_capture_id
from archiver.tools import Tools, browser_settings

GRACE = 15.0
"""Seconds that visits under way get after the first signal, then they are dropped."""
NO_SANDBOX = "the browser runs without its sandbox, as --allow-no-sandbox accepts"

Save = Callable[[Item, Capture], float | None]
"""Commits a capture; says in how many seconds the post should be tried again, if at all."""


async def visit_all(tools: Tools, items: Sequence[Item], save: Save) -> None:
    """Visit every item and save what comes of it; ends early when the run is asked to stop."""
    agenda = Agenda(items, tools.clock)
    with tools.guard.lane() as lane:
        async with open_browser(browser_settings(tools.settings), lane.proxy_url) as browser:
            if not browser.facts().sandbox:
                tools.watch.warning(NO_SANDBOX)
            await _share_out(
                tools, browser, agenda, save, min(tools.settings.concurrency, len(items))
            )


async def _share_out(
    tools: Tools, browser: Browser, agenda: Agenda, save: Save, count: int
) -> None:
    workers = [asyncio.create_task(_work(tools, browser, agenda, save)) for _ in range(count)]
    watchman = asyncio.create_task(_end_when_asked(tools, workers))
    try:
        await asyncio.gather(*workers)
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
    await asyncio.wait(workers, timeout=GRACE)
    for worker in workers:
        worker.cancel()


async def _work(tools: Tools, browser: Browser, agenda: Agenda, save: Save) -> None:
    while not tools.over and (item := await agenda.next()) is not None:
        await asyncio.to_thread(tools.pace.wait, _host(item))
        if tools.over:
            return
        if item.reading is None:
            tools.watch.post_started(item.target.key, item.post.url)
        capture = await _visit(tools, browser, item)
        retry_after = await asyncio.to_thread(save, item, capture)
        shutil.rmtree(tools.spool / capture.id, ignore_errors=True)
        agenda.done(item, retry_after)


async def _visit(tools: Tools, browser: Browser, item: Item) -> Capture:
    """One visit; whatever goes wrong inside it is this post's failure and not the run's."""
    reading = item.reading
    capture_id = reading.capture.id if reading else new_capture_id(str(item.post.ref), tools.ids)
    spool = tools.spool / capture_id
    spool.mkdir(exist_ok=True)
    started = tools.clock.now()
    try:
        with tools.guard.lane() as lane:
            capture = await visit(
                browser,
                item.post,
                lane=lane,
                limits=tools.limits,
                capture_id=capture_id,
                spool=spool,
                clock=tools.clock,
                ids=tools.ids,
                article=next((a.url for a in item.target.articles if a.url), None),
                shows=places(reading.found) if reading else (),
            )
    except BrowserUnavailable:
        raise
    except ArchiverError as error:
        reason = f"the visit broke off: {error.message}"
    except Exception as error:  # noqa: BLE001 - one post must not end a run of a thousand
        tools.watch.warning("".join(traceback.format_exception(error)).strip())
        reason = f"the visit broke off: {type(error).__name__}: {error}"
    else:
        return _with_what_led_here(item, capture)
    return _with_what_led_here(
        item,
        Capture(
            id=capture_id,
            target=str(item.post.ref),
            url=item.post.url,
            started_at=started,
            ended_at=tools.clock.now(),
            outcome=Outcome(status=Status.FAILED, reason=reason),
        ),
    )


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


def _host(item: Item) -> str:
    return urlsplit(item.post.views[0].url if item.post.views else item.post.url).hostname or ""
