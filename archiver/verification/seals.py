"""The log of an archive against everything it stands for: checkpoints, manifests, packages, tokens.

From the outside in: the public key, the signature of every checkpoint, the root of every checkpoint over the
leaves before it (so that each is the beginning of the next), and each leaf against the file it is the hash of,
both ways. What this can show is that nothing changed since it was signed. Who holds the private key can sign
another history; only a key or a checkpoint kept elsewhere (`Trust`), or a time stamp, tells that one apart.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from archiver.verification.busy import Busy
from archiver.verification.checkpoint import LogKey, Note, read_key, read_note, verifier_line
from archiver.verification.defect import Defect, quoted
from archiver.verification.few import few
from archiver.verification.keychain import Chain, read_chain
from archiver.verification.leaves import Leaf, Order, read_leaves
from archiver.verification.logfolder import (
    CHANGES,
    CHECKPOINTS,
    LEAVES,
    STAMP_ENDINGS,
    STAMPS,
    TOMBSTONES,
    strangers_in,
)
from archiver.verification.merkle import Frontier, leaf_of
from archiver.verification.opening import read_small
from archiver.verification.ots import check_proof, told_of_proof
from archiver.verification.package import DIGEST
from archiver.verification.run import RunFacts
from archiver.verification.secrets import key_problems
from archiver.verification.stamps import check_token, told_of_token
from archiver.verification.stones import MOST, read_stones
from archiver.verification.tree import reason
from archiver.verification.trust import Trust

LOG, KEYS = "log", "keys"
NEXT = "next run will do it"
SEEN = b""
"""Stands for the leaf hash of what the log was found to hold."""


class Seal:
    """The log of one archive: tell it every run with `compare`, then `close`."""

    def __init__(self, root: Path, trust: Trust, busy: Busy) -> None:
        self._root, self._trust, self._busy = root, trust, busy
        self._log = root / LOG
        self.defects: list[Defect] = []
        self.notes: list[str] = []
        self._of_runs: list[Defect] = []
        self._there: dict[str, bytes] = {}
        self._left: dict[str, bytes] = {}
        self._named: dict[str, Path] = {}
        self._folders: dict[str, Path] = {}
        self._unfinished: set[str] = set()
        self._signers: dict[str, bytes | None] = {}
        self._told: dict[str, dict[str, int]] = {}
        self._end = 0
        self._new: dict[str, str] = {}
        self._stones = read_stones(self._log / TOMBSTONES)
        self.removed = frozenset(id for stone in self._stones.values() for id in stone.records)

    def compare(self, run: RunFacts, folder: Path) -> None:
        """Take note of what a run holds."""
        for path, sheet in run.sheets.items():
            if sheet.readable and sheet.run_id != folder.name:
                what = f"is of another run, {quoted(sheet.run_id)}"
                self._of_runs.append(Defect(str(folder / path), "", what))
            name = path.removeprefix("manifests/").removesuffix(".json")
            self._there[f"manifest {folder.name}/{name}"] = sheet.leaf
        if not run.finished:
            self._unfinished.add(folder.name)
            return
        self._folders[folder.name] = folder
        for path, sheet in run.sheets.items():
            if sheet.archive_id is not None:
                self._named.setdefault(sheet.archive_id, folder / path)
        self._there[f"package {folder.name}/{folder.name}"] = run.signed.leaf
        self._signers[folder.name] = run.signed.key

    def _package_key(self) -> bytes:
        """The public key of packages (DER); empty when it cannot be read."""
        try:
            key = load_pem_public_key(read_small(self._root / KEYS / "wacz.pub"))
        except (OSError, ValueError, UnsupportedAlgorithm):
            return b""
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def close(self) -> None:
        """All runs are known: check the log. May be done again, when it was written to meanwhile."""
        self._busy.look()
        self.defects, self.notes, self._left = [*self._of_runs], [], dict(self._there)
        self._told = {"tombstone": {}, "package": {}, "keychange": {}}
        self._stones = read_stones(self._log / TOMBSTONES)
        used = self._log.exists() or (self._root / KEYS).exists()
        if not used or self._is_not_begun():
            self._never_sealed(used)
            return
        self.defects += key_problems(self._root / KEYS)
        self._read()
        chain = self._chain()
        if chain is not None:
            self._check_packages(chain)
            self._check_checkpoints(chain)
        self._check_leaves()
        self.defects += few(self._missing(), of_kind="files are not in the log")
        self._check_stamps()
        self.defects += strangers_in(self._log, self._told)

    def _read(self) -> None:
        """Where in the log things are told. Of the packages of a run the last one counts; of those that came since
        the archive began to be read, the one that was read."""
        order = Order()
        for leaf in read_leaves(self._log / LEAVES, self.defects):
            order.see(leaf)
            self._end = leaf.line
            told = self._told.get(leaf.kind, {})
            late = leaf.kind == "package" and leaf.name in told and self._busy.is_since(leaf.line)
            if not late or leaf.hash == self._hash_of(leaf):
                told[leaf.name] = leaf.line
        self.notes += order.notes
        told = self._told["tombstone"]
        self._new = {id: one.run_id for id, one in self._stones.items() if id not in told}

    def _is_not_begun(self) -> bool:
        """Whether the first run was killed before it signed anything: it had made the log's key, whose name
        the manifests bear, and neither the line that tells it to others nor a leaf."""
        written = (path for path in self._log.rglob("*") if not path.is_dir())
        return not (self._root / KEYS / "log.vkey").exists() and next(written, None) is None

    def _never_sealed(self, used: bool) -> None:
        for pin in self._trust.pins:
            self._say(self._log, f"is missing, and {pin} is pinned")
        if used:
            what = f"has no leaf: nothing in the archive is signed (killed? then {NEXT})"
            self._say(self._log, what, passing=True)
        elif self._named or any(self._signers.values()):
            name = f", {quoted(next(iter(self._named)))}" if self._named else ""
            self._say(self._log, f"is missing, and {KEYS}/ too: the runs here are of a log{name}")
        elif self._folders and not self._trust.pins:
            self.notes.append(f"{self._root} has no log: nothing in it is signed")

    def _say(self, path: Path, what: str, *, passing: bool = False) -> None:
        self.defects.append(Defect(str(path), "", what, passing))

    def _chain(self) -> Chain | None:
        """The keys of the archive; None when the one of today cannot be read."""
        key = self._key()
        if key is None:
            return None
        changes = {name: line - 1 for name, line in self._told["keychange"].items()}
        folder = self._log / CHANGES
        chain = read_chain(folder, key, self._package_key(), changes, self.defects)
        for name, pin in chain.strange(self._trust):
            self._say(self._root / KEYS / name, f"is another key than the one in {pin}")
        for name, path in self._named.items():
            if name != chain.keys[0].name:
                self._say(path, f"names another archive than this one: {quoted(name)}")
        if changes:
            self.notes.append(f"the keys were replaced {len(changes)} times: {folder}")
        return chain

    def _check_packages(self, chain: Chain) -> None:
        """Each package is signed with the key of its time; one not in the log yet, with that of today."""
        for run, signer in self._signers.items():
            line = self._told["package"].get(run)
            if signer != chain.package_of(None if line is None else line - 1):
                self._say(self._folders[run] / DIGEST, "is not signed with the archive's key")

    def _key(self) -> LogKey | None:
        path = self._root / KEYS / "log.pub"
        try:
            key = read_key(read_small(path))
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else quoted(error)
            self._say(path, f"is not the public key of the log: {why}")
            return None
        line = self._root / KEYS / "log.vkey"
        if _small(line) != verifier_line(key):
            self._say(line, "is not the key of log.pub")
        return key

    def _notes(self, chain: Chain) -> Iterator[tuple[Path | str, Note]]:
        """Every checkpoint with a good signature: those of the log by path, pinned ones by name."""
        folder = self._log / CHECKPOINTS
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            try:
                note = read_note(read_small(path))
                problem = note.problem(chain.key_of(note.size))
                if path.name != f"{note.size:012}.txt":
                    problem = f"is the checkpoint of {note.size} leaves"
            except ValueError as error:
                problem = quoted(error)
            except OSError as error:
                problem = f"cannot be read: {reason(error)}"
            if problem:
                self._say(path, problem)
            else:
                yield path, note
        for pin, note in self._trust.notes.items():
            if problem := note.problem(chain.key_of(note.size)):
                self._say(self._log, f"the pinned {pin} {problem}")
            else:
                yield pin, note

    def _check_checkpoints(self, chain: Chain) -> None:
        """Compare the root of each with that of the leaves before it, and see that the last covers all."""
        leaves, frontier = read_leaves(self._log / LEAVES, []), Frontier()
        signed = 0
        for place, note in sorted(self._notes(chain), key=lambda pair: pair[1].size):
            for leaf in islice(leaves, note.size - frontier.size):
                frontier.add(leaf.hash)
            pinned = f"{self._log / LEAVES} does not begin as the pinned {place} says"
            path = place if isinstance(place, Path) else self._log
            if note.size > frontier.size:
                what = f"is of {note.size} leaves, the log has {frontier.size}"
                self._say(path, what if isinstance(place, Path) else f"{pinned}: {what}")
            elif frontier.root != note.root:
                what = "its root is not that of the leaves: the log was changed"
                self._say(path, what if isinstance(place, Path) else pinned)
            if isinstance(place, Path):
                signed = max(signed, note.size)
        count = frontier.size + sum(1 for _ in leaves) - signed
        if count > 0:
            what = f"the last {count} leaves are not signed yet: {NEXT}"
            self._say(self._log / LEAVES, what, passing=True)

    def _check_leaves(self) -> None:
        """Each leaf against its file. A removed capture may be gone, and its package is the newest."""
        removed = self._told["tombstone"]
        wrong = self._wrong_leaves(removed, self._told["package"])
        self.defects += few(wrong, of_kind="leaves are wrong")
        if removed:
            said = "1 capture was" if len(removed) == 1 else f"{len(removed)} captures were"
            self.notes.append(f"{said} removed on request: {self._log / TOMBSTONES}")

    def _wrong_leaves(
        self, removed: Mapping[str, int], packages: Mapping[str, int]
    ) -> Iterator[Defect]:
        """The leaves that do not fit their files; those that have one are taken off `_left`."""
        lost: set[str] = set()
        for leaf in islice(read_leaves(self._log / LEAVES, []), self._end):
            key = f"{leaf.kind} {leaf.key}"
            if leaf.kind == "package" and packages[leaf.name] != leaf.line:
                continue
            if key in lost or self._left.get(key) == SEEN:
                yield self._at(leaf, "is there twice")
                continue
            gone = removed.get(leaf.name) if leaf.kind == "manifest" else None
            yield from self._compare(leaf, gone)
            if key in self._left:
                self._left[key] = SEEN
            else:
                lost.add(key)

    def _compare(self, leaf: Leaf, gone: int | None) -> Iterator[Defect]:
        """What is wrong with a leaf; `gone` is the line of the tombstone of what was removed."""
        real = self._hash_of(leaf)
        if gone is not None:
            if real is not None and not self._busy.is_since(gone):
                yield self._at(leaf, f"capture {quoted(leaf.name)} was removed and is there again")
            stone = self._stones.get(leaf.name)
            if stone is not None and stone.run_id != leaf.run:
                what = f"was of the run {quoted(stone.run_id)}, as its tombstone says"
                yield self._at(leaf, f"capture {quoted(leaf.name)} {what}")
        elif real is None and self._busy.is_signed_since(leaf.line):
            return
        elif real is None:
            what = f"the {leaf.kind} {quoted(leaf.name)} is missing"
            yield self._at(leaf, what, passing=self._is_in_work(leaf))
        elif real != leaf.hash:
            what = f"the {leaf.kind} {quoted(leaf.name)} is not the one that was signed"
            yield self._at(leaf, what, passing=leaf.kind == "package" and self._is_in_work(leaf))

    def _is_in_work(self, leaf: Leaf) -> bool:
        """Whether a removal that has not ended explains it: it takes the seal off the run, writes a tombstone, takes
        the capture out, seals the run again, and only then all of it comes into the log."""
        if leaf.kind == "package":
            return leaf.name in self._unfinished or leaf.name in self._new.values()
        return self._busy.is_since(leaf.line) or self._new.get(leaf.name) == leaf.run

    def _at(self, leaf: Leaf, what: str, *, passing: bool = False) -> Defect:
        return Defect(str(self._log / LEAVES), f"line {leaf.line}", what, passing)

    def _hash_of(self, leaf: Leaf) -> bytes | None:
        """The leaf hash of the file as it is now; None when it is not there."""
        if leaf.kind in ("manifest", "package"):
            return self._left.get(f"{leaf.kind} {leaf.key}")
        data = _small(self._file_of(leaf))
        return None if data is None else leaf_of(data)

    def _file_of(self, leaf: Leaf) -> Path:
        if leaf.kind == "stamp":
            return self._log / STAMPS / leaf.name
        if leaf.kind == "keychange":
            return self._log / CHANGES / f"{leaf.name}.txt"
        return self._log / TOMBSTONES / f"{leaf.name}.json"

    def _missing(self) -> Iterator[Defect]:
        """What lies in the archive and is not in the log."""
        for key, leaf in self._left.items():
            kind, _, rest = key.partition(" ")
            run, _, name = rest.partition("/")
            if leaf != SEEN and run in self._folders:
                file = DIGEST if kind == "package" else f"manifests/{name}.json"
                path = self._folders[run] / file
                what = f"is not in the log (killed? then {NEXT})"
                yield Defect(str(path), "", what, passing=True)

    def _check_stamps(self) -> None:
        folder = self._log / STAMPS
        there = sorted(folder.iterdir()) if folder.is_dir() else ()
        for path in (path for path in there if path.suffix in STAMP_ENDINGS):
            checkpoint = _small(self._log / CHECKPOINTS / f"{path.name[:12]}.txt")
            data = _small(path)
            if data is None:
                self._say(path, "cannot be read")
                continue
            if checkpoint is None:
                self._say(path, "is a time stamp of a checkpoint that is not there")
                continue
            if path.suffix == ".ots":
                self._check_proof(path, data, checkpoint)
                continue
            token = check_token(data, checkpoint, self._trust.roots)
            if token.problem:
                self._say(path, token.problem)
            self.notes += told_of_token(str(path), token)

    def _check_proof(self, path: Path, data: bytes, checkpoint: bytes) -> None:
        proof = check_proof(data, checkpoint)
        if proof.problem:
            self._say(path, proof.problem)
        self.notes += told_of_proof(str(path), proof)


def _small(path: Path) -> bytes | None:
    """The bytes of a small plain file; None where there is none."""
    try:
        return read_small(path, MOST)
    except OSError:
        return None
