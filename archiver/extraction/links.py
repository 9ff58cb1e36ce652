"""Links to posts: in running text they are links; alone on a line they are meant to be embeds."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile

from selectolax.lexbor import LexborNode

from archiver.extraction.page import Attributes, Page
from archiver.extraction.plausible import BARE, TYPES, plausible
from archiver.extraction.prefilter import SHORTCODE, SHORTCODES, TEMPLATED
from archiver.platforms import claims

_ADDRESS = re.compile(r"\s*(?:https?:)?(?://)?[\w.-]+\.[a-z]{2,}(?::\d+)?/\S+\s*", re.I)
_BARE = re.compile(r"\s*(https?://[^\s<>\"]{8,2000}?)\s*")
_BLOCKS = frozenset({"p", "div", "figure", "center", "article", "section", "main", "body"})
_SILENT = frozenset({
    "script", "style", "textarea", "a", "title", "code", "pre", "noscript", "iframe", "option",
    "button",
})  # fmt: skip
_SHORTCODE = re.compile(
    rf"(?:{SHORTCODE})\b([^\[\]<>]{{0,400}})\]"
    r"(?:\s*(https?://[^\s\[\]<>]{8,500}|[\w-]{5,30})\s*\[/)?"
)
_TEMPLATED = re.compile(rf"(?:{TEMPLATED})\b([^{{}}<>]{{1,300}}?)()/?\s*(?:%|>|&gt;)\s?\}}")
_COMMENTS = re.compile(
    r"(?i)(?<!\bhas-)(?<!\bshowing-)(?<!\bcategory-)(?<!\btag-)"
    r"\b(?:comment(?!ary|ed\b)|disqus|responses?\b|reply\b)|comment-?(?:body|list|content)"
)
"""What readers' comments are in. That an article has some, or is filed under such a word, is not it."""
_TEASERS = re.compile(r"(?i)(?:^|[\s_-])(?:teasers?|excerpts?)(?:[\s_-]|$)")
NEAR = 8
"""Elements above a place among which that of a teaser is looked for."""
FAR = 40
"""Those among which that of readers' comments is."""
_CREDITS = re.compile(r"(?i)credit|caption|copyright|quelle|byline|attribution|\bsources?\b")
PLACEHOLDER = 500
"""Characters of the words that stand where a player will be."""
_PLACEHOLDER = re.compile(r"(?i)embed|consent|placeholder")
_PLAYER = re.compile(r"(?:https?:)?//(?:player\.[^/]+/|[^/]+/(?:embed|plugins)/)")
_ADDRESSES = re.compile(r"https?://[^\s\"'&<>\]]{8,500}")
_ID = re.compile(r"\bid\s*=\s*(?:[\"']|&[#\w]{2,6};)?([\w-]{5,30})")
_VALUE = re.compile(r"([\w-]{5,30})(?![\w=-])")
_SAID = re.compile(r"\s*=\s*[\"']?(\w{2,20})")
_PLATFORM = {"tweet": "x", "twitter": "x", "embedyt": "youtube", "blackbirdpie": "x"}


@lru_cache(maxsize=4096)
def _claimed(host: str) -> bool:
    return claims(host)


def worth_reading(href: str) -> bool:
    """Whether an address may be a post: by its host, or by a shape that federated software has."""
    if "//" not in href:
        return href.startswith(("at:", "tg:", "spotify:", "lbry:", "/web/"))
    host, slash, path = href.partition("//")[2].partition("/")
    if not slash:
        return False
    return _claimed(host) or "/@" in href or "http" in path or path.startswith(_SHAPES)


_SHAPES = ("users/", "videos/", "notes/", "p/", "w/", "objects/", "display/")
"""How the paths of posts begin on hosts that run federated software."""


def read_link(node: LexborNode, attrs: Attributes, page: Page) -> None:
    """An ordinary link. Alone in its block, with the address itself as its text, it is an embed."""
    href = attrs.get("href") or ""
    if "/" not in href or not worth_reading(href):
        return
    known = page.known(href)
    if known is None or known.kind not in {"post", "short"}:
        return
    if known.kind == "post" and _stands_alone(node):
        page.see(href, "{}.lone-link", sure=0.8, tag="a")
    elif known.kind == "post" and _PLAYER.match(href) and _in_placeholder(node, page.framed):
        page.see(href, "{}.placeholder", sure=0.7, tag="a")
    else:
        page.see(href, "{}.link", role="link", sure=0.5, tag="a")


def _in_placeholder(node: LexborNode, framed: bool) -> bool:
    """Whether a link to a player stands in what is shown instead of the player. `framed` says that a frame is
    filled with what is read; then it may be all of it."""
    above = node.parent
    for _ in range(6):
        if above is None:
            return framed
        if len(above.text() or "") > PLACEHOLDER:
            return False
        if _PLACEHOLDER.search(above.attributes.get("class") or ""):
            return True
        above = above.parent
    return False


