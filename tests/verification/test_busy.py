"""An archive that a run writes to while it is verified is called damaged for nothing of that."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sealed import CLOCK, Sealed, add_run  # noqa: E402
from tampering import Tampered  # noqa: E402
from test_wording import TAMPERED  # noqa: E402

from archiver.cli.verify import json_lines  # noqa: E402
from archiver.storage.layout import Archive  # noqa: E402
from archiver.storage.lock import hold  # noqa: E402
from archiver.verification.busy import AT_WORK  # noqa: E402
from archiver.verification.verify import Report, verify  # noqa: E402

UNDONE = (
    "(killed? then next run will do it)",
    "(killed? then next run will mend it)",
    "files are not in the log from here on",
    "are not signed yet: next run will do it",
)
"""How the lines end that a run at work explains, in an archive of finished runs."""


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


def is_explained(line: str) -> bool:
    """Whether a run at work explains it: it is not done yet, or stands in the ledger, which the run fills."""
    return line.endswith(UNDONE) or "ledger" in line and not line.endswith("`archiver rebuild`")


def test_of_all_that_can_be_wrong_only_that_is_excused_which_a_run_at_work_explains(
    tmp_path: Path,
) -> None:
    original = Tampered(tmp_path / "original")
    excused = set[str]()
    for number, (title, tamper) in enumerate(TAMPERED.items()):
        original.root = tmp_path / str(number)
        shutil.copytree(original.sealed.archive.root, original.root)
        tamper(original.root)
        alone = original.check()
        with hold(Archive(original.root), CLOCK):
            beside = original.check()
        found = [str(defect) for defect in alone.defects]
        assert [str(d) for d in beside.defects] == [d for d in found if not is_explained(d)], title
        notes = [note for note in beside.notes if note not in alone.notes]
        assert notes == [d for d in found if is_explained(d)] + [AT_WORK] * bool(notes), title
        excused.update(notes)
        shutil.rmtree(original.root)
    assert all(any(note.endswith(end) for note in excused) for end in UNDONE)


def test_a_first_run_that_has_signed_nothing_yet(sealed: Sealed) -> None:
    shutil.rmtree(sealed.archive.log.path)
    (sealed.archive.keys.path / "log.vkey").unlink()
    (defect,) = verify([sealed.archive.root]).defects
    assert "has no leaf: nothing in the archive is signed" in str(defect)
    with hold(sealed.archive, CLOCK):
        report = verify([sealed.archive.root])
    assert (report.defects, report.notes) == ((), (str(defect), AT_WORK))


def test_what_passes_is_told_like_all_else_when_nobody_is_at_work(sealed: Sealed) -> None:
    unfinished(sealed)
    report = verify([sealed.archive.root])
    (line, summary) = map(json.loads, json_lines(report))
    assert [defect.passing for defect in report.defects] == [True]
    assert set(line) == {"event", "path", "where", "what"}
    assert (summary["whole"], summary["defects"]) == (False, 1)
