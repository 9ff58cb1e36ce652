"""A limit of time for reading one document in the process's main thread.

The patterns are linear and the readers bounded, so this is for what nobody thought of. An alarm ends
Python code and its regular expressions wherever they are. Where there can be no alarm (another thread, a
system without it, one in use), there is no limit: worker processes are watched from outside.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from archiver.errors import SeedError


class TooSlow(SeedError):
    """A document was not read in the time that it may take."""


@contextmanager
def in_time(seconds: float, name: str) -> Iterator[None]:
    """Raise TooSlow when what is done inside takes longer. `name` is that of the document.

    What the alarm raises is lost where it meets a finalizer: it rings again, and is remembered.
    """
    if not _can_be_woken():
        yield
        return

    late = TooSlow(f"{name}: reading it took longer than {seconds:g} seconds")
    rung: list[int] = []

    def wake(number: int, frame: FrameType | None) -> None:
        rung.append(number)
        raise late

    signal.signal(signal.SIGALRM, wake)
    signal.setitimer(signal.ITIMER_REAL, seconds, max(1.0, seconds))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if rung:
        raise late


def _can_be_woken() -> bool:
    return (
        hasattr(signal, "SIGALRM")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
    )
