"""Posts of which a page holds only the words: an attribution with its day, and no link to the post.

Pages that lost their embeds (saved, imported, cleaned) keep `TEXT pic.twitter.com/… — Name (@handle)
January 5, 2022` in a paragraph. It is read as plain text is; the post is not known yet.
"""

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from archiver.domain.embed import Embed
from archiver.extraction.page import Page
from archiver.extraction.told import told_by

MOST = 60
"""Blocks of one page that are read."""

_BLOCKS = frozenset({"p", "div", "blockquote", "figure", "section", "li", "td", "article"})
_SILENT = frozenset({"script", "style", "textarea", "title", "iframe", "code", "pre"})
_CODE = _SILENT | {"noscript", "kbd"}


def read_leftovers(root: LexborNode, page: Page, spent: set[int]) -> None:
    """Note attributions outside of all carriers. `spent` are the nodes inside of carriers."""
    known = {(f.told.handle, f.told.posted_on) for f in page.findings if f.told}
    blocks: dict[int, LexborNode] = {}
    for node in root.traverse(include_text=True, skip_empty=True):
        words = node.text_content  # None of what is no text
        if words and "(@" in words:
            block = _block_of(node, spent)
            if block is not None and len(blocks) < MOST:
                blocks.setdefault(block.mem_id or 0, block)
    for block in blocks.values():
        told = told_by(block, "")
        if told and _speaks(told) and (told.handle, told.posted_on) not in known:
            known.add((told.handle, told.posted_on))
            page.leave(told, block.tag or "")


def escaped_in(root: LexborNode) -> Iterator[str]:
    """Markup that an editor escaped and shows as text; code samples are left alone."""
    for node in root.traverse(include_text=True, skip_empty=True):
        words = node.text_content or ""
        if node.parent is None or ("<blockquote" not in words and "<iframe" not in words):
            continue
        block = node.parent
        if block.tag in _CODE or (block.parent is not None and block.parent.tag in _CODE):
            continue
        for _ in range(2):
            if "</" not in (block.text() or "") and block.parent is not None:
                block = block.parent
        yield block.text() or ""


def _speaks(told: Embed) -> bool:
    return told.ref is None and told.posted_on is not None and bool(told.text)


def _block_of(node: LexborNode, spent: set[int]) -> LexborNode | None:
    above = node.parent
    for _ in range(6):
        if above is None or above.tag in _SILENT or above.mem_id in spent:
            return None
        if above.tag in _BLOCKS:
            return above
        above = above.parent
    return None
