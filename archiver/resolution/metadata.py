"""Metadata read from what platforms answered, by the tables in `platforms/readings`.

An answer can tell of many posts (a feed, a thread, a quoted post): each one becomes a PostMetadata of
its own, with its identity where the answer names it. Nothing is fetched here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from archiver.domain.capture import RECEIVED, Capture
from archiver.domain.exchange import Exchange
from archiver.domain.metadata import Medium, PostMetadata, Related, Told
from archiver.domain.post import Post, PostRef
from archiver.platforms import by_name, make_ref, recognise
from archiver.platforms.readings import READINGS, Reading
from archiver.resolution.answers import (
    Answer,
    Json,
    answer_in,
    answer_of,
    objects_in,
    page_in,
    values_in,
)
from archiver.resolution.places import Spot, choices, look, scalar
from archiver.resolution.plain import plain_value

MOST_POSTS = 2000
NOTHING: Mapping[str, str] = MappingProxyType({})
LISTS = frozenset({"labels", "edits"})


class Read(Struct, frozen=True):
    """A post read from an answer; `asked` says that only the address asked for names it."""

    post: PostMetadata
    asked: bool


def posts_in(exchange: Exchange, platform: str) -> tuple[PostMetadata, ...]:
    """Every post of a platform that an exchange tells of, in the order in which they stand there."""
    answer = answer_of(exchange)
    return tuple(read.post for read in read_answer(answer, platform)) if answer else ()


def read_answer(answer: Answer, platform: str) -> Iterator[Read]:
    """Every post that an answer tells of; one that several rows know comes out once for each."""
    rows = _rows(platform)
    page = page_in(answer)
    count = 0
    for value in values_in(answer, page):
        for spot in objects_in(value):
            for reading in rows:
                if _fits(reading, spot.value, answer.url) and count < MOST_POSTS:
                    count += 1
                    yield from _read(reading, Spot(spot.value, spot.path), answer, platform)
    if page is None or page.root is None:
        return
    for reading in rows:
        if reading.card and re.search(reading.at, answer.asked):
            for number, node in enumerate(page.css(_in_root(reading.card))[:MOST_POSTS], 1):
                path = "" if ":root" in reading.card else f"{reading.card} ({number}):"
                yield from _read(reading, Spot(node, path), answer, platform)


def _in_root(card: str) -> str:
    return card.replace(":root", "html")


@lru_cache(maxsize=128)
def _rows(platform: str) -> tuple[Reading, ...]:
    return tuple(reading for reading in READINGS if reading.platform in {"", platform})


@lru_cache(maxsize=1024)
def _condition(text: str) -> tuple[str, re.Pattern[str] | None]:
    place, _, pattern = text.partition("=")
    return place, re.compile(pattern, re.DOTALL) if pattern else None


def _fits(reading: Reading, value: dict[str, Any], url: str) -> bool:
    if not reading.having or any(key in value for key in reading.lacking):
        return False
    for text in reading.having:
        place, pattern = _condition(text)
        first = choices(place)[0].partition(".")[0]
        if first not in value and " | " not in place:
            return False
        found = scalar(Spot(value, ""), place) if pattern else None
        if pattern and not (found and pattern.fullmatch(str(found.value))):
            return False
        if not pattern and not look(Spot(value, ""), place):
            return False
    return re.search(reading.at, url) is not None


def _read(reading: Reading, spot: Spot, answer: Answer, platform: str) -> Iterator[Read]:
    """The post of one object or card; nothing where it says nothing."""
    ref, asked = _identity(reading, spot, answer, platform)
    fields: dict[str, Any] = {}
    counts: dict[str, Told] = {}
    for name, place in reading.told:
        if name in LISTS:
            fields[name] = (*fields.get(name, ()), *_tellings(name, spot, place, answer))
            continue
        told = next(_tellings(name, spot, place, answer), None)
        if told is not None and name.startswith("counts."):
            counts[name.partition(".")[2]] = told
        elif told is not None:
            fields[name] = told
    media = tuple(_media(reading, spot, answer))
    related = tuple(_related(reading, spot, answer, platform))
    if fields or counts:
        post = PostMetadata(
            ref=ref, counts=counts, media=media, related=related, readings=(reading.name,), **fields
        )
        yield Read(post, asked)


def _tellings(name: str, spot: Spot, place: str, answer: Answer) -> Iterator[Told]:
    places = (place,) if name in LISTS or name == "variants" else choices(place)
    for one in places:
        for found in look(spot, one):
            value = scalar(Spot(found.value, ""), "") if found.value is not None else None
            plain = plain_value(name, value.value) if value else None
            if plain is not None:
                yield Told(plain, answer.url, found.path)


def _identity(
    reading: Reading, spot: Spot, answer: Answer, platform: str
) -> tuple[PostRef | None, bool]:
    """The post that an object or a card is about, and whether only the address asked for says so."""
    for source in reading.post:
        kind, _, place = source.partition(":")
        if kind == "asked":
            known = recognise(answer.asked)
            if known and known.ref and known.ref.platform == platform:
                return known.ref, True
            continue
        found = scalar(spot, place)
        beside = _beside(spot.value)
        ref = (
            identified(str(found.value), kind, reading, answer, platform, beside) if found else None
        )
        if ref is not None:
            return ref, False
    return None, True


def _beside(value: object) -> dict[str, str]:
    """The plain values of an object, by their keys: of some platforms an id has two parts."""
    found = value.items() if isinstance(value, dict) else ()
    return {k: str(v) for k, v in found if isinstance(v, str | int) and k != "host"}


def identified(
    text: str,
    kind: str,
    reading: Reading,
    answer: Answer,
    platform: str,
    beside: Mapping[str, str] = NOTHING,
) -> PostRef | None:
    """The reference of an id or of an address, if a post of the platform can have it."""
    if kind == "id":
        host = urlsplit(answer.asked).hostname or ""
        names = {**beside, "host": host} if "_" in reading.shape else {"host": host}
        try:
            return make_ref(platform, reading.shape.format(text, **names))
        except KeyError:  # the part beside it is missing
            return None
    whole = text if "://" in text[:12] else urljoin(_base(answer, platform), text)
    known = recognise(whole)
    return known.ref if known and known.ref and known.ref.platform == platform else None


def _base(answer: Answer, platform: str) -> str:
    """What a relative address is relative to: the page, or the platform where that is another's copy."""
    known, site = recognise(answer.asked), by_name(platform)
    if (known and known.platform == platform) or site is None or not site.hosts:
        return answer.asked
    return f"https://{site.hosts[0]}/"


