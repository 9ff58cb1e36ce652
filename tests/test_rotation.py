"""New keys for an archive: the chain from the first to the newest, and what is none."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sealed import CLOCK, Sealed, add_run, sign_anyway

from archiver.cli.main import State, attempt
from archiver.commit import finish
from archiver.errors import ArchiverError
from archiver.manifests.file import read_manifest
from archiver.manifests.keys import LOG, read_key
from archiver.manifests.log import read_leaves
from archiver.manifests.note import name_of_pem
from archiver.proofs import Proofs
from archiver.rotation import rotate, settle
from archiver.sealing import extend_log, package_signer
from archiver.verification.keychain import read_change
from archiver.verification.verify import verify

REASON = "the operator has left"


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    sealed = Sealed(tmp_path / "a")
    assert add_run(sealed) == ()
    return sealed


def turn(sealed: Sealed) -> Path:
    return rotate(sealed.archive, sealed.archive.keys, reason=REASON, clock=CLOCK)


def defects(sealed: Sealed, *pins: Path) -> list[str]:
    return [str(defect) for defect in verify([sealed.archive.root], pins=pins).defects]


def test_the_log_goes_on_with_new_keys(sealed: Sealed, tmp_path: Path) -> None:
    first = tmp_path / "first.pub"
    first.write_bytes(sealed.archive.keys.public(LOG).read_bytes())
    old = {name: sealed.archive.keys.private(name).read_bytes() for name in ("log", "wacz")}
    for _ in range(2):
        turn(sealed)
        assert add_run(sealed) == ()
    for name, key in old.items():
        assert sealed.archive.keys.private(name).read_bytes() != key
        assert sealed.archive.keys.private(name).stat().st_mode & 0o777 == 0o600
    assert defects(sealed) == [] == defects(sealed, first)
    report = verify([sealed.archive.root])
    assert any("the keys were replaced 2 times" in note for note in report.notes)
    kinds = [leaf.kind for leaf in read_leaves(sealed.archive.log.leaves).all]
    run = ["manifest", "manifest", "package"]
    assert kinds == [*run, "keychange", *run, "keychange", *run]


def archive_ids(sealed: Sealed) -> list[str | None]:
    paths = [run.manifest(name) for run in sealed.runs for name in run.captures()]
    return [read_manifest(path).archive_id for path in paths]


def test_an_archive_keeps_its_name(sealed: Sealed) -> None:
    """Manifests name it by its first key, whatever keys follow; that key is made when there is none, and the name
    can be told without its private part."""
    (first,) = {name_of_pem(sealed.archive.keys.public(LOG).read_bytes())}
    turn(sealed)
    assert name_of_pem(sealed.archive.keys.public(LOG).read_bytes()) != first
    assert add_run(sealed) == ()
    assert archive_ids(sealed) == [first] * 4
    sealed.archive.keys.private(LOG).unlink()
    assert add_run(sealed) != () and archive_ids(sealed) == [first] * 6


def test_an_archive_has_its_name_from_the_first_capture_on(tmp_path: Path) -> None:
    """Also where the private keys lie elsewhere, in a folder that is still to be made."""
    sealed = Sealed(tmp_path / "b", keys=tmp_path / "far" / "safe")
    assert add_run(sealed) == ()
    name = name_of_pem(sealed.archive.keys.public(LOG).read_bytes())
    assert archive_ids(sealed) == [name] * 2


def test_a_line_of_the_new_key_that_is_lost_is_written_again(sealed: Sealed) -> None:
    turn(sealed)
    said = sealed.archive.keys.verifier.read_bytes()
    sealed.archive.keys.verifier.unlink()
    assert add_run(sealed) == () and sealed.archive.keys.verifier.read_bytes() == said
    assert defects(sealed) == []


def test_nothing_is_signed_while_the_key_that_follows_is_missing(sealed: Sealed) -> None:
    """A change of keys was cut short, and a copy of the old key put back in place of the new one."""
    place = sealed.archive.keys.private(LOG)
    old = place.read_bytes()
    turn(sealed)
    new, sizes = place.read_bytes(), sealed.archive.log.sizes()
    place.write_bytes(old)
    sealed.archive.keys.verifier.unlink()
    assert any("the signing key that follows" in problem for problem in sealed.sealer().seal())
    assert sealed.archive.log.sizes() == sizes
    place.write_bytes(new)
    assert add_run(sealed) == () and defects(sealed) == []


def test_a_run_of_another_archive_is_found(sealed: Sealed, tmp_path: Path) -> None:
    """Even where it was put in before the archive was first sealed, so that the log holds all of it."""
    other = Sealed(tmp_path / "other")
    shutil.copytree(sealed.archive.root / "runs", other.archive.root / "runs", dirs_exist_ok=True)
    sign = package_signer(other.archive, other.archive.keys)
    for run in other.archive.run_folders():
        finish(run, sign)
    sign_anyway(other.archive)
    (line,) = [line for line in defects(other) if "names another archive than this one" in line]
    assert line.endswith(str(archive_ids(sealed)[0]))


def test_no_name_is_made_up_for_an_archive_whose_key_cannot_be_read(sealed: Sealed) -> None:
    sealed.archive.keys.public(LOG).write_bytes(b"no key")
    assert add_run(sealed) != ()
    assert archive_ids(sealed)[2:] == [None, None]


def test_old_checkpoints_and_keys_can_still_be_pinned(sealed: Sealed, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_bytes(sealed.archive.log.checkpoint(sealed.archive.log.sizes()[0]).read_bytes())
    turn(sealed)
    add_run(sealed)
    assert defects(sealed, note) == []
    stranger = Sealed(tmp_path / "b")
    add_run(stranger)
    (line,) = defects(sealed, stranger.archive.keys.public(LOG))
    assert "is another key than the one in" in line


def test_a_removal_after_a_change_is_signed_with_the_new_key(sealed: Sealed) -> None:
    turn(sealed)
    command = [sys.executable, "-m", "archiver", "--archive", str(sealed.archive.root)]
    command += ["remove", "mastodon:social.example/00", "--reason", "asked"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    assert defects(sealed) == []


def test_a_key_without_a_statement_is_refused(sealed: Sealed, tmp_path: Path) -> None:
    """Somebody puts a key of their own into the folder: neither sealing nor verify takes it."""
    other = Sealed(tmp_path / "b")
    add_run(other)
    shutil.rmtree(sealed.archive.keys.path)
    shutil.copytree(other.archive.keys.path, sealed.archive.keys.path)
    problems = add_run(sealed)
    assert any("was signed with another key" in problem for problem in problems)
    assert any("was signed by" in line for line in defects(sealed))


def test_a_statement_must_be_signed_by_both_keys(sealed: Sealed) -> None:
    place = turn(sealed)
    data = place.read_bytes()
    head, first, second = data.rsplit(b"\n\xe2\x80\x94 ", 2)
    for torn in (
        data.replace(REASON.encode(), b"x"),
        head + b"\n\xe2\x80\x94 " + first + b"\n",
        head + b"\n\xe2\x80\x94 " + second + b"\xe2\x80\x94 " + first + b"\n",
        data.replace(b"log 3", b"log 4"),
    ):
        with pytest.raises(ValueError):
            read_change(torn)


@pytest.mark.parametrize("what", ["statement", "leaf", "public key", "other statement"])
def test_a_broken_chain_is_found(sealed: Sealed, tmp_path: Path, what: str) -> None:
    before = sealed.archive.keys.public(LOG).read_bytes()
    place = turn(sealed)
    add_run(sealed)
    if what == "statement":
        place.unlink()
    elif what == "leaf":
        lines = sealed.archive.log.leaves.read_bytes().splitlines(keepends=True)
        sealed.archive.log.leaves.write_bytes(b"".join(x for x in lines if b"keychange" not in x))
    elif what == "public key":
        sealed.archive.keys.public(LOG).write_bytes(before)
    else:
        other = Sealed(tmp_path / "b")
        add_run(other)
        place.write_bytes(turn(other).read_bytes())
    assert defects(sealed)


def test_a_package_takes_along_the_key_of_its_checkpoint(sealed: Sealed) -> None:
    """The key of today would not fit the checkpoint of a run that was sealed before the change."""
    first = sealed.archive.keys.public(LOG).read_bytes()
    place = turn(sealed)
    add_run(sealed)
    proofs = Proofs(sealed.archive)
    old = dict(proofs.files(["capture-0-0"]))
    new = dict(proofs.files(["capture-1-0"]))
    assert old["seal/log.pub"] == first != new["seal/log.pub"]
    assert new["seal/log.pub"] == sealed.archive.keys.public(LOG).read_bytes()
    assert old[f"seal/keychange-{place.name}"] == place.read_bytes()


INTERRUPTED = """
import os, sys
from pathlib import Path
sys.path[:0] = {path!r}
from archiver.rotation import rotate
from archiver.storage.layout import Archive
from sealed import CLOCK
count = 0
def watch(event, arguments):
    global count
    written = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_WRONLY
    if event in ("os.rename", "os.remove") or written:
        count += 1
        if count == {stop}:
            os._exit(9)
