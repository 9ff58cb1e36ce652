"""Taking captures out of an archive on request: a takedown, the safety of a source.

What goes is the WARC file and the manifest of every capture of the post; what stays is a tombstone, which the
log covers like any manifest: which capture, when, why, and the digests of what was there. So nothing can be
taken out unnoticed, and what was taken out on purpose is told from what was lost.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from archiver.clock import Clock, iso
from archiver.commit import finish
from archiver.domain.digest import sha256
from archiver.domain.manifest import Manifest
from archiver.files import disk_errors, sync_folder, write_atomically
from archiver.manifests.file import read_manifest
from archiver.package.run import Sign
from archiver.storage.layout import FOLDER_MODE, Archive, RunFolder
from archiver.storage.ledger import Ledger

SCHEMA = "archiver/tombstone/1"


class Tombstone(Struct, frozen=True, kw_only=True):
    """What is said of a removed capture. The post is named by a digest only; `records` are the ids of its
    WARC records, to which other captures of the run may point."""

    schema: str = SCHEMA
    capture_id: str
    run_id: str
    target_sha256: str
    manifest_sha256: str
    warc_sha256: str | None
    records: tuple[str, ...]
    removed_at: str
    reason: str
    destroyed: bool


def tombstone_of(
    manifest: Manifest, data: bytes, *, at: str, reason: str, destroyed: bool
) -> Tombstone:
    """The tombstone of a capture; `data` are the bytes of its manifest."""
    return Tombstone(
        capture_id=manifest.capture_id,
        run_id=manifest.run_id,
        target_sha256=target_digest(manifest.target),
        manifest_sha256=sha256(data).value,
        warc_sha256=manifest.warc_digest.value if manifest.warc_digest else None,
        records=tuple(record.id for record in manifest.records),
        removed_at=at,
        reason=reason,
        destroyed=destroyed,
    )


def target_digest(target: str) -> str:
    """How tombstones name a post."""
    return hashlib.sha256(target.encode("utf-8", "surrogatepass")).hexdigest()


def barred(archive: Archive) -> frozenset[str]:
    """The digests of all posts that were removed: they are not captured again unasked."""
    found = (path.read_bytes() for path in archive.log.tombstones.glob("*.json"))
    return frozenset(msgspec.json.decode(data, type=Tombstone).target_sha256 for data in found)


def remove(
    archive: Archive,
    ledger: Ledger,
    manifests: Sequence[Path],
    *,
    reason: str,
    destroy: bool,
    sign: Sign | None,
    clock: Clock,
) -> tuple[Path, ...]:
    """Take these captures out of their runs; with `destroy` for good, else into the folder `removed`.

    Safe to be interrupted and done again: the ledger row goes last. The log is extended by the caller.
    Raises ArchiverError when a file cannot be read, moved or written. Gives the runs that were changed.
    """
    archive.log.prepare()
    changed: dict[Path, RunFolder] = {}
    for path in manifests:
        folder = RunFolder(path.parent.parent)
        if path.exists():
            manifest, data = read_manifest(path), path.read_bytes()
            stone = tombstone_of(
                manifest, data, at=iso(clock.now()), reason=reason, destroyed=destroy
            )
            text = msgspec.json.encode(stone, order="sorted")
            write_atomically(archive.log.tombstone(path.stem), text)
        _unfinish(folder)
        for file in (folder.warc(path.stem), path):
            _take_out(archive, folder, file, destroy=destroy)
        changed[folder.path] = folder
    for folder in changed.values():
        finish(folder, sign, created=clock.now())
    for path in manifests:
        ledger.forget(path.stem)
    return tuple(changed)


def _unfinish(folder: RunFolder) -> None:
    """From here until it is packaged anew the run counts as one that was interrupted."""
    with disk_errors(folder.seal):
        folder.seal.unlink(missing_ok=True)
        sync_folder(folder.path)


def _take_out(archive: Archive, folder: RunFolder, file: Path, *, destroy: bool) -> None:
    if not file.exists():
        return
    place = archive.removed / folder.id
    with disk_errors(file):
        if destroy:
            file.unlink()
        else:
            place.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            os.replace(file, place / file.name)
            sync_folder(place)
        sync_folder(file.parent)
