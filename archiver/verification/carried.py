"""The seal that an exported package carries: the key and a checkpoint of the log that its captures are in, what
time-stamps that checkpoint, and of each manifest the proof that it is a leaf of that tree (C2SP tlog-proof).

The package's own signature covers only who packed it. Whether its captures are those of the archive is told by
these proofs, and whose archive that is by a key or a checkpoint that was kept elsewhere (`Trust`).
"""

import hashlib
import re
from collections.abc import Iterator

from msgspec import Struct

from archiver.verification.checkpoint import LogKey, Note, exactly, read_key, read_note
from archiver.verification.defect import Defect, quoted
from archiver.verification.few import few
from archiver.verification.keychain import Chain, Change, link, read_change
from archiver.verification.merkle import includes
from archiver.verification.ots import check_proof, told_of_proof
from archiver.verification.package import DIGEST
from archiver.verification.run import RunFacts
from archiver.verification.stamps import check_token, told_of_token
from archiver.verification.tree import Tree, read_text_file
from archiver.verification.trust import Trust

FOLDER, SHEETS = "seal/", "manifests/"
KEY, CHECKPOINT = f"{FOLDER}log.pub", f"{FOLDER}checkpoint.txt"
CHANGE = re.compile(r"seal/keychange-(\d{12})\.txt")
STAMP = re.compile(r"seal/(\d{12})-[^/]+\.(tsr|ots)")
PROOF = re.compile(r"c2sp\.org/tlog-proof@v1\nindex (0|[1-9]\d{0,15})\n((?:[^\n]+\n)*)\n")


