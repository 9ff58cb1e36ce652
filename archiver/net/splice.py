"""Carrying bytes both ways between two streams, at the pace of the slower side.

What comes in can be held back besides, for the slowest may stand behind both: a browser takes in what it is
sent as fast as it comes, and what it hands on to its recorder it keeps until that has read it.
"""

import asyncio
from collections.abc import Callable
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
Brake = Callable[[], bool]
"""Whether nothing more should come in for the time being."""
PAUSE = 0.01
"""Seconds between two looks at the brake."""
LOOKS = 500
"""Looks after which a little is let in all the same: a brake slows down, and stops nothing for good."""
LINGER = 10.0
"""Seconds that one direction may go on after the other side has said that it will send no more."""


def never() -> bool:
    """No brake."""
    return False


async def splice(left: Stream, right: Stream, brake: Brake = never) -> None:
    """Carry bytes until both sides have ended, one breaks off, or one lingers. Closes both.

    While `brake` says so, next to nothing is carried from right to left.
    """
    ways = [
        asyncio.ensure_future(carry(left[0], right[1])),
        asyncio.ensure_future(carry(right[0], left[1], brake)),
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


async def carry(reader: asyncio.StreamReader, writer: Sink, brake: Brake = never) -> None:
    """One direction, to its end; a side that broke off ends both directions."""
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
            for _ in range(LOOKS):
                if not brake():
                    break
                await asyncio.sleep(PAUSE)
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.close()
