"""Instagram: the embed view and the post page.

Shapes: the embed view answers 200 with one and the same sentence for deleted, private and
embedding-disabled posts, so only the post's page (404) tells that it is gone; a wall is a redirect to
`/accounts/login/`.
"""

import re
from urllib.parse import quote

from archiver.demoweb.model import Answer, Asset, DemoPost, Request, State
from archiver.demoweb.render import page, redirect, static
from archiver.demoweb.sites.contract import TOO_MANY, Site, World

MEDIA_HOST = "scontent-demo1-1.cdninstagram.com"
HOSTS = ("www.instagram.com", "instagram.com", MEDIA_HOST)
POST_PATH = re.compile(r"(?:/[\w.]+)?/(?:p|reel|tv)/([\w-]+)(/embed(?:/captioned)?)?/?")
COOKIES = (
    ("Set-Cookie", "csrftoken=demo; Path=/; Domain=.instagram.com; Secure"),
    ("Set-Cookie", "mid=demo; Path=/; Domain=.instagram.com; Secure; HttpOnly"),
)


def permalink(post: DemoPost) -> str:
    """The post's page."""
    return f"https://www.instagram.com/{post.place}/{post.id}/"


def frame(post: DemoPost) -> str:
    """The embed view with its caption."""
    return f"{permalink(post)}embed/captioned/"


def assets(post: DemoPost) -> tuple[Asset, ...]:
    """Files of the media host, stills of videos after them, the profile picture."""
    found: list[Asset] = []
    for number, medium in enumerate(post.media, 1):
        stem = f"https://{MEDIA_HOST}/v/t51.demo/{post.id}_{number}_n"
        if medium.poster:
            found += [
                Asset(f"{stem}.mp4?efg=demo", medium.file),
                Asset(f"{stem}.jpg", medium.poster),
            ]
        else:
            found.append(Asset(f"{stem}.jpg?stp=dst-jpg", medium.file))
    name = post.author.handle.replace(".", "_")
    return (*found, Asset(f"https://{MEDIA_HOST}/v/t51.demo/{name}.png?s=150", post.author.avatar))


def _login(request: Request) -> Answer:
    return redirect(
        f"https://www.instagram.com/accounts/login/?next={quote(request.path)}", headers=COOKIES
    )


def _post_page(request: Request, post: DemoPost | None, *, embedded: bool) -> Answer:
    if post is not None and post.state is State.LOGIN_WALL:
        return _login(request)
    shown = post if post and post.live else None
    if embedded:
        return page(
            "instagram_embed.html", headers=COOKIES, chunked=True, post=shown, assets=assets
        )
    status = 200 if shown else 404
    return page("instagram_page.html", status=status, headers=COOKIES, post=shown, assets=assets)


def answer(request: Request, world: World) -> Answer | None:
    """Embed view, post page or login page."""
    files = {"/embed.js": "frames.js", "/static/card.css": "card.css"}
    if request.path in files:
        return static(files[request.path])
    if request.path == "/accounts/login/":
        return page("instagram_login.html", headers=COOKIES)
    found = POST_PATH.fullmatch(request.path)
    if found is None:
        return None
    post, embedded = world.post("instagram", found[1]), bool(found[2])
    if post and embedded and world.must_wait(post):
        return TOO_MANY
    return _post_page(request, post, embedded=embedded)


SITE = Site(
    platform="instagram",
    hosts=HOSTS,
    answer=answer,
    assets=assets,
    permalink=permalink,
    frame=frame,
)
