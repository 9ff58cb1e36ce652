"""HTML: one parse, one walk over its elements, each given to the reader that knows it."""

import re
from collections.abc import Callable, Iterable

from selectolax.lexbor import LexborNode

from archiver.extraction.carriers import FRAMES, NEVER, PARKED, frame_rule, played, usable
from archiver.extraction.encoded import looks_encoded, markup_in, may_carry
from archiver.extraction.facades import read_backgrounds
from archiver.extraction.gate import look_over
from archiver.extraction.leftovers import escaped_in, read_leftovers
from archiver.extraction.links import (
    read_bare_lines,
    read_block_comments,
    read_link,
    read_shortcodes,
    worth_reading,
)
from archiver.extraction.marks import (
    ATTRIBUTES,
    BUTTONS,
    BY_TAG,
    CLASSES,
    links_in,
    read_row,
    rows_for,
)
from archiver.extraction.named import (
    EMBED_NAMES,
    NAMES,
    class_kind,
    contradicts,
    meant_by,
    names_a_post,
    read_by_class,
    read_custom,
    read_named,
    read_pair,
    read_pairs,
)
from archiver.extraction.page import Attributes, Finding, Page
from archiver.extraction.payload import read_json_text
from archiver.extraction.prefilter import EVERYTHING, FLIGHT, Marks, marks
from archiver.extraction.scripts import read_script
from archiver.extraction.shapes import (
    MUTE,
    ORDINARY,
    PLAIN,
    PLAIN_SCRIPT,
    SCRIPT_TYPES,
    is_plain,
    shape_of,
)
from archiver.extraction.told import told_by
from archiver.extraction.tree import parse

_PARKED = frozenset(PARKED)
_DATA = re.compile(r"data:text/html", re.I)
_HAS_MARKUP = re.compile(r"<[a-zA-Z]")
_LOOKS_LIKE_ADDRESS = re.compile(
    r"(?:https?:)?//[^/]|/[\w/.-]*(?:oembed|iframely|embed)\S*[?&]url=|/web/\d"
)


def read_html(text: str, page: Page, data: bytes = b"", seen: Marks | None = None) -> None:
    """Note everything that a document or fragment holds. `data` is the same text in UTF-8, `seen` what the
    prefilter says of it, if at hand."""
    data = data or text.encode("utf-8", "replace")
    if seen is None and page.depth and page.gated:
        looked = look_over(data)  # most of what payloads hold are texts of other articles
        if not looked.reach and FLIGHT not in text:
            return
        seen = looked.marks
    seen = seen or marks(data)
    root = parse(text, data, seen.formats).root
    if root is None:
        return
    held = seen.held if page.gated else EVERYTHING
    spent: set[int] = set()
    with page.marked(held):
        walk(root.traverse(), page, spent)
    if page.depth == 0:
        page.walked = len(page.findings)
    if page.depth == 0 and "attribution" in held:
        read_leftovers(root, page, spent)
    if "thumbnail" in held:
        read_backgrounds(root, page)
    if "shortcode" in held:
        read_shortcodes(text, page)
    if "block-comment" in held:
        read_block_comments(text, page)
    if "bare" in held:
        read_bare_lines(root, page)
    if "escaped" in held:
        for markup in escaped_in(root):
            _inner(markup, "escaped text", page)


def read_links(text: str, page: Page, data: bytes, seen: Marks | None = None) -> int:
    """Note the posts that the ordinary links and the scripts of a document lead to; gives how many links did."""
    seen = seen or marks(data)
    root = parse(text, data, seen.formats).root
    if root is None:
        return 0
    with page.marked(seen.held):
        walk(root.css(_READ_BY_TAG), page, set())
    page.walked = len(page.findings)
    return sum(finding.tag == "a" for finding in page.findings)


def walk(nodes: Iterable[LexborNode], page: Page, spent: set[int]) -> None:
    """Read elements in document order. `spent` holds what belongs to a carrier."""
    for node in nodes:
        tag = node.tag or ""
        if tag in MUTE:
            continue
        attrs = node.attributes
        if tag in ORDINARY and is_plain(attrs):  # most elements
            kind = class_kind(attrs["class"] or "") if "class" in attrs else 0
            if kind:
                _element(node, tag, attrs, kind, page, spent)
            elif tag == "a":
                _link(node, attrs, page, spent)
            continue
        if tag in _READERS:
            _READERS[tag](node, attrs, page, spent)
        if attrs:
            _speaking(node, tag, attrs, page, spent)


