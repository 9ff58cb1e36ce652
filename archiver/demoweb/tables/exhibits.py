"""The exhibits: for each platform the states that it has of its own, and those that any platform has.

Sources: embed-formats A2, platform-answers; the words are ours where they are not the platform's signs.
"""

from collections.abc import Iterator
from hashlib import sha256

from archiver.demoweb.gallery import Exhibit, Shown
from archiver.demoweb.model import Answer
from archiver.demoweb.render import data
from archiver.demoweb.tables.exhibits_any import ANY, LOGINS, NOT_OF, html, titled
from archiver.domain.capture import Status
from archiver.domain.post import PostRef
from archiver.platforms import permalink

S = Status
HOST = "social.demo-instance.example"
DID = "did:plc:gallerydemo2222222222222"
AUTHOR = "gallery_demo"
STATUS_OF = {
    "login-wall": S.LOGIN_WALL, "bot-wall": S.BOT_WALL, "too-many": S.RATE_LIMITED, "server-error": S.FAILED,
    "maintenance": S.FAILED, "consent": S.FAILED, "empty-shell": S.FAILED,
}  # fmt: skip
EMPTY = Answer(status=404)
SYNDICATION = r"^cdn\.syndication\.twimg\.com/"
GRAPH = r"^api\.x\.com/"
PLAYER = "/youtubei/v1/player"
APPVIEW = r"^public\.api\.bsky\.app/"
API = "/api/v1/statuses/"

NONE_HERE = titled("Not here", "We looked everywhere.", status=404)

OPTED_OUT = "The author of this post has requested their posts not be displayed on external sites."

Own = tuple[Status, tuple[Shown, ...]]


def stone(words: str) -> tuple[Shown, ...]:
    """X says so at both its endpoints."""
    body = {"__typename": "TweetTombstone", "tombstone": {"text": {"text": words}}}
    return (
        Shown(SYNDICATION, data(body)),
        Shown(GRAPH, data({"data": {"tweetResult": {"result": body}}})),
    )


def playable(status: str, reason: str, oembed: int) -> tuple[Shown, ...]:
    """YouTube's player and its oEmbed say so."""
    body = {"playabilityStatus": {"status": status, "reason": reason}}
    return (Shown(PLAYER, data(body)), Shown("/oembed", Answer(status=oembed)))


def tiktok_state(code: int, words: str, oembed: int) -> tuple[Shown, ...]:
    """TikTok's embed view and page draw this state; oEmbed answers with that status."""
    script = (
        f'<script type="application/json">{{"statusCode": {code}, "statusMsg": "{words}"}}</script>'
    )
    return (
        Shown("/oembed", data({"code": oembed}, status=oembed)),
        Shown("", html(script, "<body><p>Nothing.</p></body>")),
    )


def widget(words: str) -> tuple[Shown, ...]:
    """Telegram's widget says so; the landing page stands without a post."""
    error = f"<body><div class='tgme_widget_message_error'>{words}</div></body>"
    return (Shown("embed=1", html("<title>Widget</title>", error)),)


def card(url: str, title: str) -> Answer:
    """A post's page as a visitor without an account sees it."""
    head = f"<title>{title}</title><meta property='og:url' content='{url}'>"
    head += f"<meta property='og:title' content='{title}'>"
    return html(
        head + "<meta property='og:description' content='The lock keeper waves.'>",
        "<body><main></main></body>",
    )


def broken_embed(page: Answer) -> tuple[Shown, ...]:
    """Instagram's one sentence in the embed view, and that page."""
    body = "<body><div class='Embed EmbedIsBroken'><div class='ebmMessage'>The link may be broken.</div></div></body>"
    return (Shown("/embed", html("<title>Instagram</title>", body)), Shown("", page))


def plugin(page: Answer) -> tuple[Shown, ...]:
    """Facebook's one sentence in the plugin, and that page."""
    words = "This Facebook post is no longer available. It may have been removed."
    return (Shown("/plugins/", titled("Facebook", words)), Shown("", page))


