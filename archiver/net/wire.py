"""One connection of our own through a lane: SOCKS, then TLS where asked, all under one deadline.

The deadline is over everything, so a server that sends a byte now and then gets no more time than
one that is silent. Failures are the ones of httpcore, which does HTTP/1.1 over this.
"""

import socket
import ssl
from collections.abc import Iterable

import httpcore

from archiver.clock import Clock
from archiver.errors import NetworkFailure
from archiver.net import socks


class Deadline:
    """An instant of the monotonic clock by which all must be done."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.monotonic() + seconds
        self.seconds = seconds

    @property
    def left(self) -> float:
        """Seconds that remain, negative when it has passed."""
        return self._end - self._clock.monotonic()

    def remaining(self, limit: float | None = None) -> float:
        """Seconds that the next step may take. Raises httpcore.ReadTimeout when none are left."""
        left = self.left
        if left <= 0:
            raise httpcore.ReadTimeout(f"no complete answer in {self.seconds:g} s")
        return left if limit is None else min(left, limit)


class Wire(httpcore.NetworkStream):
    """A blocking stream whose every step ends at the deadline. `address` is the peer's IP or None."""

    def __init__(self, link: socket.socket, deadline: Deadline, address: str | None) -> None:
        self._link = link
        self._deadline = deadline
        self.address = address

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most `max_bytes`; empty at the end of the stream."""
        try:
            self._link.settimeout(self._deadline.remaining(timeout))
            return self._link.recv(max_bytes)
        except TimeoutError:
            raise httpcore.ReadTimeout(f"no answer in {self._deadline.seconds:g} s") from None
        except OSError as error:
            raise httpcore.ReadError(f"the connection broke: {spoken(error)}") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of `buffer`."""
        try:
            self._link.settimeout(self._deadline.remaining(timeout))
            self._link.sendall(buffer)
        except TimeoutError:
            raise httpcore.WriteTimeout("the request could not be sent in time") from None
        except OSError as error:
            raise httpcore.WriteError(f"the connection broke: {spoken(error)}") from error

    def close(self) -> None:
        """Close the socket."""
        self._link.close()

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Begin TLS; the certificate must be good for `host`. Raises httpcore.ConnectError."""
        try:
            self._link.settimeout(self._deadline.remaining())
            self._link = context.wrap_socket(self._link, server_hostname=host)
        except TimeoutError:
            raise httpcore.ConnectTimeout("the TLS handshake was not answered") from None
        except (OSError, ValueError) as error:
            raise httpcore.ConnectError(f"TLS failed: {spoken(error)}") from error

    @property
    def tls(self) -> ssl.SSLSocket | None:
        """The TLS layer, where there is one."""
        return self._link if isinstance(self._link, ssl.SSLSocket) else None

    def get_extra_info(self, info: str) -> None:
        """httpcore asks for `is_readable` alone; one connection serves one request here."""
        return


def spoken(error: BaseException) -> str:
    """An error of the operating system or of TLS, in its own words and no more."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not accepted ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return (error.reason or str(error)).replace("_", " ").lower()
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def open_wire(lane: tuple[str, int], host: str, port: int, deadline: Deadline) -> Wire:
    """Connect to host and port through the lane. Raises httpcore.ConnectError with the guard's words."""
    try:
        link = socket.create_connection(lane, timeout=deadline.remaining())
    except OSError as error:
        raise httpcore.ConnectError(f"the egress guard is closed: {spoken(error)}") from error
    wire = Wire(link, deadline, None)
    try:
        reply = _ask(wire, host, port)
    except (NetworkFailure, httpcore.NetworkError) as error:
        wire.close()
        raise httpcore.ConnectError(f"the egress guard broke off: {error}") from error
    except httpcore.TimeoutException:
        wire.close()
        raise
    if reply.code != socks.Code.SUCCEEDED:
        wire.close()
        raise httpcore.ConnectError(reply.bound)
    wire.address = None if reply.bound == "0.0.0.0" else reply.bound
    return wire


def _ask(wire: Wire, host: str, port: int) -> socks.Reply:
    def exactly(count: int) -> bytes:
        return b"".join(_pieces(wire, count))

    wire.write(socks.write_greeting(socks.NO_AUTH))
    socks.read_now(socks.chosen_method(), exactly)
    wire.write(socks.write_connect(host, port))
    return socks.read_now(socks.reply(), exactly)


def _pieces(wire: Wire, count: int) -> Iterable[bytes]:
    while count:
        piece = wire.read(count)
        if not piece:
            raise httpcore.ReadError("it closed the connection")
        count -= len(piece)
        yield piece
