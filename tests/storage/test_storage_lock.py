"""One run at a time."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from storage_samples import SetClock, archive

from archiver.clock import SystemClock
from archiver.errors import LockHeld
from archiver.storage.layout import Archive
from archiver.storage.lock import hold

HOLDER = """
import sys, time
from pathlib import Path
from archiver.clock import SystemClock
from archiver.storage.layout import Archive
from archiver.storage.lock import hold
with hold(Archive(Path(sys.argv[1])), SystemClock()):
    print("held", flush=True)
    time.sleep(60)
"""


def start_holder(where: Archive) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, str(where.root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_second_run_leaves_at_once_and_says_who_holds_it(tmp_path: Path) -> None:
    where = archive(tmp_path)
    holder = start_holder(where)
    try:
        before = time.monotonic()
        with pytest.raises(LockHeld) as caught, hold(where, SystemClock()):
            pytest.fail("two runs hold the lock")
        assert time.monotonic() - before < 1
        assert f"process {holder.pid}" in caught.value.message
        assert caught.value.exit_code == 75
    finally:
        end(holder)


def test_the_lock_goes_with_its_holder_however_it_dies(tmp_path: Path) -> None:
    where = archive(tmp_path)
    holder = start_holder(where)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    with hold(where, SystemClock()):
        assert str(os.getpid()) in where.lock.read_text()


def test_the_lock_is_free_after_the_block_and_after_an_error(tmp_path: Path) -> None:
    where = archive(tmp_path)
    with pytest.raises(RuntimeError), hold(where, SetClock()):
        raise RuntimeError
    with hold(where, SetClock()):
        pass


def test_the_same_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    where = archive(tmp_path)
    with hold(where, SetClock()), pytest.raises(LockHeld), hold(where, SetClock()):
        pytest.fail("held twice")


def test_a_child_process_does_not_keep_it(tmp_path: Path) -> None:
    where = archive(tmp_path)
    with hold(where, SetClock()):
        child = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(60)"], close_fds=False
        )
    try:
        with hold(where, SystemClock(), wait=5):
            assert child.poll() is None
    finally:
        child.kill()
        child.wait()


def test_waiting_for_it(tmp_path: Path) -> None:
    where = archive(tmp_path)
    holder = start_holder(where)
    try:
        before = time.monotonic()
        with pytest.raises(LockHeld), hold(where, SystemClock(), wait=0.5):
            pytest.fail("held")
        assert 0.5 <= time.monotonic() - before < 5
    finally:
        end(holder)
    with hold(where, SystemClock(), wait=5):
        pass


class Glancing(SetClock):
    """Somebody who holds the lock shared, as `verify` does, until the clock is looked at a third time: when it was
    tried to get it, and in vain."""

    def __init__(self, where: Archive) -> None:
        super().__init__()
        where.lock.touch()
        self._descriptor = os.open(where.lock, os.O_RDONLY)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        self.looked = 0

    def monotonic(self) -> float:
        self.looked += 1
        if self.looked == 3:
            os.close(self._descriptor)
        return super().monotonic()


def test_who_only_glances_at_it_keeps_no_run_away(tmp_path: Path) -> None:
    where = archive(tmp_path)
    clock = Glancing(where)
    with hold(where, clock):
        assert clock.looked == 3


def test_of_many_runs_exactly_one_works(tmp_path: Path) -> None:
    where = archive(tmp_path)
    command = [sys.executable, "-c", HOLDER, str(where.root)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    runs = [subprocess.Popen(command, text=True, **pipes) for _ in range(6)]
    try:
        first = [run.stdout.readline() for run in runs]
        assert sorted(first) == ["", "", "", "", "", "held\n"]
    finally:
        for run in runs:
            end(run)


@pytest.mark.parametrize("text", ["", "garbage", "{}", '{"pid": "x"}', "[1]", "\xff"])
def test_a_lock_file_with_anything_in_it(tmp_path: Path, text: str) -> None:
    where = archive(tmp_path)
    with hold(where, SetClock()):
        where.lock.write_text(text, encoding="latin-1")
        with pytest.raises(LockHeld, match="not said who"), hold(where, SetClock()):
            pytest.fail("held twice")