def _stands_alone(node: LexborNode) -> bool:
    words = (node.text() or "").strip()
    if not words or len(words) > 2000 or not _ADDRESS.fullmatch(words):
        return False
    parent = node.parent
    for _ in range(3):
        if parent is None or (parent.text() or "").strip() != words:
            return False
        if _CREDITS.search(parent.attributes.get("class") or ""):
            return False
        if parent.tag in _BLOCKS:
            return not elsewhere(parent)
        parent = parent.parent
    return False


def elsewhere(node: LexborNode) -> bool:
    """Whether an address is among readers' comments, or in the first words of another article, cut off."""
    inside = takewhile(lambda above: above.tag != "body", _upwards(node, FAR))
    named = [above.attributes for above in inside]
    if any(_TEASERS.search(a.get("class") or "") for a in named[:NEAR]):
        return True
    return any(_COMMENTS.search(f"{a.get('id') or ''} {a.get('class') or ''}") for a in named)


def _upwards(node: LexborNode, most: int) -> Iterator[LexborNode]:
    """A place and the elements above it, so many at most."""
    above: LexborNode | None = node
    while above is not None and most > 0:
        yield above
        above, most = above.parent, most - 1


def read_bare_lines(root: LexborNode, page: Page) -> None:
    """Addresses of posts that are the whole text of a block (what a failed oEmbed leaves)."""
    for node in root.traverse(include_text=True, skip_empty=True):
        words = node.text_content  # None of what is no text
        if not words or "://" not in words or node.parent is None or node.parent.tag in _SILENT:
            continue
        for line in words.splitlines():
            found = _BARE.fullmatch(line) if "://" in line else None
            if found and worth_reading(found[1]) and _whole_lines(node):
                known = page.known(found[1])
                if known and known.kind == "post":
                    page.see(found[1], "{}.bare-address", sure=0.85, tag="")


def _whole_lines(node: LexborNode) -> bool:
    """Whether nothing but line breaks stands beside a text, up to the block it is in."""
    inside = node
    for _ in range(6):
        for side in (inside.prev, inside.next):
            if side is not None and side.tag not in _BREAKS and (side.text() or "").strip():
                return False
        above = inside.parent
        if above is None or above.tag in _BLOCKS or above.tag in _TITLES:
            return above is not None and not elsewhere(above)
        if above.tag not in _INLINE:
            return False
        inside = above
    return False


_BREAKS = frozenset(
    {"br", "p", "div", "figure", "figcaption", "h2", "h3", "ul", "hr", "-comment", "script"}
)
_TITLES = frozenset({"blockquote", "h2", "h3", "h4"})
_INLINE = frozenset({"span", "strong", "b", "em", "i", "u", "font"})


def read_shortcodes(text: str, page: Page) -> None:
    """Shortcodes of editors that were not rendered: `[embed]…[/embed]`."""
    for pattern in (_SHORTCODE, _TEMPLATED):
        for match in pattern.finditer(text):
            if not _is_sample(text, match.start()):
                _shortcode(match, page)


def _is_sample(text: str, at: int) -> bool:
    """Whether a place in markup is in an element that shows how something is written."""
    return any(
        text.rfind("<" + tag, max(0, at - 2000), at) > text.rfind("</" + tag, max(0, at - 2000), at)
        for tag in _SAMPLES
    )


_SAMPLES = ("pre", "code")


def read_block_comments(text: str, page: Page) -> None:
    """Block comments of editors that were not rendered: `<!-- wp:embed`."""
    for match in _BLOCK_COMMENT.finditer(text):
        url = match[1].replace("\\/", "/").replace("\\u0026", "&")
        page.see(url, "wordpress.comment", sure=0.9)


_BLOCK_COMMENT = re.compile(
    r"<!-- wp:(?:core-)?embed(?:/[\w-]+)? \{[^<>]{0,400}?\"url\":\"(https?:[^\"<>]{8,1000})\""
)


def _shortcode(match: re.Match[str], page: Page) -> None:
    named, inside, between = _NAME.search(match[0]), match[1], match[2] or ""
    name = named[0] if named else ""
    rule = "shortcode." + name.lower()
    for address in (between, *_ADDRESSES.findall(inside)):
        if "/" in address and page.see(address, rule, sure=0.85):
            return
    said = _SAID.match(inside)
    platform = TYPES.get(said[1].lower(), "") if said else _PLATFORM.get(name, name)
    value = _ID.search(inside) or _VALUE.search(inside)
    held = between or (value[1] if value and not said else "")
    known = plausible(platform, held) or (held.isdecimal() if platform in BARE else not between)
    if len(held) > 4 and known:
        page.know(platform, held, rule, sure=0.85)


_NAME = re.compile(rf"(?:{SHORTCODES}|(?<![a-z])x)\b")
