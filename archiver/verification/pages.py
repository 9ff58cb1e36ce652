"""The page list: every page a reader is offered is in the index, at the very time it names.

WACZ 1.1.1 section 5.3, `json-pages-1.0`.
"""

from collections.abc import Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct

from archiver.verification.defect import Defect, quoted
from archiver.verification.index import Index
from archiver.verification.manifest import instant
from archiver.verification.package import PAGES
from archiver.verification.tree import Tree, read_text_file

FORMAT = "json-pages-1.0"
Found = TypeVar("Found")


class Header(Struct):
    """The first line."""

    format: str
    id: str


class Page(Struct):
    """A page's line, as far as it is read."""

    id: str
    url: str
    ts: str


def check_pages(tree: Tree, index: Index) -> list[Defect]:
    """Compare the page list with the index."""
    defects: list[Defect] = []
    data, shown = read_text_file(tree, PAGES, defects), tree.shown(PAGES)
    if data is None:
        return defects
    head, *lines = data.split(b"\n")
    header = _decoded(head, Header)
    if header is None or header.format != FORMAT:
        defects.append(Defect(shown, "line 1", f"is no header of {FORMAT}"))
    if not lines or lines.pop() != b"":
        defects.append(Defect(shown, "", "the last line has no end"))
    held, ids = index.moments(), set[str]()
    for number, raw in enumerate(lines, 2):
        page = _decoded(raw, Page)
        for problem in ["is no page"] if page is None else _problems(page, held, ids):
            defects.append(Defect(shown, f"line {number}", problem))
    return defects


def _decoded(raw: bytes, kind: type[Found]) -> Found | None:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _problems(page: Page, held: set[tuple[str, str]], ids: set[str]) -> Iterator[str]:
    if not page.id or page.id in ids:
        yield f"the id {quoted(page.id)!r} is empty or there already"
    ids.add(page.id)
    moment = instant(page.ts)
    if moment is None:
        yield f"its ts {quoted(page.ts)!r} is no RFC 3339 instant"
    elif (page.url, moment.strftime("%Y%m%d%H%M%S")) not in held:
        yield f"{quoted(page.url)} is not in the index at {quoted(page.ts)}"