def _media(reading: Reading, spot: Spot, answer: Answer) -> Iterator[Medium]:
    for found in look(spot, reading.media) if reading.media else ():
        each = Spot(found.value, found.path)
        fields: dict[str, Any] = {}
        for name, place in reading.medium:
            told = tuple(_tellings(name, each, place, answer))
            if name == "variants":
                fields[name] = (*fields.get(name, ()), *told)
            elif told:
                fields[name] = told[0]
        if fields.get("url") or fields.get("preview") or fields.get("variants"):
            yield Medium(**fields)


def _related(reading: Reading, spot: Spot, answer: Answer, platform: str) -> Iterator[Related]:
    for relation, place in reading.related:
        for choice in choices(place):
            found = next(iter(look(spot, choice)), None)
            other = _other(relation, found, reading, answer, platform) if found else None
            if other is not None:
                yield other
                break


def _other(
    relation: Any,  # noqa: ANN401 - one of the words of `Relation`
    found: Any,  # noqa: ANN401 - a Found
    reading: Reading,
    answer: Answer,
    platform: str,
) -> Related | None:
    if isinstance(found.value, dict):
        inner = _inner(Json(found.value, found.path), answer, platform)
        if inner is None or inner.ref is None:
            return None
        told = Told(inner.ref.id, answer.url, found.path)
        return Related(
            relation=relation, told=told, ref=inner.ref, author=inner.author_handle, text=inner.text
        )
    value = scalar(Spot(found.value, found.path), "")
    if value is None:
        return None
    text = str(value.value)
    kind = "url" if "/" in text else "id"
    ref = identified(text, kind, reading, answer, platform)
    return Related(relation=relation, told=Told(text, answer.url, found.path), ref=ref)


def _inner(start: Json, answer: Answer, platform: str) -> PostMetadata | None:
    """The post that an inner object is, itself or in a wrapper around it."""
    for spot in objects_in(start):
        for reading in _rows(platform):
            if reading.platform and _fits(reading, spot.value, answer.url):
                alone = replace(reading, related=())
                here = Spot(spot.value, spot.path)
                return next((r.post for r in _read(alone, here, answer, platform)), None)
    return None


def metadata_of(
    post: Post, capture: Capture, more: Iterable[PostMetadata] = ()
) -> PostMetadata | None:
    """All that a capture's answers tell of its post, the surest place first; None when nothing does.

    `more` is what was read of the post in other ways: it fills what is left open.
    """
    shown = capture.outcome.status in RECEIVED
    answers = (answer_of(exchange) for exchange in capture.exchanges)
    drawn = (answer_in(snapshot) for snapshot in capture.snapshots)
    found: list[PostMetadata] = []
    for answer in (*answers, *drawn):
        for read in read_answer(answer, post.ref.platform) if answer else ():
            if same_post(read.post.ref, post.ref) and (shown or not read.asked):
                found.append(read.post)
    return merged(post.ref, (*found, *more))


def same_post(one: PostRef | None, other: PostRef) -> bool:
    """Whether two references name one post; of a Bluesky post the author may be a handle or a DID."""
    if one is None or one.platform != other.platform:
        return False
    keys = one.id.rpartition("/")[2], other.id.rpartition("/")[2]
    return one.id == other.id or (other.platform == "bluesky" and keys[0] == keys[1])


def merged(ref: PostRef, found: Iterable[PostMetadata]) -> PostMetadata | None:
    """One statement from several, each value from the reading that stands first in the table."""
    order = {reading.name: place for place, reading in enumerate(READINGS)}
    ranked = sorted(found, key=lambda post: order.get(post.readings[0], len(order)))
    if not ranked:
        return None
    fields: dict[str, Any] = {
        name: next((getattr(p, name) for p in ranked if getattr(p, name)), None)
        for name in ("author_name", "author_handle", "author_id", "title", "text", "language",
                     "posted_at", "edited_at")
    }  # fmt: skip
    counts = {name: told for post in reversed(ranked) for name, told in post.counts.items()}
    lists: dict[str, Any] = {
        name: next((getattr(p, name) for p in ranked if getattr(p, name)), ())
        for name in ("media", "related", "labels", "edits")
    }
    names = tuple(dict.fromkeys(name for post in ranked for name in post.readings))
    return PostMetadata(ref=ref, counts=counts, readings=names, **fields, **lists)
