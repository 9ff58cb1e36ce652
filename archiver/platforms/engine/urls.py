"""Addresses taken apart, put together, and taken out of the wrappers that others put around them."""

import html
import re
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_plus

from msgspec import Struct

from archiver.platforms.engine.helpers import JOURNALS, drawn_by, framed_by

LONGEST = 4096
_URL = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(//[^/?#\\]*)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.S
)
_UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_PORT = re.compile(r":\d*$")
_SLASHES = re.compile("/{2,}")
_NO_HOST = frozenset({"at", "tg", "spotify", "lbry", "instagram", "soundcloud"})


class Parts(Struct, frozen=True):
    """An address in pieces. `host` is lower case without `www.` and port, or `scheme:` where there
    is no host; `path` is percent-decoded, without a slash at the end; `query` keeps the first value
    of each parameter; `www` says that the host began with `www.`."""

    host: str
    path: str
    query: dict[str, str]
    fragment: str


def tidy_url(text: str) -> str:
    """An address as written, without what editors and encoders leave around it.

    Takes out white space and invisible signs, entity and backslash escapes, and gives a
    protocol-relative address its scheme.
    """
    url = _UNSEEN.sub("", text[:LONGEST]) if _UNSEEN.search(text) else text[:LONGEST]
    if "&" in url and ";" in url:
        url = html.unescape(url)
    if "\\" in url:
        url = url.replace("\\/", "/").replace("\\u002F", "/").replace("\\u0026", "&").strip("\\")
    url = url.strip("\"'<>()[]")
    return "https:" + url if url.startswith("//") else url


@lru_cache(maxsize=4096)
def split(url: str) -> Parts | None:
    """Take a tidied address apart; None when it is no absolute address of a kind we know."""
    found = _URL.fullmatch(url)
    if found is None:
        return None
    scheme, host, path, query, fragment = (part or "" for part in found.groups())
    scheme = scheme.lower()
    if scheme in _NO_HOST:
        return Parts(scheme + ":", (host + path).rstrip("/"), parameters(query), fragment)
    if scheme not in {"http", "https", "ftp"} or len(host) < 6:
        return None
    return Parts(bare_host(host[2:]), decoded_path(path), parameters(query), fragment)


def bare_host(authority: str) -> str:
    """The host of an authority: no user, no port, no final dot, no `www.`, lower case."""
    host = authority.rpartition("@")[2].lower()
    if ":" in host:
        host = _PORT.sub("", host)
    host = host.rstrip(".")
    return host.removeprefix("www.")


def decoded_path(path: str) -> str:
    """The path without doubled slashes and the last slash, percent-decoded."""
    path = unquote(path) if "%" in path else path
    return (_SLASHES.sub("/", path) if "//" in path else path).rstrip("/ ")


def parameters(query: str) -> dict[str, str]:
    """The query's parameters, first values, decoded; `;` and leftover `amp;` are no harm."""
    pairs: dict[str, str] = {}
    for piece in query.split("&")[:64] if query else ():
        name, _, value = piece.partition("=")
        pairs.setdefault(unquote_plus(name).removeprefix("amp;"), unquote_plus(value))
    return pairs


def encoded(url: str) -> str:
    """An address as one parameter of another."""
    return quote(url, safe="")


