"""Names to addresses, each lookup with a limit and remembered for a short while.

The system's resolver blocks and cannot be interrupted, so every lookup has a daemon thread of its
own: one that hangs holds up neither another name nor the end of the program.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence

from archiver.clock import Clock
from archiver.errors import NetworkFailure
from archiver.net.addresses import Address, read_address

Lookup = Callable[[str], Sequence[str]]
"""A name to its addresses as text; raises OSError when there is none."""

REMEMBER = 30.0
REMEMBER_FAILURE = 15.0
MOST_NAMES = 4096


class NoAddress(NetworkFailure):
    """A name has no address, or nobody answered in time."""


def system_lookup(name: str) -> Sequence[str]:
    """Ask the system's resolver; addresses come in its order of preference (RFC 6724)."""
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


class Resolver:
    """Resolves names on one event loop. `timeout` is in seconds.

    An answer is kept for 30 seconds and a failure for 15, so that one page's many connections ask
    once; what is remembered is checked again at every use, by whoever connects.
    """

    def __init__(self, clock: Clock, lookup: Lookup = system_lookup, timeout: float = 8.0) -> None:
        self._clock = clock
        self._lookup = lookup
        self._timeout = timeout
        self._known: dict[str, tuple[float, asyncio.Future[tuple[Address, ...]]]] = {}

    async def addresses(self, name: str) -> tuple[Address, ...]:
        """All addresses of a name, at least one. Raises NoAddress."""
        until, answer = self._known.get(name, (0.0, None))
        if answer is None or (answer.done() and self._clock.monotonic() >= until):
            answer = self._ask(name)
        return await asyncio.shield(answer)

    def _ask(self, name: str) -> asyncio.Future[tuple[Address, ...]]:
        if len(self._known) >= MOST_NAMES:
            self._known = {n: kept for n, kept in self._known.items() if not kept[1].done()}
        answer = asyncio.ensure_future(self._limited(name))
        answer.add_done_callback(lambda done: self._remember(name, done))
        self._known[name] = (0.0, answer)
        return answer

    def _remember(self, name: str, answer: asyncio.Future[tuple[Address, ...]]) -> None:
        if answer.cancelled():
            self._known.pop(name, None)
            return
        kept_for = REMEMBER if answer.exception() is None else REMEMBER_FAILURE
        self._known[name] = (self._clock.monotonic() + kept_for, answer)

    async def _limited(self, name: str) -> tuple[Address, ...]:
        try:
            found = await asyncio.wait_for(self._in_thread(name), self._timeout)
        except TimeoutError:
            raise NoAddress(f"no DNS answer for {name} in {self._timeout:g} s") from None
        except (OSError, UnicodeError) as error:
            said = getattr(error, "strerror", None) or str(error)
            raise NoAddress(f"cannot resolve {name}: {said}") from error
        if not found:
            raise NoAddress(f"cannot resolve {name}: no address")
        return found

    async def _in_thread(self, name: str) -> tuple[Address, ...]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[tuple[Address, ...]] = loop.create_future()

        def deliver(found: tuple[Address, ...], error: Exception | None) -> None:
            if answer.done():
                return
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(found)

        def look() -> None:
            found: tuple[Address, ...] = ()
            trouble: Exception | None = None
            try:
                found = tuple(dict.fromkeys(read_address(a) for a in self._lookup(name)))
            except (OSError, UnicodeError, ValueError) as error:
                trouble = error if isinstance(error, OSError) else OSError(str(error))
            if not loop.is_closed():
                try_call(loop, deliver, found, trouble)

        threading.Thread(target=look, name=f"dns {name[:40]}", daemon=True).start()
        return await answer


def try_call(
    loop: asyncio.AbstractEventLoop,
    deliver: Callable[[tuple[Address, ...], Exception | None], None],
    found: tuple[Address, ...],
    error: Exception | None,
) -> None:
    """Hand an answer to the loop; one that was closed meanwhile no longer wants it."""
    try:
        loop.call_soon_threadsafe(deliver, found, error)
    except RuntimeError:
        return
