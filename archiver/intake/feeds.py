"""Feeds and sitemaps: RSS, Atom, JSON Feed, sitemaps.org; each entry leads to its article.

XML is read as a stream, and never with entities or external references: a feed that declares
entities is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape, unescape
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError, tostring

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from msgspec import Struct

from archiver.domain.document import Document
from archiver.errors import SeedError
from archiver.intake.material import Material, whole
from archiver.net.target import NoTarget, read_target

ENTRIES = frozenset({"item", "entry"})
"""The elements of a feed that are its entries."""
SITEMAPS = {"urlset": frozenset({"url"}), "sitemapindex": frozenset({"sitemap"})}
"""The same for a sitemap, by its root: in a feed a `url` is the picture of its channel, or of an item."""
WHOLE = ("encoded", "content")
"""The elements that hold an article, as against a summary of it: RSS content:encoded, Atom content."""
SUMMARY = ("description", "summary")
MEDIA = frozenset({"player", "content", "enclosure"})
"""What may stand beside the words of an entry and have the address of a player (Media RSS, RSS 2.0)."""
DATES = ("pubDate", "published", "updated", "date", "publication_date", "lastmod")
MOST_ENTRIES = 50000
"""What one sitemap may hold (sitemaps.org)."""


class Entry(Struct, frozen=True, kw_only=True):
    """One entry of a feed or sitemap: where its article is, and what the feed itself holds of it.

    `whole` says that this is meant to be all of the article and no summary; `nested` marks another
    sitemap. `number` counts from 1.
    """

    number: int
    url: str | None
    html: str = ""
    whole: bool = False
    title: str | None = None
    dated: str | None = None
    nested: bool = False

    def document(self, feed: Material) -> Document:
        """The entry's own content as a document, where its article cannot be had."""
        body = self.html.encode("utf-8", "replace")
        return Document(
            source=f"{feed.name}#{self.number}",
            kind="html",
            body=body,
            url=self.url,
            media_type="text/html",
            charset="utf-8",
            read_at=feed.read_at,
            dated=self.dated,
            title=self.title,
            exchanges=feed.exchanges,
        )


def xml_entries(feed: Material) -> Iterator[Entry]:
    """The entries of an RSS or Atom feed or a sitemap. Raises SeedError when it is broken at its start."""
    number = 0
    with feed.open() as stream:
        for element in _elements(stream):
            number += 1
            yield _entry(element, number, feed.url)
            element.clear()
            if number >= MOST_ENTRIES:
                return
    if number == 0:
        raise SeedError("this feed has no entries")


def _elements(stream: BinaryIO) -> Iterator[Element]:
    """The entries as they end; the first having been read, a break ends the feed instead of failing."""
    got = False
    names: frozenset[str] = frozenset()
    try:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=False):
            if event == "start":
                names = names or SITEMAPS.get(local(element), ENTRIES)
            elif local(element) in names:
                got = True
                yield element
    except DefusedXmlException as error:
        raise SeedError("this XML declares entities, which is not safe to read") from error
    except (ParseError, ValueError, LookupError) as error:
        if not got:
            raise SeedError(f"this XML is broken: {error}") from error


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _entry(element: Element, number: int, base: str | None) -> Entry:
    texts: dict[str, str] = {}
    for child in element.iter():
        if child is not element and (child.text or "").strip():
            texts.setdefault(local(child), (child.text or "").strip())
    whole = _markup(element, texts, WHOLE)
    return Entry(
        number=number,
        url=absolute(_link(element, texts), base),
        html=(whole or _markup(element, texts, SUMMARY)) + "".join(_media(element)),
        whole=bool(whole),
        title=texts.get("title"),
        dated=day_of(next((texts[name] for name in DATES if name in texts), "")),
        nested=local(element) == "sitemap",
    )


def _markup(element: Element, texts: Mapping[str, str], names: Sequence[str]) -> str:
    """The HTML in the first element of one of these names: escaped, or as XHTML; empty without a tag."""
    for name in names:
        for child in element:
            if local(child) == name and len(child):
                return _as_html(child)
        held = unescaped(texts.get(name, ""))
        if "<" in held:
            return held
    return ""


def _as_html(element: Element) -> str:
    """XHTML inside a feed as HTML text, its namespaces left out."""
    for inner in element.iter():
        inner.tag = local(inner)
    return "".join(tostring(child, encoding="unicode", method="html") for child in element)


def _media(element: Element) -> Iterator[str]:
    """The media elements of an entry that name an address, as they stand."""
    for child in element.iter():
        url = child.get("url", "")
        if local(child) in MEDIA and url.startswith(("http://", "https://")):
            name = local(child) if local(child) == "enclosure" else "media:" + local(child)
            yield f'<{name} url="{escape(url)}"></{name}>'


def unescaped(html: str) -> str:
    """HTML that was escaped once more than XML asks for, as many feeds have it."""
    return unescape(html) if "&lt;" in html and "<" not in html else html


def _link(element: Element, texts: dict[str, str]) -> str:
    for child in element:
        if (
            local(child) == "link"
            and child.get("href")
            and child.get("rel", "alternate") == "alternate"
        ):
            return str(child.get("href"))
    named = next((texts[name] for name in ("origLink", "link", "loc") if name in texts), "")
    return named or (texts.get("guid", "") if texts.get("guid", "").startswith("http") else "")


def absolute(link: object, base: str | None) -> str | None:
    """A link of a feed as a whole address; None when it is no web address."""
    try:
        return read_target(str(link), base).url if isinstance(link, str) and link else None
    except NoTarget:
        return None


def day_of(text: object) -> str | None:
    """`YYYY-MM-DD` where a date begins so; other forms are left to those who read the page."""
    found = re.match(r"\d{4}-\d{2}(-\d{2})?", text) if isinstance(text, str) else None
    return found[0] if found else None


def json_entries(feed: Material) -> Iterator[Entry]:
    """The items of a JSON Feed (jsonfeed.org, 1.0 and 1.1). Raises SeedError."""
    with feed.open() as stream:
        data = whole(stream)
    try:
        parsed: Any = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise SeedError(f"this JSON feed is broken: {error}") from error
    items = parsed.get("items") if isinstance(parsed, dict) else None
    if not isinstance(items, list):
        raise SeedError("this JSON feed has no items")
    for number, item in enumerate(items[:MOST_ENTRIES], 1):
        if isinstance(item, dict):
            html = item.get("content_html")
            title = item.get("title")
            yield Entry(
                number=number,
                url=absolute(item.get("url") or item.get("external_url"), feed.url),
                html=html if isinstance(html, str) else "",
                whole=isinstance(html, str) and "<" in html,
                title=title if isinstance(title, str) else None,
                dated=day_of(item.get("date_published")),
            )
