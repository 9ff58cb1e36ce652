"""The user's own proxy: how a connection to host and port is asked of it.

`http://` and `https://` proxies get CONNECT (RFC 9110, section 9.3.6), `socks5://` ones RFC 1928; user
name and password may stand in the address, percent-encoded. The proxy is trusted to be where it is,
so its own address is not checked. Plain HTTP goes through CONNECT to port 80 where the proxy allows
it, else as a request in absolute form (forward.py).
"""

import asyncio
import base64
import ssl
from typing import Literal, cast
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from archiver.errors import ConfigError, NetworkFailure
from archiver.net import socks
from archiver.net.forward import AbsoluteForm
from archiver.net.splice import Stream

DEFAULT_PORT = {"http": 8080, "https": 443, "socks5": 1080, "socks5h": 1080}
HEAD_LIMIT = 65536


class ProxyFailure(NetworkFailure):
    """The user's proxy is not there, or did not make the connection. `code` is a SOCKS reply field."""

    def __init__(self, message: str, code: int = socks.Code.FAILED) -> None:
        super().__init__(message)
        self.code = code


class NoTunnel(ProxyFailure):
    """The proxy allows no CONNECT to port 80; a request in absolute form may still pass."""


class Upstream(Struct, frozen=True, kw_only=True):
    """A proxy's address, read from what the user wrote."""

    scheme: Literal["http", "https", "socks5"]
    host: str
    port: int
    user: str = ""
    password: str = ""

    @property
    def name(self) -> str:
        """The address without user name and password, for messages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def read_upstream(url: str) -> Upstream:
    """`http://[user:password@]host:port`, `https://…` or `socks5://…`. Raises ConfigError."""
    hint = "write it as http://host:port, https://host:port or socks5://host:port"
    try:
        parts = urlsplit(url.strip())
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise ConfigError("the proxy address cannot be read", hint=hint) from error
    if parts.scheme not in DEFAULT_PORT or not host or parts.path not in ("", "/"):
        raise ConfigError("the proxy address cannot be read", hint=hint)
    scheme = cast(Literal["http", "https", "socks5"], parts.scheme.removesuffix("h"))
    return Upstream(
        scheme=scheme,
        host=host,
        port=DEFAULT_PORT[parts.scheme] if port is None else port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


async def open_through(
    upstream: Upstream, host: str, port: int, trust: ssl.SSLContext | None
) -> Stream:
    """A tunnel to host and port through the proxy. Raises NoTunnel or ProxyFailure, also for OS errors."""
    reader, writer = await _reach(upstream, trust)
    ask = _ask_socks if upstream.scheme == "socks5" else _ask_http
    made = False
    try:
        await ask(upstream, host, port, reader, writer)
        made = True
    except (OSError, EOFError, asyncio.LimitOverrunError) as error:
        raise ProxyFailure(f"the proxy {upstream.name} broke off") from error
    finally:
        if not made:
            writer.close()
    return reader, writer


async def open_forwarding(upstream: Upstream, host: str, trust: ssl.SSLContext | None) -> Stream:
    """A stream to the proxy for one plain HTTP request to `host`, port 80. Raises ProxyFailure."""
    reader, writer = await _reach(upstream, trust)
    authority = f"[{host}]" if ":" in host else host
    return reader, AbsoluteForm(writer, authority, authorization(upstream))


async def _reach(
    upstream: Upstream, trust: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        secure = trust if upstream.scheme == "https" else None
        return await asyncio.open_connection(
            upstream.host, upstream.port, ssl=secure, limit=HEAD_LIMIT
        )
    except OSError as error:
        said = error.strerror or str(error)
        raise ProxyFailure(f"the proxy {upstream.name} cannot be reached: {said}") from error


def authorization(upstream: Upstream) -> str:
    """The value of Proxy-Authorization, empty without a user name."""
    if not upstream.user:
        return ""
    pair = base64.b64encode(f"{upstream.user}:{upstream.password}".encode()).decode("ascii")
    return f"Basic {pair}"


async def _ask_http(
    upstream: Upstream,
    host: str,
    port: int,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proof := authorization(upstream):
        lines.append(f"Proxy-Authorization: {proof}")
    writer.write("\r\n".join([*lines, "", ""]).encode("ascii"))
    head = await reader.readuntil(b"\r\n\r\n")
    status = head.split(b"\r\n", 1)[0].split(b" ", 2)[1:2]
    if not status or not status[0].startswith(b"2"):
        raise refusal(upstream, target, port, b"".join(status))


def refusal(upstream: Upstream, target: str, port: int, status: bytes) -> ProxyFailure:
    """What a proxy's status other than 2xx means."""
    said = status.decode("latin-1")[:3] or "no HTTP answer"
    if said == "407":
        return ProxyFailure(f"the proxy {upstream.name} wants another user name or password", 2)
    if port == 80 and said in {"400", "403", "405", "501"}:
        return NoTunnel(f"the proxy {upstream.name} allows no CONNECT to port 80", 2)
    code = {"403": 2, "502": 4, "503": 4, "504": 6}.get(said, 1)
    return ProxyFailure(f"the proxy {upstream.name} did not connect to {target} ({said})", code)


async def _ask_socks(
    upstream: Upstream,
    host: str,
    port: int,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    offered = (socks.NO_AUTH, socks.PASSWORD) if upstream.user else (socks.NO_AUTH,)
    writer.write(socks.write_greeting(*offered))
    method = await socks.read_soon(socks.chosen_method(), reader)
    if method == socks.PASSWORD and upstream.user:
        writer.write(socks.write_password(upstream.user, upstream.password))
        if not await socks.read_soon(socks.password_accepted(), reader):
            raise ProxyFailure(f"the proxy {upstream.name} wants another user name or password", 2)
    elif method != socks.NO_AUTH:
        raise ProxyFailure(f"the proxy {upstream.name} wants a user name and password", 2)
    writer.write(socks.write_connect(host, port))
    reply = await socks.read_soon(socks.reply(), reader)
    if reply.code != socks.Code.SUCCEEDED:
        said = f"the proxy {upstream.name} did not connect to {host}:{port}"
        raise ProxyFailure(f"{said} (SOCKS {reply.code})", reply.code)
