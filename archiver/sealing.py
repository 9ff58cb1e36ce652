"""Sealing an archive at the end of a run: log, signed checkpoint, signed packages, time stamps.

What is captured is committed by then, so nothing here may undo it: what cannot be sealed is a problem of
the run, said in one line, and the next run goes on where this one stopped.
"""

from collections.abc import Callable, Iterator, Mapping, Set
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from msgspec import Struct

from archiver import __version__
from archiver.anchoring import anchor, anchored
from archiver.clock import Clock, Ids, RandomIds
from archiver.config import Settings
from archiver.errors import ArchiveDamaged, ArchiverError, NoSpace
from archiver.files import read_errors, write_atomically
from archiver.manifests.keys import LOG, WACZ, log_key, wacz_key
from archiver.manifests.log import Leaf, append_leaves, each_leaf
from archiver.manifests.merkle import Growing, leaf_hash
from archiver.manifests.note import name_of, read_checkpoint, sign, verifier_key
from archiver.manifests.signed import signed_data
from archiver.manifests.stamp import ANSWER, ASK, question, roots_of, see_answer
from archiver.net.client import Client, whole_answer
from archiver.package.run import Sign
from archiver.rotation import first_name, settle
from archiver.storage.layout import Archive, Keys, RunFolder

LONGEST_TOKEN = 1 << 20
STAMP_SECONDS = 15.0
SOFTWARE = f"archiver {__version__}"


class Sealer:
    """Signs what a run leaves behind. Keys are read, or made, when they are first needed."""

    def __init__(
        self,
        archive: Archive,
        settings: Settings,
        client: Client,
        clock: Clock,
        ids: Ids | None = None,
    ) -> None:
        self._archive = archive
        self._private = Keys(settings.keys) if settings.keys else archive.keys
        self._authorities = settings.tsa
        self._calendars = settings.ots_calendars
        self._authority_roots = settings.tsa_ca
        self._client = client
        self._clock = clock
        self._ids = ids or RandomIds()
        self._problems: list[str] = []

    def signer(self) -> Sign | None:
        """What signs a package; None, and a problem of the run, when there is no usable key. Raises NoSpace."""
        try:
            return package_signer(self._archive, self._private)
        except NoSpace:
            raise
        except ArchiverError as error:
            self._say(f"packages wait for their signature: {error.message}")
            return None

    def archive_id(self) -> str | None:
        """The name of the log under its first key, which is made when there is none. None where it cannot be
        told: `signer` says why. Raises NoSpace."""
        try:
            return first_name(self._archive, self._private)
        except NoSpace:
            raise
        except ArchiverError:
            return None

    def seal(self) -> tuple[str, ...]:
        """Append every finished run to the log, sign the checkpoint, have it stamped.

        Gives the problems, one line each, those of `signer` among them. Raises NoSpace: that ends a run.
        """
        try:
            log, known = self._archive.log, extend_log(self._archive, self._private)
            self._stamp()
            for problem in anchor(log, self._calendars, self._client, self._ids, known):
                self._say(problem)
        except NoSpace:
            raise
        except ArchiverError as error:
            self._say(f"the log was not sealed: {error.message}")
        return tuple(self._problems)

    def _say(self, problem: str) -> None:
        if problem not in self._problems:
            self._problems.append(problem)

    def _stamp(self) -> None:
        """Ask every authority for a token over the newest checkpoint, where it has given none yet.

        An older checkpoint that has none needs none: the newest tree begins with the older one.
        """
        log = self._archive.log
        sizes = log.sizes() if self._authorities else ()
        if not sizes:
            return
        message = _read(log.checkpoint(sizes[-1]))
        for authority in self._authorities:
            answer = log.stamp(sizes[-1], authority)
            if not answer.exists():
                try:
                    self._ask(authority, message, answer)
                except NoSpace:
                    raise
                except ArchiverError as error:
                    host = authority.partition("://")[2].partition("/")[0].rpartition("@")[2]
                    self._say(f"no time stamp of {host} yet: {error.message}")

    def _ask(self, authority: str, message: bytes, place: Path) -> None:
        asked = question(message)
        exchange = self._client.fetch(
            authority,
            method="POST",
            headers=(("Content-Type", ASK), ("Accept", ANSWER)),
            body=asked,
            timeout=STAMP_SECONDS,
            max_bytes=LONGEST_TOKEN,
        )[-1]
        answer = whole_answer(exchange)
        see_answer(asked, answer, message, roots_of(self._authority_roots))
        write_atomically(place, answer)


