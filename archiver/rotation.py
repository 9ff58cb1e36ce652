"""Replacing the keys of an archive: the old key signs that the new one follows it.

Order: both new private keys under the name `<name>.key.next`, then the statement, signed by the old key and the
new one. From there on the change is decided: the statement's leaf, a checkpoint signed with the new key, the
public parts, and last the names of the private ones. Interrupted anywhere, the next run finishes it (`settle`).
The old private keys are gone then, and no copy is kept.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archiver.clock import Clock
from archiver.errors import ArchiveDamaged, ArchiverError
from archiver.files import disk_errors, read_errors, sync_folder, write_atomically
from archiver.manifests.keychange import KeyChange, Pair, package_key, read_statement, statement
from archiver.manifests.keys import (
    LOG,
    WACZ,
    log_key,
    new_log_key,
    new_wacz_key,
    public_pem,
    read_key,
    wacz_key,
    write_key,
)
from archiver.manifests.log import Leaf, append_leaves, read_leaves
from archiver.manifests.merkle import leaf_hash, root_of
from archiver.manifests.note import (
    name_of,
    name_of_pem,
    pem_of_line,
    read_checkpoint,
    sign,
    verifier_key,
)
from archiver.storage.layout import Archive, Keys

NAMES = (LOG, WACZ)
FROM_BACKUP = "put it back from a backup (docs/evidence.md)"


def rotate(archive: Archive, private: Keys, *, reason: str, clock: Clock) -> Path:
    """Replace both keys; gives the statement. The log must be extended to its end and the lock be held.

    Raises ArchiverError when the old keys cannot be read: without them nothing says that the new ones follow.
    """
    archive.log.prepare()
    keys, fresh = archive.keys, not archive.log.sizes()
    old = Pair(
        log=log_key(private.private(LOG), keys.public(LOG), fresh=fresh),
        package=wacz_key(private.private(WACZ), keys.public(WACZ), fresh=fresh),
    )
    new = Pair(log=new_log_key(), package=new_wacz_key())
    write_key(private.next(LOG), new.log)
    write_key(private.next(WACZ), new.package)
    size = len(read_leaves(archive.log.leaves).all)
    place = archive.log.key_change(size)
    write_atomically(place, statement(old, new, size=size, at=clock.now(), reason=reason))
    settle(archive, private)
    return place


def settle(archive: Archive, private: Keys) -> None:
    """Finish a change of keys that was interrupted; what was only begun is put away. Safe to be repeated."""
    change = _unsettled(archive)
    if change is not None:
        _finish(archive, private, *change)
    left = (private.path.glob("*.key.next*"), archive.log.key_changes.glob("*.open"))
    for path in (path for paths in left for path in paths):
        with disk_errors(path):
            path.unlink(missing_ok=True)


def _finish(archive: Archive, private: Keys, place: Path, told: KeyChange) -> None:
    key = _new_key(private, told.new)
    _enter(archive, place, told.size)
    if not archive.log.checkpoint(told.size + 1).exists():
        leaves = read_leaves(archive.log.leaves)
        root = root_of(leaves.hashes[: told.size + 1])
        write_atomically(archive.log.checkpoint(told.size + 1), sign(told.size + 1, root, key))
    for name in NAMES:
        if private.next(name).exists():
            write_atomically(archive.keys.public(name), public_pem(read_key(private.next(name))))
            _rename(private.next(name), private.private(name))
    write_atomically(archive.keys.verifier, verifier_key(key.public_key()).encode())


def standing_key(archive: Archive, private: Keys) -> EllipticCurvePrivateKey:
    """The private key of packages that is the archive's by the newest statement, or else by its public part. Nothing
    is written, made or finished: a reader has no lock, and a change of keys may be under way. Raises ArchiverError."""
    place, public = private.private(WACZ), _package_key(archive)
    for path in (place, private.next(WACZ)):
        key = read_key(path) if path == place or path.exists() else None
        if isinstance(key, EllipticCurvePrivateKey) and public in {None, package_key(key)}:
            return key
    raise ArchiverError(
        f"{place} does not belong to {archive.keys.public(WACZ)}",
        hint="put the archive's own key back, or name its folder with --keys",
    )


def _package_key(archive: Archive) -> str | None:
    """The public key of packages (SubjectPublicKeyInfo in Base64); None where it is lost."""
    for path in _statements(archive)[-1:]:
        return read_statement(path.read_bytes()).new_package
    public = archive.keys.public(WACZ)
    with read_errors(public):
        pem = public.read_bytes().decode("utf-8", "replace") if public.exists() else None
    return None if pem is None else "".join(pem.split("\n")[1:-2])


def names_before(archive: Archive) -> frozenset[str]:
    """The names that the log had under earlier keys. Raises ArchiveDamaged."""
    changes = [read_statement(path.read_bytes()) for path in _statements(archive)]
    return frozenset(change.old.partition("+")[0] for change in changes)


def first_name(archive: Archive, private: Keys) -> str:
    """The name that the log had under its first key, which is made when nothing was signed yet: it is told from
    every other log by it for good, whatever keys follow, and also while they are missing. Raises ArchiverError."""
    for path in _statements(archive)[:1]:
        return read_statement(path.read_bytes()).old.partition("+")[0]
    public = archive.keys.public(LOG)
    if not public.exists():
        for size in archive.log.sizes()[-1:]:
            with read_errors(archive.log.checkpoint(size)):
                return read_checkpoint(archive.log.checkpoint(size).read_bytes()).origin
        private.prepare()
        archive.keys.prepare()
        return name_of(log_key(private.private(LOG), public).public_key())
    with read_errors(public):
        return name_of_pem(public.read_bytes())


def public_at(archive: Archive, size: int) -> bytes:
    """The public key, as PEM, that signed the checkpoint of `size` leaves. Raises ArchiveDamaged."""
    for path in _statements(archive):
        change = read_statement(path.read_bytes())
        if size <= change.size:
            return pem_of_line(change.old)
    public = archive.keys.public(LOG)
    if not public.exists():
        raise ArchiveDamaged(f"{public} is missing", hint=FROM_BACKUP)
    with read_errors(public):
        return public.read_bytes()


def _statements(archive: Archive) -> list[Path]:
    return sorted(archive.log.key_changes.glob("[0-9]*.txt"))


def _unsettled(archive: Archive) -> tuple[Path, KeyChange] | None:
    """The newest statement, when its key is not the log's yet."""
    for path in _statements(archive)[-1:]:
        told = read_statement(path.read_bytes())
        line = archive.keys.verifier
        if not line.is_file() or line.read_text(encoding="utf-8").strip() != told.new:
            return path, told
    return None


def _new_key(private: Keys, line: str) -> Ed25519PrivateKey:
    """The log's new private key, wherever the interruption left it."""
    for path in (private.next(LOG), private.private(LOG)):
        key = read_key(path) if path.exists() else None
        if isinstance(key, Ed25519PrivateKey) and verifier_key(key.public_key()).strip() == line:
            return key
    raise ArchiverError(
        f"the signing key that follows by the newest statement is missing in {private.path}",
        hint="put it back, or name its folder with --keys",
    )


def _enter(archive: Archive, place: Path, size: int) -> None:
    """Append the statement's leaf, unless it is there."""
    leaves = read_leaves(archive.log.leaves)
    leaf = Leaf(kind="keychange", name=place.stem, hash=leaf_hash(place.read_bytes()).hex())
    if len(leaves.all) == size:
        append_leaves(archive.log.leaves, leaves.length, [leaf])
    elif len(leaves.all) < size or leaves.all[size] != leaf:
        raise ArchiveDamaged(f"{archive.log.leaves} is not the log that {place} speaks of")


def _rename(unfinished: Path, final: Path) -> None:
    with disk_errors(final):
        os.replace(unfinished, final)
        sync_folder(final.parent)
