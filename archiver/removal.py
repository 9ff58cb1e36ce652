"""Taking captures out of an archive on request: a takedown, the safety of a source.

What goes is the WARC file and the manifest of every capture of the post; what stays is a tombstone, which the
log covers like any manifest: which capture, when, why, and the digests of what was there. So nothing can be
taken out unnoticed, and what was taken out on purpose is told from what was lost.

A payload that other captures of the run refer to (a font, a player, a picture that two posts share) stays for
them: the records that hold it are taken over, byte for byte, into a capture `kept-…` that names no post. It goes
when the last of those captures goes.
"""

import hashlib
import os
from collections.abc import Sequence, Set
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from archiver import __version__
from archiver.clock import Clock, iso
from archiver.commit import finish
from archiver.domain.capture import Outcome, Status
from archiver.domain.digest import sha256
from archiver.domain.manifest import Custody, Manifest
from archiver.errors import ArchiveDamaged
from archiver.files import disk_errors, read_errors, sync_folder, write_atomically
from archiver.manifests.file import read_manifest, write_manifest
from archiver.package.run import Sign
from archiver.records.keep import needed_with, take_over
from archiver.storage.layout import FOLDER_MODE, Archive, RunFolder
from archiver.storage.ledger import Ledger
from archiver.verification.warc import check_warc

SCHEMA = "archiver/tombstone/1"
KEPT = "kept-"
"""How the ids of captures begin that hold what was left of removed ones."""
WHY_KEPT = "what other captures of the run refer to in one that was removed on request"


class Tombstone(Struct, frozen=True, kw_only=True):
    """What is said of a removed capture. The post is named by a digest, and as far as the capture's id tells;
    `records` are the ids of the WARC records that are gone, `kept` is the capture that holds those that others
    refer to."""

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
    kept: str | None = None


def tombstone_of(
    manifest: Manifest, data: bytes, kept: Manifest | None, *, at: str, reason: str, destroyed: bool
) -> Tombstone:
    """The tombstone of a capture; `data` are the bytes of its manifest."""
    stay = {record.id for record in kept.records} if kept else set()
    return Tombstone(
        capture_id=manifest.capture_id,
        run_id=manifest.run_id,
        target_sha256=target_digest(manifest.target),
        manifest_sha256=sha256(data).value,
        warc_sha256=manifest.warc_digest.value if manifest.warc_digest else None,
        records=tuple(record.id for record in manifest.records if record.id not in stay),
        kept=kept.capture_id if kept else None,
        removed_at=at,
        reason=reason,
        destroyed=destroyed,
    )


def target_digest(target: str) -> str:
    """How tombstones name a post."""
    return hashlib.sha256(target.encode("utf-8", "surrogatepass")).hexdigest()


def barred(archive: Archive) -> frozenset[str]:
    """The digests of all posts that were removed: they are not captured again unasked."""
    return frozenset(removals(archive))


def removals(archive: Archive) -> dict[str, Tombstone]:
    """The last tombstone of each post that was removed, by the post's digest.

    Raises ArchiveDamaged for one that is none: what it bars is not known any more.
    """
    stones = map(_read_stone, archive.log.tombstones.glob("*.json"))
    return {stone.target_sha256: stone for stone in sorted(stones, key=lambda one: one.removed_at)}


