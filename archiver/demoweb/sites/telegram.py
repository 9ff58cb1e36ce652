"""Telegram: the widget page `?embed=1`, the landing page around it, the preview list `/s/`.

Shapes: a missing post is a widget page with `.tgme_widget_message_error` and status 200, whatever the
reason; the preview list then shows its neighbours and not the post.
"""

import re

from archiver.demoweb.model import Answer, Asset, DemoPost, Request
from archiver.demoweb.render import page, static
from archiver.demoweb.sites.contract import Site, World

HOSTS = ("t.me", "telegram.me", "telegram.org", "cdn4.telesco.pe")
LIST_PATH = re.compile(r"/s/(\w+)")
LIST_LENGTH = 1
"""Short, so that a second page has to be asked for."""
NEAR = 10
POST_PATH = re.compile(r"/(s/)?(\w+)/(\d+)")


def permalink(post: DemoPost) -> str:
    """The landing page."""
    return f"https://t.me/{post.id}"


def frame(post: DemoPost) -> str:
    """The widget page."""
    return f"https://t.me/{post.id}?embed=1"


def assets(post: DemoPost) -> tuple[Asset, ...]:
    """Files of the media host, the still of a video, the channel's picture."""
    found: list[Asset] = []
    for number, medium in enumerate(post.media, 1):
        stem = f"https://cdn4.telesco.pe/file/demo-{post.id.replace('/', '-')}-{number}"
        if medium.poster:
            found += [
                Asset(f"{stem}.mp4?token=demo", medium.file),
                Asset(f"{stem}-still.jpg", medium.poster),
            ]
        else:
            found.append(Asset(f"{stem}.jpg", medium.file))
    return (
        *found,
        Asset(f"https://cdn4.telesco.pe/file/{post.author.handle}.png", post.author.avatar),
    )


def _channel(world: World, name: str) -> list[DemoPost]:
    return [
        post
        for post in world.posts.values()
        if post.platform == "telegram" and post.author.handle == name and post.live
    ]


def _number(post: DemoPost) -> int:
    return int(post.id.rpartition("/")[2])


def _list(channel: str, before: str, world: World) -> Answer:
    """A page of the preview list: the newest messages, or those before a number, oldest first."""

    posts = sorted(_channel(world, channel), key=_number)
    if before.isdigit():
        posts = [post for post in posts if _number(post) < int(before)]
    return page("telegram_list.html", posts=posts[-LIST_LENGTH:], channel=channel, assets=assets)


def answer(request: Request, world: World) -> Answer | None:
    """Widget, landing page or preview list."""
    if request.host == "telegram.org":
        files = {"/js/telegram-widget.js": "telegram_widget.js", "/css/card.css": "card.css"}
        return static(files[request.path]) if request.path in files else None
    if whole := LIST_PATH.fullmatch(request.path):
        return _list(whole[1].lower(), request.parameter("before"), world)
    found = POST_PATH.fullmatch(request.path)
    if found is None:
        return None
    listed, channel, number = found.groups()
    post = world.post("telegram", f"{channel.lower()}/{number}")
    id = f"{channel}/{number}"
    if listed:
        near = range(int(number) - NEAR, int(number) + NEAR)
        posts = [p for p in _channel(world, channel.lower()) if _number(p) in near]
        return page("telegram_list.html", posts=posts, channel=channel, assets=assets)
    shown = post if post and post.live else None
    if "embed" not in request.query:
        return page("telegram_page.html", post=shown, id=id, channel=channel)
    cookie = (("Set-Cookie", "stel_ssid=demo; Path=/; Secure; HttpOnly; SameSite=None"),)
    return page("telegram_embed.html", post=shown, id=id, assets=assets, headers=cookie)


SITE = Site(
    platform="telegram", hosts=HOSTS, answer=answer, assets=assets, permalink=permalink, frame=frame
)
