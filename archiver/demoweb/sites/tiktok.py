"""TikTok: the embed view, the video page, oEmbed.

Shapes: the state that comes with a page carries a status code, 0 for a video that can be seen and
10204 for one that cannot; oEmbed answers 400 for the latter.
"""

import re

from archiver.demoweb.model import Answer, Asset, DemoPost, Request
from archiver.demoweb.render import data, page, static, text_of
from archiver.demoweb.sites.contract import Site, World

HOSTS = (
    "www.tiktok.com", "tiktok.com", "m.tiktok.com", "v16-webapp-prime.tiktokcdn.com",
    "p16-sign.tiktokcdn.com", "sf16-website-login.neutral.ttwstatic.com",
)  # fmt: skip
EMBED_PATH = re.compile(r"/(?:embed/v[23]|embed|player/v1)/(\d+)/?")
VIDEO_PATH = re.compile(r"/@[\w.-]*/(?:video|photo)/(\d+)/?")
NOT_FOUND = 10204


def permalink(post: DemoPost) -> str:
    """The video's page."""
    return f"https://www.tiktok.com/@{post.author.handle}/video/{post.id}"


def frame(post: DemoPost) -> str:
    """The embed view."""
    return f"https://www.tiktok.com/embed/v2/{post.id}"


def assets(post: DemoPost) -> tuple[Asset, ...]:
    """The video, its cover, the profile picture."""
    found: list[Asset] = []
    for medium in post.media:
        video = (
            f"https://v16-webapp-prime.tiktokcdn.com/video/tos/demo/{post.id}/?mime_type=video_mp4"
        )
        cover = f"https://p16-sign.tiktokcdn.com/tos-demo/{post.id}~tplv-noop.image?x-expires=demo"
        found += [Asset(video, medium.file), Asset(cover, medium.poster or medium.file)]
    picture = f"https://p16-sign.tiktokcdn.com/tos-demo/{post.author.handle}~c5_100x100.image?x-expires=demo"
    return (*found, Asset(picture, post.author.avatar))


def _state(id: str, post: DemoPost | None) -> dict[str, object]:
    """What the page's own script would start from."""
    if post is None:
        return {"id": id, "statusCode": NOT_FOUND, "statusMsg": "item doesn't exist"}
    video, cover, picture = assets(post)
    author = {
        "uniqueId": post.author.handle,
        "nickname": post.author.name,
        "avatarThumb": picture.url,
    }
    return {
        "id": id,
        "statusCode": 0,
        "statusMsg": "",
        "itemInfo": {
            "itemStruct": {
                "id": id,
                "desc": post.text,
                "createTime": int(post.at.timestamp()),
                "author": author,
                "video": {"playAddr": video.url, "cover": cover.url, "duration": 2},
            }
        },
    }


def _oembed(request: Request, world: World) -> Answer:
    found = re.search(r"(\d{15,20})", request.parameter("url"))
    post = world.post("tiktok", found[1]) if found else None
    if post is None or not post.live:
        return data({"message": "Something went wrong", "code": 400}, status=400)
    return data(
        {
            "version": "1.0",
            "type": "video",
            "title": post.text,
            "author_url": f"https://www.tiktok.com/@{post.author.handle}",
            "author_name": post.author.name,
            "author_unique_id": post.author.handle,
            "html": text_of("quote.html", post=post, permalink=permalink(post), frame=frame(post)),
            "thumbnail_url": assets(post)[1].url,
            "thumbnail_width": 270,
            "thumbnail_height": 480,
            "provider_url": "https://www.tiktok.com",
            "provider_name": "TikTok",
            "embed_product_id": post.id,
            "embed_type": "video",
        }
    )


def answer(request: Request, world: World) -> Answer | None:
    """Embed view, page or oEmbed."""
    files = {"/embed.js": "frames.js", "/tiktok/card.css": "card.css"}
    if request.path in files:
        return static(files[request.path])
    if request.path == "/oembed":
        return _oembed(request, world)
    embedded, paged = EMBED_PATH.fullmatch(request.path), VIDEO_PATH.fullmatch(request.path)
    found = embedded or paged
    if found is None:
        return None
    post = world.post("tiktok", found[1])
    shown = post if post and post.live else None
    cookie = (("Set-Cookie", "ttwid=demo; Path=/; Domain=.tiktok.com; Secure; HttpOnly"),)
    template = "tiktok_embed.html" if embedded else "tiktok_page.html"
    return page(template, headers=cookie, post=shown, state=_state(found[1], shown), assets=assets)


SITE = Site(
    platform="tiktok", hosts=HOSTS, answer=answer, assets=assets, permalink=permalink, frame=frame
)
