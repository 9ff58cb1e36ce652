"""Looking at what a visit received: its documents, its JSON, its page."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from archiver.domain.exchange import Exchange
from archiver.domain.post import Post, PostRef, View
from archiver.platforms import by_name, recognise
from archiver.platforms.signs import Sign

MOST_JSON = 24_000_000
MOST_OBJECTS = 400_000
MOST_ADDRESSES = 5_000
MOST_ASKED = 100_000
MOST_OF_BRIEF = 1000
"""Characters of a page's visible text; walls that were recorded have fewer, articles have more."""
PLAYING = "video[src], video source, audio[src], audio source"
NOWHERE = "(?!)"
SPARED = re.compile(r"^\s*(?:\)\]\}'|for\s*\(;;\);|while\s*\(1\);)\s*")
DEEPEST = 1000
TAG = re.compile(
    r"<(/)?(?!(?:p|li|dt|dd|tr|t[dh]|option|img|br|meta|link|input|hr|source|path|wbr)\b)[a-zA-Z]"
)
PARTED = re.compile("[:/]")
"""What stands between the parts of an id."""
ASSIGNED = re.compile(
    r"(?:ytInitialPlayerResponse|ytInitialData|_sharedData|__INITIAL_STATE__|SIGI_STATE|__NEXT_DATA__"
    r"|__PRELOADED_STATE__)[\"'\]]{0,2}\s{0,3}=\s{0,3}(?=\{)|ytcfg\.set\((?=\{)"
)


class VisitEvidence(Struct, frozen=True, kw_only=True):
    """What one view gave: the last main document, all exchanges, and the page as it was drawn.

    `final_url` is the address shown at the end, `dom` the document after scripts, `visible_text` that of
    all frames, `drawn` whether one of the platform's `drawn` selectors showed something, `error` what
    stopped the visit, in words.
    """

    post: Post
    view: View
    main: Exchange | None
    exchanges: tuple[Exchange, ...]
    final_url: str
    dom: str
    visible_text: str
    drawn: bool
    error: str = ""


class Json(Struct, frozen=True):
    """A JSON value that was received, alone or inside a page: where, the HTTP status it came with, and the body
    of the request that it answers."""

    url: str
    value: Any
    status: int = 200
    request: str = ""

    @property
    def failed(self) -> bool:
        """Whether its server says with the status that it could not answer now: then what is missing in it is no
        sign that there is nothing."""
        return self.status >= 500 or self.status == 429


def key_of(ref: PostRef) -> str:
    """The part of an id that names the post itself in a platform's answers."""
    return re.split(r"[/:]", ref.id)[-1]


