"""The best of each image that a post offers (`srcset`, `image-set()`), beside the one that was shown at its size; and
those that a script of the page would show later (`data-src`), as the further pictures of a row of them.

The page itself asks for it, as for any image of its own, so that its policy and its cookies hold. Which of
several forms is meant for this browser the browser has said: of a `picture` only sources of the same media
type as the one in use are looked at, so that no image comes twice in two formats.
"""

from collections.abc import Sequence

from archiver.capture.behaviours import wait_quiet
from archiver.capture.limits import CaptureLimits
from archiver.capture.stage import Stage

MOST = 60
"""Images of one frame that are asked for at their best."""

OFFERED = r"""([selectors, most]) => {
  const listed = set => [...(set || '').matchAll(/(\S*[^,\s])(?:\s+([\d.]+)[wx](?:\s+\d+h)?)?\s*(?:,|$)/g)]
    .map(([, url, size]) => ({url: new URL(url, document.baseURI).href, size: Number(size || 1)}));
  const best = set => set.reduce((most, one) => most && most.size >= one.size ? most : one, null);
  const wanted = new Map();
  const want = (one, here, image) => {
    if (one && /^https?:/.test(one.url) && one.url != here) wanted.set(one.url, image);
  };
  const look = image => {
    const sources = image.parentElement?.matches('picture')
      ? [...image.parentElement.querySelectorAll('source[srcset]')] : [];
    const used = sources.find(source => listed(source.srcset).some(one => one.url == image.currentSrc));
    const type = used ? used.type : '';
    const alike = [...sources.filter(source => source.type == type), ...(type ? [] : [image])];
    for (const set of alike.map(one => listed(one.srcset))) want(best(set), image.currentSrc, image);
  };
  const late = image => {
    const {srcset, src, lazySrc} = image.dataset;
    const plain = [src, lazySrc].filter(url => /[./]/.test(url))
      .map(url => ({url: new URL(url, document.baseURI).href, size: 0}));
    const offered = [...listed(srcset), ...plain];
    if (!offered.some(one => one.url == image.currentSrc)) want(best(offered), image.currentSrc, image);
  };
  const behind = element => {
    const css = getComputedStyle(element).backgroundImage;
    if (!css.startsWith('image-set(') || css.includes(' type(')) return;
    const set = [...css.matchAll(/url\("([^"]+)"\) ([\d.]+)dppx/g)].map(([, url, size]) => ({url, size: Number(size)}));
    want(best(set), set.find(one => one.size >= devicePixelRatio)?.url, {});
  };
  const seen = element => element.checkVisibility();
  const posts = selectors.map(selector => [...document.querySelectorAll(selector)].find(seen));
  const places = [posts.find(Boolean) || document];
  for (const place of places)
    for (const element of place.querySelectorAll('*')) {
      if (element.shadowRoot) places.push(element.shadowRoot);
      try { element.localName == 'img' ? (look(element), late(element)) : behind(element); } catch { continue; }
    }
  for (const [url, image] of [...wanted].slice(0, most)) {
    const again = new Image();
    again.crossOrigin = image.crossOrigin ?? null;
    again.referrerPolicy = image.referrerPolicy ?? '';
    again.onload = again.onerror = () => 0;
    again.src = url;
  }
  return wanted.size;
}"""
"""Asks for the best of each set of sources, in the first of the elements that is seen and in its open shadow roots, and
says how many these are; the handlers keep what is asked for alive until it has come."""


async def best_images(stage: Stage, elements: Sequence[str], limits: CaptureLimits) -> None:
    """Have each frame ask for the best that its images offer, in the post's element where there is one.

    Ends when they have come, or with the limit for a network to come to rest.
    """
    asked = left = 0
    for frame in stage.frames():
        found = await stage.ask(frame, OFFERED, [list(elements), MOST])
        if isinstance(found, int):
            asked, left = asked + min(found, MOST), left + max(found - MOST, 0)
    if left:
        stage.note(f"{left} images were kept only at the size at which they were shown")
    if asked:
        await wait_quiet(stage, limits.quiet)
