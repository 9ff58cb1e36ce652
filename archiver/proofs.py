"""Proofs out of an archive's log: that a capture is in it, and that it only ever grew.

The text of a proof is C2SP tlog-proof: the place of the leaf, the hashes that lead from it to the root, and the
signed checkpoint that holds the root. With the manifest it can be checked by anybody, without the archive.
"""

import base64
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from archiver.errors import ArchiverError
from archiver.manifests.log import Leaf
from archiver.manifests.merkle import Tree, consistency_proof, root_of
from archiver.manifests.note import Checkpoint, read_checkpoint
from archiver.rotation import names_before, public_at
from archiver.sealing import sound_log
from archiver.storage.layout import Archive

FORMAT = "c2sp.org/tlog-proof@v1"
FOLDER = "seal/"
"""Where the proofs of an exported package lie in it."""


class Inclusion(Struct, frozen=True):
    """That a capture's manifest is leaf `index` of the tree that `checkpoint` signs; hashes are in base64."""

    capture: str
    index: int
    size: int
    hashes: tuple[str, ...]
    checkpoint: str

    @property
    def text(self) -> str:
        """The proof as a file."""
        return "\n".join([FORMAT, f"index {self.index}", *self.hashes, "", self.checkpoint])


class Consistency(Struct, frozen=True):
    """That the tree of `old` leaves is the beginning of the one that `checkpoint` signs."""

    old: int
    old_root: str
    size: int
    root: str
    hashes: tuple[str, ...]
    checkpoint: str


class Proofs:
    """The log of an archive, read once. Raises ArchiveDamaged when it contradicts its last checkpoint."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._hashes: list[bytes] = []
        self._index: dict[str, int] = {}
        sound_log(archive, self._see)
        self._tree = (-1, Tree(()))
        stamps = {path.name[:12] for path in archive.log.stamps.glob("*.tsr")}
        self._stamped = {size for size in archive.log.sizes() if f"{size:012}" in stamps}

    def _see(self, leaf: Leaf) -> None:
        if leaf.kind == "manifest":
            self._index[leaf.name] = len(self._hashes)
        self._hashes.append(leaf.bytes)

    def checkpoint_for(self, captures: Iterable[str]) -> int:
        """The size of the oldest tree that holds all of them, a stamped one before others: it says
        most about when. Raises ArchiverError when one is in no signed tree."""
        needed = 1 + max((self._place(name) for name in captures), default=-1)
        holding = [size for size in self._archive.log.sizes() if size >= needed]
        if not holding:
            raise ArchiverError(
                "the log is not signed to its end", hint="the next `archiver run` signs it"
            )
        return min((size for size in holding if size in self._stamped), default=holding[0])

    def inclusion(self, capture: str, size: int) -> Inclusion:
        """The proof for a capture in the tree of `size` leaves."""
        index = self._place(capture)
        if self._tree[0] != size:
            self._tree = (size, Tree(self._hashes[:size]))
        hashes = self._tree[1].inclusion(index)
        return Inclusion(capture, index, size, _encoded(hashes), self._text(size))

    def consistency(self, old: int) -> Consistency:
        """The proof that the newest tree begins with the one of `old` leaves. Raises ArchiverError."""
        size = self._newest()
        try:
            hashes = consistency_proof(self._hashes[:size], old)
        except ValueError as error:
            raise ArchiverError(f"the log has {size} signed leaves: {error}") from error
        old_root, root = (self._root(old), self._root(size))
        return Consistency(old, old_root, size, root, _encoded(hashes), self._text(size))

    def see_same(self, earlier: Checkpoint) -> None:
        """Raise ArchiverError unless the log began as an earlier checkpoint of it says."""
        newest = read_checkpoint(self._text(self._newest()).encode())
        if earlier.origin not in {newest.origin, *names_before(self._archive)}:
            raise ArchiverError(f"the checkpoint is of another log, {earlier.origin}")
        if earlier.size > newest.size:
            raise ArchiverError(f"the checkpoint has {earlier.size} leaves, the log {newest.size}")
        if base64.b64encode(earlier.root).decode() != self._root(earlier.size):
            raise ArchiverError("the log is not a continuation of that checkpoint")

    def files(self, captures: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """What a package takes along, by path: key, checkpoint, tokens, and a proof for each of its captures."""
        log, size = self._archive.log, self.checkpoint_for(captures)
        yield f"{FOLDER}log.pub", public_at(self._archive, size)
        for path in sorted(log.key_changes.glob("*.txt")):
            yield f"{FOLDER}keychange-{path.name}", path.read_bytes()
        yield f"{FOLDER}checkpoint.txt", self._text(size).encode()
        for path in sorted(log.stamps.glob(f"{size:012}-*.*")):
            yield f"{FOLDER}{path.name}", path.read_bytes()
        for name in captures:
            yield f"{FOLDER}{name}.proof", self.inclusion(name, size).text.encode()

    def _newest(self) -> int:
        sizes = self._archive.log.sizes()
        if not sizes:
            raise ArchiverError(
                "the archive has no log yet", hint="the next `archiver run` makes it"
            )
        return sizes[-1]

    def _place(self, capture: str) -> int:
        try:
            return self._index[capture]
        except KeyError:
            raise ArchiverError(
                f"the capture {capture} is not in the log",
                hint="the next `archiver run` appends it",
            ) from None

    def _text(self, size: int) -> str:
        return self._archive.log.checkpoint(size).read_text(encoding="utf-8")

    def _root(self, size: int) -> str:
        return base64.b64encode(root_of(self._hashes[:size])).decode()


def _encoded(hashes: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(base64.b64encode(one).decode() for one in hashes)
