"""The files that make a run folder an unpacked WACZ 1.1.1.

`pages/pages.jsonl`, `datapackage.json` and, last, `datapackage-digest.json`: a run that has the digest
file is finished. WACZ 1.1.1 sections 5 and 6 (specs.webrecorder.net/wacz/1.1.1), Frictionless Data
Package. 1.1.1 and not 1.2.0, since the one validator that exists refuses a draft.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from archiver.clock import iso, parse_iso, seconds
from archiver.errors import ArchiveDamaged
from archiver.files import disk_errors, sync_file, sync_folder, write_atomically, write_pieces
from archiver.sorting import sorted_lines

PAGES = "pages/pages.jsonl"
PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
WACZ_VERSION = "1.1.1"
UNFINISHED = ".open"

Sign = Callable[[str, datetime], Mapping[str, str]]
"""Takes hash and `created` of `datapackage.json`, gives its `signedData` (wacz-auth 0.1.0): the dates must agree."""


class PageEntry(Struct, frozen=True, kw_only=True):
    """One page of the page list: where a viewer begins.

    `id` is the capture's id, `url` the target URI of its main response, `at` that record's WARC-Date:
    a viewer looks for this very instant and takes another capture if it is not there. `text` is for
    full-text search.
    """

    id: str
    url: str
    at: datetime
    title: str | None = None
    text: str | None = None


class Resource(Struct, frozen=True, kw_only=True):
    """One file as `datapackage.json` lists it: unique name, path in the package, size, SHA-256."""

    name: str
    path: str
    hash: str
    bytes: int


def write_package(
    run_dir: Path,
    *,
    title: str,
    created: datetime,
    software: str,
    captures: Iterable[PageEntry],
    sign: Sign | None = None,
) -> None:
    """Write the page list, the list of all files and its digest into the run folder.

    Each file is written to the side and renamed, in that order, so a cut at any moment leaves a run
    that is plainly unfinished; calling again finishes it. Every listed file is made durable first.
    Raises ArchiveDamaged when something half-written or a symbolic link lies in the folder.
    """
    (run_dir / "pages").mkdir(exist_ok=True)
    pages = PageList(title, captures)
    write_pieces(run_dir / PAGES, pages.lines(run_dir))
    resources = list_resources(run_dir)
    package = Hashed(package_of(resources, title, created, software, pages.first))
    write_pieces(run_dir / PACKAGE, package)
    write_atomically(run_dir / DIGEST, digest_of(package.digest, created, sign))


class PageList:
    """`pages.jsonl`: the header line and a line for each page, sorted by time and then id.

    `first` is the first page, once the lines were read; None where there is none.
    """

    def __init__(self, title: str, captures: Iterable[PageEntry]) -> None:
        self._title = title
        self._captures = captures
        self.first: PageEntry | None = None

    def lines(self, aside: Path) -> Iterator[bytes]:
        """The lines; pages that are too many to be sorted in memory lie in the folder `aside` meanwhile."""
        header = {"format": "json-pages-1.0", "id": "pages", "title": self._title}
        yield msgspec.json.encode(header) + b"\n"
        keyed = (b"%s %s\t%s\n" % _keyed(page) for page in self._captures)
        for line in sorted_lines(keyed, aside):
            text = line.partition(b"\t")[2]
            if self.first is None:
                told = msgspec.json.decode(text)
                self.first = PageEntry(id=told["id"], url=told["url"], at=parse_iso(told["ts"]))
            yield text


def _keyed(page: PageEntry) -> tuple[bytes, bytes, bytes]:
    """What pages are sorted by, and the line; instants are of one width, and JSON holds no tab as it is.

    A page's time is told as the index tells it: ReplayWeb.page opens the first answer at or after that time, so
    with the fraction of a second it would open the next capture of the page instead.
    """
    line = {"id": page.id, "url": page.url, "ts": seconds(page.at)}
    line |= {"title": page.title} if page.title else {}
    line |= {"text": page.text} if page.text else {}
    return iso(page.at).encode(), page.id.encode(), msgspec.json.encode(line)


class Hashed:
    """Pieces of a file on their way, with their SHA-256 and size once they went through."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._hash = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._hash.update(piece)
            self.size += len(piece)
            yield piece

    @property
    def digest(self) -> str:
        """`sha256:` and the digest of what went through so far."""
        return f"sha256:{self._hash.hexdigest()}"


