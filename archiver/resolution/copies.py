"""Other copies of an article: canonical page, AMP, feed, API, web archive. They often still hold the
embed code that the copy at hand has lost, and with it the post's address (embed-formats B4, 6).
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urljoin, urlsplit

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from archiver.domain.document import Document, DocumentKind
from archiver.domain.embed import Embed
from archiver.domain.exchange import Exchange
from archiver.net.decode import decoded
from archiver.platforms import posted_at
from archiver.platforms.searches import search_of
from archiver.resolution.asking import MOST_BYTES, Asking
from archiver.resolution.candidates import Sighting, own_tokens, shown_day
from archiver.resolution.follow import short
from archiver.resolution.memento import WAYBACK, nearest
from archiver.resolution.search import MOST_CANDIDATES, looked_into
from archiver.resolution.wayback import archived_at

Find = Callable[[Document], tuple[Embed, ...]]
"""Finds the embeds of a document (the extraction stage, handed in by the pipeline)."""

HEAD = 200_000
LINKS = (
    ("canonical page", "link[rel~=canonical]"),
    ("AMP page", "link[rel~=amphtml]"),
    ("API", "link[rel~=alternate][type='application/json']"),
    ("feed", "link[rel~=alternate][type='application/rss+xml'], link[rel~=alternate][type='application/atom+xml']"),
)  # fmt: skip
ENTRY = re.compile(r"<(item|entry)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
MOST_COPIES = 5


class Copy(Struct, frozen=True):
    """Where another copy of an article may stand: what it is, and its address."""

    kind: str
    url: str


def copies_named(document: Document) -> tuple[Copy, ...]:
    """The copies that an article's own markup names, in the order in which they are tried."""
    if document.kind != "html":
        return ()
    tree = LexborHTMLParser(document.body[:HEAD])
    found: dict[str, Copy] = {}
    for kind, selector in LINKS:
        for node in tree.css(selector)[:2]:
            url = urljoin(document.url or "", (node.attributes.get("href") or "").strip())
            if urlsplit(url).scheme in {"http", "https"} and url != document.url:
                found.setdefault(url, Copy(kind, url))
    return tuple(found.values())[:MOST_COPIES]


def in_copies(
    embed: Embed,
    asking: Asking,
    url: str | None,
    copies: tuple[Copy, ...],
    find: Find,
    gates: Sequence[str] = (WAYBACK,),
) -> Iterator[Sighting]:
    """The posts that other copies of the article show, copy by copy; each request is kept.

    `url` is the article's address. Of archived copies (`gates` are TimeGates) the one nearest to the
    post's day is taken, archive by archive.
    """
    for copy in copies:
        answer = asking.ask(copy.url, follow=3)
        if answer is not None and answer.status == 200:
            yield from _shown(embed, asking, answer, copy, url, find)
        elif answer is not None:
            asking.note(f"{copy.kind} {short(copy.url)}: HTTP {answer.status}")
    address = url or next((copy.url for copy in copies if copy.kind == "canonical page"), None)
    if address is None or asking.over:
        return
    day = shown_day(embed)
    near = datetime.combine(day + timedelta(days=1), time(), UTC) if day else datetime.now(UTC)
    for gate in gates:
        kept, _ = nearest(asking, gate, address, near)
        when = archived_at(kept) if kept is not None else None
        if kept is None or kept.status != 200 or when is None:
            host = urlsplit(gate).hostname
            asking.note(f"{host} gave no archived copy of the article {short(address)}")
            continue
        copy = Copy(f"archived copy of {when:%Y-%m-%d}", address)
        yield from _shown(embed, asking, kept, copy, address, find)


def _shown(
    embed: Embed, asking: Asking, answer: Exchange, copy: Copy, url: str | None, find: Find
) -> Iterator[Sighting]:
    found = [
        _sighting(other, copy)
        for document in _documents(answer, copy, url)
        for other in find(document)
        if other.ref is not None and other.platform == embed.platform
    ]
    plural = "post" if len(found) == 1 else "posts"
    asking.note(f"{copy.kind} {short(copy.url)}: {len(found)} {plural} of {embed.platform}")
    for number, sighting in enumerate(found):
        yield _informed(sighting, embed, asking) if number < MOST_CANDIDATES else sighting


def _informed(sighting: Sighting, embed: Embed, asking: Asking) -> Sighting:
    """What the platform says of a post of which the copy holds the id alone, as AMP pages do."""
    search = search_of(embed.platform)
    if (sighting.author and sighting.text) or search is None or not search.tells:
        return sighting
    seen = next(iter(looked_into(sighting.ref, None, embed, asking, search)))
    if not seen.text:
        return sighting
    found_by = f"{sighting.found_by}, {seen.found_by}"
    tokens = sighting.tokens | seen.tokens
    return replace(seen, found_by=found_by, same_place=True, tokens=tokens)


def _documents(answer: Exchange, copy: Copy, url: str | None) -> Iterator[Document]:
    body = decoded(answer, MOST_BYTES)
    kind: DocumentKind = "json" if "json" in answer.media_type else "html"
    if copy.kind == "feed":
        body, kind = _entry(body, url), "html"
    if body:
        yield Document(
            source=answer.url, kind=kind, body=body, url=copy.url, media_type=answer.media_type
        )


def _entry(feed: bytes, url: str | None) -> bytes:
    """The article's own entry in a feed, its markup freed from escapes; empty when it has none."""
    path = urlsplit(url or "").path.rstrip("/")
    for entry in ENTRY.finditer(feed.decode("utf-8", "replace")):
        text = entry[0].replace("<![CDATA[", "").replace("]]>", "")
        if path and path in text:
            return html.unescape(text).encode()
    return b""


def _sighting(other: Embed, copy: Copy) -> Sighting:
    assert other.ref is not None
    return Sighting(
        ref=other.ref,
        found_by=copy.kind,
        weight=0.98,
        author=other.handle,
        text=other.text,
        at=other.posted_at or posted_at(other.ref),
        tokens=own_tokens(other),
        same_place=True,
    )
