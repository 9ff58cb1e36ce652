"""Small servers for tests: a web server that says exactly what it is told to, and proxies."""

import base64
import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Place = tuple[str, int]


class Asked(NamedTuple):
    """A request as it came in."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)


Route = bytes | Callable[[Asked, socket.socket], bytes | None]


def http(
    body: bytes | str = b"", status: int = 200, reason: str = "OK", *headers: tuple[str, str]
) -> bytes:
    """A response with Content-Length, and the headers given."""
    data = body.encode() if isinstance(body, str) else body
    named = [*headers, ("Content-Length", str(len(data)))]
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{k}: {v}" for k, v in named), "", ""]
    return "\r\n".join(lines).encode("latin-1") + data


def moved(to: str, status: int = 302) -> bytes:
    """A redirect."""
    return http(b"", status, "Moved", ("Location", to))


class Listener:
    """Accepts connections on 127.0.0.1 and serves each on a thread; counts them."""

    def __init__(self) -> None:
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address: Place = self._socket.getsockname()[:2]
        self.port = self.address[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in [self._socket, *self._open]:
            shut(one)

    def _listen(self) -> None:
        while True:
            try:
                link, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(link)
            threading.Thread(target=self._served, args=(link,), daemon=True).start()

    def _served(self, link: socket.socket) -> None:
        try:
            self.serve(link)
        except (OSError, ValueError, EOFError):
            pass
        finally:
            shut(link)

    def serve(self, link: socket.socket) -> None:
        raise NotImplementedError


class Web(Listener):
    """Answers each connection's one request with the bytes of `routes[target]` (404 without one).

    A route may be bytes, or a callable that gets the request and the socket and gives bytes, or
    writes by itself and gives None. Routes are looked up by `host/target` first, then by target.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Route] = {}
        self.hits: list[Asked] = []
        self._context = context
        super().__init__()

    @property
    def url(self) -> str:
        scheme = "https" if self._context else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    def serve(self, link: socket.socket) -> None:
        if self._context:
            link = self._context.wrap_socket(link, server_side=True)
        asked = read_request(link)
        self.hits.append(asked)
        host = asked.header("host") or ""
        route = self.routes.get(host + asked.target, self.routes.get(asked.target))
        said = route(asked, link) if callable(route) else route
        if said is None and not callable(route):
            said = http(b"nothing here", 404, "Not Found")
        if said:
            link.sendall(said)
        shut(link)


class Proxy(Listener):
    """An HTTP proxy that knows CONNECT; `place` says where a host and port really is.

    `refuse` are ports that it answers with 403. With `auth` ("user:password") it demands that.
    """

    def __init__(
        self, place: Callable[[str, int], Place], *, refuse: tuple[int, ...] = (), auth: str = ""
    ) -> None:
        self.asked: list[Place] = []
        self.forwarded: list[Asked] = []
        self._place = place
        self._refuse = refuse
        self._auth = auth
        super().__init__()

    @property
    def url(self) -> str:
        return f"http://{self._auth + '@' if self._auth else ''}127.0.0.1:{self.port}"

    def serve(self, link: socket.socket) -> None:
        asked = read_request(link)
        wanted = "Basic " + base64.b64encode(self._auth.encode()).decode()
        if self._auth and asked.header("proxy-authorization") != wanted:
            link.sendall(http(b"", 407, "Proxy Authentication Required"))
            return
        if asked.method != "CONNECT":
            self._forward(asked, link)
            return
        host, _, port = asked.target.rpartition(":")
        self.asked.append((host, int(port)))
        if int(port) in self._refuse:
            link.sendall(http(b"", 403, "Forbidden"))
            return
        with socket.create_connection(self._place(host, int(port))) as onward:
            link.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            relay(link, onward)

    def _forward(self, asked: Asked, link: socket.socket) -> None:
        """A request with the whole address, for plain HTTP."""
        self.forwarded.append(asked)
        place = urlsplit(asked.target)
        target = place.path + (f"?{place.query}" if place.query else "")
        lines = [
            f"{asked.method} {target} HTTP/1.1",
            *(f"{k}: {v}" for k, v in asked.headers),
            "",
            "",
        ]
        with socket.create_connection(
            self._place(place.hostname or "", place.port or 80)
        ) as onward:
            onward.sendall("\r\n".join(lines).encode("latin-1") + asked.body)
            while data := onward.recv(65536):
                link.sendall(data)


class SocksProxy(Listener):
    """A SOCKS 5 proxy, by RFC 1928 and 1929; written apart from the code under test."""

    def __init__(self, place: Callable[[str, int], Place], *, auth: str = "") -> None:
        self.asked: list[Place] = []
        self._place = place
        self._auth = auth
        super().__init__()

    @property
    def url(self) -> str:
        return f"socks5://{self._auth + '@' if self._auth else ''}127.0.0.1:{self.port}"

    def serve(self, link: socket.socket) -> None:
        methods = exactly(link, exactly(link, 2)[1])
        wanted = 2 if self._auth else 0
        if wanted not in methods:
            link.sendall(b"\x05\xff")
            return
        link.sendall(bytes([5, wanted]))
        if self._auth:
            user = exactly(link, exactly(link, 2)[1]).decode()
            word = exactly(link, exactly(link, 1)[0]).decode()
            link.sendall(b"\x01\x00" if f"{user}:{word}" == self._auth else b"\x01\x01")
        kind = exactly(link, 4)[3]
        if kind == 3:
            host = exactly(link, exactly(link, 1)[0]).decode()
        else:
            host = socket.inet_ntop(*((socket.AF_INET, exactly(link, 4)) if kind == 1
                                      else (socket.AF_INET6, exactly(link, 16))))  # fmt: skip
        port = int.from_bytes(exactly(link, 2), "big")
        self.asked.append((host, port))
        with socket.create_connection(self._place(host, port)) as onward:
            link.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            relay(link, onward)


class Authority:
    """A certificate authority that lives as long as the tests do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Authority")])
        builder = self._begin(self._name, self._key)
        ca = x509.BasicConstraints(ca=True, path_length=0)
        certificate = builder.add_extension(ca, critical=True).sign(self._key, hashes.SHA256())
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _begin(self, name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )

    def context(self, *hosts: str) -> ssl.SSLContext:
        """A server's TLS context with a certificate for these hosts."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        builder = self._begin(name, key).add_extension(names, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        place = self._folder / f"{hosts[0]}-{certificate.serial_number}.pem"
        place.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + self.ca_file.read_bytes()  # the browser trusts by a key that it is shown
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(place)
        return context


def read_request(link: socket.socket) -> Asked:
    """Read one request, body by Content-Length."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = link.recv(65536)
        if not piece:
            raise EOFError
        raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [(k, v.strip()) for k, _, v in (line.partition(":") for line in lines)]
    size = int(next((v for k, v in headers if k.lower() == "content-length"), "0"))
    while len(body) < size:
        body += link.recv(65536)
    method, target, _ = first.split(" ", 2)
    return Asked(method, target, headers, body)


def exactly(link: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        piece = link.recv(count - len(got))
        if not piece:
            raise EOFError
        got += piece
    return got


def relay(left: socket.socket, right: socket.socket) -> None:
    """Carry bytes both ways until both have ended."""

    def carry(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            shut(sink)

    back = threading.Thread(target=carry, args=(right, left), daemon=True)
    back.start()
    carry(left, right)
    back.join(30)


def shut(link: socket.socket) -> None:
    """Close now, whatever state it is in."""
    with contextlib.suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()
