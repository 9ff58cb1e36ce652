"""How deep a document nests, and the same document with its nesting cut off, before any parser sees it.

The parser's time grows with the square of the depth, and formatting elements that are never closed are
made again in every paragraph after them. Browsers cap the depth of their trees at 512. The tags are read
here as a parser reads them (comments, quoted attributes and raw text are no tags; an end tag ends nothing
beyond a table cell, an object or the like), so that stray end tags hide no depth.
"""

import re
from collections.abc import Iterator

from archiver.extraction.scanner import CASELESS, Scanner

DEEPEST = 400
HALF = DEEPEST // 2
FORMATS = 60
"""Open formatting elements at one place that no honest page has."""

_RAW = "script|style|textarea|title|xmp|iframe|noembed|noframes"
_ATTRIBUTES = (
    r"(?>[\s/]+|(?:=[^\s/>=]*|[^\s/>=]+)"
    r"(?>\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"'][^\s>]*)?)?)*"
)
_TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*>|</[^A-Za-z>][^>]*>"
    rf"|<(?P<raw>{_RAW})(?=[\s/>]){_ATTRIBUTES}(?:>|\Z).*?(?:</(?P=raw)(?=[\s/>])[^>]*>|\Z)"
    rf"|<(?P<end>/?)(?P<name>(?>[A-Za-z][^\s/>]*)){_ATTRIBUTES}(?:>|\Z)",
    re.I | re.S,
)
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr", "p", "li", "dd", "dt", "tr", "td", "th", "option", "html", "head", "body",
})  # fmt: skip
"""Elements that hold nothing, or that the next of their kind ends."""
_CARRIERS = frozenset({"blockquote", "a", "iframe", "script", "style", "textarea", "template"})
_FORMAT = frozenset({
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
})  # fmt: skip
_WALLS = frozenset({
    "object", "applet", "marquee", "template", "table", "caption", "select", "svg", "math",
    "foreignobject", "desc", "annotation-xml",
})  # fmt: skip
"""Elements beyond which an end tag inside them ends nothing."""
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "button", "center", "details", "dialog", "dir", "div",
    "dl", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "listing", "main", "menu", "nav", "ol", "pre", "search", "section", "summary", "ul",
})  # fmt: skip
"""Elements beyond which only an end tag of one of them, or of a wall, ends anything."""
_ALONE = frozenset({"a", "form"})
"""Elements that end by themselves: what is open in them stays open."""


class _Open:
    """The elements that are open at a place, as far as their depth is of interest."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.carriers = 0

    def begin(self, name: str) -> bool:
        """An element begins. False when it would be too deep, and then it does not."""
        carrier = name in _CARRIERS
        if (self.carriers if carrier else len(self.names) - self.carriers) >= HALF:
            return False
        self.names.append(name)
        self.carriers += carrier
        return True

    def end(self, name: str) -> bool:
        """An end tag. False when it ends nothing."""
        strong = name in _BLOCKS or name in _WALLS or name in _ALONE
        for place in range(len(self.names) - 1, -1, -1):
            held = self.names[place]
            if held == name:
                stop = place + 1 if name in _ALONE else len(self.names)
                self.carriers -= sum(one in _CARRIERS for one in self.names[place:stop])
                del self.names[place:stop]
                return True
            if held in _WALLS or (held in _BLOCKS and not strong):
                return False
        return False


def may_repeat(data: bytes) -> bool:
    """Whether so many formatting elements may be open at once that a parser would repeat them all.

    Only a look: where a wall stands, an end tag may end nothing, and the answer is yes.
    """
    opened = 0
    for what in _tags(data):
        opened = max(0, opened + 1 - 2 * what)
        if opened > FORMATS or what == WALL:
            return True
    return False


def _tags(data: bytes) -> Iterator[int]:
    """The tags of formatting and walls in their order, as their numbers."""
    finds = _SCANNER.finds(data, MOST)
    if finds is None:
        yield from ((found.lastindex or 1) - 1 for found in _FORMAT_TAG.finditer(data))
    else:
        yield from (number for _, number in finds)


WALL = 2
MOST = 100_000
_TAGS = (
    rb"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/>]",
    rb"</(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/>]",
    rb"<(?:object|applet|marquee|template|table|select|svg|math)[\s/>]",
)
"""Where formatting begins, where it ends, and where a wall begins: number `WALL`."""
_SCANNER = Scanner([(tag, CASELESS) for tag in _TAGS])
_FORMAT_TAG = re.compile(b"|".join(b"(" + tag + b")" for tag in _TAGS), re.I)


def flattened(text: str) -> str:
    """The same text, in which elements below the deepest allowed level are closed at once.

    Carriers are counted apart, so that one below too many wrappers keeps what is in it; formatting is left
    out. Text that nests no deeper than is allowed comes back as it is.
    """
    if not any(_excess(text)):
        return text
    opened = _Open()

    def cap(match: re.Match[str]) -> str:
        name = (match["name"] or "").lower()
        if not name or name in _VOID:
            return match[0]
        if name in _FORMAT:
            return ""
        if match["end"]:
            return match[0] if opened.end(name) else ""
        return match[0] if opened.begin(name) else f"{match[0]}</{name}>"

    return _TAG.sub(cap, text)


def _excess(text: str) -> Iterator[bool]:
    """Tag by tag, whether it is one too deep, or one formatting element too many."""
    opened = _Open()
    formats: dict[str, int] = {}
    for match in _TAG.finditer(text):
        name = (match["name"] or "").lower()
        if name in _FORMAT:
            formats[name] = max(0, formats.get(name, 0) + (-1 if match["end"] else 1))
            yield sum(formats.values()) > FORMATS
        elif name and name not in _VOID:
            if match["end"]:
                opened.end(name)
            else:
                yield not opened.begin(name)
