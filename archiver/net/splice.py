"""Carrying bytes both ways between two streams, at the pace of the slower side."""

import asyncio
from typing import Protocol


class Sink(Protocol):
    """What is written to: an asyncio.StreamWriter, or something before one."""

    def write(self, data: bytes) -> None:
        """Take `data`."""

    async def drain(self) -> None:
        """Wait until there is room for more."""

    def can_write_eof(self) -> bool:
        """Whether `write_eof` may be called."""

    def write_eof(self) -> None:
        """Say that nothing more will come."""

    def close(self) -> None:
        """Close both directions."""


Stream = tuple[asyncio.StreamReader, Sink]

CHUNK = 131072
LINGER = 10.0
"""Seconds that one direction may go on after the other side has said that it will send no more."""


async def splice(left: Stream, right: Stream) -> None:
    """Carry bytes until both sides have ended, one breaks off, or one lingers. Closes both."""
    ways = [
        asyncio.ensure_future(_carry(left[0], right[1])),
        asyncio.ensure_future(_carry(right[0], left[1])),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait(ways, timeout=LINGER)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        left[1].close()
        right[1].close()


async def _carry(reader: asyncio.StreamReader, writer: Sink) -> None:
    """One direction, to its end; a side that broke off ends both directions."""
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.close()
