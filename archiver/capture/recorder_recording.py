"""What is being recorded of one browser context: its requests, its bodies, the limits it met."""

import asyncio
from pathlib import Path

from msgspec import Struct

from archiver.capture import recorder_bodies as bodies
from archiver.capture.limits import CaptureLimits
from archiver.capture.recorder_chain import Fields
from archiver.capture.recorder_flow import Backlog, Flow, Turns
from archiver.capture.recorder_fold import Fold
from archiver.domain.exchange import Body

RESERVE = 0.25
"""The part of a post's wall clock that is kept for its pictures: no body is waited for so long."""


ROOM = 8 << 20
"""Bytes of a visit that stay in memory in any case: most visits need no file for a body at all."""


class Reading(Struct, frozen=True):
    """A body that is being waited for: since when (the event loop's time), and what is known of it."""

    url: str
    since: float
    sized: bool
    expected: bool
    """Whether it ends by its nature, so that less than the whole of it is a loss."""


class Recording:
    """One browser context. `limits_hit` are the limits that cost something, `frames` its targets,
    `service_workers` the addresses of their scripts, `broken` what ended the visit before its time, if anything did."""

    def __init__(
        self, context: str, limits: CaptureLimits, spool: Path, name: str, backlog: Backlog,
        turns: Turns,
    ) -> None:  # fmt: skip
        self.context = context
        self.backlog = backlog
        self.turns = turns
        self.limits = limits
        self.fold = Fold()
        self.frames: set[str] = set()
        self.flows: dict[str, Flow] = {}
        self.reading: dict[str, Reading] = {}
        self.dripping: set[str] = set()
        self.taking: set[str] = set()
        self.service_workers: set[str] = set()
        self.limits_hit: set[str] = set()
        self.listening = asyncio.Event()
        self.size = 0
        self.until = asyncio.get_running_loop().time() + limits.seconds * (1 - RESERVE)
        self.closed = False
        self.broken = ""
        self._short: dict[str, str] = {}
        self._whole: set[str] = set()
        self._spool = spool
        self._name = name
        self._files = 0

    def file(self) -> Path:
        """A fresh path in the spool folder."""
        self._files += 1
        return self._spool / f"{self._name}-{self._files}.body"

    def slow(self, now: float, seconds: float) -> tuple[str, ...]:
        """The addresses whose bodies, of unknown length, have been coming so long; `now` is the event loop's time."""
        found = (r.url for r in self.reading.values() if not r.sized and now - r.since >= seconds)
        return tuple(dict.fromkeys(found))

    def expecting(self) -> bool:
        """Whether a body is on its way that ends some time: of known length, or taken up to a limit."""
        return any(r.sized for r in self.reading.values()) or any(
            (f.length is not None and not f.played) or f.taken
            for f in self.flows.values()
            if not f.ended
        )

    def promising(self, now: float) -> bool:
        """Whether a body on its way will be whole before the post's time runs out."""
        return any(f.promising(now, self.until) for f in self.flows.values() if not f.played)

    def short(self, url: str, limit: str) -> None:
        """Say that a limit cut a body that was expected whole."""
        self._short.setdefault(url, limit)

    def cut_off(self) -> tuple[str, ...]:
        """The addresses whose bodies a limit of size cut before anything of them was kept."""
        cut = (url for url, limit in self._short.items() if limit == "body-bytes")
        return tuple(url for url in cut if url not in self._whole)

    def whole(self, url: str) -> None:
        """Say that a body came whole, if at the second asking."""
        self._whole.add(url)

    async def keep(self, answer: Fields) -> Body:
        """The body in a DevTools answer; what is long is decoded and spooled off the event loop."""
        what = answer, max(self.limits.spool_from, ROOM - self.size), self.file()
        short = len(answer["body"]) <= bodies.SHORT
        body = bodies.kept(*what) if short else await asyncio.to_thread(bodies.kept, *what)
        self.size += body.size
        return body

    def settle(self, request_id: str, flow: Flow, body: Body) -> None:
        """Take the body of a flow that has ended, or is cut off now; the second time does nothing."""
        if self.flows.pop(request_id, None) is None:
            return
        flow.release()
        self.turns.give_back(self, flow.turn)
        self.size += body.size
        cut, note = flow.cut()
        if (
            cut is None
            and flow.length is None
            and body.size < (had := self.fold.passed(request_id))
        ):
            cut, note = "unspecified", f"{body.size} of {had} bytes were handed out beside the page"
        self.fold.got_body(request_id, body, cut, note)
        if cut is None:
            self.whole(flow.url)
        elif cut == "time" and not flow.endless:
            self.short(flow.url, "body-seconds")

    def finish(self) -> None:
        """Close what is still flowing or being read: the end of the visit cuts it. The body of a request that
        broke off is not told any more, and no limit of ours cut it."""
        for request_id, flow in tuple(self.flows.items()):
            flow.failed = flow.failed or ("" if flow.ended else self.broken)
            self.settle(request_id, flow, flow.close())
        for request_id, reading in self.reading.items():
            if why := self.fold.broken_off(request_id) or self.broken:
                self.fold.got_body(request_id, None, "disconnect", f"the body was not had: {why}")
                continue
            self.fold.got_body(request_id, None, "time", "the body did not end in time")
            if reading.expected:
                self.short(reading.url, "body-seconds" if reading.sized else "quiet")
        self.closed = True
        self.limits_hit.update(n for url, n in self._short.items() if url not in self._whole)
