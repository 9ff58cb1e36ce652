"""Plain text: an article, or nothing but addresses, one a line, as lists of seeds and text sitemaps are.

A text sitemap: sitemaps.org, "Text file". Addresses of posts are embeds of the text itself, as in any other; all
others are pages to be read.
"""

import codecs
import re
from collections.abc import Iterator

from archiver.domain.document import Document
from archiver.domain.seed import BadSeed
from archiver.intake.dated import dated_text
from archiver.intake.material import Material, Reach
from archiver.intake.pages import listed_page
from archiver.intake.seeds import seed_of
from archiver.platforms import recognise

ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def text_documents(material: Material, reach: Reach) -> Iterator[Document]:
    """The text; of one that is nothing but addresses the pages that they lead to, and the text where it names
    posts too. A page that cannot be had is reported with its line."""
    body = material.read()
    addresses = addresses_in(body)
    pages = {url: line for url, line in addresses.items() if recognise(url) is None}
    if not pages or len(pages) < len(addresses):
        yield dated_text(material.document("text", body))
    for url, line in pages.items():
        seed = seed_of(url, f"{material.name}:{line}")
        if isinstance(seed, BadSeed):
            reach.report(seed)
        else:
            yield from listed_page(seed.source, reach, seed.origin)


def addresses_in(body: bytes) -> dict[str, int]:
    """The addresses of a text that holds nothing else, but for empty lines and comments (`#`), each with its
    first line; empty for any other text."""
    found: dict[str, int] = {}
    for number, raw in enumerate(_readable(body).splitlines(), 1):
        line = raw.strip()
        if ADDRESS.fullmatch(line):
            found.setdefault(line, number)
        elif line and not line.startswith("#"):
            return {}
    return found


def _readable(body: bytes) -> str:
    utf_16 = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return body.decode("utf-16" if utf_16 else "utf-8-sig", "replace")
