"""The front door of extraction: a document goes in, its embeds come out.

HTML is walked once; what it holds inside (frames, templates, escaped markup, scripts, JSON) is read
in place, so that the order is that of the page.
"""

from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.extraction.charset import decoded
from archiver.extraction.markup import read_html
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
    text, data = decoded(document.body, document.charset)
    if document.kind == "text":
        return find_in_text(text, document.source, document.digest, document.dated)
    page = Page()
    if document.kind != "json" or not read_json_text(text, page, read_html):
        read_html(text, page, data)
        if page.flight:
            read_flight(page, read_html)
    if not page.findings:
        return ()
    findings = without_own(page.findings, text, document.url)
    return merge(findings, text, document.source, document.digest)
