"""Playlists of HLS (RFC 8216): which addresses make up the best variant of a video, its sound and its subtitles.

Nothing is asked here.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from archiver.capture.arrived import address_of, came_whole, is_whole, moved, way
from archiver.domain.exchange import Exchange

TYPES = {
    "application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl",
}  # fmt: skip
FIRST = b"#EXTM3U"
LONGEST = 4 << 20
"""Bytes of a playlist that are read: a day in segments of four seconds is a tenth of it."""
MOST = 20_000
"""Addresses that are taken from one playlist: nearly a day in segments of four seconds."""
MOST_SUBTITLES = 8
"""Tracks of subtitles that are taken of one film: each may be in as many pieces as the film is."""
LONGEST_VALUE = 500
"""Characters of a variable, and of a line in which one is filled in."""

_VARIABLE = re.compile(r"\{\$([\w-]+)\}", re.ASCII)
_OTHER_SCHEME = re.compile(r"(?!https?:|data:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)')
ENDINGS = frozenset({"#EXT-X-ENDLIST", "#EXT-X-PLAYLIST-TYPE:VOD"})
_WITH_ADDRESS = ("#EXT-X-MAP:", "#EXT-X-KEY:", "#EXT-X-SESSION-KEY:")


class Variant(Struct, frozen=True):
    """A variant stream: its playlist's address, bits a second, and its groups of sound tracks and of subtitles."""

    url: str
    bandwidth: int
    audio: str
    subtitles: str


class Rendition(Struct, frozen=True):
    """A track beside a variant: its group, its playlist's address (empty where it is in the variant itself), and
    whether players take it where nobody chooses."""

    group: str
    url: str
    default: bool


class Chosen(Struct, frozen=True):
    """What is kept of a master playlist: the addresses of playlists, and how many sounds and subtitles beside
    them are left out."""

    urls: tuple[str, ...] = ()
    other_sounds: int = 0
    other_subtitles: int = 0


class Playlist(Struct, frozen=True):
    """A playlist: `variants`, `sounds` and `subtitles` if it is a master playlist, else `parts`, the addresses
    of segments, initialisation sections and keys, each once. `ended`: no more segments will be added;
    `protected`: its keys are given to players with a licence only (DRM); `cut`: it names more than was looked
    at. `defined` are the variables that it gives to the playlists it names."""

    url: str
    variants: tuple[Variant, ...] = ()
    sounds: tuple[Rendition, ...] = ()
    subtitles: tuple[Rendition, ...] = ()
    parts: tuple[str, ...] = ()
    ended: bool = True
    protected: bool = False
    cut: bool = False
    defined: dict[str, str] = {}

    def best(self, refused: Collection[str] = ()) -> Chosen:
        """Of a master playlist the playlist of the most bits a second, that of its sound, and those of its
        subtitles; one that is `refused` only where all are."""
        if not self.variants:
            return Chosen()
        offered = [v for v in self.variants if v.url not in refused] or self.variants
        best = max(offered, key=lambda variant: variant.bandwidth)
        sounds = _of_group(self.sounds, best.audio)
        sound = [s for s in sounds if s.url not in refused][:1] or sounds[:1]
        subtitles = _of_group(self.subtitles, best.subtitles)
        kept = (*sound, *subtitles[:MOST_SUBTITLES])
        return Chosen(
            urls=(best.url, *(track.url for track in kept)),
            other_sounds=len(sounds) - len(sound),
            other_subtitles=len(subtitles[MOST_SUBTITLES:]),
        )


def _of_group(tracks: Sequence[Rendition], group: str) -> list[Rendition]:
    """The tracks of a group that have a playlist, those first that players take by themselves."""
    found = [track for track in tracks if track.group == group and track.url]
    return sorted(found, key=lambda track: not track.default)


def playlists(exchanges: Iterable[Exchange]) -> tuple[Playlist, ...]:
    """The playlists among what was received whole, the latest of each address, in order."""
    found = {e.url: e for e in exchanges if may_be(e)}
    known: list[Playlist] = []
    defined: dict[str, str] = {}
    for url, e in found.items():
        data = e.body.read()
        if data.lstrip(b"\xef\xbb\xbf").startswith(FIRST):
            known.append(parsed(url, data, defined))
            defined |= known[-1].defined
    return tuple(known)


def may_be(exchange: Exchange) -> bool:
    """Whether an answer is called a playlist, by its address or its type."""
    named = exchange.url.partition("?")[0].lower().endswith((".m3u8", ".m3u"))
    small = is_whole(exchange) and exchange.body.size <= LONGEST
    return small and (named or exchange.media_type in TYPES)


def parsed(url: str, data: bytes, outer: Mapping[str, str] = {}) -> Playlist:
    """What the playlist at `url` names, up to so many addresses; they are whole, and http or https ones only.

    `outer` are the variables of the playlists that may name it.
    """
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
    variants, parts, keys = [], [], []
    beside: dict[str, list[Rendition]] = {"AUDIO": [], "SUBTITLES": []}
    stream: dict[str, str] | None = None
    named = 0
    defined: dict[str, str] = {}
    for line in (_filled(line, defined) for line in lines):
        said = _attributes(line)
        if line.startswith("#EXT-X-DEFINE:"):
            defined |= _defined(said, url, outer)
        elif line.startswith("#EXT-X-STREAM-INF:"):
            stream = said
        elif line.startswith("#EXT-X-MEDIA:") and said.get("TYPE") in beside:
            beside[said["TYPE"]].append(_rendition(url, said))
        elif line.startswith(_WITH_ADDRESS):
            parts.append(address_of(url, said.get("URI", "")))
            keys += [_open(said)] if said.get("METHOD", "NONE") != "NONE" else []
        elif line and not line.startswith("#"):
            if stream is None:
                parts.append(address_of(url, line))
            else:
                variants.append(_variant(address_of(url, line), stream))
            stream = None
        named = len(parts) + len(variants) + sum(map(len, beside.values()))
        if named > MOST:
            break
    return Playlist(
        url=url,
        variants=tuple(variant for variant in variants if variant.url),
        sounds=tuple(beside["AUDIO"]),
        subtitles=tuple(beside["SUBTITLES"]),
        parts=tuple(dict.fromkeys(filter(None, parts))),
        ended=bool(variants) or not ENDINGS.isdisjoint(lines),
        protected=bool(keys) and not any(keys),
        cut=named > MOST,
        defined=defined,
    )


