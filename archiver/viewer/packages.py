"""What can be looked at: run folders and WACZ files, through one face.

Names inside a package come from the package's own list of files, never from a request as it is.
"""

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, BinaryIO, TypeVar

import msgspec
from msgspec import Struct

from archiver.errors import ArchiveDamaged
from archiver.viewer.bundle import Bundle
from archiver.viewer.shown import Shown

LARGEST_PICTURE = 50_000_000
LIST = "datapackage.json"
_MANIFEST = re.compile(r"manifests/[a-z0-9][a-z0-9\-]{0,119}\.json")


Kind = TypeVar("Kind")
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class _Embedding(msgspec.Struct):
    source: str


class _Outcome(msgspec.Struct):
    status: str
    reason: str


class _Post(msgspec.Struct):
    author: str | None = None
    author_name: str | None = None
    text: str | None = None


class _Value(msgspec.Struct):
    value: bool | int | float | str


class _Metadata(msgspec.Struct):
    """What platforms told of the post."""

    author_name: _Value | None = None
    author_handle: _Value | None = None
    text: _Value | None = None
    title: _Value | None = None


class _Unrecorded(msgspec.Struct):
    method: str
    url: str


class _Manifest(msgspec.Struct):
    """What the list needs of a manifest."""

    capture_id: str
    target: str
    started_at: Instant
    outcome: _Outcome
    articles: tuple[_Embedding, ...] = ()
    page_url: str | None = None
    page_at: Instant | None = None
    title: str | None = None
    post: _Post | None = None
    metadata: _Metadata | None = None
    unrecorded: tuple[_Unrecorded, ...] = ()


class _Lying(msgspec.Struct):
    """Where a record lies."""

    file: str
    offset: int
    length: int
    type: str
    target_uri: str | None = None


class _Records(msgspec.Struct):
    records: tuple[_Lying, ...] = ()


class _Page(msgspec.Struct):
    url: str
    ts: Instant
    id: str = ""
    title: str | None = None


class _Package(msgspec.Struct):
    """What the list needs of `datapackage.json`: the captures that came along only for what others share with them."""

    needed: tuple[str, ...] = ()


class Folder(Struct, frozen=True, dict=True):
    """The folder of a run."""

    path: Path

    @property
    def name(self) -> str:
        """What the package is called."""
        return self.path.name

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every file of it."""
        found = (p for p in self.path.rglob("*") if p.is_file() and not p.is_symlink())
        return tuple(sorted(p.relative_to(self.path).as_posix() for p in found))

    def open(self, name: str) -> BinaryIO:
        """One of `names`, for reading."""
        return (self.path / name).open("rb")

    @cached_property
    def wacz(self) -> Bundle:
        """The package as one WACZ file."""
        return Bundle([(name, self.path / name) for name in self.names])


class Zipped(Struct, frozen=True, dict=True):
    """A WACZ file."""

    path: Path

    @property
    def name(self) -> str:
        """What the package is called."""
        return self.path.stem

    @cached_property
    def _zip(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.path)
        except (zipfile.BadZipFile, OSError) as error:
            raise ArchiveDamaged(f"{self.path} is no WACZ file: {error}") from error

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every file of it."""
        return tuple(sorted(self._zip.namelist()))

    def open(self, name: str) -> BinaryIO:
        """One of `names`, for reading."""
        return self._zip.open(name)  # type: ignore[return-value] # it reads bytes, and seeks

    @cached_property
    def wacz(self) -> "Whole":
        """The package as one WACZ file."""
        return Whole(self.path)


