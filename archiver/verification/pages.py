"""The page list: every page a reader is offered is in the index, at the very time it names, and is told by the
manifest of its capture; and every page that a manifest tells is offered.

WACZ 1.1.1 section 5.3, `json-pages-1.0`. A package's own signature is that of whoever packed it, so that only the
manifests say whether an address, a time and a title are those of the capture.
"""

import hashlib
import io
from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct

from archiver.verification.defect import Defect, quoted
from archiver.verification.entry import moment
from archiver.verification.few import few
from archiver.verification.package import PAGES, Package
from archiver.verification.revisits import needed
from archiver.verification.shown import Shown, digits
from archiver.verification.table import Table
from archiver.verification.tree import Tree, read_text_file

FORMAT = "json-pages-1.0"
FIELDS = {"id", "url", "ts", "title"}
"""What a line holds: nothing else of a page is in its manifest."""
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
    title: str | None = None


class Pages:
    """The page list of a run. `told` are the pages of the captures by their ids, None for one without a page.
    `wanted` are the fingerprints of URL and time that the index must hold."""

    def __init__(self, tree: Tree, table: Table, told: Mapping[str, Shown | None]) -> None:
        self._table, self._told = table, told
        self._shown = tree.shown(PAGES)
        self.defects: list[Defect] = []
        data = read_text_file(tree, PAGES, self.defects)
        self.digests = {} if data is None else {PAGES: hashlib.sha256(data).hexdigest()}
        self._data = data or b""
        self._ids: set[str] = set()
        self.wanted: set[int] = set()
        for _, _, page in self._pages():
            self._ids.update([page.id] if page else ())
            self.wanted.update([at] if (at := self._moment(page)) is not None else ())

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
        yield from few(self._missing(), of_kind="pages are not listed")

    def _pages(self) -> Iterator[tuple[int, bytes, Page | None]]:
        """The lines but the first, with their numbers."""
        lines = io.BytesIO(self._data)
        lines.readline()
        for number, raw in enumerate(lines, 2):
            yield number, raw, _decoded(raw.removesuffix(b"\n"), Page)

    def _problems(self, held: set[int]) -> Iterator[tuple[int, str]]:
        """What is wrong with the lines."""
        ids: set[str] = set()
        for number, raw, page in self._pages():
            if page is None:
                yield number, "is no page"
                continue
            if not page.id or page.id in ids:
                yield number, f"the id {quoted(page.id)!r} is empty or there already"
            ids.add(page.id)
            at = self._moment(page)
            if at is None:
                yield number, f"its ts {quoted(page.ts)!r} is no RFC 3339 instant"
            elif at not in held:
                yield number, f"{quoted(page.url)} is not in the index at {quoted(page.ts)}"
            else:
                yield from ((number, what) for what in self._differences(raw, page))

    def _differences(self, raw: bytes, page: Page) -> Iterator[str]:
        """Where a line says something else than the manifest, or more."""
        shown = self._told.get(page.id)
        if shown is None:
            yield f"no manifest tells of a page of {quoted(page.id)!r}"
            return
        for name, said, real in (
            ("URL", page.url, shown.url),
            ("time", _stamp(page), shown.at),
            ("title", page.title, shown.title),
        ):
            if said != real:
                yield f"its {name} is {quoted(said)}, in the manifest {quoted(real)}"
        fields = _decoded(raw.removesuffix(b"\n"), dict[str, msgspec.Raw])
        if fields is None:
            yield "is no page"
        elif more := sorted(fields.keys() - FIELDS):
            yield f"tells what is in no manifest: {quoted(', '.join(more))}"

    def _missing(self) -> Iterator[Defect]:
        """The pages that manifests tell of and the list does not. Of a capture that came into a package only for
        payloads that others point to, no page is offered."""
        missing = [name for name, shown in self._told.items() if shown and name not in self._ids]
        excused = needed(self._table, missing)
        for name in (name for name in missing if name not in excused):
            yield Defect(self._shown, "", f"the page of {quoted(name)} is not listed")

    def look(self, package: Package) -> Iterator[str]:
        """What is wrong with what a package says of its captures: the page to begin with, and which of them came
        along only for payloads that others point to."""
        url, at = package.mainPageUrl, package.mainPageDate
        first = Page("", url or "", at or "")
        if (url, at) != (None, None) and self._moment(first) not in self.wanted:
            yield f"begins with {quoted(url)} of {quoted(at)}, which is not in {PAGES}"
        excused = needed(self._table, package.needed) - self._ids
        for name in package.needed:
            if name not in excused:
                yield f"calls {quoted(name)} needed by others, which it is not, or has a page of its own"

    def _moment(self, page: Page | None) -> int | None:
        """The fingerprint of a page's URL and time."""
        at = _stamp(page) if page else None
        return None if page is None or at is None else self._table.moment(page.url, at)


def _stamp(page: Page) -> str | None:
    """The time of a page to the second, as the index tells it."""
    at = moment(page.ts)
    return None if at is None else digits(at)


def _decoded(raw: bytes, kind: type[Found]) -> Found | None:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
