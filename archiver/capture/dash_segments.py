"""How a representation of DASH is cut into segments, and their addresses. Nothing is asked here."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from xml.etree.ElementTree import Element

from msgspec import Struct

from archiver.capture.arrived import address_of

KINDS = ("SegmentBase", "SegmentList", "SegmentTemplate")
LONGEST_NUMBER = 20
"""Digits of a number that is taken at its word, and of one that is filled up with zeros."""
_FIELD = re.compile(r"\$(?:(RepresentationID|Number|Bandwidth|Time)(?:%0(\d{1,4})d)?)?\$")
_WHOLE = re.compile(rf"-?\d{{1,{LONGEST_NUMBER}}}", re.ASCII)


class Cut(Struct, frozen=True):
    """The segment element in force for a representation, with what it inherits from those above it.

    `kind` is one of `KINDS`, or empty where there is none; `children` are the elements inside.
    """

    kind: str = ""
    said: dict[str, str] = {}
    children: tuple[Element, ...] = ()


class Share(Struct, frozen=True, kw_only=True):
    """A representation in one period: what its addresses are made of, and how long it is.

    `length` is that of the period in seconds, None where nothing tells; `window` are the first and
    the last second (of the period's own time) that a live stream has now.
    """

    base: str
    fields: dict[str, str]
    length: Fraction | None = None
    window: tuple[Fraction, Fraction] | None = None


def named(element: Element, *names: str) -> list[Element]:
    """The children of these names, of whatever namespace."""
    return [child for child in element if local(child) in names]


def local(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def number(text: str | None, unsaid: int = 0) -> int:
    """A whole number; `unsaid` where the text is none, or a longer one than any clock needs."""
    return int(text) if text and _WHOLE.fullmatch(text) else unsaid


def inherited(levels: Sequence[Element]) -> Cut:
    """The cut that holds for the last of the levels: period, adaptation set, representation.

    The innermost element says of which kind it is; those of the same kind further out say what it leaves open.
    """
    found = [child for level in levels for child in named(level, *KINDS)]
    if not found:
        return Cut()
    kind = local(found[-1])
    said: dict[str, str] = {}
    children: dict[str, list[Element]] = {}
    for element in (each for each in found if local(each) == kind):
        said.update(element.attrib)
        inside: dict[str, list[Element]] = {}
        for child in element:
            inside.setdefault(local(child), []).append(child)
        children.update(inside)
    return Cut(kind, said, tuple(child for group in children.values() for child in group))


def addresses(cut: Cut, share: Share) -> Iterator[str]:
    """The addresses of the representation's pieces in order, some perhaps twice, empty where one is none
    of the web. Without end where the manifest says so."""
    if cut.kind == "SegmentTemplate":
        yield from _templated(cut, share)
    elif cut.kind == "SegmentList":
        yield from _beside(cut, share, "Initialization", "RepresentationIndex")
        for child in _children(cut, "SegmentURL"):
            yield address_of(share.base, child.get("media", ""))
    else:
        yield share.base
        yield from _beside(cut, share, "Initialization", "RepresentationIndex")


def _children(cut: Cut, *names: str) -> list[Element]:
    return [child for child in cut.children if local(child) in names]


def _beside(cut: Cut, share: Share, *names: str) -> Iterator[str]:
    """What stands in files of its own; without an address it is a part of the representation's."""
    for child in _children(cut, *names):
        yield address_of(share.base, child.get("sourceURL", "")) or share.base


def _templated(cut: Cut, share: Share) -> Iterator[str]:
    first, media = cut.said.get("initialization"), cut.said.get("media")
    if first:
        yield _filled(first, share, {})
    else:
        yield from _beside(cut, share, "Initialization")
    if media:
        for place, time in numbered(cut, share):
            yield _filled(media, share, {"Number": str(place), "Time": str(time)})


def _filled(template: str, share: Share, more: dict[str, str]) -> str:
    """`v/$RepresentationID$/$Number%05d$.m4s` with its fields filled in, as an address."""
    fields = share.fields | more

    def fill(match: re.Match[str]) -> str:
        name, width = match[1], min(int(match[2] or 0), LONGEST_NUMBER)
        if name is None:
            return "$"
        return fields[name].zfill(width) if name in fields else match[0]

    return address_of(share.base, _FIELD.sub(fill, template))


def numbered(cut: Cut, share: Share) -> Iterator[tuple[int, int]]:
    """Number and time (in units of the timescale) of each segment of a template."""
    timelines = _children(cut, "SegmentTimeline")
    last = number(cut.said.get("endNumber"), -1)
    if timelines:
        pairs = _in_timeline(cut, named(timelines[-1], "S"), share)
    elif number(cut.said.get("duration")) > 0:
        pairs = _even(cut, share)
    else:
        pairs = iter([(number(cut.said.get("startNumber"), 1), 0)])
    for place, time in pairs:
        if last >= 0 and place > last:
            return
        yield place, time


def untold(cut: Cut, share: Share) -> bool:
    """Whether the segments cannot be told: nothing says how many there are, or each comes in several pieces
    whose numbers stand in the media themselves."""
    if "$SubNumber" in cut.said.get("media", ""):
        return True
    even = cut.kind == "SegmentTemplate" and not _children(cut, "SegmentTimeline")
    bounded = share.length is not None or share.window is not None or "endNumber" in cut.said
    return even and "duration" in cut.said and not bounded


def _scale(cut: Cut) -> int:
    """Units of time in a second."""
    return max(number(cut.said.get("timescale"), 1), 1)


def _in_timeline(cut: Cut, entries: Sequence[Element], share: Share) -> Iterator[tuple[int, int]]:
    """The segments that a timeline lists: each entry says when, how long, and how often more."""
    place, time = number(cut.said.get("startNumber"), 1), 0
    for index, entry in enumerate(entries):
        place = number(entry.get("n"), place)
        time = number(entry.get("t"), time)
        lasts, more = number(entry.get("d")), number(entry.get("r"))
        if more < 0:
            following = entries[index + 1].get("t") if index + 1 < len(entries) else None
            until = number(following) if following else _end(cut, share)
            more = ceil(Fraction(until - time, lasts)) - 1 if lasts > 0 and until > time else 0
        for _ in range(more + 1):
            yield place, time
            place, time = place + 1, time + lasts


def _end(cut: Cut, share: Share) -> int:
    """Where the period ends, or a live stream is now, in units of the timescale; 0 where nothing tells."""
    ends = [share.length, share.window[1] if share.window else None]
    known = [end for end in ends if end is not None]
    if not known:
        return 0
    offset = number(cut.said.get("presentationTimeOffset"))
    return offset + ceil(min(known) * _scale(cut))


def _even(cut: Cut, share: Share) -> Iterator[tuple[int, int]]:
    """Segments of one length, as many as the period holds, or a live stream has by now."""
    units = number(cut.said.get("duration"))
    lasts = Fraction(units, _scale(cut))
    start, first = number(cut.said.get("startNumber"), 1), 0
    ends = [number(cut.said.get("endNumber")) - start + 1] if "endNumber" in cut.said else []
    if share.length is not None:
        ends.append(ceil(share.length / lasts))
    if share.window is not None:
        first = max(0, floor(share.window[0] / lasts))
        ends.append(floor(share.window[1] / lasts))
    for index in range(first, min(ends, default=0)):
        yield start + index, index * units
