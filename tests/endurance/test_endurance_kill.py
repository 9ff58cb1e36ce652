"""SIGKILL at random moments and at every single call to the disk: nothing committed is lost or twice.

The whole program runs, but for the browser: articles by the command line, posts with made-up visits.
`ARCHIVER_TEST_KILLS` says how many random kills; the long run has five thousand of its own.
"""

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from endurance_kit import (
    COUNT,
    KILL,
    WRITE,
    WRITERS,
    Child,
    Driver,
    evidence,
    fault,
    in_ledger,
    run_of,
    see_mended,
    see_nothing_vanished,
    see_whole,
    session_members,
    urls,
    wait_until,
)

KILLS = int(os.environ.get("ARCHIVER_TEST_KILLS", "200"))
SOAK = int(os.environ.get("ARCHIVER_SOAK_KILLS", "5000"))
PARTS = 8
AT_MOST = 10
"""Kills of runs over one archive, one after the other, before a run is left alone."""


def starter(driver: Driver, archive: Path, many: list[Path], kind: str) -> Callable[[], Child]:
    if kind == "posts":
        order = {"archive": str(archive), "urls": urls(20)}
        return lambda: driver.start(posts=order)
    return lambda: driver.start(run_of(archive, many))


def usual_seconds(driver: Driver, many: list[Path], kind: str) -> float:
    """How long the run takes when nobody kills it."""
    began = time.monotonic()
    assert starter(driver, driver.fresh(), many, kind)().wait().code == 0
    return time.monotonic() - began


def killed_again_and_again(
    driver: Driver, many: list[Path], kind: str, chance: random.Random, kills: int
) -> None:
    """Runs over one archive, each killed at a random moment, and then one that nobody kills."""
    usual = usual_seconds(driver, many, kind)
    archive = driver.fresh()
    start = starter(driver, archive, many, kind)
    said: set[str] = set()
    for _ in range(kills):
        before = evidence(archive) if archive.is_dir() else {}
        run = start()
        time.sleep(chance.uniform(0, usual))
        run.signal(9)
        ended = run.wait()
        assert ended.code in (0, -9), ended
        wait_until(lambda pid=run.pid: not session_members(pid))
        if archive.is_dir():
            see_nothing_vanished(before, archive)
        said |= ended.committed
        assert said <= in_ledger(archive)
    last = start().wait()
    assert last.code == 0, last
    see_whole(driver, archive, said | last.committed)
    assert len(last.committed) == 20


def kill_in_bunches(
    driver: Driver, many: list[Path], kind: str, chance: random.Random, kills: int
) -> None:
    while kills > 0:
        bunch = min(kills, chance.randint(1, AT_MOST))
        killed_again_and_again(driver, many, kind, chance, bunch)
        kills -= bunch


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", ["articles", "posts"])
def test_killed_at_random(driver: Driver, many: list[Path], kind: str, part: int) -> None:
    chance = random.Random(f"{kind} {part}")
    kill_in_bunches(driver, many, kind, chance, -(-KILLS // (2 * PARTS)))


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["articles", "posts"])
def test_killed_for_a_long_time(driver: Driver, many: list[Path], kind: str) -> None:
    chance = random.Random(f"long {kind}")
    kill_in_bunches(driver, many, kind, chance, SOAK // 2)


def calls_of(driver: Driver, articles: list[Path], kinds: int) -> int:
    """How many calls of these kinds a first run makes."""
    archive = driver.fresh()
    ended = driver.call(*run_of(archive, articles), shim=fault(archive, COUNT, 0, kinds=kinds))
    assert ended.code == 0 and ended.calls > 50, ended
    return ended.calls


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_every_call(driver: Driver, articles: list[Path], part: int) -> None:
    """A first run of one article ends before its n-th call that changes the disk, for every n."""
    one = articles[:1]
    for n in range(1 + part, calls_of(driver, one, WRITERS) + 1, PARTS):
        archive = driver.fresh()
        shim = fault(archive, KILL, n, kinds=WRITERS)
        ended = driver.call(*run_of(archive, one), shim=shim)
        assert ended.code == -9, ended
        assert ended.committed <= in_ledger(archive)
        see_mended(driver, archive, one, ended.committed)


def test_killed_in_the_middle_of_a_write(driver: Driver, articles: list[Path]) -> None:
    """Half of the n-th write arrives, and nothing after it, for every second n."""
    one = articles[:1]
    for n in range(1, calls_of(driver, one, WRITE) + 1, 2):
        archive = driver.fresh()
        shim = fault(archive, KILL, n, 1, kinds=WRITE)
        ended = driver.call(*run_of(archive, one), shim=shim)
        assert ended.code == -9, ended
        see_mended(driver, archive, one, ended.committed)


def test_mending_is_killed_too(driver: Driver, articles: list[Path]) -> None:
    """A run that mends what a killed one left is killed itself, at every third call of every kind of leftovers."""
    two = articles[:2]
    for number, calls in enumerate((146, 156, 166, 190)):
        left = driver.fresh()
        ended = driver.call(*run_of(left, two), shim=fault(left, KILL, calls, kinds=WRITERS))
        assert ended.code == -9, ended
        there = in_ledger(left)
        counted = driver.fresh()
        shutil.copytree(left, counted)
        shim = fault(counted, COUNT, 0, kinds=WRITERS)
        for n in range(1 + number, driver.call(*run_of(counted, two), shim=shim).calls, 12):
            archive = driver.fresh()
            shutil.copytree(left, archive)
            before = evidence(archive)
            shim = fault(archive, KILL, n, kinds=WRITERS)
            ended = driver.call(*run_of(archive, two), shim=shim)
            assert ended.code == -9, ended
            see_nothing_vanished(before, archive)
            assert there | ended.committed <= in_ledger(archive)
            see_mended(driver, archive, two, there | ended.committed)