ARCHIVED = re.compile(
    r"(?:https?:)?//web\.archive\.org/(?:(?:web|save)/)?(?:\*/|\d{1,3}(?:[a-z]{2}_?)?/)?(?=https?:/{1,2}[^/])"
    r"|(?:https?:)?(?://(?:web\.archive\.org|wayback\.archive-it\.org/[^/]+|web\.archive\.bibalex\.org))?"
    r"/(?:web/)?(?=\d{4})\d{1,14}(?:[a-z]{2}_)?/(?=(?:https?:)?/{1,2}[^/])"
    r"|(?:https?:)?//[\w.-]{4,60}/(?:[\w-]{1,30}/){0,2}(?:19|20)\d{12}(?:[a-z]{2}_)?/(?=https?:/{1,2}[^/])"
)
"""How the address of an archived copy begins: at archives that cut instants short, at any with a whole one."""
_CACHED = re.compile(
    r"https?://[\w.-]+\.cdn\.ampproject\.org/(?:[a-z]/)?(?:v/|c/|i/)?(?:s/)?", re.I
)
_WRAPPERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"(?:[\w-]+\.)?google\.[a-z.]{2,6}", r"/(?:url|amp/s/.*)", ("q", "url")),
    (r"(?:l|lm)\.(?:facebook|instagram)\.com", r".*", ("u",)),
    (r"facebook\.com", r"/(?:l\.php|flx/warn.*)", ("u",)),
    (r"(?:[\w-]+\.)?youtube\.com", r"/(?:redirect|attribution_link)", ("q", "u")),
    (r"t\.umblr\.com", r"/redirect", ("z",)),
    (r"(?:out|click)\.reddit\.com", r".*", ("url",)),
    (r"(?:twitter|x)\.com", r"/safety/unsafe_link_warning", ("unsafe_link",)),
    (r"(?:cdn|api)\.embedly\.com|(?:i-)?cdn\.embed\.ly", r"/.*", ("url", "src")),
    (r"cdn\.iframe\.ly|iframely\.net|if-cdn\.com|iframe\.nbcnews\.com|oembed\.vice\.com|iframe\.ly", r"/.*", ("url",)),
    (r"noembed\.com", r"/.*", ("url",)),
    (r"steamcommunity\.com", r"/linkfilter", ("url", "u")),
    (r"href\.li", r".*", ("u",)),
    (r"(?:go|secure)\.(?:redirectingat|skimresources)\.com|redirect\.viglink\.com", r".*", ("url", "u")),
    (r"click\.linksynergy\.com|(?:[\w-]+\.)?awin1\.com", r".*", ("murl", "ued", "p")),
    (r"[\w.-]+\.safelinks\.protection\.outlook\.com|linkprotect\.cudasvc\.com", r".*", ("url", "a")),
    (r"[^/]+", r"/widgets/media\.html", ("url", "src")),  # Embedly under a site's own name
    (r"[^/]+", r"/(?:[\w.-]+/)*(?:\w*oembed\w*|o?embed(?:-proxy)?|iframely)(?:\.json)?", ("url",)),
)  # fmt: skip
_CARRYING = frozenset(name for _, _, names in _WRAPPERS for name in names)
_COMPILED = tuple((re.compile(h), re.compile(p), names) for h, p, names in _WRAPPERS)


_DEFENDED = re.compile(r"https?://urldefense\.(?:com|us)/v3/__(.{8,2000}?)__;", re.I)
_DEFENDED_QUERY = re.compile(
    r"https?://urldefense\.proofpoint\.com/v[12]/url\?u=([^&]{8,2000})", re.I
)
"""What mail filters make of the links that an editor is sent: the address in the path, or with other signs for
`%` and `/`."""


def unarchived(url: str) -> str:
    """The address inside an archived copy's rewritten one, or `url` itself."""
    found = ARCHIVED.match(url)
    if not found:
        return url
    rest = url[found.end() :]
    return re.sub(r"^(https?:)?/{1,2}", lambda m: (m[1] or "https:") + "//", rest)


def unwrapped(url: str, parts: Parts) -> tuple[str, ...]:
    """The addresses that a wrapper (link tracker, embed proxy, viewer) holds; empty when none."""
    if "ampproject.org" in url and (found := _CACHED.match(url)):
        return ("https://" + url[found.end() :],)
    if parts.host.endswith(".translate.goog"):
        host = parts.host.removesuffix(".translate.goog").replace("--", "\0").replace("-", ".")
        return ("https://" + host.replace("\0", "-") + parts.path,)
    if parts.host.startswith("urldefense."):
        return _undefended(url)
    drawn = drawn_by(parts.host, parts.path, parts.fragment) if parts.fragment else ""
    if drawn:
        return (drawn,)
    if parts.host.endswith(JOURNALS):
        framed = framed_by(parts.query)
        return (framed,) if framed else ()
    if _CARRYING.isdisjoint(parts.query) and not parts.path.startswith("/amp/s/"):
        return ()
    return _from_query(parts)


def _undefended(url: str) -> tuple[str, ...]:
    if found := _DEFENDED.match(url):
        return (found[1],)
    found = _DEFENDED_QUERY.match(url)
    return (unquote(found[1].replace("-", "%").replace("_", "/")),) if found else ()


def _from_query(parts: Parts) -> tuple[str, ...]:
    if parts.query.get("controller") == "embed":  # a forum's own page around the post
        return (tidy_url(parts.query.get("url", "")),)
    for host, path, names in _COMPILED:
        if path.fullmatch(parts.path) and host.fullmatch(parts.host):
            held = [parts.query[name] for name in names if name in parts.query]
            if parts.path.startswith("/amp/s/"):
                held.append("https://" + parts.path.removeprefix("/amp/s/"))
            base = "https://" + parts.host
            return tuple(base + h if h[0] == "/" else tidy_url(h) for h in held if "/" in h)
    return ()
