"""Bluesky: the embed page whose script asks the public AppView, the app's page, oEmbed.

Shapes: a missing post is 400 `NotFound` from the AppView, and the sentence "Post not found, it may
have been deleted." in the embed page.
"""

import re

from archiver.demoweb.model import Answer, Asset, DemoPost, Request
from archiver.demoweb.render import data, instant, kind_of, page, static, text_of
from archiver.demoweb.sites.contract import Site, World

HOSTS = ("bsky.app", "embed.bsky.app", "public.api.bsky.app", "cdn.bsky.app")
EMBED_PATH = re.compile(r"/embed/([^/]+)/app\.bsky\.feed\.post/(\w+)/?")
PAGE_PATH = re.compile(r"/profile/([^/]+)/post/(\w+)/?")
AT_URI = re.compile(r"at://([^/]+)/app\.bsky\.feed\.post/(\w+)")


def permalink(post: DemoPost) -> str:
    """The app's page, by DID."""
    did, key = post.id.split("/")
    return f"https://bsky.app/profile/{did}/post/{key}"


def frame(post: DemoPost) -> str:
    """The embed page."""
    did, key = post.id.split("/")
    return f"https://embed.bsky.app/embed/{did}/app.bsky.feed.post/{key}"


def assets(post: DemoPost) -> tuple[Asset, ...]:
    """Thumbnails and the avatar of the image service."""
    did = post.author.number
    base = "https://cdn.bsky.app/img"
    found = [
        Asset(f"{base}/feed_thumbnail/plain/{did}/bafkreidemo{post.id[-6:]}{n}", medium.file)
        for n, medium in enumerate(post.media, 1)
    ]
    return (*found, Asset(f"{base}/avatar/plain/{did}/bafkreidemoavatar", post.author.avatar))


def _find(found: re.Match[str] | None, world: World) -> DemoPost | None:
    """The post of an author (DID or handle) and a record key."""
    if found is None:
        return None
    who, key = found.groups()
    handles = {
        p.author.handle: p.author.number for p in world.posts.values() if p.platform == "bluesky"
    }
    return world.post("bluesky", f"{handles.get(who, who)}/{key}")


def _images(post: DemoPost) -> dict[str, object]:
    shown = [
        {
            "thumb": asset.url,
            "fullsize": asset.url,
            "alt": medium.alt,
            "aspectRatio": {"width": medium.size[0], "height": medium.size[1]},
            "mimeType": kind_of(asset.file),
        }
        for asset, medium in zip(assets(post), post.media, strict=False)
    ]
    return {"$type": "app.bsky.embed.images#view", "images": shown}


def post_view(post: DemoPost) -> dict[str, object]:
    """The post as the AppView gives it."""
    did, key = post.id.split("/")
    view: dict[str, object] = {
        "uri": f"at://{did}/app.bsky.feed.post/{key}",
        "cid": f"bafyreidemo{key}",
        "author": {
            "did": did,
            "handle": post.author.handle,
            "displayName": post.author.name,
            "avatar": assets(post)[-1].url,
            "labels": [],
        },
        "record": {
            "$type": "app.bsky.feed.post",
            "createdAt": instant(post.at),
            "langs": [post.lang],
            "text": post.text,
        },
        "replyCount": 2,
        "repostCount": 5,
        "likeCount": len(post.text),
        "indexedAt": instant(post.at),
        "labels": [],
    }
    return view | ({"embed": _images(post)} if post.media else {})


def _appview(request: Request, world: World) -> Answer | None:
    method = request.path.removeprefix("/xrpc/")
    uri = AT_URI.fullmatch(request.parameter("uri") or request.parameter("uris"))
    post = _find(uri, world)
    if method == "app.bsky.feed.getPosts":
        return data({"posts": [post_view(post)] if post and post.live else []})
    if method == "app.bsky.feed.getAuthorFeed":
        return _feed(request.parameter("actor"), world)
    if method != "app.bsky.feed.getPostThread":
        return None
    if post is None or not post.live:
        message = f"Post not found: {request.parameter('uri')}"
        return data({"error": "NotFound", "message": message}, status=400)
    thread = {"$type": "app.bsky.feed.defs#threadViewPost", "post": post_view(post), "replies": []}
    return data({"thread": thread}, compress=True)


def _feed(actor: str, world: World) -> Answer:
    """An author's posts, newest first."""
    posts = [p for p in world.posts.values() if p.platform == "bluesky" and p.live]
    own = [p for p in posts if actor in (p.author.handle, p.author.number)]
    if not own:
        return data({"error": "InvalidRequest", "message": "Profile not found"}, status=400)
    own.sort(key=lambda p: p.at, reverse=True)
    return data({"feed": [{"post": post_view(p)} for p in own]}, compress=True)


def _oembed(request: Request, world: World) -> Answer:
    post = _find(PAGE_PATH.search(request.parameter("url")), world)
    if post is None or not post.live:
        return data({"error": "NotFound", "message": "Post not found"}, status=404)
    return data(
        {
            "type": "rich",
            "version": "1.0",
            "author_name": post.author.name,
            "author_url": f"https://bsky.app/profile/{post.author.handle}",
            "provider_url": "https://bsky.app",
            "provider_name": "Bluesky Social",
            "width": 600,
            "height": None,
            "html": text_of("quote.html", post=post, permalink=permalink(post), frame=frame(post)),
        }
    )


def answer(request: Request, world: World) -> Answer | None:
    """Embed page, app page, AppView or oEmbed."""
    files = {
        "/static/embed.js": "frames.js",
        "/static/post.js": "bluesky_post.js",
        "/static/card.css": "card.css",
    }
    if request.path in files:
        return static(files[request.path])
    if request.host == "public.api.bsky.app":
        return _appview(request, world)
    if request.path == "/oembed":
        return _oembed(request, world)
    found = EMBED_PATH.fullmatch(request.path) or PAGE_PATH.fullmatch(request.path)
    if found is None:
        return None
    post = _find(found, world)
    did, _, key = (post.id if post else "/".join(found.groups())).partition("/")
    shown = post if post and post.live else None
    return page("bluesky.html", uri=f"at://{did}/app.bsky.feed.post/{key}", post=shown)


SITE = Site(
    platform="bluesky", hosts=HOSTS, answer=answer, assets=assets, permalink=permalink, frame=frame
)
