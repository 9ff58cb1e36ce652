"""Lost leaves of the log: found again where the checkpoints prove it, and never guessed."""

import subprocess
import sys
from pathlib import Path

import pytest
from sealed import CLOCK, Sealed, add_run

from archiver.errors import ArchiveDamaged
from archiver.relog import found_again, restore_log
from archiver.rotation import rotate
from archiver.verification.verify import verify


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    """Runs, a token over the second checkpoint, a change of keys, and another run."""
    sealed = Sealed(tmp_path / "a")
    for count in (2, 1):
        assert add_run(sealed, captures=count) == ()
    log = sealed.archive.log
    log.stamp(log.sizes()[-1], "https://tsa.example/").write_bytes(b"a token")
    assert add_run(sealed) == ()
    rotate(sealed.archive, sealed.archive.keys, reason="asked", clock=CLOCK)
    assert add_run(sealed) == ()
    return sealed


@pytest.mark.parametrize("left", [None, 0, 100, 500])
def test_lost_leaves_are_found_again(sealed: Sealed, left: int | None) -> None:
    """The file is gone, empty, or cut somewhere."""
    leaves = sealed.archive.log.leaves
    before = leaves.read_bytes()
    if left is None:
        leaves.unlink()
    else:
        leaves.write_bytes(before[:left])
    assert restore_log(sealed.archive, CLOCK) == before.count(b"\n")
    assert leaves.read_bytes() == before
    assert restore_log(sealed.archive, CLOCK) is None
    assert (left is None) == (not list(sealed.archive.quarantine.glob("*leaves.jsonl")))
    assert add_run(sealed) == ()


def test_a_run_that_was_logged_with_the_next_one_is_found_again(tmp_path: Path) -> None:
    """Its sealing had failed: two runs lie behind one checkpoint."""
    sealed = Sealed(tmp_path / "a")
    for _ in range(2):
        add_run(sealed)
    log = sealed.archive.log
    log.checkpoint(log.sizes()[0]).unlink()
    before = log.leaves.read_bytes()
    log.leaves.unlink()
    restore_log(sealed.archive, CLOCK)
    assert log.leaves.read_bytes() == before


def test_what_cannot_be_proven_is_not_written(sealed: Sealed) -> None:
    run = sealed.runs[0]
    run.manifest("capture-0-0").write_bytes(b"{}")
    sealed.archive.log.leaves.unlink()
    with pytest.raises(ArchiveDamaged, match="cannot be proven"):
        found_again(sealed.archive)
    assert not sealed.archive.log.leaves.exists()


def test_rebuild_says_it(tmp_path: Path) -> None:
    sealed = Sealed(tmp_path / "a")
    add_run(sealed)

    def rebuild() -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-m",
            "archiver",
            "--archive",
            str(sealed.archive.root),
            "rebuild",
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    sealed.archive.log.leaves.unlink()
    said = rebuild()
    assert said.returncode == 0 and "3 leaves, proven by the checkpoints" in said.stdout
    assert verify([sealed.archive.root]).whole
    sealed.archive.log.leaves.unlink()
    sealed.runs[0].seal.unlink()
    said = rebuild()
    assert said.returncode == 5 and "put a copy of the file back" in said.stderr
