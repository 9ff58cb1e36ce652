"""Our own HTTP client: articles, short links, metadata. Its Exchanges are kept like the browser's.

Every hop is one connection through a lane of the guard, HTTP/1.1, one request, one Exchange: headers
as they stood on the wire, the body as sent (content coding kept, transfer coding removed), the address
really connected to. No cookie outlives its hop, certificates are always verified, and nothing is
raised for what a server does: a failure is an Exchange with status 0 and a reason.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import httpcore

from archiver.clock import Clock, SystemClock
from archiver.domain.exchange import Body, Exchange, Headers, Truncation
from archiver.errors import ArchiverError
from archiver.net.agent import user_agent
from archiver.net.circuit import Circuit
from archiver.net.decode import CODINGS
from archiver.net.pace import Pace
from archiver.net.peer import peer_of, protocol_of
from archiver.net.robots import MOST_BYTES as MOST_BYTES_OF_RULES
from archiver.net.robots import MOST_REDIRECTS, Robots
from archiver.net.target import NoTarget, Target, read_target
from archiver.net.trust import trust
from archiver.net.wire import Deadline, Wire, open_wire, spoken

USER_AGENT = user_agent()
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.8"
CHECKED = frozenset({"GET", "HEAD"})
"""Methods for which robots.txt is asked; what is posted goes to addresses that the user has set."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_BYTES = 32 * 1024 * 1024
FAILURES = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    OSError,
)


class Client:
    """Fetches through the lane at `lane_url` (`socks5://127.0.0.1:PORT`). Used from any thread.

    `timeout` is in seconds for a whole hop, connection to last byte; `max_bytes` caps a body as sent.
    `ca_file` is trusted in addition to the public authorities (ConfigError when unreadable). With
    `respect_robots` nothing is fetched that a host's robots.txt forbids; `robots` is then what it asks.
    """

    def __init__(
        self,
        lane_url: str,
        *,
        ca_file: Path | None = None,
        user_agent: str = USER_AGENT,
        timeout: float = 20.0,
        max_bytes: int = MAX_BYTES,
        clock: Clock | None = None,
        pace: Pace | None = None,
        circuit: Circuit | None = None,
        respect_robots: bool = False,
    ) -> None:
        lane = urlsplit(lane_url)
        self._lane = (lane.hostname or "127.0.0.1", lane.port or 0)
        self._context = trust(ca_file)
        self._user_agent = user_agent
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._clock: Clock = clock or SystemClock()
        self._pace = pace or Pace(interval=0.0, clock=self._clock)
        self.circuit = circuit or Circuit(self._clock)
        self.robots = Robots(self._fetch_robots) if respect_robots else None

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is kept open between hops; this is here for the `with` statement."""

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Sequence[tuple[str, str]] = (),
        follow: int = 0,
        body: bytes = b"",
        timeout: float | None = None,
        max_bytes: int | None = None,
    ) -> tuple[Exchange, ...]:
        """Ask for `url`, and follow at most `follow` redirects: one Exchange a hop, the last the answer.

        A redirect to anything but http or https, or one too many, is itself the answer. `headers` take the
        place of our own of the same name, an empty value leaves one out.
        """
        seconds = self._timeout if timeout is None else timeout
        limit = self._max_bytes if max_bytes is None else max_bytes
        hops = [self._allowed(url, method, tuple(headers), body, seconds, limit)]
        while len(hops) <= follow and (onward := redirect_of(hops[-1])):
            if hops[-1].status in {301, 302, 303} and method not in {"GET", "HEAD"}:
                method, body = "GET", b""
            hops.append(self._allowed(onward, method, tuple(headers), body, seconds, limit))
        return tuple(hops)

    def _allowed(
        self, url: str, method: str, headers: Headers, body: bytes, seconds: float, limit: int
    ) -> Exchange:
        """The hop, unless the host's robots.txt forbids it and we keep to that."""
        if self.robots and method in CHECKED and (refusal := self.robots.refusal(url)):
            return failed(url, method, (), self._clock.now(), refusal)
        return self._hop(url, method, headers, body, seconds, limit)

    def _fetch_robots(self, url: str) -> tuple[Exchange, ...]:
        """A robots.txt with its redirects, which no robots.txt forbids."""
        hops = [self._hop(url, "GET", (), b"", self._timeout, MOST_BYTES_OF_RULES)]
        while len(hops) <= MOST_REDIRECTS and (onward := redirect_of(hops[-1])):
            hops.append(self._hop(onward, "GET", (), b"", self._timeout, MOST_BYTES_OF_RULES))
        return tuple(hops)

    def _hop(
        self, url: str, method: str, headers: Headers, body: bytes, seconds: float, limit: int
    ) -> Exchange:
        started = self._clock.now()
        try:
            target = read_target(url)
        except NoTarget as error:
            return failed(url, method, (), started, error.message)
        if trouble := self.circuit.open(target.host):
            return failed(target.url, method, (), started, f"{trouble}; it was asked just now")
        if rests := self._pace.wait(target.host, seconds):
            reason = f"{target.host} asked us to wait; {rests:.0f} s are left"
            return failed(target.url, method, (), started, reason)
        started = self._clock.now()
        sent = self._headers(target, headers, body)
        try:
            exchange = self._ask(
                target, method, sent, body, started, Deadline(self._clock, seconds), limit
            )
        except FAILURES as error:
            self.circuit.failed(target.host, spoken(error))
            return failed(target.url, method, sent, started, spoken(error))
        self.circuit.answered(target.host)
        self._pace.note(target.host, exchange.status, exchange.header("retry-after"))
        return exchange

    def _headers(self, target: Target, extra: Headers, body: bytes) -> Headers:
        ours = [
            ("Host", target.authority),
            ("User-Agent", self._user_agent),
            ("Accept", ACCEPT),
            ("Accept-Encoding", CODINGS),
            ("Connection", "close"),
            *([("Content-Length", str(len(body)))] if body else []),
        ]
        named = {name.lower() for name, _ in extra}
        kept = [(name, value) for name, value in ours if name.lower() not in named]
        return tuple(kept + [(name, value) for name, value in extra if value])

    def _ask(
        self,
        target: Target,
        method: str,
        headers: Headers,
        body: bytes,
        started: datetime,
        deadline: Deadline,
        limit: int,
    ) -> Exchange:
        wire = open_wire(self._lane, target.host, target.port, deadline)
        try:
            if target.scheme == "https":
                wire.secure(self._context, target.host)
            response = send(wire, target, method, headers, body)
            data, truncated = receive(response, limit)
            return Exchange(
                url=target.url,
                method=method,
                request_headers=headers,
                request_body=Body.of(body),
                status=response.status,
                reason=response.extensions.get("reason_phrase", b"").decode("latin-1"),
                response_headers=tuple((text(k), text(v)) for k, v in response.headers),
                body=Body.of(data),
                started_at=started,
                address=wire.address,
                protocols=protocol_of(response.extensions.get("http_version", b""), wire.tls),
                truncated=truncated,
                made_by="client",
                tls=peer_of(wire.tls),
            )
        finally:
            wire.close()


