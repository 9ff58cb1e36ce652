"""What the packages tell of their captures: manifests, and the pages of those that other tools made."""

import re
import zlib
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Annotated, TypeVar

import msgspec

from archiver.domain.digest import Digest, sha256
from archiver.errors import ArchiveDamaged
from archiver.viewer.packages import Package, reading
from archiver.viewer.pages import pages
from archiver.viewer.shown import Posted, Shown

LARGEST_PICTURE = 50_000_000
LARGEST = 1 << 26
"""Bytes of the largest manifest or list of files that is read; `verify` refuses it too."""
MOST_DEFLATED = 1 << 28
"""Bytes to which all manifests of a WACZ file may expand; those that archiver packs are stored as they are."""
LIST = "datapackage.json"
FARTHEST = 1 << 62
ANSWERS = ("response", "revisit")
NOTHING = sha256(b"").value
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


class _Record(msgspec.Struct):
    """What is needed of a record, to know what was answered."""

    type: str
    id: str = ""
    target_uri: str | None = None
    method: str | None = None
    concurrent_to: str | None = None
    payload_digest: Digest | None = None


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
    records: tuple[_Record, ...] = ()


class _Lying(msgspec.Struct):
    """Where a record lies."""

    file: str
    offset: int
    length: int
    type: str
    target_uri: str | None = None


class _Records(msgspec.Struct):
    records: tuple[_Lying, ...] = ()


class _Package(msgspec.Struct):
    """What the list needs of `datapackage.json`: the captures that came along only for what others share with them."""

    needed: tuple[str, ...] = ()


def captures(package: Package) -> Iterator[Shown]:
    """Every capture of a package; of one that is not ours, its pages.

    Raises ArchiveDamaged for a manifest or page list that cannot be read.
    """
    manifests = [name for name in package.names if _MANIFEST.fullmatch(name)]
    if package.deflated(manifests) > MOST_DEFLATED:
        raise ArchiveDamaged(
            f"the manifests of {package.path} expand to more than {MOST_DEFLATED >> 20} MiB"
        )
    needed = frozenset(_decoded(package, LIST, _Package).needed if LIST in package.names else ())
    for name in manifests:
        yield _of_manifest(package, name, needed)
    if not manifests:
        yield from pages(package)


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
        unanswered=_unanswered(found),
        posted=tuple(_posted(found)),
    )


def _unanswered(found: _Manifest) -> tuple[str, ...]:
    """The addresses that were asked for, and of which no answer is kept."""
    asked = {one.url.partition("#")[0] for one in found.unrecorded if one.method == "GET"}
    return tuple(sorted(asked - {record.target_uri for record in found.records}))


def _posted(found: _Manifest) -> Iterator[Posted]:
    """The requests that were no GET, with and without an answer."""
    answers = {one.id: one for one in found.records if one.type in ANSWERS}
    for record in found.records:
        answer = answers.get(record.concurrent_to or "")
        if record.type == "request" and answer and _other_than_get(record.method):
            method, url = str(record.method).upper(), record.target_uri or ""
            yield Posted(method, url, _hex(record.payload_digest), _hex(answer.payload_digest))
    for one in found.unrecorded:
        if _other_than_get(one.method):
            yield Posted(one.method.upper(), one.url.partition("#")[0])


def _other_than_get(method: str | None) -> bool:
    return bool(method) and str(method).upper() not in {"GET", "HEAD", "OPTIONS"}


def _hex(digest: Digest | None) -> str:
    """The digest of a body; that of nothing where there was none, and none of another kind than SHA-256."""
    if digest is None:
        return NOTHING
    return digest.value if digest.algorithm == "sha256" else ""


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
    if name not in package.names or not _is_place(record):
        raise ArchiveDamaged(f"{package.path} has no {name}")
    with reading(package, name) as file:
        file.seek(record.offset)
        packed = file.read(record.length)
    try:
        data = zlib.decompressobj(wbits=31).decompress(packed, LARGEST_PICTURE)
    except zlib.error as error:
        raise ArchiveDamaged(f"{name} in {package.path}: {error}") from error
    head, _, block = data.partition(b"\r\n\r\n")
    length = re.search(rb"\r\nContent-Length: *(\d{1,12})\r", head, re.IGNORECASE)
    return block[: int(length[1])] if length else b""


def _is_place(record: _Lying) -> bool:
    return 0 <= record.offset < FARTHEST and 0 < record.length <= LARGEST_PICTURE


def _decoded(package: Package, name: str, kind: type[Kind]) -> Kind:
    with reading(package, name) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ArchiveDamaged(f"{name} in {package.path} is larger than {LARGEST >> 20} MiB")
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, ValueError) as error:
        raise ArchiveDamaged(f"{name} in {package.path}: {error}") from error
