"""Elements that only name a platform: by a class (`instagram-embed`), or by a pair of attributes.

A class that names a platform is believed on a quotation, or beside a word for embedding, when all
the links inside lead to one post. A pair is a provider's name and an id or address
(`data-provider="youtube" data-video-id="…"`).
"""

import re
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote

import msgspec
from selectolax.lexbor import LexborNode

from archiver.extraction.facades import MOST, pictured
from archiver.extraction.marks import CLASSES, LARGEST_PLACEHOLDER, links_in
from archiver.extraction.page import Attributes, Finding, Page
from archiver.extraction.plausible import TYPES, plausible

NAMES = frozenset({
    "data-provider", "data-service", "data-type", "data-platform", "data-network", "data-embed-type",
    "data-embed-provider", "data-player", "data-video-type", "data-video-provider", "data-video-host",
    "data-media-type", "data-vendor", "data-source", "data-name", "data-oembed-type", "data-kind",
    "data-social", "data-embed-name", "data-provider-name", "data-embed-service", "provider", "type",
    "data-video-platform", "data-host", "data-social-network", "service", "data-app", "data-site", "data-plyr-provider",
    "data-video-source", "data-media-site-id",
})  # fmt: skip
"""Attributes whose value may be a platform's name."""

EMBED_NAMES = frozenset(
    {"data-embed", "data-embed-type", "data-embed-provider", "data-embed-service"}
)
"""Those of them that say that the element shows a post, be it the one to which the only link in it leads."""

HELD = (
    "data-id", "data-video-id", "data-videoid", "data-post-id", "data-postid", "data-embed-id",
    "data-code", "data-shortcode", "data-key", "data-media-id", "data-content-id", "data-external-id",
    "video-id", "videoid", "post-id", "status", "data-value", "data-video", "data-embed",
    "data-plyr-embed-id", "data-url", "data-href", "data-src", "data-embed-url", "data-permalink",
    "data-link", "data-media-key", "url", "href", "src",
)  # fmt: skip
"""Attributes beside it that may hold the id or the address."""

_HOLDERS = frozenset((*HELD, "id"))
_WORDS = {
    "x": ("tweet", "twitter"), "instagram": ("instagram",), "facebook": ("facebook",),
    "tiktok": ("tiktok",), "youtube": ("youtube",), "bluesky": ("bluesky", "bsky"),
    "threads": ("threads",), "mastodon": ("mastodon",), "reddit": ("reddit",),
    "telegram": ("telegram",), "vimeo": ("vimeo",), "pinterest": ("pinterest",),
    "linkedin": ("linkedin",), "vk": ("vkontakte",), "tumblr": ("tumblr",),
}  # fmt: skip
WORDS = tuple(word for words in _WORDS.values() for word in words)
"""The words by which classes and elements name a platform."""
_NAMED = re.compile("|".join(WORDS), re.I)
OF_WORD = {word: name for name, words in _WORDS.items() for word in words}
EMBEDS = re.compile(r"embed|placeholder|facade|lazy|consent|external-content|social-?post", re.I)
_STARTS = re.compile(r"(?i)\bplay|play-?b(?:utton|tn)\b")
_OPENS = re.compile(r"(?i)modal|popup|lightbox|fancybox|overlay")
"""What a picture is called that opens something over the page."""
_LISTS = re.compile(r"(?i)play-?list|(?:video|youtube|tube)s?[-_]?list(?:ing)?\b")
SHARES = re.compile(
    r"share|follow|ctf-item|social-?(?:links?|icons?|media-?links?)|button|profile|feed|timeline",
    re.I,
)
_COUNTED = re.compile(r"(?i)yti?d|youtube|video|player|embed|frame|widget|post|element")
"""The `id` of an element that is only counted (`video-12345`), though it is as long as a post's."""
_PLAYER = re.compile(r"(?:https?:)?//[^/\s]+/(?:\S{0,200}/)?(?:embed|player|plugins|e)[/?]\S+$")
"""A player's address is an embed whatever the attribute that waits with it is called."""
_WAITING = re.compile(
    r"data-(?!\S*(?:share|click|thumb|poster|image|img|icon|next|prev|back|track|author|referrer|modal|popup"
    r"|hyperlink|outbound))\S*(?:url|src|href|link|uri|embed)"
)
"""Attributes that no table knows, whose address is of what the element will show."""
_OF_SITES = ("shreddit-", "faceplate-", "ytd-", "ytm-")
"""How the names of elements begin of which the platforms' own pages are made."""
CONTAINERS = frozenset({"div", "figure", "section", "span", "p", "aside", "article", "blockquote"})


