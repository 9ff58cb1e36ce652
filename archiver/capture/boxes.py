"""Where an element stands on its page, and where in it what it shows."""

from archiver.capture.covers import UNCOVER

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
  const [across, down] = window === window.top ? [scrollX, scrollY] : [0, 0];
  for (const selector of selectors)
    for (const element of document.querySelectorAll(selector)) {
      let box = element.getBoundingClientRect();
      if (box.width < 1 || box.height < 1 || !seen(element)) continue;
      try { if (box.width > wide && most(element) <= wide) box = trimmed(element, box); } catch { }
      let covers = 0;
      try { covers = uncover(element, box); } catch { }
      return [box.x + across, box.y + down, box.width, box.height, covers];
    }
  return null;
}""".replace("UNCOVER", UNCOVER)
"""The box of the first element that is seen (it has a size, and it or something in it is neither hidden nor
transparent), in CSS pixels of the page or, inside a frame, of its window. One that is wider than `wide` is mostly the
page around a post: it is trimmed on all sides to what is shown in it (words, pictures, frames, painted boxes that are
no wider than that), with a margin. How many elements lay over it, which are transparent by now, comes last."""
WIDE, MARGIN = 800, 24
"""CSS pixels."""
