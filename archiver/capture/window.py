"""A window as high as the page, for pictures of more than the window shows.

Chromium takes such pictures by itself (`captureBeyondViewport`), but draws nothing new in frames of another site
meanwhile, for it makes the window one pixel large for a moment: an embed below the window is blank then, though all
of it came. In a window that is really so high, frames are drawn.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from archiver.capture.stage import ASK_LIMIT, TROUBLE, Stage

FRAMES = """() => {
  const boxes = [...document.querySelectorAll('iframe, frame, object, embed')]
    .map(frame => frame.getBoundingClientRect()).filter(box => box.width >= 40 && box.height >= 20);
  return [document.documentElement.scrollHeight, Math.max(0, ...boxes.map(box => box.bottom + scrollY))];
}"""
"""How high the page is, and how far down its frames reach."""
DRAWN = """() => new Promise(done => {
  requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
  setTimeout(() => done(false), 500);
})"""
"""Kept when the frame has been drawn anew, or after half a second."""
GROWN = 1.1
"""Times its height that a page may grow with the window: one that is laid out by the window's height is another."""


@asynccontextmanager
async def high_window(stage: Stage, width: int, height: int, most: int) -> AsyncIterator[int]:
    """Make the window, which is `width` by `height`, as high as the page, at most `most` pixels, while there is a
    frame below it; gives its height.

    A page that grows with its window keeps the usual one. The usual one is there again afterwards. Frames that may
    be blank in pictures all the same are noted.
    """
    tall, lowest = await _heights(stage)
    high = min(int(tall), most)
    if lowest <= height or high <= height:
        yield height
        return
    if lowest > most:
        stage.note(f"frames below {most} pixels may be blank in pictures of the page")
    stands = await _resized(stage, width, high)
    if stands and (await _heights(stage))[0] > tall * GROWN:
        stage.note(f"frames below {height} pixels may be blank in pictures of the page")
        stands = not await _resized(stage, width, height)
    try:
        yield high if stands else height
    finally:
        if stands:
            await _resized(stage, width, height)


async def _heights(stage: Stage) -> tuple[float, float]:
    """The height of the page and how far down its frames reach, in pixels; 0 where it does not answer so."""
    told = await stage.measure(stage.page.main_frame, FRAMES, None) or ()
    return (told[0], told[1]) if len(told) == 2 else (0, 0)


async def _resized(stage: Stage, width: int, height: int) -> bool:
    """Give the window a size and have every frame drawn in it; whether that could be done."""
    try:
        async with asyncio.timeout(ASK_LIMIT):
            await stage.page.set_viewport_size({"width": width, "height": height})
    except TROUBLE:
        return False
    await asyncio.gather(*(stage.ask(frame, DRAWN) for frame in stage.frames()))
    return True