@lru_cache(maxsize=20_000)
def class_kind(css: str) -> int:
    """What a class attribute promises: 2 a class of the tables, 1 a platform's name, 0 nothing."""
    if not CLASSES.isdisjoint(css.split()):
        return 2
    lower = css.lower()
    for word in OF_WORD:  # quicker than a pattern of all of them
        if word in lower:
            return 1
    return 0


def read_pair(tag: str, attrs: Attributes, page: Page) -> Finding | None:
    """An element that names its platform in one attribute and the post in another."""
    if tag == "dialog":
        return None
    for name in NAMES.intersection(attrs):
        platform = _platform_named(attrs[name] or "")
        if platform is None or SHARES.search(attrs.get("class") or ""):
            continue
        for holder in HELD:
            found = _held(platform, tag, (attrs.get(holder) or "").strip(), page)
            if found:
                return found
    return None


@lru_cache(maxsize=4096)
def _platform_named(value: str) -> str | None:
    return TYPES.get(re.sub(r"[^a-z0-9]", "", value.lower()[:40]))


def _held(platform: str, tag: str, value: str, page: Page) -> Finding | None:
    if not 5 <= len(value) <= 2000:
        return None
    value = unquote(value) if value[:4] == "http" and "%2F" in value[:14].upper() else value
    if "/" in value:
        known = page.known(value)
        if known and known.kind == "post" and known.platform == platform:
            return page.see(value, "{}.named", sure=0.85, tag=tag)
    if not plausible(platform, value):
        return None
    return page.know(platform, value, "{}.named", sure=0.85, tag=tag)


def read_by_class(
    node: LexborNode, tag: str, css: str, attrs: Attributes, page: Page
) -> Finding | None:
    """A container whose class names a platform, and which holds an id, or links to one post of it."""
    word = _NAMED.search(css)
    if word is None or tag not in CONTAINERS or SHARES.search(css):
        return None
    platform = OF_WORD[word[0].lower()]
    if _chosen_from(node):
        return None
    for holder in (*HELD, "id") if not _HOLDERS.isdisjoint(attrs) else ():
        value = (attrs.get(holder) or "").strip()
        if holder == "id" and _COUNTED.search(value):
            continue
        found = _held(platform, tag, value, page)
        if found:
            return found
    facade = not _OPENS.search(css) and (EMBEDS.search(css) or _has_button(node))
    shown = pictured(node, platform) if facade else None
    if shown:
        return page.know(platform, shown, "{}.facade", sure=0.8, tag=tag)
    if tag != "blockquote" and not EMBEDS.search(css):
        return None
    return _by_links(node, platform, tag, "{}.named-class", page)


def read_named(node: LexborNode, tag: str, attrs: Attributes, page: Page) -> Finding | None:
    """A container that says that it shows an embed of a platform, and holds only a link to it."""
    for name in EMBED_NAMES.intersection(attrs) if tag in CONTAINERS else ():
        platform = _platform_named(attrs[name] or "")
        found = _by_links(node, platform, tag, "{}.named", page) if platform else None
        if found:
            return found
    return None


