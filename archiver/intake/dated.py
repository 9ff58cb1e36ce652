"""The header ` date YYYY-MM[-DD]` that may stand before the text of an article."""

import re

from msgspec.structs import replace

from archiver.domain.document import Document

DAY = rb"\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?"
HEADER = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*date[ \t:]+(" + DAY + rb")(?=\s|\Z)[ \t]*(?:\r?\n)?", re.IGNORECASE
)


def split_date(body: bytes) -> tuple[str | None, bytes]:
    """The date of the header as written, and the text without it; (None, body) where there is none."""
    found = HEADER.match(body)
    if found is None:
        return None, body
    return found[1].decode("ascii"), body[found.end() :]


def dated_text(document: Document) -> Document:
    """A text document with its header, where it has one, moved into `dated`."""
    dated, body = split_date(document.body)
    return replace(document, body=body, dated=dated) if dated else document
