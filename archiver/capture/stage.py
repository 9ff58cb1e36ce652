"""The stage of one visit: a fresh context, its first page, and the recording of all it does.

Questions to the page go through `ask`: Playwright's `evaluate` has no limit of its own, and a page
that is stuck in a loop would hold it for ever. A page, or a frame, that once did not answer is not asked again:
a frame whose address the browser refuses (`file:`) never answers. The document is read in a world of its
own, where the page's scripts have changed nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import playwright.async_api as pw

from archiver.capture.browser import Browser
from archiver.capture.devtools import CommandFailed, DevToolsGone
from archiver.capture.limits import CaptureLimits
from archiver.capture.recorder import Recorder
from archiver.capture.recorder_recording import Recording

LISTEN_LIMIT = 20.0
PAUSE = 0.05
ASK_LIMIT = 5.0
MOST_FRAMES = 30
TROUBLE = (pw.Error, TimeoutError, DevToolsGone, CommandFailed)
"""What may come of talking to a page, a context or a browser that has gone or hangs."""
EVALUATE = {"returnByValue": True, "awaitPromise": True, "userGesture": True}
"""As Playwright asks: for plain values, once a promise is kept, as if a visitor had done it."""
WORDS = """() => {
  const getter = (kind, name) => Object.getOwnPropertyDescriptor(kind.prototype, name).get;
  const of = (kind, name, node) => getter(kind, name).call(node);
  const shadow = getter(Element, 'shadowRoot');
  const all = place => (place == document ? Document : DocumentFragment).prototype.querySelectorAll.call(place, '*');
  const roots = [];
  const collect = place => {
    for (const element of all(place)) {
      const root = shadow.call(element);
      if (root) { roots.push(root); collect(root); }
    }
  };
  const said = node => {
    if (node instanceof Text) return of(ShadowRoot, 'host', node.parentNode).checkVisibility() ? node.data : '';
    if (!(node instanceof HTMLElement) || !Element.prototype.checkVisibility.call(node)) return '';
    return of(HTMLElement, 'innerText', node);
  };
  collect(document);
  const body = of(Document, 'body', document);
  const parts = roots.flatMap(root => [...of(Node, 'childNodes', root)].map(said));
  const text = [body ? of(HTMLElement, 'innerText', body) : '', ...parts.map(part => part.trim())];
  return {roots, text: text.filter(Boolean).join('\\n')};
}"""
"""The shadow roots of a document that are open, and its visible text with theirs: what a page draws in components of
its own stands in neither its markup nor its `innerText`. An element with a name stands in the way of properties of
that name (`<img name=documentElement>`), so that these are asked of what all documents and elements have."""
SHOWN = f"""() => {{
  const of = name => Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);
  const type = of('doctype'), root = of('documentElement'), {{roots, text}} = ({WORDS})();
  const html = () => {{
    const shell = root.cloneNode(false).outerHTML, end = shell.lastIndexOf('</');
    return shell.slice(0, end) + root.getHTML({{shadowRoots: roots}}) + shell.slice(end);
  }};
  return [
    (type ? new XMLSerializer().serializeToString(type) : '') + (!root ? '' : roots.length ? html() : root.outerHTML),
    text,
    of('title'),
  ];
}}"""
"""Document with its open shadow roots, visible text, and title."""


class Shown(msgspec.Struct, frozen=True):
    """The document as it stands, with its doctype; its visible text, and its title. None: not known."""

    dom: str = ""
    text: str | None = None
    title: str | None = None


class Stage:
    """A context with its page, the recorder's line to the page, and what is recorded."""

    def __init__(self, page: pw.Page, recorder: Recorder, recording: Recording, frame: str) -> None:
        self.page = page
        self.recording = recording
        self._recorder = recorder
        self.frame = frame
        self.silent: set[pw.Frame] = set()
        self.own_windows = 0
        self.crashed = asyncio.Event()
        self.notes: list[str] = []

    @property
    def hung(self) -> bool:
        """Whether the page itself does not answer."""
        return self.page.main_frame in self.silent

    async def tell(self, method: str, params: dict[str, Any], timeout: float) -> dict[str, Any]:
        """One DevTools command to the page. Raises what TROUBLE names."""
        return await self._recorder.tell(self.frame, method, params, timeout)

    def note(self, text: str) -> None:
        """Remember something odd, once."""
        if text not in self.notes:
            self.notes.append(text)

    async def ask(self, frame: pw.Frame, script: str, value: Any = None) -> Any:  # noqa: ANN401 - what the page answers
        """Run a function in a frame; None when the frame has gone, fails or does not answer."""
        if self.hung or frame in self.silent:
            return None
        try:
            return await self._run(frame, script, value)
        except TimeoutError:
            self.silent.add(frame)
            self.note(
                f"{'the page' if self.hung else 'a frame of the page'} did not answer in time"
            )
        except TROUBLE:
            pass
        return None

    async def measure(self, frame: pw.Frame, script: str, value: Any) -> list[float] | None:  # noqa: ANN401
        """Numbers that a function in a frame gives; None for anything else: a page may answer what it likes."""
        return numbers(await self.ask(frame, script, value))

    def end(self) -> None:
        """End the recording: what comes from now on is passed over. Ending twice is harmless."""
        self._recorder.end(self.recording)

    async def content(self, timeout: float) -> Shown:
        """The document as it stands, all of one moment. Raises what TROUBLE names."""
        try:
            world = await self.tell("Page.createIsolatedWorld", {"frameId": self.frame}, timeout)
        except (CommandFailed, DevToolsGone):  # a page drawn ahead of its time has another frame
            return Shown(await asyncio.wait_for(self.page.content(), timeout))
        found = await self._evaluate(f"({SHOWN})()", timeout, contextId=world["executionContextId"])
        sane = isinstance(found, list) and all(isinstance(each, str) for each in found)
        return Shown(*found) if sane else Shown()

    async def _run(self, frame: pw.Frame, script: str, value: object) -> Any:  # noqa: ANN401 - what the page answers
        """In the page itself a function is run past Playwright, which sends each document many kilobytes of
        its own helpers first."""
        if frame is not self.page.main_frame or not self._recorder.reaches(self.frame):
            return await asyncio.wait_for(frame.evaluate(script, value), ASK_LIMIT)
        argument = msgspec.json.encode(value).decode()
        return await self._evaluate(f"({script})({argument})", ASK_LIMIT)

    async def _evaluate(self, expression: str, timeout: float, **where: int) -> Any:  # noqa: ANN401 - what the page answers
        """The value of an expression in the page; None when it fails there."""
        asked = {**EVALUATE, "expression": expression, **where}
        answer = await self.tell("Runtime.evaluate", asked, timeout)
        return None if "exceptionDetails" in answer else answer["result"].get("value")

    def frames(self) -> list[pw.Frame]:
        """The page's frames, the main one first, at most thirty; that there are more is noted."""
        frames = self.page.frames
        if len(frames) > MOST_FRAMES:
            self.note(f"of the frames of the page only the first {MOST_FRAMES} were looked into")
        return frames[:MOST_FRAMES]


