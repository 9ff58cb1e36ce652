"""One run at a time: a lock that the kernel lets go of when its holder dies, however it dies.

`flock(2)` on an open file, not a file that must be deleted: nothing stale can stay behind. The holder
writes who it is into the file, for the message to the next one only. Python opens files close-on-exec,
so no browser started by the run keeps the lock.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from archiver.clock import Clock, iso
from archiver.errors import ArchiverError, LockHeld
from archiver.files import disk_errors
from archiver.storage.layout import Archive

TRY_AGAIN = 0.2
GLANCES, GLANCE = 5, 0.02
"""How often it is tried again at least, and the seconds in between: `verify` takes the lock for an instant to see
whether somebody has it, and no run is to be refused for that."""


@contextmanager
def hold(archive: Archive, clock: Clock, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the archive's lock while the block runs.

    Raises LockHeld (exit code 75) when another run has it, after `wait` seconds; by default at once,
    as soon as it is clear that nobody just glanced at it.
    Raises ArchiverError where the file system has no locks.
    """
    with disk_errors(archive.lock):
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(archive.lock, flags, 0o640)
    try:
        _acquire(descriptor, archive, clock.monotonic() + wait, clock)
        with disk_errors(archive.lock):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, _myself(clock), 0)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, archive: Archive, until: float, clock: Clock) -> None:
    for tried in count(1):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if clock.monotonic() >= until and tried > GLANCES:
                raise LockHeld(
                    f"another run is writing to {archive.root}: {_holder(descriptor)}",
                    hint="wait until it has ended; the lock goes with it",
                ) from None
            time.sleep(GLANCE if tried <= GLANCES else TRY_AGAIN)
        except OSError as error:
            raise ArchiverError(
                f"cannot lock {archive.lock}: {error.strerror or error}",
                hint="an archive needs a file system with locks, or two runs would harm it",
            ) from error


def _myself(clock: Clock) -> bytes:
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": iso(clock.now())}
    return json.dumps(holder).encode()


def _holder(descriptor: int) -> str:
    """Who holds the lock, in words; it may just be writing its name."""
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
        return (
            f"process {int(holder['pid'])} on {holder['host']!s:.80} since {holder['since']!s:.30}"
        )
    except (ValueError, KeyError, TypeError):
        return "it has not said who it is yet"