archive = Archive(Path({root!r}))
sys.addaudithook(watch)
rotate(archive, archive.keys, reason="asked", clock=CLOCK)
"""


def see_left_alone(sealed: Sealed, wacz: Path) -> None:
    """An export has no lock: what a change of keys left may be another process's work of this moment."""
    before = sealed.files()
    asked = ["-q", "--archive", str(sealed.archive.root), "export", "--wacz", str(wacz)]
    assert attempt(asked, State()) == 0
    assert b"signedData" in wacz.read_bytes() and verify([wacz]).defects == ()
    assert sealed.files() == before


def test_killed_anywhere_the_next_run_settles_it(sealed: Sealed, tmp_path: Path) -> None:
    """Killed before each write, rename and removal of a change of keys, one after the other; an export in between
    is signed with the key that holds by then, and changes nothing."""
    outcomes = set()
    for stop in range(1, 60):
        root = tmp_path / f"copy-{stop}"
        shutil.copytree(sealed.archive.root, root)
        code = INTERRUPTED.format(path=sys.path, stop=stop, root=str(root))
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        copy = Sealed(root)
        copy.runs = [*sealed.runs]
        see_left_alone(copy, tmp_path / f"{stop}.wacz")
        assert add_run(copy) == ()
        assert defects(copy) == []
        key = read_key(copy.archive.keys.private(LOG))
        assert key.private_bytes_raw()  # type: ignore[union-attr]
        kinds = [leaf.kind for leaf in read_leaves(copy.archive.log.leaves).all]
        outcomes.add((ended.returncode, "keychange" in kinds))
        if ended.returncode == 0:
            break
        assert ended.returncode == 9, ended.stderr
    assert outcomes == {(9, False), (9, True), (0, True)}


