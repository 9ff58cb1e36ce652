"""Disks that are full, at twenty sizes, of bytes and of names; quotas, limits, and disks that turn read-only."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from endurance_kit import (
    BUDGET,
    Driver,
    Ended,
    evidence,
    fault,
    in_ledger,
    manifests,
    run_of,
    see_mended,
    see_nothing_vanished,
    see_one_line,
    write_articles,
)

NO_SPACE = 3
SIZES = [60_000 + 24_000 * step for step in range(20)]
"""From no room for the ledger to nearly enough for all six articles, which take about half a megabyte."""
LARGE = "size=40m,nr_inodes=4000"


def may_mount() -> bool:
    """Whether file systems can be mounted here: as root, outside of most containers."""
    if os.geteuid() != 0:
        return False
    return not subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode


needs_mounts = pytest.mark.skipif(not may_mount(), reason="mounting needs root")


@pytest.fixture(scope="module")
def large(driver: Driver) -> list[Path]:
    """Six articles of 60 kB that do not shrink much."""
    return write_articles(driver.place / "large", 6, 60_000)


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Callable[[str], None]]:
    """A file system in memory at `folder`; what is given changes its options."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("tmpfs cannot be mounted here")
    try:
        yield (
            lambda new: (
                subprocess.run(["mount", "-o", f"remount,{new}", str(folder)], check=True) and None
            )
        )
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def see_full(driver: Driver, archive: Path, ended: Ended) -> None:
    """The run said in one line that there is no room; what it had committed is there and verifies."""
    assert ended.code == NO_SPACE, ended
    see_one_line(ended)
    assert "no space left" in ended.err and "free some space" in ended.err
    assert ended.committed <= in_ledger(archive)
    if manifests(archive):
        checked = driver.call("--archive", archive, "verify")
        assert not [line for line in checked.out.splitlines() if ".warc.gz:" in line], checked


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_takes_so_many_bytes(driver: Driver, large: list[Path], number: int) -> None:
    filled = 0
    sizes = SIZES[number == errno.EDQUOT :: 2]
    for size in sizes:
        archive = driver.fresh()
        shim = fault(archive, BUDGET, size, number)
        ended = driver.call(*run_of(archive, large), shim=shim)
        if ended.code:
            see_full(driver, archive, ended)
            filled += 1
        see_mended(driver, archive, large, in_ledger(archive))
    assert filled >= len(sizes) - 3


@needs_mounts
def test_a_file_system_that_fills_up(driver: Driver, large: list[Path]) -> None:
    """A real one, of twenty sizes; when there is room again the next run goes on."""
    filled = 0
    for size in SIZES:
        place = driver.fresh("mount")
        with mounted(place, f"size={size // 1024 * 1024 + 4096}") as remount:
            archive = place / "archive"
            ended = driver.call(*run_of(archive, large))
            if ended.code:
                see_full(driver, archive, ended)
                filled += 1
            before = evidence(archive)
            remount(LARGE)
            see_mended(driver, archive, large, in_ledger(archive))
            see_nothing_vanished(before, archive)
    assert filled >= 15


@needs_mounts
@pytest.mark.parametrize("names", [8, 12, 16, 20, 25, 30, 35, 40])
def test_a_file_system_without_room_for_names(
    driver: Driver, large: list[Path], names: int
) -> None:
    place = driver.fresh("mount")
    with mounted(place, f"size=40m,nr_inodes={names}") as remount:
        archive = place / "archive"
        ended = driver.call(*run_of(archive, large))
        see_full(driver, archive, ended)
        remount(LARGE)
        see_mended(driver, archive, large, in_ledger(archive))


def test_nothing_is_begun_below_the_floor(driver: Driver, articles: list[Path]) -> None:
    archive = driver.fresh()
    ended = driver.call("--archive", archive, "run", "--min-free", "900000GB", *articles)
    assert ended.code == NO_SPACE and "--min-free" in ended.err
    assert not (archive / "ledger.sqlite3").exists() and not list(archive.glob("runs/*"))


@pytest.mark.parametrize("size", [1_000, 10_000, 40_000, 60_000])
def test_files_that_may_not_grow(driver: Driver, large: list[Path], size: int) -> None:
    """RLIMIT_FSIZE: every file ends at that size."""
    archive = driver.fresh()
    ended = driver.call(*run_of(archive, large), limits={"FSIZE": size})
    see_full(driver, archive, ended)
    see_mended(driver, archive, large, in_ledger(archive))


@pytest.mark.parametrize("most", [6, 12, 24, 63, 64, 80])
def test_files_that_may_be_open(driver: Driver, articles: list[Path], most: int) -> None:
    """RLIMIT_NOFILE: too few are refused before anything is begun."""
    archive = driver.fresh()
    ended = driver.call(*run_of(archive, articles), limits={"NOFILE": most})
    assert ended.code == (1 if most < 64 else 0), ended
    if ended.code:
        see_one_line(ended)
        assert "files" in ended.err and not (archive / "ledger.sqlite3").exists()
    see_mended(driver, archive, articles, in_ledger(archive))


@needs_mounts
def test_a_disk_that_is_read_only(driver: Driver, articles: list[Path]) -> None:
    place = driver.fresh("mount")
    with mounted(place, LARGE) as remount:
        archive = place / "archive"
        assert driver.call(*run_of(archive, articles[:1])).code == 0
        remount("ro")
        before = {p: p.read_bytes() for p in archive.rglob("*") if p.is_file()}
        ended = driver.call(*run_of(archive, articles))
        assert ended.code == 1, ended
        see_one_line(ended)
        assert "ead-only" in ended.err
        assert {p: p.read_bytes() for p in archive.rglob("*") if p.is_file()} == before
        checked = driver.call("--archive", archive, "verify")
        assert checked.code == 0, checked
        remount("rw")
        see_mended(driver, archive, articles, {str(articles[0])})
