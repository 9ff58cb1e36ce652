"""A thin client of the Chrome DevTools Protocol on one WebSocket, many sessions.

Commands go out as JSON with an id and come back as a result; events are handed to one callback in
the order in which the browser sent them. Nothing here knows what the commands mean.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

CLOSE_LIMIT = 2.0
FRAMES = 4
"""Messages that are received ahead of the reader; one may hold two megabytes of a body."""
Fields = dict[str, Any]
Listener = Callable[[str, str, Fields], None]
"""Takes the session id (empty for the browser itself), the event's name and its parameters."""


Long = msgspec.Raw | str
"""A text in an answer; one that may be megabytes long stays as it came, to be decoded by a thread."""
LONG = frozenset({"Fetch.getResponseBody", "Network.getResponseBody", "Page.captureScreenshot"})
_BYTES = msgspec.json.Decoder(bytes)
_TEXT = msgspec.json.Decoder(str)


def from_base64(text: Long) -> bytes:
    """The bytes of a text in base64; none where it is not that. Four times as fast as the standard library."""
    try:
        return _BYTES.decode(f'"{text}"' if isinstance(text, str) else text)
    except msgspec.DecodeError:
        return b""


def as_text(text: Long) -> str:
    """The text itself. Raises msgspec.DecodeError for half a surrogate pair."""
    return text if isinstance(text, str) else _TEXT.decode(text)


class CommandFailed(Exception):
    """The browser refused one command; the message is the browser's own."""


class DevToolsGone(Exception):
    """The socket is closed: the browser has ended, or was killed."""


class _Failure(msgspec.Struct):
    code: int = 0
    message: str = ""


class _Message(msgspec.Struct, rename={"session": "sessionId"}):
    id: int | None = None
    result: msgspec.Raw = msgspec.Raw(b"{}")
    error: _Failure | None = None
    method: str = ""
    params: Fields = {}
    session: str = ""


class _LongAnswer(msgspec.Struct, rename={"coded": "base64Encoded"}):
    body: msgspec.Raw = msgspec.Raw(b'""')
    data: msgspec.Raw = msgspec.Raw(b'""')
    coded: bool = False


_LONG = msgspec.json.Decoder(_LongAnswer)
_FIELDS = msgspec.json.Decoder(Fields)


class DevTools:
    """One open socket. Use `DevTools.open(url, listener, road)`, then `send`, then `close`."""

    def __init__(self, socket: ClientConnection, listener: Listener, road: asyncio.Event) -> None:
        self._socket = socket
        self._listener = listener
        self._road = road
        road.set()
        self._waiting: dict[int, asyncio.Future[msgspec.Raw]] = {}
        self._last = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._decoder = msgspec.json.Decoder(_Message)
        self.ended = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @property
    def closed(self) -> bool:
        """Whether the socket has ended."""
        return self.ended.is_set()

    @classmethod
    async def open(cls, url: str, listener: Listener, road: asyncio.Event) -> "DevTools":
        """Connect to `ws://127.0.0.1:port/devtools/browser/id`. Raises DevToolsGone.

        While `road` is cleared nothing is read off the socket.
        """
        try:
            socket = await connect(
                url,
                max_size=None,
                max_queue=FRAMES,
                compression=None,
                ping_interval=None,
                close_timeout=CLOSE_LIMIT,
                proxy=None,
            )
        except (OSError, WebSocketException, TimeoutError) as error:
            raise DevToolsGone(f"no DevTools socket at {url}: {error}") from error
        return cls(socket, listener, road)

    async def send(
        self, method: str, params: Fields | None = None, session: str = "", timeout: float = 30.0
    ) -> Fields:
        """Send one command and wait for its result, at most `timeout` seconds.

        In answers to the commands in `LONG` the long text is a `Long`. Raises CommandFailed, DevToolsGone or
        TimeoutError.
        """
        if self.closed:
            raise DevToolsGone("the browser has gone")
        self._last += 1
        number = self._last
        message: Fields = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        answer: asyncio.Future[msgspec.Raw] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await self._socket.send(msgspec.json.encode(message).decode())
            return _fields(method, await asyncio.wait_for(answer, timeout))
        except WebSocketException as error:
            raise DevToolsGone("the browser has gone") from error
        finally:
            self._waiting.pop(number, None)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the reader; it ends at the latest with the socket.

        The work handles its own CommandFailed and TimeoutError; DevToolsGone ends it silently.
        """
        task = asyncio.create_task(_unless_gone(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Close the socket and end every task that still waits on it."""
        self._road.set()
        await self._socket.close()
        await asyncio.gather(self._reader, return_exceptions=True)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read(self) -> None:
        try:
            while True:
                self._take(await self._socket.recv(decode=False))
                await self._road.wait()
        except WebSocketException:
            pass
        finally:
            self._end()

    def _take(self, raw: bytes) -> None:
        message = self._message(raw)
        if message.id is None:
            self._listener(message.session, message.method, message.params)
            return
        answer = self._waiting.get(message.id)
        if answer is None or answer.done():
            return
        if message.error is not None:
            answer.set_exception(CommandFailed(message.error.message))
        else:
            answer.set_result(message.result)

    def _message(self, raw: bytes) -> _Message:
        """What the browser said; half a surrogate pair in it, which a page may send, is no good Unicode."""
        try:
            return self._decoder.decode(raw)
        except msgspec.DecodeError:
            return self._decoder.decode(_mended(raw))

    def _end(self) -> None:
        self.ended.set()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(DevToolsGone("the browser has gone"))


def _fields(method: str, answer: msgspec.Raw) -> Fields:
    if method in LONG:
        found = _LONG.decode(answer)
        return {"body": found.body, "data": found.data, "base64Encoded": found.coded}
    return _FIELDS.decode(answer)


def _mended(raw: bytes) -> str:
    """JSON with question marks for half surrogate pairs."""
    whole = json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8", "replace")
    return whole.decode("utf-8")


async def _unless_gone(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except DevToolsGone:
        return
