"""Scrolling a page to its end: the page itself, or what scrolls in its place.

Many sites give the page the height of the window and scroll an element inside it: what they show further down is
loaded, and drawn, only when that element is scrolled.
"""

import asyncio
import math

from archiver.capture.limits import CaptureLimits
from archiver.capture.stage import Stage

PAUSE = 0.2
MOST_SCROLLS = 36
"""Steps of a page that is high from the start: some 50,000 pixels, which is what its pictures hold."""

INNER = """(window = innerHeight) => {
  const hidden = document.documentElement.scrollHeight - innerHeight;
  if (hidden > innerHeight || !document.body) return null;
  const rest = element => element.scrollHeight - element.clientHeight;
  let found = null;
  for (const element of [document.body, ...document.body.querySelectorAll('*')]) {
    if (element == document.scrollingElement || element.clientWidth * element.clientHeight < innerWidth * window / 2
      || rest(element) <= Math.max(hidden, found ? rest(found) : 0)) continue;
    if (/auto|scroll/.test(getComputedStyle(element).overflowY)) found = element;
  }
  return found;
}"""
"""The element that scrolls in place of the page: it fills half of the window (so many pixels high) at least, and has
more to show than the page itself, which has not another window to show."""

SCROLL = f"""() => {{
  const inner = ({INNER})(), behavior = 'instant';
  const at = () => scrollY + (inner ? inner.scrollTop : 0), before = at();
  scrollBy({{top: innerHeight * 0.9, behavior}});
  if (inner) inner.scrollBy({{top: inner.clientHeight * 0.9, behavior}});
  const high = document.documentElement.scrollHeight / innerHeight;
  if (at() > before) return Math.max(high, inner ? inner.scrollHeight / inner.clientHeight : 0) / 0.9;
  scrollTo({{top: 0, behavior}});
  if (inner) inner.scrollTo({{top: 0, behavior}});
  return 0;
}}"""
"""Scroll on; gives how many such steps the page is high by now, or, back from its end to its top, 0."""
TOP = f"""() => {{
  scrollTo({{top: 0, behavior: 'instant'}});
  ({INNER})()?.scrollTo({{top: 0, behavior: 'instant'}});
}}"""


async def scroll(stage: Stage, limits: CaptureLimits) -> None:
    """To the end of the page as it was at first, or so often, and back; one that grows goes on without us."""
    number, most = 0, limits.scrolls
    while steps := await stage.ask(stage.page.main_frame, SCROLL):
        number += 1
        if number == 1:
            most = max(most, _number(steps))
        late = asyncio.get_running_loop().time() >= stage.recording.until
        if number >= most or late:
            stage.note(f"the page was scrolled {number} times and may go on")
            await stage.ask(stage.page.main_frame, TOP)
            return
        await asyncio.sleep(PAUSE if number <= limits.scrolls else PAUSE / 4)


def _number(told: object) -> int:
    """How many steps a page says that it is high; none where it says something else."""
    if not isinstance(told, int | float) or not 0 < told < 1e6:
        return 0
    return min(math.ceil(told), MOST_SCROLLS)
