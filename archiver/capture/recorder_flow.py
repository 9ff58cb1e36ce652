"""A body that is kept as it passes on its way to the page, never whole in memory.

The browser hands out each piece of a body that it was told to stream (`Network.streamResourceContent`).
Told while it still holds the response, it leaves out none of them. The pieces are decoded, hashed and
written by worker threads; when these fall behind, the socket is read no further until they have caught
up, and the browser holds the rest.
"""

import asyncio
import hashlib
from collections import deque
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from archiver.capture.devtools import Long, from_base64
from archiver.domain.digest import Digest
from archiver.domain.exchange import Body, Truncation

HIGH, LOW = 16 << 20, 4 << 20
"""Characters waiting to be written, of all bodies of a browser: where reading stops, where it goes on."""
ROOM = 64 << 20
"""Bytes of the long bodies that a browser is handed at once, where they are of several pages."""
LIVELY = 2.0
"""Seconds since the last piece within which a body counts as still coming."""


class Backlog:
    """What has been received and not been written yet; holds the reader of the socket back."""

    def __init__(self, road: asyncio.Event) -> None:
        self._road = road
        self._size = 0

    def behind(self) -> bool:
        """Whether nothing is read off the socket. What the browser is sent meanwhile, it keeps in its
        memory. Asked by any thread."""
        return not self._road.is_set()

    def add(self, size: int) -> None:
        """Say that so much more waits."""
        self._size += size
        if self._size > HIGH:
            self._road.clear()

    def done(self, size: int) -> None:
        """Say that so much was written."""
        self._size -= size
        if self._size <= LOW:
            self._road.set()


class Turns:
    """Whose long bodies a browser is handed: some of one page, or so many bytes of several.

    What flows is there many times over: on its way to the page, in the page, on its way to us. So bodies
    of another page wait, before their first byte, until those on their way leave `room` for them; those
    of one page never wait for each other. `going` are the owners and sizes of those on their way.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._changed = asyncio.Event()
        self.going: list[tuple[object, int]] = []

    async def take(self, owner: object, size: int, seconds: float) -> None:
        """Wait for room, at most so many seconds; in any case the body is on its way then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._others(owner) and self._others(owner) + size > self._room:
                    self._changed.clear()
                    await self._changed.wait()
        if size:
            self.going.append((owner, size))

    def give_back(self, owner: object, size: int) -> None:
        """Say that the body is no longer on its way."""
        if size:
            self.going.remove((owner, size))
            self._changed.set()

    def _others(self, owner: object) -> int:
        return sum(size for other, size in self.going if other is not owner)


class Flow:
    """One body that passes. `length` is its length in bytes where it is known and not coded.

    `endless` bodies are kept as far as they come, and nobody waits for them; `played` ones are taken by
    a player as it likes; `taken` ones never reach the page; of `lost` ones the browser did not give out the
    beginning; `handed` are the bytes of the pieces, without those of the beginning;
    `turn` is what it took of `Turns`. Times are those of the event loop, in seconds.
    """

    def __init__(
        self, url: str, file: Path, cap: int, spool_from: int, now: float, *,
        backlog: Backlog, length: int | None = None, endless: bool = False, played: bool = False,
        taken: bool = False, turn: int = 0,
    ) -> None:  # fmt: skip
        self.url = url
        self.length = length
        self.endless = endless
        self.played = played
        self.taken = taken
        self.turn = turn
        self.began = self.last = now
        self.size = 0
        self.handed = 0
        self.full = False
        self.failed = ""
        self.ended = False
        self.lost = False
        self.opened = asyncio.Event()
        self.opening = False
        self.writing = False
        self._backlog = backlog
        self._owed = 0
        self._file = file
        self._cap = cap
        self._spool_from = spool_from
        self._pending: deque[Long] = deque()
        self._parts: list[bytes] = []
        self._out: BinaryIO | None = None
        self._hash = hashlib.sha256()
        self._lock = Lock()
        self._body: Body | None = None

    def add(self, piece: Long, now: float, first: bool = False) -> None:
        """Take a piece, in base64 or as it is; `first` puts it before those that wait."""
        self.last = now
        self._owed += len(piece)
        self._backlog.add(len(piece))
        if piece:
            self._pending.appendleft(piece) if first else self._pending.append(piece)

    @property
    def waits(self) -> bool:
        """Whether there are pieces to be written, and nothing that must come before them."""
        return bool(self._pending) and (self.opened.is_set() or not self.opening)

    def release(self, size: int | None = None) -> None:
        """Say that so many characters, or all, wait no longer."""
        size = self._owed if size is None else min(size, self._owed)
        self._owed -= size
        self._backlog.done(size)

    def write(self) -> int:
        """Keep what waits; gives its length in characters. Runs in threads.

        Each takes the oldest piece and keeps it before another can take the next, so that the order is
        that in which they came, however many threads there are.
        """
        done = 0
        with self._lock:
            while self._pending:
                piece = self._pending.popleft()
                done += len(piece)
                self._keep(from_base64(piece))
        return done

    def put(self, data: bytes) -> None:
        """Keep a piece that comes in order and decoded. Runs in a thread."""
        with self._lock:
            self._keep(data)

    def _keep(self, data: bytes) -> None:
        """Take bytes up to the cap; none once closed."""
        if self._body is not None:
            return
        data = data[: max(self._cap - self.size, 0)]
        self.size += len(data)
        self.full = self.size >= self._cap
        self._hash.update(data)
        if self._out is not None:
            self._out.write(data)
            return
        self._parts.append(data)
        if self.size >= self._spool_from:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._out = self._file.open("wb")
            self._out.write(b"".join(self._parts))
            self._parts.clear()

    def close(self) -> Body:
        """Write what still waits, and give the body; the same one however often it is asked for.

        What waits for a beginning that never came is left out: it would stand where that belongs.
        """
        if self.opening and not self.opened.is_set():
            self._pending.clear()
        self.write()
        with self._lock:
            if self._body is None:
                if self._out is None:
                    self._body = Body.of(b"".join(self._parts))
                else:
                    self._out.close()
                    digest = Digest("sha256", self._hash.hexdigest())
                    self._body = Body(spool=str(self._file), size=self.size, digest=digest)
            return self._body

    def cut(self) -> tuple[Truncation | None, str]:
        """How the body was cut, if it was, and the reason in words."""
        if self.full and self.size != self.length:
            return "length", "longer than the limit of one body"
        if self.failed:
            return "disconnect", self.failed
        if not self.ended:
            return "time", "the body did not end in time"
        if self.length is not None and self.size != self.length:
            return "unspecified", f"{self.size} of {self.length} bytes came"
        if self.taken and self.length is None:
            return "unspecified", "taken from the browser, which does not say how such a body ended"
        if self.lost and self.length is None:
            return "unspecified", "the browser did not give out its beginning"
        return None, ""

    def lively(self, now: float) -> bool:
        """Whether pieces of it have come of late."""
        return now - self.last < LIVELY

    def promising(self, now: float, until: float) -> bool:
        """Whether, at its pace so far, the body is whole by `until`."""
        if self.length is None or self.ended or not self.size:
            return False
        pace = self.size / max(now - self.began, 0.001)
        return self.lively(now) and now + (self.length - self.size) / pace <= until
