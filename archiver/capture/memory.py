"""What the browser's processes take of the machine's memory, and the end of one that takes too much."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from archiver.capture.devtools import CommandFailed, DevToolsGone
from archiver.capture.packing import Fields

PAUSE = 0.5
"""Seconds between two looks."""
PAGE = os.sysconf("SC_PAGE_SIZE")


def memory(pid: int) -> int:
    """The bytes of a process that are in memory; 0 where that is not told."""
    try:
        told = Path(f"/proc/{pid}/statm").read_text(encoding="ascii") if pid else ""
    except OSError:
        return 0
    return int(told.split()[1]) * PAGE if told else 0


class Watchman:
    """Ends each process of a browser that draws pages and takes more than `limit` bytes.

    `felled` counts them. The page of such a process has crashed; all others go on.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.felled = 0

    async def watch(self, ask: Callable[[str], Awaitable[Fields]]) -> None:
        """Look again and again until the browser that `ask` asks has gone, or this is cancelled."""
        while True:
            await asyncio.sleep(PAUSE)
            try:
                processes = (await ask("SystemInfo.getProcessInfo")).get("processInfo", [])
            except (CommandFailed, TimeoutError):
                continue
            except DevToolsGone:
                return
            for process in processes:
                if process["type"] == "renderer" and memory(int(process["id"])) > self._limit:
                    with suppress(ProcessLookupError):
                        os.kill(int(process["id"]), signal.SIGKILL)
                        self.felled += 1
