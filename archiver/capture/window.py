"""A window as high as the page, for pictures of more than the window shows.

Chromium takes such pictures by itself (`captureBeyondViewport`), but draws nothing new in frames of another site
meanwhile, for it makes the window one pixel large for a moment: an embed below the window is blank then, though all
of it came. In a window that is really so high, frames are drawn, and what scrolls inside a page is laid out in full
where its height is the window's.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from archiver.capture.scrolling import INNER
from archiver.capture.stage import ASK_LIMIT, TROUBLE, Stage

MEASURE = f"""usual => {{
  const boxes = [...document.querySelectorAll('iframe, frame, object, embed')]
    .map(frame => frame.getBoundingClientRect()).filter(box => box.width >= 40 && box.height >= 20);
  const inner = ({INNER})(usual), hidden = inner ? inner.scrollHeight - inner.clientHeight : 0;
  const tall = document.documentElement.scrollHeight + hidden;
  return [tall, hidden ? tall : Math.max(0, ...boxes.map(box => box.bottom + scrollY)), hidden];
}}"""
DRAWN = """() => new Promise(done => {
  requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
  setTimeout(() => done(false), 500);
})"""
"""Kept when the frame has been drawn anew, or after half a second."""
GROWN = 1.1
"""Times its height that a page may grow with the window: one that is laid out by the window's height is another."""


class Heights(Struct, frozen=True):
    """Pixels: how high the page is with all that scrolls inside it, how far down it shows what only a high
    window draws (frames, what scrolls inside it), and how much of the height is hidden inside it now."""

    tall: float = 0
    lowest: float = 0
    hidden: float = 0


@asynccontextmanager
async def high_window(stage: Stage, width: int, height: int, most: int) -> AsyncIterator[int]:
    """Make the window, which is `width` by `height`, as high as the page, at most `most` pixels, while there is a
    frame below it or something that scrolls inside the page; gives its height.

    A page that grows with its window keeps the usual one. The usual one is there again afterwards. What may
    be blank in pictures all the same, or is not in them, is noted.
    """
    before = await _heights(stage, height)
    high = min(int(before.tall), most)
    if before.lowest <= height or high <= height:
        yield height
        return
    stands = await _resized(stage, width, high)
    after = await _heights(stage, height) if stands else before
    if stands and after.tall > before.tall * GROWN:
        stands = not await _resized(stage, width, height)
        after = before
    _note(stage, before, after, high if stands else height)
    try:
        yield high if stands else height
    finally:
        if stands:
            await _resized(stage, width, height)


def _note(stage: Stage, before: Heights, after: Heights, high: int) -> None:
    """What pictures in a window so high do not show as it is."""
    if after.hidden:
        stage.note(
            f"{after.hidden:.0f} pixels of what scrolls inside the page are not in its pictures"
        )
    elif before.lowest > high:
        stage.note(f"frames below {high} pixels may be blank in pictures of the page")


async def _heights(stage: Stage, usual: int) -> Heights:
    """The heights by now; 0 where the page does not answer so. `usual` is the usual window's."""
    told = await stage.measure(stage.page.main_frame, MEASURE, usual) or ()
    return Heights(*told) if len(told) == 3 else Heights()


async def _resized(stage: Stage, width: int, height: int) -> bool:
    """Give the window a size and have every frame drawn in it; whether that could be done."""
    try:
        async with asyncio.timeout(ASK_LIMIT):
            await stage.page.set_viewport_size({"width": width, "height": height})
    except TROUBLE:
        return False
    await asyncio.gather(*(stage.ask(frame, DRAWN) for frame in stage.frames()))
    return True
