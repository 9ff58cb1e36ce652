"""The HTTP proxy in front of the demo web: tunnels, TLS under our own authority, plain requests.

One thread a connection. A tunnel to any port carries TLS when its first byte is that of a TLS
handshake record (22), plain HTTP otherwise, so a client may tunnel port 80 as well.
"""

import socket
import socketserver
import ssl
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from archiver.demoweb.certificates import Authority
from archiver.demoweb.model import Answer, Request
from archiver.demoweb.transfer import Wire, to_wire
from archiver.domain.digest import sha256

TLS_HANDSHAKE = 22
LONGEST_BODY = 1 << 20
UNKNOWN = b"The demo web knows no such host.\n"
GONE_AWAY = (ConnectionError, TimeoutError, ssl.SSLError)

Respond = Callable[[Request], Answer | None]
Note = Callable[[str, str, str, Wire], None]


class Proxy(socketserver.ThreadingTCPServer):
    """Listens on 127.0.0.1, a port of the system's choice.

    `respond` answers a request, or gives None for a host that is not in the demo web; `note` is told
    of everything that was served. What went wrong inside a thread is kept in `failures`.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, respond: Respond, note: Note, authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), ClientSide)
        self.respond, self.note, self.authority = respond, note, authority
        self.failures: list[str] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def opened(self, connection: socket.socket) -> None:
        """Remember a socket, so that `hang_up` can end it."""
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a socket."""
        with self._lock:
            self._open.discard(connection)

    def hang_up(self) -> None:
        """End every open connection; their threads then run out by themselves."""
        with self._lock:
            sockets = list(self._open)
        for connection in sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is nothing; anything else is kept for the tests to see."""
        error = sys.exc_info()[1]
        if not isinstance(error, GONE_AWAY):
            self.failures.append(f"{type(error).__name__}: {error}")


class _Handler(BaseHTTPRequestHandler):
    """Requests of one connection, one after another."""

    protocol_version = "HTTP/1.1"
    server_version = "demoweb"
    sys_version = ""
    timeout = 60
    disable_nagle_algorithm = True
    server: Proxy
    scheme: str = "http"
    host: str = ""

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed: `hits` is the log."""

    def handle(self) -> None:
        try:
            super().handle()
        except GONE_AWAY:
            self.close_connection = True

    def request_for(self, scheme: str, host: str, target: str) -> Request:
        """The request in hand, its body read."""
        path, _, query = target.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        if length > LONGEST_BODY:
            self.close_connection = True
        return Request(
            method=self.command,
            scheme=scheme,
            host=host,
            path=path or "/",
            query=query.partition("#")[0],
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(min(length, LONGEST_BODY)),
        )

    def serve(self, scheme: str, host: str, target: str) -> None:
        """Answer one request and note it."""
        request = self.request_for(scheme, host, target)
        answer = self.server.respond(request)
        if answer is None:
            answer = Answer(status=502, media_type="text/plain", body=UNKNOWN)
        wire = to_wire(answer, request)
        self.server.note(request.method, host, request.target, wire)
        self.send_response(wire.status)
        for name, value in wire.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(wire.body)


class OriginSide(_Handler):
    """A connection on which we are the site itself: the inside of a tunnel."""

    def __init__(self, connection: socket.socket, server: Proxy, scheme: str, host: str) -> None:
        self.scheme, self.host = scheme, host
        super().__init__(connection, ("127.0.0.1", 0), server)

    def do_GET(self) -> None:
        """Answer for the host of the tunnel."""
        self.serve(self.scheme, self.host, self.path)

    do_HEAD = do_POST = do_OPTIONS = do_GET


class ClientSide(_Handler):
    """A connection to the proxy: CONNECT, or requests with the whole address."""

    rbufsize = 0
    """Unbuffered, so that no byte of the tunnel is read ahead of its handler."""

    def do_GET(self) -> None:
        """A plain request; the address has scheme and host."""
        parts = urlsplit(self.path)
        if not parts.hostname:
            self.send_error(400, "This is a proxy: ask for a whole address")
            return
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.serve(parts.scheme, parts.hostname, target)

    do_HEAD = do_POST = do_OPTIONS = do_GET

    def do_CONNECT(self) -> None:
        """Open a tunnel to a known host and be that host; refuse any other with 502."""
        self.close_connection = True
        host = self.path.rpartition(":")[0].lower()
        probe = Request(method="CONNECT", scheme="https", host=host, path="/")
        if self.server.respond(probe) is None:
            self.refuse(host)
            return
        self.send_response_only(200, "Connection established")
        self.end_headers()
        first = self.connection.recv(1, socket.MSG_PEEK)
        if first and first[0] == TLS_HANDSHAKE:
            self.be_secure(host)
        elif first:
            OriginSide(self.connection, self.server, "http", host)

    def refuse(self, host: str) -> None:
        """Say 502 to a tunnel that leads nowhere."""
        wire = Wire(status=502, headers=(), body=UNKNOWN, digest=sha256(UNKNOWN))
        self.server.note("CONNECT", host, "", wire)
        self.send_response(502)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(UNKNOWN)))
        self.end_headers()
        self.wfile.write(UNKNOWN)

    def be_secure(self, host: str) -> None:
        """Speak TLS as `host`, then HTTP inside it."""
        context = self.server.authority.context(host)
        raw = self.connection
        with context.wrap_socket(raw.dup(), server_side=True, do_handshake_on_connect=False) as tls:
            tls.settimeout(self.timeout)
            tls.do_handshake()
            OriginSide(tls, self.server, "https", host)
