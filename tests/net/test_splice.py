"""Carrying bytes: all of them, and none while something behind says that it has enough."""

import asyncio

from archiver.net.splice import CHUNK, carry


class Kept:
    """What was written, and whether its end was said."""

    def __init__(self) -> None:
        self.size = 0
        self.ended = False

    def write(self, data: bytes) -> None:
        self.size += len(data)

    async def drain(self) -> None:
        await asyncio.sleep(0)

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.ended = True

    def close(self) -> None:
        raise AssertionError("nothing broke off")


def test_nothing_is_carried_while_the_brake_is_on() -> None:
    sink, looks = Kept(), []

    def brake() -> bool:
        """On for three looks after each piece."""
        looks.append(sink.size)
        return len(looks) % 4 != 0

    async def carried() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(bytes(5 * CHUNK + 1))
        reader.feed_eof()
        await carry(reader, sink, brake)

    asyncio.run(carried())
    pieces = [CHUNK * n for n in range(1, 6)] + [5 * CHUNK + 1]
    assert looks == [size for size in pieces for _ in range(4)]
    assert (sink.size, sink.ended) == (5 * CHUNK + 1, True)