def reddit_says(reason: str) -> tuple[Shown, ...]:
    """Reddit's refusals, as JSON where JSON is asked for."""
    body = {"reason": reason, "message": "Forbidden", "error": 403}
    return (Shown("", data(body, status=403)),)


def own_states(platform: str, url: str) -> dict[str, Own]:
    """The states that are the platform's own: what becomes of the post, and its answers."""
    return (_large(url) | _others())[platform]


def _large(url: str) -> dict[str, dict[str, Own]]:
    return {
        "x": {
            "deleted": (S.GONE, stone("This Post was deleted by the Post author. Learn more")),
            "account-gone": (S.GONE, stone("This Post is from an account that no longer exists. Learn more")),
            "suspended": (S.WITHHELD, stone("This Post is from a suspended account. Learn more")),
            "private": (S.PRIVATE, stone("This account owner limits who can view their Posts. Learn more")),
            "age-gated": (S.LOGIN_WALL, stone("Age-restricted adult content. You’ll need to log in to X.")),
            "geo-withheld": (S.WITHHELD, stone("This Post has been withheld in your country. Learn more")),
            "one-witness": (S.FAILED, (Shown(SYNDICATION, data({}, status=404)), Shown("", Answer(status=500)))),
        },
        "instagram": {
            "deleted": (S.FAILED, broken_embed(NONE_HERE)),
            "private": (S.FAILED, broken_embed(NONE_HERE)),
            "suspended": (S.FAILED, broken_embed(NONE_HERE)),
            "embedding-refused": (S.CAPTURED, broken_embed(card(url, "Gallery Demo on Instagram"))),
            "age-gated": (S.LOGIN_WALL, (Shown("/embed", data({"require_login": True})),
                                         *ANY["login-wall"]("instagram", url))),
        },
        "facebook": {
            "deleted": (S.FAILED, plugin(titled("Facebook", "This content isn't available right now"))),
            "private": (S.FAILED, plugin(titled("Facebook", "This content isn't available at the moment"))),
            "embedding-refused": (S.CAPTURED, plugin(card(url, "The lock keeper waves"))),
            "age-gated": (S.LOGIN_WALL, ANY["login-wall"]("facebook", url)),
        },
        "youtube": {
            "deleted": (S.GONE, playable("ERROR", "This video has been removed by the uploader", 404)),
            "unknown": (S.GONE, playable("ERROR", "Dieses Video gibt es nicht", 404)),
            "suspended": (S.WITHHELD, playable("ERROR", "The account of this video has been terminated", 404)),
            "private": (S.PRIVATE, playable("LOGIN_REQUIRED", "This video is private", 403)),
            "age-gated": (S.LOGIN_WALL, playable("LOGIN_REQUIRED", "Sign in to confirm your age", 200)),
            "geo-withheld": (S.WITHHELD, playable("UNPLAYABLE", "Not available in your country", 200)),
            "embedding-refused": (S.FAILED, playable("UNPLAYABLE", "Playback on other websites is disabled", 401)),
            "members-only": (S.WITHHELD, playable("UNPLAYABLE", "Join this channel to become a member", 200)),
        },
    }  # fmt: skip


