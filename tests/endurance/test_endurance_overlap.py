"""Many runs at once: exactly one works on an archive, the others leave with 75 and harm nothing."""

import json
import os
import signal
import time
from pathlib import Path

from endurance_kit import (
    RENAME,
    SIGNAL,
    Driver,
    fault,
    run_of,
    see_mended,
    see_whole,
    wait_until,
)

RUNS = 40
TEMPORARY = 75


def stopped_at(pid: int) -> bool:
    """Whether the process is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_thirty_nine_leave_while_one_works(driver: Driver, articles: list[Path]) -> None:
    archive = driver.fresh()
    stop = fault(archive, SIGNAL, 3, signal.SIGSTOP, kinds=RENAME)
    holder = driver.start(run_of(archive, articles), shim=stop)
    wait_until(lambda: stopped_at(holder.pid))
    others = [driver.start(run_of(archive, articles)) for _ in range(RUNS - 1)]
    for other in others:
        ended = other.wait()
        assert ended.code == TEMPORARY, ended
        assert f"process {holder.pid} on" in ended.err and len(ended.err.splitlines()) == 2
        assert not ended.events
    began = time.process_time()
    assert driver.call(*run_of(archive, articles)).code == TEMPORARY
    assert time.process_time() - began < 1
    holder.signal(signal.SIGCONT)
    ended = holder.wait()
    assert ended.code == 0, ended
    see_whole(driver, archive, {str(path) for path in articles})


def test_forty_begin_at_the_same_time(driver: Driver, articles: list[Path]) -> None:
    """Those that come late enough find nothing to do."""
    archive = driver.fresh()
    runs = [driver.start(run_of(archive, articles)) for _ in range(RUNS)]
    codes = [run.wait().code for run in runs]
    assert set(codes) <= {0, TEMPORARY} and 0 in codes, codes
    see_whole(driver, archive, {str(path) for path in articles})


def test_the_lock_goes_with_its_holder(driver: Driver, articles: list[Path]) -> None:
    archive = driver.fresh()
    stop = fault(archive, SIGNAL, 5, signal.SIGSTOP, kinds=RENAME)
    holder = driver.start(run_of(archive, articles), shim=stop)
    wait_until(lambda: stopped_at(holder.pid))
    holder.signal(signal.SIGKILL)
    committed = holder.wait().committed
    see_mended(driver, archive, articles, committed)


def test_a_lock_file_that_names_a_living_process(driver: Driver, articles: list[Path]) -> None:
    """A number that the system gave to another process in the meantime holds nobody up."""
    archive = driver.fresh()
    assert driver.call(*run_of(archive, articles[:1])).code == 0
    (archive / "lock").write_text(json.dumps({"pid": os.getpid(), "host": "x", "since": "y"}))
    see_mended(driver, archive, articles, {str(articles[0])})


def test_two_archives_side_by_side(driver: Driver, articles: list[Path]) -> None:
    archives = [driver.fresh(), driver.fresh()]
    runs = [driver.start(run_of(archive, articles)) for archive in archives]
    assert [run.wait().code for run in runs] == [0, 0]
    for archive in archives:
        see_whole(driver, archive, {str(path) for path in articles})