class Received:
    """The evidence of one visit, read once: parsed when first asked for."""

    def __init__(self, evidence: VisitEvidence) -> None:
        self.evidence = evidence
        self.key = key_of(evidence.post.ref)
        self.main_url = evidence.main.url if evidence.main else evidence.final_url
        self._looks = MOST_ADDRESSES
        self.contradicted: dict[str, bool] = {}

    def place(self, sign: Sign) -> str:
        """The pattern of the addresses at which a sign counts. An endpoint was asked for this post and
        no other, whatever the id is called there."""
        asked = self.evidence.view.kind == "metadata"
        main = f"^{re.escape(self.main_url)}$"
        page = NOWHERE if asked or not self.at_post else main
        at = sign.at.replace("{main}", main).replace("{page}", page)
        at = at.replace("{own}", "" if self.own_server else NOWHERE)
        at = at.replace("{site}", self._site) if "{site}" in at else at
        return at.replace("{id}", r"[\w:.%~-]+" if asked else re.escape(self.key))

    @cached_property
    def at_post(self) -> bool:
        """Whether the document's address is the one that was asked for, or names the post. A redirect may lead to
        a page that says of itself that it is gone."""
        asked, came = self.evidence.view.url, unquote(self.main_url)
        return _spot(asked) == _spot(self.main_url) or stands(self.key, came)

    @cached_property
    def elsewhere(self) -> bool:
        """Whether the visit ended at an address that is known to be none of the post: a profile, a list, a home page,
        another post. What is drawn there is something else, though it names the author or links to the post."""
        evidence = self.evidence
        known, final = recognise(evidence.final_url), urlsplit(evidence.final_url)
        if stands(self.key, unquote(evidence.final_url)):
            return False
        asked = urlsplit(evidence.view.url)
        above = final.path.rstrip("/") + "/"
        led_up = asked.path.startswith(above) and asked.path.rstrip("/") + "/" != above
        bare = not (final.query or final.fragment)
        other = known is not None and known.kind in ("profile", "widget", "share")
        another = known is not None and known.ref is not None and self._another(known.ref)
        return other or another or (led_up and bare)

    def _another(self, found: PostRef) -> bool:
        """Whether an id is another post's for sure: of a platform whose posts have one id, and of the same kind."""
        wanted = self.evidence.post.ref
        platform = by_name(wanted.platform)
        sole = platform is not None and platform.one_id and found.platform == wanted.platform
        return sole and found != wanted and PARTED.findall(found.id) == PARTED.findall(wanted.id)

    @cached_property
    def _site(self) -> str:
        """A pattern of the addresses of the platform's operator and of the page's own host; of none where a page of
        the web is visited: what its parts are told is not the page."""
        platform = by_name(self.evidence.post.ref.platform)
        if platform is None:
            return NOWHERE
        own = (*platform.hosts, *platform.service_hosts, urlsplit(self.main_url).hostname or "-")
        return rf"^https?://(?:[^/?#]*\.)?(?:{'|'.join(map(re.escape, own))})(?::\d+)?/(?:.*/)?"

    @cached_property
    def own_server(self) -> bool:
        """Whether the server that the id names is known to be the author's own. Servers show posts of other
        servers too, under ids of their own, and forget them while they live there."""
        post, server = self.evidence.post, self.evidence.post.ref.id.partition("/")[0]
        known = recognise(post.url)
        author = ((known.author if known else None) or post.author or "").lstrip("@")
        return bool(author) and (author.partition("@")[2] or server).lower() == server

    @cached_property
    def brief(self) -> bool:
        """Whether the page has few words and plays nothing, as walls and messages do."""
        shown = " ".join(self.evidence.visible_text.split())
        plays = self.tree is not None and self.tree.css_first(PLAYING)
        return len(shown) <= MOST_OF_BRIEF and not plays

    def may_look(self) -> bool:
        """Whether one more address may be recognised; a hostile answer may hold a million of them."""
        self._looks -= 1
        return self._looks >= 0

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges, the main one among them."""
        main, others = self.evidence.main, self.evidence.exchanges
        return others if main is None or main in others else (main, *others)

    @cached_property
    def html(self) -> str:
        """The drawn document; without one, the main document as received when it is HTML."""
        main = self.evidence.main
        if self.evidence.dom or main is None:
            return self.evidence.dom
        return body_text(main) if is_html(main) else ""

    @cached_property
    def tree(self) -> LexborHTMLParser | None:
        """The page, parsed."""
        return parsed(self.html) if self.html.strip() else None

    @cached_property
    def json(self) -> tuple[Json, ...]:
        """Every JSON value: of exchanges, and of scripts inside the page."""
        answers = (
            Json(e.url, v, e.status, _request_of(e)) for e in self.exchanges for v in _json_of(e)
        )
        status = self.evidence.main.status if self.evidence.main else 200
        return (*answers, *(Json(self.main_url, value, status) for value in self._scripts()))

    def _scripts(self) -> Iterator[Any]:
        for script in self.tree.css("script") if self.tree else ():
            text = script.text() or ""
            kind = script.attributes.get("type") or ""
            starts = [0] if "json" in kind else [m.end() for m in ASSIGNED.finditer(text)]
            for start in starts:
                yield from _decoded(text[start:].lstrip())

    def documents(self, at: str, whole: bool = False) -> Iterator[tuple[str, LexborHTMLParser]]:
        """The pages whose address matches: the main one, and frames where `at` asks for them. `whole`: only
        pages as their server meant them to be read, which are no error's and did not break off."""
        main = self.evidence.main
        fits = not whole or (main is not None and is_whole(main))
        if fits and self.tree and (not at or re.search(at, self.evidence.final_url)):
            yield self.main_url, self.tree
        for exchange in self.exchanges if at else ():
            framed = exchange is not main and is_html(exchange)
            if framed and re.search(at, exchange.url) and (is_whole(exchange) or not whole):
                yield exchange.url, parsed(body_text(exchange))

    def answers(self, at: str) -> Iterator[Exchange]:
        """The main exchange, or those whose address matches."""
        if not at:
            yield from (self.evidence.main,) if self.evidence.main else ()
        else:
            yield from (e for e in self.exchanges if re.search(at, e.url))