def _speaking(node: LexborNode, tag: str, attrs: Attributes, page: Page, spent: set[int]) -> None:
    """Read an element that shows something, or has attributes in which something may wait."""
    if tag == "script" and PLAIN_SCRIPT.issuperset(attrs) and attrs.get("type") in SCRIPT_TYPES:
        if "src" in attrs:
            _parked(tag, attrs, page)
        return
    shape, before = shape_of(tag, tuple(attrs)), len(page.findings)
    kind = class_kind(attrs["class"] or "") if shape.css else 0
    if kind or shape.shows:
        _element(node, tag, attrs, kind, page, spent)
    elif tag == "a":
        _link(node, attrs, page, spent)
    for name in shape.speaking:
        value = attrs[name]
        if value and len(value) > 26:
            _attribute(tag, name, value, page, before, attrs)


def _link(node: LexborNode, attrs: Attributes, page: Page, spent: set[int]) -> None:
    href = attrs.get("href")
    if href and worth_reading(href) and node.mem_id not in spent:
        read_link(node, attrs, page)


def _element(
    node: LexborNode, tag: str, attrs: Attributes, kind: int, page: Page, spent: set[int]
) -> None:
    """Read an element that has something to say: by the tables, by its names, by its addresses."""
    free = node.mem_id not in spent
    known = kind == 2 or tag in BY_TAG or not ATTRIBUTES.isdisjoint(attrs)
    if free and known and _carrier(node, tag, attrs, page, spent):
        return
    if free and tag == "a":
        read_link(node, attrs, page)
    if kind and free:
        found = read_by_class(node, tag, attrs.get("class") or "", attrs, page)
        if found:
            _spend(node, found, page, spent)
    if not NAMES.isdisjoint(attrs) and tag not in BUTTONS and read_pair(tag, attrs, page):
        return
    if not EMBED_NAMES.isdisjoint(attrs) and free:
        found = read_named(node, tag, attrs, page)
        if found:
            _spend(node, found, page, spent)
    if "-" in tag and free and read_custom(tag, attrs, page):
        return
    if tag in FRAMES:
        _frame(node, tag, attrs, page)
    elif attrs.get("itemprop") in {"embedUrl", "embedURL"}:
        held = attrs.get("content") or attrs.get("href") or ""
        page.see(held, "microdata.embed-url", sure=0.8, tag=tag)
    elif tag not in NEVER and (not _PARKED.isdisjoint(attrs) or "src" in attrs):
        _parked(tag, attrs, page)


def _carrier(node: LexborNode, tag: str, attrs: Attributes, page: Page, spent: set[int]) -> bool:
    """Read an element that the tables know. The first row that gives an identity is right."""
    for row in rows_for(tag, attrs):
        found = read_row(row, node, tag, attrs, page)
        if found is None:
            continue
        if found.role == "embed" and (row.markup.caption or tag == "blockquote"):
            _spend(node, found, page, spent)
        return tag not in FRAMES
    return False


def _spend(node: LexborNode, found: Finding, page: Page, spent: set[int]) -> None:
    """What stands inside a carrier belongs to it: other posts there are quoted, not embedded."""
    if not page.is_told(found):
        page.tell(told_by(node, found.platform))
    for inner in node.traverse():
        if inner.mem_id == node.mem_id:
            continue
        css = inner.attributes.get("class") or ""
        if inner.tag == "blockquote" and css and "xfbml" not in css:
            return
        spent.add(inner.mem_id)
    links = [href for href, _ in links_in(node, found.platform)]
    for place, href in enumerate(links, 1):
        if href != found.seen:
            last = place == len(links) and found.seen not in links
            rule = "{}.conflict" if last and contradicts(href, found, page) else "{}.related"
            page.see(href, rule, role="link", sure=0.4, tag="a")


def _quotation(node: LexborNode, attrs: Attributes, page: Page, spent: set[int]) -> None:
    """A quotation without a class whose last line is an attribution with a link to the post."""
    if node.mem_id in spent or class_kind(attrs.get("class") or "") == 2:
        return
    if _waits(node, attrs, page, spent):
        return
    words = node.text() or ""
    if "@" not in words or len(words) > 4000:
        return
    links = list(links_in(node, ""))
    told = told_by(node, "") if links else None
    if told is None or told.role != "embed":
        return
    same = [href for href, _ in links if (k := page.known(href)) and k.platform == told.platform]
    found = page.see(same[-1], "{}.quotation", sure=0.9, tag="blockquote") if same else None
    if found:
        _spend(node, found, page, spent)


