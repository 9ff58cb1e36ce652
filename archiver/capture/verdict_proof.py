"""What shows that the post itself was received: its id beside content, its drawn element, its words.

An id alone proves nothing: error shells, consent pages and canonical links repeat the address that was
asked for. So an id counts where it names an object that has content, or an element that is drawn.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.capture.verdict_look import Json, Received, objects, select, spoken, stands
from archiver.domain.capture import Signal, Status
from archiver.platforms import by_name, recognise

CONTENT = frozenset(
    {
        "text", "full_text", "legacy", "title", "caption", "desc", "description", "shortdescription",
        "contents", "content", "html", "selftext", "body", "author", "author_name", "user", "owner",
        "account", "record", "core", "attributedto", "thumbnail_url", "display_url", "media", "items",
        "edge_media_to_caption", "image_versions2", "fulltitle", "creation_story", "message_text",
    }
)  # fmt: skip
"""Keys (lower case) of which a post's own object has at least one that is not empty."""

WHO = frozenset({"user", "author", "owner", "account"})
"""Keys under which a mere name is no content: a router's state takes an address apart (`user`, `id`)."""

OEMBED = frozenset({"rich", "video", "photo", "link"})
RELATED = re.compile(
    r"reply|parent|quot|re_?(?:tweet|post|blog|note)(?!s?_?count)|conversation|crosspost|root|thread|link_id",
    re.IGNORECASE,
)
"""Names of the fields in which a post names another: one that it answers, quotes or passes on."""

PROSE = CONTENT - {"html", "media", "thumbnail_url", "display_url", "record"}
"""Keys under which a link is one that somebody wrote, not what the object is."""

PLACES = ("url", "web_page", "author_url", "author_name", "html", "thumbnail_url")
"""Where oEmbed 1.0 (section 2.3.4) and its users name what an answer is about."""

ADDRESS = re.compile(r"(?:https?|at):[\\/]{2,4}[^\s\"'<>]{4,400}")
TELLING = 5  # an id shorter than this may stand anywhere by chance
LEAST_WORDS = 12
LONGEST_WORDS = 120
MOST_TITLE = 1000
EMPTY = ("", "{}", "[]", "null", "false", "0", "[deleted]", "[removed]", "[deleted by user]")
GENERIC_TITLES = re.compile(
    r"\W*(?:instagram|facebook|x|twitter|tiktok(?: - make your day)?|telegram|reddit.*|youtube|bluesky|mastodon"
    r"|log ?in.*|sign ?in.*|login.*|page not found.*|error.*|not found.*)?\W*",
    re.IGNORECASE,
)
UNSEEN = frozenset({"script", "style", "noscript", "template", "input", "form", "link", "meta"})
"""Elements whose attributes tell what was asked for, or what comes next, whatever the page shows."""

ASKING = re.compile(
    r"^(?!https?:|at:)[a-z][\w.+-]*://|(?:log|sign)[-_]?(?:in|up)\b"
    r"|\b(?:next|dest|continue|re(?:direct|turn)\w*)=",
    re.IGNORECASE,
)
"""Addresses that lead back to what was asked for, once the visitor has done something, or into an app."""


def proof(received: Received) -> Signal | None:
    """The first and best sign that the post is in what was received; None when nothing shows it."""
    ways = (_in_json, _in_oembed, _drawn, _in_words, _in_head, _in_page)
    return next((signal for way in ways for signal in way(received)), None)


def _signal(received: Received, rule: str, detail: str, url: str = "") -> Signal:
    shown = " ".join(detail.split())[:160]
    return Signal(rule=rule, points_to=Status.CAPTURED, url=url or received.main_url, detail=shown)


def _in_json(received: Received) -> Iterator[Signal]:
    """An object that carries the post's id or address and content beside it."""
    for document in _answered(received):
        for found in objects(document.value):
            name = next((k for k, v in found.items() if _names(received, k, v)), None)
            if name is not None and _has_content(found):
                yield _signal(received, "post.data", f"{name}: {spoken(found[name])}", document.url)


def _answered(received: Received) -> Iterator[Json]:
    """The JSON of answers that are no errors: an error may repeat what was asked for beside its own title."""
    return (document for document in received.json if document.status < 400)


def _in_oembed(received: Received) -> Iterator[Signal]:
    """An oEmbed answer to a question about this very post that says its author, or a part of its id, and
    what it is; some services give neither the post's address nor its number."""
    for document in _answered(received):
        found = document.value
        if not isinstance(found, dict) or not OEMBED.issuperset({str(found.get("type"))}):
            continue
        asked = re.search(r"[?&]url=([^&]+)", document.url)
        about = "version" in found and asked and _links_to(received, unquote(unquote(asked[1])))
        said = " ".join(spoken(found.get(key)) for key in PLACES)
        whose = spoken(found.get("author_url")).rstrip("/").rpartition("/")[2].lower()
        parts = re.split(r"[/:]", received.evidence.post.ref.id.lower())
        by = next((t for t in _traits(received) if stands(t.lower(), said.lower())), "")
        by = by or (whose if whose in parts else "")
        if about and by and found.get("title"):
            yield _signal(received, "post.data", f"oEmbed: {by}: {found['title']}", document.url)


