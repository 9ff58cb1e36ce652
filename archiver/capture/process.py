"""The browser's process: started with a pipe for DevTools, in a process group of its own.

A browser ends when its pipe is closed, and so when we are killed.
"""

import asyncio
import fcntl
import os
import signal
from collections.abc import Mapping
from contextlib import suppress

from archiver.capture.chromium import lacks_sandbox

COMMANDS, ANSWERS = 3, 4
"""The descriptors by which a browser is told, and tells."""
ROOMY = 1 << 20
"""Bytes that wait in the pipe for us, so that long bodies come in few pieces."""
CLEAR = 64
"""Descriptors from here on are none of those that the browser is to have."""
RESTORED = (signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MOST = 16 << 10
END_LIMIT = 5.0


class Process:
    """A started browser: `reading` and `writing` are our ends of its pipe."""

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        """Start it. Raises OSError."""
        theirs_in, self.writing = map(_clear, os.pipe())
        self.reading, theirs_out = map(_clear, os.pipe())
        self._complaints, complaining = map(_clear, os.pipe())
        null = _clear(os.open(os.devnull, os.O_RDWR))
        given = {0: null, 1: null, 2: complaining, COMMANDS: theirs_in, ANSWERS: theirs_out}
        try:
            self.pid = os.posix_spawn(
                command[0], command, dict(environment),
                file_actions=[(os.POSIX_SPAWN_DUP2, of, to) for to, of in given.items()],
                setpgroup=0, setsigmask=(), setsigdef=RESTORED,
            )  # fmt: skip
        except OSError:
            for own in (self.reading, self.writing, self._complaints):
                os.close(own)
            raise
        finally:
            for number in set(given.values()):
                os.close(number)
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with suppress(OSError):  # more than the user may have
                fcntl.fcntl(self.reading, fcntl.F_SETPIPE_SZ, ROOMY)
        self._said = b""
        self._waited: asyncio.Task[tuple[int, int]] | None = None
        os.set_blocking(self._complaints, False)
        asyncio.get_running_loop().add_reader(self._complaints, self._listen)

    def complaint(self) -> str:
        """What the browser said of its end, or else first, on its standard error; empty when it said nothing."""
        self._listen()
        lines = self._said.decode("utf-8", "replace").splitlines()
        said = [line.strip() for line in lines if line.strip()]
        return next((line for line in said if "FATAL" in line), said[0] if said else "")

    def lacks_sandbox(self) -> bool:
        """Whether it has said that it cannot have its sandbox; a wrapper's words may come before that."""
        self._listen()
        return lacks_sandbox(self._said)

    def kill(self) -> None:
        """Kill the whole group, if it is still there."""
        if self._waited is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    async def close(self) -> None:
        """Kill what is left, and wait for its end. Closing twice is harmless."""
        self.kill()
        if self._waited is None:
            asyncio.get_running_loop().remove_reader(self._complaints)
            os.close(self._complaints)
            self._waited = asyncio.create_task(asyncio.to_thread(os.waitpid, self.pid, 0))
        await asyncio.wait({self._waited}, timeout=END_LIMIT)

    def _listen(self) -> None:
        """Take what the browser complains of, so that it never waits for us; keep the beginning."""
        with suppress(BlockingIOError):
            said = os.read(self._complaints, MOST)
            self._said += said[: MOST - len(self._said)]
            if not said:
                asyncio.get_running_loop().remove_reader(self._complaints)


def _clear(number: int) -> int:
    """The same descriptor under a number that is not one of those that the browser is to have."""
    try:
        return fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, CLEAR)
    finally:
        os.close(number)
