"""The Robots Exclusion Protocol (RFC 9309), for those who want to keep it.

A host's robots.txt is asked for once a run. Its answers mean what the RFC says: 2xx is read, 4xx (and
a redirect too many) allows everything, 5xx or no answer forbids everything (sections 2.3.1.2 to 4).
Unlike a crawler we visit single posts that a reader of the article sees too, so nothing is
asked of robots.txt unless the user wants it.
"""

import threading
from collections.abc import Callable

from msgspec import Struct
from protego import Protego

from archiver.domain.exchange import Exchange
from archiver.net.decode import decoded
from archiver.net.target import NoTarget, read_target

MOST_BYTES = 512 * 1024
"""Bytes that are read; the RFC asks for at least 500 KiB (section 2.5)."""
MOST_REDIRECTS = 5
MOST_HOSTS = 10_000
TOKEN = "archiver"
"""The product token by which a robots.txt may name us."""

Ask = Callable[[str], tuple[Exchange, ...]]


class Rules(Struct, frozen=True):
    """What a host allows: by its file, or with one word for all (`why` says which and why)."""

    file: Protego | None = None
    closed: bool = False
    why: str = ""


def robots_of(url: str) -> str:
    """Where the robots.txt lies that speaks for an address. Raises NoTarget."""
    target = read_target(url)
    return f"{target.scheme}://{target.authority}/robots.txt"


class Robots:
    """The rules of all hosts that were asked; used from any thread.

    `ask` fetches an address with its redirects and gives one exchange a hop.
    """

    def __init__(self, ask: Ask, token: str = TOKEN) -> None:
        self._ask = ask
        self._token = token
        self._rules: dict[str, Rules] = {}
        self._fresh: list[Exchange] = []
        self._lock = threading.Lock()

    def refusal(self, url: str) -> str:
        """Why the address is not to be fetched, in one line; empty when it may be."""
        try:
            place = robots_of(url)
        except NoTarget:  # never fetched either
            return ""
        with self._lock:
            if place not in self._rules:
                if len(self._rules) >= MOST_HOSTS:
                    self._rules.clear()
                self._rules[place] = self._read(place)
            rules = self._rules[place]
        if rules.closed:
            return f"robots: {rules.why}"
        if rules.file is None or rules.file.can_fetch(url, self._token):
            return ""
        return f"robots: {place} asks robots not to fetch this"

    def taken(self) -> tuple[Exchange, ...]:
        """The exchanges with which robots.txt files came since the last call, to be recorded."""
        with self._lock:
            fresh, self._fresh = tuple(self._fresh), []
        return fresh

    def _read(self, place: str) -> Rules:
        hops = self._ask(place)
        self._fresh.extend(hops)
        last = hops[-1]
        if 200 <= last.status < 300:
            text = decoded(last, MOST_BYTES).decode("utf-8-sig", "replace")
            return Rules(file=Protego.parse(text))
        if last.status == 0:
            return Rules(closed=True, why=f"{place} gave no answer ({last.error})")
        if last.status >= 500:
            said = f"HTTP {last.status}"
            return Rules(closed=True, why=f"{place} answered {said}, which forbids all")
        return Rules()