def _traits(received: Received) -> Iterator[str]:
    """What an oEmbed answer may say of the post's identity: parts of its id, its author."""
    post = received.evidence.post
    yield from (part for part in re.split(r"[/:]", post.ref.id) if len(part) >= TELLING)
    yield from (name for name in (post.author, post.author_name) if name and len(name) > 2)


def _names(received: Received, name: str, value: object) -> bool:
    """Whether a JSON value is the post's id, or an address (or markup with one) of the post."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    text, key = str(value), received.key
    if key not in text or RELATED.search(name):
        return False
    if text == key or (len(text) - len(key) <= 3 and text.endswith("_" + key)):
        return len(key) >= TELLING or name in ("id_str", "rest_id")
    if text.startswith("at://") and text.endswith("/" + key):
        return True
    return name.lower() not in PROSE and _links_to(received, text)


def _links_to(received: Received, text: str) -> bool:
    """Whether one of the addresses in a text is the post's."""
    wanted = received.evidence.post.ref
    for match in ADDRESS.finditer(text[:20_000]):
        if received.key in match[0] and received.may_look():
            known = recognise(match[0].replace("\\/", "/").replace("&amp;", "&"))
            if known and known.ref and (known.ref == wanted or _same_key(known.ref.id, wanted.id)):
                return True
    return False


def _same_key(one: str, other: str) -> bool:
    """Whether two ids differ in their first part only (handle and DID, channel in other letters)."""
    tail = re.split(r"[/:]", one)[-1]
    return "/" in other and len(tail) > 6 and tail == re.split(r"[/:]", other)[-1]


def _has_content(found: dict[str, Any]) -> bool:
    return any(
        key.lower() in CONTENT and spoken(value) not in EMPTY
        for key, value in found.items()
        if key not in WHO or not isinstance(value, str | int)
    )


def _drawn(received: Received) -> Iterator[Signal]:
    """The platform's own element of a post is drawn, and id, author or words are in the page."""
    evidence = received.evidence
    platform = by_name(evidence.post.ref.platform)
    shown = drawn_by(received, platform.drawn if platform else ())
    if not (evidence.drawn or shown) or received.elsewhere:
        return
    by = _identity(received)
    if by:
        yield _signal(received, "post.drawn", f"{shown or 'drawn'}, with {by}")


def drawn_by(received: Received, selectors: tuple[str, ...]) -> str:
    """The first of the selectors that shows something in the page."""
    tree = received.tree
    for selector in selectors if tree else ():
        if tree and any(_shows(node) for node in select(tree, selector)):
            return selector
    return ""


def _shows(node: LexborNode) -> bool:
    """Whether an element has something to be seen, by its text or what it holds."""
    seen = node.tag in ("video", "img") or node.css_first("img, video, canvas, svg, iframe")
    return bool((node.text() or "").strip() or seen)


def _identity(received: Received) -> str:
    """Which of the post's own traits stands in the drawn page: its id, its author, its words."""
    post = received.evidence.post
    if received.key and _named(received):
        return f"the id {received.key}"
    if author := _author(received):
        return f"the author {author}"
    platform = by_name(post.ref.platform)
    if platform and platform.aliases and stands(received.key, received.evidence.final_url):
        return "the address that was asked for"
    return "its words" if _has_words(received) else ""


def _author(received: Received) -> str:
    """The author's name where it stands in the visible text of a page that is no error."""
    evidence, post = received.evidence, received.evidence.post
    if evidence.main is not None and evidence.main.status >= 400:
        return ""
    text = evidence.visible_text.lower()
    if post.author and _as_word(post.author.split("@")[0], text):
        return post.author
    name = post.author_name or ""
    return name if len(name) > 2 and name.lower() in text else ""


def _named(received: Received) -> bool:
    """Whether the post's id stands in what the page shows: its words, or an attribute of an element to be seen."""
    body = received.tree.body if received.tree else None
    fold, wanted = _fold(received), _naming(received)
    shown = [fold(received.evidence.visible_text)]
    if body is not None and any(w.strip("/=") in fold(body.html or "") for w in wanted):
        shown.extend(fold(value) for value in _attributes(body))
    return any(stands(w, text) for text in shown for w in wanted if w in text)


def _fold(received: Received) -> Callable[[str], str]:
    platform = by_name(received.evidence.post.ref.platform)
    return str.lower if platform and platform.fold else str


