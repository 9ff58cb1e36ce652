"""X: the embed page whose script asks the syndication endpoint, status pages, t.co, oEmbed.

Shapes: a missing post is "Not found" in the embed page; the endpoint then says 404 or a
`TweetTombstone` whose text gives the reason; t.co answers a browser with a page and others with 301.
"""

import re

from archiver.demoweb.model import Answer, Asset, DemoPost, Request, State
from archiver.demoweb.render import data, instant, page, plain, redirect, static, text_of
from archiver.demoweb.sites.contract import Site, World
from archiver.demoweb.tables.recovery import FORGOTTEN
from archiver.demoweb.tables.recovery_more import ASTRAY, PAGE_ONLY

HOSTS = (
    "x.com", "www.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com", "api.x.com",
    "platform.twitter.com", "platform.x.com", "cdn.syndication.twimg.com", "publish.x.com",
    "publish.twitter.com", "t.co", "pic.twitter.com", "pic.x.com", "pbs.twimg.com",
    "video.twimg.com",
)  # fmt: skip
STATUS_PATH = re.compile(r"/(?:i/web|i|\w{1,20})/status(?:es)?/(\d+)(?:/(?:photo|video)/\d+)?/?")
SCRIPTS = {
    "/widgets.js": "frames.js",
    "/embed/embed.js": "x_embed.js",
    "/embed/card.css": "card.css",
}
REASONS = {
    State.DELETED: "This Post was deleted by the Post author. Learn more",
    State.PRIVATE: (
        "You’re unable to view this Post because this account owner limits who can view their "
        "Posts. Learn more"
    ),
    State.WITHHELD: (
        "This Post has been withheld in your country in response to a legal demand. Learn more"
    ),
}
OUTSIDE = {"0utsideD01": "https://www.tidewire.example/2026/11/what-a-flood-costs"}
"""Short links that lead away from X: their embed cannot be known from them."""


def permalink(post: DemoPost) -> str:
    """The status page."""
    return f"https://x.com/{post.author.handle}/status/{post.id}"


def frame(post: DemoPost) -> str:
    """The embed page."""
    return f"https://platform.twitter.com/embed/Tweet.html?id={post.id}"


def assets(post: DemoPost) -> tuple[Asset, ...]:
    """Pictures of pbs.twimg.com, videos of video.twimg.com with their stills, the profile picture."""
    found: list[Asset] = []
    for number, medium in enumerate(post.media, 1):
        key = f"Demo{post.id[-7:]}{number}"
        if medium.poster:
            where = f"ext_tw_video/{post.id}/pu/vid/avc1/{medium.size[0]}x{medium.size[1]}"
            thumb = f"https://pbs.twimg.com/ext_tw_video_thumb/{post.id}/pu/img/{key}.jpg"
            found += [Asset(f"https://video.twimg.com/{where}/{key}.mp4?tag=12", medium.file)]
            found += [Asset(thumb, medium.poster)]
        else:
            form = medium.file.rpartition(".")[2]
            url = f"https://pbs.twimg.com/media/{key}?format={form}&name=small"
            found.append(Asset(url, medium.file))
    name = post.author.avatar.removesuffix(".png")
    url = f"https://pbs.twimg.com/profile_images/{post.author.number}/{name}_normal.png"
    return (*found, Asset(url, post.author.avatar))


def _media_entities(post: DemoPost) -> list[dict[str, object]]:
    urls = [asset.url for asset in assets(post)]
    entities: list[dict[str, object]] = []
    for number, medium in enumerate(post.media, 1):
        kind = "video" if medium.poster else "photo"
        entity: dict[str, object] = {
            "display_url": f"pic.x.com/{post.slug}",
            "expanded_url": f"{permalink(post)}/{kind}/{number}",
            "ext_alt_text": medium.alt,
            "original_info": {"width": medium.size[0], "height": medium.size[1]},
            "type": kind,
            "url": f"https://t.co/{post.slug}",
        }
        if medium.poster:
            source = {"bitrate": 256000, "content_type": "video/mp4", "url": urls.pop(0)}
            entity["video_info"] = {"duration_millis": 2000, "variants": [source]}
        entity["media_url_https"] = urls.pop(0)
        entities.append(entity)
    return entities


def _user(post: DemoPost) -> dict[str, object]:
    return {
        "id_str": post.author.number,
        "name": post.author.name,
        "screen_name": post.author.handle,
        "profile_image_url_https": assets(post)[-1].url,
        "verified": False,
        "is_blue_verified": False,
    }


def tweet_result(post: DemoPost) -> dict[str, object]:
    """What the syndication endpoint says of a live post."""
    link = f" https://t.co/{post.slug}" if post.media else ""
    return {
        "__typename": "Tweet",
        "lang": post.lang,
        "favorite_count": len(post.text),
        "created_at": instant(post.at),
        "display_text_range": [0, len(post.text)],
        "entities": {},
        "id_str": post.id,
        "text": post.text + link,
        "user": _user(post),
        "mediaDetails": _media_entities(post),
        "conversation_count": 3,
        "isEdited": False,
    }


