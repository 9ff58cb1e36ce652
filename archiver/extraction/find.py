"""The front door of extraction: a document goes in, its embeds come out.

HTML is walked once; what it holds inside (frames, templates, escaped markup, scripts, JSON) is read
in place, so that the order is that of the page.
"""

from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.extraction.charset import decode, decoded, readable
from archiver.extraction.gate import Scripts, Seen, look_over
from archiver.extraction.markup import read_html, read_links
from archiver.extraction.merge import merge
from archiver.extraction.own import without_own
from archiver.extraction.page import Page
from archiver.extraction.patience import in_time
from archiver.extraction.payload import read_json_text
from archiver.extraction.scripts import read_flight
from archiver.extraction.text import find_in_text

PATIENCE = 60.0
"""Seconds that one document may take."""


def find_embeds(document: Document, patience: float = PATIENCE) -> tuple[Embed, ...]:
    """All embeds, links to posts and widgets of a document, each once, in order of appearance.

    Never raises on any bytes, but for TooSlow (a SeedError) when it takes longer than `patience` seconds.
    """
    with in_time(patience, document.source):
        return _found(document)


def _found(document: Document) -> tuple[Embed, ...]:
    if document.kind == "text":
        text = decode(document.body, document.charset)
        return find_in_text(text, document.source, document.digest, document.dated)
    looked = readable(document.body, document.charset)
    seen = look_over(looked)
    if not seen.reach:
        return ()
    text, data = decoded(document.body, document.charset)
    if data is not looked:  # what was found is where it was only in the same bytes
        seen = Seen(reach=seen.reach, links=seen.links)
    page = _read(document, text, data, seen)
    if not page.findings:
        return ()
    findings = without_own(page.findings, data, document.url, seen.own)
    return merge(findings, text, document.source, document.digest, page.walked)


def _read(document: Document, text: str, data: bytes, seen: Seen) -> Page:
    """All findings of a page, or of its links and scripts where it holds nothing else."""
    page = _page(data, seen)
    if document.kind == "json" and read_json_text(text, page, read_html):
        return page
    if seen.reach == 1 and document.kind != "json":
        if read_links(text, page, data, seen.marks) >= len(seen.links):
            return page
        page = _page(data, seen)  # a link is not where it seemed to be
    read_html(text, page, data, seen.marks)
    if page.flight:
        read_flight(page, read_html)
    return page


def _page(data: bytes, seen: Seen) -> Page:
    return Page(holds=Scripts(data, seen.finds).may_hold if seen.finds else None)
