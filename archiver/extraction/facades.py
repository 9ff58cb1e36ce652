"""Players that are only a picture until a reader clicks: the video's own thumbnail tells which it is."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from archiver.extraction.page import Page

MOST = 40
"""Elements of a facade; what holds more is a list of teasers."""
ABOVE = 4

_THUMBNAILS = (
    ("youtube", re.compile(r"//(?:i\d?\.ytimg|(?:img|i\d?)\.youtube)\.com/(?:vi|vi_webp|an_webp)/([\w-]{11})/")),
)  # fmt: skip
"""The platforms whose thumbnails have the id in their address."""
_BACKGROUNDS = ("ytimg.com/vi", "img.youtube.com/vi")
_PICTURED = ("style", "src", "data-src", "data-lazy-src", "data-bg", "data-background", "srcset")
_NOWHERE = ("#", "javascript:")


def pictured(node: LexborNode, platform: str) -> str | None:
    """The id of the one item whose thumbnail an element shows; None where it is part of a link elsewhere."""
    ids: set[str] = set()
    for number, inner in enumerate(node.traverse()):
        if number > MOST or _leads_away(inner):
            return None
        ids.update(_shown(inner, platform))
    return ids.pop() if len(ids) == 1 and not _inside_link(node) else None


def read_backgrounds(root: LexborNode, page: Page) -> None:
    """Note items whose thumbnail is the background of an element with nothing else in it."""
    for node in root.css(", ".join(f'[style*="{words}"]' for words in _BACKGROUNDS)):
        if (node.text() or "").strip() or _leads_away(node) or _inside_link(node):
            continue
        for platform, _ in _THUMBNAILS:
            for held in _shown(node, platform):
                page.know(platform, held, "{}.background", sure=0.65, tag=node.tag or "")


def _shown(node: LexborNode, platform: str) -> Iterator[str]:
    attrs = node.attributes
    for name in _PICTURED:
        value = attrs.get(name) or ""
        if "/vi" not in value:
            continue
        yield from (
            m[1] for who, pattern in _THUMBNAILS if who == platform for m in pattern.finditer(value)
        )


def _inside_link(node: LexborNode) -> bool:
    above = node.parent
    for _ in range(ABOVE):
        if above is None:
            return False
        if _leads_away(above):
            return True
        above = above.parent
    return False


def _leads_away(node: LexborNode) -> bool:
    href = node.attributes.get("href") if node.tag == "a" else None
    return bool(href) and not (href or "").lower().startswith(_NOWHERE)
