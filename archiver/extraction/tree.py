"""HTML to a tree, with a guard: nesting as no honest page has it is flattened first.

The parser's time grows with the square of the depth, and unclosed formatting elements multiply.
Browsers cap the depth of their trees at 512; this does the same before parsing.
"""

import re

from selectolax.lexbor import LexborHTMLParser

DEEPEST = 400
HALF = DEEPEST // 2
LONGEST = 24_000_000
"""Characters of a document that are looked at; a longer one is cut."""

_TAG = re.compile(r"<(/?)((?>[A-Za-z][^\s/<>]{0,60}))((?>[^<>]{0,4000}))>")
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr", "p", "li", "dd", "dt", "tr", "td", "th", "option",
})  # fmt: skip
_ENDLESS = (b"<meta ", b"<link ", b"<img ", b"<!", b"<input ", b"<br", b"<source ", b"<\\/")
_CARRIERS = frozenset({"blockquote", "a", "iframe", "script", "style", "textarea", "template"})
_FORMAT = frozenset({
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
})  # fmt: skip


def parse(text: str, data: bytes) -> LexborHTMLParser:
    """The tree of a document or fragment, given as text and in UTF-8. Never raises on text of any kind."""
    if len(text) > LONGEST:
        text = text[:LONGEST]
        data = text.encode("utf-8", "replace")
    if _may_be_deep(data):
        flat = flattened(text)
        data = data if flat is text else flat.encode("utf-8", "replace")
    return LexborHTMLParser(data)


def _may_be_deep(data: bytes) -> bool:
    """Whether more elements begin than end by so many that they might nest too deep.

    Counting is a pass over the document, so the cheap bounds come first; elements that never have
    an end are left out last.
    """
    if len(data) < 3 * DEEPEST:
        return False
    begun = data.count(b"<") - 2 * data.count(b"</")
    for tag in _ENDLESS:
        if begun <= DEEPEST:
            return False
        begun -= data.count(tag)
    return begun > DEEPEST


def flattened(text: str) -> str:
    """The same text, in which elements below the deepest allowed level are closed at once.

    Carriers are counted apart, so that one below too many wrappers keeps what is in it. Text that is
    not so deep comes back as it is.
    """
    if depth_of(text) <= DEEPEST:
        return text
    depths = {True: 0, False: 0}

    def cap(match: re.Match[str]) -> str:
        close, name, rest = match[1], match[2].lower(), match[3]
        carrier = name in _CARRIERS
        if name in _VOID:
            return match[0]
        if close:
            depths[carrier] = max(0, depths[carrier] - 1)
            return match[0] if depths[carrier] < HALF else ""
        if name in _FORMAT:
            return ""
        depths[carrier] += 1
        return match[0] if depths[carrier] <= HALF else f"<{name}{rest}></{name}>"

    return _TAG.sub(cap, text)


def depth_of(text: str) -> int:
    """How deep the tags nest at most, counted roughly: tags that close themselves are left out."""
    depth = most = 0
    for close, name, rest in _TAG.findall(text):
        if name.lower() in _VOID or rest.endswith("/"):
            continue
        depth = max(0, depth - 1) if close else depth + 1
        most = max(most, depth)
    return most