def _waits(node: LexborNode, attrs: Attributes, page: Page, spent: set[int]) -> bool:
    """Read a quotation whose class waits in another attribute until somebody agrees or scrolls to it."""
    held = (value for name, value in attrs.items() if name[:5] == "data-" and value)
    classes = [value for value in held if not CLASSES.isdisjoint(value.split())]
    return any(
        _carrier(node, "blockquote", {**attrs, "class": css}, page, spent) for css in classes
    )


def _frame(node: LexborNode, tag: str, attrs: Attributes, page: Page) -> None:
    for name in ("src", "data", "value", "flashvars", "href"):
        value = played(usable(attrs.get(name)))
        if _DATA.match(value):
            _inner(markup_in(value), f"{tag}[{name}]", page)
        elif value and page.see(value, "{}." + frame_rule(tag, name), tag=tag):
            break
    else:
        _parked(tag, attrs, page)
    for name in ("srcdoc", "data-srcdoc"):
        if attrs.get(name):
            _inner(attrs[name] or "", f"{tag}[{name}]", page)


def _parked(tag: str, attrs: Attributes, page: Page) -> None:
    """The first parked attribute that holds an address; a frame's is as good as its `src`."""
    sure = 0.95 if tag in FRAMES else 0.75
    names = [name for name in PARKED if name in attrs] if not _PARKED.isdisjoint(attrs) else []
    if tag in FRAMES:
        names += [name for name in attrs if name not in _PARKED and name not in PLAIN]
    elif "src" in attrs:
        names.append("src")
    for name in names:
        value = usable(attrs.get(name))
        looks = _LOOKS_LIKE_ADDRESS.match(value)
        if looks and page.see(value, "{}." + f"{tag}[{name}]", sure=sure, tag=tag):
            return


def _attribute(tag: str, name: str, value: str, page: Page, before: int, attrs: Attributes) -> None:
    """Markup or JSON that an attribute holds, plain, escaped, percent-encoded or in base 64, or an address.

    What the element gave before stands behind the first `before` findings: one carrier is one.
    """
    if name == "srcdoc" or (name == "onclick" and "html" not in value.lower()):
        return
    step = f"{tag}[{name}]"
    if value[0] in "{[" and "{" in value:
        with page.inside(step, len(value), loose=False) as allowed:
            meant = meant_by(tag, attrs)
            if not allowed or read_json_text(value, page, read_html, meant=meant):
                return
        if looks_encoded(value):  # an object as scripts write it
            _inner(markup_in(value), step, page)
    elif value[:2] == '["':
        read_pairs(value, "{}." + step, tag, page)
    elif looks_encoded(value):
        _inner(markup_in(value), step, page)
    elif tag in NEVER or name in _PARKED or not _LOOKS_LIKE_ADDRESS.match(value):
        return
    elif not _seen(value, page.findings[before:]) and names_a_post(name, value, page):
        page.see(value, "{}." + step, sure=0.7, tag=tag)


def _seen(value: str, findings: Iterable[Finding]) -> bool:
    return (value, "embed") in [(finding.seen, finding.role) for finding in findings]


def _inner(text: str, step: str, page: Page) -> None:
    """Read the document inside a carrier; escaped markup is decoded first."""
    markup = text if _HAS_MARKUP.search(text) else markup_in(text)
    if not may_carry(markup):
        return
    with page.inside(step, len(markup)) as allowed:
        if allowed:
            read_html(markup, page)


def _template(node: LexborNode, attrs: Attributes, page: Page, spent: set[int]) -> None:
    """A template's content is no part of the tree; a shadow root is saved as one."""
    for fragment in node.template_fragments():
        with page.inside("template", 0) as allowed:
            if allowed:
                walk(fragment.traverse(), page, spent)


def _held_text(node: LexborNode, attrs: Attributes, page: Page, spent: set[int]) -> None:
    """Markup between the tags of an element whose content is text: a frame, a text area."""
    if node.first_child is not None:
        _inner(node.text() or "", node.tag or "", page)


def _script(node: LexborNode, attrs: Attributes, page: Page, spent: set[int]) -> None:
    child = node.first_child
    text = (child.text_content or "") if child is not None else ""
    if len(text) > 15:
        read_script(text, attrs, page, read_html)
    src = attrs.get("src")
    known = page.known(src) if src and "/" in src else None
    if src and known and known.kind == "post":
        page.see(src, "{}.script", tag="script")
    elif not src and not _PARKED.isdisjoint(attrs):
        _parked("script", attrs, page)


_READERS: dict[str, Callable[[LexborNode, Attributes, Page, set[int]], None]] = {
    "script": _script,
    "template": _template,
    "blockquote": _quotation,
    "iframe": _held_text,
    "textarea": _held_text,
}
_READ_BY_TAG = ", ".join(["a", *_READERS])
