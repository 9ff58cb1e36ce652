"""Behaviours: what a visitor would do to see a post whole. Named, small, each with a limit.

Each script is a function that runs in every frame. None of them follows a link or sends a form.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress

import msgspec
import playwright.async_api as pw
from msgspec import Struct

from archiver.capture.consent import COVER, REFUSALS, REFUSE, SPEAKS_OF
from archiver.capture.limits import CaptureLimits
from archiver.capture.scrolling import scroll
from archiver.capture.stage import TROUBLE, Stage
from archiver.domain.capture import Status
from archiver.platforms.signs import Sign

POLL = 0.2
LOOK_PAUSE = POLL / 2
QUIET = 0.5
"""Seconds without a request under way that count as a network at rest."""
STILL = 3.0
"""Seconds at rest after which a post that is not drawn is waited for no longer."""

LOOK = r"""([drawn, signs]) => {
  const shown = element => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  for (const selector of drawn)
    if ([...document.querySelectorAll(selector)].some(shown)) return 'drawn';
  for (const [selector, words] of signs) {
    try {
      for (const element of document.querySelectorAll(selector)) {
        if (element.tagName != 'TITLE' && !shown(element)) continue;
        const said = (element.textContent || '').slice(0, 2000).trim().replace(/\s+/g, ' ');
        if (!words || new RegExp('^(?:' + words + ')$', 'i').test(said)) return 'sign';
      }
    } catch { continue; }
  }
  return '';
}"""
"""What a frame shows: the post drawn, one of the signs (selector and pattern of its words), nothing."""


class Behaviour(Struct, frozen=True):
    """One thing done in every frame of a page."""

    name: str
    script: str


BEHAVIOURS = (
    Behaviour(
        "load lazy images and frames",
        """() => {
  for (const late of all('img[loading=lazy], iframe[loading=lazy]'))
    late.loading = 'eager';
}""",
    ),
    Behaviour(
        "unfold what is folded",
        r"""() => {
  const words = /^(\u2026|\.\.\.)?\s*(see|show|read|view) (more|all|full (post|text))\.?$/i;
  for (const fold of all('details:not([open])')) fold.open = true;
  for (const button of all('button, [role=button], summary').slice(0, 500))
    if (!inside(button, 'a[href], form') && words.test(button.innerText?.trim()))
      button.click();
}""",
    ),
    Behaviour(
        "refuse consent",
        """() => {
  for (const button of all(REFUSE))
    if (!inside(button, 'a[href]:not([href^="#"]), form') && button.offsetWidth) button.click();
}""".replace("REFUSE", msgspec.json.encode(", ".join(REFUSE)).decode()),
    ),
    Behaviour(
        "refuse consent in words",
        """() => {
  const refusal = new RegExp(REFUSAL, 'i'), subject = new RegExp(SUBJECT, 'i');
  const roots = [document, ...[...document.querySelectorAll('tiktok-cookie-banner')]
    .map(host => host.shadowRoot).filter(Boolean)];
  const lies = place => place.matches('dialog, [role=dialog], [role=alertdialog]')
    || /fixed|sticky/.test(getComputedStyle(place).position);
  const over = place => !place || place == document.body ? null
    : lies(place) ? place : over(place.parentElement || place.getRootNode().host);
  for (const root of roots)
    for (const button of [...root.querySelectorAll('button, [role=button]')].slice(0, 500)) {
      if (!refusal.test(button.textContent.trim()) || button.closest('a[href]') || button.closest('form')) continue;
      const banner = over(button);
      if (banner && (root != document || subject.test(banner.textContent.slice(0, 5000)))) button.click();
    }
}""".replace(
            "REFUSAL", msgspec.json.encode(f"^({'|'.join(REFUSALS)})( cookies)?[.!]?$").decode()
        ).replace("SUBJECT", msgspec.json.encode(SPEAKS_OF).decode()),
    ),
    Behaviour(
        "uncover what is covered",
        """() => {
  const words = new RegExp(COVER, 'i');
  for (const button of all('button, [role=button]').slice(0, 500))
    if (!inside(button, 'a[href], form') && words.test(button.innerText?.trim()))
      button.click();
}""".replace("COVER", msgspec.json.encode(COVER).decode()),
    ),
    Behaviour(
        "play media muted",
        """() => {
  for (const media of all('video, audio')) {
    media.muted = true;
    media.preload = 'auto';
    if (media.readyState == 4 && media.currentSrc.startsWith('http')) continue;
    const playing = media.play();
    if (playing) playing.catch(() => 0);
  }
}""",
    ),
)

FINDING = """
  const roots = [document];
  for (const root of roots)
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
  const all = selector => roots.flatMap(root => [...root.querySelectorAll(selector)]);
  const inside = (node, selector) => !!node && (!!node.closest(selector) || inside(node.getRootNode().host, selector));
