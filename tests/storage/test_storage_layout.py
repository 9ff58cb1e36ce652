"""Where things lie: paths are made of safe names only, and nothing is written elsewhere."""

import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage_samples import START, CountedIds, archive, new_run

from archiver.errors import ArchiverError
from archiver.storage.layout import Archive, RunFolder, new_capture_id, new_run_id

HOSTILE = [
    "../../etc/passwd", "/etc/passwd", "\\..\\x", "a\0b", "CON", "x" * 4096, "\u202egnp.exe", "🤡",
    "-rf", "a.", "a ", "%2f..%2f", "..", ".", "", "a\nb", "é", "e\u0301", "\ud800",
]  # fmt: skip


def test_the_path_of_a_run(tmp_path: Path) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    assert run.path == where.root / "runs/2026/03/04/20260304T050607Z-0001"
    assert sorted(one.name for one in run.path.iterdir()) == [
        "archive", "indexes", "logs", "manifests", "pages",
    ]  # fmt: skip
    assert list(where.run_folders()) == [run] == [where.run(run.id)]
    assert run.warc("x-20-1").relative_to(run.path).as_posix() == "archive/x-20-1.warc.gz"
    assert not run.finished


def test_folders_are_closed_to_others(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        where = archive(tmp_path)
        run = new_run(where)
    finally:
        os.umask(previous)
    for folder in (where.root, where.quarantine, run.path.parent, run.path, run.archive):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o750


def test_a_run_is_made_only_once(tmp_path: Path) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    with pytest.raises(ArchiverError, match="is there already"):
        where.create_run(run.id)


def test_preparing_twice_changes_nothing(tmp_path: Path) -> None:
    where = archive(tmp_path)
    where.prepare()
    assert sorted(one.name for one in where.root.iterdir()) == ["quarantine", "runs"]


@pytest.mark.parametrize("name", [*HOSTILE, "20260304T050607Z-0001/../x", "20260304T050607Z-00G1"])
def test_only_our_own_names_become_paths(tmp_path: Path, name: str) -> None:
    where = Archive(tmp_path)
    with pytest.raises(ArchiverError, match="no run id"):
        where.run(name)
    for door in (RunFolder(tmp_path).warc, RunFolder(tmp_path).manifest):
        with pytest.raises(ArchiverError, match="no capture id"):
            door(name)


@given(st.one_of(st.text(st.characters()), st.sampled_from(HOSTILE)))
def test_any_target_gives_a_safe_name(target: str) -> None:
    name = new_capture_id(target, CountedIds())
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) and len(name) < 120
    assert RunFolder(Path("/r")).warc(name).parent == Path("/r/archive")


def test_targets_that_look_alike_have_different_names() -> None:
    twins = ["x:a_B", "x:a-b", "x:A_b", "x:é", "x:e\u0301", "x:a", "x:a ", "x:a."]
    names = {new_capture_id(target, CountedIds()) for target in twins}
    assert len(names) == len(twins)


def test_two_captures_of_one_post_have_different_names() -> None:
    ids = CountedIds()
    assert new_capture_id("x:20", ids) != new_capture_id("x:20", ids)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a//b", "", "a/./b", "a/../b", "a\0"])
def test_what_the_ledger_names_stays_inside(tmp_path: Path, path: str) -> None:
    with pytest.raises(ArchiverError, match="no path inside"):
        Archive(tmp_path).absolute(path)


def test_relative_and_absolute_are_inverse(tmp_path: Path) -> None:
    where = archive(tmp_path)
    path = new_run(where).manifest("x-20-1")
    assert where.absolute(where.relative(path)) == path


def test_a_file_in_the_place_of_the_archive(tmp_path: Path) -> None:
    (tmp_path / "archives").write_text("mine")
    with pytest.raises(ArchiverError, match="not a folder"):
        archive(tmp_path)
    assert (tmp_path / "archives").read_text() == "mine"


@pytest.mark.parametrize("name", ["runs", "quarantine"])
def test_a_link_inside_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "archives").mkdir()
    (tmp_path / "archives" / name).symlink_to(elsewhere)
    with pytest.raises(ArchiverError, match="symbolic link"):
        archive(tmp_path)
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("name", ["ledger.sqlite3", "lock"])
def test_a_link_in_the_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    where = archive(tmp_path)
    (where.root / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ArchiverError, match="not a plain file"):
        where.prepare()
    assert not (tmp_path / "elsewhere").exists()


def test_a_linked_year_is_refused(tmp_path: Path) -> None:
    where = archive(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (where.runs / "2026").symlink_to(elsewhere)
    with pytest.raises(ArchiverError, match="symbolic link"):
        new_run(where)
    assert not list(elsewhere.iterdir())


def test_the_archive_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "big-disk").mkdir()
    (tmp_path / "archives").symlink_to(tmp_path / "big-disk")
    new_run(archive(tmp_path))
    assert (tmp_path / "big-disk" / "runs").is_dir()


NOBODY = 65534
PREPARE = """
import os, sys
from pathlib import Path
from archiver.errors import ArchiverError
from archiver.storage.layout import Archive
if os.geteuid() == 0:
    os.setuid(int(sys.argv[2]))
try:
    Archive(Path(sys.argv[1])).prepare()
except ArchiverError as error:
    print(error.message, error.hint)
"""


@pytest.mark.parametrize("part", ["", "runs", "quarantine"])
def test_an_archive_of_another_user(part: str) -> None:
    """Root may write everywhere, so the attempt is made as somebody else."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        where = archive(Path(folder))
        os.chmod(where.root, 0o777)
        for name in ("runs", "quarantine"):
            os.chmod(where.root / name, 0o777)
        os.chmod(where.root / part, 0o555)
        command = [sys.executable, "-c", PREPARE, str(where.root), str(NOBODY)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        os.chmod(where.root / part, 0o755)
        assert f"cannot write to {where.root / part}" in done.stdout, done.stderr
        assert "--archive" in done.stdout and not list(where.runs.iterdir())


def test_what_lies_about_is_no_run(tmp_path: Path) -> None:
    where = archive(tmp_path)
    run = new_run(where)
    (run.path.parent / "notes.txt").write_text("")
    (run.path.parent / "20260304T050607Z-ffff").symlink_to(run.path)
    assert list(where.run_folders()) == [run]


def test_what_lies_about_is_no_checkpoint(tmp_path: Path) -> None:
    log = archive(tmp_path).log
    log.prepare()
    for name in ("000000000003.txt", "3.txt", "note.txt", "000000000004.txt.open"):
        (log.checkpoints / name).touch()
    assert log.sizes() == (3,)


def test_run_ids_sort_by_time() -> None:
    assert new_run_id(START, CountedIds()) == "20260304T050607Z-0001"