def send(
    wire: Wire, target: Target, method: str, headers: Headers, body: bytes
) -> httpcore.Response:
    """Write one request and read the head of its response."""
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    connection = httpcore.HTTP11Connection(origin=url.origin, stream=wire)
    return connection.handle_request(httpcore.Request(method, url, headers=raw, content=body))


def receive(response: httpcore.Response, limit: int) -> tuple[bytes, Truncation | None]:
    """The body as sent, up to `limit` bytes, and why it is cut when it is."""
    got = bytearray()
    try:
        for piece in response.iter_stream():
            got += piece
            if len(got) > limit:
                return bytes(got[:limit]), "length"
    except httpcore.TimeoutException:
        return bytes(got), "time"
    except (httpcore.NetworkError, httpcore.ProtocolError):
        return bytes(got), "disconnect"
    return bytes(got), None


def redirect_of(exchange: Exchange) -> str | None:
    """The absolute http or https address that a redirect names, or None."""
    location = exchange.header("location")
    if exchange.status not in REDIRECTS or not location:
        return None
    try:
        return read_target(location, base=exchange.url).url
    except NoTarget:
        return None


def text(raw: bytes) -> str:
    """A header as text, every byte kept: UTF-8 where it is that, else Latin-1."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def failed(url: str, method: str, headers: Headers, started: datetime, error: str) -> Exchange:
    """The Exchange of a request that got no answer."""
    return Exchange(
        url=url,
        method=method,
        request_headers=headers,
        started_at=started,
        error=error,
        made_by="client",
    )


def whole_answer(exchange: Exchange) -> bytes:
    """The body of an answer that has come whole with status 200. Raises ArchiverError for any other."""
    if exchange.status != 200 or exchange.truncated:
        raise ArchiverError(exchange.error or f"it answered {exchange.status}")
    return exchange.body.read()
