"""An archive that a run writes to while it is verified is called damaged for nothing of that."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sealed import CLOCK, Sealed, add_run  # noqa: E402
from tampering import Tampered  # noqa: E402
from test_wording import TAMPERED  # noqa: E402

from archiver.cli.verify import json_lines  # noqa: E402
from archiver.removal import remove  # noqa: E402
from archiver.rotation import rotate  # noqa: E402
from archiver.storage.layout import Archive  # noqa: E402
from archiver.storage.ledger import Ledger  # noqa: E402
from archiver.storage.lock import hold  # noqa: E402
from archiver.verification.busy import AT_WORK, Busy  # noqa: E402
from archiver.verification.defect import Defect  # noqa: E402
from archiver.verification.reading import Found, Reader  # noqa: E402
from archiver.verification.run import check_run  # noqa: E402
from archiver.verification.seals import Seal  # noqa: E402
from archiver.verification.tree import FolderTree, Tree  # noqa: E402
from archiver.verification.trust import Trust  # noqa: E402
from archiver.verification.verify import TRIES, Report, at_rest, settled, verify  # noqa: E402

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


def taken_out(sealed: Sealed, number: int, *, logged: bool = True) -> None:
    """As `archiver remove` takes the first capture of a run out; without `logged` up to where the log is extended."""
    archive, run = sealed.archive, sealed.runs[number]
    with Ledger(archive.ledger) as ledger:
        remove(
            archive,
            ledger,
            [run.manifest(f"capture-{number}-0")],
            reason="asked for",
            destroy=True,
            sign=sealed.sealer().signer(),
            clock=CLOCK,
        )
    if logged:
        assert sealed.sealer().seal() == ()


def removal_at_work(sealed: Sealed) -> None:
    with hold(sealed.archive, CLOCK):
        taken_out(sealed, 0)


@pytest.mark.parametrize("when", [1, 2])
def test_what_is_removed_before_or_after_it_was_read(sealed: Sealed, when: int) -> None:
    """It was called removed and there again, and its package another one than was signed."""
    report = verified(sealed, lambda: removal_at_work(sealed), when)
    assert report.defects == ()
    assert verify([sealed.archive.root]).whole


def test_what_was_removed_and_put_back_is_told_also_while_something_else_is_removed(
    sealed: Sealed,
) -> None:
    sheet = sealed.runs[1].manifest("capture-1-0")
    data = sheet.read_bytes()
    taken_out(sealed, 1)
    sheet.write_bytes(data)
    report = verified(sealed, lambda: removal_at_work(sealed), 2)
    assert any("was removed and is there again" in str(defect) for defect in report.defects)


@pytest.mark.parametrize("logged", [False, True])
def test_a_package_changed_is_told_also_while_another_run_is_removed_from(
    sealed: Sealed, logged: bool
) -> None:
    taken_out(sealed, 0, logged=logged)
    seal = sealed.runs[1].seal
    seal.write_bytes(seal.read_bytes() + b"\n")
    with hold(sealed.archive, CLOCK):
        report = verify([sealed.archive.root])
    (line,) = [str(d) for d in report.defects if "leaves.jsonl" in str(d)]
    assert line.endswith(f"the package {sealed.runs[1].id} is not the one that was signed")


def test_a_removal_that_has_not_ended(sealed: Sealed) -> None:
    """Not before and not after it has taken something out; what it leaves when it is killed is told."""
    run = sealed.runs[0]
    seal = run.seal.read_bytes()
    run.seal.unlink()
    with hold(sealed.archive, CLOCK):
        assert verify([sealed.archive.root]).defects == ()
    said = [str(defect) for defect in verify([sealed.archive.root]).defects]
    assert len(said) == 2 and "run not finished (killed?)" in said[0]
    assert said[1].endswith(f"the package {run.id} is missing"), "its manifests are not"
    run.seal.write_bytes(seal)
    taken_out(sealed, 0, logged=False)
    with hold(sealed.archive, CLOCK):
        assert verify([sealed.archive.root]).defects == ()
    assert any("is missing" in str(defect) for defect in verify([sealed.archive.root]).defects)


def test_what_is_taken_out_of_a_run_while_it_is_read(sealed: Sealed) -> None:
    """A tree is listed first and read then."""

    class Late(Reader):
        def read(self, tree: Tree, defects: list[Defect]) -> Iterator[tuple[str, Found]]:
            if not any(sealed.archive.log.tombstones.glob("*")):
                removal_at_work(sealed)
            return super().read(tree, defects)

    with Late(1) as reader:
        run = at_rest(sealed.runs[0].path, reader, frozenset())
    assert run.defects == ()
    assert list(run.sheets) == ["manifests/capture-0-1.json"]


def test_keys_that_are_replaced_while_the_log_is_read(sealed: Sealed) -> None:
    """Between two of its steps nothing fits: the log is read again."""
    archive, paused = sealed.archive, list[float]()
    place = archive.keys.verifier
    before = place.read_bytes()

    def pause(seconds: float) -> None:
        paused.append(seconds)
        place.write_bytes(after)

    with hold(archive, CLOCK):
        rotate(archive, archive.keys, reason="lost", clock=CLOCK)
        after = place.read_bytes()
        place.write_bytes(before)
        assert closed(archive, pause) == [] and len(paused) == 1
        place.write_bytes(before)
        paused.clear()
        (line,) = closed(archive, paused.append)
        assert line.endswith("log.vkey: is not the key of log.pub") and len(paused) == TRIES
    sealed.archive.lock.unlink()
    paused.clear()
    assert closed(archive, paused.append) == [line] and not paused


def closed(archive: Archive, pause: Callable[[float], None]) -> list[str]:
    """What the log alone is said to be like."""
    busy = Busy(archive.root)
    seal = Seal(archive.root, Trust({}, {}, {}, []), busy)
    with Reader(1) as reader:
        for run in archive.run_folders():
            seal.compare(check_run(FolderTree(run.path), reader), run.path)
    settled(seal, busy, pause)
    return [str(defect) for defect in seal.defects]


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
    """Whether somebody at work explains it: it is not done yet, or stands in the ledger, which a run fills, or is
    the tombstone of a removal that has not come as far as the log."""
    stone = "/log/tombstones/" in line and line.endswith("does not belong here")
    return line.endswith(UNDONE) or stone or "ledger" in line


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


def test_what_a_killed_rebuild_leaves_is_no_stranger(sealed: Sealed) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        (sealed.archive.root / f"ledger.sqlite3.open{ending}").touch()
    assert verify([sealed.archive.root]).whole
