"""Runs, a post's captures or any selection as one WACZ file that stands alone.

A WACZ 1.1.1 as the run folders are, in a zip file in which everything is stored: readers take byte
ranges out of it. Equal selections give equal files: the order of entries and their times are fixed.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import msgspec
from msgspec import Struct

from archiver.clock import parse_iso
from archiver.errors import ArchiveDamaged, ArchiverError, UsageError
from archiver.files import disk_errors, publish
from archiver.package.run import (
    DIGEST,
    PACKAGE,
    PAGES,
    Hashed,
    PageEntry,
    PageList,
    Resource,
    Sign,
    digest_of,
    package_of,
    uniquely_named,
)
from archiver.package.select import INDEX, LOG, Chosen, Selected, select
from archiver.package.stored import StoredZip
from archiver.sorting import sorted_lines

PIECE = 1 << 20
UNFINISHED = ".open"


class Exported(Struct, frozen=True):
    """What went into the file. `captures` were chosen, `needed` came along for their payloads."""

    captures: tuple[str, ...]
    needed: tuple[str, ...]
    bytes: int


class _Place(msgspec.Struct):
    filename: str


class _Page(msgspec.Struct):
    id: str
    url: str
    ts: str
    title: str | None = None
    text: str | None = None


Extra = Callable[[Sequence[str]], Iterable[tuple[str, bytes]]]
"""Further files for a package, path and bytes one after the other; given are the ids of its captures."""


def no_more(captures: Sequence[str]) -> Iterable[tuple[str, bytes]]:
    """No further files."""
    return ()


def export_wacz(
    chosen: Sequence[Chosen],
    out: Path,
    *,
    title: str,
    created: datetime,
    software: str,
    extra: Extra = no_more,
    sign: Sign | None = None,
) -> Exported:
    """Write the chosen captures to `out`, a file that is complete or not there.

    `extra` gives further files of the package for the ids of its captures; `sign` signs it.
    Raises ArchiverError when nothing is chosen, a run is not finished or a capture unknown,
    ArchiveDamaged when a file is not what its manifest says, NoSpace on a full disk, UsageError when another
    export writes `out` or has written it.
    """
    selected = select(chosen)
    if not selected:
        raise ArchiverError("nothing to export")
    with disk_errors(out), _whole_or_away(out) as file, StoredZip(file, out.parent) as bundle:
        more = extra([one.id for one in selected])
        parts = _Parts(bundle, out.parent, selected, _logs(chosen), more)
        parts.write(title, created, software, sign)
        size = bundle.close()
    return Exported(
        tuple(one.id for one in selected if one.asked),
        tuple(one.id for one in selected if not one.asked),
        size,
    )


@contextmanager
def _whole_or_away(out: Path) -> Iterator[BinaryIO]:
    """A file under an unfinished name, for us alone; it gets its own name at the end, or goes away.

    Its lock goes with whoever dies, so that what a killed export left behind is written over by the next.
    """
    unfinished = out.with_name(out.name + UNFINISHED)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    with open(os.open(unfinished, flags, 0o666), "r+b") as file:
        if not _is_ours(file, unfinished):
            raise UsageError(f"{out} is being written by another export", hint="name another file")
        with ExitStack() as undone:  # once it has its own name, the other may be another export's
            undone.callback(unfinished.unlink, missing_ok=True)
            file.truncate()
            yield file
            file.flush()
            os.fsync(file.fileno())
            if out.exists():
                raise UsageError(f"{out} is there already", hint="it was made in the meantime")
            publish(unfinished, out)
            undone.pop_all()


def _is_ours(file: BinaryIO, path: Path) -> bool:
    """Whether nobody else writes the file, and it is still the one that the path names."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: an export needs none, two at once are rare
        pass
    return path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat())


