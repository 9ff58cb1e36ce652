"""The agenda of a run: which post is next, and which is to be tried again when its host has rested."""

import asyncio
import heapq
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from archiver.articles import Reading
from archiver.clock import Clock
from archiver.domain.post import Post, Resolution
from archiver.targets import Target, direct, page

LONGEST_WAIT = 120.0
"""Seconds: a host that asks for more rest than this is left to the next run."""
MOST_TRIES = 3


class Item(Struct, frozen=True, kw_only=True):
    """A post to be visited: the target, its resolution, and how often it was visited already.

    `reading` is set where it is an article, which is visited once.
    """

    target: Target
    post: Post
    resolution: Resolution
    tries: int = 0
    reading: Reading | None = None


class After(Struct, frozen=True):
    """What follows a visit: in how many seconds it is to be tried again, if at all, and the posts that it
    led to."""

    retry_after: float | None = None
    found: tuple[Item, ...] = ()


def article_item(reading: Reading) -> Item:
    """The visit of an article that was read."""
    post = page(str(reading.capture.url))
    target = direct(post.url, post.ref, "web", None)
    return Item(target=target, post=post, resolution=Resolution(post=post), reading=reading)


def will_return(item: Item, retry_after: float | None) -> bool:
    """Whether a post whose host asks for so many seconds of rest is tried again within the run."""
    waits = retry_after is not None and retry_after <= LONGEST_WAIT
    return waits and item.tries + 1 < MOST_TRIES


class Agenda:
    """A queue by time, used from one event loop: `next` gives an item, `done` ends it or puts it back, `add`
    takes up what was found on the way, each post once."""

    def __init__(self, items: Iterable[Item], clock: Clock) -> None:
        self._clock = clock
        self._queue = [(0.0, number, item) for number, item in enumerate(items)]
        self._count = len(self._queue)
        self._known = {item.target.key for _, _, item in self._queue}
        self._busy = 0
        self._closed = False

    async def next(self) -> Item | None:
        """The next item, waiting until it is time for it; None when nothing will come any more."""
        while not self._closed and (self._queue or self._busy):
            if self._queue and self._queue[0][0] <= self._clock.monotonic():
                self._busy += 1
                return heapq.heappop(self._queue)[2]
            await asyncio.sleep(0.05)
        return None

    def close(self) -> None:
        """Give no item any more."""
        self._closed = True

    def add(self, items: Iterable[Item]) -> None:
        """Put posts that are new to the agenda at its end."""
        for item in items:
            if item.target.key not in self._known:
                self._known.add(item.target.key)
                self._count += 1
                heapq.heappush(self._queue, (self._clock.monotonic(), self._count, item))

    def done(self, item: Item, retry_after: float | None = None) -> bool:
        """The item was visited. With `retry_after` seconds it is put back, if that is not too long
        and not too often; says whether it was."""
        self._busy -= 1
        if retry_after is None or not will_return(item, retry_after):
            return False
        later = replace(item, tries=item.tries + 1)
        self._count += 1
        heapq.heappush(self._queue, (self._clock.monotonic() + retry_after, self._count, later))
        return True
