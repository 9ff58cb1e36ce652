"""How often a host is asked, and how long it asked us to wait.

Requests to one host start at least `interval` seconds apart, with a jitter so that they do not beat
time; hosts of one group (a platform with many of them) keep the same distance among one another. After
429 or 503 the host rests as long as its Retry-After says (RFC 9110, section 10.2.3), or for a doubling
time where it says nothing. `rests` and `recall` carry the resting times from one run to the next.
"""

import math
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated

from msgspec import Meta, Struct

from archiver.clock import Clock, SystemClock

LONGEST_REST = 86400.0
FIRST_REST = 60.0
RESTING = frozenset({429, 503})
MOST_HOSTS = 10000


def retry_after(value: str | None, now: datetime, cap: float = LONGEST_REST) -> float | None:
    """Retry-After in seconds from `now`, between 0 and `cap`; None when absent or unreadable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), cap)
    try:
        moment = parsedate_to_datetime(text)
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(seconds, 0.0), cap) if math.isfinite(seconds) else None


Moment = Annotated[datetime, Meta(tz=True)]
"""An instant whose zone is known: one that is read without it is refused."""


class Rest(Struct, frozen=True):
    """A host that asked to be left alone: until when, and how often in a row it said so."""

    host: str
    until: Moment
    refusals: int = 1


class HostState(Struct):
    """What is remembered of a host: when it may be asked next, until when it rests, how often it said so."""

    next_at: float = 0.0
    rests_until: float = 0.0
    refusals: int = 0


class Pace:
    """The pace of all hosts together; used from any thread. Times are in seconds.

    `chance` gives a number in [0, 1), `sleep` waits. A rest longer than `patience` is not waited for.
    `group` names what a host belongs to; the empty name is no group.
    """

    def __init__(
        self,
        interval: float = 1.0,
        jitter: float = 0.5,
        patience: float = 30.0,
        *,
        clock: Clock | None = None,
        chance: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
        group: Callable[[str], str] = lambda host: "",
    ) -> None:
        self._interval = interval
        self._jitter = jitter
        self._patience = patience
        self._clock: Clock = clock or SystemClock()
        self._chance = chance
        self._sleep = sleep
        self._group = group
        self._hosts: dict[str, HostState] = {}
        self._groups: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, patience: float | None = None) -> float:
        """Wait for the host's turn, and take it; gives 0.

        A host that asked for a rest longer than `patience` is not waited for: gives the seconds left.
        """
        longest = self._patience if patience is None else min(patience, self._patience)
        now = self._clock.monotonic()
        with self._lock:
            state = self._state(host)
            if state.rests_until - now > longest:
                return state.rests_until - now
            group = self._group(host)
            turn = max(state.next_at, state.rests_until, self._groups.get(group, now), now)
            state.next_at = turn + self._interval * (1 + self._jitter * self._chance())
            if group:
                self._groups[group] = state.next_at
        if turn > now:
            self._sleep(turn - now)
        return 0.0

    def note(self, host: str, status: int, asked: str | None) -> None:
        """Remember an answer: its status, and its Retry-After header as sent."""
        with self._lock:
            state = self._state(host)
            if status not in RESTING:
                state.refusals = 0 if 200 <= status < 400 else state.refusals
                return
            state.refusals = min(state.refusals + 1, 20)
            seconds = retry_after(asked, self._clock.now())
            if seconds is None:
                seconds = FIRST_REST * 2 ** (state.refusals - 1) if status == 429 else 0.0
            until = self._clock.monotonic() + min(seconds, LONGEST_REST)
            state.rests_until = max(state.rests_until, until)

    def left(self, host: str) -> float:
        """Seconds that the host still wants to be left alone; 0 when it may be asked."""
        now = self._clock.monotonic()
        with self._lock:
            state = self._hosts.get(host)
            return max(state.rests_until - now, 0.0) if state else 0.0

    def too_long(self, host: str) -> float:
        """Seconds that the host wants to be left alone, where that is more than is waited for; else 0."""
        left = self.left(host)
        return left if left > self._patience else 0.0

    def resting(self) -> Mapping[str, float]:
        """The hosts that rest, and for how many seconds more."""
        now = self._clock.monotonic()
        with self._lock:
            return {h: s.rests_until - now for h, s in self._hosts.items() if s.rests_until > now}

    def rests(self) -> tuple[Rest, ...]:
        """The hosts that rest, by the time of day, to be remembered for the next run."""
        now = self._clock.now()
        left = self.resting()
        with self._lock:
            return tuple(
                Rest(host, now + timedelta(seconds=seconds), self._hosts[host].refusals)
                for host, seconds in sorted(left.items())
                if host in self._hosts
            )

    def rest(self, host: str, seconds: float, refusals: int = 0) -> None:
        """Let a host rest from now on; a longer rest that it has stands."""
        with self._lock:
            state = self._state(host)
            until = self._clock.monotonic() + min(seconds, LONGEST_REST)
            state.rests_until = max(state.rests_until, until)
            state.refusals = max(state.refusals, refusals)

    def recall(self, rests: Iterable[Rest]) -> None:
        """Let hosts rest as an earlier run was told; what is over by now is passed over."""
        now = self._clock.now()
        for rest in rests:
            seconds = (rest.until - now).total_seconds()
            if seconds > 0:
                self.rest(rest.host, seconds, rest.refusals)

    def _state(self, host: str) -> HostState:
        if len(self._hosts) >= MOST_HOSTS and host not in self._hosts:
            now = self._clock.monotonic()
            self._hosts = {h: s for h, s in self._hosts.items() if s.rests_until > now}
        return self._hosts.setdefault(host, HostState())