class _Parts:
    """What goes into the package, entry after entry; what was put in is listed aside meanwhile."""

    def __init__(
        self,
        bundle: StoredZip,
        aside: Path,
        selected: Sequence[Selected],
        logs: Mapping[str, Path],
        more: Iterable[tuple[str, bytes]],
    ) -> None:
        self._bundle, self._aside = bundle, aside
        self._selected, self._logs, self._more = selected, logs, more

    def write(self, title: str, created: datetime, software: str, sign: Sign | None) -> None:
        """All entries; the package's own two files come last."""
        pages = PageList(title, _pages(self._selected))
        with TemporaryFile(dir=self._aside) as listed:
            for resource in uniquely_named(self._entries(pages)):
                listed.write(msgspec.json.encode(resource) + b"\n")
            listed.seek(0)
            resources = (msgspec.json.decode(line, type=Resource) for line in listed)
            needed = [one.id for one in self._selected if not one.asked]
            package = package_of(resources, title, created, software, pages.first, needed)
            digest = self._spooled(PACKAGE, package).hash
        self._bundle.put(DIGEST, digest_of(digest, created, sign))

    def _entries(self, pages: PageList) -> Iterator[Resource]:
        for one in self._selected:
            if one.warc:
                yield self._warc(one, one.warc)
        yield self._spooled(INDEX, sorted_lines(_index(self._selected), self._aside))
        for name, path in self._logs.items():
            yield self._put(name, path.read_bytes())
        for one in self._selected:
            name = f"manifests/{one.id}.json"
            yield self._put(name, (one.run / name).read_bytes())
        for name, data in self._more:
            yield self._put(name, data)
        yield self._spooled(PAGES, pages.lines(self._aside))

    def _put(self, name: str, data: bytes) -> Resource:
        self._bundle.put(name, data)
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        return Resource(name="", path=name, hash=digest, bytes=len(data))

    def _spooled(self, name: str, pieces: Iterable[bytes]) -> Resource:
        """An entry whose size is known only when all of it was made."""
        through = Hashed(pieces)
        with TemporaryFile(dir=self._aside) as spool:
            spool.writelines(through)
            spool.seek(0)
            self._bundle.copy(name, through.size, _pieces(spool))
        return Resource(name="", path=name, hash=through.digest, bytes=through.size)

    def _warc(self, one: Selected, name: str) -> Resource:
        """Copy a WARC file in pieces; it must be the one that its manifest speaks of."""
        path = one.run / name
        wrong = f"{path} is not the file of its manifest"
        try:
            with path.open("rb") as source:
                through = Hashed(_pieces(source))
                self._bundle.copy(name, one.size, through)
        except FileNotFoundError as error:
            raise ArchiveDamaged(f"{path} is missing", hint="`archiver verify`") from error
        except ValueError as error:
            raise ArchiveDamaged(wrong, hint="`archiver verify`") from error
        if through.digest != one.digest:
            raise ArchiveDamaged(wrong, hint="`archiver verify`")
        return Resource(name="", path=name, hash=through.digest, bytes=one.size)


def _logs(chosen: Sequence[Chosen]) -> dict[str, Path]:
    """The logs of runs that are taken whole; that of a selection would tell of other posts."""
    whole = sorted({one.run for one in chosen if one.captures is None}, key=lambda run: run.name)
    runs = {one.run for one in chosen}
    names = {run: LOG if len(runs) == 1 else f"logs/{run.name.lower()}.jsonl" for run in whole}
    return {name: run / LOG for run, name in names.items() if (run / LOG).is_file()}


def _index(selected: Sequence[Selected]) -> Iterator[bytes]:
    """The lines of all runs that lead into the WARC files of the package."""
    names = {one.warc.rpartition("/")[2] for one in selected if one.warc}
    for run in sorted({one.run for one in selected}):
        for line in _lines(run / INDEX):
            if msgspec.json.decode(line.split(b" ", 2)[2], type=_Place).filename in names:
                yield line


def _pages(selected: Sequence[Selected]) -> Iterator[PageEntry]:
    """The page lines of the captures that were asked for."""
    asked = {one.id for one in selected if one.asked}
    for run in sorted({one.run for one in selected}):
        for line in islice(_lines(run / PAGES), 1, None):
            page = msgspec.json.decode(line, type=_Page)
            if page.id in asked:
                yield PageEntry(
                    id=page.id,
                    url=page.url,
                    at=parse_iso(page.ts),
                    title=page.title,
                    text=page.text,
                )


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, each with its end."""
    try:
        with path.open("rb") as file:
            yield from file
    except FileNotFoundError as error:
        raise ArchiveDamaged(f"{path} is missing", hint="`archiver verify`") from error


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(PIECE):
        yield piece
