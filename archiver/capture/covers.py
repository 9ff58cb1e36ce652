"""What lies over a post: bars, banners and dialogs that stand still while the page is scrolled.

The picture of the window shows them as a visitor would see them; in pictures of the post itself they would stand
where its words are. There they are made transparent, by an animation that changes nothing in the document, and
come back afterwards.
"""

import playwright.async_api as pw

from archiver.capture.stage import Stage

NAME = "archiver: off the picture"

UNCOVER = """(element, box) => {
  const over = new Set();
  const outermost = node => node.getRootNode() == document ? node : outermost(node.getRootNode().host);
  const before = (x, y, mine, front) => {
    const hit = document.elementsFromPoint(x, y), at = hit.findIndex(node => element.contains(node));
    return at < 0 ? front && hit.some(mine) : hit.slice(0, at).some(mine);
  };
  const look = node => {
    const css = getComputedStyle(node), modal = node.matches(':modal'), whole = outermost(node);
    if (!/fixed|sticky/.test(css.position) || whole.contains(element)) return;
    const its = modal ? box : node.getBoundingClientRect(), mine = hit => whole.contains(hit);
    const [left, top] = [Math.max(box.x, its.x, 0), Math.max(box.y, its.y, 0)];
    const wide = Math.min(box.x + box.width, its.x + its.width, innerWidth) - left;
    const high = Math.min(box.y + box.height, its.y + its.height, innerHeight) - top;
    if (wide < 1 || high < 1) return;
    for (const down of [0.02, 0.5, 0.98]) for (const across of [0.02, 0.5, 0.98])
      if (before(left + wide * across, top + high * down, mine, modal || css.zIndex > 0)) return over.add(whole);
  };
  const walk = place => {
    const every = document.createTreeWalker(place, NodeFilter.SHOW_ELEMENT,
      node => node == element ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    while (every.nextNode()) {
      look(every.currentNode);
      if (every.currentNode.shadowRoot) walk(every.currentNode.shadowRoot);
    }
  };
  walk(document);
  for (const node of over)
    for (const pseudoElement of [null, '::backdrop'])
      node.animate({opacity: [0, 0]}, {duration: 1e9, fill: 'both', pseudoElement, id: NAME});
  return over.size;
}""".replace("NAME", f"'{NAME}'")
"""Make transparent what stands still over an element in its box (of the window), is no part of it and does not hold
it; gives how many that were. Where the element itself is hit by no pointer, as behind a dialog, what lies in front of
the page is taken to be over it. What lets the pointer through is not seen."""

RECOVER = """() => {
  for (const animation of document.getAnimations()) if (animation.id == NAME) animation.cancel();
}""".replace("NAME", f"'{NAME}'")


async def recover(stage: Stage, frame: pw.Frame) -> None:
    """Show again what was made transparent in a frame."""
    await stage.ask(frame, RECOVER)
