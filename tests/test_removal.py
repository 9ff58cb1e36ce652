"""Captures taken out on request: what goes, what stays, and what `verify` says of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sealed import Sealed, add_run

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
    assert any("1 captures were removed" in note for note in report.notes)
    assert archiver(sealed, "show", POST).returncode == 2
    stone = json.loads(sealed.archive.log.tombstone("capture-0-0").read_bytes())
    assert stone["reason"] == "a source asked for it" and stone["destroyed"] == destroy
    assert POST not in json.dumps(stone)
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
