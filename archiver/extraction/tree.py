"""HTML to a tree, with a guard: nesting as no honest page has it is flattened first (see `nesting`).

Reading the nesting costs as much as the parse, so only documents with very many tags are read for it:
below that, the parser answers in a tenth of a second however they nest.
"""

from selectolax.lexbor import LexborHTMLParser

from archiver.extraction.nesting import flattened, may_repeat

LONGEST = 24_000_000
"""Characters of a document that are looked at; a longer one is cut."""
MANY = 8000
"""Tags with which even the deepest nesting takes no longer than a tenth of a second."""
REPEATED = 1_000_000
"""Elements that formatting may at most become by being made again in each paragraph."""


def parse(text: str, data: bytes, formats: int = 0) -> LexborHTMLParser:
    """The tree of a document or fragment, given as text and in UTF-8. Never raises on text of any kind.

    `formats` is how many formatting elements with attributes begin in it: those are made again.
    """
    if len(text) > LONGEST:
        text = text[:LONGEST]
        data = text.encode("utf-8", "replace")
    tags = data.count(b"<")
    if tags > MANY or (formats * tags > REPEATED and may_repeat(data)):
        flat = flattened(text)
        data = data if flat is text else flat.encode("utf-8", "replace")
    return LexborHTMLParser(data)
