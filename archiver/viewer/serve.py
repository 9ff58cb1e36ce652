"""The viewer's servers, on 127.0.0.1 only, each an origin of its own.

The desk serves the list: no script may run there, and nothing is loaded but its own style and pictures.
The stage serves ReplayWeb.page and the packages. What was archived runs there, in an origin that holds
nothing else; a `sandbox` policy on its page keeps it from opening windows, offering downloads and leading
the visitor away, and `frame-src 'self'` from loading the live web into its frame. A request that
names another host (DNS rebinding) is refused.
"""

import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import urlsplit

from msgspec import Struct

LOOPBACK = "127.0.0.1"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store",
}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Readable(Protocol):
    """Bytes of a known number, any range of which can be read."""

    size: int

    def read(self, start: int, length: int) -> Iterator[bytes]:
        """At most `length` bytes from `start`, in pieces."""


class Bytes:
    """Bytes that are at hand."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, start: int, length: int) -> Iterator[bytes]:
        """The range, in one piece."""
        yield self._data[start : start + length]


class Reply(Struct, frozen=True):
    """An answer: its media type, what it holds, further headers; its status, or 206 for a range of it."""

    media_type: str
    body: Readable
    headers: Mapping[str, str] = {}
    status: HTTPStatus = HTTPStatus.OK


Answer = Callable[[str, str], Reply | None]
"""Takes path and query of a GET, percent-encoded as they came; None for what is not there."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "archiver"
    sys_version = ""
    server: "_Server"

    def do_GET(self) -> None:
        """Answer, whole or in part."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """The head of that answer."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: what is looked at is the visitor's own affair."""

    def _answer(self, with_body: bool) -> None:
        if self.headers.get("Host", "") not in self.server.names:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
            return
        asked = urlsplit(self.path)
        try:
            reply = self.server.answer(asked.path, asked.query)
        except OSError:  # a file went away since the list was made
            reply = None
        if reply is None:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        part = _part(self.headers.get("Range"), reply.body.size)
        if part is None:
            extra = {"Content-Range": f"bytes */{reply.body.size}"}
            self._refuse(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, extra)
            return
        self._send(reply, part, with_body)

    def _send(self, reply: Reply, part: range, with_body: bool) -> None:
        whole = len(part) == reply.body.size
        headers = {
            "Content-Type": reply.media_type,
            "Content-Length": str(len(part)),
            "Accept-Ranges": "bytes",
        }
        if not whole:
            headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{reply.body.size}"
        status = reply.status if whole else HTTPStatus.PARTIAL_CONTENT
        self._head(status, {**headers, **reply.headers})
        if not with_body:
            return
        try:
            for piece in reply.body.read(part.start, len(part)):
                self.wfile.write(piece)
        except OSError:  # the visitor went away, or a file did: the length tells them
            self.close_connection = True

    def _refuse(self, status: HTTPStatus, extra: Mapping[str, str] = {}) -> None:
        said = f"{status.value} {status.phrase}\n".encode()
        head = {"Content-Type": "text/plain", "Content-Length": str(len(said))}
        self._head(status, {**head, "Content-Security-Policy": "default-src 'none'", **extra})
        if self.command != "HEAD":
            self.wfile.write(said)

    def _head(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**ALWAYS, **headers}.items():
            self.send_header(name, value)
        self.end_headers()


def _part(asked: str | None, size: int) -> range | None:
    """The bytes that a Range header asks for; all of them without one; None where there are none."""
    match = _RANGE.fullmatch((asked or "").strip())
    if match is None or match.groups() == ("", ""):
        return range(size)
    first, last = match.groups()
    if not first:
        return range(max(size - int(last), 0), size) if int(last) else None
    stop = min(int(last) + 1, size) if last else size
    return range(int(first), stop) if int(first) < stop else None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, port: int, answer: Answer) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.answer = answer
        port = self.server_address[1]
        self.names = frozenset((f"{LOOPBACK}:{port}", f"localhost:{port}"))

    def handle_error(self, request: object, client_address: object) -> None:
        """Whatever breaks off a connection is said on stderr; not that a visitor went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type] # as it came


@contextmanager
def served(answer: Answer, port: int = 0) -> Iterator[str]:
    """Serve on 127.0.0.1 while the context is open; gives the address without a slash at its end.

    Port 0 is any free one. Raises OSError when the port is taken.
    """
    with _Server(port, answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
