"""The leaves of a lost log again, from what they are the hashes of.

The checkpoints say how many leaves there were and what their root was, and how a run appends its leaves is fixed. So
the order can be found again, and the root of every checkpoint proves that it is the right one. That needs all that
the leaves are of: where something was removed for good, it cannot be done, and nothing is written.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from pathlib import Path

from archiver.clock import Clock, compact
from archiver.errors import ArchiveDamaged
from archiver.files import disk_errors, sync_folder
from archiver.manifests.log import Kind, Leaf, append_leaves, read_leaves
from archiver.manifests.merkle import leaf_hash, root_of
from archiver.manifests.note import read_checkpoint
from archiver.sealing import package_leaf
from archiver.storage.layout import Archive

MOST_TRIES = 4096
"""Orders that are tried for one checkpoint before it is given up."""


def restore_log(archive: Archive, clock: Clock) -> int | None:
    """Write the leaves again when they are lost; gives their number, None when they are there.

    Raises ArchiveDamaged when their order cannot be proven. Hold the lock.
    """
    sizes = archive.log.sizes()
    if not sizes or len(read_leaves(archive.log.leaves).all) >= sizes[-1]:
        return None
    leaves = found_again(archive)
    with disk_errors(archive.log.leaves):
        if archive.log.leaves.exists():
            name = f"{compact(clock.now())}-{archive.log.leaves.name}"
            os.replace(archive.log.leaves, archive.quarantine / name)
            sync_folder(archive.quarantine)
    append_leaves(archive.log.leaves, 0, leaves)
    return len(leaves)


def found_again(archive: Archive) -> list[Leaf]:
    """The leaves up to the newest checkpoint. Raises ArchiveDamaged."""
    leaves: list[Leaf] = []
    runs = list(_runs(archive))
    stamps = [_leaf_of("stamp", path, path.name) for path in sorted(archive.log.stamps.glob("*.*"))]
    for size in archive.log.sizes():
        root = read_checkpoint(archive.log.checkpoint(size).read_bytes()).root
        for more in islice(_orders(archive, leaves, runs, stamps, size), MOST_TRIES):
            if root_of([leaf.bytes for leaf in (*leaves, *more)]) == root:
                leaves += more
                break
        else:
            raise ArchiveDamaged(
                f"{archive.log.leaves} is lost, and the order of its leaves before checkpoint {size} cannot be proven",
                hint="put a copy of the file back; what was removed for good leaves no other way",
            )
    return leaves


def _orders(
    archive: Archive,
    before: Sequence[Leaf],
    runs: Sequence[tuple[Leaf, ...]],
    stamps: Sequence[Leaf],
    size: int,
) -> Iterator[list[Leaf]]:
    """What may have been appended up to `size`: a change of keys; or stamps, and then whole runs."""
    change = archive.log.key_change(len(before))
    if change.is_file() and size == len(before) + 1:
        yield [_leaf_of("keychange", change, change.stem)]
    known = set(before)
    waiting = [
        stamp for stamp in stamps if stamp not in known and int(stamp.name[:12]) <= len(before)
    ]
    rest = [leaf for run in runs if run[-1] not in known for leaf in run]
    tokens = [stamp for stamp in waiting if stamp.name.endswith(".tsr")]
    proofs = [stamp for stamp in waiting if not stamp.name.endswith(".tsr")]
    for count in range(len(proofs) + 1):
        for chosen in combinations(proofs, count):
            taken = [*tokens, *chosen]
            needed = size - len(before) - len(taken)
            if 0 < needed <= len(rest):
                yield [*taken, *rest[:needed]]


def _runs(archive: Archive) -> Iterator[tuple[Leaf, ...]]:
    """The leaves of each finished run, as a run appends them."""
    for folder in archive.run_folders():
        if folder.finished:
            names = folder.captures()
            manifests = (_leaf_of("manifest", folder.manifest(n), n, folder.id) for n in names)
            yield (*manifests, package_leaf(folder))


def _leaf_of(kind: Kind, path: Path, name: str, run: str = "") -> Leaf:
    digest = leaf_hash(path.read_bytes()).hex()
    return Leaf(kind=kind, name=name, run=run, hash=digest)
