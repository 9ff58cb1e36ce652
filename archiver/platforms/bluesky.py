"""Bluesky and other views on the AT Protocol. Source: embed-formats A1 row 17, A2 section 16–19.

A handle may change, a DID does not: the id keeps what was seen (`did-or-handle/rkey`).
"""

from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.times import tid

_WHO = r"(?P<author>did:[a-z]+:[\w.:%-]+|[\w-]+(?:\.[\w-]+)+)"
_KEY = r"(?P<key>[\w-]{3,30})"
_POST = rf"{_WHO}/app\.bsky\.feed\.post/{_KEY}"
_ID = "{author}/{key}"

BLUESKY = Platform(
    name="bluesky",
    label="Bluesky",
    hosts=(
        "bsky.app", "fxbsky.app", "vxbsky.app", "bskyx.app", "bskye.app", "cbsky.app", "psky.app",
        "main.bsky.dev", "bsky.link", "deer.social", "blacksky.community", "witchsky.app", "at:",
    ),
    short_hosts=("go.bsky.app",),
    forms=(
        Form(r"/intent/.*", kind="share"),
        Form(rf"/profile/@?{_WHO}/post/{_KEY}(?:/.*)?", id=_ID),
        Form(rf"/embed/{_POST}", id=_ID),
        Form(r"/embed/post\.html", query=(("uri", r"(?P<to>.+)"),)),
        Form(host="at:", path=rf"//{_POST}", id=_ID),
        Form(rf"/profile/{_WHO}/(?:feed|lists)/.+|/starter-pack/.+", kind="widget"),
        Form(host="at:", path=rf"//{_WHO}/app\.bsky\.(?!feed\.post).*", kind="widget"),
        Form(rf"/profile/@?{_WHO}", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"(?P<author>did:[a-z]+:[\w.:%-]+)/{_KEY}",
            permalink=("https://bsky.app/profile/{author}/post/{key}",),
            embed=("https://embed.bsky.app/embed/{author}/app.bsky.feed.post/{key}",),
        ),
        Address(id=rf"{_WHO}/{_KEY}", permalink=("https://bsky.app/profile/{author}/post/{key}",)),
    ),
    markups=(
        Markup("bluesky.blockquote", ".bluesky-embed", "url:data-bluesky-uri link", caption=True),
        Markup("bluesky.blockquote", "[data-bluesky-uri]", "url:data-bluesky-uri"),
        Markup("bluesky.element", "bsky-post", "url:src url:uri url:href"),
        Markup("bluesky.element", "bluesky-post", "url:src url:uri url:href"),
        Markup("bluesky.feed", "bsky-embed", role="widget"),
    ),
    time=tid,
    fold=True,
    endpoints=(
        "https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread?uri=at://{author}/app.bsky.feed.post/{key}&depth=0",
        "https://embed.bsky.app/oembed?url={url}",
    ),
    types=("bluesky", "blueskypost", "bsky", "blueskyembed"),
    id_keys=("blueskyuri",),
)  # fmt: skip
