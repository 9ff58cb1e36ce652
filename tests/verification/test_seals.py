"""Tampering with a sealed archive: what is found, and what only a pin tells apart."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from record_samples import sample
from sealed import CLOCK, Sealed, add_run, sign_anyway

from archiver.commit import Commit, finish
from archiver.errors import UsageError
from archiver.manifests.file import read_manifest
from archiver.storage.layout import Archive, RunFolder
from archiver.storage.ledger import Ledger
from archiver.storage.rebuild import rebuild
from archiver.verification.verify import verify


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """Three runs, each with its checkpoint."""
    sealed = Sealed(tmp_path_factory.mktemp("sealed") / "a")
    for _ in range(3):
        assert add_run(sealed) == ()
    return sealed


@pytest.fixture
def archive(original: Sealed, tmp_path: Path) -> Archive:
    """A copy to tamper with."""
    shutil.copytree(original.archive.root, tmp_path / "a")
    return Archive(tmp_path / "a")


def told(archive: Archive, *pins: Path) -> list[str]:
    return [str(defect) for defect in verify([archive.root], pins=pins).defects]


def lines(archive: Archive) -> list[bytes]:
    return archive.log.leaves.read_bytes().splitlines(keepends=True)


def seal_anew(archive: Archive) -> None:
    """What somebody with the private keys can do: sign whatever lies there, as if it had always been so."""
    shutil.rmtree(archive.log.path)
    sign_anyway(archive)


def unsign(folder: RunFolder) -> None:
    digest = json.loads(folder.seal.read_bytes())
    del digest["signedData"]
    folder.seal.write_text(json.dumps(digest))


def forget(archive: Archive, run: int = 0) -> None:
    """Take a capture out of a run and put everything but the log in order again."""
    folder = list(archive.run_folders())[run]
    name = folder.captures()[1]
    folder.manifest(name).unlink()
    folder.warc(name).unlink()
    finish(folder, Sealed(archive.root).sealer().signer())
    archive.ledger.unlink()
    rebuild(archive, read_manifest, CLOCK)
    for path in archive.quarantine.glob("*"):
        path.unlink()


def test_the_original_is_whole(original: Sealed) -> None:
    assert told(original.archive) == []


def drop(found: list[bytes]) -> list[bytes]:
    return found[:2] + found[3:]


def add(found: list[bytes]) -> list[bytes]:
    leaf = json.loads(found[0]) | {"name": "capture-9-9", "hash": "ab" * 32}
    return [*found, json.dumps(leaf, separators=(",", ":"), sort_keys=True).encode() + b"\n"]


def swap(found: list[bytes]) -> list[bytes]:
    return [found[1], found[0], *found[2:]]


def reorder(found: list[bytes]) -> list[bytes]:
    return found[3:6] + found[:3] + found[6:]


def twice(found: list[bytes]) -> list[bytes]:
    return [*found, found[0]]


def cut(found: list[bytes]) -> list[bytes]:
    return [*found[:-1], found[-1][:-9]]


def shorten(found: list[bytes]) -> list[bytes]:
    return found[:6]


def space(found: list[bytes]) -> list[bytes]:
    return [found[0].replace(b":", b": ", 1), *found[1:]]


def name(found: list[bytes]) -> list[bytes]:
    return [found[0].replace(b"capture-0-0", b"capture-0-1"), *found[1:]]


LEAVES = {
    drop: "the log was changed",
    add: "leaves are not signed yet",
    swap: "the log was changed",
    reorder: "the log was changed",
    twice: "is there twice",
    cut: "is cut off",
    shorten: "is of 9 leaves, the log has 6",
    space: "is no leaf of the log",
    name: "is there twice",
}


@pytest.mark.parametrize("change", LEAVES, ids=lambda change: change.__name__)
def test_leaves_tampered_with(
    archive: Archive, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    archive.log.leaves.write_bytes(b"".join(change(lines(archive))))
    found = told(archive)
    assert any(LEAVES[change] in line for line in found), found


def test_a_capture_taken_out_is_missed_by_the_log(archive: Archive) -> None:
    forget(archive)
    found = told(archive)
    assert any("the manifest capture-0-1 is missing" in line for line in found), found


def test_a_capture_slipped_in_is_not_in_the_log(archive: Archive) -> None:
    forged = Sealed(archive.root)
    forged.runs = list(archive.run_folders())
    forged.sealer = lambda: _Unsealing(forged)  # type: ignore[assignment, method-assign]
    add_run(forged)
    found = told(archive)
    assert sum("is not in the log" in line for line in found) == 3, found


def test_a_run_put_there_once_more_by_another_name(archive: Archive) -> None:
    folder = next(iter(archive.run_folders())).path
    shutil.copytree(folder, folder.with_name("20260304T235959Z-beef"))
    found = told(archive)
    assert sum(f"is of another run, {folder.name}" in line for line in found) == 2, found


def test_a_clock_that_was_set_back_is_noted(tmp_path: Path) -> None:
    """The log has the runs in the order in which they were sealed, whatever their dates say."""
    sealed = Sealed(tmp_path / "a")
    for number in (5, 6, 1, 7):
        sealed.runs = [RunFolder(tmp_path)] * number
        add_run(sealed)
    report = verify([sealed.archive.root])
    (note,) = report.notes
    assert report.whole and note.startswith("run 20260304T060607Z-beef came after 20260304T110607Z")


class _Unsealing:
    """Signs packages and leaves the log alone."""

    def __init__(self, sealed: Sealed) -> None:
        sealer = Sealed(sealed.archive.root).sealer()
        self.signer, self.archive_id = sealer.signer, sealer.archive_id

    def seal(self) -> tuple[str, ...]:
        return ()


def test_a_manifest_rewritten_is_found(archive: Archive) -> None:
    folder = next(iter(archive.run_folders()))
    path = folder.manifest(folder.captures()[0])
    text = path.read_bytes().replace(b'"locale":"en"', b'"locale":"de"')
    assert text != path.read_bytes()
    path.write_bytes(text)
    assert any("is not the one that was signed" in line for line in told(archive))


def test_a_page_list_rewritten_is_found_through_the_package(archive: Archive) -> None:
    """The list of pages is under no manifest; the signed package is in the log too."""
    folder = next(iter(archive.run_folders()))
    finish(folder, Sealed(archive.root).sealer().signer())
    found = told(archive)
    assert any(f"the package {folder.id} is not the one that was signed" in o for o in found), found


@pytest.mark.parametrize("size", [3, 6, 9])
def test_a_missing_checkpoint(archive: Archive, size: int) -> None:
    """The last one leaves leaves unsigned; an earlier one says nothing that later ones do not."""
    archive.log.checkpoint(size).unlink()
    assert bool(told(archive)) == (size == 9)


def test_another_log_key(archive: Archive, tmp_path: Path) -> None:
    """Re-signed with a fresh key: consistent in itself but for the name in the manifests, which whoever has
    the time rewrites too; and not the pinned log."""
    pinned, checkpoint = tmp_path / "log.pub", tmp_path / "checkpoint"
    shutil.copy(archive.keys.public("log"), pinned)
    shutil.copy(archive.log.checkpoint(6), checkpoint)
    assert told(archive, pinned, checkpoint) == []
    for path in archive.keys.path.glob("log.*"):
        path.unlink()
    seal_anew(archive)
    (line,) = told(archive)
    assert "names another archive than this one" in line
    line, _ = told(archive, pinned)
    assert "is another key than the one in" in line
    assert any("not by archiver/" in line for line in told(archive, checkpoint))


def test_checkpoints_signed_with_a_key_put_in_place(archive: Archive, tmp_path: Path) -> None:
    """The new key signs only the newest checkpoint: the old ones give it away without any pin."""
    for path in archive.keys.path.glob("log.*"):
        path.unlink()
    other = Sealed(tmp_path / "b")
    add_run(other)
    for path in other.archive.keys.path.glob("log.*"):
        shutil.copy(path, archive.keys.path)
    assert sum("was signed by" in line for line in told(archive)) == 3


def test_another_key_of_packages_is_pinned(archive: Archive, tmp_path: Path) -> None:
    own = archive.keys.public("wacz")
    assert told(archive, own) == []
    other = Sealed(tmp_path / "b")
    assert add_run(other) == ()
    pin = other.archive.keys.public("wacz")
    assert told(archive, pin) == [f"{own}: is another key than the one in {pin}"]
    shutil.rmtree(archive.log.path)
    shutil.rmtree(archive.keys.path)
    assert f"{archive.log.path}: is missing, and {pin} is pinned" in told(archive, pin)


def test_history_rewritten_with_the_real_key(archive: Archive, tmp_path: Path) -> None:
    """Whoever has the key can sign another history. An earlier checkpoint kept elsewhere tells."""
    checkpoint = tmp_path / "kept.txt"
    shutil.copy(archive.log.checkpoint(6), checkpoint)
    forget(archive)
    seal_anew(archive)
    assert told(archive) == []
    (line,) = told(archive, checkpoint)
    assert "does not begin as the pinned" in line


def test_a_log_that_was_never_begun_is_one_defect(archive: Archive) -> None:
    """What a first run leaves that was killed before it signed anything; a log taken away is no less told."""
    shutil.rmtree(archive.log.path)
    line = archive.keys.path / "log.vkey"
    pin = archive.root.parent / "pin.vkey"
    line.rename(pin)
    (said,) = told(archive)
    assert said.startswith(f"{archive.log.path}: has no leaf: nothing in the archive is signed")
    assert any(f"is missing, and {pin} is pinned" in one for one in told(archive, pin))


def test_a_log_taken_away_whole(archive: Archive, tmp_path: Path) -> None:
    pinned = tmp_path / "log.vkey"
    shutil.copy(archive.keys.path / "log.vkey", pinned)
    name = pinned.read_text().partition("+")[0]
    shutil.rmtree(archive.log.path)
    assert told(archive)
    shutil.rmtree(archive.keys.path)
    (said,) = told(archive)
    assert (
        said == f"{archive.log.path}: is missing, and keys/ too: the runs here are of a log, {name}"
    )
    assert any(f"is missing, and {pinned} is pinned" in one for one in told(archive, pinned))
    for folder in archive.run_folders():
        unsign(folder)
    assert told(archive) == [said]


@pytest.mark.parametrize("signed", [True, False])
def test_an_archive_without_a_name(tmp_path: Path, signed: bool) -> None:
    """Where no manifest names a log, signed packages tell that there was one; without these there is no sign of it."""
    sealed = Sealed(tmp_path / "a")
    with Ledger(sealed.archive.ledger) as ledger:
        commit = Commit(sealed.archive, ledger, "20260304T050607Z-beef", {}, sealed.ids)
        commit.save(sample())
        finish(commit.open_folder(), sealed.sealer().signer() if signed else None)
    shutil.rmtree(sealed.archive.keys.path, ignore_errors=True)
    report = verify([sealed.archive.root])
    if signed:
        (defect,) = report.defects
        assert str(defect).endswith("keys/ too: the runs here are of a log")
    else:
        assert report.whole and "nothing in it is signed" in report.notes[0]


def test_an_older_state_put_back(tmp_path: Path) -> None:
    """A whole archive as it was a run ago is a whole archive: only what was kept elsewhere tells. Parts
    of it put back contradict the rest."""
    sealed = Sealed(tmp_path / "a")
    add_run(sealed)
    older = tmp_path / "older"
    shutil.copytree(sealed.archive.root, older)
    add_run(sealed)
    kept, key = tmp_path / "kept.txt", sealed.archive.keys.path / "log.vkey"
    shutil.copy(sealed.archive.log.checkpoint(6), kept)
    assert told(Archive(older)) == []
    assert told(Archive(older), key) == []
    (line,) = told(Archive(older), kept)
    assert line.endswith("is of 6 leaves, the log has 3")
    newer = sealed.archive.root
    for part in ("log", "runs", "ledger.sqlite3"):
        mixed = tmp_path / f"mixed-{part}"
        shutil.copytree(newer, mixed)
        shutil.rmtree(mixed / part) if part != "ledger.sqlite3" else (mixed / part).unlink()
        copy = shutil.copytree if part != "ledger.sqlite3" else shutil.copy
        copy(older / part, mixed / part)
        assert told(Archive(mixed)), part
    assert any(
        "is not in the log (killed? then next run will do it)" in line
        for line in told(Archive(tmp_path / "mixed-log"))
    )


def test_a_package_without_its_signature(archive: Archive) -> None:
    unsign(next(iter(archive.run_folders())))
    assert any("is not signed with the archive's key" in line for line in told(archive))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("signature", "AAAA" * 32, "does not hold"),
        ("signature", "AAA", "cannot be read"),
        ("publicKey", "AAAA", "cannot be read"),
        ("hash", "sha256:" + "0" * 64, "does not hold"),
        ("version", "0.2.0", "is of version 0.2.0"),
        ("extra", "1", "unknown field"),
    ],
)
def test_a_package_with_another_signature(
    archive: Archive, field: str, value: str, words: str
) -> None:
    folder = next(iter(archive.run_folders()))
    digest = json.loads(folder.seal.read_bytes())
    digest["signedData"][field] = value
    folder.seal.write_text(json.dumps(digest))
    assert any(words in line for line in told(archive)), told(archive)


def test_a_key_written_otherwise(archive: Archive) -> None:
    """As after a change of line ends: it is the same key, and not the same file."""
    for name in ("log", "wacz"):
        public = archive.keys.public(name)
        public.write_bytes(public.read_bytes().replace(b"\n", b"\r\n"))
    assert sum("is not written as it was" in line for line in told(archive)) == 2
    archive.keys.public("wacz").write_text("no key")
    assert any("wacz.pub: is no public key" in line for line in told(archive))


def test_a_key_that_others_can_read(archive: Archive) -> None:
    archive.keys.private("log").chmod(0o640)
    assert any("may be read by others" in line for line in told(archive))


def test_strangers_in_log_and_keys(archive: Archive) -> None:
    (archive.log.path / "notes.txt").write_text("hello")
    (archive.keys.path / "notes.txt").write_text("hello")
    assert sum("does not belong here" in line for line in told(archive)) == 2


def test_a_pin_that_is_none(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "pin").write_text("nothing")
    with pytest.raises(UsageError, match="neither a public key nor a checkpoint"):
        told(archive, tmp_path / "pin")


KINDS = ["log/leaves.jsonl", "log/checkpoints/*", "keys/*", "runs/*/*/*/*/datapackage*.json"]


@pytest.mark.parametrize("kind", KINDS)
def test_flips_are_found(archive: Archive, kind: str) -> None:
    dice = random.Random(kind)
    paths = sorted(archive.root.glob(kind))
    assert paths
    for _ in range(60):
        path = dice.choice(paths)
        before = path.read_bytes()
        after = bytearray(before)
        after[dice.randrange(len(before))] ^= 1 << dice.randrange(8)
        path.write_bytes(after)
        assert told(archive), (path, bytes(after))
        path.write_bytes(before)
    assert told(archive) == []


def test_the_ledger_is_not_asked(archive: Archive) -> None:
    """The log stands on the files alone: without a ledger, and with one made anew, the same is found."""
    archive.log.leaves.write_bytes(b"".join(lines(archive)[:-1]))
    found = told(archive)
    archive.ledger.unlink()
    assert found and set(told(archive)) - set(found) == {
        f"{archive.ledger}: is missing: run `archiver rebuild`"
    }
    rebuild(archive, read_manifest, CLOCK)
    assert told(archive) == found
