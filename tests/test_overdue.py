"""What is due of the archive itself: whose turn it is first, and how many at once."""

import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "storage"))

from storage_samples import START, CountedIds, SetClock, manifest, new_run, store  # noqa: E402

from archiver.config import Settings  # noqa: E402
from archiver.domain.capture import Status  # noqa: E402
from archiver.net.pace import Pace  # noqa: E402
from archiver.overdue import overdue  # noqa: E402
from archiver.report import Silent  # noqa: E402
from archiver.storage.layout import Archive  # noqa: E402
from archiver.storage.ledger import Ledger  # noqa: E402
from archiver.tools import open_tools  # noqa: E402


class Noting(Silent):
    """Keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def fill(root: Path) -> None:
    """Five posts, visited in another order than that of their names; the last visit is not an hour ago."""
    archive = Archive(root)
    archive.prepare()
    run = new_run(archive)
    with Ledger(archive.ledger) as ledger:
        for name, hours in zip("dbeac", (0, 1, 2, 3, 99), strict=True):
            made = manifest(name, f"x:{name}", Status.CAPTURED, hours=hours)
            stored, digest = store(run, made)
            path = archive.relative(run.manifest(name))
            ledger.commit_capture(stored, path, digest)


def found(root: Path, watch: Noting, *, most: int, known: frozenset[str]) -> list[str]:
    clock = SetClock(START + timedelta(hours=99.5))
    with open_tools(
        Settings(archive=root), watch, clock=clock, ids=CountedIds(), pace=Pace(), force=False
    ) as tools:
        problems: list[str] = []
        posts = [one.target for one in overdue(tools, known, problems, most)]
        assert problems == []
    return posts


def test_the_longest_unvisited_comes_first(tmp_path: Path) -> None:
    fill(tmp_path / "archive")
    watch = Noting()
    posts = found(tmp_path / "archive", watch, most=10, known=frozenset({"x:e"}))
    assert posts == ["x:d", "x:b", "x:a"] and watch.notes == []


def test_more_than_a_run_takes_are_left_to_the_next(tmp_path: Path) -> None:
    fill(tmp_path / "archive")
    watch = Noting()
    posts = found(tmp_path / "archive", watch, most=2, known=frozenset())
    assert posts == ["x:d", "x:b"]
    assert watch.notes == ["2 more posts that are due are left to the next run"]
