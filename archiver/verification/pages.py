"""The page list: every page a reader is offered is in the index, at the very time it names.

WACZ 1.1.1 section 5.3, `json-pages-1.0`.
"""

import hashlib
import io
from collections.abc import Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct

from archiver.verification.defect import Defect, quoted
from archiver.verification.few import few
from archiver.verification.manifest import instant
from archiver.verification.package import PAGES
from archiver.verification.table import Table
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


class Pages:
    """The page list of a run. `wanted` are the fingerprints of URL and time that the index must hold."""

    def __init__(self, tree: Tree, table: Table) -> None:
        self._table = table
        self._shown = tree.shown(PAGES)
        self.defects: list[Defect] = []
        data = read_text_file(tree, PAGES, self.defects)
        self.digests = {} if data is None else {PAGES: hashlib.sha256(data).hexdigest()}
        self._data = data or b""
        self.wanted = {one for _, page in self._pages() if (one := self._moment(page)) is not None}

    def check(self, held: set[int]) -> Iterator[Defect]:
        """What is wrong with the list; `held` are the wanted ones that the index holds."""
        yield from self.defects
        if not self.digests:
            return
        header = _decoded(self._data.partition(b"\n")[0], Header)
        if header is None or header.format != FORMAT:
            yield Defect(self._shown, "line 1", f"is no header of {FORMAT}")
        if not self._data.endswith(b"\n"):
            yield Defect(self._shown, "", "the last line has no end")
        wrong = (
            Defect(self._shown, f"line {number}", what) for number, what in self._problems(held)
        )
        yield from few(wrong, of_kind="lines are wrong")

    def _pages(self) -> Iterator[tuple[int, Page | None]]:
        """The lines but the first, with their numbers."""
        lines = io.BytesIO(self._data)
        lines.readline()
        for number, raw in enumerate(lines, 2):
            yield number, _decoded(raw.removesuffix(b"\n"), Page)

    def _problems(self, held: set[int]) -> Iterator[tuple[int, str]]:
        ids: set[int] = set()
        for number, page in self._pages():
            if page is None:
                yield number, "is no page"
                continue
            own = self._table.fingerprint(page.id)
            if not page.id or own in ids:
                yield number, f"the id {quoted(page.id)!r} is empty or there already"
            ids.add(own)
            moment = self._moment(page)
            if moment is None:
                yield number, f"its ts {quoted(page.ts)!r} is no RFC 3339 instant"
            elif moment not in held:
                yield number, f"{quoted(page.url)} is not in the index at {quoted(page.ts)}"

    def _moment(self, page: Page | None) -> int | None:
        """The fingerprint of a page's URL and time."""
        at = instant(page.ts) if page else None
        if page is None or at is None:
            return None
        return self._table.moment(page.url, at.strftime("%Y%m%d%H%M%S"))


def _decoded(raw: bytes, kind: type[Found]) -> Found | None:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
