"""Archives that may not be written to, or whose parts lead elsewhere: a clear line, and nothing is written."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from endurance_kit import Driver, run_of, see_mended, see_one_line

NOBODY = 65534


def tree(folder: Path) -> dict[str, str]:
    """Every file and folder with what it holds."""
    found = {}
    for path in sorted(folder.rglob("*")):
        what = os.readlink(path) if path.is_symlink() else "folder"
        if path.is_file() and not path.is_symlink():
            what = hashlib.sha256(path.read_bytes()).hexdigest()
        found[str(path.relative_to(folder))] = what
    return found


def run_refused(driver: Driver, archive: Path, articles: list[Path], user: int = 0) -> str:
    """The line that a run ends with; nothing was written, here or elsewhere."""
    before = tree(archive.parent)
    ended = driver.call(*run_of(archive, articles), user=user)
    assert ended.code == 1, ended
    see_one_line(ended)
    after = tree(archive.parent)
    for one in (before, after):
        one.pop(f"{archive.name}/lock", None)
    assert after == before
    return ended.err


def home(driver: Driver) -> Path:
    place = driver.fresh("home")
    place.mkdir()
    return place / "archive"


def linked_part(part: str) -> Callable[[Path], None]:
    """Puts a link to a folder elsewhere in the place of a part of the archive."""

    def change(archive: Path) -> None:
        elsewhere = archive.parent / "elsewhere"
        (archive / part).rename(elsewhere)
        (archive / part).symlink_to(elsewhere)

    return change


PARTS = ["runs", "quarantine", "ledger.sqlite3", "lock", "log", "keys"]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_a_link(driver: Driver, articles: list[Path], part: str) -> None:
    archive = home(driver)
    assert driver.call(*run_of(archive, articles[:1])).code == 0
    linked_part(part)(archive)
    before = tree(archive.parent / "elsewhere")
    ended = driver.call(*run_of(archive, articles))
    assert ended.code == 1, ended
    see_one_line(ended)
    assert part in ended.err + ended.out
    assert tree(archive.parent / "elsewhere") == before


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_year_a_month_or_a_day_that_is_a_link(
    driver: Driver, articles: list[Path], level: int
) -> None:
    archive = home(driver)
    assert driver.call(*run_of(archive, articles[:1])).code == 0
    part = next(archive.glob("runs/" + "/".join("*" * level))).relative_to(archive)
    linked_part(str(part))(archive)
    assert "symbolic link" in run_refused(driver, archive, articles)


def test_a_file_in_the_place_of_the_archive(driver: Driver, articles: list[Path]) -> None:
    archive = home(driver)
    archive.write_text("a file")
    assert "not a folder" in run_refused(driver, archive, articles)


def test_the_archive_itself_may_be_a_link(driver: Driver, articles: list[Path]) -> None:
    archive = home(driver)
    (archive.parent / "disk").mkdir()
    archive.symlink_to(archive.parent / "disk")
    see_mended(driver, archive, articles, set())


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="changing owners needs root")


@needs_root
@pytest.mark.parametrize("part", ["", "runs", "quarantine", "ledger.sqlite3", "lock"])
def test_a_part_that_belongs_to_another_user(
    driver: Driver, articles: list[Path], part: str
) -> None:
    archive = home(driver)
    assert driver.call(*run_of(archive, articles[:1])).code == 0
    for path in (archive.parent, archive, *archive.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
        if path.suffix != ".key":
            path.chmod(path.stat().st_mode | 0o044 | 0o111 * path.is_dir())
    foreign = [archive / part, *(archive / part).rglob("*")] if part != "" else [archive]
    for path in foreign:
        os.chown(path, 0, 0)
    line = run_refused(driver, archive, articles, user=NOBODY)
    assert str(archive / part) in line
    for path in (archive.parent, *archive.rglob("*")):
        os.chown(path, 0, 0)
    see_mended(driver, archive, articles, {str(articles[0])})


@needs_root
def test_an_archive_that_is_read_only(driver: Driver, articles: list[Path]) -> None:
    archive = home(driver)
    assert driver.call(*run_of(archive, articles[:1])).code == 0
    paths = (archive.parent, archive, *archive.rglob("*"))
    for path in paths:
        os.chown(path, NOBODY, NOBODY)
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert "cannot write" in run_refused(driver, archive, articles, user=NOBODY)


@needs_root
def test_a_place_where_no_archive_can_be_made(driver: Driver, articles: list[Path]) -> None:
    archive = home(driver)
    archive.parent.chmod(0o755)
    assert str(archive) in run_refused(driver, archive, articles, user=NOBODY)
