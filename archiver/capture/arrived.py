"""Addresses of media, and what came of them: the whole, a part, or the way to another one. Nothing is asked here."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import urljoin

from archiver.domain.exchange import Exchange
from archiver.net.target import NoTarget, read_target

MOST_HOPS = 10
PLAIN = re.compile(
    r"(?!.*/\.)https?://[a-z0-9.-]+(?::[1-9]\d{3,4})?/[\w.~:/?@!$&()*+,;=%-]*", re.ASCII
)
"""An address in which there is nothing for a browser to write differently."""


def address_of(base: str, address: str) -> str:
    """The address seen from `base` as a browser asks for it, without fragment; empty where it is none of the web."""
    try:
        found = urljoin(base, address).partition("#")[0] if address else ""
        if not found or PLAIN.fullmatch(found):
            return found
        place, mark, query = read_target(found).url.partition("?")
    except (ValueError, NoTarget):
        return ""
    return place.replace("|", "%7C").replace("^", "%5E") + mark + query.replace("'", "%27")


def is_whole(exchange: Exchange) -> bool:
    """Whether an answer holds the whole body of its address; the browser's own players ask for each file, a
    playlist too, as the range of all its bytes, so that such an answer is one of parts by its status (206)."""
    return exchange.truncated is None and (exchange.status == 200 or is_all(exchange))


def is_all(exchange: Exchange) -> bool:
    """Whether an answer 206 holds the whole of what it is a part of."""
    size = exchange.body.size
    said = (exchange.header("content-range") or "").strip(), exchange.header("content-length")
    return exchange.status == 206 and said == (f"bytes 0-{size - 1}/{size}", str(size))


def came_whole(exchanges: Sequence[Exchange]) -> set[str]:
    """The addresses of which the whole body has come, as one answer."""
    return {e.url for e in exchanges if is_whole(e)}


def reached(urls: Iterable[str], exchanges: Sequence[Exchange]) -> list[str]:
    """Those of the addresses that came whole, or led to one that did."""
    whole, led = came_whole(exchanges), moved(exchanges)
    return [url for url in urls if not whole.isdisjoint(way(url, led))]


def moved(exchanges: Iterable[Exchange]) -> dict[str, str]:
    """Where addresses led to."""
    told = ((e.url, e.header("location")) for e in exchanges if e.status and 300 <= e.status < 400)
    return {url: address_of(url, location) for url, location in told if location}


def way(url: str, moved: Mapping[str, str]) -> Iterator[str]:
    """An address, and those that it led to."""
    for _ in range(MOST_HOPS):
        yield url
        url = moved.get(url, "")
        if not url:
            return
