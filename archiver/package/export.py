"""Runs, a post's captures or any selection as one WACZ file that stands alone.

A WACZ 1.1.1 as the run folders are, in a zip file in which everything is stored: readers take byte
ranges out of it. Equal selections give equal files: the order of entries and their times are fixed.
"""

import hashlib
import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from archiver.clock import parse_iso
from archiver.errors import ArchiveDamaged, ArchiverError
from archiver.files import disk_errors, publish
from archiver.package.run import (
    DIGEST,
    PACKAGE,
    PAGES,
    PageEntry,
    Resource,
    Sign,
    digest_of,
    package_of,
    page_list,
    uniquely_named,
)
from archiver.package.select import INDEX, LOG, Chosen, Selected, select

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the first that a zip file can name."""
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


Extra = Callable[[Sequence[str]], Mapping[str, bytes]]
"""Further files for a package, by their path in it; given are the ids of its captures."""


def no_more(captures: Sequence[str]) -> Mapping[str, bytes]:
    """No further files."""
    return {}


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
    ArchiveDamaged when a file is not what its manifest says, NoSpace on a full disk.
    """
    selected = select(chosen)
    if not selected:
        raise ArchiverError("nothing to export")
    unfinished = out.with_name(out.name + UNFINISHED)
    try:
        with disk_errors(out):
            with open(unfinished, "wb") as file:
                more = dict(extra([one.id for one in selected]))
                _write(file, selected, _logs(chosen), more, title, created, software, sign)
                size = file.tell()
                file.flush()
                os.fsync(file.fileno())
            publish(unfinished, out)
    finally:
        unfinished.unlink(missing_ok=True)
    return Exported(
        tuple(one.id for one in selected if one.asked),
        tuple(one.id for one in selected if not one.asked),
        size,
    )


def _write(
    file: BinaryIO,
    selected: Sequence[Selected],
    logs: dict[str, Path],
    extra: Mapping[str, bytes],
    title: str,
    created: datetime,
    software: str,
    sign: Sign | None,
) -> None:
    pages = list(_pages(selected))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
        listed = [_copy_warc(bundle, one) for one in selected if one.warc]
        listed.append(_put(bundle, INDEX, b"".join(_index(selected))))
        for name, path in logs.items():
            listed.append(_put(bundle, name, path.read_bytes()))
        for one in selected:
            name = f"manifests/{one.id}.json"
            listed.append(_put(bundle, name, (one.run / name).read_bytes()))
        listed += [_put(bundle, name, data) for name, data in sorted(extra.items())]
        listed.append(_put(bundle, PAGES, page_list(title, pages)))
        package = package_of(uniquely_named(listed), title, created, software, pages)
        _put(bundle, PACKAGE, package)
        _put(bundle, DIGEST, digest_of(package, created, sign))


def _logs(chosen: Sequence[Chosen]) -> dict[str, Path]:
    """The logs of runs that are taken whole; that of a selection would tell of other posts."""
    whole = sorted({one.run for one in chosen if one.captures is None}, key=lambda run: run.name)
    runs = {one.run for one in chosen}
    names = {run: LOG if len(runs) == 1 else f"logs/{run.name.lower()}.jsonl" for run in whole}
    return {name: run / LOG for run, name in names.items() if (run / LOG).is_file()}


def _index(selected: Sequence[Selected]) -> list[bytes]:
    """The lines of all runs that lead into the WARC files of the package, sorted by their bytes."""
    names = {one.warc.rpartition("/")[2] for one in selected if one.warc}
    lines: set[bytes] = set()
    for run in {one.run for one in selected}:
        for line in _lines(run / INDEX):
            if msgspec.json.decode(line.split(b" ", 2)[2], type=_Place).filename in names:
                lines.add(line + b"\n")
    return sorted(lines)


def _pages(selected: Sequence[Selected]) -> Iterator[PageEntry]:
    """The page lines of the captures that were asked for."""
    asked = {one.id for one in selected if one.asked}
    for run in sorted({one.run for one in selected}):
        for line in _lines(run / PAGES)[1:]:
            page = msgspec.json.decode(line, type=_Page)
            if page.id in asked:
                yield PageEntry(
                    id=page.id,
                    url=page.url,
                    at=parse_iso(page.ts),
                    title=page.title,
                    text=page.text,
                )


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except FileNotFoundError as error:
        raise ArchiveDamaged(f"{path} is missing", hint="`archiver verify`") from error


def _entry(name: str, size: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    entry.file_size = size
    return entry


def _put(bundle: zipfile.ZipFile, name: str, data: bytes) -> Resource:
    bundle.writestr(_entry(name, len(data)), data)
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return Resource(name="", path=name, hash=digest, bytes=len(data))


def _copy_warc(bundle: zipfile.ZipFile, one: Selected) -> Resource:
    """Copy a WARC file in pieces; it must be the one that its manifest speaks of."""
    name, path = str(one.warc), one.run / str(one.warc)
    digest, size = hashlib.sha256(), one.manifest.warc_size
    try:
        with path.open("rb") as source, bundle.open(_entry(name, size), "w") as target:
            for piece in _pieces(source):
                digest.update(piece)
                target.write(piece)
    except FileNotFoundError as error:
        raise ArchiveDamaged(f"{path} is missing", hint="`archiver verify`") from error
    if digest.hexdigest() != (one.manifest.warc_digest.value if one.manifest.warc_digest else ""):
        raise ArchiveDamaged(f"{path} is not the file of its manifest", hint="`archiver verify`")
    return Resource(name="", path=name, hash=f"sha256:{digest.hexdigest()}", bytes=size)


def _pieces(source: BinaryIO) -> Iterable[bytes]:
    while piece := source.read(PIECE):
        yield piece