def _defined(said: Mapping[str, str], url: str, outer: Mapping[str, str]) -> dict[str, str]:
    """The variable that a line defines: by its value, by the address of the playlist, or by an outer playlist."""
    if "NAME" in said:
        name, value = said["NAME"], said.get("VALUE")
    elif "QUERYPARAM" in said:
        name = said["QUERYPARAM"]
        value = dict(parse_qsl(urlsplit(url).query)).get(name)
    else:
        name = said.get("IMPORT", "")
        value = outer.get(name)
    return {name: value} if name and value is not None and len(value) <= LONGEST_VALUE else {}


def _filled(line: str, defined: Mapping[str, str]) -> str:
    """A line with the variables in it replaced; those that are not defined stand as they are."""
    if not defined or len(line) > LONGEST_VALUE or "{$" not in line:
        return line
    return _VARIABLE.sub(lambda match: defined.get(match[1], match[0]), line)


def _open(said: Mapping[str, str]) -> bool:
    """Whether any player is given the key that a line names, without a licence."""
    plain = said.get("KEYFORMAT", "identity") == "identity"
    return plain and not _OTHER_SCHEME.match(said.get("URI", ""))


def _attributes(line: str) -> dict[str, str]:
    """`#EXT-X-MAP:URI="a.mp4",BYTERANGE="9@0"` → the attributes without their quotes."""
    if not line.startswith("#EXT-X-"):
        return {}
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(line.partition(":")[2])}


def _variant(url: str, said: dict[str, str]) -> Variant:
    bits = said.get("BANDWIDTH", "")
    bandwidth = int(bits) if bits.isascii() and bits.isdigit() and len(bits) < 16 else 0
    return Variant(url, bandwidth, said.get("AUDIO", ""), said.get("SUBTITLES", ""))


def _rendition(url: str, said: dict[str, str]) -> Rendition:
    address = address_of(url, said.get("URI", ""))
    return Rendition(said.get("GROUP-ID", ""), address, said.get("DEFAULT") == "YES")


def missing(
    exchanges: Sequence[Exchange], have: frozenset[str], lost: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """What must still be asked for to have the best variant of each stream whole, as far as is known.

    `have` are the addresses that need not be asked for, `lost` those that no server answered. A playlist that a
    master playlist names is completed only if it is the best of those that are given; one that stands alone is.
    """
    wanted = (
        url for each, kept in _completed(exchanges, lost) for url in (*kept.urls, *each.parts)
    )
    return tuple(dict.fromkeys(url for url in wanted if url not in have))


def remarks(exchanges: Sequence[Exchange], lost: frozenset[str]) -> Iterator[str]:
    """What is to be said of playlists that were completed, in words; `lost` are addresses that no server answered."""
    for each, chosen in _completed(exchanges, lost):
        if chosen.other_sounds:
            yield f"of a stream's sound one track is kept, and {chosen.other_sounds} more are offered: {each.url}"
        if chosen.other_subtitles:
            yield f"of a stream {chosen.other_subtitles} tracks of subtitles were not asked for: {each.url}"
        if each.parts and not each.ended:
            yield f"a stream that had not ended, kept as far as this named it then: {each.url}"
        if each.parts and each.protected:
            yield f"a stream encrypted for players with a licence (DRM), kept as it came: {each.url}"
        if each.cut:
            yield f"of a playlist only the first {MOST} pieces were looked at: {each.url}"


def _completed(
    exchanges: Sequence[Exchange], lost: frozenset[str]
) -> list[tuple[Playlist, Chosen]]:
    """The playlists of which all pieces are wanted, each with what is kept of those that it names."""
    led = moved(exchanges)
    refused = _refused(exchanges, lost, led)
    known = [(each, each.best(refused)) for each in playlists(exchanges)]
    masters = [each for each, _ in known if each.variants]
    variants = (variant.url for each in masters for variant in each.variants)
    tracks = (track.url for each in masters for track in (*each.sounds, *each.subtitles))
    named = {place for url in (*variants, *tracks) for place in way(url, led)}
    best = {place for _, chosen in known for url in chosen.urls for place in way(url, led)}
    return [
        (each, chosen)
        for each, chosen in known
        if each.variants or each.url in best or each.url not in named
    ]


def _refused(
    exchanges: Sequence[Exchange], lost: frozenset[str], led: Mapping[str, str]
) -> frozenset[str]:
    """The addresses that gave nothing whole, or led to such; `led` is where addresses led to."""
    failed = ({e.url for e in exchanges} | lost) - came_whole(exchanges) - led.keys()
    return frozenset(failed | {url for url in led if failed.intersection(way(url, led))})
