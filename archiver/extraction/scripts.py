"""Inline scripts: JSON in them, calls that draw posts, markup in their strings. Nothing is executed."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from archiver.extraction.encoded import markup_in, unescaped
from archiver.extraction.flight import chunks, pushes, rows
from archiver.extraction.gate import may_hold
from archiver.extraction.page import Attributes, Page
from archiver.extraction.payload import Reader, read_json_text, read_value
from archiver.extraction.plausible import STRONG_IDS, plausible
from archiver.extraction.prefilter import FLIGHT, PARSED
from archiver.platforms import PLATFORMS

TRIES = 60
"""How many places of one script are tried as the beginning of JSON."""

WINDOW = 4096
"""Characters in which the end of a JSON value is looked for at first."""

_TEMPLATES = ("text/template", "text/html", "text/x-", "text/plain", "text/ng-", "x-tmpl", "html")
_JSON_AT = re.compile(r"[=(,:]\s{0,4}(?=[{\[]\s{0,40}[\"{\[\]}])")
_PARSED = re.compile(r"JSON\.parse\(\s*(\"[^\"\\]*+(?:\\.[^\"\\]*+)*\"|'[^'\\]*+(?:\\.[^'\\]*+)*')")
_PACKED = re.compile(r"[\"']((?:ey|W3)[A-Za-z0-9+/]{100,}={0,2})[\"']")
_PACKED_STARTS = ('"ey', "'ey", '"W3', "'W3")
_MARKUP = re.compile(r"<(?:iframe|blockquote|amp-[a-z]+|oembed|object|embed|lite-youtube)\b", re.I)
_ESCAPED = re.compile(r"(?:\\u003[cC]|\\x3[cC]|&lt;)(?:iframe|blockquote|amp-|script|object)", re.I)
_KEYED = re.compile(r"url['\"]?\s{0,3}[:=]\s{0,3}['\"](?=h|//|\\/)")
_URL_KEYS = ("embed", "embed_", "oembed", "oembed_", "tweet", "tweet_")
_HELD = re.compile(r"[^\s\"']{8,800}")
_IDS = re.compile(r"id['\"]?\s{0,3}[:=]\s{0,3}['\"](?=[\w/:.-]{5,60}['\"])")
_ID_HELD = re.compile(r"[\w/:.-]{5,60}")
_BACK = max(map(len, STRONG_IDS))
_CALLS = tuple(
    (call, p.name, re.compile(call.pattern, re.S), call.word)
    for p in PLATFORMS
    for call in p.calls
    if call.role == "embed"
)
_LONE_CALL = re.compile(
    r"\s*[\w$.]{2,80}\(\s*[\"'](?P<to>(?:https?:)?(?:\\?/){2}[^\"'\s]{8,1500})[\"'][^;{}]{0,400}\)\s*;?\s*"
)
_TO = r"\s{0,4}[\"'](?P<NAME>(?:https?:)?(?:\\?/){2}[^\"'\s]{8,800})[\"']"
_PLAYED = re.compile(
    r"(?:embedSWF|SWFObject)\("
    + _TO.replace("NAME", "to")
    + r"|jwplayer\([^()]{0,80}\)\s{0,4}\.setup\(\s{0,40}\{"
    r".{0,800}?\bfile[\"']?\s{0,4}:" + _TO.replace("NAME", "file"),
    re.S,
)
"""Players that scripts put in the place of an element, with what they play."""
_DECODER = json.JSONDecoder()


def read_script(text: str, attrs: Attributes, page: Page, reader: Reader) -> None:
    """Note what an inline script holds, by its type."""
    kind = (attrs.get("type") or "").lower()
    template = kind.startswith(_TEMPLATES) and not _looks_like_script(text)
    flight = FLIGHT in page.marks and FLIGHT in text
    holds = page.holds or may_hold
    read = template or flight or not page.gated or holds(text.encode("utf-8", "replace"))
    if not read:
        return
    name = "script" + (f"#{attrs['id']}" if attrs.get("id") else "")
    with page.inside(name, len(text), loose=True) as allowed:
        if not allowed:
            return
        if "json" in kind and read_json_text(text.strip(), page, reader):
            return
        if template:
            reader(markup_in(text), page)
            return
        _read_code(text, page, reader)


def _looks_like_script(text: str) -> bool:
    return text.lstrip()[:1] not in {"<", "&", "P", "J", "C"}


def _read_code(text: str, page: Page, reader: Reader) -> None:
    if FLIGHT in page.marks and FLIGHT in text:
        page.flight.extend(chunks(pushes(text)))
        return
    _read_calls(text, page)
    _read_lone_call(text, page)
    for match in _PLAYED.finditer(text) if "SWF" in text or "jwplayer" in text else ():
        address = match["to"] or match["file"]
        page.see(address.replace("\\/", "/"), "{}.script-player", sure=0.75)
    rest: list[str] = []
    end = 0
    parsed = _parsed_strings(text) if PARSED in page.marks and PARSED in text else ()
    packed = _packed_strings(text) if any(start in text for start in _PACKED_STARTS) else ()
    for begin, stop, value in (*json_in(text), *parsed, *packed):
        rest.append(text[end:begin])
        end = max(end, stop)
        read_value(value, page, reader)
    rest.append(text[end:])
    _read_rest("\n".join(rest), page, reader)


def read_flight(page: Page, reader: Reader) -> None:
    """Read the joined chunks of a React flight payload: rows of `number:JSON`, or of text."""
    whole = "".join(page.flight)
    page.flight.clear()
    with page.inside("script __next_f", len(whole), loose=True) as allowed:
        if not allowed:
            return
        for row in rows(whole):
            if len(row) > 20 and not (row[0] in "[{" and read_json_text(row.strip(), page, reader)):
                _read_rest(row, page, reader)


def json_in(text: str) -> Iterator[tuple[int, int, Any]]:
    """The objects and arrays of strict JSON in a script, with their places."""
    at = tries = 0
    while tries < TRIES:
        match = _JSON_AT.search(text, at)
        if match is None:
            break
        tries += 1
        try:
            value, at = _decoded(text, match.end())
        except json.JSONDecodeError as error:
            at = match.end() + error.pos
        except (RecursionError, ValueError):
            at = match.end() + 100_000
        else:
            if value:
                yield match.end(), at, value


def _decoded(text: str, begin: int) -> tuple[Any, int]:
    """The JSON value that begins at a place, and where it ends; an error's place counts from there.

    Most tries fail in the first few characters, but an error costs as much as all the text before it is
    long. So a try has only a window of the text at first, and the rest of it when the value may go on behind that.
    """
    try:
        value, end = _DECODER.raw_decode(text[begin : begin + WINDOW])
    except json.JSONDecodeError as error:
        cut = error.pos > WINDOW - 16 or error.msg.startswith("Unterminated")
        if not cut or begin + WINDOW >= len(text):
            raise
        value, end = _DECODER.raw_decode(text[begin:])
    return value, begin + end


def _parsed_strings(text: str) -> Iterator[tuple[int, int, Any]]:
    """The JSON in the strings that a script gives to `JSON.parse`."""
    for match in _PARSED.finditer(text):
        try:
            yield match.start(), match.end(), json.loads(unescaped(match[1][1:-1]))
        except (ValueError, RecursionError):
            continue


def _packed_strings(text: str) -> Iterator[tuple[int, int, Any]]:
    """The JSON in the strings of a script that are base 64."""
    for match in _PACKED.finditer(text):
        try:
            yield match.start(), match.end(), json.loads(b64decode(match[1]))
        except (ValueError, RecursionError):
            continue


def _read_rest(text: str, page: Page, reader: Reader) -> None:
    """What is not JSON: keys with addresses and ids, markup in strings."""
    lower = text.lower()
    if len(lower) == len(text):
        _read_keys(text, lower, page)
    if not ("iframe" in lower or "blockquote" in lower or "embed" in lower or "amp-" in lower):
        return
    if _ESCAPED.search(text):
        text = markup_in(unescaped(text)) if "&lt;" in text else unescaped(text)
    found = _MARKUP.search(text)
    if found:
        with page.inside("string", len(text) - found.start()) as allowed:
            if allowed:
                reader(unescaped(text[found.start() :]), page)


def _read_keys(text: str, lower: str, page: Page) -> None:
    """Keys of object literals that hold an address or an id whatever the object is."""
    for match in _KEYED.finditer(lower):
        if lower[max(0, match.start() - 8) : match.start()].endswith(_URL_KEYS):
            held = _HELD.match(text, match.end())
            if held:
                page.see(held[0].replace("\\/", "/"), "{}.script-address", sure=0.7)
    for match in _IDS.finditer(lower):
        before = lower[max(0, match.start() - _BACK) : match.start() + 2]
        key = next((key for key in STRONG_IDS if before.endswith(key)), None)
        held = _ID_HELD.match(text, match.end())
        if key and held and plausible(STRONG_IDS[key], held[0]):
            page.know(STRONG_IDS[key], held[0], "{}.script-id", sure=0.7)


def _read_calls(text: str, page: Page) -> None:
    for call, platform, pattern, word in _CALLS:
        for match in pattern.finditer(text) if word in page.marks and word in text else ():
            _called(call.rule, call.id, platform, match, page)


def _read_lone_call(text: str, page: Page) -> None:
    """A script that is one call with a player's address: it draws the player where it stands."""
    found = _LONE_CALL.fullmatch(text) if len(text) < WINDOW else None
    if found:
        page.see(found["to"].replace("\\/", "/"), "{}.script-call", sure=0.7)


def _called(rule: str, template: str, platform: str, match: re.Match[str], page: Page) -> None:
    groups = match.groupdict()
    if groups.get("to"):
        page.see(groups["to"], rule, sure=0.85)
    else:
        page.know(platform, template.format_map(groups), rule, sure=0.9)
