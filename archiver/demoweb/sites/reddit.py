"""Reddit: the embed page, the post page, oEmbed, the post as JSON.

Shapes: a removed post keeps its page with `[deleted]` in place of text and author, and oEmbed says
404; a private community answers 403.
"""

import re

from archiver.demoweb.model import Answer, Asset, DemoPost, Request, State
from archiver.demoweb.render import data, page, redirect, static, text_of
from archiver.demoweb.sites import youtube
from archiver.demoweb.sites.contract import Site, World

HOSTS = (
    "www.reddit.com", "reddit.com", "old.reddit.com", "embed.reddit.com", "i.redd.it", "redd.it",
    "styles.redditmedia.com", "www.redditstatic.com",
)  # fmt: skip
POST_PATH = re.compile(r"(/r/\w+)?/comments/(\w+)(?:/[^/]*)?/?(\.json)?")


def permalink(post: DemoPost) -> str:
    """The post's page."""
    return f"https://www.reddit.com/{post.place}/comments/{post.id}/"


def frame(post: DemoPost) -> str:
    """The embed page."""
    return f"https://embed.reddit.com/{post.place}/comments/{post.id}/?embed=true&ref_source=embed&showmedia=true"


def assets(post: DemoPost) -> tuple[Asset, ...]:
    """Pictures of i.redd.it and the author's picture."""
    found = [
        Asset(f"https://i.redd.it/demo{post.id}{n}.jpg", medium.file)
        for n, medium in enumerate(post.media, 1)
    ]
    icon = f"https://styles.redditmedia.com/t5_demo/styles/{post.author.handle}.png"
    return (*found, Asset(icon, post.author.avatar))


def _oembed(request: Request, world: World) -> Answer:
    found = re.search(r"/comments/(\w+)", request.parameter("url"))
    post = world.post("reddit", found[1]) if found else None
    if post is not None and post.state is State.PRIVATE:
        return data({"message": "Forbidden", "error": 403}, status=403)
    if post is None or not post.live:
        return data({"message": "Not Found", "error": 404}, status=404)
    return data(
        {
            "provider_url": "https://www.reddit.com/",
            "version": "1.0",
            "title": post.title,
            "provider_name": "reddit",
            "type": "rich",
            "html": text_of("quote.html", post=post, permalink=permalink(post), frame=frame(post)),
            "author_name": post.author.handle,
        }
    )


def _listing(post: DemoPost) -> Answer:
    """The post as JSON; a removed one has lost its author and its text."""
    child = {
        "id": post.id,
        "name": f"t3_{post.id}",
        "title": post.title,
        "author": post.author.handle if post.live else "[deleted]",
        "selftext": post.text if post.live else "[deleted]",
        "removed_by_category": None if post.live else "deleted",
        "subreddit": post.place.removeprefix("r/"),
        "created_utc": post.at.timestamp(),
        "permalink": f"/{post.place}/comments/{post.id}/",
    }
    return data([{"kind": "Listing", "data": {"children": [{"kind": "t3", "data": child}]}}])


def _post_page(request: Request, post: DemoPost, world: World, *, json: bool) -> Answer:
    if post.state is State.PRIVATE:
        if json:
            return data({"message": "Forbidden", "error": 403, "reason": "private"}, status=403)
        return page("reddit_private.html", status=403, post=post)
    if json:
        return _listing(post)
    quoted = world.posts.get(post.quotes)
    player = youtube.frame(quoted) if quoted else ""
    cookie = (("Set-Cookie", "csv=2; Path=/; Domain=.reddit.com; Secure; SameSite=None"),)
    return page("reddit_post.html", headers=cookie, post=post, player=player, assets=assets)


def answer(request: Request, world: World) -> Answer | None:
    """Embed page, post page, oEmbed or JSON."""
    files = {"/widgets.js": "frames.js", "/shreddit/card.css": "card.css"}
    if request.path in files:
        return static(files[request.path])
    if request.path == "/oembed":
        return _oembed(request, world)
    if request.host == "redd.it":
        post = world.post("reddit", request.path[1:])
        return redirect(permalink(post), status=301) if post else None
    found = POST_PATH.fullmatch(request.path)
    post = world.post("reddit", found[2]) if found else None
    if found is None or post is None:
        return None
    if not found[1] and not found[3]:
        return redirect(permalink(post), status=301)
    return _post_page(request, post, world, json=bool(found[3]))


SITE = Site(
    platform="reddit", hosts=HOSTS, answer=answer, assets=assets, permalink=permalink, frame=frame
)
