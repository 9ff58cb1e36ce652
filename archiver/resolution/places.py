"""Places in answers, as the rows of the readings write them: looked up, with the exact path found."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from archiver.domain.metadata import Scalar

INNER = re.compile(r"\s*>>\s*")
CHOICE = re.compile(r"\s+\|(?:\s+|$)|^\|\s+")
MOST_FOUND = 200
MOST_TEXT = 100_000


class Found(Struct, frozen=True):
    """A value at a place, with the path that leads to it."""

    value: Any
    path: str


class Spot(Struct, frozen=True):
    """Where to look from: a JSON value or a node of a page, and its own path."""

    value: Any
    path: str


@lru_cache(maxsize=4096)
def choices(place: str) -> tuple[str, ...]:
    """The alternatives of a place, best first; one may be empty and stands for the spot itself."""
    return tuple(part.strip() for part in CHOICE.split(place))


def look(spot: Spot, place: str) -> tuple[Found, ...]:
    """What stands at the first alternative that holds anything."""
    for choice in choices(place):
        found = tuple(f for f, _ in zip(_at(spot, choice), range(MOST_FOUND), strict=False))
        if found:
            return found
    return ()


def scalar(spot: Spot, place: str) -> Found | None:
    """The first plain value at a place that is not empty."""
    for choice in choices(place):
        for found in _at(spot, choice):
            plain = _plain(found.value)
            if plain is not None:
                return Found(plain, found.path)
    return None


def _plain(value: object) -> Scalar | None:
    if isinstance(value, LexborNode):
        value = words_of(value)
    if isinstance(value, str):
        value = value.strip()[:MOST_TEXT] or None
    return value if isinstance(value, bool | int | float | str) else None


def _at(spot: Spot, place: str) -> Iterator[Found]:
    if isinstance(spot.value, LexborNode):
        yield from _in_page(spot, place)
        return
    first, *inner = INNER.split(place, maxsplit=1)
    keys = first.split(".") if first else []
    for found in _walk(spot.value, keys, spot.path):
        if not inner:
            yield found
        elif isinstance(found.value, str):
            yield from _in_markup(found, inner[0].strip())


def _walk(value: Any, keys: list[str], path: str) -> Iterator[Found]:  # noqa: ANN401 - JSON
    if not keys:
        if value not in (None, "", [], {}):
            yield Found(value, path)
        return
    key, rest = keys[0], keys[1:]
    if key == "*" and isinstance(value, list):
        for number, one in enumerate(value):
            yield from _walk(one, rest, f"{path}[{number}]")
    elif key == "*" and isinstance(value, dict):
        for name, one in value.items():
            yield from _walk(one, rest, f"{path}.{name}")
    elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
        yield from _walk(value[int(key)], rest, f"{path}[{key}]")
    elif isinstance(value, dict) and key in value:
        yield from _walk(value[key], rest, f"{path}.{key}")


def _in_markup(found: Found, place: str) -> Iterator[Found]:
    """A place in HTML that is a JSON value; an empty place is all its text."""
    body = LexborHTMLParser(found.value[:MOST_TEXT]).body
    if body is not None:
        yield from _in_page(Spot(body, f"{found.path} >>"), place)


def _in_page(spot: Spot, place: str) -> Iterator[Found]:
    selector, _, attribute = place.partition("@")
    nodes = [spot.value] if not selector else _select(spot.value, selector)
    for node in nodes:
        path = f"{spot.path} {place}".strip() if place else spot.path
        if not attribute:
            yield Found(node, path)
        elif value := node.attributes.get(attribute):
            yield Found(value, path)


def _select(node: LexborNode, selector: str) -> list[LexborNode]:
    try:
        return node.css(selector)[:MOST_FOUND]
    except SelectolaxError:
        return []


def words_of(node: LexborNode) -> str:
    """The text of an element as a reader sees it: line breaks kept, small pictures by their names."""
    parts: list[str] = []
    for piece in node.traverse(include_text=True):
        if piece.tag == "-text":
            if piece.parent is None or piece.parent.tag not in {"script", "style", "noscript"}:
                parts.append(piece.text(deep=False) or "")
        elif piece.tag == "br" or (piece.tag in {"p", "div", "li"} and parts):
            parts.append("\n")
        elif piece.tag == "img":
            alt = piece.attributes.get("alt") or ""
            parts.append(alt if len(alt) <= 8 else "")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
