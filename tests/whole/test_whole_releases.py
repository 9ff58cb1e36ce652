"""Archives of every released version: this one reads, verifies, rebuilds and goes on with them."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures"))

from make_release import ARTICLE, POSTS, second_run  # noqa: E402
from whole import archiver  # noqa: E402

from archiver.clock import RandomIds, SystemClock  # noqa: E402
from archiver.commit import Commit, finish  # noqa: E402
from archiver.domain.capture import Status  # noqa: E402
from archiver.errors import ArchiverError, MadeByNewer  # noqa: E402
from archiver.manifests.file import read_manifest  # noqa: E402
from archiver.sealing import extend_log, package_signer  # noqa: E402
from archiver.storage.layout import Archive  # noqa: E402
from archiver.storage.ledger import Ledger  # noqa: E402
from archiver.storage.migrations import STEPS, VERSION, statements  # noqa: E402
from archiver.storage.rebuild import open_ledger, rebuild  # noqa: E402
from archiver.verification.verify import verify  # noqa: E402

RELEASES = Path(__file__).parents[1] / "fixtures" / "releases"
LEDGERS = sorted(RELEASES.glob("*/ledger-*.sql"))
CLOCK = SystemClock()
OPEN = """
import sys
from pathlib import Path
from archiver.storage.ledger import Ledger
Ledger(Path(sys.argv[1])).close()
"""


@pytest.fixture(params=LEDGERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """A copy of a frozen archive with its frozen ledger."""
    archive = Archive(tmp_path / "archive")
    shutil.copytree(request.param.parent / "archive", archive.root)
    for key in archive.keys.path.glob("*.key"):
        key.chmod(0o600)
    with closing(sqlite3.connect(archive.ledger)) as base:
        base.executescript(request.param.read_text(encoding="utf-8"))
    archive.prepare()
    archive.log.prepare()
    return archive


def shape(ledger: Path) -> tuple[object, ...]:
    """Version, tables and indexes of a ledger."""
    with closing(sqlite3.connect(ledger)) as base:
        version = base.execute("PRAGMA user_version").fetchone()
        lines = base.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name")
        return version, *((*row[:3], " ".join((row[3] or "").split())) for row in lines)


def test_a_ledger_of_this_version_and_of_every_one_with_a_step_is_frozen() -> None:
    """If not: `python tests/fixtures/make_release.py --ledgers`."""
    frozen = {int(path.stem.removeprefix("ledger-")) for path in LEDGERS}
    assert frozen >= {VERSION, *STEPS}


def test_a_ledger_is_brought_up_and_is_as_one_made_anew(released: Archive) -> None:
    Ledger(released.ledger).close()
    after = shape(released.ledger)
    with Ledger(released.ledger) as ledger:
        kept = ledger.dump()
    fresh = released.ledger.with_name("fresh.sqlite3")
    Ledger(fresh).close()
    assert after == shape(fresh) and after[0] == (VERSION,)
    fresh.unlink()
    told = rebuild(released, read_manifest, CLOCK)
    assert told.problems == () and told.captures == len(kept[0]) == 6
    with Ledger(released.ledger) as ledger:
        assert ledger.dump() == kept


def test_two_that_bring_it_up_at_once(released: Archive) -> None:
    words = [sys.executable, "-c", OPEN, str(released.ledger)]
    both = [subprocess.Popen(words, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in both] == [b""] * 4
    assert shape(released.ledger)[0] == (VERSION,)


SECOND = [path for path in LEDGERS if path.stem == "ledger-2"]


@pytest.mark.parametrize("released", SECOND, indirect=True, ids=["ledger-2"])
def test_a_step_that_fails_changes_nothing(released: Archive) -> None:
    with closing(sqlite3.connect(released.ledger)) as base:
        base.execute("CREATE INDEX captures_by_start ON embeds (key)")
    before = shape(released.ledger)
    with pytest.raises(ArchiverError, match="already exists"):
        Ledger(released.ledger)
    assert shape(released.ledger) == before


def test_all_of_it_is_read(released: Archive) -> None:
    with Ledger(released.ledger) as ledger:
        rows = {row.target: row for row in ledger.rows()}
        changed = [row["compared"] for row in ledger.changes(CLOCK.now().replace(year=1990))]
    mastodon, x = (rows[target] for target in POSTS)
    assert (mastodon.status, mastodon.captures) == (Status.CAPTURED, 2)
    assert (x.status, x.articles) == (Status.GONE, (ARTICLE,))
    assert len(rows) == 3 and sorted(changed) == ["edited", "gone"]
    for run in released.run_folders():
        for capture_id in run.captures():
            assert read_manifest(run.manifest(capture_id)).capture_id == capture_id


def test_it_is_whole_and_the_next_run_goes_on_with_it(released: Archive) -> None:
    assert verify([released.root]).defects == ()
    with open_ledger(released, read_manifest, CLOCK) as ledger:
        commit = Commit(released, ledger, "20260401T000000Z-cafe", {}, RandomIds())
        second_run(commit, "third")
        finish(commit.open_folder(), package_signer(released, released.keys))
    extend_log(released, released.keys)
    report = verify([released.root])
    assert report.defects == () and report.runs == 3


@pytest.fixture
def one_release(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "archive"
    shutil.copytree(LEDGERS[0].parent / "archive", root)
    yield root


def test_the_commands_on_an_old_archive(one_release: Path) -> None:
    """The folder alone, as it would be unpacked from a backup: no ledger."""
    target = next(iter(POSTS))
    for words in (["list"], ["show", target], ["show", "--manifest", target], ["changes"]):
        said = archiver("--archive", one_release, *words)
        assert (said.returncode, said.stderr) == (0, ""), words
        assert "social.example" in said.stdout


def test_a_manifest_of_a_later_version_is_told_and_kept(one_release: Path) -> None:
    archive = Archive(one_release)
    run = next(archive.run_folders())
    path = run.manifest(run.captures()[0])
    newer = path.read_bytes().replace(b"archiver/manifest/1", b"archiver/manifest/2")
    path.write_bytes(newer)
    with pytest.raises(MadeByNewer, match="archiver/manifest/2"):
        open_ledger(archive, read_manifest, CLOCK)
    assert not archive.ledger.exists()
    said = archiver("--archive", one_release, "rebuild")
    assert said.returncode == 5 and "this program reads archiver/manifest/1" in said.stderr
    assert path.read_bytes() == newer


def test_there_is_no_way_from_an_unknown_version() -> None:
    assert statements(min(STEPS) - 1) is None and statements(VERSION) is None
    assert statements(VERSION + 1) is None
