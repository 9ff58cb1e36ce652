"""The browser: one Chromium, listened to by the recorder, driven by Playwright through the same pipe.

`open_browser` leaves no process and no profile behind, however it ends. A browser that has died or
no longer answers is replaced at the next `context`, and so is one that has served many posts.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import playwright.async_api as pw
from msgspec import Struct

from archiver.capture.chromium import (
    Chromium,
    command,
    digest_of_program,
    find_chromium,
    kind_of,
    switches,
)
from archiver.capture.devtools import CommandFailed, DevToolsGone
from archiver.capture.folder import Folder, environment, sweep
from archiver.capture.fonts import digest_of_fonts
from archiver.capture.guest import Endpoint
from archiver.capture.memory import Watchman
from archiver.capture.process import Process
from archiver.capture.recorder import Recorder
from archiver.clock import Clock, SystemClock
from archiver.domain.capture import BrowserFacts
from archiver.domain.digest import Digest
from archiver.errors import BrowserUnavailable

__all__ = ["Browser", "BrowserSettings", "Chromium", "find_chromium", "kind_of", "open_browser"]

START_LIMIT = 60.0
CLOSE_LIMIT = 5.0
ANSWER_LIMIT = 20.0
"""Seconds after which a silent browser counts as dead; a loaded machine may need a few."""


class BrowserSettings(Struct, frozen=True, kw_only=True):
    """How the browser is to be. `executable` None means: find one. `user_agent` None: its own.

    `viewport` is in CSS pixels, `ca_file` a PEM file with certificates trusted in addition,
    `recycle_after` the number of posts after which a fresh browser is started, `page_memory` how many
    bytes a process that draws pages may take before it is ended.
    """

    executable: str | None = None
    allow_no_sandbox: bool = False
    viewport: tuple[int, int] = (1280, 1600)
    scale: float = 1.0
    locale: str = "en-US"
    timezone: str = "UTC"
    user_agent: str | None = None
    ca_file: Path | None = None
    service_workers: bool = True
    recycle_after: int = 100
    page_memory: int = 2 << 30


class _NoSandbox(BrowserUnavailable):
    """It ended at its start, since it cannot have its sandbox."""


class _Running:
    """One started browser with its driver, its folder and its recorder."""

    def __init__(self, folder: Folder, clock: Clock) -> None:
        self.folder = folder
        self.recorder = Recorder(clock)
        self.process: Process | None = None
        self.endpoint: Endpoint | None = None
        self.driver: pw.Playwright | None = None
        self.browser: pw.Browser | None = None
        self.facts: dict[str, str] = {}
        self.pid = 0
        self.binary: Digest | None = None
        self.fonts: Digest | None = None

    async def start(
        self, settings: BrowserSettings, chromium: Chromium, proxy: str | None, sandbox: bool
    ) -> None:
        """Start browser and driver, with the recorder between them. Raises what goes wrong, of many types."""
        with environment(TMPDIR=str(self.folder.path)):
            profile = self.folder.path / "profile"
            line = command(chromium, profile, proxy, settings.ca_file, sandbox)
            self.process = Process(line, os.environ)
            await self.recorder.open(self.process.reading, self.process.writing)
            self.driver = await pw.async_playwright().start()
        self.endpoint = await self.recorder.listen(prompts=chromium.kind == "chromium")
        self.facts = await self.recorder.ask("Browser.getVersion")
        self.browser = await self.driver.chromium.connect_over_cdp(
            self.endpoint.address, timeout=START_LIMIT * 1000
        )
        processes = (await self.recorder.ask("SystemInfo.getProcessInfo")).get("processInfo", [])
        self.pid = next((int(p["id"]) for p in processes if p["type"] == "browser"), 0)
        self.recorder.pid = self.pid
        self.binary = await asyncio.to_thread(digest_of_program, self.pid)
        self.fonts = await asyncio.to_thread(digest_of_fonts)

    async def answers(self) -> bool:
        """Whether the browser is there and answers within the limit."""
        if not self.recorder.alive or self.browser is None or not self.browser.is_connected():
            return False
        try:
            await self.recorder.ask("Browser.getVersion", timeout=ANSWER_LIMIT)
        except (DevToolsGone, CommandFailed, TimeoutError):
            return False
        return True

    async def stop(self, dead: bool = False) -> None:
        """End everything; what does not end by itself in time, or does not answer, is killed."""
        if dead and self.process is not None:
            self.process.kill()
        with suppress(DevToolsGone, CommandFailed, TimeoutError):
            await self.recorder.ask("Browser.close", CLOSE_LIMIT)
            await asyncio.wait_for(self.recorder.wait_gone(), CLOSE_LIMIT)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.recorder.close(), CLOSE_LIMIT)
        if self.process is not None:
            await self.process.close()
        if self.driver is not None:
            with suppress(pw.Error, TimeoutError):
                await asyncio.wait_for(self.driver.stop(), CLOSE_LIMIT)
        await asyncio.to_thread(self.folder.close)


class Browser:
    """What `open_browser` yields: contexts to visit posts in, and facts for the manifest."""

    def __init__(self, settings: BrowserSettings, proxy: str | None, clock: Clock) -> None:
        self.settings = settings
        self.starts = 0
        self._watchman = Watchman(settings.page_memory)
        self._watch: asyncio.Task[None] | None = None
        self._chromium = find_chromium(settings.executable)
        self._proxy = proxy
        self._clock = clock
        self._sandbox = os.geteuid() != 0
        self._running: _Running | None = None
        self._known: dict[str, str] = {}
        self._playwright = version("playwright")
        self._binary: Digest | None = None
        self._fonts: Digest | None = None
        self._open = 0
        self._served = 0
        self._changed = asyncio.Condition()
        self._making = asyncio.Lock()

    @property
    def recorder(self) -> Recorder:
        """The recorder of the browser that is running now."""
        assert self._running is not None
        return self._running.recorder

    def _endpoint(self) -> Endpoint:
        assert self._running is not None and self._running.endpoint is not None
        return self._running.endpoint

    def alive(self) -> bool:
        """Whether the browser of the last start is still connected."""
        return self._running is not None and self._running.recorder.alive

    @property
    def felled(self) -> int:
        """How many processes that draw pages were ended, since they took too much memory."""
        return self._watchman.felled

    def facts(self) -> BrowserFacts:
        """The browser as warcinfo and manifest name it."""
        settings = self.settings
        return BrowserFacts(
            product=self._known.get("product", ""),
            user_agent=settings.user_agent or self._known.get("userAgent", ""),
            playwright=self._playwright,
            executable=self._chromium.path,
            sandbox=self._sandbox,
            viewport=settings.viewport,
            scale=settings.scale,
            locale=settings.locale,
            timezone=settings.timezone,
            arguments=switches(self._proxy is not None, settings.ca_file),
            binary=self._binary,
            fonts=self._fonts,
        )

    async def start(self) -> None:
        """Start the browser, without its sandbox where it cannot have one and that is allowed. Raises
        BrowserUnavailable, and then leaves nothing behind."""
        try:
            await self._start()
        except _NoSandbox:
            if not self.settings.allow_no_sandbox:
                raise
            self._sandbox = False
            await self._start()

    async def _start(self) -> None:
        running = _Running(Folder(), self._clock)
        try:
            await running.start(self.settings, self._chromium, self._proxy, self._sandbox)
        except (pw.Error, DevToolsGone, CommandFailed, TimeoutError, OSError) as error:
            problem = _unavailable(self._chromium, running.process, error)
            await running.stop()
            raise problem from error
        except BaseException:
            await running.stop()
            raise
        self._running, self._known, self._served = running, running.facts, 0
        self._binary, self._fonts = running.binary, running.fonts
        self.starts += 1
        self._watch = asyncio.create_task(self._watchman.watch(running.recorder.ask))

    async def stop(self, dead: bool = False) -> None:
        """End the browser; harmless when it has ended already. A `dead` one is killed at once."""
        running, self._running = self._running, None
        if self._watch is not None:
            self._watch.cancel()
        if running is not None:
            await running.stop(dead)

    @asynccontextmanager
    async def context(
        self, proxy: str | None, state: dict[str, Any] | None = None
    ) -> AsyncIterator[tuple[pw.BrowserContext, str]]:
        """A fresh browser context whose traffic goes through `proxy` (a lane's `proxy_url`), and its id.

        `state` is a storage state to begin with: that of a user who is logged in.

        Replaces a browser that has died first. Raises BrowserUnavailable, playwright's Error.
        """
        await self._take_place()
        context: pw.BrowserContext | None = None
        try:
            async with asyncio.timeout(START_LIMIT), self._making:
                context = await self._new_context(proxy, state)
                name = self._endpoint().context
            yield context, name
        finally:
            if context is not None:
                with suppress(pw.Error, TimeoutError):
                    await asyncio.wait_for(context.close(), CLOSE_LIMIT)
            async with self._changed:
                self._open -= 1
                self._changed.notify_all()

    async def _new_context(
        self, proxy: str | None, state: dict[str, Any] | None
    ) -> pw.BrowserContext:
        assert self._running is not None and self._running.browser is not None
        settings = self.settings
        width, height = settings.viewport
        return await self._running.browser.new_context(
            proxy={"server": proxy} if proxy else None,
            viewport={"width": width, "height": height},
            device_scale_factor=settings.scale,
            locale=settings.locale,
            timezone_id=settings.timezone,
            user_agent=settings.user_agent,
            accept_downloads=False,
            service_workers="allow" if settings.service_workers else "block",
            storage_state=cast(pw.StorageState, state) if state is not None else None,
        )

    async def _take_place(self) -> None:
        """Wait for a browser that answers; start a new one when it is dead, or old and idle."""
        async with self._changed:
            old = self._served >= self.settings.recycle_after
            if old and self._open:
                await self._changed.wait_for(lambda: self._open == 0)
            old = self._served >= self.settings.recycle_after
            dead = self._running is None or not await self._running.answers()
            if old or dead:
                await self.stop(dead)
                await self.start()
            self._open += 1
            self._served += 1


@asynccontextmanager
async def open_browser(
    settings: BrowserSettings, proxy_url: str | None, clock: Clock | None = None
) -> AsyncIterator[Browser]:
    """Start a browser whose own traffic goes through `proxy_url`, and end it afterwards.

    Raises BrowserUnavailable: no browser, or it cannot have its sandbox (the user is root, or may not
    make user namespaces) and it is not allowed to run without.
    """
    if os.geteuid() == 0 and not settings.allow_no_sandbox:
        raise BrowserUnavailable(
            "Chromium cannot keep its sandbox when it is run as root",
            hint="run as another user, or accept the risk with --allow-no-sandbox",
        )
    sweep()
    browser = Browser(settings, proxy_url, clock or SystemClock())
    try:
        await browser.start()
        yield browser
    finally:
        await asyncio.shield(browser.stop())


def _unavailable(
    chromium: Chromium, process: Process | None, error: Exception
) -> BrowserUnavailable:
    """Why a browser did not start, in its own words where it said any."""
    if process is not None and process.lacks_sandbox():
        return _NoSandbox(
            f"{chromium.path} cannot have its sandbox: this user may not make user namespaces here",
            hint="`archiver doctor` says what opens them; or accept the risk with --allow-no-sandbox",
        )
    why = process.complaint() if process is not None else ""
    lines = (line.strip() for line in (why, *str(error).splitlines()))
    first = next((line for line in lines if line), "no answer")
    return BrowserUnavailable(
        f"{chromium.path} did not start: {first}",
        hint=f"see `archiver doctor`; temporary files go to {tempfile.gettempdir()}",
    )
