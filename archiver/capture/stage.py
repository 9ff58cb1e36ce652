"""The stage of one visit: a fresh context, its first page, and the recording of all it does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import playwright.async_api as pw

from archiver.capture.browser import Browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.recorder import Recording

LISTEN_LIMIT = 15.0


class Stage:
    """A context with its page, a DevTools session of the page, and what is recorded."""

    def __init__(
        self, page: pw.Page, cdp: pw.CDPSession, recording: Recording, frame: str
    ) -> None:
        self.page = page
        self.cdp = cdp
        self.recording = recording
        self.frame = frame
        self.crashed = False
        self.notes: list[str] = []


@asynccontextmanager
async def open_stage(
    browser: Browser, proxy: str | None, limits: CaptureLimits, spool: Path, name: str
) -> AsyncIterator[Stage]:
    """A stage on which nothing has been played yet: the recorder listens before this yields.

    Raises BrowserUnavailable, playwright's Error, TimeoutError.
    """
    async with browser.context(proxy) as context:
        recorder = browser.recorder
        page = await context.new_page()
        cdp = await context.new_cdp_session(page)
        info = (await cdp.send("Target.getTargetInfo"))["targetInfo"]
        frame = info["targetId"]
        recording = recorder.begin(info["browserContextId"], frame, limits, spool, name)
        try:
            await asyncio.wait_for(recording.listening.wait(), LISTEN_LIMIT)
            yield Stage(page, cdp, recording, frame)
        finally:
            recorder.end(recording)
