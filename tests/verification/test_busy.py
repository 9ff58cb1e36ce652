"""An archive that a run writes to while it is verified is called damaged for nothing of that."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sealed import CLOCK, Sealed, add_run  # noqa: E402

from archiver.storage.lock import hold  # noqa: E402
from archiver.verification.busy import AT_WORK  # noqa: E402
from archiver.verification.verify import Report, verify  # noqa: E402


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    made = Sealed(tmp_path / "a")
    for _ in range(2):
        add_run(made)
    return made


def run_at_work(sealed: Sealed) -> None:
    """As `archiver run` does it: with the lock held."""
    with hold(sealed.archive, CLOCK):
        add_run(sealed)


def verified(sealed: Sealed, act: Callable[[], None], when: int) -> Report:
    """What is found when something happens just before the run of that number is read."""
    seen: list[str] = []

    def progress(name: str) -> None:
        seen.append(name)
        if len(seen) == when:
            act()

    return verify([sealed.archive.root], progress=progress)


@pytest.mark.parametrize("when", [1, 2])
def test_a_run_that_begins_and_ends_meanwhile(sealed: Sealed, when: int) -> None:
    report = verified(sealed, lambda: run_at_work(sealed), when)
    assert report.defects == ()
    assert verify([sealed.archive.root]).runs == 3


def test_a_run_that_is_read_and_is_in_no_row_of_the_ledger_as_it_was(
    sealed: Sealed,
) -> None:
    """Its folder lies below a day that is read later than the ledger."""
    sealed.runs += [sealed.runs[-1]] * 22  # the next ones are of the next day
    add_run(sealed)
    report = verified(sealed, lambda: run_at_work(sealed), 1)
    assert (report.defects, report.runs) == ((), 4)
    assert any("has no row for" in note for note in report.notes)
    assert report.notes[-1] == AT_WORK
    assert verify([sealed.archive.root]).notes == ()


def unfinished(sealed: Sealed) -> None:
    """The newest run as it is while it is at work: what is written last is not there yet."""
    folder = sealed.runs[-1].path
    for name in ("datapackage-digest.json", "datapackage.json"):
        (folder / name).unlink()
    for name in ("indexes", "pages"):
        shutil.rmtree(folder / name)
    log = sealed.archive.log
    newest = log.checkpoint(log.sizes()[-1])
    newest.unlink()
    leaves = log.leaves.read_bytes().splitlines(keepends=True)
    log.leaves.write_bytes(b"".join(leaves[: log.sizes()[-1]]))


def test_a_run_at_work_has_not_ended_and_was_not_killed(sealed: Sealed) -> None:
    unfinished(sealed)
    with hold(sealed.archive, CLOCK):
        report = verify([sealed.archive.root])
    assert report.defects == ()
    assert [note for note in report.notes if "run not finished" in note]
    (line,) = verify([sealed.archive.root]).defects
    assert "run not finished (killed?)" in str(line)


def test_what_is_missing_is_missing_also_while_a_run_is_at_work(sealed: Sealed) -> None:
    (sealed.runs[0].path / "manifests" / "capture-0-0.json").unlink()
    with hold(sealed.archive, CLOCK):
        alone = {str(defect) for defect in verify([sealed.archive.root]).defects}
    assert any("leaves.jsonl" in line and "is missing" in line for line in alone)
    report = verified(sealed, lambda: run_at_work(sealed), 1)
    assert any("leaves.jsonl" in str(d) and "is missing" in str(d) for d in report.defects)


def test_nothing_is_written_and_no_lock_is_made_where_there_is_none(sealed: Sealed) -> None:
    lock = sealed.archive.root / "lock"
    assert not lock.exists()
    assert verify([sealed.archive.root]).whole
    assert not lock.exists()
    lock.write_bytes(b"{}")
    before = os.stat(lock)
    assert verify([sealed.archive.root]).whole
    assert os.stat(lock) == before
