"""Articles read twice: as they were sent, and as they stand in a browser once their scripts have run.

The browser lives in an event loop on a thread of its own, so that documents can be read one after the
other while the next pages are loading.
"""

import asyncio
import shutil
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from archiver.bulk import find_in_each, find_in_one
from archiver.capture.browser import Browser, open_browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.render import Rendered, render
from archiver.config import Settings
from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.domain.seed import BadSeed
from archiver.extraction.unite import as_rendered, united
from archiver.net.guard import EgressGuard
from archiver.net.pace import Pace
from archiver.tools import browser_settings, spool_folder

Embeds = tuple[Embed, ...]
Report = Callable[[BadSeed], None]
Answer = TypeVar("Answer")


def find_rendered(
    documents: Iterable[Document], settings: Settings, report: Report, unboxed: Callable[[], None]
) -> Generator[Embeds, None, None]:
    """The embeds of each document in order; those of HTML are what both readings saw.

    A page that cannot be rendered is told to `report`, and gives what its static reading saw. `unboxed` is called
    when the browser runs without its sandbox. Raises BrowserUnavailable.
    """
    with open_renderer(settings) as renderer:
        if renderer.browser is not None and not renderer.browser.facts().sandbox:
            unboxed()
        under_way: deque[tuple[Document, Future[Rendered] | None]] = deque()
        for document in documents:
            begun = renderer.begin(document) if document.kind == "html" else None
            under_way.append((document, begun))
            if len(under_way) > settings.concurrency:
                yield _both(*under_way.popleft(), report)
        while under_way:
            yield _both(*under_way.popleft(), report)


def _both(document: Document, begun: Future[Rendered] | None, report: Report) -> Embeds:
    """Both readings of a document as one."""
    static = find_in_one(document, report) or ()
    if begun is None:
        return static
    rendered = begun.result()
    if rendered.reason:
        reason = f"rendering it: {rendered.reason}"
        report(BadSeed(source=document.source, origin=document.source, reason=reason))
    shown = (_as_document(text, document) for text in rendered.texts)
    readings = (found for _, found in find_in_each(shown, report))
    return united(static, *(as_rendered(found, document.digest) for found in readings))


def _as_document(text: str, document: Document) -> Document:
    body = text.encode("utf-8", "replace")
    return Document(
        source=document.source, kind="html", body=body, url=document.url, charset="utf-8"
    )


class Renderer:
    """A browser behind the guard, and the loop that it lives in."""

    def __init__(self, settings: Settings, guard: EgressGuard, spool: Path) -> None:
        self._limits = CaptureLimits(seconds=settings.timeout, bytes=settings.max_bytes)
        self._guard = guard
        self._spool = spool
        self._pace = Pace()
        self._count = 0
        self._places = asyncio.Semaphore(settings.concurrency)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.browser: Browser | None = None

    def begin(self, document: Document) -> Future[Rendered]:
        """Begin to render a document."""
        self._count += 1
        return asyncio.run_coroutine_threadsafe(
            self._render(document, f"page-{self._count}"), self._loop
        )

    async def _render(self, document: Document, name: str) -> Rendered:
        assert self.browser is not None
        folder = self._spool / name
        async with self._places:
            if document.exchanges:
                host = urlsplit(document.url or "").hostname or ""
                await asyncio.to_thread(self._pace.wait, host)
            folder.mkdir()
            try:
                with self._guard.lane() as lane:
                    return await render(
                        self.browser,
                        document,
                        proxy=lane.proxy_url,
                        limits=self._limits,
                        spool=folder,
                        name=name,
                    )
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Do something in the loop and wait for what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    @contextmanager
    def running(self) -> Iterator[None]:
        """The loop runs inside this block; what is still under way at its end is dropped."""
        self._thread.start()
        try:
            yield
        finally:
            self.run(self._drop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _drop(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def open_renderer(settings: Settings) -> Iterator[Renderer]:
    """A browser ready to render. Raises BrowserUnavailable."""
    with ExitStack() as stack:
        spool = stack.enter_context(closing(spool_folder()))
        guard = stack.enter_context(EgressGuard(settings.proxy, ca_file=settings.ca_file))
        lane = stack.enter_context(guard.lane())
        renderer = Renderer(settings, guard, spool.path)
        stack.enter_context(renderer.running())
        opened = open_browser(browser_settings(settings), lane.proxy_url)
        renderer.browser = renderer.run(opened.__aenter__())
        stack.callback(lambda: renderer.run(opened.__aexit__(None, None, None)))
        yield renderer
