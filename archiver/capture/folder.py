"""The browser's own temporary folder: profile, sockets and scratch files, gone when it ends.

Each folder holds a lock file that its owner keeps locked. The kernel lets the lock go when the
owner dies, so a folder whose lock can be had is a leftover, and the next start sweeps it away. It holds
the lock while it does: an owner that comes to it in the moment between the lock file and the lock finds
its file gone, and makes another folder.
"""

import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "archiver-browser-"
LOCK = "owner.lock"
YOUNG = 60.0


class Folder:
    """A private folder (mode 0700) with a held lock. `close` removes it."""

    def __init__(self) -> None:
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._lock = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            if (self.path / LOCK).exists():
                return
            os.close(self._lock)

    def close(self) -> None:
        """Remove the folder; a browser that is just ending may still write, so a few times."""
        os.close(self._lock)
        for _ in range(20):
            shutil.rmtree(self.path, ignore_errors=True)
            if not self.path.exists():
                return
            time.sleep(0.05)


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Let programs started now find these environment variables."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def sweep() -> None:
    """Remove the folders of browsers whose owner was killed, and end those that have not ended by themselves."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # another is sweeping too, or it is another user's
            _sweep(path)


def _sweep(path: Path) -> None:
    """Remove a folder whose lock nobody holds. One just made may not have its lock file yet. Raises OSError."""
    try:
        held = os.open(path / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        if time.time() - path.stat().st_mtime > YOUNG:
            shutil.rmtree(path, ignore_errors=True)
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _end_users(path)
        shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(held)


def _end_users(path: Path) -> None:
    """Kill the browsers that have their profile in a folder: one that hangs does not see its owner go."""
    profile = f"--user-data-dir={path}/".encode()
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended, or is another user's
            if any(said.startswith(profile) for said in file.read_bytes().split(b"\0")):
                os.kill(int(file.parent.name), signal.SIGKILL)