def _tombstone(post: DemoPost) -> Answer:
    if post.state is State.VANISHED:
        return data({}, status=404)
    text = {"text": REASONS[post.state], "entities": [], "rtl": False}
    return data({"__typename": "TweetTombstone", "tombstone": {"text": text}})


def _syndication(request: Request, world: World) -> Answer | None:
    if request.path != "/tweet-result":
        return None
    post = world.post("x", request.parameter("id"))
    if post is None:
        return data({}, status=404)
    return data(tweet_result(post), compress=True) if post.live else _tombstone(post)


def _graph(request: Request, world: World) -> Answer | None:
    """The status page's own endpoint: the same facts under another roof."""
    found = re.search(r'"tweetId":"(\d+)"', request.parameter("variables"))
    post = world.post("x", found[1]) if found else None
    if post and post.live:
        return data({"data": {"tweetResult": {"result": tweet_result(post)}}}, compress=True)
    if post is None or post.state in (State.DELETED, State.VANISHED):
        return data({"data": {"tweetResult": {}}})
    reason = {"text": {"text": REASONS[post.state]}}
    kind = {"__typename": "TweetTombstone", "tombstone": reason}
    return data({"data": {"tweetResult": {"result": kind}}})


def _oembed(request: Request, world: World) -> Answer | None:
    found = STATUS_PATH.search(request.parameter("url"))
    post = world.post("x", found[1]) if found else None
    if post is None or post.state in (State.DELETED, State.VANISHED):
        return data(
            {"errors": [{"message": "Sorry, that page does not exist", "code": 34}]}, status=404
        )
    if not post.live:
        return data({"error": "Sorry, you are not authorized to see this status."}, status=403)
    html = text_of(
        "carrier.html", post=post, permalink=permalink(post), how="blockquote", frame=frame(post)
    )
    return data(
        {
            "url": permalink(post).replace("x.com", "twitter.com"),
            "author_name": post.author.name,
            "author_url": f"https://twitter.com/{post.author.handle}",
            "html": html,
            "width": 550,
            "height": None,
            "type": "rich",
            "cache_age": "3153600000",
            "provider_name": "Twitter",
            "provider_url": "https://twitter.com",
            "version": "1.0",
        }
    )


def _short(request: Request, world: World) -> Answer | None:
    slug = request.path[1:]
    if slug in FORGOTTEN:
        return plain("Not found\n", status=404)
    owner = next((p for p in world.posts.values() if p.slug == slug), None)
    if owner is not None:
        kind = "video" if owner.media and owner.media[0].poster else "photo"
        goal = f"https://twitter.com/{owner.author.handle}/status/{owner.id}/{kind}/1"
    elif slug in ASTRAY:
        goal = f"{permalink(world.posts[ASTRAY[slug]])}/video/1"
    elif slug in OUTSIDE:
        goal = OUTSIDE[slug]
    else:
        return plain("Not found\n", status=404)
    if request.by_browser or slug in PAGE_ONLY:
        return page("x_short.html", goal=goal)
    return redirect(goal, status=301, headers=(("Set-Cookie", "muc=demo; Path=/; Secure"),))


def _status_page(request: Request, world: World) -> Answer | None:
    if request.path in SCRIPTS or request.path == "/status.js":
        return static(SCRIPTS.get(request.path, "x_status.js"))
    found = STATUS_PATH.fullmatch(request.path)
    if found is None:
        return None
    if not request.host.endswith("x.com"):
        return redirect(f"https://x.com{request.path}", status=301)
    post = world.post("x", found[1])
    cookies = (
        ("Set-Cookie", "guest_id=v1%3Ademo; Path=/; Domain=.x.com; Secure; SameSite=None"),
        ("Set-Cookie", "gt=910000; Path=/; Secure"),
    )
    return page("x_status.html", headers=cookies, id=found[1], post=post)


def _platform(request: Request, world: World) -> Answer | None:
    if request.path in SCRIPTS:
        return static(SCRIPTS[request.path])
    if request.path in ("/embed/Tweet.html", "/embed/index.html"):
        return page("x_embed.html")
    return None


def answer(request: Request, world: World) -> Answer | None:
    """Which part of X is meant, by the host."""
    host = request.host
    if host == "cdn.syndication.twimg.com":
        return _syndication(request, world)
    if host == "t.co":
        return _short(request, world)
    if host in ("pic.twitter.com", "pic.x.com"):
        return redirect(f"https://t.co{request.path}", status=301)
    if host.startswith("publish."):
        return _oembed(request, world) if request.path == "/oembed" else None
    if host.startswith("platform."):
        return _platform(request, world)
    return _graph(request, world) if host == "api.x.com" else _status_page(request, world)


SITE = Site(
    platform="x", hosts=HOSTS, answer=answer, assets=assets, permalink=permalink, frame=frame
)
