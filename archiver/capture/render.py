"""Rendering an article: what its document holds once its scripts have run.

A page that was fetched is loaded anew from its address. A page that is at hand as bytes (a file, a
record of a web archive) is given to the browser as the answer to the first request: so it has an origin
of its own, and relative and protocol-relative addresses lead where they should, which `set_content` on
`about:blank` cannot do; `file:` would let a hostile page look at other files. Bytes without an address
get one below `.invalid`, which never resolves (RFC 2606). All else goes through the lane of the guard.
"""

import asyncio
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import playwright.async_api as pw
from msgspec import Struct

from archiver.capture.behaviours import behave, wait_quiet
from archiver.capture.browser import Browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.play import first_line
from archiver.capture.stage import TROUBLE, Stage, open_stage
from archiver.domain.document import Document

NOWHERE = "https://page.invalid/"
LONGEST = 24_000_000
"""Characters of one serialized document that are taken."""

SERIALIZE = """longest => {
  const roots = [];
  const collect = place => {
    for (const element of place.querySelectorAll('*'))
      if (element.shadowRoot) { roots.push(element.shadowRoot); collect(element.shadowRoot); }
  };
  collect(document);
  const root = document.documentElement;
  if (!root) return '';
  const html = root.getHTML ? root.getHTML({shadowRoots: roots}) : root.innerHTML;
  return ('<!doctype html><html>' + html + '</html>').slice(0, longest);
}"""


class Rendered(Struct, frozen=True, kw_only=True):
    """The documents of a page after its scripts: its own first, then those of frames that are its own.

    `frames` are the addresses of the other frames: some stand in shadow roots that are closed to all.
    `reason` says in one line why there are none, or why they may not be whole.
    """

    documents: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    reason: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that there is to read, as HTML: the documents, then the frames as elements."""
        elements = "\n".join(f'<iframe src="{escape(url)}"></iframe>' for url in self.frames)
        return (*self.documents, elements) if elements else self.documents


async def render(
    browser: Browser,
    document: Document,
    *,
    proxy: str,
    limits: CaptureLimits,
    spool: Path,
    name: str,
) -> Rendered:
    """Load an HTML document in a fresh context through `proxy` (a lane's), and read it after its scripts.

    What the page fetches lies in `spool` until the caller removes it. Ends within `limits.seconds` and
    a few seconds more. Raises BrowserUnavailable when no browser can be started.
    """
    try:
        async with open_stage(browser, proxy, limits, spool, name) as stage:
            reason = await _load(stage, document, limits)
            read = await _read(stage)
    except TROUBLE as error:
        return Rendered(reason=first_line(error))
    if not read.documents:
        return Rendered(reason=reason or "the page did not answer")
    return Rendered(documents=read.documents, frames=read.frames, reason=reason)


async def _load(stage: Stage, document: Document, limits: CaptureLimits) -> str:
    """Load the page and let it come to rest; gives what went wrong, or an empty string."""
    try:
        async with asyncio.timeout(limits.seconds):
            address = await _address(stage, document)
            limit = limits.navigation * 1000
            await stage.page.goto(address, wait_until="commit", timeout=limit)
            await stage.page.wait_for_load_state("domcontentloaded", timeout=limit)
            await wait_quiet(stage, limits.quiet)
            await behave(stage, limits)
            await wait_quiet(stage, limits.quiet)
    except TimeoutError:
        return f"the limit of {limits.seconds:g} seconds was reached"
    except TROUBLE as error:
        return first_line(error)
    return ""


async def _address(stage: Stage, document: Document) -> str:
    """Where to go; bytes at hand are made ready to answer the first request."""
    if document.url and document.exchanges:
        return document.url
    charset = f"; charset={document.charset}" if document.charset else ""

    async def answer(route: pw.Route) -> None:
        await route.fulfill(body=document.body, content_type=f"text/html{charset}")

    await stage.page.route("**/*", answer, times=1)
    return document.url or NOWHERE


async def _read(stage: Stage) -> Rendered:
    """The documents and frames as they stand."""
    main = stage.page.main_frame
    own = [frame for frame in stage.frames() if _is_own(frame, main)]
    documents = [await stage.ask(frame, SERIALIZE, LONGEST) for frame in own]
    others = [f.url for f in stage.frames() if f not in own and f.parent_frame in own]
    shows_page = urlsplit(main.url).scheme in {"http", "https"}  # not the browser's own error page
    return Rendered(
        documents=tuple(text for text in documents if text) if shows_page else (),
        frames=tuple(dict.fromkeys(url for url in others if url.startswith("http"))),
    )


def _is_own(frame: pw.Frame, main: pw.Frame) -> bool:
    """Whether a frame's document belongs to the page: without an address, or of the same origin."""
    if frame == main or frame.url.startswith("about:") or not frame.url:
        return True
    there, here = urlsplit(frame.url), urlsplit(main.url)
    return (there.scheme, there.netloc) == (here.scheme, here.netloc)
