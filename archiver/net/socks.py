"""SOCKS 5 messages (RFC 1928, RFC 1929), without any input or output of their own.

A message to be read is a generator: it yields how many bytes it wants next and returns the message.
`read_now` drives it over a blocking reader, `read_soon` over an asyncio one. In our own replies
BND.ADDR is the address that was really connected to (0.0.0.0 behind an upstream proxy); in a refusal
it is a domain field with the reason as text, which clients skip and ours reads.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Generator
from enum import IntEnum
from typing import TypeVar

from msgspec import Struct

from archiver.errors import NetworkFailure

T = TypeVar("T")
Reading = Generator[int, bytes, T]

VERSION = 5
CONNECT = 1
NO_AUTH = 0
PASSWORD = 2
NONE_ACCEPTABLE = 0xFF
IPV4, NAME, IPV6 = 1, 3, 4
ADDRESS_SIZE = {IPV4: 4, IPV6: 16}


class Code(IntEnum):
    """The reply field of RFC 1928."""

    SUCCEEDED = 0
    FAILED = 1
    NOT_ALLOWED = 2
    NETWORK_UNREACHABLE = 3
    HOST_UNREACHABLE = 4
    REFUSED = 5
    TTL_EXPIRED = 6
    COMMAND_NOT_SUPPORTED = 7
    ADDRESS_NOT_SUPPORTED = 8


class SocksError(NetworkFailure):
    """The other side does not speak SOCKS 5, or says no. `code` is the reply field."""

    def __init__(self, message: str, code: int = Code.FAILED) -> None:
        super().__init__(message)
        self.code = code


class Reply(Struct, frozen=True):
    """An answer to CONNECT: the reply field, and BND.ADDR as text."""

    code: int
    bound: str


def read_now(reading: Reading[T], read: Callable[[int], bytes]) -> T:
    """Drive a reading over `read(n)`, which gives exactly n bytes or raises."""
    try:
        wanted = next(reading)
        while True:
            wanted = reading.send(read(wanted))
    except StopIteration as end:
        message: T = end.value
        return message


async def read_soon(reading: Reading[T], reader: asyncio.StreamReader) -> T:
    """Drive a reading over a stream. Raises asyncio.IncompleteReadError when it ends early."""
    try:
        wanted = next(reading)
        while True:
            wanted = reading.send(await reader.readexactly(wanted))
    except StopIteration as end:
        message: T = end.value
        return message


def expect_version(found: int) -> None:
    """Raises SocksError when a message is of another protocol."""
    if found != VERSION:
        raise SocksError(f"not SOCKS 5 (version {found})")


def greeting() -> Reading[bytes]:
    """The client's first message: the authentication methods that it offers."""
    version, count = yield 2
    expect_version(version)
    return (yield count) if count else b""


def address() -> Reading[tuple[str, int]]:
    """ATYP, address and port, as (text, port); a name's bytes are read as Latin-1."""
    (kind,) = yield 1
    if kind == NAME:
        (size,) = yield 1
        host = (yield size).decode("latin-1") if size else ""
    elif kind in ADDRESS_SIZE:
        host = str(ipaddress.ip_address((yield ADDRESS_SIZE[kind])))
    else:
        raise SocksError(f"unknown address type {kind}", Code.ADDRESS_NOT_SUPPORTED)
    return host, int.from_bytes((yield 2), "big")


def request() -> Reading[tuple[str, int]]:
    """The client's request; anything but CONNECT raises SocksError."""
    version, command, _ = yield 3
    expect_version(version)
    if command != CONNECT:
        raise SocksError(f"unsupported command {command}", Code.COMMAND_NOT_SUPPORTED)
    return (yield from address())


def chosen_method() -> Reading[int]:
    """The server's choice of an authentication method."""
    version, method = yield 2
    expect_version(version)
    return int(method)


def reply() -> Reading[Reply]:
    """The server's answer to CONNECT."""
    version, code, _ = yield 3
    expect_version(version)
    bound, _port = yield from address()
    return Reply(int(code), bound)


def password_accepted() -> Reading[bool]:
    """The server's answer to a user name and password (RFC 1929)."""
    _, status = yield 2
    return bool(status == 0)


def write_greeting(*methods: int) -> bytes:
    """Offer these authentication methods."""
    return bytes([VERSION, len(methods), *methods])


def write_password(user: str, secret: str) -> bytes:
    """User name and password, each at most 255 bytes."""
    name, word = user.encode()[:255], secret.encode()[:255]
    return bytes([1, len(name)]) + name + bytes([len(word)]) + word


def write_address(host: str, port: int) -> bytes:
    """ATYP, address and port; what is not a literal address goes as a name of at most 255 bytes."""
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("latin-1", "replace")[:255]
        head = bytes([NAME, len(name)]) + name
    else:
        head = bytes([IPV4 if literal.version == 4 else IPV6]) + literal.packed
    return head + port.to_bytes(2, "big")


def write_connect(host: str, port: int) -> bytes:
    """Ask for a connection to host and port."""
    return bytes([VERSION, CONNECT, 0]) + write_address(host, port)


def write_reply(code: int, bound: str = "0.0.0.0", port: int = 0) -> bytes:
    """Answer a request."""
    return bytes([VERSION, code, 0]) + write_address(bound, port)
