"""JSON: every value is looked at; what names a post of a platform is noted with its path.

Source of the shapes: embed-formats A0.5. An object says what it is by a type or provider name (`type`,
`_type`, `__typename`, `provider_name`, …); the words are those of the platform tables. Strings that
hold markup are read as markup; arrays that are React elements are put back into markup.
"""

import html
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import msgspec

from archiver.extraction.encoded import looks_encoded, markup_in, may_carry
from archiver.extraction.links import worth_reading
from archiver.extraction.page import Page
from archiver.extraction.plausible import STRONG_IDS, STRONG_KEYS, TYPES, plausible

Reader = Callable[[str, Page], None]
Trail = tuple[Any, ...]

TYPE_KEYS = frozenset((
    "type", "_type", "__typename", "@type", "subtype", "kind", "provider", "provider_name",
    "providerName", "providerNameSlug", "service", "embedType", "embed_type", "blockType",
    "component", "componentName", "nodeType", "blockName", "mediaType", "media_type", "platform",
    "network", "contentType", "content_type", "social_type", "socialType", "elementType",
    "shortcode-id",
))  # fmt: skip
URL_KEYS = (
    "url", "src", "href", "link", "permalink", "canonicalUrl", "canonical_url", "embedUrl",
    "embed_url", "embedURL", "externalUrl", "external_url", "source", "oembedUrl", "oembed_url",
    "tweetUrl", "tweet_url", "postUrl", "post_url", "videoUrl", "video_url", "uri", "value", "embed",
    "originalUrl", "original_url", "contentUrl", "mediaUrl", "sourceUrl", "link_url",
    "shortcode-url",
)  # fmt: skip
ID_KEYS = (
    "id", "tweetId", "tweet_id", "tweetID", "postId", "post_id", "videoId", "video_id", "videoID",
    "code", "shortcode", "statusId", "status_id", "externalId", "external_id", "embedId", "embed_id",
    "assetId", "contentId", "value", "mediaId", "key", "referenceId",
)  # fmt: skip
_URLS_AND_IDS = (*URL_KEYS, *ID_KEYS)
STRONG_URLS = frozenset({
    "embedurl", "embed_url", "oembedurl", "oembed_url", "tweeturl", "tweet_url", "instagramurl",
    "instagram_url", "youtubeurl", "youtube_url", "tiktokurl", "tiktok_url",
    "vimeo_url", "vimeourl", "dailymotion_url", "iframesrc", "iframe_src", "iframeurl", "iframe_url",
})  # fmt: skip
"""Keys whose value is an embed whatever the object is."""
EMBED_WORDS = frozenset({
    "embed", "oembed", "oembedresponse", "socialembed", "externalembed", "mediaembed",
    "embedblock", "coreembed", "social", "socialmedia", "socialmediaposting",
    "discussionforumposting", "videoobject", "audioobject", "embedblockelement", "richembed",
    "inlineembed", "embeddedvideo", "externalvideo", "remotevideo", "videoembed", "socialpost",
})  # fmt: skip
_INNER = (
    "data", "attrs", "params", "embed", "oembed", "config", "attributes", "attribs", "fields", "model", "props",
)  # fmt: skip
"""Keys of an object that says its type, under which what it is may stand."""
NODES = 400_000
"""Values of one payload that are looked at."""

_TELLING = TYPE_KEYS | STRONG_KEYS
_LAST = re.compile(r"[./:\\\\]")
_PLAIN = re.compile(r"[^a-z0-9]+")
_BLOCKS = ("block", "component", "module", "section", "widget", "element", "slice", "iframe")
"""With `video` in a type's name: a part of an article that shows a video of whatever platform."""
_SUFFIXES = (
    "embed",
    "post",
    "block",
    "blockelement",
    "component",
    "element",
    "card",
    "video",
    "node",
)


def read_json_text(text: str, page: Page, reader: Reader, root: str = "$", meant: str = "") -> bool:
    """Read a JSON text. False when it is none. `meant` is the platform that what holds it names, if any."""
    try:
        value = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError, ValueError):
        return False
    if meant and isinstance(value, dict):
        _typed(value, meant, ((), root), page)
    read_value(value, page, reader, root)
    return True


