"""An answer taken apart: its JSON values, alone or inside a page, and its page as a tree."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from archiver.domain.capture import Snapshot
from archiver.domain.exchange import Exchange
from archiver.net.decode import decoded

MOST_BYTES = 24_000_000
MOST_HTML = 8_000_000
MOST_OBJECTS = 200_000
SPARED = re.compile(r"^\s*(?:\)\]\}'|for\s*\(;;\);|while\s*\(1\);)\s*")
ASSIGNED = re.compile(
    r"(?:\b(?:var|let|const)\s+|window(?:\.|\[[\"'])|^|[;\s])([A-Za-z_]\w{2,40})[\"'\]]{0,2}\s{0,3}=\s{0,3}(?=\{)"
)
TAG = re.compile(r"<(/)?(?!(?:p|li|dt|dd|tr|t[dh]|option|img|br|meta|link|input|hr|wbr)\b)[a-zA-Z]")
DEEPEST = 1000
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]{3,20})", re.IGNORECASE)


class Answer(Struct, frozen=True):
    """A body that may hold metadata: where it came from, its media type, its text."""

    url: str
    media_type: str
    text: str

    @property
    def asked(self) -> str:
        """The address that the answer is of."""
        return re.sub(r"^urn:(?:dom|document):", "", self.url)


class Json(Struct, frozen=True):
    """A JSON value, and the place in the answer where it begins."""

    value: Any
    path: str


def answer_of(exchange: Exchange) -> Answer | None:
    """The answer in an exchange; None when it holds neither JSON nor a page."""
    kind = exchange.media_type
    readable = "json" in kind or "html" in kind or kind in {"", "text/plain", "text/javascript"}
    if not readable or exchange.status == 0 or not 0 < exchange.body.size <= MOST_BYTES:
        return None
    body = decoded(exchange, MOST_BYTES)
    return Answer(exchange.url, kind, body.decode(charset_of(exchange, body), "replace"))


def charset_of(exchange: Exchange, body: bytes) -> str:
    """The character set of an answer: as its header says, else as its own beginning does; else UTF-8."""
    said = CHARSET.search(exchange.header("content-type") or "")
    found = said or CHARSET.search(body[:2048].decode("ascii", "replace"))
    try:
        return codecs.lookup(found[1]).name if found else "utf-8"
    except LookupError:
        return "utf-8"


def answer_in(snapshot: Snapshot) -> Answer | None:
    """The page as it was drawn; None for the other snapshots."""
    if snapshot.role != "dom" or snapshot.body.size > MOST_BYTES:
        return None
    return Answer(snapshot.urn, "text/html", snapshot.body.read().decode("utf-8", "replace"))


def page_in(answer: Answer) -> LexborHTMLParser | None:
    """The answer as a tree; None when it is no page. Cut where it is nested as no real page is."""
    text = answer.text[:MOST_HTML]
    if "json" in answer.media_type or "<" not in text[:4000]:
        return None
    depth = 0
    for tag in TAG.finditer(text):
        depth += -1 if tag[1] else 1
        if depth > DEEPEST:
            text = text[: tag.start()]
            break
    return LexborHTMLParser(text.encode("utf-8", "replace"))


def values_in(answer: Answer, page: LexborHTMLParser | None) -> Iterator[Json]:
    """Every JSON value of the answer: the body itself, or what the page's scripts hold."""
    if page is None:
        yield from (
            Json(value, "$") for value in _read(SPARED.sub("", answer.text.lstrip("\ufeff")))
        )
        return
    for number, script in enumerate(page.css("script"), 1):
        text = script.text() or ""
        if "json" in (script.attributes.get("type") or ""):
            yield from (
                Json(value, f"{_name(script.attributes, number)} $") for value in _read(text)
            )
            continue
        for found in ASSIGNED.finditer(text):
            for value in _read(text[found.end() :]):
                yield Json(value, f"script {found[1]} $")


def objects_in(start: Json) -> Iterator[Json]:
    """Every object in a JSON value, JSON in strings included, in order, each with its path."""
    todo, seen = [start], 0
    while todo and seen < MOST_OBJECTS:
        here = todo.pop()
        seen += 1
        value = here.value
        if isinstance(value, dict):
            yield here
            inner = [Json(v, f"{here.path}.{k}") for k, v in value.items() if _holds(v)]
        elif isinstance(value, list):
            inner = [Json(v, f"{here.path}[{n}]") for n, v in enumerate(value) if _holds(v)]
        else:
            inner = [Json(v, f"{here.path} $") for v in _read(_unquoted(value))]
        todo.extend(reversed(inner))


def _holds(value: object) -> bool:
    if isinstance(value, str):
        return len(value) > 20 and value.lstrip()[:1] in {"{", "["} or value[:3] == "%7B"
    return isinstance(value, dict | list)


def _unquoted(text: str) -> str:
    return unquote(text) if text[:3] == "%7B" else text


def _read(text: str) -> Iterator[Any]:
    """The JSON value at the beginning of a text; nothing when there is none."""
    text = text.lstrip()
    if text[:1] in {"{", "["}:
        try:
            yield json.JSONDecoder().raw_decode(text)[0]
        except (ValueError, RecursionError):
            return


def _name(attributes: dict[str, str | None], number: int) -> str:
    """A selector of a script: by its id, or by its place among the scripts."""
    known = attributes.get("id")
    return f"script#{known}" if known else f"script:nth({number})"
