"""Redirects that are pages: where a meta refresh, a script, or a warning page wants to go.

Link shorteners answer browsers with such pages instead of a Location header (recorded for t.co:
`<noscript><META http-equiv="refresh" content="0;URL=…">` and `location.replace("…")`).
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser

from archiver.net.target import NoTarget, read_target

REFRESH = re.compile(r"[\d.]*+\s*+[;,]?\s*+url\s*+=\s*+[\"']?([^\"']+)[\"']?", re.IGNORECASE)
SCRIPT = re.compile(
    r"location(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*([\"'])((?:(?!\1)[^\\\r\n]|\\.){1,4000})\1"
)
HEAD = 65536
"""A redirecting page is small; the parser's time grows with the square of the nesting."""

WRAPPED = ("unsafe_link", "next")
"""Query parameters in which a warning page or a login page carries the address that was wanted."""


def page_targets(html: bytes, base: str) -> Iterator[str]:
    """The addresses that a page redirects to by itself, whole, the surest first."""
    tree = LexborHTMLParser(_without_noscript(html[:HEAD]))
    for node in tree.css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").lower() == "refresh":
            found = REFRESH.match((node.attributes.get("content") or "")[:4000].strip())
            yield from _whole(found[1] if found else "", base)
    for node in tree.css("script"):
        for match in SCRIPT.finditer(node.text()[:20000]):
            yield from _whole(re.sub(r"\\(.)", r"\1", match[2]), base)


def named_address(html: bytes, base: str) -> Iterator[str]:
    """What a page says its own address is: `link rel=canonical`, `og:url`."""
    tree = LexborHTMLParser(html[:HEAD])
    for selector, attribute in (
        ("link[rel=canonical]", "href"),
        ('meta[property="og:url"]', "content"),
    ):
        for node in tree.css(selector):
            yield from _whole(node.attributes.get(attribute) or "", base)


def wrapped(url: str) -> Iterator[str]:
    """The address that a warning or login page carries in its query."""
    try:
        query = parse_qs(urlsplit(url).query, max_num_fields=50)
    except ValueError:
        return
    for name in WRAPPED:
        for value in query.get(name, ()):
            yield from _whole(value, url)


def _without_noscript(html: bytes) -> bytes:
    """The same page with the tags of noscript taken out, so that what is inside them is seen."""
    return re.sub(rb"</?noscript[^>]{0,100}>", b"", html, flags=re.IGNORECASE)


def _whole(link: str, base: str) -> Iterator[str]:
    if link.strip():
        with suppress(NoTarget):
            yield read_target(link.strip(), base).url