class Inclusion(Struct, frozen=True):
    """A proof: the place of the leaf, the hashes that lead to the root, the checkpoint that holds the root."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes


def read_proof(data: bytes) -> Inclusion:
    """Read a proof of one leaf. Raises ValueError when a byte is not as it should be."""
    text = data.decode()
    match = PROOF.match(text)
    if match is None:
        raise ValueError("is no proof of a log")
    hashes = tuple(exactly(line) for line in match[2].splitlines())
    return Inclusion(int(match[1]), hashes, text[match.end() :].encode())


class Carried:
    """The seal of one package against what was found in it: `defects`, and `notes` on what only the
    reader can compare."""

    def __init__(self, tree: Tree, run: RunFacts, trust: Trust) -> None:
        self._tree, self._run, self._trust = tree, run, trust
        self.defects: list[Defect] = []
        self.notes: list[str] = [_signer(run)]
        if any(path.startswith(FOLDER) for path in tree.files):
            self._check()
        else:
            self._none()

    def _none(self) -> None:
        for pin in (*self._trust.keys, *self._trust.notes):
            self._say("", f"holds no proof of a log, and {pin} is pinned")
        for pin, key in self._trust.packages.items():
            if key != self._run.signed.key:
                self._say(DIGEST, f"is not signed with the key in {pin}")
        self.notes.append(f"{self._run.name} holds no proof that its captures are in a log")

    def _say(self, path: str, what: str) -> None:
        shown = self._tree.shown(path) if path else self._run.name
        self.defects.append(Defect(shown, "", what))

    def _check(self) -> None:
        key, data = self._key(), read_text_file(self._tree, CHECKPOINT, self.defects)
        if key is None or data is None:
            return
        chain = self._chain(key)
        try:
            note = read_note(data)
            problem = note.problem(chain.key_of(note.size))
        except ValueError as error:
            self._say(CHECKPOINT, quoted(error))
            return
        if problem or chain.key_of(note.size) != key:
            self._say(CHECKPOINT, problem or f"was signed by another key than {KEY}")
        self._check_pins(chain, note)
        self.defects += few(self._proofs(note, data), of_kind="manifests are not proven")
        self._check_stamps(note, data)
        self._check_strangers()

    def _key(self) -> LogKey | None:
        data = read_text_file(self._tree, KEY, self.defects)
        try:
            return None if data is None else read_key(data)
        except ValueError as error:
            self._say(KEY, f"is not the public key of the log: {quoted(error)}")
            return None

    def _chain(self, key: LogKey) -> Chain:
        """The keys of the log up to the export; that of the checkpoint may be any of them."""
        changes: list[Change] = []
        for path in sorted(filter(CHANGE.fullmatch, self._tree.files)):
            data = read_text_file(self._tree, path, self.defects)
            try:
                changes += [read_change(data)] if data is not None else []
            except ValueError as error:
                self._say(path, quoted(error))
        last = changes[-1] if changes else None
        signer = self._run.signed.key or b""
        shown = self._tree.shown(FOLDER)
        chain = link(
            shown,
            last.new if last else key,
            last.new_package if last else signer,
            changes,
            self.defects,
        )
        if last and signer and signer != last.new_package:
            self._say(DIGEST, "is not signed with the archive's key")
        for sheet in self._run.sheets.values():
            if sheet.archive_id not in (None, chain.keys[0].name):
                self._say(
                    "",
                    f"is of the archive {quoted(sheet.archive_id)}, its seal of {chain.keys[0].name}",
                )
                break
        return chain

    def _check_pins(self, chain: Chain, note: Note) -> None:
        for name, pin in chain.strange(self._trust):
            if name == KEY.removeprefix(FOLDER):
                self._say(KEY, f"is another key than the one in {pin}")
            else:
                self._say(DIGEST, f"is not signed with the key in {pin}")
        for pin, other in self._trust.notes.items():
            if problem := other.problem(chain.key_of(other.size)):
                self._say(CHECKPOINT, f"the pinned {pin} {problem}")
            elif other.size == note.size and other.root != note.root:
                self._say(CHECKPOINT, f"contradicts the pinned {pin}")
            elif other.size != note.size:
                said = f"{note.size} leaves here, {other.size} in {pin}"
                self.notes.append(
                    f"{said}: only the archive shows that one log begins with the other"
                )
        if not self._trust.keys and not self._trust.notes:
            self.notes.append(
                f"{self._run.name} proves its captures by the log {note.origin} of {note.size} leaves;"
                " whose that is, a key kept elsewhere tells (--pin)"
            )

    def _proofs(self, note: Note, checkpoint: bytes) -> Iterator[Defect]:
        """Manifests without a proof that holds, and proofs of what is not there."""
        paths = {_proof_of(path): path for path in self._run.sheets}
        for proof, path in paths.items():
            if proof not in self._tree.files:
                yield Defect(self._tree.shown(path), "", "has no proof that it is in the log")
            elif problem := self._problem(proof, path, note, checkpoint):
                yield Defect(self._tree.shown(path), "", problem)
        for proof in self._tree.files:
            if proof.startswith(FOLDER) and proof.endswith(".proof") and proof not in paths:
                yield Defect(self._tree.shown(proof), "", "is the proof of nothing that is here")

    def _problem(self, proof: str, path: str, note: Note, checkpoint: bytes) -> str | None:
        data = read_text_file(self._tree, proof, self.defects)
        try:
            found = read_proof(data or b"")
        except ValueError as error:
            return f"its proof {quoted(error)}"
        if found.checkpoint != checkpoint:
            return "its proof is of another checkpoint"
        leaf = self._run.sheets[path].leaf
        held = includes(leaf, found.index, note.size, found.hashes, note.root)
        return (
            None if held else "is not the one that was signed: its proof does not lead to the log"
        )

    def _check_stamps(self, note: Note, checkpoint: bytes) -> None:
        for path in sorted(filter(STAMP.fullmatch, self._tree.files)):
            data = read_text_file(self._tree, path, self.defects)
            if data is None:
                continue
            if int(path[len(FOLDER) :][:12]) != note.size:
                self._say(path, "is a time stamp of another checkpoint")
                continue
            if problem := self._stamp_problem(self._tree.shown(path), data, checkpoint):
                self._say(path, problem)

    def _stamp_problem(self, shown: str, data: bytes, checkpoint: bytes) -> str:
        if shown.endswith(".ots"):
            proof = check_proof(data, checkpoint)
            self.notes += told_of_proof(shown, proof)
            return proof.problem
        token = check_token(data, checkpoint, self._trust.roots)
        self.notes += told_of_token(shown, token)
        return token.problem

    def _check_strangers(self) -> None:
        for path in self._tree.files:
            known = path in (KEY, CHECKPOINT) or path.endswith(".proof")
            known = known or bool(CHANGE.fullmatch(path) or STAMP.fullmatch(path))
            if path.startswith(FOLDER) and not known:
                self._say(path, "does not belong here")


def _proof_of(path: str) -> str:
    return f"{FOLDER}{path.removeprefix(SHEETS).removesuffix('.json')}.proof"


def _signer(run: RunFacts) -> str:
    if run.signed.key is None:
        return f"{run.name} is not signed"
    return f"{run.name} is signed by the key with the SHA-256 {hashlib.sha256(run.signed.key).hexdigest()}"
