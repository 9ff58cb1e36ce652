"""Manners from one run to the next: which hosts asked to be left alone, which gave no answer.

They are kept in one small file of the archive, apart from the ledger: no manifest says them, and a
rebuilt ledger must not make us forget that somebody asked for an hour's rest. Before a post is visited
its views are looked through: a host that rests is not asked, nor one whose robots.txt forbids it where
that is respected; such a view is an attempt with its reason, and the next view is tried.
"""

import re
from collections.abc import Iterable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from archiver.capture.verdict import NO_ANSWER
from archiver.clock import Clock
from archiver.domain.capture import Attempt, Capture, Outcome, Signal, Status
from archiver.domain.exchange import Exchange
from archiver.domain.post import Post, View
from archiver.files import UNREADABLE, write_atomically
from archiver.net.circuit import Circuit, Silence
from archiver.net.pace import Pace, Rest
from archiver.net.robots import Robots, robots_of
from archiver.net.target import host_of
from archiver.storage.layout import Archive

TOO_MANY = 429
SILENT = re.compile(
    re.escape(NO_ANSWER) + r" \((?:no answer within |net::ERR_(?:ADDRESS|CERT|CONNECTION|DNS|EMPTY_RESPONSE"
    r"|HTTP2|INVALID_HTTP_RESPONSE|NAME|RESPONSE_HEADERS|SOCKS|SSL|TIMED_OUT|TUNNEL)(?:_|\b))"
)  # fmt: skip
"""The reasons that speak of the host: what the network said of it (Chromium, net/base/net_error_list.h), or
that it let us wait. A browser that ended or was closed, and a page that crashed, are no silence of a host."""


class Hosts(Struct, frozen=True, kw_only=True):
    """What the file holds: hosts that rest, and hosts that gave no answer."""

    resting: tuple[Rest, ...] = ()
    silent: tuple[Silence, ...] = ()


class Memory:
    """The file, and the pace and the circuit whose state it carries on."""

    def __init__(self, archive: Archive, pace: Pace, circuit: Circuit) -> None:
        self._path = archive.hosts
        self._pace = pace
        self._circuit = circuit
        self._written = Hosts()

    def recall(self) -> str:
        """Take up what the file says. Gives a line about a file that cannot be read, else nothing:
        it costs a few requests too many, and the next `save` writes it anew."""
        try:
            known = msgspec.json.decode(self._path.read_bytes(), type=Hosts)
        except FileNotFoundError:
            return ""
        except UNREADABLE as error:
            return f"{self._path} cannot be read, hosts that rest are forgotten: {error}"
        self._pace.recall(known.resting)
        self._circuit.recall(known.silent)
        self._written = known
        return ""

    def save(self) -> None:
        """Write the file when more than the passing of time has changed. Raises NoSpace, ArchiverError."""
        now = Hosts(resting=self._pace.rests(), silent=self._circuit.troubles())
        if _names(now) != _names(self._written):
            write_atomically(self._path, msgspec.json.format(msgspec.json.encode(now), indent=1))
            self._written = now


def _names(hosts: Hosts) -> tuple[tuple[str, int, int], ...]:
    """What tells two states apart: hosts and instants, to the second (a rest is counted anew each time)."""
    both: tuple[Rest | Silence, ...] = (*hosts.resting, *hosts.silent)
    return tuple((one.host, round(one.until.timestamp()), isinstance(one, Rest)) for one in both)


class Admitted(Struct, frozen=True, kw_only=True):
    """A post with the views that may be asked now, and an attempt for each that may not."""

    post: Post
    refused: tuple[Attempt, ...] = ()


def admit(
    post: Post, pace: Pace, circuit: Circuit, robots: Robots | None, clock: Clock
) -> Admitted:
    """Which views of a post may be visited: not those of a host that rests longer than a run waits, that
    gave no answer to the last visitors, nor, with `robots`, those that robots.txt forbids."""
    kept: list[View] = []
    refused: list[Attempt] = []
    for view in post.views or (View("page", post.url),):
        outcome = _refusal(view, pace, circuit, robots)
        if outcome is None:
            kept.append(view)
        else:
            now = clock.now()
            refused.append(Attempt(view=view, started_at=now, ended_at=now, outcome=outcome))
    return Admitted(post=replace(post, views=tuple(kept)), refused=tuple(refused))


def _refusal(view: View, pace: Pace, circuit: Circuit, robots: Robots | None) -> Outcome | None:
    host = host_of(view.url)
    left = pace.too_long(host)
    if left:
        return Outcome(
            status=Status.RATE_LIMITED,
            reason=waiting_for(host, left),
            retry_after=left,
        )
    if trouble := circuit.open(host):
        reason = f"{host} is left alone for a while, it gave no answer: {trouble}"
        return Outcome(status=Status.FAILED, reason=reason)
    said = robots.refusal(view.url) if robots else ""
    if not said:
        return None
    signal = Signal(rule="robots", points_to=Status.FAILED, url=robots_of(view.url), detail=said)
    return Outcome(status=Status.FAILED, reason=said, signals=(signal,))


def take_note(capture: Capture, pace: Pace, circuit: Circuit) -> None:
    """Remember which hosts of the visited views asked for a rest, and which gave no answer at all: other
    posts of theirs wait too."""
    heard = {host_of(exchange.url) for exchange in capture.exchanges if exchange.status}
    for attempt in capture.attempts:
        outcome = attempt.outcome
        if outcome.status is Status.RATE_LIMITED:
            asked = None if outcome.retry_after is None else str(int(outcome.retry_after))
            pace.note(host_of(attempt.view.url), TOO_MANY, asked)
        host = host_of(attempt.view.url)
        if host in heard:
            circuit.answered(host)
        elif outcome.status is Status.FAILED and SILENT.match(outcome.reason):
            circuit.failed(host, outcome.reason)


def with_loose(capture: Capture, loose: Iterable[Exchange]) -> Capture:
    """The capture with requests of the run that belong to no capture of their own, such as those for a
    robots.txt: they are recorded with the next capture that is written."""
    more = tuple(loose)
    if not more:
        return capture
    note = "also holds requests of the run: " + ", ".join(exchange.url for exchange in more)
    return replace(
        capture,
        exchanges=(*capture.exchanges, *more),
        requested=capture.requested + len(more),
        notes=(*capture.notes, note),
    )


def waiting_for(host: str, seconds: float) -> str:
    """Why a host is not asked now."""
    return f"waiting: {host} asked to be left alone, {seconds:.0f} s are left"
