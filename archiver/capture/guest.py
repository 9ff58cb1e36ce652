"""How Playwright, which drives the pages, comes to the browser: by a WebSocket of ours on loopback.

A browser speaks on one pipe only, and that is the recorder's. Playwright's messages go through it in a session
of their own (and those that come of it), translated from JSON and back. What Playwright switches on for every
page and nobody here asks it for is not passed on: it would be told each request a second time.
"""

import asyncio
import json
import secrets
from collections.abc import Callable
from typing import cast

import msgspec
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from archiver.capture.devtools import FIRST, DevTools, DevToolsGone
from archiver.capture.packing import Fields

NEEDED = "Network.enable"
WITHHELD = frozenset({NEEDED, "Log.enable"})
"""Commands that are answered here. The first is sent after all when one comes that needs it."""
NEEDING = ("Network.", "Fetch.")
UNREAD = frozenset({
    "Page.domContentEventFired", "Page.frameStartedLoading", "Page.frameStartedNavigating",
    "Page.frameStoppedLoading", "Page.loadEventFired",
})  # fmt: skip
"""Events that Playwright has no use for: it goes by those of a page's life, and of these by two."""
LIFE, STAGES = "Page.lifecycleEvent", frozenset({"DOMContentLoaded", "load"})
DECODER = msgspec.json.Decoder(Fields)
ENCODER = msgspec.json.Encoder()


class Line(asyncio.Protocol):
    """One connection. Whoever does not know the `path` is refused."""

    def __init__(self, path: str, said: Callable[["Line", Fields], None]) -> None:
        self._path = path
        self._said = said
        self._socket = ServerProtocol(origins=[None], max_size=None)
        self._parts: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._unsent = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._socket.receive_data(data)
        for event in self._socket.events_received():
            if isinstance(event, Request):
                accept, reject = self._socket.accept, self._socket.reject
                known = event.path == self._path
                self._socket.send_response(accept(event) if known else reject(404, ""))
            elif isinstance(event, Frame) and event.opcode in {Opcode.TEXT, Opcode.CONT}:
                self._parts.append(bytes(event.data))
                if event.fin:
                    whole = b"".join(self._parts)
                    self._parts.clear()
                    self._said(self, _read(whole))
        self._flush()

    def eof_received(self) -> None:
        self._socket.receive_eof()
        self._flush()

    def tell(self, message: Fields) -> None:
        """Send one message; to a line that has closed, nothing. Those of one turn of the event loop go out together."""
        if self._transport is not None and not self._transport.is_closing():
            self._socket.send_text(ENCODER.encode(message))
            if not self._unsent:
                asyncio.get_running_loop().call_soon(self._flush)
            self._unsent = True

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()

    def _flush(self) -> None:
        assert self._transport is not None
        self._unsent = False
        parts = self._socket.data_to_send()
        self._transport.write(b"".join(parts))
        if b"" in parts and self._transport.can_write_eof():  # which is how the end is told
            self._transport.write_eof()


class Endpoint:
    """The address for Playwright to come to, and its sessions. Use `Endpoint.open(devtools)`, then `close`."""

    def __init__(self, devtools: DevTools, root: str) -> None:
        self._devtools = devtools
        self._root = root
        self._sessions = {root}
        self._unheard: set[str] = set()
        self._path = f"/{secrets.token_urlsafe(32)}"
        self._line: Line | None = None
        self._server: asyncio.Server | None = None
        self._asked = 0
        self.address = ""
        self.context = ""
        """The id of the browser context that Playwright had made last."""

    @classmethod
    async def open(cls, devtools: DevTools) -> "Endpoint":
        """Begin to listen. Raises DevToolsGone, CommandFailed, TimeoutError, OSError."""
        answer = await devtools.send("Target.attachToBrowserTarget")
        made = cls(devtools, answer["sessionId"])
        devtools.guest = made._take
        loop = asyncio.get_running_loop()
        made._server = await loop.create_server(
            lambda: Line(made._path, made._said), "127.0.0.1", 0
        )
        port = made._server.sockets[0].getsockname()[1]
        made.address = f"ws://127.0.0.1:{port}{made._path}"
        devtools.start(made._until_end())
        return made

    def close(self) -> None:
        """Listen no more, and end the connection."""
        self._devtools.guest = None
        if self._server is not None:
            self._server.close()
        if self._line is not None:
            self._line.close()

    async def _until_end(self) -> None:
        await self._devtools.ended.wait()
        self.close()

    def _said(self, line: Line, message: Fields) -> None:
        """Take a message of Playwright's. The first who comes is the only one."""
        if self._line is None:
            self._line = line
            if self._server is not None:
                self._server.close()
        if line is not self._line:
            line.close()
            return
        session, method = message.setdefault("sessionId", self._root), message["method"]
        if method == "Target.createBrowserContext":
            self._asked = message["id"]
        if method in WITHHELD:
            self._unheard.add(session)
            self._pass({"id": message["id"], "result": {}, "sessionId": session})
            return
        try:
            if method.startswith(NEEDING) and session in self._unheard:
                self._unheard.discard(session)
                self._devtools.write({"id": FIRST, "method": NEEDED, "sessionId": session})
            self._devtools.write(message)
        except DevToolsGone:
            line.close()

    def _take(self, message: Fields) -> bool:
        """Pass on a message of the browser's, if it is one of Playwright's: an answer, or of one of its sessions."""
        if "id" not in message and message.get("sessionId") not in self._sessions:
            return False
        method, params = message.get("method"), message.get("params", {})
        if method == "Target.attachedToTarget":
            self._sessions.add(params["sessionId"])
        elif method == "Target.detachedFromTarget":
            self._sessions.discard(params["sessionId"])
            self._unheard.discard(params["sessionId"])
        elif message.get("id") == self._asked:
            self.context = message.get("result", {}).get("browserContextId", "")
        if method not in UNREAD and (method != LIFE or params.get("name") in STAGES):
            self._pass(message)
        return True

    def _pass(self, message: Fields) -> None:
        if message.get("sessionId") == self._root:
            del message["sessionId"]
        if self._line is not None:
            self._line.tell(message)


def _read(raw: bytes) -> Fields:
    """A message in JSON; half a surrogate pair in it, which is no good Unicode, becomes a question mark."""
    try:
        return DECODER.decode(raw)
    except msgspec.DecodeError:
        whole = json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8", "replace")
        return DECODER.decode(whole)