def read_value(value: Any, page: Page, reader: Reader, root: str = "$") -> None:  # noqa: ANN401
    """Walk a decoded value in document order."""
    todo: list[tuple[Any, Trail]] = [(value, ((), root))]
    pool = value if _is_flat(value) else []
    seen = 0
    while todo and seen < NODES:
        value, trail = todo.pop()
        seen += 1
        if isinstance(value, str):
            _string(value, trail, page, reader)
        elif isinstance(value, dict):
            if not _TELLING.isdisjoint(value):
                _object(_joined(value, pool) if pool else value, trail, page)
            _keep(reversed(value.items()), trail, todo)
        elif isinstance(value, list):
            if len(value) == 4 and value[0] == "$" and isinstance(value[1], str):
                _react(value, trail, page, reader)
            _keep(zip(range(len(value) - 1, -1, -1), reversed(value), strict=True), trail, todo)


def _keep(items: Iterable[tuple[Any, Any]], trail: Trail, todo: list[tuple[Any, Trail]]) -> None:
    """Put aside what can hold anything: objects, arrays, strings that `_string` looks into."""
    for key, value in items:
        kind = type(value)
        if kind is str:
            if len(value) > 10 and _speaks(value, key):
                todo.append((value, (trail, key)))
        elif value and (kind is dict or kind is list):
            todo.append((value, (trail, key)))


def _speaks(value: str, key: Any) -> bool:  # noqa: ANN401
    if "<" in value or value[0] in "{[" or "&lt;" in value or "[/embed]" in value:
        return True
    if len(value) > 60 and " " not in value and "://" not in value:
        return True
    return _is_strong(key) and ("//" in value or len(value) > 60)


@lru_cache(maxsize=4096)
def _is_strong(key: Any) -> bool:  # noqa: ANN401
    return str(key).lower() in STRONG_URLS


def _is_flat(value: Any) -> bool:  # noqa: ANN401
    """Whether a payload is flattened: one array, in which objects name their values by index (Nuxt)."""
    if not isinstance(value, list) or len(value) < 8:
        return False
    objects = [v for v in value[:200] if isinstance(v, dict) and v]
    return bool(objects) and all(isinstance(i, int) for v in objects for i in v.values())


def _joined(value: dict[Any, Any], pool: list[Any], depth: int = 0) -> dict[Any, Any]:
    """An object of a flattened payload with its values put in, two levels deep."""
    whole: dict[Any, Any] = {}
    for key, index in value.items():
        held = pool[index] if isinstance(index, int) and 0 <= index < len(pool) else index
        whole[key] = (
            _joined(held, pool, depth + 1) if isinstance(held, dict) and depth < 2 else held
        )
    return whole


def path_of(trail: Trail) -> str:
    """A trail as a JSON path."""
    names: list[Any] = []
    while trail:
        trail, name = trail
        names.append(name)
    words = (f"[{n}]" if isinstance(n, int) else f".{n}" for n in reversed(names[:-1]))
    return str(names[-1]) + "".join(words)


def _string(value: str, trail: Trail, page: Page, reader: Reader) -> None:
    if value[0] in "{[" and value[-1] in "}]" and '"' in value:
        with page.inside(path_of(trail), len(value)) as allowed:
            if not allowed or read_json_text(value, page, reader):
                return
    if "<" in value or "&lt;" in value or _is_encoded(value) or "[/embed]" in value:
        _markup(value, trail, page, reader)
    elif str(trail[1]).lower() in STRONG_URLS and worth_reading(value):
        _see(value, trail, page, "{}.json-address", 0.75)


def _is_encoded(value: str) -> bool:
    return len(value) > 60 and " " not in value and "://" not in value and looks_encoded(value)


def _markup(value: str, trail: Trail, page: Page, reader: Reader) -> None:
    markup = markup_in(value)
    if not may_carry(markup) and "[/embed]" not in markup:
        return
    with page.inside(path_of(trail), len(markup)) as allowed:
        if allowed:
            reader(markup, page)