def _others() -> dict[str, dict[str, Own]]:
    return {
        "tiktok": {
            "deleted": (S.GONE, tiktok_state(10204, "item doesn't exist", 400)),
            "private": (S.PRIVATE, tiktok_state(10222, "author_secret", 400)),
            "geo-withheld": (S.FAILED, tiktok_state(10204, "", 500)),
        },
        "telegram": {
            "deleted": (S.GONE, widget("Post not found")),
            "geo-withheld": (S.WITHHELD, widget("This channel can't be displayed because it violated local laws.")),
            "age-gated": (S.WITHHELD, widget("This channel can't be displayed because it shows porn.")),
        },
        "bluesky": {
            "deleted": (S.GONE, (Shown(APPVIEW, data({"error": "NotFound", "message": "-"}, status=400)),)),
            "suspended": (S.WITHHELD, (Shown(APPVIEW, data({"error": "AccountTakedown"}, status=400)),)),
            "switched-off": (S.FAILED, (Shown(APPVIEW, data({"error": "AccountDeactivated"}, status=400)),
                                        Shown("/oembed", Answer(status=500)))),
            "private": (S.PRIVATE, (Shown(APPVIEW, data({"thread": {"$type": "app.bsky.feed.defs#blockedPost"}})),)),
            "login-only": (S.LOGIN_WALL, (Shown(APPVIEW, data(None)), Shown("/oembed", Answer(status=500)),
                Shown("", titled("Bluesky", OPTED_OUT)))),
        },
        "mastodon": {
            "deleted": (S.GONE, (Shown(API, data({"error": "Record not found"}, status=404)), Shown("", NONE_HERE))),
            "suspended": (S.GONE, (Shown("", titled("Gone", "This account was suspended.", status=410)),)),
            "private": (S.FAILED, (Shown("", NONE_HERE),)),
            "login-only": (S.LOGIN_WALL, (Shown(API, data({"error": "This method requires a user"}, status=401)),
                                          Shown("", titled("Sign in", "Members only.", status=401)))),
        },
        "reddit": {
            "deleted": (S.GONE, (Shown("/oembed", EMPTY), Shown("", html("<title>Reddit</title>",
                "<body><shreddit-post author='[deleted]' post-title='[deleted by user]'>-</shreddit-post></body>")))),
            "private": (S.PRIVATE, reddit_says("private")),
            "age-gated": (S.LOGIN_WALL, reddit_says("quarantined")),
            "suspended": (S.WITHHELD, reddit_says("banned")),
        },
    }  # fmt: skip


PLATFORMS = (
    "x",
    "instagram",
    "facebook",
    "youtube",
    "tiktok",
    "telegram",
    "bluesky",
    "mastodon",
    "reddit",
)


def id_of(platform: str, state: str) -> str:
    """An id of the platform's form, always the same for the state."""
    seed = sha256(f"{platform} {state}".encode()).digest()
    number = int.from_bytes(seed[:6])
    letters = "".join("abcdefghijkmnpqrstuvwxyz234567"[byte % 30] for byte in seed)
    forms = {
        "x": f"1850{number % 10**15:015d}", "instagram": "DG" + letters[:9], "facebook": f"91{number % 10**13:013d}",
        "youtube": "G-" + letters[:9], "tiktok": f"7430{number % 10**15:015d}",
        "telegram": f"{AUTHOR}/{900_000 + number % 99_999}", "bluesky": f"{DID}/3l{letters[:11]}",
        "mastodon": f"{HOST}/1133{number % 10**14:014d}", "reddit": "1" + letters[:6],
    }  # fmt: skip
    return forms[platform]


def address(ref: PostRef) -> str:
    """Where the post of an exhibit stands."""
    if ref.platform == "instagram":
        return f"https://www.instagram.com/p/{ref.id}/"
    if ref.platform == "reddit":
        return f"https://www.reddit.com/r/{AUTHOR}/comments/{ref.id}/"
    return permalink(ref, AUTHOR)


def _exhibits() -> Iterator[Exhibit]:
    for platform in PLATFORMS:
        shared = {
            state: (STATUS_OF[state], make)
            for state, make in ANY.items()
            if platform not in NOT_OF.get(state, ())
            and (state != "login-wall" or platform in LOGINS)
        }
        for state, (status, make) in shared.items():
            ref = PostRef(platform, id_of(platform, state))
            url = address(ref)
            yield Exhibit(
                ref=ref,
                state=state,
                url=url,
                status=status,
                shown=make(platform, url),
                author=AUTHOR,
            )
        for state in own_states(platform, ""):
            ref = PostRef(platform, id_of(platform, state))
            url = address(ref)
            status, shown = own_states(platform, url)[state]
            yield Exhibit(ref=ref, state=state, url=url, status=status, shown=shown, author=AUTHOR)


EXHIBITS: tuple[Exhibit, ...] = tuple(_exhibits())
"""Every state of every platform that can have it."""
