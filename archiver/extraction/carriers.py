"""Carriers that belong to no platform: lazy loaders, consent managers, editors, embed proxies.

Source of the rows: embed-formats A0.2 (parked addresses), A0.3 (aggregators and editors), A0.4 (AMP).
"""

import re
from urllib.parse import unquote

from archiver.platforms.contract import Markup

PARKED = (
    "data-src", "data-lazy-src", "data-original-src", "data-orig", "data-opt-src", "data-url",
    "data-litespeed-src", "data-mce-src", "data-lazy-load", "data-lazy", "data-tf-src",
    "data-embed-src", "data-rocket-src", "data-rocketsrc", "data-pym-src", "data-frame-src",
    "data-cookieblock-src", "data-uc-src", "uc-src", "data-src-cmplz", "src-consent",
    "consent-click-original-src-_", "consent-original-src-_", "data-cmp-src", "suppressedsrc",
    "data-suppressedsrc", "data-consent-src", "data-wpconsent-src", "data-gdpr-iframesrc",
    "data-faz-src", "data-privacy-src", "data-ep-src", "data-cookie-consent-src", "data-iframe-src",
    "data-iframe", "data-original", "data-source", "data-video-src", "data-video-url", "data-video",
    "data-embed-url", "data-embed", "data-oembed-url", "data-oembed", "data-href", "data-link",
    "data-ezsrc", "data-hw-src", "data-borlabs-src", "data-iubenda-src", "data-cc-src",
    "data-2click-src", "data-src-url", "data-player-src", "data-lazysrc", "data-real-src",
    "data-blocked-src", "data-cookieconsent-src", "data-cookie-src", "data-gdpr-src", "data-media",
    "data-oembed_url", "data-video-embed", "data-video-embed-url", "data-youtube-url",
    "data-vimeo-url", "data-canonical-url", "data-permalink",
)  # fmt: skip
"""Attributes that hold the address of a frame which has not been loaded, most specific use first."""

UNUSABLE = ("about:", "javascript:", "data:image", "blob:", "blank", "chrome:")
"""How an address begins that stands in a frame only until a script puts the right one there."""

ENCODED = frozenset({
    "data-borlabs-cookie-content", "data-borlabs-content", "data-html", "data-embed-html",
    "data-embed-code", "data-embed-frame", "data-embedcode", "data-iframe-html", "data-code",
    "data-content", "data-template", "data-markup", "data-config", "data-attrs", "data-props",
    "data-oembed", "data-embed", "data-options", "data-settings", "data-json", "data-block",
    "onclick",
    "data-value", "data-cookie-content", "data-consent-content", "data-snippet", "data-data",
})  # fmt: skip
"""Attributes that are known to hold encoded markup; others are read when they look like it."""

GENERIC: tuple[Markup, ...] = (
    Markup("oembed.element", "oembed", "url:url"),
    Markup("feed.media", "media:player", "url:url"),
    Markup("feed.media", "media:content", "url:url"),
    Markup("feed.media", "enclosure", "url:url"),
    Markup("oembed.placeholder", "[data-oembed-url]", "url:data-oembed-url"),
    Markup("embedly.card", ".embedly-card", "url:href any-link"),
    Markup("embedly.amp", "amp-embedly-card", "url:data-url"),
    Markup("iframely.link", "a[data-iframely-url]", "url:href url:data-iframely-url"),
    Markup("iframely.amp", "amp-iframely", "url:data-url"),
    Markup("discourse.onebox", "[data-onebox-src]", "url:data-onebox-src"),
    Markup("tarteaucitron.iframe", ".tac_iframe", "url:url url:data-url"),
    Markup("usercentrics.element", "uc-embed", "url:uc-src"),
    Markup("embetty.video", "embetty-video", "url:url url:src"),
    Markup("amp.iframe", "amp-iframe", "url:src url:data-src"),
    Markup("amp.iframe", "amp-video-iframe", "url:src url:data-src"),
    Markup("pym.frame", "[data-pym-src]", "url:data-pym-src"),
    Markup("editor.video", "[data-type=youtube]", "url:data-url"),
    Markup("editor.video", "[data-type=vimeo]", "url:data-url"),
)

FRAMES = frozenset(
    {"iframe", "frame", "embed", "object", "param", "amp-iframe", "amp-video-iframe"}
)
"""Elements that show another document or player."""

NEVER = frozenset({"a", "button", "img", "source", "link", "meta", "input", "form", "html", "body"})
"""Elements on which a bare `data-…` address shows nothing by itself."""


def usable(value: str | None) -> str:
    """The address, or nothing when it only holds the place of one."""
    value = (value or "").strip()
    if not value or value.lower().startswith(UNUSABLE) or value.endswith(("/blank", "about:blank")):
        return ""
    return value


_FLASHVARS = re.compile(r"(?:^|&)(?:file|url|video|movie|src)=(https?(?::|%3A)[^&]{8,800})", re.I)
_OF_NUMBER = {
    "document_id": "https://www.scribd.com/document/",
    "clip_id": "https://vimeo.com/",
}
NUMBERED = "|".join(_OF_NUMBER)
"""The variables of Flash players that are an item's number."""
_NUMBERED = re.compile(rf"(?:^|&)({NUMBERED})=(\d{{4,12}})(?=&|$)")


def played(value: str) -> str:
    """What a Flash player is told to play in its variables, or the value, which is none of these."""
    if "=" not in value or "//" in value[:8]:
        return value
    if found := _FLASHVARS.search(value):
        return unquote(found[1]) if "%" in found[1] else found[1]
    if found := _NUMBERED.search(value):
        return _OF_NUMBER[found[1]] + found[2]
    return value


def frame_rule(tag: str, name: str) -> str:
    """What a rule calls the attribute of a frame that holds its address."""
    return "iframe" if name == "src" and tag in {"iframe", "frame"} else f"{tag}[{name}]"
