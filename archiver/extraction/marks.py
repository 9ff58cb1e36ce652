"""The markup tables of all platforms, arranged by tag, class and attribute, and how a row is read."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from archiver.extraction.carriers import GENERIC
from archiver.extraction.facades import pictured
from archiver.extraction.page import Attributes, Finding, Page, known_address
from archiver.platforms import PLATFORMS
from archiver.platforms.contract import Markup

HOME = {p.name: p.hosts[0] if p.hosts else "page.invalid" for p in PLATFORMS}
_SELECTOR = re.compile(r"([a-z][\w:-]*)?(?:\.([\w-]+))?(?:\[([\w:-]+)(?:=([\w-]+))?\])?")
BUTTONS = frozenset({"a", "button", "input", "form", "body", "html"})
"""Elements on which an attribute of an attribute-only row means something else: sharing, liking."""
LARGEST_PLACEHOLDER = 3000
"""A `div` with more text than this is a wrapper of the article, not a placeholder of one post."""


class Row(NamedTuple):
    """A `Markup` taken apart: what an element must have, and where to read."""

    platform: str
    markup: Markup
    tag: str | None
    css: str | None
    attribute: str | None
    value: str | None
    reads: tuple[tuple[str, str, str], ...]
    when: tuple[str, re.Pattern[str]] | None


def _rows(platform: str, markup: Markup) -> Iterator[Row]:
    for selector in markup.selector.split(","):
        found = _SELECTOR.fullmatch(selector.strip())
        if found is None:
            raise ValueError(f"{markup.rule}: not a simple selector: {selector!r}")
        tag, css, attribute, value = found.groups()
        reads = tuple(_read_of(word) for word in markup.read.split())
        name, _, pattern = markup.when.partition("=")
        when = (name, re.compile(pattern, re.I)) if name else None
        yield Row(platform, markup, tag, css, attribute, value, reads, when)


def _read_of(word: str) -> tuple[str, str, str]:
    how, _, rest = word.partition(":")
    attribute, _, template = rest.partition("=")
    return how, attribute, template


def _tables() -> tuple[dict[str, list[Row]], dict[str, list[Row]], dict[str, list[Row]]]:
    by_tag: dict[str, list[Row]] = {}
    by_class: dict[str, list[Row]] = {}
    by_attribute: dict[str, list[Row]] = {}
    pairs = [(p.name, m) for p in PLATFORMS for m in p.markups] + [("", m) for m in GENERIC]
    for platform, markup in pairs:
        for row in _rows(platform, markup):
            if row.css:
                by_class.setdefault(row.css, []).append(row)
            elif row.attribute:
                by_attribute.setdefault(row.attribute, []).append(row)
            elif row.tag:
                by_tag.setdefault(row.tag, []).append(row)
    return by_tag, by_class, by_attribute


BY_TAG, BY_CLASS, BY_ATTRIBUTE = _tables()
CLASSES = frozenset(BY_CLASS)
ATTRIBUTES = frozenset(BY_ATTRIBUTE)


def rows_for(tag: str, attrs: Attributes) -> list[Row]:
    """The rows that may hold for an element, in the order of the tables."""
    rows: list[Row] = []
    css = attrs.get("class")
    if css:
        words = css.split()
        if not CLASSES.isdisjoint(words):
            rows = [row for word in words for row in BY_CLASS.get(word, ())]
    if not ATTRIBUTES.isdisjoint(attrs):
        rows = rows + [row for name in attrs for row in BY_ATTRIBUTE.get(name, ())]
    if tag in BY_TAG:
        rows = rows + BY_TAG[tag]
    return [row for row in rows if _holds(row, tag, attrs)] if rows else rows


def _holds(row: Row, tag: str, attrs: Attributes) -> bool:
    if (row.tag and row.tag != tag) or (not row.tag and not row.css and tag in BUTTONS):
        return False
    if row.attribute:
        value = attrs.get(row.attribute)
        if value is None or (row.value and value.lower() != row.value.lower()):
            return False
    if row.when is None:
        return True
    return bool(row.when[1].fullmatch(attrs.get(row.when[0]) or ""))


def read_row(row: Row, node: LexborNode, tag: str, attrs: Attributes, page: Page) -> Finding | None:
    """Read one carrier by one row; None when it holds no identity."""
    for how, attribute, template in row.reads:
        if how in _LINKS:
            found = _LINKS[how](row, node, tag, page)
        else:
            found = _read_value(row, how, attribute, template, tag, attrs, page)
        if found:
            return found
    if row.markup.role == "widget" and row.platform:
        return page.widget(row.platform, row.markup.rule, tag)
    return None


def _read_value(
    row: Row, how: str, attribute: str, template: str, tag: str, attrs: Attributes, page: Page
) -> Finding | None:
    value = (attrs.get(attribute) or "").strip()
    if not value or len(value) > 4096:
        return None
    rule, role = row.markup.rule, row.markup.role
    if how == "id" and row.platform:
        held = template.format(value, **attrs) if "{}" in template else value.removeprefix(template)
        part = value if "{" in template else ""
        found = page.know(row.platform, held, rule, role=role, tag=tag, token=part)
        if found:
            return found
    if "/" not in value and ":" not in value:
        return None
    if value[0] == "/" and value[1:2] != "/" and row.platform:
        value = f"https://{HOME[row.platform]}{value}"
    known = known_address(value)
    if known is None or (row.platform and known.platform != row.platform):
        return None
    return page.see(value, rule, role=role, tag=tag)


def links_in(node: LexborNode, platform: str) -> Iterator[tuple[str, str]]:
    """The addresses of posts inside a carrier, with the texts of their links, up to the next carrier."""
    for inner in node.traverse():
        tag = inner.tag
        if tag == "blockquote" and inner.mem_id != node.mem_id and inner.attributes.get("class"):
            return
        if tag != "a":
            continue
        href = inner.attributes.get("href") or ""
        known = known_address(href) if "/" in href else None
        if known is None and "http" in href[8:]:  # behind a tracker of links that no table knows
            href = "http" + unquote(href).rpartition("http")[2]
            known = known_address(href)
        if known and (known.platform == platform or not platform) and known.kind in _OF_POSTS:
            yield href, inner.text()


_OF_POSTS = frozenset({"post", "short", "widget"})


def _last_link(row: Row, node: LexborNode, tag: str, page: Page) -> Finding | None:
    return _by_link(row, node, tag, page, -1)


def _first_link(row: Row, node: LexborNode, tag: str, page: Page) -> Finding | None:
    return _by_link(row, node, tag, page, 0)


def _by_link(row: Row, node: LexborNode, tag: str, page: Page, which: int) -> Finding | None:
    if tag != "blockquote" and len(node.text() or "") > LARGEST_PLACEHOLDER:
        return None
    links = [href for href, _ in links_in(node, row.platform)]
    posts = [href for href in links if (k := known_address(href)) and k.kind == "post"] or links
    if not posts:
        return None
    return page.see(posts[which], row.markup.rule, role=row.markup.role, tag=tag)


def _picture(row: Row, node: LexborNode, tag: str, page: Page) -> Finding | None:
    held = pictured(node, row.platform)
    return page.know(row.platform, held, row.markup.rule, tag=tag) if held else None


_LINKS: dict[str, Callable[[Row, LexborNode, str, Page], Finding | None]] = {
    "link": _last_link,
    "any-link": _last_link,
    "first-link": _first_link,
    "picture": _picture,
}
