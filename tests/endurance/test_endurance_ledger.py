"""A ledger that is damaged, missing, older than its archive, of another version or in use: refused in one
line and left alone, or made again and equal."""

import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from endurance_kit import (
    COUNT,
    KILL,
    LEDGER,
    WRITERS,
    Driver,
    fault,
    manifests,
    rows,
    run_of,
    see_mended,
    see_one_line,
    see_whole,
)

DAMAGED, NEWER_NEEDED = 5, 2
PAGE = 4096


@pytest.fixture(scope="module")
def sound(driver: Driver, articles: list[Path]) -> Path:
    """An archive of two runs; tests work on copies of it."""
    archive = driver.fresh("sound")
    for count in (1, 3):
        assert driver.call(*run_of(archive, articles[:count])).code == 0
    return archive


def copy_of(driver: Driver, archive: Path) -> Path:
    copy = driver.fresh("copy")
    shutil.copytree(archive, copy)
    return copy


def dump(archive: Path) -> list[dict[str, Any]]:
    return sorted(rows(archive), key=lambda row: str(row["capture_id"]))


def truncated(to: int) -> Callable[[Path], None]:
    def damage(ledger: Path) -> None:
        ledger.write_bytes(ledger.read_bytes()[:to])

    return damage


def page_of_noise(number: int) -> Callable[[Path], None]:
    def damage(ledger: Path) -> None:
        data = bytearray(ledger.read_bytes())
        data[number * PAGE : (number + 1) * PAGE] = random.Random(number).randbytes(PAGE)
        ledger.write_bytes(data)

    return damage


def of_another_program(ledger: Path) -> None:
    ledger.unlink()
    with closing(sqlite3.connect(ledger)) as base:
        base.execute("CREATE TABLE things (name)")


def of_a_later_version(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as base:
        base.execute("PRAGMA user_version = 9999")


REFUSED = [
    *(truncated(size) for size in (100, 5_000, 3 * PAGE)),
    *(page_of_noise(number) for number in (0, 1, 2, 3)),
    of_another_program,
]


@pytest.mark.parametrize("damage", REFUSED)
def test_a_damaged_ledger_is_refused_and_made_again_on_request(
    driver: Driver, sound: Path, articles: list[Path], damage: Callable[[Path], None]
) -> None:
    """Whether the damage shows at once or not at all in a run: it is never believed, nor touched."""
    archive = copy_of(driver, sound)
    before = dump(archive)
    damage(archive / LEDGER)
    held, damaged = manifests(archive), (archive / LEDGER).read_bytes()
    ended = driver.call(*run_of(archive, articles))
    assert ended.code == DAMAGED, ended
    see_one_line(ended)
    assert LEDGER in ended.err
    assert manifests(archive) == held and (archive / LEDGER).read_bytes() == damaged
    made = driver.call("--archive", archive, "rebuild")
    assert made.code == 0, made
    assert dump(archive) == before
    aside = list((archive / "quarantine").glob(f"*{LEDGER}"))
    assert [one.read_bytes() for one in aside] == [damaged]
    see_mended(driver, archive, articles, {str(path) for path in articles})


def test_a_ledger_of_a_later_version_is_left_alone(
    driver: Driver, sound: Path, articles: list[Path]
) -> None:
    archive = copy_of(driver, sound)
    of_a_later_version(archive / LEDGER)
    before = (archive / LEDGER).read_bytes()
    ended = driver.call(*run_of(archive, articles))
    assert ended.code == NEWER_NEEDED, ended
    see_one_line(ended)
    assert "9999" in ended.err and (archive / LEDGER).read_bytes() == before


def missing(archive: Path, sound: Path) -> None:
    (archive / LEDGER).unlink()


def empty(archive: Path, sound: Path) -> None:
    (archive / LEDGER).write_bytes(b"")


def without_rows(archive: Path, sound: Path) -> None:
    with closing(sqlite3.connect(archive / LEDGER)) as base:
        base.execute("PRAGMA foreign_keys = ON")
        base.execute("DELETE FROM captures")
        base.commit()


def older(archive: Path, sound: Path) -> None:
    """As it was before the last run: somebody put a backup back."""
    last = sorted(row["run_id"] for row in rows(archive))[-1]
    with closing(sqlite3.connect(archive / LEDGER)) as base:
        base.execute("PRAGMA foreign_keys = ON")
        base.execute("DELETE FROM captures WHERE run_id = ?", (last,))
        base.commit()


def with_a_hole(archive: Path, sound: Path) -> None:
    """One row of a run is missing: its write-ahead log was lost."""
    with closing(sqlite3.connect(archive / LEDGER)) as base:
        base.execute("PRAGMA foreign_keys = ON")
        (last,) = base.execute("SELECT max(capture_id) FROM captures").fetchone()
        base.execute("DELETE FROM captures WHERE capture_id = ?", (last,))
        base.commit()


@pytest.mark.parametrize("change", [missing, empty, without_rows, older, with_a_hole])
def test_a_ledger_that_knows_too_little_is_brought_up(
    driver: Driver, sound: Path, articles: list[Path], change: Callable[[Path, Path], None]
) -> None:
    """Nothing is captured a second time, and the rows are those that were there."""
    archive = copy_of(driver, sound)
    before = dump(archive)
    change(archive, sound)
    see_mended(driver, archive, articles, {str(path) for path in articles})
    assert dump(archive) == before


def test_a_lost_write_ahead_log(driver: Driver, articles: list[Path]) -> None:
    """Killed with rows that stand in the log only, and the log is lost: the captures are entered again."""
    archive = driver.fresh()
    counting = fault(archive, COUNT, 0, kinds=WRITERS)
    calls = driver.call(*run_of(archive, articles), shim=counting).calls
    shutil.rmtree(archive)
    shim = fault(archive, KILL, calls * 2 // 3, kinds=WRITERS)
    ended = driver.call(*run_of(archive, articles), shim=shim)
    assert ended.code == -9 and ended.committed, ended
    held = manifests(archive)
    assert (archive / f"{LEDGER}-wal").stat().st_size
    (archive / f"{LEDGER}-wal").unlink()
    see_mended(driver, archive, articles, ended.committed)
    assert held.items() <= manifests(archive).items()


def test_rebuilding_is_killed_at_every_call(
    driver: Driver, sound: Path, articles: list[Path]
) -> None:
    before = dump(sound)
    archive = copy_of(driver, sound)
    shim = fault(archive, COUNT, 0, kinds=WRITERS)
    calls = driver.call("--archive", archive, "rebuild", shim=shim).calls
    assert calls > 20
    for n in range(1, calls + 1, 4):
        archive = copy_of(driver, sound)
        shim = fault(archive, KILL, n, kinds=WRITERS)
        assert driver.call("--archive", archive, "rebuild", shim=shim).code == -9
        see_mended(driver, archive, articles, {str(path) for path in articles})
        assert dump(archive) == before


@pytest.mark.soak
def test_a_ledger_that_another_program_holds(
    driver: Driver, sound: Path, articles: list[Path]
) -> None:
    """For a minute: the run gives up after twenty seconds, in one line, and the next one works."""
    archive = copy_of(driver, sound)
    with closing(sqlite3.connect(archive / LEDGER, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        ended = driver.call(*run_of(archive, articles))
        assert ended.code == 1, ended
        see_one_line(ended)
        assert "locked by another program" in ended.err and time.monotonic() - began < 60
        other.execute("ROLLBACK")
    see_whole(driver, archive, {str(path) for path in articles})
    see_mended(driver, archive, articles, {str(path) for path in articles})
