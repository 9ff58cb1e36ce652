"""Addresses and media tokens that stand in plain text.

A line that is nothing but one address of a post is an embed (that is how editors place one), an
address inside a sentence is a link. `t.co` and `pic.twitter.com` slugs have ten characters (the oldest
are shorter), so that a slug glued to the next word is cut there; one cut off by an ellipsis leads nowhere.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from archiver.platforms import Recognised, recognise

ADDRESS = re.compile(r"https?://[^\s<>\"“”«»|\\^`{}\u200b-\u200f\u2026]{4,2000}", re.IGNORECASE)
BARE = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,10}/[^\s<>\"…]{1,500}")
CUT_OFF = re.compile(r"…|\.\.\.|\u2026")
SHORT = re.compile(
    r"https?://t\.co/(?P<slug>[A-Za-z0-9]{1,10}?(?=pic\.(?:twitter|x)\.com|https?:)|[A-Za-z0-9]{1,10})"
)
MEDIA = re.compile(
    r"(?:https?://)?pic\.(?P<site>twitter|x)\.com/(?P<slug>[A-Za-z0-9]{1,10}?(?=https?:)|[A-Za-z0-9]{1,10})"
)
TRAILING = ".,;:!?'’)]*_"


class Address(Struct, frozen=True, kw_only=True):
    """An address in a text: where, what it is, and whether it has its line to itself."""

    start: int
    end: int
    seen: str
    known: Recognised
    alone: bool


def addresses(text: str) -> Iterator[Address]:
    """Every address of a known platform, from left to right."""
    for match in ADDRESS.finditer(text):
        yield from _known(text, match.start(), match[0].rstrip(TRAILING), "")
    for match in BARE.finditer(text):
        if text[match.start() - 1 : match.start()] in ("", "\n", " ") and _alone(
            text, *match.span()
        ):
            yield from _known(text, match.start(), match[0].rstrip(TRAILING), "https://")


def _known(text: str, start: int, seen: str, scheme: str) -> Iterator[Address]:
    next_one = re.search("https?://", seen[8:])
    seen = (
        seen[: 8 + next_one.start()]
        if next_one and "?" not in seen[: 8 + next_one.start()]
        else seen
    )
    known = recognise(scheme + seen)
    end = start + len(seen)
    if known and known.platform and not CUT_OFF.match(text, end):
        yield Address(start=start, end=end, seen=seen, known=known, alone=_alone(text, start, end))


def _alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands on the line of this stretch."""
    before = text[max(text.rfind("\n", 0, start) + 1, start - 4) : start]
    after = re.compile(r"[^\n]{0,4}").match(text, end)
    return not before.strip("<( \t\u200b\ufeff") and not (
        after and after[0].strip(">). \t\r\u200b")
    )


def short_urls(text: str, start: int, end: int) -> tuple[str, ...]:
    """The `https://t.co/SLUG` of a stretch, each once, without those cut off by an ellipsis."""
    found = (m for m in SHORT.finditer(text, start, end) if _whole(text, m))
    return tuple(dict.fromkeys(f"https://t.co/{m['slug']}" for m in found))


def media_tokens(text: str, start: int, end: int) -> tuple[str, ...]:
    """The `pic.twitter.com/SLUG` of a stretch, each once."""
    if text.find("pic.", start, end) < 0:
        return ()
    found = (m for m in MEDIA.finditer(text, start, end) if _whole(text, m))
    return tuple(dict.fromkeys(f"pic.{m['site']}.com/{m['slug']}" for m in found))


def _whole(text: str, match: re.Match[str]) -> bool:
    return len(match["slug"]) == 10 or not CUT_OFF.match(text, match.end())