@lru_cache(maxsize=4096)
def _platform_named(held: str) -> str | None:
    """The platform that a type or provider name means, however it is written."""
    return _platform_of(_PLAIN.sub("", _LAST.split(held)[-1].lower()))


def _platform_of(word: str) -> str | None:
    """The platform that a type's name means, `embed` for one that means any, or None."""
    if word in TYPES:
        return TYPES[word]
    if word in EMBED_WORDS or "embed" in word or "externalcontent" in word:
        return _inside(word) or "embed"
    if "iframe" in word or ("video" in word and any(block in word for block in _BLOCKS)):
        return "embed"
    for suffix in _SUFFIXES:
        shorter = word.removesuffix(suffix)
        if shorter != word and shorter in TYPES:
            return TYPES[shorter]
    return None


def _inside(word: str) -> str | None:
    """The platform that a word with `embed` in it names (`twitterembedblock`)."""
    rest = word.replace("oembed", "").replace("embed", "").removeprefix("core")
    return next(
        (TYPES[t] for t in (rest, *(rest.removesuffix(s) for s in _SUFFIXES)) if t in TYPES), None
    )


def _object(value: dict[Any, Any], trail: Trail, page: Page) -> None:
    for name in TYPE_KEYS.intersection(value):
        held = value[name]
        platform = _platform_named(held) if isinstance(held, str) and len(held) < 100 else None
        if platform and _typed(value, platform, trail, page):
            return
    for key in STRONG_KEYS.intersection(value):
        held = value[key]
        if isinstance(held, str | int):
            _known(str(held), STRONG_IDS[key.lower()], trail, key, page)


def _typed(value: dict[Any, Any], platform: str, trail: Trail, page: Page) -> bool:
    for held in (value, *map(value.get, _INNER)):
        if not isinstance(held, dict):
            continue
        for key in URL_KEYS if platform == "embed" else _URLS_AND_IDS:
            url = held.get(key)
            if isinstance(url, str) and worth_reading(url):
                known = page.known(url)
                if known and known.kind == "post" and platform in {"embed", known.platform}:
                    _see(url, (trail, key), page, "{}.json", 0.85)
                    return True
        for key in ID_KEYS if platform != "embed" else ():
            token = held.get(key)
            if isinstance(token, str | int) and _known(str(token), platform, trail, key, page):
                return True
    return False


def _known(token: str, platform: str, trail: Trail, key: str, page: Page) -> bool:
    """Note an id that has the shape of one."""
    if not plausible(platform, token):
        return False
    with page.inside(path_of((trail, key)), 0):
        return page.know(platform, token, "{}.json", sure=0.8) is not None


def _see(url: str, trail: Trail, page: Page, rule: str, sure: float) -> None:
    with page.inside(path_of(trail), 0):
        page.see(url, rule, sure=sure)


_REACT_TAGS = frozenset(
    {"iframe", "blockquote", "a", "p", "section", "div", "span", "oembed", "br"}
)
_SHOWS = frozenset({"iframe", "blockquote", "oembed"})


def _react(value: list[Any], trail: Trail, page: Page, reader: Reader) -> None:
    """A React element of a flight payload, `["$", tag, key, properties]`, read as markup."""
    tag = value[1]
    if tag in _SHOWS or "-" in tag:
        _markup(react_markup(value), trail, page, reader)


def react_markup(value: Any, depth: int = 0) -> str:  # noqa: ANN401
    """The markup of a React element and what is in it."""
    if isinstance(value, str):
        return html.escape(value)
    if not isinstance(value, list) or depth > 20:
        return ""
    if not (len(value) == 4 and value[0] == "$" and isinstance(value[1], str)):
        return "".join(react_markup(inner, depth + 1) for inner in value)
    tag, properties = value[1], value[3] if isinstance(value[3], dict) else {}
    if not re.fullmatch(r"[a-z][\w-]*", tag):
        tag = "span"
    names = {"className": "class"}
    held = "".join(
        f' {names.get(k, k)}="{html.escape(v)}"'
        for k, v in properties.items()
        if isinstance(v, str)
    )
    return f"<{tag}{held}>{react_markup(properties.get('children'), depth + 1)}</{tag}>"
