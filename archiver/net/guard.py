"""The egress guard: the one door to the network, for the browser and for our own client.

A lane is a SOCKS 5 listener on 127.0.0.1. For every connection asked of it the guard judges the
spelling of the host and the port, resolves the name itself, judges every address of the answer (one
bad address among good ones refuses the name: mixed answers are how DNS rebinding is done), and
connects to an address that it has judged, never to the name again. So a redirect, a frame, a worker or
a WebSocket meets the same check as a first request. Behind a user's proxy the name is not resolved
here: the spelling and literal addresses are all that can be judged.
"""

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from archiver.clock import Clock, SystemClock
from archiver.domain.capture import Blocked
from archiver.errors import NetworkFailure
from archiver.net import socks
from archiver.net.addresses import PUBLIC_ONLY, Address, AddressPolicy, Refused, plain_host
from archiver.net.dial import Unreachable, dial
from archiver.net.resolver import Lookup, Resolver, system_lookup
from archiver.net.splice import Brake, Stream, never, splice
from archiver.net.trust import trust
from archiver.net.upstream import (
    NoTunnel,
    ProxyFailure,
    Upstream,
    open_forwarding,
    open_through,
    read_upstream,
)

T = TypeVar("T")

HANDSHAKE_LIMIT = 10.0
PROXY_LIMIT = 30.0
MOST_CONNECTIONS = 512
MOST_BLOCKED = 2000


class EgressGuard:
    """Opens lanes; a context manager with an event loop in a daemon thread of its own.

    `upstream` is the user's proxy (ConfigError when it cannot be read), `ca_file` is trusted in
    addition for an https:// one. `policy` and `lookup` are for callers in the program.
    """

    def __init__(
        self,
        upstream: str | None = None,
        policy: AddressPolicy = PUBLIC_ONLY,
        clock: Clock | None = None,
        *,
        ca_file: Path | None = None,
        lookup: Lookup = system_lookup,
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.policy = policy
        self.upstream: Upstream | None = read_upstream(upstream) if upstream else None
        self.resolver = Resolver(self.clock, lookup)
        self._trust = trust(ca_file) if self.upstream and self.upstream.scheme == "https" else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="guard", daemon=True)
        self._lanes: set[Lane] = set()
        self._closed = False
        self._no_tunnel = False

    def __enter__(self) -> "EgressGuard":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def lane(self) -> "Lane":
        """A new lane, with a port and a log of its own."""
        if self._closed or not self._thread.is_alive():
            raise RuntimeError("the guard gives lanes only inside its `with` block")
        lane = Lane(self)
        self.run(lane.start())
        self._lanes.add(lane)
        return lane

    def forget(self, lane: "Lane") -> None:
        """A lane has closed itself."""
        self._lanes.discard(lane)

    def close(self) -> None:
        """Close every lane and end the thread. Closing twice is harmless."""
        if self._closed:
            return
        if not self._thread.is_alive():
            self._closed = True
            self._loop.close()
            return
        for lane in tuple(self._lanes):
            lane.close()
        self.run(_end_tasks())
        self._closed = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the guard's loop and wait for it, from another thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    @property
    def is_closed(self) -> bool:
        """Whether the guard has ended, and its lanes with it."""
        return self._closed

    async def connect(self, host: str, port: int) -> tuple[Stream, Address | None]:
        """A stream to host and port, and the address it goes to. Raises Refused or NetworkFailure."""
        target = self.policy.check_asked(host, port)
        if self.upstream is not None:
            stream = await self._through(self.upstream, str(target), port)
            return stream, None
        if not isinstance(target, str):
            return await dial((target,), port)
        found = await self.resolver.addresses(target)
        for address in found:
            self.policy.check_address(address, port, asked=target)
        return await dial(found, port)

    async def _through(self, upstream: Upstream, host: str, port: int) -> Stream:
        try:
            return await asyncio.wait_for(self._opened(upstream, host, port), PROXY_LIMIT)
        except TimeoutError:
            raise ProxyFailure(f"the proxy {upstream.name} did not answer", 6) from None

    async def _opened(self, upstream: Upstream, host: str, port: int) -> Stream:
        """A tunnel; for port 80 of a proxy that has once refused one, a stream for one request."""
        if port != 80 or not self._no_tunnel:
            try:
                return await open_through(upstream, host, port, self._trust)
            except NoTunnel:
                self._no_tunnel = True
        return await open_forwarding(upstream, host, self._trust)


class Lane:
    """One SOCKS 5 listener of the guard, its log of addresses and of what it refused.

    While `brake` says so, next to nothing comes in through it; it is asked on the guard's thread.
    """

    def __init__(self, guard: EgressGuard) -> None:
        self._guard = guard
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._addresses: dict[tuple[str, int], str] = {}
        self._blocked: list[Blocked] = []
        self.proxy_url = ""
        self.brake: Brake = never

    def __enter__(self) -> "Lane":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def start(self) -> None:
        """Begin to listen (on the guard's loop)."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.proxy_url = f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def address_of(self, host: str, port: int) -> str | None:
        """The IP address last connected to for host and port; None behind an upstream proxy."""
        return self._addresses.get((plain_host(host), port))

    @property
    def blocked(self) -> tuple[Blocked, ...]:
        """What was refused, in order (the first 2,000)."""
        return tuple(self._blocked)

    def close(self) -> None:
        """Stop listening and cut every connection. Closing twice is harmless."""
        if self._server is not None and not self._guard.is_closed:
            self._guard.run(self._stop())
            self._guard.forget(self)

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            host, port = await asyncio.wait_for(self._asked(reader, writer), HANDSHAKE_LIMIT)
            stream = await self._opened(host, port, writer)
            if stream is not None:
                await splice((reader, writer), stream, lambda: self.brake())
        except (OSError, EOFError, NetworkFailure):
            return  # the client went away, or spoke something else: nobody is left to be told
        finally:
            writer.close()

    async def _asked(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[str, int]:
        offered = await socks.read_soon(socks.greeting(), reader)
        method = socks.NO_AUTH if socks.NO_AUTH in offered else socks.NONE_ACCEPTABLE
        writer.write(bytes([socks.VERSION, method]))
        try:
            return await socks.read_soon(socks.request(), reader)
        except socks.SocksError as error:
            writer.write(socks.write_reply(error.code, error.message))
            raise

    async def _opened(self, host: str, port: int, writer: asyncio.StreamWriter) -> Stream | None:
        """Connect and tell the client so, or tell it why not."""
        try:
            if len(self._tasks) > MOST_CONNECTIONS:
                raise Unreachable("too many connections at once", socks.Code.FAILED)
            stream, address = await self._guard.connect(host, port)
        except NetworkFailure as error:
            self._note(host, port, error)
            writer.write(socks.write_reply(_code(error), error.message))
            return None
        if address is not None:
            self._addresses[plain_host(host), port] = str(address)
        writer.write(socks.write_reply(socks.Code.SUCCEEDED, str(address or "0.0.0.0")))
        return stream

    def _note(self, host: str, port: int, error: NetworkFailure) -> None:
        if isinstance(error, Refused) and len(self._blocked) < MOST_BLOCKED:
            now = self._guard.clock.now()
            self._blocked.append(Blocked(host=host, port=port, reason=error.message, at=now))


def _code(error: NetworkFailure) -> int:
    if isinstance(error, Refused):
        return socks.Code.NOT_ALLOWED
    return int(getattr(error, "code", socks.Code.HOST_UNREACHABLE))


async def _end_tasks() -> None:
    """Cancel whatever is left on the loop, so that nothing is destroyed while pending."""
    left = {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.sleep(0)