def meant_by(tag: str, attrs: Attributes) -> str:
    """The platform that the class of a container names, whose post an object in an attribute of it may describe."""
    css = " ".join(attrs.get(name) or "" for name in ("class", "data-component-name"))
    if tag not in CONTAINERS or SHARES.search(css):
        return ""
    words = (word for word in _WORD.findall(css.lower()) if word in TYPES)
    return TYPES.get(next(words, ""), "")


_WORD = re.compile(r"[a-z]{4,}")


def _by_links(node: LexborNode, platform: str, tag: str, rule: str, page: Page) -> Finding | None:
    """The post to which the links in an element lead, or else the link that it fills; only a quotation has links to
    others."""
    links = [href for href, _ in links_in(node, platform)] or _link_around(node)
    found = ((page.known(href), href) for href in links)
    posts = {
        known.ref: href
        for known, href in found
        if known and known.ref and known.platform == platform
    }
    if not posts or (tag != "blockquote" and len(posts) > 1):
        return None
    if len(node.text() or "") > LARGEST_PLACEHOLDER:
        return None
    return page.see(list(posts.values())[-1], rule, sure=0.8, tag=tag)


def _link_around(node: LexborNode) -> list[str]:
    """Where the link leads that has nothing in it but an element."""
    above = node.parent
    if (
        above is None
        or above.tag != "a"
        or (above.text() or "").strip() != (node.text() or "").strip()
    ):
        return []
    return [above.attributes.get("href") or ""]


def _chosen_from(node: LexborNode) -> bool:
    """Whether an element is one of the items of a list from which the player beside it is filled."""
    above = node.parent
    return above is not None and bool(_LISTS.search(above.attributes.get("class") or ""))


def _has_button(node: LexborNode) -> bool:
    """Whether something to start a player with stands in a placeholder."""
    inside = (inner.attributes.get("class") or "" for inner in islice(node.traverse(), MOST))
    return any(_STARTS.search(css) for css in inside)


def read_custom(tag: str, attrs: Attributes, page: Page) -> Finding | None:
    """A custom element that no table knows: an address of a post, or an id under a platform's name."""
    if SHARES.search(tag) or SHARES.search(attrs.get("class") or "") or tag.startswith(_OF_SITES):
        return None
    word = _NAMED.search(tag)
    platform = OF_WORD[word[0].lower()] if word else ""
    for value in attrs.values():
        token = (value or "").strip()
        if token[:1] in {'"', "'"}:  # an argument of the site's own program
            continue
        if "/" in token and len(token) < 2000:
            known = page.known(token)
            if known and known.kind == "post":
                return page.see(token, "{}.element", sure=0.8, tag=tag)
        elif platform and plausible(platform, token):
            return page.know(platform, token, "{}.element", sure=0.8, tag=tag)
    return None


def read_pairs(value: str, rule: str, tag: str, page: Page) -> None:
    """The names and values of a frame's attributes as a JSON array of strings, which waits in an attribute."""
    try:
        held = msgspec.json.decode(value, type=list[str])
    except (msgspec.DecodeError, ValueError):
        return
    for name, address in zip(held, held[1:], strict=False):
        if name == "src":
            page.see(address, rule, sure=0.9, tag=tag)


def names_a_post(name: str, value: str, page: Page) -> bool:
    """Whether an attribute that no table knows waits with the address of a post."""
    if _PLAYER.match(value):
        return True
    if not _WAITING.fullmatch(name):
        return False
    known = page.known(value)
    return known is not None and known.kind == "post"


def contradicts(href: str, found: Finding, page: Page) -> bool:
    """Whether a carrier's permalink names another post than its attribute does (embed-formats A0.7).

    The attribute is believed, the link is kept and its rule says so. Ids of two kinds may be one post's.
    """
    known = page.known(href)
    if known is None or known.ref is None or found.ref is None:
        return False
    one, other = known.ref.id, found.ref.id
    return one != other and one.isdecimal() == other.isdecimal()
