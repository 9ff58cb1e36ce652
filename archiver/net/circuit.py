"""A breaker for each host: one that does not answer is left alone for a while.

Two failures in a row open it for `FIRST_REST` seconds, each further one for twice as long; any answer
closes it. A name that cannot be resolved opens it at once, since asking again would only cost time.
`troubles` and `recall` carry what is open from one run to the next.
"""

import threading
from collections.abc import Iterable
from datetime import timedelta

from msgspec import Struct

from archiver.clock import Clock
from archiver.net.pace import Moment

FIRST_REST = 60.0
LONGEST_REST = 900.0
ENOUGH = 2
UNKNOWN = ("cannot resolve", "no DNS answer", "Network is unreachable")
MOST_HOSTS = 10000


class Trouble(Struct):
    """What a host that gave no answer is remembered for."""

    failures: int
    until: float
    reason: str


class Silence(Struct, frozen=True):
    """A host that gave no answer: until when it is left alone, how often it failed, and why."""

    host: str
    until: Moment
    failures: int
    reason: str


class Circuit:
    """The breakers of all hosts; used from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hosts: dict[str, Trouble] = {}
        self._deaf = False
        self._lock = threading.Lock()

    def deafen(self) -> None:
        """Hold no failure against any host from now on: we are breaking off our own connections."""
        with self._lock:
            self._deaf = True

    def open(self, host: str) -> str:
        """Why the host is not to be asked now, in one line; empty when it may be."""
        now = self._clock.monotonic()
        with self._lock:
            trouble = self._hosts.get(host)
            if trouble is None or trouble.until <= now:
                return ""
            return trouble.reason

    def failed(self, host: str, reason: str) -> None:
        """Remember that the host gave no answer."""
        with self._lock:
            if self._deaf:
                return
            known = self._hosts.pop(host, None)
            failures = known.failures + 1 if known else 1
            if any(sign in reason for sign in UNKNOWN):
                failures = max(failures, ENOUGH)
            rest = min(FIRST_REST * 2 ** (failures - ENOUGH), LONGEST_REST)
            until = self._clock.monotonic() + rest if failures >= ENOUGH else 0.0
            if len(self._hosts) < MOST_HOSTS:
                self._hosts[host] = Trouble(min(failures, 10), until, reason)

    def answered(self, host: str) -> None:
        """The host answered: nothing is held against it any more."""
        with self._lock:
            self._hosts.pop(host, None)

    def troubles(self) -> tuple[Silence, ...]:
        """The hosts that are left alone, by the time of day, to be remembered for the next run."""
        tick, now = self._clock.monotonic(), self._clock.now()
        with self._lock:
            return tuple(
                Silence(host, now + timedelta(seconds=t.until - tick), t.failures, t.reason)
                for host, t in sorted(self._hosts.items())
                if t.until > tick
            )

    def recall(self, silences: Iterable[Silence]) -> None:
        """Leave hosts alone as an earlier run did, at most for the longest rest."""
        tick, now = self._clock.monotonic(), self._clock.now()
        with self._lock:
            for one in silences:
                seconds = min((one.until - now).total_seconds(), LONGEST_REST)
                if seconds > 0 and len(self._hosts) < MOST_HOSTS:
                    failures = min(max(one.failures, ENOUGH), 10)
                    self._hosts[one.host] = Trouble(failures, tick + seconds, one.reason)
