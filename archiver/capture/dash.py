"""Manifests of DASH (ISO/IEC 23009-1): which addresses make up the best picture and sound, and the subtitles.

Nothing is asked here.

A manifest is XML from a stranger: one that declares a document type is refused, and with it every entity.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from fractions import Fraction
from functools import cached_property
from itertools import islice
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from msgspec import Struct

from archiver.capture.arrived import address_of, is_whole
from archiver.capture.dash_segments import Share, addresses, inherited, named, untold
from archiver.capture.dash_segments import local as name_of
from archiver.capture.dash_tracks import Track, best, other_languages, subtitles, tracks_of
from archiver.capture.playlists import LONGEST, MOST_SUBTITLES
from archiver.domain.exchange import Exchange

TYPES = frozenset({"application/dash+xml"})
MOST = 20_000
"""Pieces that are taken from the manifests of a page: a day of picture and sound in segments of nine seconds."""
REACH = Fraction(60)
"""Seconds back from now that are taken of a live stream that does not say how far back it goes."""
XLINK = "{http://www.w3.org/1999/xlink}href"
NOTHING = "urn:mpeg:dash:resolve-to-zero:2013"
"""What stands where a part that is to be had elsewhere has been taken away."""

DEEP = 16
"""Folders inside each other that are looked at."""

_SLASH = re.compile(r"(?<=[^:/])/")
_LASTING = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12}(?:\.\d{1,12})?)\d*S)?)?",
    re.ASCII,
)
_SECONDS = (31_536_000, 2_592_000, 86_400, 3600, 60, 1)


class Presentation(Struct, frozen=True, kw_only=True):
    """A manifest: `parts`, the addresses of its best picture and sound, period after period, each once.

    `live`: it does not name all that will be; `protected`: what it names is encrypted for players with
    a licence (DRM). `open` says in words what it leaves open.
    """

    url: str
    parts: tuple[str, ...] = ()
    live: bool = False
    protected: bool = False
    open: tuple[str, ...] = ()


class Period(Struct, frozen=True):
    """A period: its start and length in seconds, None where nothing tells."""

    element: Element
    start: Fraction | None
    length: Fraction | None


def presentations(
    exchanges: Iterable[Exchange], have: Collection[str] = ()
) -> tuple[Presentation, ...]:
    """The manifests among what was received whole, the latest of each address, in order.

    `have` are addresses that were seen: of servers that hold the same, the one in use is taken. Together
    they name no more than so many pieces as are looked at.
    """
    left, read = MOST, []
    for e in {e.url: e for e in exchanges if may_be(e)}.values():
        if (found := parsed(e.url, e.body.read(), _answered(e), have, left)) is not None:
            left -= len(found.parts)
            read.append(found)
    return tuple(read)


def unreadable(exchanges: Iterable[Exchange]) -> tuple[str, ...]:
    """The addresses of what was given as a manifest and is none that we read."""
    given = {e.url: e for e in exchanges if may_be(e) and e.media_type in TYPES}
    return tuple(url for url, e in given.items() if _root(e.body.read()) is None)


def may_be(exchange: Exchange) -> bool:
    """Whether an answer is called a manifest, by its address or its type."""
    place = exchange.url.partition("?")[0].lower()
    small = is_whole(exchange) and exchange.body.size <= LONGEST
    return small and (exchange.media_type in TYPES or place.endswith(".mpd"))


def _answered(exchange: Exchange) -> datetime:
    """When the manifest was given, by the clock of its server, which made it; else by ours."""
    try:
        told = parsedate_to_datetime(exchange.header("date") or "")
    except (ValueError, OverflowError):
        return exchange.started_at
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def missing(exchanges: Sequence[Exchange], have: frozenset[str]) -> tuple[str, ...]:
    """What must still be asked for to have the best picture and sound of each manifest whole.

    `have` are the addresses that need not be asked for.
    """
    known = presentations(exchanges, have)
    wanted = (url for presentation in known for url in presentation.parts)
    return tuple(dict.fromkeys(url for url in wanted if url not in have))


def parsed(
    url: str, data: bytes, now: datetime, have: Collection[str] = (), most: int = MOST
) -> Presentation | None:
    """What the manifest at `url`, given at `now`, names, at most so many pieces; addresses are whole, and http or
    https ones only.

    None for what is no manifest of DASH at all.
    """
    root = _root(data)
    return None if root is None else _Reading(url, root, now, have).presentation(most)


def _root(data: bytes) -> Element | None:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        return None
    return root if name_of(root) == "MPD" else None


def _folder(url: str) -> str:
    place = url.partition("?")[0]
    return place[: place.rfind("/") + 1]


class _Reading:
    """One manifest being read."""

    def __init__(self, url: str, root: Element, now: datetime, have: Collection[str]) -> None:
        self.url = url
        self.root = root
        self.have = have
        self.live = root.get("type") == "dynamic"
        self.now = _since(root.get("availabilityStartTime"), now) if self.live else None
        self.protected = False
        self.open: dict[str, None] = {}

    def presentation(self, most: int) -> Presentation:
        found = list(islice(self._parts(), most + 1))
        if any(element.get(XLINK, NOTHING) != NOTHING for element in self.root.iter()):
            self.open["a part of it stands elsewhere, and was not looked for"] = None
        if len(found) > most:
            self.open[f"it names more than the {most} pieces that were looked at"] = None
        return Presentation(
            url=self.url,
            parts=tuple(dict.fromkeys(filter(None, found[:most]))),
            live=self.live,
            protected=self.protected,
            open=tuple(self.open),
        )

    def _parts(self) -> Iterator[str]:
        base = self._based(self.url, self.root)
        for period in _periods(self.root):
            inner = self._based(base, period.element)
            for track in self._chosen(period.element):
                self.protected |= track.protected
                yield from self._track(inner, period, track)

    def _chosen(self, period: Element) -> tuple[Track, ...]:
        """The tracks that are kept; which sounds and subtitles are not is left open."""
        tracks = tuple(tracks_of(period))
        main, words = best(tracks), subtitles(tracks)
        if more := other_languages(tracks, main):
            self.open[f"the sound is kept in one language, and is offered in {more} more"] = None
        if more := len(words[MOST_SUBTITLES:]):
            self.open[f"{more} tracks of subtitles were not asked for"] = None
        return (*main, *words[:MOST_SUBTITLES])

    def _track(self, base: str, period: Period, track: Track) -> Iterator[str]:
        levels = (period.element, track.group, track.element)
        outer = self._based(base, track.group)
        share = Share(
            base=self._based(outer, track.element),
            fields={
                "RepresentationID": track.element.get("id", ""),
                "Bandwidth": track.element.get("bandwidth", ""),
            },
            length=period.length,
            window=self._window(period),
        )
        cut = inherited(levels)
        if untold(cut, share) or (not cut.kind and share.base == base):
            self.open["the pieces of a track cannot be told from it"] = None
            return
        yield from addresses(cut, share)

    def _based(self, base: str, element: Element) -> str:
        """The address that those inside an element start from: of several, the one that was used already."""
        told = (address_of(base, (each.text or "").strip()) for each in named(element, "BaseURL"))
        offered = [url for url in told if url]
        if len(offered) < 2:
            return offered[0] if offered else base
        return next((url for url in offered if _folder(url) in self._used), offered[0])

    @cached_property
    def _used(self) -> frozenset[str]:
        """The folders that something other than the manifest came out of, with those above them."""
        places = (seen.partition("?")[0] for seen in self.have if seen != self.url)
        return frozenset(
            place[: mark.end()] for place in places for mark in islice(_SLASH.finditer(place), DEEP)
        )

    def _window(self, period: Period) -> tuple[Fraction, Fraction] | None:
        """What a live stream has now, in seconds of the period; None for what is not live."""
        if self.now is None or period.start is None:
            return None
        depth = lasting(self.root.get("timeShiftBufferDepth"))
        until = self.now - period.start
        return until - (REACH if depth is None else depth), until


def _since(start: str | None, now: datetime) -> Fraction:
    """Seconds from the start of a live stream; 1970 is the start where none is named."""
    try:
        began = datetime.fromisoformat(start or "1970-01-01T00:00:00Z")
    except ValueError:
        began = datetime(1970, 1, 1, tzinfo=UTC)
    began = began if began.tzinfo else began.replace(tzinfo=UTC)
    return Fraction(str((now - began).total_seconds()))


def lasting(text: str | None) -> Fraction | None:
    """`PT1H2M3.5S` → seconds; None for what is no duration."""
    match = _LASTING.fullmatch(text or "")
    if match is None or not any(match.groups()):
        return None
    return sum(
        (
            Fraction(part) * unit
            for part, unit in zip(match.groups(), _SECONDS, strict=True)
            if part
        ),
        Fraction(0),
    )


def _periods(root: Element) -> Iterator[Period]:
    """The periods in order: each begins where it says, or where the one before it ends."""
    elements = named(root, "Period")
    starts = [lasting(element.get("start")) for element in elements]
    whole = lasting(root.get("mediaPresentationDuration"))
    at: Fraction | None = Fraction(0)
    for index, element in enumerate(elements):
        start = starts[index] if starts[index] is not None else at
        last = index + 1 == len(elements)
        end = whole if last else starts[index + 1]
        length = end - start if end is not None and start is not None else None
        if length is None or length < 0:
            length = lasting(element.get("duration"))
        yield Period(element, start, length)
        at = start + length if start is not None and length is not None else None