def numbers(told: object) -> list[float] | None:
    """A list of numbers below ten millions; None for anything else."""
    if not isinstance(told, list):
        return None
    sane = all(isinstance(each, int | float) and abs(each) < 1e7 for each in told)
    return list(map(float, told)) if sane else None


@asynccontextmanager
async def open_stage(
    browser: Browser, proxy: str | None, limits: CaptureLimits, spool: Path, name: str,
    state: dict[str, Any] | None = None,
) -> AsyncIterator[Stage]:  # fmt: skip
    """A stage on which nothing has been played yet: the recorder listens before this yields.

    `state` is the storage state of a user who is logged in.

    Raises BrowserUnavailable, playwright's Error, TimeoutError.
    """
    async with browser.context(proxy, state) as (context, context_id):
        recorder = browser.recorder
        async with asyncio.timeout(LISTEN_LIMIT):
            page = await context.new_page()
            while (frame := recorder.page_of(context_id)) is None:
                await asyncio.sleep(PAUSE)
        recording = recorder.begin(context_id, frame, limits, spool, name)
        stage = Stage(page, recorder, recording, frame)
        try:
            await asyncio.wait_for(recording.listening.wait(), LISTEN_LIMIT)
            _guard(stage, context, limits)
            yield stage
        finally:
            stage.end()


def _guard(stage: Stage, context: pw.BrowserContext, limits: CaptureLimits) -> None:
    """Refuse what a page may do to its visitor: dialogs, downloads, windows without number."""
    opened = 0

    async def answer(dialog: pw.Dialog) -> None:
        stage.note(f"the page opened a dialog ({dialog.type})")
        with suppress(*TROUBLE):
            await (dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())

    async def refuse(download: pw.Download) -> None:
        stage.note("the page offered a download, which was refused")
        stage.recording.fold.refused(download.url)
        with suppress(*TROUBLE):
            await download.cancel()

    async def window(page: pw.Page) -> None:
        nonlocal opened
        if stage.own_windows:
            stage.own_windows -= 1
            return
        opened += 1
        page.on("dialog", answer)
        page.on("download", refuse)
        if opened > limits.popups:
            stage.note(f"the page opened more than {limits.popups} windows; the others were closed")
            with suppress(*TROUBLE):
                await page.close()

    stage.page.on("dialog", answer)
    stage.page.on("download", refuse)
    stage.page.on("crash", lambda _: stage.crashed.set())
    context.on("page", window)
