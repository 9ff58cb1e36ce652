"""Playlists of HLS (RFC 8216): which addresses make up the best variant of a video. Nothing is asked here."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urljoin

from msgspec import Struct

from archiver.domain.exchange import Exchange
from archiver.net.target import NoTarget, read_target

TYPES = {
    "application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl",
}  # fmt: skip
FIRST = b"#EXTM3U"
LONGEST = 4 << 20
"""Bytes of a playlist that are read: a day in segments of four seconds is a tenth of it."""

PLAIN = re.compile(
    r"(?!.*/\.)https?://[a-z0-9.-]+(?::[1-9]\d{3,4})?/[\w.~:/?@!$&()*+,;=%-]*", re.ASCII
)
"""An address in which there is nothing for a browser to write differently."""

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)')
ENDINGS = frozenset({"#EXT-X-ENDLIST", "#EXT-X-PLAYLIST-TYPE:VOD"})
_WITH_ADDRESS = ("#EXT-X-MAP:", "#EXT-X-KEY:", "#EXT-X-SESSION-KEY:")


class Variant(Struct, frozen=True):
    """A variant stream: its playlist's address, bits a second, and its group of sound tracks."""

    url: str
    bandwidth: int
    audio: str


class Playlist(Struct, frozen=True):
    """A playlist: `variants` and `sounds` (group, address, whether it is the default) if it is a master
    playlist, else `parts`, the addresses of segments, initialisation sections and keys, each once. `ended`: no
    more segments will be added."""

    url: str
    variants: tuple[Variant, ...] = ()
    sounds: tuple[tuple[str, str, bool], ...] = ()
    parts: tuple[str, ...] = ()
    ended: bool = True

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
    found = {e.url: e for e in exchanges if may_be(e)}
    read = ((e.url, e.body.read()) for e in found.values())
    return tuple(
        parsed(url, data) for url, data in read if data.lstrip(b"\xef\xbb\xbf").startswith(FIRST)
    )


def may_be(exchange: Exchange) -> bool:
    """Whether an answer is called a playlist, by its address or its type."""
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
            address = address_of(url, said.get("URI", ""))
            sounds.append((said.get("GROUP-ID", ""), address, said.get("DEFAULT") == "YES"))
        elif line.startswith(_WITH_ADDRESS):
            parts.append(address_of(url, said.get("URI", "")))
        elif line and not line.startswith("#"):
            if stream is None:
                parts.append(address_of(url, line))
            else:
                variants.append(_variant(address_of(url, line), stream))
            stream = None
    return Playlist(
        url=url,
        variants=tuple(variant for variant in variants if variant.url),
        sounds=tuple(sounds),
        parts=tuple(dict.fromkeys(filter(None, parts))),
        ended=bool(variants) or not ENDINGS.isdisjoint(lines),
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


def missing(exchanges: Sequence[Exchange], have: frozenset[str]) -> tuple[str, ...]:
    """What must still be asked for to have the best variant of each stream whole, as far as is known.

    `have` are the addresses that need not be asked for. A playlist that a master playlist names is
    completed only if it is the best; one that stands alone is.
    """
    wanted = (
        url for each in _completed(playlists(exchanges)) for url in (*each.best(), *each.parts)
    )
    return tuple(dict.fromkeys(url for url in wanted if url not in have))


def unended(exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    """The addresses of playlists that were completed and do not say that their stream has ended."""
    known = _completed(playlists(exchanges))
    return tuple(each.url for each in known if each.parts and not each.ended)


def _completed(known: Sequence[Playlist]) -> list[Playlist]:
    named = {variant.url for master in known for variant in master.variants}
    named |= {sound[1] for master in known for sound in master.sounds}
    best = {url for master in known for url in master.best()}
    return [each for each in known if each.variants or each.url in best or each.url not in named]
