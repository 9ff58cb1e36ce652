"""Where an element stands on its page, and where in it what it shows."""

import asyncio
from collections.abc import Sequence

import playwright.async_api as pw
from msgspec import Struct

from archiver.capture.covers import UNCOVER
from archiver.capture.stage import ASK_LIMIT, TROUBLE, Stage, numbers

BOX = """([selectors, wide, margin]) => {
  const uncover = UNCOVER;
  const drawn = /^(img|video|audio|canvas|svg|iframe|object|embed|input|textarea|select|meter|progress)$/;
  const most = node => {
    if (drawn.test(node.localName) || node.localName.includes('-') || node.shadowRoot) return Infinity;
    const css = getComputedStyle(node);
    if (css.backgroundImage != 'none') return Infinity;
    const edged = css.boxShadow != 'none' || parseFloat(css.borderLeftWidth) || parseFloat(css.borderRightWidth);
    return edged || !/^rgba\\(.*, 0\\)$/.test(css.backgroundColor) ? wide : 0;
  };
  const trimmed = (element, box) => {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    let [left, top, right, bottom] = [box.right, box.bottom, box.left, box.top];
    for (let number = 0; walk.nextNode(); number++) {
      const node = walk.currentNode, words = node.nodeType == Node.TEXT_NODE;
      if (number == 3000) return box;
      const limit = !words ? most(node) : node.data.trim() ? Infinity : 0;
      if (!limit) continue;
      if (words) range.selectNode(node);
      for (const part of (words ? range : node).getClientRects()) {
        const [from, to] = [Math.max(part.left, box.left), Math.min(part.right, box.right)];
        const [above, below] = [Math.max(part.top, box.top), Math.min(part.bottom, box.bottom)];
        if (to - from < 1 || below - above < 1 || part.width > limit) continue;
        [left, right] = [Math.min(left, from), Math.max(right, to)];
        [top, bottom] = [Math.min(top, above), Math.max(bottom, below)];
      }
    }
    [left, right] = [Math.max(left - margin, box.left), Math.min(right + margin, box.right)];
    [top, bottom] = [Math.max(top - margin, box.top), Math.min(bottom + margin, box.bottom)];
    const [width, height] = [right - left, bottom - top];
    return width >= 1 && height >= 1 ? {x: left, y: top, width, height} : box;
  };
  const shown = node => node.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const seen = element => {
    try {
      return shown(element) || [...element.querySelectorAll('*')].slice(0, 500).some(shown);
    } catch { return true; }
  };
  const held = element => {
    const range = document.createRange();
    if (getComputedStyle(element).overflow == 'visible') range.selectNodeContents(element);
    return range.getBoundingClientRect();
  };
  for (const selector of selectors)
    for (const element of document.querySelectorAll(selector)) {
      let box = element.getBoundingClientRect();
      if (box.width < 1 || box.height < 1) box = held(element);
      if (box.width < 1 || box.height < 1 || !seen(element)) continue;
      try { if (box.width > wide && most(element) <= wide) box = trimmed(element, box); } catch { }
      let covers = 0;
      try { covers = uncover(element, box); } catch { }
      return [box.x, box.y, box.width, box.height, covers];
    }
  return null;
}""".replace("UNCOVER", UNCOVER)
"""The box of the first element that is seen (it, or what stands in it, has a size, and it or something in it is neither
hidden nor transparent), in CSS pixels of its window. One that is wider than `wide` is mostly the
page around a post: it is trimmed on all sides to what is shown in it (words, pictures, frames, painted boxes that are
no wider than that), with a margin. How many elements lay over it, which are transparent by now, comes last."""
WIDE, MARGIN = 800, 24
"""CSS pixels."""

FRAME = """element => {
  const box = element.getBoundingClientRect(), css = getComputedStyle(element);
  const inset = side => parseFloat(css['padding' + side]) || 0;
  const [left, top, right, bottom] = ['Left', 'Top', 'Right', 'Bottom'].map(inset);
  const [across, down] = [box.width / element.offsetWidth || 1, box.height / element.offsetHeight || 1];
  return [
    box.x + (element.clientLeft + left) * across, box.y + (element.clientTop + top) * down,
    (element.clientWidth - left - right) * across, (element.clientHeight - top - bottom) * down, across, down,
  ];
}"""
"""Where the inside of a frame stands in the window around it, and how many pixels there one of its own takes."""


class Clip(Struct, frozen=True):
    """A rectangle of the page in CSS pixels, from the outermost corner to which it can be scrolled, and the scale
    of its picture."""

    x: float
    y: float
    width: float
    height: float
    scale: float = 1.0


async def corner(stage: Stage) -> tuple[float, float]:
    """Where the window stands on its page, which one from right to left is scrolled to the left of. Raises what
    TROUBLE names."""
    metrics = await stage.tell("Page.getLayoutMetrics", {}, ASK_LIMIT)
    return metrics["cssLayoutViewport"]["pageX"], metrics["cssLayoutViewport"]["pageY"]


async def clip_of(
    stage: Stage, frame: pw.Frame, box: Sequence[float], tallest: float
) -> Clip | None:
    """What is to be seen on the page of a box (x, y, width, height) of a frame's window, at double size and at most
    so high; None when that is nothing, or the page does not answer."""
    left, top, right, bottom = box[0], box[1], box[0] + box[2], box[1] + box[3]
    try:
        async with asyncio.timeout(ASK_LIMIT):
            while frame.parent_frame is not None:
                told = numbers(await (await frame.frame_element()).evaluate(FRAME))
                if told is None or len(told) != 6:
                    return None
                x, y, width, height, across, down = told
                left, right = (min(max(at * across, 0), width) + x for at in (left, right))
                top, bottom = (min(max(at * down, 0), height) + y for at in (top, bottom))
                frame = frame.parent_frame
        x, y = await corner(stage)
    except TROUBLE:
        return None
    left, top = max(left + x, 0), max(top + y, 0)
    width, height = right + x - left, min(bottom + y - top, tallest)
    return Clip(left, top, width, height, 2.0) if width >= 1 and height >= 1 else None
