"""Media that a player takes piecemeal, had whole: ranges of one file, and segments of HLS and DASH.

The page itself asks for what is missing, so that each piece is an exchange like any other.
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence

from archiver.capture import dash, playlists
from archiver.capture.arrived import came_whole, is_whole, moved, reached, way
from archiver.capture.behaviours import fetch_whole, wait_quiet
from archiver.capture.limits import CaptureLimits
from archiver.capture.recorder_headers import bytes_told
from archiver.capture.stage import Stage
from archiver.domain.exchange import Exchange

MOST_ROUNDS = 6
"""A master playlist names playlists, and these name segments; for a variant that is refused the next best is taken."""
AT_ONCE = 4
RANGES = re.compile(r"(?:bytestart|byteend|range)=\d+(?:-\d*)?")
"""A range of bytes as a parameter of the address, as some players ask for it."""
COUNTED = re.compile(r"(?:rn|rbuf)=\d+")
"""What such a player counts beside it: its requests, and the bytes that it has ahead. Each range has another number."""
UNTYPED = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/mp4"})
MEDIA = (
    ".mp4", ".m4v", ".m4a", ".m4s", ".cmfv", ".cmfa", ".webm", ".mkv", ".mov", ".ts", ".mp3", ".aac", ".ogg", ".oga",
    ".ogv", ".opus", ".wav", ".flac",
)  # fmt: skip
PATIENCE = 2.0
"""Seconds that other requests of the page may hold up the next segments."""


def in_parts(exchanges: Sequence[Exchange], limits: CaptureLimits) -> tuple[str, ...]:
    """The addresses of media that came in parts only, and are not too long to be fetched whole.

    An answer 206 that holds all bytes (`bytes 0-99/100`) is whole: ReplayWeb.page takes such a record
    as it takes a 200, and pywb gives it to the player, which asks for `bytes=0-`, as it stands.
    """
    return tuple(url for url, size in _parts(exchanges).items() if size <= limits.body_bytes)


def too_long(exchanges: Sequence[Exchange], limits: CaptureLimits) -> tuple[str, ...]:
    """The addresses of media that came in parts, and are longer than one body may be."""
    return tuple(url for url, size in _parts(exchanges).items() if size > limits.body_bytes)


def _parts(exchanges: Sequence[Exchange]) -> dict[str, int]:
    """The addresses of media of which parts came and not the whole, with the length that was named."""
    whole = came_whole(exchanges)
    found: dict[str, int] = {}
    for e in exchanges:
        address = whole_address(e.url)
        cut = e.status == 206 or (
            e.status == 200 and (_total(e) or e.truncated or address != e.url)
        )
        if cut and is_media(e) and address not in whole:
            named = 0 if address != e.url else _total(e)
            found[address] = max(named, found.get(address, 0))
    return found


def is_media(exchange: Exchange) -> bool:
    """Whether an answer is sound or picture in motion: by its type; where that says nothing, by its address; or
    because the page's own player has asked for it."""
    if exchange.media_type.startswith(("video/", "audio/")) or exchange.resource_type == "media":
        return True
    path = exchange.url.partition("?")[0].lower()
    return exchange.media_type in UNTYPED and path.endswith(MEDIA)


def whole_address(url: str) -> str:
    """The address without the range of bytes that its query names, and without what is counted beside it, so that
    all ranges of a film lead to one address; as it stands where it names none."""
    place, mark, query = url.partition("?")
    kept = [part for part in query.split("&") if not RANGES.fullmatch(part)]
    if len(kept) == len(query.split("&")):
        return url
    kept = [part for part in kept if not COUNTED.fullmatch(part)]
    return place + (mark + "&".join(kept) if kept else "")


def _total(exchange: Exchange) -> int:
    """The whole length in bytes that an answer names; 0 where it names none."""
    named = exchange.header("content-length" if exchange.status == 200 else "content-range")
    return max(bytes_told((named or "").rpartition("/")[2]), 0)


