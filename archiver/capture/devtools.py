"""A thin client of the Chrome DevTools Protocol on the browser's pipe, many sessions.

Commands go out with an id and come back as a result; events are handed to one callback in the order in
which the browser sent them. Sessions of a guest (Playwright) are passed on to it. Nothing here knows what
the commands mean.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pybase64

from archiver.capture.packing import ENVELOPE, HEADER, Fields, packed, unpacked, unpacked_long

Listener = Callable[[str, str, Fields], None]
"""Takes the session id (empty for the browser itself), the event's name and its parameters."""
Guest = Callable[[Fields], bool]
"""Takes a message of a session; whether it was the guest's."""

FIRST = 1 << 30
"""Ids of our commands begin here: a guest's are lower, so that both can speak in one session."""
Long = str | bytes | memoryview
"""What may be megabytes long in an answer: text, for a thread to decode if it is a view of its UTF-8; or bytes."""
LONG = frozenset({"Fetch.getResponseBody", "Network.getResponseBody"})
MESSAGE = 64 << 10


def from_base64(text: Long) -> bytes:
    """The bytes of a text in base64, none where it is not that; bytes themselves."""
    if isinstance(text, bytes):
        return text
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError:
        return b""


def length_of(text: Long) -> int:
    """How many bytes a text in base64 stands for, undecoded; the length of bytes themselves."""
    if isinstance(text, bytes):
        return len(text)
    end = bytes(text[-2:]) if isinstance(text, memoryview) else text[-2:].encode()
    return len(text) // 4 * 3 - end.count(b"=")


class CommandFailed(Exception):
    """The browser refused one command; the message is the browser's own."""


class DevToolsGone(Exception):
    """The pipe is closed: the browser has ended, or was killed."""


class _Incoming(asyncio.Protocol):
    """Cuts what the browser writes into messages. While `road` is cleared nothing is read."""

    def __init__(self, take: Callable[[memoryview], None], road: asyncio.Event) -> None:
        self._take = take
        self._road = road
        self._parts: list[bytes] = []
        self._had = 0
        self._needed = HEADER
        self._waits: asyncio.Task[None] | None = None
        self._transport: asyncio.ReadTransport | None = None
        self.ended = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.ReadTransport, transport)

    def data_received(self, data: bytes) -> None:
        self._parts.append(data)
        self._had += len(data)
        if self._had >= self._needed and self._waits is None:
            self._cut()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waits is not None:
            self._waits.cancel()
        self.ended.set()

    def _cut(self) -> None:
        """Hand out the messages that are there, and wait where the road is blocked. The line ends with what is no
        message, or cannot be taken."""
        assert self._transport is not None
        data = b"".join(self._parts)
        self._parts.clear()
        whole = False
        try:
            start, self._needed = self._hand_out(data)
            whole = True
        finally:
            if not whole:
                self._transport.close()
        self._parts, self._had = [data[start:]], len(data) - start
        if not self._road.is_set():
            self._transport.pause_reading()
            self._waits = asyncio.create_task(self._resume())

    def _hand_out(self, data: bytes) -> tuple[int, int]:
        """Gives where the rest begins, and how long it must be before there is more to hand out. Raises ValueError."""
        view, start = memoryview(data), 0
        while True:
            end = start + HEADER
            if len(data) >= end:
                if not data.startswith(ENVELOPE, start):
                    raise ValueError("the browser wrote what is no message")
                end += int.from_bytes(data[end - 4 : end])
            if len(data) < end or not self._road.is_set():
                return start, end - start
            self._take(view[start + HEADER : end])
            start = end

    async def _resume(self) -> None:
        await self._road.wait()
        self._waits = None
        assert self._transport is not None
        self._transport.resume_reading()
        self._cut()


class DevTools:
    """The browser's pipe. Use `DevTools.open(reading, writing, listener, road)`, then `send`, then `close`."""

    def __init__(self, listener: Listener, road: asyncio.Event) -> None:
        self._listener = listener
        self._road = road
        road.set()
        self.guest: Guest | None = None
        self._incoming = _Incoming(self._take, road)
        self._transports: list[asyncio.BaseTransport] = []
        self._out: asyncio.WriteTransport | None = None
        self._unsent: list[bytes] = []
        self._waiting: dict[int, asyncio.Future[Fields]] = {}
        self._long: set[int] = set()
        self._last = FIRST
        self._tasks: set[asyncio.Task[None]] = set()
        self._end = asyncio.create_task(self._until_end())

    @property
    def ended(self) -> asyncio.Event:
        """Set once the browser has closed the pipe, or we have."""
        return self._incoming.ended

    @property
    def closed(self) -> bool:
        """Whether the pipe has ended."""
        return self.ended.is_set()

    @classmethod
    async def open(
        cls, reading: int, writing: int, listener: Listener, road: asyncio.Event
    ) -> "DevTools":
        """Take over the two ends of the pipe that a browser was started with.

        While `road` is cleared nothing is read off the pipe.
        """
        made, loop = cls(listener, road), asyncio.get_running_loop()
        out, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(writing, "wb", 0))
        into, _ = await loop.connect_read_pipe(lambda: made._incoming, os.fdopen(reading, "rb", 0))
        made._out, made._transports = out, [out, into]
        return made

    async def send(
        self, method: str, params: Fields | None = None, session: str = "", timeout: float = 30.0
    ) -> Fields:
        """Send one command and wait for its result, at most `timeout` seconds.

        In answers to the commands in `LONG` the long text is a `Long`. Raises CommandFailed, DevToolsGone or
        TimeoutError.
        """
        self._last += 1
        number = self._last
        message: Fields = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        answer: asyncio.Future[Fields] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        if method in LONG:
            self._long.add(number)
        try:
            self.write(message)
            async with asyncio.timeout(timeout):
                return await answer
        finally:
            self._waiting.pop(number, None)
            self._long.discard(number)

    def write(self, message: Fields) -> None:
        """Send a message as it is. Raises DevToolsGone.

        Messages of one turn of the event loop go out together: each write wakes the browser.
        """
        if self.closed or self._out is None:
            raise DevToolsGone("the browser has gone")
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._write_out)
        self._unsent.append(packed(message))

    def _write_out(self) -> None:
        assert self._out is not None
        self._out.write(b"".join(self._unsent))
        self._unsent.clear()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the reader; it ends at the latest with the pipe.

        The work handles its own CommandFailed and TimeoutError; DevToolsGone ends it silently.
        """
        task = asyncio.create_task(_unless_gone(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Close the pipe, at which the browser ends, and end every task that still waits on it."""
        self._road.set()
        if not self.closed:
            for transport in self._transports:
                transport.close()
        await asyncio.gather(self._end, return_exceptions=True)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _message(self, content: memoryview) -> Fields:
        """What the browser said; only in the answers awaited as such do long texts stay views."""
        if self._long and len(content) > MESSAGE:
            found = unpacked_long(content)
            if found.get("id") in self._long:
                return found
        return unpacked(bytes(content))

    def _take(self, content: memoryview) -> None:
        message = self._message(content)
        number = message.get("id", 0)
        if number < FIRST and self.guest is not None and self.guest(message):
            return
        if not number:
            self._listener(
                message.get("sessionId", ""), message["method"], message.get("params", {})
            )
            return
        answer = self._waiting.get(number)
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(CommandFailed(str(message["error"].get("message"))))
        else:
            answer.set_result(message.get("result") or {})

    async def _until_end(self) -> None:
        await self.ended.wait()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(DevToolsGone("the browser has gone"))


async def _unless_gone(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except DevToolsGone:
        return