"""
"""Elements of a document and of its open shadow roots, in which many sites have their players; and whether one stands
in another, also by the host of its root."""
ALL = "() => {{{}{}\n}}".format(
    FINDING, "\n".join(f"try {{ ({b.script})(); }} catch {{}}" for b in BEHAVIOURS)
)
REST = f"""() => {{{FINDING}
  for (const media of all('video, audio')) media.pause();
}}"""

DRIP_SECONDS = 2.0
DRIPPING = """async ([url, limit]) => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), limit);
  const own = new URL(url).origin == location.origin;
  const credentials = own ? 'include' : 'omit';
  const asked = {credentials, cache: 'no-store', signal: stop.signal};
  try {
    const reader = (await fetch(url, asked)).body?.getReader();
    while (reader && !(await reader.read()).done);
  } catch { }
}"""

WHOLE = """async url => {
  const asked = fetch(url, {mode: 'no-cors', credentials: 'include', cache: 'no-store'});
  return Promise.race([
    asked.then(() => true, () => false), new Promise(done => setTimeout(done, 1000, true))]);
}"""


async def wait_drawn(
    stage: Stage, selectors: Sequence[str], signs: Sequence[Sign], limit: float
) -> bool:
    """Wait until one of the selectors shows something in any frame; False when none does in time.

    The wait ends early when one of the platform's signs shows what became of the post instead, and
    when nothing has been under way for so long that nothing will: a page about a dead post.
    """
    if not selectors:
        return False
    loop = asyncio.get_running_loop()
    until, rest = loop.time() + limit, loop.time()
    while loop.time() < until and not stage.hung:
        for frame in stage.frames():
            seen = await stage.ask(frame, LOOK, [list(selectors), _signs_of(frame, stage, signs)])
            if seen:
                return bool(seen == "drawn")
        if stage.recording.fold.waiting():
            rest = loop.time()
        elif loop.time() - rest >= STILL:
            return False
        await asyncio.sleep(POLL)
    return False


def _signs_of(frame: pw.Frame, stage: Stage, signs: Sequence[Sign]) -> list[list[str]]:
    """Selector and pattern of the signs that may be looked for in a frame, as the page takes them."""
    main = frame is stage.page.main_frame
    rows = (s for s in signs if s.where == "css" and s.points_to is not Status.CAPTURED)
    fixed = (s for s in rows if "{id}" not in s.pattern)
    fitting = (s for s in fixed if (re.search(s.at, frame.url) if s.at else main))
    return [list(s.pattern.partition(" :: ")[::2]) for s in fitting]


async def wait_quiet(stage: Stage, limit: float, quiet: float = QUIET) -> bool:
    """Wait until no request has been under way for `quiet` seconds; False when that never was.

    A body whose length is known ends some time: such are waited for beyond `limit`, as long as one
    body may take, or as long as its pace says that it will be whole in the post's time. Rest is counted in
    looks and not by the clock: while this process stands still nobody sees what begins.
    """
    loop, recording = asyncio.get_running_loop(), stage.recording
    until, looks = loop.time() + limit, 0
    latest = loop.time() + max(limit, recording.limits.body_seconds)
    while (
        loop.time() < until
        or (recording.expecting() and loop.time() < latest)
        or recording.promising(loop.time())
    ):
        looks = 0 if recording.fold.waiting() else looks + 1
        if looks > quiet / LOOK_PAUSE:
            return True
        await asyncio.sleep(LOOK_PAUSE)
    return False


async def behave(stage: Stage, limits: CaptureLimits) -> None:
    """Do all behaviours once, and scroll the page to its end and back."""
    for frame in stage.frames():
        await stage.ask(frame, ALL)
    await scroll(stage, limits)


async def rest(stage: Stage) -> None:
    """Pause what plays: it has begun, so it is being fetched, and pictures are of one moment."""
    for frame in stage.frames():
        await stage.ask(frame, REST)


async def fetch_whole(stage: Stage, urls: Sequence[str], limit: float) -> None:
    """Ask once for the whole of media that came in parts, for replay needs an answer 200, and for the
    beginning of what was longer than the limit of one body.

    The page itself asks, with its cookies and its address. It cannot read the answer of another
    site, but the browser receives it, and the recorder takes it piece by piece instead of handing it to
    the page. Where the page's own policy forbids it, the address is opened in a window beside it, at
    most `limit` seconds each.
    """
    taking = stage.recording.taking
    taking.update(urls)
    for url in urls:
        asked = await stage.ask(stage.page.main_frame, WHOLE, url)
        if not asked and url in taking:
            await _open_beside(stage, url, limit)


async def fetch_dripping(stage: Stage, urls: Sequence[str]) -> None:
    """Ask again for bodies that do not end, watched this time, so that their beginning is kept.

    A body that is waited for is had whole or not at all; what came of it so far cannot be read. Only
    what the page may read flows at all: another site's body without its leave stays empty.
    """
    stage.recording.dripping.update(urls)
    for url in urls:
        await stage.ask(stage.page.main_frame, DRIPPING, [url, DRIP_SECONDS * 1000])


async def _open_beside(stage: Stage, url: str, limit: float) -> None:
    stage.own_windows += 1
    try:
        async with asyncio.timeout(limit):
            window = await stage.page.context.new_page()
            await window.goto(url, referer=stage.page.url, wait_until="commit")
    except TROUBLE:
        return  # a file that the browser offers for download ends here too, received all the same
    with suppress(*TROUBLE):
        await asyncio.wait_for(window.close(), limit)
