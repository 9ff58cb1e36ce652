"""Whether an archive was written to while it was read.

Reading takes no lock, so a run may be at work meanwhile. Of its own run it has not written everything yet (such
defects are `passing`), and what it ends meanwhile stands in the log although it was not there to be read.
A removal takes out what was read already. None of that is damage.
"""

import fcntl
import os
from pathlib import Path

LOCK = "lock"
AT_WORK = "the archive was written to while it was read: verify again when no run is at work"


class Busy:
    """An archive from the moment on when it begins to be read."""

    def __init__(self, root: Path) -> None:
        self._lock = root / LOCK
        self._checkpoints = root / "log" / "checkpoints"
        self._covered = self._newest()
        self._until = self._covered
        self._held = self._is_held()
        self._taken = self._last_taken()

    def now(self) -> bool:
        """Whether somebody has held the archive's lock since then."""
        return self._held or self._taken != self._last_taken() or self._is_held()

    def look(self) -> None:
        """The log is going to be read now: what is signed by now counts as signed."""
        self._until = self._newest()

    def is_signed_since(self, line: int) -> bool:
        """Whether a leaf of the log was signed since then: its manifest was not there to be read."""
        return self._covered < line <= self._until

    def is_since(self, line: int) -> bool:
        """Whether a leaf of the log came since then, or was not signed yet."""
        return self._covered < line

    def _newest(self) -> int:
        names = (path.stem for path in self._checkpoints.glob("*.txt"))
        return max((int(name) for name in names if name.isascii() and name.isdigit()), default=0)

    def _last_taken(self) -> int:
        """When the lock was last taken: whoever takes it writes its name into it."""
        try:
            return self._lock.stat().st_mtime_ns
        except OSError:
            return 0

    def _is_held(self) -> bool:
        try:
            descriptor = os.open(self._lock, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            return isinstance(error, BlockingIOError)
        finally:
            os.close(descriptor)
        return False
