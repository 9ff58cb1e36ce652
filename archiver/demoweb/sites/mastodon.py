"""Mastodon: one invented instance. The embed page's script asks the instance's API.

Shapes: a post that is gone is 404 everywhere, with `{"error": "Record not found"}` from the API.
"""

import re

from archiver.demoweb.model import Answer, Asset, DemoPost, Request
from archiver.demoweb.render import data, instant, page, redirect, static
from archiver.demoweb.sites.contract import Site, World
from archiver.demoweb.tables.posts_more import MASTODON_HOST

FILES_HOST = "files.demo-instance.example"
HOSTS = (MASTODON_HOST, FILES_HOST)
POST_PATH = re.compile(r"/@[\w.@-]+/(\d+)(/embed)?/?")
OTHER_PATH = re.compile(r"/(?:web/statuses|users/[\w.-]+/statuses|deck/@[\w.@-]+)/(\d+)(/embed)?/?")
API_PATH = re.compile(r"/api/v1/statuses/(\d+)")
FEED_PATH = re.compile(r"/api/v1/accounts/(\d+)/statuses")
NOT_FOUND = {"error": "Record not found"}


def number(post: DemoPost) -> str:
    """The instance's own identifier."""
    return post.id.partition("/")[2]


def permalink(post: DemoPost) -> str:
    """The post's page."""
    return f"https://{MASTODON_HOST}/@{post.author.handle}/{number(post)}"


def frame(post: DemoPost) -> str:
    """The embed page."""
    return f"{permalink(post)}/embed"


def assets(post: DemoPost) -> tuple[Asset, ...]:
    """Attachments and the avatar of the files host."""
    base = f"https://{FILES_HOST}"
    found = [
        Asset(f"{base}/media_attachments/files/demo/{number(post)}-{n}/{medium.file}", medium.file)
        for n, medium in enumerate(post.media, 1)
    ]
    avatar = f"{base}/accounts/avatars/{post.author.number}/original.png"
    return (*found, Asset(avatar, post.author.avatar))


def status(post: DemoPost) -> dict[str, object]:
    """The post as the API gives it."""
    attachments = [
        {
            "id": f"{number(post)}{n}",
            "type": "image",
            "url": asset.url,
            "preview_url": asset.url,
            "description": medium.alt,
            "meta": {"original": {"width": medium.size[0], "height": medium.size[1]}},
        }
        for n, (asset, medium) in enumerate(zip(assets(post), post.media, strict=False), 1)
    ]
    return {
        "id": number(post),
        "created_at": instant(post.at),
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": post.lang,
        "uri": f"https://{MASTODON_HOST}/users/{post.author.handle}/statuses/{number(post)}",
        "url": permalink(post),
        "replies_count": 1,
        "reblogs_count": 4,
        "favourites_count": len(post.text),
        "content": f"<p>{post.text}</p>",
        "account": {
            "id": post.author.number,
            "username": post.author.handle,
            "acct": post.author.handle,
            "display_name": post.author.name,
            "url": f"https://{MASTODON_HOST}/@{post.author.handle}",
            "avatar": assets(post)[-1].url,
            "avatar_static": assets(post)[-1].url,
        },
        "media_attachments": attachments,
        "mentions": [],
        "tags": [],
        "card": None,
        "poll": None,
    }


def _find(id: str, world: World) -> DemoPost | None:
    post = world.post("mastodon", f"{MASTODON_HOST}/{id}")
    return post if post and post.live else None


def _own(world: World) -> list[DemoPost]:
    return [p for p in world.posts.values() if p.platform == "mastodon" and p.live]


def _lookup(account: str, world: World) -> Answer:
    """The account of a name."""
    name = account.partition("@")[0]
    found = next((p for p in _own(world) if p.author.handle == name), None)
    return data(status(found)["account"]) if found else data(NOT_FOUND, status=404)


def _feed(account: str, below: str, world: World) -> Answer:
    """An account's posts below a number, newest first."""
    own = [p for p in _own(world) if p.author.number == account]
    kept = [p for p in own if not below or int(number(p)) < int(below)]
    return data([status(p) for p in sorted(kept, key=lambda p: p.at, reverse=True)])


def _api(request: Request, world: World) -> Answer | None:
    if request.path == "/api/oembed":
        found = POST_PATH.search(request.parameter("url"))
        post = _find(found[1], world) if found else None
        if post is None:
            return data(NOT_FOUND, status=404)
        html = f'<iframe class="mastodon-embed" src="{frame(post)}" width="400"></iframe>'
        facts = {"type": "rich", "version": "1.0", "author_name": post.author.name, "html": html}
        return data(facts | {"provider_name": MASTODON_HOST, "width": 400, "height": None})
    if request.path == "/api/v1/accounts/lookup":
        return _lookup(request.parameter("acct"), world)
    if listed := FEED_PATH.fullmatch(request.path):
        return _feed(listed[1], request.parameter("max_id"), world)
    found = API_PATH.fullmatch(request.path)
    if found is None:
        return None
    post = _find(found[1], world)
    return data(status(post), compress=True) if post else data(NOT_FOUND, status=404)


def answer(request: Request, world: World) -> Answer | None:
    """API, embed page or post page."""
    files = {
        "/embed.js": "frames.js",
        "/packs/post.js": "mastodon_post.js",
        "/packs/card.css": "card.css",
    }
    if request.path in files:
        return static(files[request.path])
    if request.path.startswith("/api/"):
        return _api(request, world)
    other = OTHER_PATH.fullmatch(request.path)
    found = other or POST_PATH.fullmatch(request.path)
    if found is None:
        return None
    post = _find(found[1], world)
    if other and post:
        return redirect(permalink(post) + (other[2] or ""))
    cookie = (("Set-Cookie", "_mastodon_session=demo; Path=/; Secure; HttpOnly; SameSite=Lax"),)
    code = 200 if post else 404
    return page(
        "mastodon.html", status=code, headers=cookie, post=post, host=MASTODON_HOST, id=found[1]
    )


SITE = Site(
    platform="mastodon", hosts=HOSTS, answer=answer, assets=assets, permalink=permalink, frame=frame
)
