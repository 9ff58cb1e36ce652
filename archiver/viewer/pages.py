"""The pages of a WACZ file that another tool made, as its lists of pages name them (WACZ 1.1.1, section 5.2.2).

The lists may be long, and hold the words of each page: they are read a line at a time.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import msgspec

from archiver.errors import ArchiveDamaged
from archiver.viewer.packages import Package, lines_of, reading
from archiver.viewer.shown import Shown

FIRST = "pages/pages.jsonl"
MOST = 500_000
"""Pages that are listed; each takes about a kilobyte of memory."""
STATUS, WHY = "listed", "a page of a package that another tool made"


class _Line(msgspec.Struct):
    """A page; or, without an address, what a list says of itself in its first line."""

    url: str = ""
    ts: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    title: str | None = None
    format: str = ""


def pages(package: Package) -> Iterator[Shown]:
    """Every page of all lists, the chief list first, each once. Raises ArchiveDamaged and OSError."""
    seen: set[tuple[str, datetime]] = set()
    for name in _lists(package):
        for url, at, title in _of_list(package, name):
            if (url, at) in seen:
                continue
            if len(seen) == MOST:
                raise ArchiveDamaged(f"{package.path} lists more than {MOST} pages")
            seen.add((url, at))
            yield Shown(
                package=package.name,
                capture_id=f"page-{len(seen) - 1}",
                target=f"web:{url}",
                status=STATUS,
                reason=WHY,
                at=at,
                title=title,
                page_url=url,
                page_at=at,
            )


def _lists(package: Package) -> Iterator[str]:
    """The chief list, whether it is there or not, and the others: `extraPages.jsonl`, as crawlers write it."""
    yield FIRST
    for name in package.names:
        if name.startswith("pages/") and name.endswith(".jsonl") and name != FIRST:
            yield name


def _of_list(package: Package, name: str) -> Iterator[tuple[str, datetime, str | None]]:
    with reading(package, name) as file:
        for number, line in enumerate(lines_of(file, f"{name} of {package.path}"), 1):
            where = f"{name} of {package.path}, line {number}"
            page = _read(line, where) if line.strip() else _Line(format="none")
            if page.url and page.ts is not None:
                yield page.url, page.ts, page.title
            elif page.url or (number > 1 and not page.format):
                raise ArchiveDamaged(f"{where}: no address and time")


def _read(line: bytes, where: str) -> _Line:
    try:
        return msgspec.json.decode(line, type=_Line)
    except (msgspec.DecodeError, ValueError) as error:
        raise ArchiveDamaged(f"{where}: {error}") from error
