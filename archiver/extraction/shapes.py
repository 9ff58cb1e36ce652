"""What an element's tag and the names of its attributes promise, whatever their values are."""

from functools import lru_cache
from typing import NamedTuple

from archiver.extraction.carriers import ENCODED, FRAMES, PARKED
from archiver.extraction.marks import ATTRIBUTES, BY_TAG
from archiver.extraction.named import NAMES

_KNOWN = frozenset(PARKED) | ATTRIBUTES | NAMES | {"src", "srcdoc", "data", "value", "itemprop"}
PLAIN = frozenset({
    "class", "id", "style", "href", "title", "alt", "role", "target", "rel", "width", "height", "dir",
    "lang", "tabindex", "name", "for", "loading", "decoding", "srcset", "sizes", "colspan", "rowspan",
    "aria-label", "aria-hidden", "aria-expanded", "aria-controls", "aria-labelledby", "datetime",
})  # fmt: skip
"""Attributes that never hold an embed by themselves."""
MUTE = frozenset({
    "", "-comment", "!doctype", "html", "head", "title", "style", "link", "base", "br", "hr", "wbr",
    "b", "i", "em", "strong", "u", "small", "sup", "sub", "svg", "path", "g", "use", "circle", "rect",
    "polygon", "defs", "img", "input", "label", "option", "select", "tbody", "thead", "tr", "th", "h1",
    "h2", "h3", "h4", "h5", "h6", "time", "nav", "colgroup", "col",
})  # fmt: skip
"""Elements that carry nothing themselves; what is in them is read all the same."""
_SHOWING = FRAMES | frozenset(BY_TAG)
"""Elements that show something whatever their attributes are."""
ORDINARY = frozenset({
    "a", "div", "span", "li", "p", "ul", "ol", "td", "section", "article", "aside", "header", "footer",
    "main", "figure", "figcaption", "button", "table", "body", "dl", "dt", "dd", "symbol", "font",
    "picture", "form", "center", "address", "meta",
}) - _SHOWING  # fmt: skip
"""Elements that carry nothing unless an attribute says so."""
UNASKED = PLAIN | {
    "onmouseover", "onsubmit", "hreflang", "itemtype", "itemscope", "itemid", "property", "content",
    "charset", "http-equiv", "action", "method", "download", "ping", "align", "valign", "viewbox",
}  # fmt: skip
"""These, and others that no reader asks for but in a frame, where any may hold the address."""
is_plain = UNASKED.issuperset
"""Whether all attributes of an element are such that only its class or its link can matter."""
PLAIN_SCRIPT = frozenset({
    "type", "src", "async", "defer", "id", "charset", "nonce", "crossorigin", "integrity", "language",
    "referrerpolicy", "nomodule", "fetchpriority",
})  # fmt: skip
"""Attributes of a script of which only the address can matter, where its type is one of these."""
SCRIPT_TYPES = frozenset({
    None, "", "text/javascript", "application/javascript", "module", "application/json", "application/ld+json",
})  # fmt: skip
_SPEAKING = frozenset({"da", ":e", ":d", ":c", ":p", "v-", "sr"})
"""How the names of attributes begin that may hold markup or JSON."""


class Shape(NamedTuple):
    """What an element's tag and the names of its attributes promise, whatever their values are."""

    css: bool
    shows: bool
    speaking: tuple[str, ...]


@lru_cache(maxsize=8192)
def shape_of(tag: str, names: tuple[str, ...]) -> Shape:
    """The promise of an element: the same few are on a page again and again."""
    plain = PLAIN.issuperset(names)
    shows = tag in _SHOWING or "-" in tag or not (plain or _KNOWN.isdisjoint(names))
    speaking = (name for name in names if name[:2] in _SPEAKING or name in ENCODED)
    return Shape("class" in names, shows, () if plain else tuple(speaking))