def stands(key: str, text: str) -> bool:
    """Whether an id stands in a text and is not part of a longer one (`wall-1_2` holds `-1_2`)."""
    before = r"(?<![A-Za-z0-9])" if key[:1].isalnum() else ""
    return key != "" and re.search(rf"{before}{re.escape(key)}(?![A-Za-z0-9])", text) is not None


def _spot(address: str) -> tuple[str, str, str]:
    """What of an address tells one page from another, but for its scheme and a slash at its end."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.rstrip("/"), parts.query


def _request_of(exchange: Exchange) -> str:
    """The body of a request as text, where it is small enough to be a question."""
    body = exchange.request_body
    return body.read().decode("utf-8", "replace") if body.size <= MOST_ASKED else ""


def is_whole(exchange: Exchange) -> bool:
    """Whether an answer came to its end and is no error: only in such a one is what is missing missing."""
    return exchange.truncated is None and 200 <= exchange.status < 300


def is_html(exchange: Exchange) -> bool:
    """Whether a body is a page, by its type or by its beginning."""
    if exchange.media_type in ("text/html", "application/xhtml+xml"):
        return True
    return not exchange.media_type and exchange.body.read()[:200].lstrip().startswith(b"<")


def parsed(html: str) -> LexborHTMLParser:
    """The page as a tree, cut where it is nested deeper than any real one.

    Browsers nest no deeper than 512 elements; the parser's time grows with the square of the depth.
    """
    depth = 0
    for tag in TAG.finditer(html):
        depth += -1 if tag[1] else 1
        if depth > DEEPEST:
            return LexborHTMLParser(html[: tag.start()])
    return LexborHTMLParser(html)


def body_text(exchange: Exchange) -> str:
    """A body as text (UTF-8 with replacement; enough to look for ASCII and for ids)."""
    return exchange.body.read().decode("utf-8", "replace")


def _json_of(exchange: Exchange) -> Iterator[Any]:
    kind = exchange.media_type
    if exchange.body.size > MOST_JSON or kind.startswith(("image/", "video/", "audio/", "font/")):
        return
    if "json" in kind or kind in ("", "text/javascript", "text/plain", "application/x-javascript"):
        yield from _decoded(SPARED.sub("", body_text(exchange)).lstrip("\ufeff \r\n\t"))


def _decoded(text: str) -> Iterator[Any]:
    """The JSON value at the beginning of a text; nothing when there is none."""
    if text[:1] in ("{", "["):
        try:
            yield json.JSONDecoder().raw_decode(text)[0]
        except (ValueError, RecursionError):
            return


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON value, and inside JSON that is a string of it; without recursion."""
    todo, seen = [value], 0
    while todo and seen < MOST_OBJECTS:
        here = todo.pop()
        seen += 1
        if isinstance(here, dict):
            yield here
            todo.extend(here.values())
        elif isinstance(here, list):
            todo.extend(here)
        elif isinstance(here, str) and here.startswith('{"'):
            todo.extend(_decoded(here))


def spoken(value: object) -> str:
    """A JSON value as a pattern sees it: scalars as text, containers as `{}`, `[]`, `{…}`, `[…]`."""
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return "[…]" if value else "[]"
    return value if isinstance(value, str) else json.dumps(value)


def along(value: object, path: str) -> Iterator[Any]:
    """The values at a dotted path; `*` stands for any item of a list or object."""
    todo = [value]
    for step in filter(None, path.split(".")):
        todo = [below for here in todo for below in _below(here, step)]
    yield from todo


def _below(value: object, step: str) -> Iterable[Any]:
    if step == "*" and isinstance(value, dict | list):
        return value.values() if isinstance(value, dict) else value
    if isinstance(value, dict):
        return [value[step]] if step in value else []
    if isinstance(value, list) and step.isdigit():
        return value[int(step) : int(step) + 1]
    return []


def select(tree: LexborHTMLParser, selector: str) -> list[Any]:
    """The elements of a selector; none where the parser cannot read it."""
    try:
        return tree.css(selector)
    except SelectolaxError:
        return []
