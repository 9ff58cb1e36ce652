"""A TLS front for the torture server that speaks HTTP/2 or HTTP/1.1, as it is told.

Every stream becomes a request of its own to the plain server behind, byte for byte the same answer but
for what HTTP/2 has no words for (reason, transfer coding, connection headers). Loopback only.
"""

import socket
import ssl
import threading
from collections.abc import Iterator

import h2.config
import h2.connection
import h2.events
import h2.exceptions
from torture import Torture

NOT_IN_H2 = {"transfer-encoding", "connection", "keep-alive", "upgrade"}
PART = 1 << 15


class Front:
    """Listens on a port of its own; a context manager. The site's pages name the front from then on."""

    def __init__(self, site: Torture, tls: ssl.SSLContext, alpn: str) -> None:
        self.site = site
        tls.set_alpn_protocols([alpn])
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._alpn = alpn
        site.shown = ("https", self._socket.getsockname()[1])

    def __enter__(self) -> "Front":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            secure = self._tls.wrap_socket(plain, server_side=True)
        except OSError:
            return
        with secure:
            try:
                if self._alpn == "h2":
                    _Connection(secure, self.site.port).run()
                else:
                    self._relay(secure)
            except (OSError, h2.exceptions.ProtocolError):  # gone, or HTTP/1.1 after all (a socket)
                return

    def _relay(self, secure: ssl.SSLSocket) -> None:
        """HTTP/1.1: the bytes as they are, both ways."""
        with socket.create_connection(("127.0.0.1", self.site.port)) as behind:
            back = threading.Thread(target=_pump, args=(behind, secure), daemon=True)
            back.start()
            _pump(secure, behind)
            back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(PART):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


class _Connection:
    """One HTTP/2 connection: this thread reads, each stream answers in a thread of its own."""

    def __init__(self, secure: ssl.SSLSocket, port: int) -> None:
        self.secure = secure
        self.port = port
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.changed = threading.Condition()
        self.asked: dict[int, tuple[list[tuple[str, str]], bytearray]] = {}
        self.dead: set[int] = set()

    def run(self) -> None:
        with self.changed:
            self.h2.initiate_connection()
            self.flush()
        while data := self.secure.recv(1 << 16):
            with self.changed:
                for event in self.h2.receive_data(data):
                    self.take(event)
                self.flush()
                self.changed.notify_all()
        with self.changed:
            self.dead.update(self.asked)
            self.changed.notify_all()

    def flush(self) -> None:
        if data := self.h2.data_to_send():
            self.secure.sendall(data)

    def take(self, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.RequestReceived):
            headers = [(n.decode(), v.decode("latin-1")) for n, v in event.headers]
            self.asked[event.stream_id] = (headers, bytearray())
        elif isinstance(event, h2.events.DataReceived):
            self.asked[event.stream_id][1].extend(event.data)
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            threading.Thread(target=self.answer, args=(event.stream_id,), daemon=True).start()
        elif isinstance(event, h2.events.StreamReset):
            self.dead.add(event.stream_id)

    def answer(self, stream: int) -> None:
        headers, body = self.asked[stream]
        known = dict(headers)
        lines = [f"{known[':method']} {known[':path']} HTTP/1.1", f"Host: {known[':authority']}"]
        lines += [
            f"{n}: {v}" for n, v in headers if not n.startswith(":") and n != "content-length"
        ]
        lines += [f"Content-Length: {len(body)}"] if body else []
        try:
            with socket.create_connection(("127.0.0.1", self.port)) as behind:
                behind.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + bytes(body))
                self.pass_on(stream, behind, known[":method"])
        except (OSError, h2.exceptions.ProtocolError, _Broken):
            with self.changed:
                if stream not in self.dead:
                    self.h2.reset_stream(stream, 2)
                    self.flush()

    def pass_on(self, stream: int, behind: socket.socket, method: str) -> None:
        reader = behind.makefile("rb")
        status, headers = 100, {}
        while status < 200:
            status = int(reader.readline().split()[1])
            listed = []
            while (line := reader.readline().rstrip(b"\r\n")) != b"":
                name, _, value = line.partition(b": ")
                listed.append((name.lower(), value))
            headers = dict(listed)
            kept = [p for p in listed if p[0].decode() not in NOT_IN_H2]
            with self.changed:
                self.h2.send_headers(stream, [(b":status", str(status).encode()), *kept])
                self.flush()
        none = method == "HEAD" or status in (204, 304)
        for part in () if none else _body(reader, headers):
            self.send(stream, part)
        with self.changed:
            self.h2.end_stream(stream)
            self.flush()

    def send(self, stream: int, data: bytes) -> None:
        while data:
            with self.changed:
                window = 0
                while not window:
                    if stream in self.dead:
                        raise _Broken
                    window = self.h2.local_flow_control_window(stream)
                    if not window:
                        self.changed.wait(1)
                size = min(window, self.h2.max_outbound_frame_size, len(data))
                self.h2.send_data(stream, data[:size])
                self.flush()
                data = data[size:]


class _Broken(Exception):
    """The stream cannot go on."""


def _body(reader, headers: dict[bytes, bytes]) -> Iterator[bytes]:
    """The entity body as it comes, whole or the error that it is not."""
    if headers.get(b"transfer-encoding") == b"chunked":
        while size := _chunk_size(reader):
            yield _exactly(reader, size)
            reader.readline()
        return
    left = int(headers.get(b"content-length", b"0"))
    while left:
        part = reader.read1(min(PART, left))
        if not part:
            raise _Broken
        left -= len(part)
        yield part


def _chunk_size(reader) -> int:
    """The size of the next chunk, 0 for the last; hung up, or no size, is no end."""
    try:
        return int(reader.readline().partition(b";")[0], 16)
    except ValueError:
        raise _Broken from None


def _exactly(reader, size: int) -> bytes:
    part = reader.read(size)
    if len(part) < size:
        raise _Broken
    return part
