"""Bluesky and other views on the AT Protocol. Source: embed-formats A1 row 17, A2 section 16–19.

A handle may change, a DID does not: the id keeps what was seen (`did-or-handle/rkey`).
Of a post that is known by a handle nobody can say by that handle that it is gone, whoever is asked.
Never seen live: embed.bsky.app and its messages.
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.times import tid
from archiver.platforms.signs import Sign

_ASK = r"/xrpc/app\.bsky\.feed\.getPost"

_ASKED = r"[?&](?:uris?(?:\[\d*\])?|anchor)=at://[^&\s]*/([\w-]+)"
_DID, _NAMED = r"did:.*", r"(?!did:).*"
_NO_POST = r"$.thread.$type=app\.bsky\.feed\.defs#notFoundPost"
_ASK_NEW = r"/xrpc/app\.bsky\.unspecced\.getPostThread"
_ITEM = r"uri=.*/{id}; value.$type=app\.bsky\.unspecced\.defs#threadItem"
_HANDLE = (
    "Bluesky finds no such post under the author's handle, which may be another's or none by now"
)

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
    service_hosts=("bsky.social", "bsky.network"),
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
    drawn=(
        "[data-testid=postText]", "[data-testid^=postThreadItem-by]",
        "#app a[href*='bsky.app/profile/'][href*='/post/']",
    ),
    element=("[data-uri]", "#app > div", "[data-testid^=postThreadItem-by]"),
    signs=(
        Sign("bluesky.not-found", Status.GONE, "json", "$.error=NotFound",
             "Bluesky says that there is no such post", _ASK, "authoritative", ids=_DID, asked=_ASKED),
        Sign("bluesky.thread-not-found", Status.GONE, "json", _NO_POST,
             "Bluesky says that there is no such post", "", "authoritative", ids=_DID, asked=_ASKED),
        Sign("bluesky.handle-not-found", Status.GONE, "json", "$.error=NotFound", _HANDLE, _ASK, "weak", ids=_NAMED,
             asked=_ASKED),
        Sign("bluesky.handle-thread", Status.GONE, "json", _NO_POST, _HANDLE, "", "weak", ids=_NAMED,
             asked=_ASKED),
        Sign("bluesky.item-not-found", Status.GONE, "json", _ITEM + "NotFound",
             "Bluesky says that there is no such post", _ASK_NEW, "authoritative", ids=_DID),
        Sign("bluesky.item-handle", Status.GONE, "json", _ITEM + "NotFound", _HANDLE, _ASK_NEW, "weak", ids=_NAMED),
        Sign("bluesky.item-blocked", Status.PRIVATE, "json", _ITEM + "Blocked",
             "the author has shut others out from the post", _ASK_NEW, "authoritative"),
        Sign("bluesky.item-opt-out", Status.LOGIN_WALL, "json", _ITEM + "NoUnauthenticated",
             "the author shows posts only to visitors who log in", _ASK_NEW, "authoritative"),
        Sign("bluesky.blocked", Status.PRIVATE, "json", r"$.thread.$type=app\.bsky\.feed\.defs#blockedPost",
             "the author has shut others out from the post", "", "authoritative", asked=_ASKED),
        Sign("bluesky.account", Status.WITHHELD, "json", "$.error=(?:Account|Repo)Take(?:n)?down",
             "Bluesky has taken the account down"),
        Sign("bluesky.account-off", Status.FAILED, "json", "$.error=(?:Account|Repo)Deactivated",
             "the author has switched the account off"),
        Sign("bluesky.opt-out", Status.LOGIN_WALL, "text", "requested their posts not be displayed on external sites",
             "the author shows posts only to visitors who log in"),
        Sign("bluesky.none", Status.GONE, "json", "$.posts=\\[\\]", "Bluesky gives no such post", r"feed\.getPosts",
             "strong", "appview", ids=_DID, asked=_ASKED),
        Sign("bluesky.oembed", Status.GONE, "status", "404", "Bluesky does not know the post", r"bsky\.app/oembed",
             "strong", "oembed", ids=_DID),
        Sign("bluesky.message", Status.GONE, "text", "Post not found, it may have been deleted",
             "Bluesky says that the post was not found",
             "", "weak", "appview"),
    ),
)  # fmt: skip
