"""Captures taken out on request: what goes, what stays, and what `verify` says of it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from sealed import Sealed, add_run, killed_run

from archiver.commit import finish
from archiver.domain.digest import sha256
from archiver.manifests.file import read_manifest
from archiver.manifests.log import read_leaves
from archiver.removal import barred, target_digest
from archiver.verification.verify import verify

POST = "mastodon:social.example/00"


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    sealed = Sealed(tmp_path / "a")
    for _ in range(2):
        assert add_run(sealed) == ()
    return sealed


def archiver(sealed: Sealed, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "archiver", "--archive", str(sealed.archive.root)]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("destroy", [False, True])
def test_a_removed_post_is_gone_and_the_archive_whole(sealed: Sealed, destroy: bool) -> None:
    run = sealed.runs[0]
    warc = run.warc("capture-0-0").read_bytes()
    options = ["--destroy"] if destroy else []
    said = archiver(sealed, "remove", POST, "--reason", "a source asked for it", *options)
    assert said.returncode == 0, said.stderr
    assert not run.warc("capture-0-0").exists() and not run.manifest("capture-0-0").exists()
    kept = sealed.archive.removed / run.id / "capture-0-0.warc.gz"
    assert not kept.exists() if destroy else kept.read_bytes() == warc
    report = verify([sealed.archive.root])
    assert report.whole, report.defects
    assert any("1 capture was removed on" in note for note in report.notes)
    for command in (["show", POST], ["remove", POST, "--reason", "again"]):
        told = archiver(sealed, *command)
        assert told.returncode == 2
        assert f"{POST} was removed on request at 20" in told.stderr
        assert "tombstones/capture-0-0.json" in " ".join(told.stderr.split())
    assert "has nothing of" in archiver(sealed, "show", f"{POST}1").stderr
    stone = json.loads(sealed.archive.log.tombstone("capture-0-0").read_bytes())
    assert stone["reason"] == "a source asked for it" and stone["destroyed"] == destroy
    assert POST not in json.dumps(stone)
    assert stone["warc_sha256"] == hashlib.sha256(warc).hexdigest()
    assert target_digest(POST) in barred(sealed.archive)


def test_the_log_goes_on_after_a_removal(sealed: Sealed) -> None:
    before = sealed.archive.log.leaves.read_bytes()
    archiver(sealed, "remove", POST, "--reason", "takedown")
    after = sealed.archive.log.leaves.read_bytes()
    assert after.startswith(before)
    added = [leaf.kind for leaf in read_leaves(sealed.archive.log.leaves).all][6:]
    assert added == ["tombstone", "package"]
    assert add_run(sealed) == ()
    assert verify([sealed.archive.root]).whole


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b'{"schema": 1}'])
def test_a_damaged_tombstone_is_named_and_nothing_removed_is_captured_again(
    sealed: Sealed, data: bytes
) -> None:
    archiver(sealed, "remove", POST, "--reason", "takedown")
    sealed.archive.log.tombstone("capture-0-0").write_bytes(data)
    for command in (["show", POST], ["run", "https://site.invalid/"]):
        said = archiver(sealed, *command)
        assert said.returncode == 5, said.stderr
        assert "capture-0-0.json is no tombstone" in " ".join(said.stderr.split())


def test_a_tombstone_of_nobody_is_found(sealed: Sealed) -> None:
    """Whoever deletes a capture cannot excuse it with a tombstone that the log does not have."""
    archiver(sealed, "remove", POST, "--reason", "takedown")
    first = sealed.archive.log.tombstone("capture-0-0")
    sealed.archive.log.tombstone("capture-1-0").write_bytes(first.read_bytes())
    found = [str(defect) for defect in verify([sealed.archive.root]).defects]
    assert any("does not belong here" in line for line in found)
    sealed.archive.log.tombstone("capture-1-0").unlink()
    first.write_bytes(first.read_bytes().replace(b"takedown", b"nothing!"))
    (line,) = [str(defect) for defect in verify([sealed.archive.root]).defects]
    assert "is not the one that was signed" in line


def test_what_was_removed_must_not_come_back_unnoticed(sealed: Sealed) -> None:
    run = sealed.runs[0]
    manifest = run.manifest("capture-0-0").read_bytes()
    archiver(sealed, "remove", POST, "--reason", "takedown")
    run.manifest("capture-0-0").write_bytes(manifest)
    found = [str(defect) for defect in verify([sealed.archive.root]).defects]
    assert any("was removed and is there again" in line for line in found)


def test_a_removal_needs_a_reason(sealed: Sealed) -> None:
    said = archiver(sealed, "remove", POST)
    assert said.returncode == 2 and "--reason" in said.stderr


def removed(sealed: Sealed, post: str, *options: str) -> None:
    said = archiver(sealed, "remove", post, "--reason", "asked", *options)
    assert said.returncode == 0, said.stderr


def defects(sealed: Sealed) -> list[str]:
    return [str(defect) for defect in verify([sealed.archive.root]).defects]


@pytest.fixture
def sharing(tmp_path: Path) -> Sealed:
    """A run of three captures that have all payloads in common: the first holds them."""
    sealed = Sealed(tmp_path / "s")
    assert add_run(sealed, captures=3, shared=True) == ()
    return sealed


def revisits(sealed: Sealed, name: str) -> set[str]:
    manifest = json.loads(sealed.runs[0].manifest(name).read_bytes())
    return {r["refers_to"] for r in manifest["records"] if r["type"] == "revisit"}


@pytest.mark.parametrize("destroy", [False, True])
def test_a_payload_that_others_refer_to_stays_for_them(sharing: Sealed, destroy: bool) -> None:
    run = sharing.runs[0]
    before = sha256(run.warc("capture-0-0").read_bytes())
    others = {name: run.warc(name).read_bytes() for name in ("capture-0-1", "capture-0-2")}
    assert revisits(sharing, "capture-0-1"), "the second capture refers to the first"
    removed(sharing, POST, *(["--destroy"] if destroy else []))
    assert defects(sharing) == []
    for name, data in others.items():
        assert run.warc(name).read_bytes() == data, "the others are as they were signed"
    (kept,) = [name for name in run.captures() if name.startswith("kept-")]
    held = json.loads(run.manifest(kept).read_bytes())
    assert revisits(sharing, "capture-0-1") <= {record["id"] for record in held["records"]}
    assert {record["type"] for record in held["records"]} == {"warcinfo", "response", "request"}
    assert "social.example/00" not in json.dumps(held["target"])
    taken = read_manifest(run.manifest(kept)).custody[-1]
    after = sha256(run.warc(kept).read_bytes())
    assert (taken.event, taken.before, taken.after) == ("taken over", before, after)
    stone = json.loads(sharing.archive.log.tombstone("capture-0-0").read_bytes())
    assert stone["kept"] == kept and not revisits(sharing, "capture-0-1") & set(stone["records"])
    listed = archiver(sharing, "list", "--json").stdout
    assert "kept" not in listed and len(listed.splitlines()) == 2


def test_what_was_kept_is_replayed_and_exported(sharing: Sealed, tmp_path: Path) -> None:
    """An export of a referring post takes the kept records along, and stands on its own."""
    removed(sharing, POST)
    wacz = tmp_path / "one.wacz"
    said = archiver(sharing, "export", "--wacz", str(wacz), "--post", "mastodon:social.example/01")
    assert said.returncode == 0, said.stderr
    assert archiver(sharing, "verify", str(wacz)).returncode == 0


def test_what_was_kept_goes_with_the_last_that_needs_it(sharing: Sealed) -> None:
    run = sharing.runs[0]
    removed(sharing, POST)
    removed(sharing, "mastodon:social.example/01")
    assert any(name.startswith("kept-") for name in run.captures())
    removed(sharing, "mastodon:social.example/02")
    assert run.captures() == () and not list(run.archive.iterdir())
    assert defects(sharing) == []


def test_removed_stays_removed_after_a_rebuild(sharing: Sealed) -> None:
    removed(sharing, POST)
    before = archiver(sharing, "list", "--json").stdout
    assert archiver(sharing, "rebuild").returncode == 0
    assert archiver(sharing, "list", "--json").stdout == before
    assert archiver(sharing, "show", POST).returncode == 2
    assert defects(sharing) == []
    assert add_run(sharing) == () and defects(sharing) == []


@pytest.mark.parametrize("step", ["unfinished", "kept", "stone", "warc"])
def test_an_interrupted_removal_is_done_by_doing_it_again(sharing: Sealed, step: str) -> None:
    """What a kill at any step leaves: the removal said once more makes it whole."""
    run = sharing.runs[0]
    whole = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    removed(sharing, POST)
    log = sharing.archive.log
    for path in (run.manifest("capture-0-0"), run.warc("capture-0-0")):
        if step != "warc" or path.suffix == ".json":
            path.write_bytes(whole[path])
    if step in {"unfinished", "kept"}:
        log.tombstone("capture-0-0").unlink()
    if step == "unfinished":
        for path in (*run.archive.glob("kept-*"), *run.manifests.glob("kept-*")):
            path.unlink()
    run.seal.unlink()
    keep = 4
    lines = log.leaves.read_bytes().splitlines(keepends=True)
    log.leaves.write_bytes(b"".join(lines[:keep]))
    for size in log.sizes():
        if size > keep:
            log.checkpoint(size).unlink()
    assert archiver(sharing, "rebuild").returncode == 0
    removed(sharing, POST)
    assert defects(sharing) == []


def test_a_removal_that_breaks_off_leaves_a_run_that_is_no_whole_one(sharing: Sealed) -> None:
    sharing.archive.removed.write_bytes(b"in the way")
    said = archiver(sharing, "remove", POST, "--reason", "asked")
    assert said.returncode == 1 and "cannot write" in said.stderr
    assert not sharing.runs[0].finished
    sharing.archive.removed.unlink()
    removed(sharing, POST)
    assert sharing.runs[0].finished and defects(sharing) == []


@pytest.mark.parametrize("left", ["half a WARC", "a WARC alone", "a capture without its row"])
def test_what_a_killed_run_left_is_mended_before_a_removal(sealed: Sealed, left: str) -> None:
    """A capture of the post that had no row yet came back with the next run; half a one broke the removal off, or
    was packaged with the run."""
    run = killed_run(sealed, POST)
    warc, manifest = run.warc("killed-2"), run.manifest("killed-2")
    if left != "a capture without its row":
        manifest.unlink()
    if left == "half a WARC":
        warc.rename(f"{warc}.open")
    removed(sealed, POST)
    assert defects(sealed) == [] and run.finished
    assert run.captures() == () and not list(run.archive.iterdir())
    assert archiver(sealed, "rebuild").returncode == 0
    assert archiver(sealed, "show", POST).returncode == 2


def test_an_interrupted_removal_is_done_after_a_run_has_sealed_what_it_left(
    sharing: Sealed,
) -> None:
    """What it kept for others is in the log by then and stays as it is."""
    run = sharing.runs[0]
    gone = (run.warc("capture-0-0"), run.manifest("capture-0-0"))
    whole = {path: path.read_bytes() for path in gone}
    removed(sharing, POST)
    for path, data in whole.items():  # killed when the tombstone was written
        path.write_bytes(data)
    assert archiver(sharing, "rebuild").returncode == 0
    finish(run, sharing.sealer().signer())
    assert sharing.sealer().seal() == ()
    assert any("was removed and is there again" in line for line in defects(sharing))
    removed(sharing, POST)
    assert defects(sharing) == []
