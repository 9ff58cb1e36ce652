"""Plain HTTP through a proxy that allows no tunnel to port 80: the request in absolute form.

Many proxies allow CONNECT to port 443 alone (squid's default). To them the one request of a connection
is sent as RFC 9112, section 3.2.2 has it, with the host that the guard has judged, and the connection
ends with its response. Anything that is not an HTTP request breaks off.
"""

import asyncio
import re

HEAD_LIMIT = 65536
FIRST = re.compile(rb"([A-Z]{1,20}) (/[!-~]*|\*) (HTTP/1\.[01])")
HOP_HEADERS = (b"connection:", b"proxy-connection:", b"keep-alive:", b"proxy-authorization:")


class AbsoluteForm:
    """A writer to the proxy that rewrites the head of the request that comes first."""

    def __init__(self, writer: asyncio.StreamWriter, authority: str, authorization: str) -> None:
        self._writer = writer
        self._authority = authority.encode("ascii")
        self._authorization = authorization.encode("ascii")
        self._head: bytes | None = b""

    def write(self, data: bytes) -> None:
        """Pass `data` on; the head is held back until it is whole. Raises ConnectionError."""
        if self._head is None:
            self._writer.write(data)
            return
        self._head += data
        if self._head[:1] == b"\x16" or len(self._head) > HEAD_LIMIT:
            raise ConnectionAbortedError("not an HTTP request")
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if end:
            self._head = None
            self._writer.write(self.rewritten(head) + rest)

    def rewritten(self, head: bytes) -> bytes:
        """The head with an absolute target, closing the connection. Raises ConnectionError."""
        first, *lines = head.split(b"\r\n")
        found = FIRST.fullmatch(first)
        if found is None:
            raise ConnectionAbortedError("not an HTTP request")
        path = b"" if found[2] == b"*" else found[2]
        kept = [line for line in lines if not line.lower().startswith(HOP_HEADERS)]
        if self._authorization:
            kept.append(b"Proxy-Authorization: " + self._authorization)
        target = b"http://" + self._authority + path
        top = found[1] + b" " + target + b" " + found[3]
        return b"\r\n".join([top, *kept, b"Connection: close", b"", b""])

    async def drain(self) -> None:
        """Wait until the proxy has taken what was written."""
        await self._writer.drain()

    def can_write_eof(self) -> bool:
        """A proxy takes the end of a request for the end of the client: it is never told."""
        return False

    def write_eof(self) -> None:
        """Never called, since `can_write_eof` says no."""

    def close(self) -> None:
        """Close the connection to the proxy."""
        self._writer.close()
