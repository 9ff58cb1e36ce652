"""The first SIGINT or SIGTERM asks a run to end in order; the second ends it at once."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
GRACE = 15.0
"""Seconds that what is under way gets after the first signal, then it is dropped."""
LOOK = 0.2


class Stop:
    """Whether the run is asked to end, and by which signal (0: by none)."""

    def __init__(self) -> None:
        self.signal = 0

    def __bool__(self) -> bool:
        return self.signal != 0

    def ask(self, number: int, frame: FrameType | None = None) -> None:
        """Ask once; asked again, the process ends as if it had never caught the signal."""
        if self.signal:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        self.signal = number


@contextmanager
def stoppable(*more: signal.Signals) -> Iterator[Stop]:
    """A Stop that listens to both signals until the end of the block (in the main thread only), and to `more` where
    they were not ignored (by nohup)."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    heard = [number for number in more if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop.ask) for number in (*SIGNALS, *heard)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def dropped_when_late(stop: Stop, drop: Callable[[], None]) -> Iterator[None]:
    """Calls `drop`, from a thread of its own, when the block still runs `GRACE` seconds after the first signal."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(LOOK):
            if stop:
                if not ended.wait(GRACE):
                    drop()
                return

    watchman = threading.Thread(target=watch, name="stop", daemon=True)
    watchman.start()
    try:
        yield
    finally:
        ended.set()
        watchman.join()