def package_signer(archive: Archive, private: Keys) -> Sign:
    """What signs a package with the archive's key. Raises ArchiverError when there is no usable key."""
    private.prepare()
    archive.keys.prepare()
    settle(archive, private)
    fresh = not archive.log.sizes()
    return signing(wacz_key(private.private(WACZ), archive.keys.public(WACZ), fresh=fresh))


def signing(key: EllipticCurvePrivateKey) -> Sign:
    """What signs packages with that key."""

    def signer(package_hash: str, created: datetime) -> Mapping[str, str]:
        return signed_data(package_hash, key, created=created, software=SOFTWARE)

    return signer


def extend_log(archive: Archive, private: Keys) -> Set[str]:
    """Append what is not in the log yet of all finished runs, and sign. Gives the stamps that were in it, by name.

    Raises ArchiveDamaged when the log contradicts its last checkpoint: such a log is not signed again. Raises
    ArchiverError for a run that is not the archive's own: nothing is signed while it lies there.
    """
    log = archive.log
    settle(archive, private)
    held = sound_log(archive)
    fresh = list(new_leaves(archive, held, cache(lambda: first_name(archive, private))))
    if held.tree.size + len(fresh) == (log.sizes() or (0,))[-1]:
        return held.named["stamp"]
    private.prepare()
    archive.keys.prepare()
    log.prepare()
    key = log_key(private.private(LOG), archive.keys.public(LOG), fresh=not log.sizes())
    see_same_log(archive, name_of(key.public_key()))
    if not archive.keys.verifier.exists():
        write_atomically(archive.keys.verifier, verifier_key(key.public_key()).encode())
    append_leaves(log.leaves, held.length, fresh)
    for leaf in fresh:
        held.tree.add(leaf.bytes)
    size = held.tree.size
    write_atomically(log.checkpoint(size), sign(size, held.tree.root, key))
    return held.named["stamp"]


class Held:
    """What the log holds, read leaf by leaf: of whole runs no more is kept than the hashes of their packages.

    `length` is that of the log in bytes, `named` the names of stamps and tombstones, `open` the manifests of
    runs whose package is not in the log.
    """

    def __init__(self) -> None:
        self.tree = Growing()
        self.length = 0
        self.named: dict[str, set[str]] = {"stamp": set(), "tombstone": set(), "keychange": set()}
        self.packages: dict[str, set[str]] = {}
        self.open: dict[str, set[str]] = {}

    def add(self, leaf: Leaf, length: int) -> None:
        """The next leaf, and where its line ends."""
        self.tree.add(leaf.bytes)
        self.length = length
        if leaf.kind == "manifest":
            self.open.setdefault(leaf.run, set()).add(leaf.name)
        elif leaf.kind == "package":
            self.packages.setdefault(leaf.name, set()).add(leaf.hash)
            self.open.pop(leaf.name, None)
        else:
            self.named[leaf.kind].add(leaf.name)


def nobody(leaf: Leaf) -> None:
    """Takes no note of a leaf."""


def sound_log(archive: Archive, see: Callable[[Leaf], None] = nobody) -> Held:
    """What the log holds, seen to agree with the newest checkpoint. Raises ArchiveDamaged.

    `see` is shown every leaf in its order.

    Every seal reads the log once, some hundred thousand leaves a second, and hashes it: what is signed was seen.
    """
    held = Held()
    newest = (archive.log.sizes() or (0,))[-1]
    root = held.tree.root
    for leaf, length in each_leaf(archive.log.leaves):
        held.add(leaf, length)
        see(leaf)
        if held.tree.size == newest:
            root = held.tree.root
    if newest:
        see_agreed(archive, newest, root if held.tree.size >= newest else b"")
    return held


def see_agreed(archive: Archive, size: int, root: bytes) -> None:
    """Raise ArchiveDamaged unless the checkpoint of that size was signed for this root."""
    place = archive.log.checkpoint(size)
    said = read_checkpoint(_read(place))
    if said.size != size or said.root != root:
        raise ArchiveDamaged(f"{archive.log.leaves} is not what {place.name} was signed for")


