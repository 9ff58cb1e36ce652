"""Embeds in their place: where an article shows each post, and a picture of it there.

`places` is pure: from what extraction found to CSS selectors, the drawn form first (the frame that a
platform's script puts there), then the markup as the article has it.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from archiver.capture.boxes import clip_of
from archiver.capture.covers import UNCOVER, recover
from archiver.capture.devtools import from_base64
from archiver.capture.scrolling import TOP
from archiver.capture.snapshot import Photographer
from archiver.capture.stage import TROUBLE, Stage
from archiver.capture.window import DRAWN
from archiver.domain.embed import Embed

MOST = 40
"""Pictures of embeds in one article."""
TALLEST = 4000.0
PICTURE_LIMIT = 15.0
QUALITY = 92
DISTINCT = 8
"""Characters from which the last part of an id names a post without the parts before it."""
OF_TEXT = 60

_TAG = re.compile(r"\s*<([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)")
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")

FIND = """([selectors, text]) => {
  const shown = element => {
    const box = element.getBoundingClientRect();
    return box.width >= 40 && box.height >= 20;
  };
  const found = () => {
    for (const selector of selectors) {
      let all = [];
      try { all = document.querySelectorAll(selector); } catch { }
      for (const element of all) if (shown(element)) return element;
    }
    if (!text) return null;
    const plain = words => (words || '').replace(/\\s+/g, ' ');
    for (const element of document.querySelectorAll('blockquote, figure, p, div'))
      if (!element.querySelector('blockquote, figure, p, div') || element.matches('blockquote'))
        if (shown(element) && plain(element.innerText).includes(text)) return element;
    return null;
  };
  const element = found();
  if (!element) return null;
  element.scrollIntoView({block: 'center', behavior: 'instant'});
  const uncover = UNCOVER, box = element.getBoundingClientRect();
  let covers = 0;
  try { covers = uncover(element, box); } catch { }
  const asleep = element.matches('iframe') && !/^https?:/.test(element.src) && !element.srcdoc;
  return [box.x, box.y, box.width, box.height, asleep ? 1 : 0, covers];
}""".replace("UNCOVER", UNCOVER)


class Place(Struct, frozen=True):
    """Where an article may show one embed: its post's address, selectors, the best first, and the
    first words of its text."""

    url: str
    selectors: tuple[str, ...]
    text: str = ""


def places(found: Sequence[Embed]) -> tuple[Place, ...]:
    """A place for each embed of an article, in their order; links and widgets have none."""
    return tuple(_place(embed) for embed in found if embed.role == "embed")


def _place(embed: Embed) -> Place:
    url = embed.url or next(iter(embed.short_urls), None) or embed.key
    text = " ".join((embed.text or "").split())
    return Place(url, tuple(dict.fromkeys(_selectors(embed))), text[:OF_TEXT])


def _selectors(embed: Embed) -> Iterator[str]:
    """First what a script draws, then the markup that the evidence quotes, then usual markup."""
    names = tuple(map(_quoted, _names(embed)))
    for name in names:
        yield f"iframe[src*={name}]"
    for evidence in embed.evidence:
        yield from _of_fragment(evidence.fragment, names)
    for name in names:
        for attribute in ("cite", "data-href", "data-url", "data-telegram-post", "data-src"):
            yield f"[{attribute}*={name}]"
        yield f"blockquote:has(a[href*={name}])"
        yield f"a[href*={name}]"


def _names(embed: Embed) -> tuple[str, ...]:
    """The words by which the markup of this very post can be known."""
    if embed.ref is None:
        return (*embed.short_urls, *embed.media_tokens)
    last = re.split(r"[/:]", embed.ref.id)[-1]
    return (last if len(last) >= DISTINCT else embed.ref.id.partition(":")[2] or embed.ref.id,)


def _of_fragment(fragment: str, names: Sequence[str]) -> Iterator[str]:
    """Selectors of the element that a piece of markup begins with, known by an attribute of its own
    or by a link in it."""
    match = _TAG.match(fragment)
    if match is None:
        return
    tag = match[1].lower()
    for name in names:
        for attribute in _ATTRIBUTE.finditer(match[2]):
            if name[1:-1] in (attribute[2] or attribute[3] or ""):
                yield f"{tag}[{attribute[1]}*={name}]"
        yield f"{tag}:has(a[href*={name}])"


def _quoted(text: str) -> str:
    """A CSS string (CSS Syntax Level 3, section 4.3.5)."""
    escaped = re.sub(r'["\\]|[\x00-\x1f\x7f]', lambda m: f"\\{ord(m[0]):x} ", text)
    return f'"{escaped}"'


async def picture_places(stage: Stage, camera: Photographer, wanted: Sequence[Place]) -> None:
    """A picture of each embed where the article shows it, filed as `urn:embed:N:<url>`, N from 1 on.

    What is not shown is noted; the page is scrolled back to its top.
    """
    missing, asleep, covered = [], [], []
    for number, place in enumerate(wanted[:MOST], 1):
        sought = [list(place.selectors), place.text]
        box = await stage.measure(stage.page.main_frame, FIND, sought)
        if not box or len(box) != 6:
            missing.append(place.url)
            continue
        await stage.ask(stage.page.main_frame, DRAWN)
        if box[4]:
            asleep.append(place.url)
        data = await _picture(stage, box[:4])
        if box[5]:
            covered.append(place.url)
            await recover(stage, stage.page.main_frame)
        if data:
            await camera.keep("embed", "image/jpeg", data, f"{number}:{place.url}")
    if len(wanted) > MOST:
        stage.note(f"{len(wanted) - MOST} embeds beyond the first {MOST} have no picture")
    if asleep:
        stage.note(f"frames that the article did not load: {', '.join(asleep)}")
    if covered:
        stage.note(
            f"bars or dialogs over embeds are left out of their pictures: {', '.join(covered)}"
        )
    if missing:
        stage.note(f"not shown in the article: {', '.join(missing)}")
    await stage.ask(stage.page.main_frame, TOP)


async def _picture(stage: Stage, box: Sequence[float]) -> bytes:
    """What stands in a rectangle of the window, at double size; nothing when there is no picture."""
    clip = await clip_of(stage, stage.page.main_frame, box, TALLEST)
    if clip is None:
        return b""
    where = {"clip": msgspec.to_builtins(clip), "captureBeyondViewport": True}
    asked = {"format": "jpeg", "quality": QUALITY, **where}
    try:
        answer = await stage.tell("Page.captureScreenshot", asked, PICTURE_LIMIT)
    except TROUBLE as error:
        stage.note(f"no picture of an embed: {str(error) or 'it took too long'}")
        return b""
    return from_base64(answer["data"])
