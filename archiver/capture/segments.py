"""Media that a player takes piecemeal, had whole: ranges of one file, and segments of HLS.

The page itself asks for what is missing, so that each piece is an exchange like any other.
"""

import asyncio
from collections.abc import Callable, Sequence

from archiver.capture.behaviours import fetch_whole, wait_quiet
from archiver.capture.limits import CaptureLimits
from archiver.capture.playlists import missing
from archiver.capture.stage import Stage
from archiver.domain.exchange import Exchange

MOST_ROUNDS = 3
"""A master playlist names playlists, and these name segments."""
AT_ONCE = 4
PATIENCE = 2.0
"""Seconds that other requests of the page may hold up the next segments."""


def came_whole(exchanges: Sequence[Exchange]) -> set[str]:
    """The addresses of which the whole body has come, as one answer."""
    return {e.url for e in exchanges if e.truncated is None and (e.status == 200 or is_all(e))}


def in_parts(exchanges: Sequence[Exchange], limits: CaptureLimits) -> tuple[str, ...]:
    """The addresses of media that came in parts only, and are not too long to be fetched whole.

    An answer 206 that holds all bytes (`bytes 0-99/100`) is whole: ReplayWeb.page takes such a record
    as it takes a 200, and pywb gives it to the player, which asks for `bytes=0-`, as it stands.
    """
    whole = came_whole(exchanges)
    found = dict.fromkeys(
        e.url
        for e in exchanges
        if e.media_type.startswith(("video/", "audio/"))
        and (e.status == 206 or (e.status == 200 and _total(e)))
        and e.url not in whole
        and _total(e) <= limits.body_bytes
    )
    return tuple(found)


def is_all(exchange: Exchange) -> bool:
    """Whether an answer 206 holds the whole of what it is a part of."""
    size = exchange.body.size
    said = (exchange.header("content-range") or "").strip(), exchange.header("content-length")
    return exchange.status == 206 and said == (f"bytes 0-{size - 1}/{size}", str(size))


def _total(exchange: Exchange) -> int:
    """The whole length in bytes that an answer names; 0 where it names none."""
    named = exchange.header("content-length" if exchange.status == 200 else "content-range")
    total = (named or "").rpartition("/")[2]
    return int(total) if total.isdigit() else 0


async def fetch_segments(
    stage: Stage, received: Callable[[], Sequence[Exchange]], limits: CaptureLimits
) -> None:
    """Ask for what the player has not taken of the best variant of each HLS stream on the page.

    Ends at the limits of the post, which it then names; what came until then is kept. `received`
    gives the exchanges by now.
    """
    asked: set[str] = set()
    for _ in range(MOST_ROUNDS):
        exchanges = received()
        moved = {e.url for e in exchanges if 300 <= e.status < 400}
        have = frozenset(came_whole(exchanges) | moved | asked)
        wanted = await asyncio.to_thread(missing, exchanges, have)
        if not wanted:
            return
        asked.update(wanted)
        for start in range(0, len(wanted), AT_ONCE):
            if stage.hung:
                return
            if limit := _reached(stage, limits):
                stage.recording.limits_hit.add(limit)
                left = len(wanted) - start
                stage.note(f"{left} pieces of a stream were not asked for: the limit of {limit}")
                return
            await _fetch(stage, wanted[start : start + AT_ONCE], limits)


async def _fetch(stage: Stage, urls: Sequence[str], limits: CaptureLimits) -> None:
    """A few pieces side by side, until they have come."""
    await asyncio.gather(*(fetch_whole(stage, [url], limits.body_seconds) for url in urls))
    await wait_quiet(stage, min(PATIENCE, limits.quiet), 0.0)
    stage.recording.taking.difference_update(urls)


def _reached(stage: Stage, limits: CaptureLimits) -> str:
    """The limit of the post that leaves no room for more; empty when none does."""
    recording = stage.recording
    if recording.size >= limits.bytes:
        return "bytes"
    if recording.fold.requested >= limits.exchanges:
        return "exchanges"
    return "seconds" if asyncio.get_running_loop().time() >= recording.until else ""
