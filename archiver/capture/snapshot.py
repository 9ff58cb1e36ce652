"""Snapshots: pictures of the drawn page, its DOM, its text and facts about it.

The `urn:` names are those of browsertrix, which viewers know (`urn:view:`, `urn:thumbnail:`,
`urn:fullPage:`, `urn:text:`, `urn:pageinfo:`), and two of our own, `urn:post:` for the post's
element and `urn:dom:` for the document as it stood. Pictures come from DevTools directly, which,
unlike Playwright's, does not wait for fonts that never load.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import playwright.async_api as pw

from archiver.capture import recorder_bodies as bodies
from archiver.capture.boxes import BOX, MARGIN, WIDE, Clip, clip_of, corner
from archiver.capture.covers import recover
from archiver.capture.devtools import from_base64
from archiver.capture.limits import CaptureLimits
from archiver.capture.stage import ASK_LIMIT, TROUBLE, WORDS, Shown, Stage
from archiver.capture.thumbnail import thumbnail
from archiver.capture.window import high_window
from archiver.clock import Clock, iso
from archiver.domain.capture import Snapshot
from archiver.domain.exchange import Exchange

PICTURE_LIMIT = 15.0
THUMBNAIL_WIDTH = 640
"""Pixels, where it is one of the viewport."""
WIDEST = 4000
"""Pixels of a full-page picture."""
QUALITY = {"thumbnail": 80, "post": 92, "full": 85}
"""Of the JPEG pictures; the viewport's alone is without loss. A post at double size as PNG takes three
times the processor and four times the space, for photographs that came as JPEG."""
TEXT = f"""() => {{
  try {{ return ({WORDS})().text; }} catch {{ return document.body ? document.body.innerText : ''; }}
}}"""
"""The words of a frame; of one whose scripts have changed what is needed for that, those of its document alone."""
PREFIX = {"full": "fullPage"}
LEFT_OUT = "bars or dialogs that lay over the post are left out of its picture"
GENERIC = ("article", "[role=article]", "main")
"""Where a platform names no element of its own: what a post is usually drawn in."""


class Photographer:
    """Takes the snapshots of one view. `url` is the address that they are filed under."""

    def __init__(self, stage: Stage, url: str, limits: CaptureLimits, clock: Clock) -> None:
        self._stage = stage
        self._url = url
        self._limits = limits
        self._clock = clock
        self.taken: list[Snapshot] = []

    async def keep(self, role: str, media_type: str, data: bytes, name: str = "") -> None:
        """File a snapshot under the page's address, or under `name`."""
        what = data, self._limits.spool_from, self._stage.recording.file()
        short = len(data) <= bodies.SHORT
        body = bodies.keep(*what) if short else await asyncio.to_thread(bodies.keep, *what)
        urn = f"urn:{PREFIX.get(role, role)}:{name or self._url}"
        at = self._clock.now()
        self.taken.append(
            Snapshot(role=role, urn=urn, media_type=media_type, body=body, taken_at=at)
        )

    async def pictures(self, elements: Sequence[str]) -> None:
        """The viewport, the post's element at double size, a thumbnail of it, or of the viewport where nothing
        is known to show the post; the full page where it is larger than the viewport."""
        viewport = self._stage.page.viewport_size or {"width": 1280, "height": 1600}
        width, height = viewport["width"], viewport["height"]
        if not await self._picture("view", None):
            return
        async with high_window(self._stage, width, height, self._limits.height) as high:
            post = await self._post(elements, width, high)
            small = await asyncio.to_thread(thumbnail, post, QUALITY["thumbnail"]) if post else b""
            if small:
                await self.keep("thumbnail", "image/jpeg", small)
            else:
                await self._small(width, height)
            await self._full(width, height, high)

    async def _small(self, width: int, height: int) -> None:
        """A thumbnail of the window."""
        try:
            x, y = await corner(self._stage)
        except TROUBLE:
            return
        clip = Clip(x, y, width, height, THUMBNAIL_WIDTH / width)
        await self._picture("thumbnail", clip, "jpeg")

    async def _post(self, elements: Sequence[str], width: int, height: int) -> bytes:
        """The element that holds the post. Without one of the platform's, a generic one is taken."""
        for selectors in (elements, GENERIC):
            for frame in self._stage.frames():
                clip, covers = await self._box(frame, selectors)
                if clip is not None:
                    inside = clip.y + clip.height <= height and clip.x + clip.width <= width
                    data = await self._picture("post", clip, "jpeg", beyond=not inside)
                if covers:
                    self._stage.note(LEFT_OUT)
                    await recover(self._stage, frame)
                if clip is not None:
                    return data
        return b""

    async def _box(self, frame: pw.Frame, selectors: Sequence[str]) -> tuple[Clip | None, bool]:
        """Where an element stands on the page, no wider than what it shows and cut to the greatest height, None if
        it is not seen; and whether something lay over it, which is transparent by now."""
        asked = [list(selectors), WIDE, MARGIN]
        box = await self._stage.measure(frame, BOX, asked) if selectors else None
        if box is None or len(box) != 5:
            return None, False
        clip = await clip_of(self._stage, frame, box[:4], self._limits.height / 2)
        return clip, box[4] > 0

    async def _full(self, width: int, height: int, high: int) -> None:
        """The whole page, in tiles; where it fits into the usual window, `width` by `height`, that is pictured
        already. `high` is the height of the window now."""
        try:
            metrics = await self._stage.tell("Page.getLayoutMetrics", {}, ASK_LIMIT)
        except TROUBLE:
            return
        size = metrics["cssContentSize"]
        if size["height"] <= height and size["width"] <= width:
            return
        tile, tall = self._limits.height, size["height"]
        if tall > tile * self._limits.tiles:
            self._stage.note(
                f"the full-page picture was cut at {tile * self._limits.tiles} of {tall} pixels"
            )
        across = max(min(size["width"], WIDEST), width)
        if size["width"] > across:
            wide = f"{across} of {size['width']:.0f} pixels across"
            self._stage.note(f"the full-page picture was cut at {wide}")
        for number in range(min(-(-int(tall) // tile), self._limits.tiles)):
            top = number * tile
            clip = Clip(0, top, across, min(tile, tall - top))
            beyond = top + clip.height > high or across > width
            if not await self._picture("full", clip, "jpeg", beyond=beyond, part=number):
                return

    async def _picture(
        self, role: str, clip: Clip | None, kind: str = "png", beyond: bool = False, part: int = 0
    ) -> bytes:
        """Take a picture, file it and give it; nothing when there is none. `beyond` the viewport the page is
        laid out anew for it, which costs more."""
        asked: dict[str, Any] = {"format": kind, "optimizeForSpeed": True}
        if kind == "jpeg":
            asked["quality"] = QUALITY[role]
        if clip is not None:
            asked |= {"clip": msgspec.to_builtins(clip), "captureBeyondViewport": beyond}
        limit = ASK_LIMIT if self._stage.hung else PICTURE_LIMIT
        try:
            answer = await self._stage.tell("Page.captureScreenshot", asked, limit)
        except TROUBLE as error:
            self._stage.note(f"no picture of the {role}: {str(error) or 'it took too long'}")
            return b""
        name = f"{self._url}#part={part + 1}" if part else ""
        data = from_base64(answer["data"])
        await self.keep(role, f"image/{kind}", data, name)
        return data

    async def dom(self) -> Shown:
        """File the document as it stands, and give it; empty when the page does not answer."""
        if self._stage.hung:
            return Shown()
        try:
            shown = await self._stage.content(ASK_LIMIT * 2)
        except TROUBLE:
            return Shown()
        await self.keep("dom", "text/html; charset=utf-8", shown.dom.encode("utf-8", "replace"))
        return shown

    async def text(self, known: str | None) -> str:
        """File the visible text of the page, unless that is `known`, and of all its frames, and give it."""
        main = self._stage.page.main_frame
        parts = [
            known if frame is main and known is not None else await self._stage.ask(frame, TEXT)
            for frame in self._stage.frames()
        ]
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
