"""The files that make a run folder an unpacked WACZ 1.1.1.

`pages/pages.jsonl`, `datapackage.json` and, last, `datapackage-digest.json`: a run that has the digest
file is finished. WACZ 1.1.1 sections 5 and 6 (specs.webrecorder.net/wacz/1.1.1), Frictionless Data
Package. 1.1.1 and not 1.2.0, since the one validator that exists refuses a draft.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from archiver.clock import iso
from archiver.errors import ArchiveDamaged
from archiver.files import disk_errors, sync_file, sync_folder, write_atomically

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
    captures: Sequence[PageEntry],
    sign: Sign | None = None,
) -> None:
    """Write the page list, the list of all files and its digest into the run folder.

    Each file is written to the side and renamed, in that order, so a cut at any moment leaves a run
    that is plainly unfinished; calling again finishes it. Every listed file is made durable first.
    Raises ArchiveDamaged when something half-written or a symbolic link lies in the folder.
    """
    (run_dir / "pages").mkdir(exist_ok=True)
    write_atomically(run_dir / PAGES, page_list(title, captures))
    resources = list_resources(run_dir)
    package = package_of(resources, title, created, software, captures)
    write_atomically(run_dir / PACKAGE, package)
    write_atomically(run_dir / DIGEST, digest_of(package, created, sign))


def page_list(title: str, captures: Sequence[PageEntry]) -> bytes:
    """`pages.jsonl`: the header line and a line for each page, sorted by time and then id."""
    lines: list[dict[str, str]] = [{"format": "json-pages-1.0", "id": "pages", "title": title}]
    for page in sorted(captures, key=lambda page: (page.at, page.id)):
        line = {"id": page.id, "url": page.url, "ts": iso(page.at)}
        line |= {"title": page.title} if page.title else {}
        line |= {"text": page.text} if page.text else {}
        lines.append(line)
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def package_of(
    resources: Sequence[Resource],
    title: str,
    created: datetime,
    software: str,
    captures: Sequence[PageEntry],
) -> bytes:
    """`datapackage.json`, indented for readers."""
    package: dict[str, Any] = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": title,
        "created": iso(created),
        "software": software,
    }
    if captures:
        first = min(captures, key=lambda page: (page.at, page.id))
        package |= {"mainPageUrl": first.url, "mainPageDate": iso(first.at)}
    package["resources"] = [msgspec.to_builtins(resource) for resource in resources]
    return msgspec.json.format(msgspec.json.encode(package), indent=2) + b"\n"


def digest_of(package: bytes, created: datetime, sign: Sign | None = None) -> bytes:
    """`datapackage-digest.json` for the bytes of `datapackage.json`, signed when `sign` is given."""
    real = f"sha256:{hashlib.sha256(package).hexdigest()}"
    digest: dict[str, Any] = {"path": PACKAGE, "hash": real}
    digest |= {"signedData": sign(real, created)} if sign else {}
    return msgspec.json.format(msgspec.json.encode(digest), indent=2) + b"\n"


def list_resources(run_dir: Path) -> list[Resource]:
    """Every file below `run_dir` but the two files of the package itself, sorted by path."""
    paths = sorted(_files(run_dir), key=lambda path: path.relative_to(run_dir).as_posix())
    with disk_errors(run_dir):
        found = [_resource(path, path.relative_to(run_dir).as_posix()) for path in paths]
        for folder in sorted({path.parent for path in paths}):
            sync_folder(folder)
    return uniquely_named(found)


def uniquely_named(resources: Sequence[Resource]) -> list[Resource]:
    """The same, with lower-case names of which no two are equal: the file's name, or else its path
    with `-` for `/`, or else a number added. Frictionless refuses anything else."""
    taken: set[str] = set()
    named = []
    for resource in resources:
        base = resource.path.rpartition("/")[2].lower()
        candidates = _candidates(base, resource.path.lower().replace("/", "-"))
        name = next(candidate for candidate in candidates if candidate not in taken)
        taken.add(name)
        named.append(msgspec.structs.replace(resource, name=name))
    return named


def _candidates(base: str, path: str) -> Iterator[str]:
    yield base
    yield path
    number = 2
    while True:
        yield f"{path}-{number}"
        number += 1


def _files(run_dir: Path) -> Iterator[Path]:
    for path in run_dir.rglob("*"):
        if path.is_symlink():
            raise ArchiveDamaged(f"{path} is a symbolic link", hint="remove it, then run again")
        if path.name.endswith(UNFINISHED):
            raise ArchiveDamaged(f"{path} is half-written", hint="run again: it is mended first")
        if path.is_file() and path.relative_to(run_dir).as_posix() not in (PACKAGE, DIGEST):
            yield path


def _resource(path: Path, name: str) -> Resource:
    sync_file(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        size = file.tell()
    return Resource(name="", path=name, hash=f"sha256:{digest.hexdigest()}", bytes=size)
