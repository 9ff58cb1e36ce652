"""The tracks of DASH that are kept: the best picture, its main sound, and the subtitles. Nothing is asked here."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from msgspec import Struct

from archiver.capture.dash_segments import named, number

SIDESHOWS = ("trickmode", "thumbnail")
"""What makes a set of pictures one for looking through, in the address of its essential property."""
WORDS = frozenset({"application/ttml+xml", "application/x-subrip"})
"""Media types of subtitles that do not begin with `text`."""
CODED = ("stpp", "wvtt")
"""What subtitles are called that come in MP4."""


class Track(Struct, frozen=True):
    """A representation with the adaptation set it stands in: `kind` is `video`, `audio`, `text` or other."""

    kind: str
    group: Element
    element: Element

    def said(self, name: str) -> str:
        """An attribute of the representation, or of its set where it has none."""
        return self.element.get(name) or self.group.get(name) or ""

    def worth(self) -> tuple[int, int]:
        """Its points a picture and its bits a second."""
        points = number(self.said("width")) * number(self.said("height"))
        return points, number(self.element.get("bandwidth"))

    @property
    def protected(self) -> bool:
        """Whether it is encrypted for players with a licence."""
        return bool(
            named(self.group, "ContentProtection") or named(self.element, "ContentProtection")
        )


def tracks_of(period: Element) -> Iterator[Track]:
    """The tracks of a period, but for those that are for looking through a film."""
    for group in named(period, "AdaptationSet"):
        if not _aside(group):
            for element in named(group, "Representation"):
                yield Track(_kind(group, element), group, element)


def best(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """The picture with the most points and bits, and the main sound in the most bits."""
    pictures = _main([track for track in tracks if track.kind == "video"])
    sounds = _main([track for track in tracks if track.kind == "audio"])
    sounds = [track for track in sounds if track.group is _first(sounds).group]
    return tuple(max(kind, key=Track.worth) for kind in (pictures, sounds) if kind)


def subtitles(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """The first of each set of subtitles: they differ in form, not in what they say."""
    found = {id(t.group): t for t in reversed(tracks) if t.kind == "text"}
    return tuple(reversed(found.values()))


def _kind(group: Element, element: Element) -> str:
    form = element.get("mimeType") or group.get("mimeType") or ""
    coded = element.get("codecs") or group.get("codecs") or ""
    if form in WORDS or coded.startswith(CODED):
        return "text"
    said = group.get("contentType") or form
    parts = {part.get("contentType", "") for part in named(group, "ContentComponent")}
    mixed = "video" if "video" in parts else next(iter(sorted(parts)), "")
    return said.partition("/")[0].lower() or mixed


def _aside(group: Element) -> bool:
    """Whether a set is one for looking through a film, not for looking at it."""
    marks = named(group, "EssentialProperty")
    return any(word in mark.get("schemeIdUri", "") for mark in marks for word in SIDESHOWS)


def _main(tracks: list[Track]) -> list[Track]:
    """Those whose set has the main role, where any has."""
    roles = ({role.get("value") for role in named(track.group, "Role")} for track in tracks)
    main = [track for track, said in zip(tracks, roles, strict=True) if "main" in said]
    return main or tracks


def _first(sounds: Sequence[Track]) -> Track:
    """The sound that the manifest would have chosen first, else the one it names first."""
    return max(sounds, key=lambda track: number(track.group.get("selectionPriority"), 1))


def other_languages(tracks: Sequence[Track], chosen: Sequence[Track]) -> int:
    """In how many languages there is sound of which nothing was chosen."""
    kept = {track.said("lang") for track in chosen if track.kind == "audio"}
    return len({track.said("lang") for track in tracks if track.kind == "audio"} - kept)
