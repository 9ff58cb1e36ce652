"""The n-th call to the disk fails, for every n: one clear line, the right exit code, nothing lost or twice.

In the normal suite each call fails once in a first run and once in a run that mends, with one error after
the other in turn; `pytest -m soak` takes every error at every call, once and from then on for good.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from endurance_kit import (
    COUNT,
    FAIL,
    KILL,
    LOCK,
    OPEN,
    READ_OPEN,
    WRITERS,
    Driver,
    Ended,
    evidence,
    fault,
    in_ledger,
    run_of,
    see_mended,
    see_nothing_vanished,
    see_one_line,
)

FULL = {errno.ENOSPC, errno.EDQUOT}
NO_SPACE, DAMAGED = 3, 5
PARTS = 6
Case = tuple[int, int, bool]
"""Which call fails, with which error, and whether those after it fail too."""


def count(driver: Driver, articles: list[Path], archive: Path, kinds: int) -> int:
    """How many calls of these kinds the run makes."""
    ended = driver.call(*run_of(archive, articles), shim=fault(archive, COUNT, 0, kinds=kinds))
    assert ended.code == 0 and ended.calls, ended
    return ended.calls


def see_fault(driver: Driver, articles: list[Path], archive: Path, case: Case, kinds: int) -> Ended:
    """One run with the fault and one without."""
    n, number, lasting = case
    there = in_ledger(archive)
    before = evidence(archive) if archive.is_dir() else {}
    shim = fault(archive, FAIL, n, number, lasting=lasting, kinds=kinds)
    ended = driver.call(*run_of(archive, articles), shim=shim)
    where = f"call {n} with {os.strerror(number)}, lasting {lasting}: {ended}"
    see_code(ended, number, lasting, where)
    if archive.is_dir():
        see_nothing_vanished(before, archive)
    committed = in_ledger(archive)
    assert there | ended.committed <= committed, where
    try:
        see_mended(driver, archive, articles, committed)
    except AssertionError as error:
        raise AssertionError(f"{error}\nafter {where}") from error
    return ended


def see_code(ended: Ended, number: int, lasting: bool, where: str) -> None:
    """Nothing but 0 (it was done without that call), 1, 3 when there was no room, or 5 when what was written
    could not be read back."""
    assert ended.code in (0, 1, NO_SPACE, DAMAGED), where
    if ended.code:
        see_one_line(ended)
    kind = int(ended.hit.split()[0]) if ended.hit else 0
    if ended.code == NO_SPACE:
        assert number in FULL, where
    elif ended.code == DAMAGED:
        assert number not in (errno.EMFILE, errno.EACCES) and kind == READ_OPEN, where
    elif ended.code == 1 and number in FULL:  # SQLite does not say why, and by then there is room
        assert kind == READ_OPEN or not lasting and "ledger.sqlite3" in ended.err, where


def left_behind(driver: Driver, articles: list[Path], calls: int) -> Path:
    """An archive with one finished run, and a second one that was killed in the middle."""
    archive = driver.fresh()
    assert driver.call(*run_of(archive, articles[:1])).code == 0
    kill = fault(archive, KILL, calls, kinds=WRITERS)
    assert driver.call(*run_of(archive, articles[:2]), shim=kill).code == -9
    return archive


def cases(calls: int, numbers: tuple[int, ...], part: int) -> Iterator[Case]:
    for n in range(1 + part, calls + 1, PARTS):
        yield n, numbers[n % len(numbers)], n // len(numbers) % 2 == 1


IN_TURN = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EIO)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_first_run_fails_at_every_call(driver: Driver, articles: list[Path], part: int) -> None:
    one = articles[:1]
    for case in cases(count(driver, one, driver.fresh(), WRITERS), IN_TURN, part):
        see_fault(driver, one, driver.fresh(), case, WRITERS)


def test_a_first_run_cannot_open_a_file(driver: Driver, articles: list[Path]) -> None:
    """Every open fails once: too many open files, also for those that are only read."""
    one, kinds = articles[:1], OPEN | READ_OPEN
    for n in range(1, count(driver, one, driver.fresh(), kinds) + 1):
        number = (errno.EMFILE, errno.EIO)[n % 2]
        see_fault(driver, one, driver.fresh(), (n, number, n % 4 > 1), kinds)


LEFT = (46, 56, 66)
"""Where the second run is killed: after its WARC, after its manifest, and while it writes its row."""


def test_a_mending_run_fails_at_every_call(driver: Driver, articles: list[Path]) -> None:
    """The normal suite takes every third call, with each kind of leftovers in turn."""
    kinds = WRITERS | READ_OPEN
    left = [left_behind(driver, articles, calls) for calls in LEFT]
    for n in range(1, count(driver, articles[:2], copy_of(driver, left[0]), kinds) + 1, 3):
        case = n, (errno.EIO, errno.EMFILE, errno.EROFS)[n // 3 % 3], n % 2 == 1
        see_fault(driver, articles[:2], copy_of(driver, left[n // 9 % 3]), case, kinds)


def copy_of(driver: Driver, archive: Path) -> Path:
    copy = driver.fresh()
    shutil.copytree(archive, copy)
    return copy


def test_a_lock_that_cannot_be_had(driver: Driver, articles: list[Path]) -> None:
    """File systems without locks: refused in one line, and nothing is written."""
    for number in (errno.ENOLCK, errno.EOPNOTSUPP, errno.EIO):
        archive = driver.fresh()
        shim = fault(archive, FAIL, 1, number, kinds=LOCK)
        ended = driver.call(*run_of(archive, articles), shim=shim)
        assert ended.code == 1, ended
        see_one_line(ended)
        assert "lock" in ended.err
        assert not (archive / "ledger.sqlite3").exists() and not list(archive.glob("runs/*"))


EVERY = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.EACCES)


@pytest.mark.soak
@pytest.mark.parametrize("number", EVERY)
@pytest.mark.parametrize("lasting", [False, True])
def test_every_error_at_every_call(
    driver: Driver, articles: list[Path], number: int, lasting: bool
) -> None:
    kinds = WRITERS | READ_OPEN
    for n in range(1, count(driver, articles[:1], driver.fresh(), kinds) + 1):
        see_fault(driver, articles[:1], driver.fresh(), (n, number, lasting), kinds)
    for left in [left_behind(driver, articles, calls) for calls in LEFT]:
        for n in range(1, count(driver, articles[:2], copy_of(driver, left), kinds) + 1):
            case = n, number, lasting
            see_fault(driver, articles[:2], copy_of(driver, left), case, kinds)