def package_of(
    resources: Iterable[Resource],
    title: str,
    created: datetime,
    software: str,
    first: PageEntry | None,
    needed: Sequence[str] = (),
) -> Iterator[bytes]:
    """`datapackage.json` in pieces, indented for readers; `first` is where a viewer begins, `needed` names the
    captures that are there only for what others share with them."""
    package: dict[str, Any] = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": title,
        "created": iso(created),
        "software": software,
    }
    if first:
        package |= {"mainPageUrl": first.url, "mainPageDate": seconds(first.at)}
    package |= {"needed": needed} if needed else {}
    head = msgspec.json.format(msgspec.json.encode(package), indent=2)
    yield head.removesuffix(b"\n}") + b',\n  "resources": ['
    before = b"\n    "
    for resource in resources:
        listed = msgspec.json.format(msgspec.json.encode(resource), indent=2)
        yield before + listed.replace(b"\n", b"\n    ")
        before = b",\n    "
    yield b"\n  ]\n}\n"


def digest_of(package: str, created: datetime, sign: Sign | None = None) -> bytes:
    """`datapackage-digest.json` for a `datapackage.json` of that digest, signed when `sign` is given."""
    digest: dict[str, Any] = {"path": PACKAGE, "hash": package}
    digest |= {"signedData": sign(package, created)} if sign else {}
    return msgspec.json.format(msgspec.json.encode(digest), indent=2) + b"\n"


def list_resources(run_dir: Path) -> Iterator[Resource]:
    """Every file below `run_dir` but the two files of the package itself, sorted by path, each made durable
    and hashed as it is taken. What must not lie there is told at once."""
    names = sorted(_files(run_dir))
    return uniquely_named(_resources(run_dir, names))


def _resources(run_dir: Path, names: Iterable[str]) -> Iterator[Resource]:
    folders: set[Path] = set()
    for name in names:
        with disk_errors(run_dir):
            resource = _resource(run_dir / name, name)
        folders.add((run_dir / name).parent)
        yield resource
    with disk_errors(run_dir):
        for folder in sorted(folders):
            sync_folder(folder)


def uniquely_named(resources: Iterable[Resource]) -> Iterator[Resource]:
    """The same, with lower-case names of which no two are equal: the file's name, or else its path
    with `-` for `/`, or else a number added. Frictionless refuses anything else."""
    taken: set[str] = set()
    for resource in resources:
        base = resource.path.rpartition("/")[2].lower()
        candidates = _candidates(base, resource.path.lower().replace("/", "-"))
        name = next(candidate for candidate in candidates if candidate not in taken)
        taken.add(name)
        yield msgspec.structs.replace(resource, name=name)


def _candidates(base: str, path: str) -> Iterator[str]:
    yield base
    yield path
    number = 2
    while True:
        yield f"{path}-{number}"
        number += 1


def _files(run_dir: Path) -> Iterator[str]:
    for parent, folders, files in os.walk(run_dir):
        for name in (*folders, *files):
            path = os.path.join(parent, name)
            if os.path.islink(path):
                raise ArchiveDamaged(f"{path} is a symbolic link", hint="remove it, then run again")
            if name.endswith(UNFINISHED):
                raise ArchiveDamaged(
                    f"{path} is half-written", hint="run again: it is mended first"
                )
        place = Path(parent).relative_to(run_dir).as_posix()
        for name in files:
            found = name if place == "." else f"{place}/{name}"
            if found not in (PACKAGE, DIGEST) and os.path.isfile(os.path.join(parent, name)):
                yield found


def _resource(path: Path, name: str) -> Resource:
    sync_file(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        size = file.tell()
    return Resource(name="", path=name, hash=f"sha256:{digest.hexdigest()}", bytes=size)