def _naming(received: Received) -> tuple[str, ...]:
    """What names the post in a page: its id, or as much more of its address as tells where the id is short."""
    key, parts = received.key, re.split(r"[/:]", received.evidence.post.ref.id)
    if len(key) >= TELLING or not key[:1].isalnum():
        return (key,)
    return ("/".join(parts[-2:]),) if len(parts) > 1 else (f"/{key}", f"={key}")


def _attributes(body: LexborNode) -> Iterator[str]:
    """The attributes of all elements that a visitor may see, but for addresses that only lead back here."""
    for node in body.traverse(include_text=False):
        if node.tag not in UNSEEN and (node.parent is None or node.parent.tag not in UNSEEN):
            values = (value for value in node.attributes.values() if value)
            yield from (value for value in values if not ASKING.search(value[:2000]))


def _as_word(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", text) is not None


def _in_head(received: Received) -> Iterator[Signal]:
    """The page's own card (Open Graph) names this post and says something of it."""
    tree = received.tree
    if tree is None or tree.head is None or received.elsewhere:
        return
    said = {_meta_name(m.attributes): _meta_value(m.attributes) for m in tree.css("meta")}
    links = tree.css("link[rel=canonical], link[rel=alternate]")
    own = [said.get("og:url", ""), *(link.attributes.get("href") or "" for link in links)]
    frames = [frame.attributes.get("src") or "" for frame in tree.css("iframe[src]")]
    about = (said.get("og:description") or said.get("twitter:description") or "").strip()
    title = said.get("og:title") or said.get("twitter:title") or ""
    named = any(_links_to(received, place) for place in own)
    framed = about and any(_links_to(received, place) for place in frames)
    if (named or framed) and title and not _generic(title, received):
        yield _signal(received, "post.card", f"{title}: {about}" if about else title)


def _generic(title: str, received: Received) -> bool:
    """Whether a title is the site's and no post's: its name, alone or before what it says of itself."""
    platform = by_name(received.evidence.post.ref.platform)
    names = {platform.label.lower(), platform.name} if platform else set()
    shown = " ".join(title[:MOST_TITLE].split())
    name = re.split(r"\s+[-–—|•·]\s+|\s*[:|•·]\s+", shown, maxsplit=1)[0]
    return name.lower() in names or GENERIC_TITLES.fullmatch(title) is not None


def _meta_value(attributes: dict[str, str | None]) -> str:
    return attributes.get("content") or attributes.get("value") or ""


def _meta_name(attributes: dict[str, str | None]) -> str:
    name = attributes.get("property") or attributes.get("name") or ""
    return name.lower()


def _in_page(received: Received) -> Iterator[Signal]:
    """Where no look of the platform is known: a page that answered, has content and names the post."""
    evidence, tree = received.evidence, received.tree
    platform = by_name(evidence.post.ref.platform)
    unknown = platform is not None and not platform.drawn
    if tree is None or tree.body is None or not unknown or received.elsewhere:
        return
    answered = evidence.main is not None and 200 <= evidence.main.status < 300
    has_content = len(evidence.visible_text.strip()) >= LEAST_WORDS or tree.css_first(
        "video, audio"
    )
    by = _identity(received) or _player(received, tree) if answered and has_content else ""
    if by:
        yield _signal(received, "post.page", f"a page with {by}")


def _player(received: Received, tree: LexborHTMLParser) -> str:
    """What shows that a player is the post's where only its script names it, as of many players."""
    scripts = tree.css("script") if tree.css_first("video, audio, canvas, iframe[src]") else ()
    named = any(stands(w, s.text() or "") for s in scripts for w in _naming(received))
    return f"a player of {received.key}" if named else ""


def _in_words(received: Received) -> Iterator[Signal]:
    if _has_words(received) and not received.elsewhere:
        yield _signal(received, "post.words", received.evidence.post.text or "")


def _has_words(received: Received) -> bool:
    """Whether the words known of the post stand in the visible text or in a JSON answer. An error may repeat what
    was looked for."""
    words = plain(received.evidence.post.text or "")[:LONGEST_WORDS]
    if len(words) < LEAST_WORDS:
        return False
    main = received.evidence.main
    if (main is None or main.status < 400) and words in plain(received.evidence.visible_text):
        return True
    texts = (
        value
        for document in _answered(received)
        for found in objects(document.value)
        for key, value in found.items()
        if isinstance(value, str) and key.lower() in CONTENT
    )
    return any(words in plain(text) for text in texts)


def plain(text: str) -> str:
    """Letters and digits only, small, without addresses: how words are compared."""
    bare = re.sub(r"(?:https?://|pic\.(?:twitter|x)\.com/)\S+", " ", text.lower())
    return re.sub(r"[\W_]+", "", bare)
