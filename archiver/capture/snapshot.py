"""Snapshots: pictures of the drawn page, its DOM, its text and facts about it.

The `urn:` names are those of browsertrix, which viewers know (`urn:view:`, `urn:thumbnail:`,
`urn:fullPage:`, `urn:text:`, `urn:pageinfo:`), and two of our own, `urn:post:` for the post's
element and `urn:dom:` for the document as it stood. Pictures come from DevTools directly, which,
unlike Playwright's, does not wait for fonts that never load.
"""

import asyncio
import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import playwright.async_api as pw

from archiver.capture import recorder_bodies as bodies
from archiver.capture.limits import CaptureLimits
from archiver.capture.stage import ASK_LIMIT, TROUBLE, Stage
from archiver.clock import Clock, iso
from archiver.domain.capture import Snapshot
from archiver.domain.exchange import Exchange

PICTURE_LIMIT = 15.0
THUMBNAIL_WIDTH = 640
TEXT = "() => document.body ? document.body.innerText : ''"
PREFIX = {"full": "fullPage"}
GENERIC = ("article", "[role=article]", "main", "body")
"""Where a platform names no element of its own: what a post is usually drawn in."""


class Clip(msgspec.Struct, frozen=True):
    """A rectangle of the page in CSS pixels, and the scale of its picture."""

    x: float
    y: float
    width: float
    height: float
    scale: float = 1.0


class Photographer:
    """Takes the snapshots of one view. `url` is the address that they are filed under."""

    def __init__(self, stage: Stage, url: str, limits: CaptureLimits, clock: Clock) -> None:
        self._stage = stage
        self._url = url
        self._limits = limits
        self._clock = clock
        self.taken: list[Snapshot] = []

    async def keep(self, role: str, media_type: str, data: bytes) -> None:
        """File a snapshot."""
        recording = self._stage.recording
        file = recording.file()
        body = await asyncio.to_thread(bodies.keep, data, self._limits.spool_from, file)
        urn = f"urn:{PREFIX.get(role, role)}:{self._url}"
        at = self._clock.now()
        self.taken.append(
            Snapshot(role=role, urn=urn, media_type=media_type, body=body, taken_at=at)
        )

    async def pictures(self, elements: Sequence[str]) -> None:
        """The viewport, a thumbnail of it, the post's element at double size, the full page."""
        viewport = self._stage.page.viewport_size or {"width": 1280, "height": 1600}
        width, height = viewport["width"], viewport["height"]
        if not await self._picture("view", None):
            return
        small = Clip(0, 0, width, height, THUMBNAIL_WIDTH / width)
        await self._picture("thumbnail", small, "jpeg")
        await self._post(elements)
        await self._full(width)

    async def _post(self, elements: Sequence[str]) -> None:
        """The element that holds the post. Without one of the platform's, a generic one is taken."""
        for selector in (*elements, *GENERIC):
            for frame in self._stage.frames():
                clip = await self._box(frame, selector)
                if clip is not None:
                    await self._picture("post", clip)
                    return

    async def _box(self, frame: pw.Frame, selector: str) -> Clip | None:
        """Where an element stands on the page, cut to the greatest height; None if it is not seen."""
        if self._stage.hung:
            return None
        try:
            async with asyncio.timeout(ASK_LIMIT):
                element = await frame.query_selector(selector)
                box = await element.bounding_box() if element else None
                origin = await self._stage.page.evaluate("() => [scrollX, scrollY]")
        except TROUBLE:
            return None
        if box is None or box["width"] < 1 or box["height"] < 1:
            return None
        height = min(box["height"], self._limits.height / 2)
        return Clip(box["x"] + origin[0], box["y"] + origin[1], box["width"], height, 2.0)

    async def _full(self, width: int) -> None:
        try:
            asked = self._stage.cdp.send("Page.getLayoutMetrics")
            size = (await asyncio.wait_for(asked, ASK_LIMIT))["cssContentSize"]
        except TROUBLE:
            return
        if size["height"] > self._limits.height:
            self._stage.note(
                f"the full-page picture was cut at {self._limits.height} of {size['height']} pixels"
            )
        height = min(max(size["height"], 1), self._limits.height)
        await self._picture("full", Clip(0, 0, max(min(size["width"], 4000), width), height))

    async def _picture(self, role: str, clip: Clip | None, kind: str = "png") -> bool:
        asked: dict[str, Any] = {"format": kind}
        if kind == "jpeg":
            asked["quality"] = 80
        if clip is not None:
            asked |= {"clip": msgspec.to_builtins(clip), "captureBeyondViewport": True}
        try:
            sent = self._stage.cdp.send("Page.captureScreenshot", asked)
            limit = ASK_LIMIT if self._stage.hung else PICTURE_LIMIT
            answer = await asyncio.wait_for(sent, limit)
        except TROUBLE as error:
            self._stage.note(f"no picture of the {role}: {str(error) or 'it took too long'}")
            return False
        await self.keep(role, f"image/{kind}", base64.b64decode(answer["data"]))
        return True

    async def dom(self) -> str:
        """File the document as it stands, and give it; empty when the page does not answer."""
        if self._stage.hung:
            return ""
        try:
            text = await asyncio.wait_for(self._stage.page.content(), ASK_LIMIT * 2)
        except TROUBLE:
            return ""
        await self.keep("dom", "text/html; charset=utf-8", text.encode("utf-8", "replace"))
        return text

    async def text(self) -> str:
        """File the visible text of the page and of all its frames, and give it."""
        parts = [await self._stage.ask(frame, TEXT) for frame in self._stage.frames()]
        text = "\n\n".join(part.strip() for part in parts if isinstance(part, str) and part.strip())
        await self.keep("text", "text/plain; charset=utf-8", text.encode("utf-8", "replace"))
        return text

    async def page_info(
        self, page_id: str, at: datetime, exchanges: Sequence[Exchange], errors: int
    ) -> None:
        """File facts about the page, in the form that browsertrix gave them."""
        urls = {
            e.url: {
                "status": e.status,
                "mime": e.media_type,
                "type": e.resource_type,
                **({"error": e.error} if e.error else {}),
            }
            for e in exchanges
        }
        facts = {
            "pageid": page_id,
            "url": self._url,
            "ts": iso(at),
            "urls": urls,
            "counts": {"jsErrors": errors},
        }
        await self.keep("pageinfo", "application/json", msgspec.json.encode(facts))