def uneven(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """Media whose server named another length with a part than the whole had that it sent, in words. Lengths of
    bodies that came in a content coding are not compared: those are unpacked when they reach us."""
    plain = [e for e in exchanges if not e.header("content-encoding")]
    came: dict[str, set[int]] = {}
    for e in plain:
        if is_whole(e):
            came.setdefault(e.url, set()).add(e.body.size)
    named: dict[str, set[int]] = {}
    for e in plain:
        if e.status == 206 and e.url in came and (total := _total(e)):
            named.setdefault(e.url, set()).add(total)
    for url, totals in named.items():
        if others := totals - came[url]:
            sizes = " and ".join(map(str, sorted(came[url])))
            also = f" (and {len(others) - 1} other lengths)" if len(others) > 1 else ""
            yield f"of {max(others)} bytes that its server named{also}, {sizes} came as the whole: {url}"


async def fetch_parts(
    stage: Stage, received: Callable[[], Sequence[Exchange]], limits: CaptureLimits
) -> None:
    """Ask for the whole of media that came in parts, and for the beginning of what a limit of size cut.

    What stays in parts, or came in another length than was named, is named. `received` gives the exchanges
    by now.
    """
    exchanges = received()
    if longer := too_long(exchanges, limits):
        stage.recording.limits_hit.add("body-bytes")
        stage.note(f"longer than one body may be, parts of it came: {', '.join(longer)}")
    wanted = (*in_parts(exchanges, limits), *stage.recording.cut_off()[:AT_ONCE])
    if wanted:
        await fetch_media(stage, wanted, limits, "media that came in parts")
        exchanges = await _fetch_anew(stage, received, limits)
    for remark in uneven(exchanges):
        stage.note(remark)


async def _fetch_anew(
    stage: Stage, received: Callable[[], Sequence[Exchange]], limits: CaptureLimits
) -> Sequence[Exchange]:
    """Where media still came in parts only, ask for what led to it: that may lead to an address that is signed
    anew. What stays in parts is named. Gives the exchanges by now."""
    exchanges = received()
    origins = _origins(exchanges, in_parts(exchanges, limits))
    if origins:
        again = tuple(dict.fromkeys(origins.values()))
        await fetch_media(stage, again, limits, "media that came in parts")
        exchanges = received()
    came = set(reached(origins.values(), exchanges))
    if still := [url for url in in_parts(exchanges, limits) if origins.get(url) not in came]:
        stage.note(f"came in parts only: {', '.join(still)}")
    return exchanges


def _origins(exchanges: Sequence[Exchange], urls: Sequence[str]) -> dict[str, str]:
    """Of addresses that others led to, the first that did."""
    led, found = moved(exchanges), dict[str, str]()
    for first in led:
        for url in set(urls).intersection(way(first, led)) - {first}:
            found.setdefault(url, first)
    return found


async def fetch_media(
    stage: Stage, wanted: Sequence[str], limits: CaptureLimits, kind: str
) -> None:
    """Ask for whole files, as far as the limits of the post allow, and wait until they have come. `kind` is what
    they are called where a limit leaves some out."""
    await _fetch_all(stage, wanted, limits, kind)
    await wait_quiet(stage, limits.quiet)
    stage.recording.taking.clear()


async def fetch_segments(
    stage: Stage, received: Callable[[], Sequence[Exchange]], limits: CaptureLimits
) -> None:
    """Ask for what the player has not taken of the best of each stream on the page (HLS, DASH).

    Ends at the limits of the post, which it then names; what came until then is kept. What a stream
    leaves open is named too. `received` gives the exchanges by now.
    """
    asked: set[str] = set()
    if not any(playlists.may_be(e) or dash.may_be(e) for e in received()):
        stage.recording.taking.clear()
        return
    for _ in range(MOST_ROUNDS):
        exchanges = received()
        known = exchanges, frozenset(asked), _lost(stage)
        wanted = await asyncio.to_thread(_missing, *known, limits)
        if not wanted:
            break
        number = await _fetch_all(stage, wanted, limits, "pieces of a stream")
        asked.update(wanted[:number])
        if number < len(wanted):
            break
    if asked:
        await wait_quiet(stage, limits.quiet)
        exchanges = received()
    stage.recording.taking.clear()
    lost = _lost(stage)
    left = await asyncio.to_thread(_missing, exchanges, frozenset(asked), lost, limits)
    known = exchanges, frozenset((*asked, *left)), lost
    for remark in await asyncio.to_thread(lambda: tuple(remarks(*known))):
        stage.note(remark)


def _lost(stage: Stage) -> frozenset[str]:
    """The addresses that no server answered, by what the browser says."""
    told = stage.recording.fold.unrecorded()
    return frozenset(each.url for each in told if each.reason.startswith("net::"))


def _missing(
    exchanges: Sequence[Exchange],
    asked: frozenset[str],
    lost: frozenset[str],
    limits: CaptureLimits,
) -> tuple[str, ...]:
    """What nobody has asked for yet; a file that is longer than one body may be is not asked for again."""
    have = asked | _here(exchanges) | {*too_long(exchanges, limits)}
    wanted = (*playlists.missing(exchanges, have, lost), *dash.missing(exchanges, have))
    return tuple(dict.fromkeys(wanted))


def _here(exchanges: Sequence[Exchange]) -> frozenset[str]:
    """The addresses that came whole, or led to such. One that led to a refusal is asked for once more: where it
    leads to may be signed for a short time."""
    return frozenset(reached({e.url for e in exchanges}, exchanges))


def remarks(
    exchanges: Sequence[Exchange],
    wanted: frozenset[str] = frozenset(),
    lost: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """What is to be said of the streams, in words: what did not come of the pieces that were `wanted`, what was
    not over yet, what is encrypted, what could not be read. `lost` are the addresses that no server answered."""
    late = sorted(wanted.difference(reached(wanted, exchanges)))
    if late:
        yield f"pieces of a stream that did not come whole: {len(late)}, such as {', '.join(late[:3])}"
    known = dash.presentations(exchanges, {e.url for e in exchanges})
    yield from playlists.remarks(exchanges, lost)
    named = (*playlists.missing(exchanges, frozenset(), lost), *(p for k in known for p in k.parts))
    led = moved(exchanges)
    if hollow := _hollow(exchanges, {place for url in named for place in way(url, led)}):
        yield f"pieces of a stream that came empty or as a page: {len(hollow)}, such as {', '.join(hollow[:3])}"
    for each in known:
        if each.live:
            yield f"a stream that had not ended, kept as far as this named it then: {each.url}"
        if each.protected:
            yield f"a stream encrypted for players with a licence (DRM), kept as it came: {each.url}"
        yield from (f"of a stream's manifest {open}: {each.url}" for open in each.open)
    yield from (
        f"a stream's manifest could not be read: {url}" for url in dash.unreadable(exchanges)
    )


def _hollow(exchanges: Sequence[Exchange], pieces: set[str]) -> list[str]:
    """Of the pieces of streams those of which nothing came but whole answers that hold no media."""
    came = [e for e in exchanges if e.url in pieces and is_whole(e)]
    sound = {e.url for e in came if e.body.size and e.media_type != "text/html"}
    return sorted({e.url for e in came} - sound)


async def _fetch_all(stage: Stage, wanted: Sequence[str], limits: CaptureLimits, kind: str) -> int:
    """A few at a time until all were asked for, or a limit of the post, or the page, forbids more; gives how many
    were."""
    for start in range(0, len(wanted), AT_ONCE):
        if stage.hung:
            stage.note(f"{len(wanted) - start} {kind} were not asked for: the page does not answer")
            return start
        if limit := _reached(stage, limits):
            stage.recording.limits_hit.add(limit)
            left = len(wanted) - start
            stage.note(f"{left} {kind} were not asked for: the limit of {limit}")
            return start
        await _fetch(stage, wanted[start : start + AT_ONCE], limits)
    return len(wanted)


async def _fetch(stage: Stage, urls: Sequence[str], limits: CaptureLimits) -> None:
    """A few pieces side by side, until they have come; one that is late is still taken when it comes."""
    await asyncio.gather(*(fetch_whole(stage, [url], limits.body_seconds) for url in urls))
    await wait_quiet(stage, min(PATIENCE, limits.quiet), 0.0)


def _reached(stage: Stage, limits: CaptureLimits) -> str:
    """The limit of the post that leaves no room for more; empty when none does."""
    recording = stage.recording
    if recording.size >= limits.bytes:
        return "bytes"
    if recording.fold.requested >= limits.exchanges:
        return "exchanges"
    return "seconds" if asyncio.get_running_loop().time() >= recording.until else ""