def test_without_the_old_key_there_is_no_next_one(sealed: Sealed) -> None:
    sealed.archive.keys.private(LOG).unlink()
    with pytest.raises(ArchiverError, match="is missing"):
        turn(sealed)
    assert defects(sealed) == []


def test_a_key_that_others_can_read_is_not_used(sealed: Sealed) -> None:
    sealed.archive.keys.private(LOG).chmod(0o640)
    (problem,) = add_run(sealed)
    assert "can be read by others" in problem
    assert any("chmod 600" in line for line in defects(sealed))
    sealed.archive.keys.private(LOG).chmod(0o600)
    extend_log(sealed.archive, sealed.archive.keys)
    assert defects(sealed) == []


def test_what_was_only_begun_is_put_away(sealed: Sealed) -> None:
    sealed.archive.keys.next(LOG).write_bytes(b"half a key")
    settle(sealed.archive, sealed.archive.keys)
    assert defects(sealed) == []


def test_the_command_line_shows_and_replaces(sealed: Sealed) -> None:
    def archiver(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "archiver", "--archive", str(sealed.archive.root)]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=60)

    shown = archiver("keys", "show")
    assert shown.stdout.startswith("archiver/") and shown.stdout.count("BEGIN PUBLIC KEY") == 2
    assert "PRIVATE" not in shown.stdout
    assert archiver("keys", "rotate").returncode == 2
    done = archiver("keys", "rotate", "--reason", REASON, "--json")
    assert done.returncode == 0, done.stderr
    verifier = sealed.archive.keys.verifier.read_text()
    assert json.loads(done.stdout)["verifier"] == verifier not in shown.stdout
    assert add_run(sealed) == () and defects(sealed) == []
    old = sealed.archive.log.checkpoint(3)
    assert archiver("prove", "--consistency", str(old)).returncode == 0
