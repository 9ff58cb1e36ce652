"""Playlists of HLS (RFC 8216): which addresses make up the best variant of a video. Nothing is asked here."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urljoin

from msgspec import Struct

from archiver.domain.exchange import Exchange

TYPES = {
    "application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl",
}  # fmt: skip
FIRST = b"#EXTM3U"
LONGEST = 4 << 20
"""Bytes of a playlist that are read: a day in segments of four seconds is a tenth of it."""

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)')
_WITH_ADDRESS = ("#EXT-X-MAP:", "#EXT-X-KEY:", "#EXT-X-SESSION-KEY:")


class Variant(Struct, frozen=True):
    """A variant stream: its playlist's address, bits a second, and its group of sound tracks."""

    url: str
    bandwidth: int
    audio: str


class Playlist(Struct, frozen=True):
    """A playlist: `variants` and `sounds` (group, address, whether it is the default) if it is a master
    playlist, else `parts`, the addresses of segments, initialisation sections and keys, each once."""

    url: str
    variants: tuple[Variant, ...] = ()
    sounds: tuple[tuple[str, str, bool], ...] = ()
    parts: tuple[str, ...] = ()

    def best(self) -> tuple[str, ...]:
        """Of a master playlist the playlist of the most bits a second, and that of its sound."""
        if not self.variants:
            return ()
        chosen = max(self.variants, key=lambda variant: variant.bandwidth)
        sounds = [s for s in self.sounds if s[0] == chosen.audio and s[1]]
        sound = next((s for s in sounds if s[2]), sounds[0] if sounds else None)
        return (chosen.url, *((sound[1],) if sound else ()))


def playlists(exchanges: Iterable[Exchange]) -> tuple[Playlist, ...]:
    """The playlists among what was received whole, the latest of each address, in order."""
    found = {e.url: e for e in exchanges if _may_be(e)}
    read = ((e.url, e.body.read()) for e in found.values())
    return tuple(
        parsed(url, data) for url, data in read if data.lstrip(b"\xef\xbb\xbf").startswith(FIRST)
    )


def _may_be(exchange: Exchange) -> bool:
    named = exchange.url.partition("?")[0].lower().endswith((".m3u8", ".m3u"))
    small = exchange.status == 200 and exchange.body.size <= LONGEST
    return small and exchange.truncated is None and (named or exchange.media_type in TYPES)


def parsed(url: str, data: bytes) -> Playlist:
    """What the playlist at `url` names; addresses are whole, and http or https ones only."""
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
    variants, sounds, parts = [], [], []
    stream: dict[str, str] | None = None
    for line in lines:
        said = _attributes(line)
        if line.startswith("#EXT-X-STREAM-INF:"):
            stream = said
        elif line.startswith("#EXT-X-MEDIA:") and said.get("TYPE") == "AUDIO":
            address = _whole(url, said.get("URI", ""))
            sounds.append((said.get("GROUP-ID", ""), address, said.get("DEFAULT") == "YES"))
        elif line.startswith(_WITH_ADDRESS):
            parts.append(_whole(url, said.get("URI", "")))
        elif line and not line.startswith("#"):
            if stream is None:
                parts.append(_whole(url, line))
            else:
                variants.append(_variant(_whole(url, line), stream))
            stream = None
    return Playlist(
        url=url,
        variants=tuple(variant for variant in variants if variant.url),
        sounds=tuple(sounds),
        parts=tuple(dict.fromkeys(filter(None, parts))),
    )


def _attributes(line: str) -> dict[str, str]:
    """`#EXT-X-MAP:URI="a.mp4",BYTERANGE="9@0"` → the attributes without their quotes."""
    if not line.startswith("#EXT-X-"):
        return {}
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(line.partition(":")[2])}


def _variant(url: str, said: dict[str, str]) -> Variant:
    bits = said.get("BANDWIDTH", "")
    bandwidth = int(bits) if bits.isascii() and bits.isdigit() and len(bits) < 16 else 0
    return Variant(url, bandwidth, said.get("AUDIO", ""))


def _whole(base: str, address: str) -> str:
    """The address seen from the playlist, without fragment; empty where it is none of the web."""
    try:
        found = urljoin(base, address).partition("#")[0] if address else ""
    except ValueError:
        return ""
    return found if found.lower().startswith(("http://", "https://")) else ""


def missing(exchanges: Sequence[Exchange], have: frozenset[str]) -> tuple[str, ...]:
    """What must still be asked for to have the best variant of each stream whole, as far as is known.

    `have` are the addresses that need not be asked for. A playlist that a master playlist names is
    completed only if it is the best; one that stands alone is.
    """
    known = playlists(exchanges)
    named = {variant.url for master in known for variant in master.variants}
    named |= {sound[1] for master in known for sound in master.sounds}
    best = {url for master in known for url in master.best()}
    return tuple(dict.fromkeys(url for url in _wanted(known, named, best) if url not in have))


def _wanted(known: Sequence[Playlist], named: set[str], best: set[str]) -> Iterator[str]:
    for playlist in known:
        yield from playlist.best()
        if playlist.url in best or playlist.url not in named:
            yield from playlist.parts