def see_same_log(archive: Archive, name: str) -> None:
    """Raise ArchiverError when the newest checkpoint was signed with another key."""
    for size in archive.log.sizes()[-1:]:
        path = archive.log.checkpoint(size)
        if read_checkpoint(_read(path)).origin != name:
            raise ArchiverError(f"{path} was signed with another key than {name}")


def new_leaves(archive: Archive, held: Held, name: Callable[[], str]) -> Iterator[Leaf]:
    """The leaves that the log lacks: tokens first, since they are older than the runs. `name` tells the archive's.

    Tokens wait for a run: on their own they would make every run grow the log by one.
    """
    fresh = list(_new_runs(archive, held, name))
    if fresh:
        known = held.named["stamp"]
        for path in (*sorted(archive.log.stamps.glob("*.tsr")), *anchored(archive.log, known)):
            if path.name not in known:
                yield Leaf(kind="stamp", name=path.name, hash=leaf_hash(_read(path)).hex())
    yield from fresh


def _new_runs(archive: Archive, held: Held, name: Callable[[], str]) -> Iterator[Leaf]:
    """The manifests, then the package, of every finished run that is not wholly in the log; before them
    the tombstones, which are the one reason for a run to be packaged anew."""
    yield from _tombstones(archive, held)
    thinned = _thinned(archive)
    for folder in archive.run_folders():
        whole = held.packages.get(folder.id)
        if (folder.id in thinned or not whole) and folder.finished:
            package = package_leaf(folder)
            if whole is None:
                yield from _manifests_of(folder, held.open.get(folder.id, set()), name)
                yield package
            elif package.hash not in whole:
                yield from _manifests_of(folder, _manifests_in_log(archive, folder.id), name)
                yield package


def _manifests_in_log(archive: Archive, run_id: str) -> set[str]:
    """The manifests of a run that the log holds, by name."""
    leaves = (leaf for leaf, _ in each_leaf(archive.log.leaves))
    return {leaf.name for leaf in leaves if (leaf.kind, leaf.run) == ("manifest", run_id)}


class _Stone(Struct):
    """What is read of a tombstone."""

    run_id: str


def _thinned(archive: Archive) -> frozenset[str]:
    """The runs that something was taken out of."""
    found = (path.read_bytes() for path in archive.log.tombstones.glob("*.json"))
    try:
        return frozenset(msgspec.json.decode(data, type=_Stone).run_id for data in found)
    except msgspec.MsgspecError as error:
        raise ArchiveDamaged(f"{archive.log.tombstones} holds what is no tombstone") from error


def _tombstones(archive: Archive, held: Held) -> Iterator[Leaf]:
    for path in sorted(archive.log.tombstones.glob("*.json")):
        if path.stem not in held.named["tombstone"]:
            digest = leaf_hash(_read(path)).hex()
            yield Leaf(kind="tombstone", name=path.stem, hash=digest)


def _manifests_of(folder: RunFolder, known: set[str], name: Callable[[], str]) -> Iterator[Leaf]:
    for capture_id in folder.captures():
        if capture_id not in known:
            data = _read(folder.manifest(capture_id))
            see_own(folder, capture_id, data, name)
            digest = leaf_hash(data).hex()
            yield Leaf(kind="manifest", name=capture_id, run=folder.id, hash=digest)


class _Origin(Struct):
    """What a manifest says of where it was written."""

    run_id: str
    archive_id: str | None = None


def see_own(folder: RunFolder, capture_id: str, data: bytes, name: Callable[[], str]) -> None:
    """Raise ArchiverError for a manifest that was written in another run or archive.

    A folder that was copied here would be signed for as if this archive had made it, and no leaf can be
    taken back. What is no manifest at all is left to `verify`.
    """
    try:
        origin = msgspec.json.decode(data, type=_Origin)
    except msgspec.MsgspecError:
        return
    if origin.run_id != folder.id:
        where = f"run {origin.run_id[:80]!r}"
    elif origin.archive_id is not None and origin.archive_id != name():
        where = f"archive {origin.archive_id[:80]!r}"
    else:
        return
    raise ArchiverError(
        f"{folder.path} holds {capture_id} of the {where}; move it out of the archive"
    )


def package_leaf(folder: RunFolder) -> Leaf:
    """The leaf that stands for every file of a finished run."""
    return Leaf(kind="package", name=folder.id, hash=leaf_hash(_read(folder.seal)).hex())


def _read(path: Path) -> bytes:
    with read_errors(path):
        return path.read_bytes()