def _read_stone(path: Path) -> Tombstone:
    try:
        with read_errors(path):
            return msgspec.json.decode(path.read_bytes(), type=Tombstone)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        hint = "put it back from a copy: without it a removed post would be captured again"
        raise ArchiveDamaged(f"{path} is no tombstone: {error}", hint=hint) from error


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

    What others refer to stays for them.

    Safe to be interrupted and done again: the ledger row goes last. The log is extended by the caller.
    Raises ArchiverError when a file cannot be read, moved or written. Gives the runs that were changed.
    """
    archive.log.prepare()
    at = clock.now()
    changed = {path.parent.parent: RunFolder(path.parent.parent) for path in manifests}
    for folder in changed.values():
        goes = [path for path in manifests if path.parent.parent == folder.path]
        _unfinish(folder)
        wanted = _referred_to(folder, {path.stem for path in goes})
        goes += [path for path in _kept_by(folder) if _nobody_wants(path, wanted)]
        for path in goes:
            if path.exists():
                manifest, data = read_manifest(path), path.read_bytes()
                kept = _keep(archive, ledger, folder, manifest, wanted, at)
                stone = tombstone_of(
                    manifest, data, kept, at=iso(at), reason=reason, destroyed=destroy
                )
                _set_up(archive.log.tombstone(path.stem), stone)
            for file in (folder.warc(path.stem), path):
                _take_out(archive, folder, file, destroy=destroy)
        finish(folder, sign, created=clock.now())
        for path in goes:
            ledger.forget(path.stem)
    return tuple(changed)


def _set_up(place: Path, stone: Tombstone) -> None:
    """Write a tombstone; one that an interrupted removal left is in the log already, and stands."""
    if not place.exists():
        write_atomically(place, msgspec.json.encode(stone, order="sorted"))


def _referred_to(folder: RunFolder, without: Set[str]) -> frozenset[str]:
    """The ids of the records that revisits of the run refer to, those of some captures left out."""
    stay = (name for name in folder.captures() if name not in without)
    return frozenset(
        record.refers_to
        for name in stay
        for record in read_manifest(folder.manifest(name)).records
        if record.type == "revisit" and record.refers_to
    )


def _kept_by(folder: RunFolder) -> list[Path]:
    """The manifests of what earlier removals left for others."""
    return [folder.manifest(name) for name in folder.captures() if name.startswith(KEPT)]


def _nobody_wants(path: Path, wanted: Set[str]) -> bool:
    return not any(record.id in wanted for record in read_manifest(path).records)


def _keep(
    archive: Archive,
    ledger: Ledger,
    folder: RunFolder,
    manifest: Manifest,
    wanted: frozenset[str],
    at: datetime,
) -> Manifest | None:
    """Commit what others refer to as a capture of its own; None when there is nothing."""
    records = needed_with(manifest.records, wanted)
    if not records:
        return None
    name = f"{KEPT}{target_digest(manifest.capture_id)[:24]}"
    source, path = folder.warc(manifest.capture_id), folder.manifest(name)
    told = archive.log.tombstone(manifest.capture_id).exists()
    if path.exists() and (told or not source.exists()):
        return read_manifest(path)  # an interrupted removal came this far, and the log may hold it
    written = take_over(source, records, folder.warc(name), check=check_warc)
    there = {record.id for record in records}
    taken = Custody(
        event="taken over",
        at=at,
        tool=f"archiver {__version__}",
        before=manifest.warc_digest,
        after=written.digest,
    )
    kept = Manifest(
        capture_id=name,
        run_id=manifest.run_id,
        archive_id=manifest.archive_id,
        target=f"kept:{name.removeprefix(KEPT)}",
        post=None,
        articles=(),
        started_at=manifest.started_at,
        ended_at=manifest.ended_at,
        outcome=Outcome(status=Status.PARTIAL, reason=WHY_KEPT),
        attempts=(),
        payload=manifest.payload,
        warc_file=written.file,
        warc_size=written.size,
        warc_digest=written.digest,
        records=written.records,
        redactions=tuple(one for one in manifest.redactions if one.record_id in there),
        software=manifest.software,
        collector=manifest.collector,
        custody=(*manifest.custody, taken),
        browser=manifest.browser,
        settings=manifest.settings,
    )
    digest = write_manifest(kept, path)
    ledger.forget(
        name
    )  # an interrupted removal, or a rebuild after it, may have entered another time
    ledger.commit_capture(kept, archive.relative(path), digest)
    return kept


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