class Whole:
    """A file as it is, with the face of a Bundle."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size

    def read(self, start: int, length: int) -> Iterator[bytes]:
        """The bytes from `start`, at most `length` of them, in pieces. Raises OSError."""
        with self._path.open("rb") as file:
            file.seek(start)
            while length > 0 and (piece := file.read(min(1 << 20, length))):
                yield piece
                length -= len(piece)


Package = Folder | Zipped
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, FileNotFoundError)
"""What is raised while one reads: a wrong checksum, no such entry, an entry that is encrypted."""


@contextmanager
def reading(package: Package, name: str) -> Iterator[BinaryIO]:
    """One file of the package. Raises ArchiveDamaged where it is not there or not whole, and OSError."""
    try:
        with package.open(name) as file:
            yield file
    except DAMAGE as error:
        why = error.args[-1] if error.args else type(error).__name__
        raise ArchiveDamaged(f"{name} in {package.path}: {why}") from error


def captures(package: Package) -> Iterator[Shown]:
    """Every capture of a package; of one that is not ours, its pages.

    Raises ArchiveDamaged for a manifest or page list that cannot be read.
    """
    manifests = [name for name in package.names if _MANIFEST.fullmatch(name)]
    needed = frozenset(_decoded(package, LIST, _Package).needed if LIST in package.names else ())
    for name in manifests:
        yield _of_manifest(package, name, needed)
    if not manifests:
        yield from _pages(package)


def _of_manifest(package: Package, name: str, needed: Collection[str]) -> Shown:
    found = _decoded(package, name, _Manifest)
    capture_id = name[len("manifests/") : -len(".json")]
    return Shown(
        package=package.name,
        capture_id=capture_id,
        needed=capture_id in needed,
        target=found.target,
        status=found.outcome.status,
        reason=found.outcome.reason,
        at=found.started_at,
        title=found.title,
        author=_author(found),
        text=_text(found),
        page_url=found.page_url,
        page_at=found.page_at,
        articles=tuple(dict.fromkeys(article.source for article in found.articles)),
        unanswered=_unanswered(package, name, found),
    )


def _unanswered(package: Package, name: str, found: _Manifest) -> tuple[str, ...]:
    """The addresses that were asked for, and of which no answer is kept."""
    asked = {one.url.partition("#")[0] for one in found.unrecorded if one.method == "GET"}
    records = _decoded(package, name, _Records).records if asked else ()
    return tuple(sorted(asked - {record.target_uri for record in records}))


def _author(found: _Manifest) -> str | None:
    """Who posted it: as the platform told, else as the article did."""
    told, post = found.metadata or _Metadata(), found.post or _Post()
    names = (_told(told.author_name), post.author_name, _told(told.author_handle), post.author)
    return next(filter(None, names), None)


def _text(found: _Manifest) -> str | None:
    """The post's words, from the same places."""
    told, post = found.metadata or _Metadata(), found.post or _Post()
    return next(filter(None, (_told(told.text), post.text, _told(told.title))), None)


def _told(value: _Value | None) -> str | None:
    return str(value.value) if value else None


def _pages(package: Package) -> Iterator[Shown]:
    """The pages of a WACZ file that another tool made."""
    with reading(package, "pages/pages.jsonl") as file:
        lines = file.read().splitlines()[1:]
    for number, line in enumerate(lines):
        try:
            page = msgspec.json.decode(line, type=_Page)
        except (msgspec.DecodeError, ValueError) as error:
            where = f"pages/pages.jsonl of {package.path}, line {number + 2}"
            raise ArchiveDamaged(f"{where}: {error}") from error
        yield Shown(
            package=package.name,
            capture_id=f"page-{number}",
            target=f"web:{page.url}",
            status="captured",
            reason="",
            at=page.ts,
            title=page.title,
            page_url=page.url,
            page_at=page.ts,
        )


def picture(package: Package, capture_id: str, role: str) -> bytes | None:
    """The body of a capture's `urn:<role>:…` record; None where it has none.

    Raises ArchiveDamaged for a manifest or record that cannot be read.
    """
    name = f"manifests/{capture_id}.json"
    if name not in package.names:
        return None
    for record in reversed(_decoded(package, name, _Records).records):
        if record.type == "resource" and (record.target_uri or "").startswith(f"urn:{role}:"):
            return _body(package, record)
    return None


def _body(package: Package, record: _Lying) -> bytes:
    """The block of a record: one gzip member, of which at most LARGEST_PICTURE bytes are unpacked."""
    name = f"archive/{record.file.rpartition('/')[2]}"
    if name not in package.names or not 0 < record.length <= LARGEST_PICTURE:
        raise ArchiveDamaged(f"{package.path} has no {name}")
    with reading(package, name) as file:
        file.seek(record.offset)
        packed = file.read(record.length)
    try:
        data = zlib.decompressobj(wbits=31).decompress(packed, LARGEST_PICTURE)
    except zlib.error as error:
        raise ArchiveDamaged(f"{name} in {package.path}: {error}") from error
    head, _, block = data.partition(b"\r\n\r\n")
    length = re.search(rb"\r\nContent-Length: *(\d+)", head, re.IGNORECASE)
    return block[: int(length[1])] if length else b""


def _decoded(package: Package, name: str, kind: type[Kind]) -> Kind:
    with reading(package, name) as file:
        data = file.read()
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, ValueError) as error:
        raise ArchiveDamaged(f"{name} in {package.path}: {error}") from error
