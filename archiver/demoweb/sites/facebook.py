"""Facebook: the post and video plugins, post pages, the login wall.

Shapes: a plugin that cannot show a post says the same sentence whatever the reason (with status 200);
`www` sends an agent that is no browser to `/unsupportedbrowser`, and visitors of walled posts to
`/login/`.
"""

import re
from urllib.parse import quote

from archiver.demoweb.model import Answer, Asset, DemoPost, Request, State
from archiver.demoweb.render import page, redirect, static
from archiver.demoweb.sites.contract import Site, World

HOSTS = (
    "www.facebook.com", "facebook.com", "m.facebook.com", "web.facebook.com", "connect.facebook.net",
    "static.xx.fbcdn.net", "scontent.xx.fbcdn.net", "video.xx.fbcdn.net",
)  # fmt: skip
NUMBER = re.compile(r"\d{10,20}")
COOKIES = (("Set-Cookie", "datr=demo; Path=/; Domain=.facebook.com; Secure; HttpOnly"),)


def permalink(post: DemoPost) -> str:
    """The page of a post or a video."""
    tail = "/" if post.place == "videos" else ""
    return f"https://www.facebook.com/{post.author.handle}/{post.place}/{post.id}{tail}"


def frame(post: DemoPost) -> str:
    """The plugin for its kind."""
    kind = "video" if post.place == "videos" else "post"
    href = quote(permalink(post), safe="")
    return f"https://www.facebook.com/plugins/{kind}.php?href={href}&show_text=true&width=500"


def assets(post: DemoPost) -> tuple[Asset, ...]:
    """Pictures and stills of scontent, videos of the video host, the page's picture."""
    found: list[Asset] = []
    for number, medium in enumerate(post.media, 1):
        stem = f"{post.id}_{number}_n"
        if medium.poster:
            found += [
                Asset(f"https://video.xx.fbcdn.net/v/t42.demo/{stem}.mp4?oe=demo", medium.file),
                Asset(
                    f"https://scontent.xx.fbcdn.net/v/t15.demo/{stem}.jpg?oe=demo", medium.poster
                ),
            ]
        else:
            found.append(
                Asset(f"https://scontent.xx.fbcdn.net/v/t39.demo/{stem}.jpg?oe=demo", medium.file)
            )
    picture = f"https://scontent.xx.fbcdn.net/v/t1.demo/{post.author.number}.png?oe=demo"
    return (*found, Asset(picture, post.author.avatar))


def _meant(text: str, world: World) -> DemoPost | None:
    """The post whose number stands in an address."""
    posts = (world.post("facebook", number) for number in NUMBER.findall(text))
    return next((post for post in posts if post), None)


def _page(request: Request, world: World) -> Answer | None:
    post = _meant(request.target, world)
    if post is None:
        return page("facebook_page.html", status=404, headers=COOKIES, post=None, assets=assets)
    if not request.by_browser:
        return redirect("https://www.facebook.com/unsupportedbrowser", headers=COOKIES)
    if post.state is State.LOGIN_WALL:
        goal = quote(permalink(post), safe="")
        return redirect(f"https://www.facebook.com/login/?next={goal}", headers=COOKIES)
    return page("facebook_page.html", headers=COOKIES, post=post, assets=assets)


def answer(request: Request, world: World) -> Answer | None:
    """Plugin, page or wall."""
    if request.host == "connect.facebook.net":
        return static("frames.js") if request.path.endswith("/sdk.js") else None
    if request.host == "static.xx.fbcdn.net":
        return static("card.css") if request.path == "/rsrc/card.css" else None
    if request.path in ("/plugins/post.php", "/plugins/video.php"):
        post = _meant(request.parameter("href"), world)
        shown = post if post and post.live else None
        return page("facebook_plugin.html", headers=COOKIES, post=shown, assets=assets)
    if request.path.startswith("/login"):
        return page("facebook_login.html", headers=COOKIES)
    if request.path == "/unsupportedbrowser":
        return page("facebook_unsupported.html")
    return _page(request, world) if NUMBER.search(request.target) else None


SITE = Site(
    platform="facebook",
    hosts=HOSTS,
    answer=answer,
    assets=assets,
    permalink=permalink,
    frame=frame,
)
