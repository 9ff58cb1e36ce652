"""Asking around for one embed: every request kept, and no more time spent than is worth it.

Answers may take `PATIENCE` seconds together, silence only `BUDGET`: where nothing answers, it ends
soon. A host that gave no answer is not asked again, and where two names cannot even be resolved, the
network is taken to be down.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from archiver.clock import Clock
from archiver.domain.exchange import Exchange
from archiver.net.client import Client

BUDGET = 10.0
"""Seconds that may pass without an answer, for one embed."""
PATIENCE = 40.0
"""Seconds for one embed, whatever answers."""
HOP_SECONDS = 6.0
MOST_BYTES = 4_000_000
NO_NETWORK = ("cannot resolve", "no DNS answer", "Network is unreachable", "the egress guard")
LOST_HOSTS = 2


class Asking:
    """The requests and the steps of one resolution."""

    def __init__(self, client: Client, clock: Clock, patience: float = PATIENCE) -> None:
        self.client = client
        self._clock = clock
        self._end = clock.monotonic() + min(patience, PATIENCE)
        self._wasted = 0.0
        self.steps: list[str] = []
        self.exchanges: list[Exchange] = []
        self.dead: set[str] = set()
        self._lost: set[str] = set()

    def left(self) -> float:
        """Seconds that may still be spent."""
        return min(self._end - self._clock.monotonic(), BUDGET - self._wasted)

    @property
    def over(self) -> bool:
        """Whether no further request makes sense: no time, or no network."""
        return self.left() <= 0 or len(self._lost) >= LOST_HOSTS

    def note(self, step: str) -> None:
        """Name what was tried, once."""
        if step and step not in self.steps:
            self.steps.append(step)

    def missed(self, host: str, error: str, seconds: float) -> None:
        """A host gave no answer in so many seconds."""
        self.dead.add(host)
        self._wasted += seconds
        if any(sign in error for sign in NO_NETWORK):
            self._lost.add(host)

    def ask(
        self,
        url: str,
        *,
        follow: int = 0,
        seconds: float = HOP_SECONDS,
        headers: Sequence[tuple[str, str]] = (),
    ) -> Exchange | None:
        """The answer of `url`; None when there is none, or no use in asking."""
        host = urlsplit(url).hostname or ""
        if self.over or host in self.dead:
            return None
        began = self._clock.monotonic()
        limit = min(seconds, self.left())
        hops = self.client.fetch(
            url, headers=headers, follow=follow, timeout=limit, max_bytes=MOST_BYTES
        )
        self.exchanges.extend(hops)
        answer = hops[-1]
        if answer.status:
            return answer
        silent = urlsplit(answer.url).hostname or host
        self.missed(silent, answer.error, self._clock.monotonic() - began)
        self.note(f"{silent}: no answer ({answer.error})")
        return None
