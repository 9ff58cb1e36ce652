"""What any platform may answer instead of a post: walls, limits, errors, pages for everybody."""

from urllib.parse import quote

from archiver.demoweb.gallery import Shown
from archiver.demoweb.model import Answer
from archiver.demoweb.render import data, redirect

LOGINS = {
    "x": "https://x.com/i/flow/login?redirect_after_login={}",
    "instagram": "https://www.instagram.com/accounts/login/?next={}",
    "facebook": "https://www.facebook.com/login/?next={}",
    "tiktok": "https://www.tiktok.com/login?redirect_url={}",
    "reddit": "https://www.reddit.com/login/?dest={}",
    "mastodon": "https://social.demo-instance.example/auth/sign_in?to={}",
}
"""Where a platform sends visitors to log in; the others have no such place for a post."""


def html(
    title: str, body: str, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """A small page."""
    head = f"<head><meta charset='utf-8'><link rel='icon' href='data:,'>{title}</head>"
    whole = f"<!DOCTYPE html><html>{head}{body}</html>"
    return Answer(status=status, headers=headers, body=whole.encode())


def titled(title: str, words: str, *, status: int = 200) -> Answer:
    """A page with a title and one sentence."""
    return html(f"<title>{title}</title>", f"<body><h1>{words}</h1></body>", status=status)


def login_wall(platform: str, url: str) -> tuple[Shown, ...]:
    """Every address of the post leads to the log-in page."""
    goal = LOGINS[platform].format(quote(url, safe=""))
    form = "<body><form action='/session'><input name='who'><input type='password'></form></body>"
    page = html("<title>Welcome back</title>", form)
    return (
        Shown(r"/(?:login|accounts/login|i/flow/login|auth/sign_in)\b", page),
        Shown("", redirect(goal)),
    )


def bot_wall(platform: str, url: str) -> tuple[Shown, ...]:
    """Prove that you are no robot."""
    body = (
        "<body><div id='challenge-stage'>One moment, your browser is being looked at.</div></body>"
    )
    return (Shown("", html("<title>Please hold on</title>", body, status=403)),)


def too_many(platform: str, url: str) -> tuple[Shown, ...]:
    """Too many requests, for a second."""
    waits = (("Retry-After", "1"),)
    return (
        Shown("", html("<title>Slow down</title>", "<body></body>", status=429, headers=waits)),
    )


def broken(platform: str, url: str) -> tuple[Shown, ...]:
    """The server has trouble of its own."""
    return (Shown("", titled("Oops", "Our boat has a leak. We are bailing.", status=503)),)


def maintenance(platform: str, url: str) -> tuple[Shown, ...]:
    """A page for everybody, with status 200."""
    return (Shown("", titled("Scheduled maintenance", "Back at low tide.")),)


def consent(platform: str, url: str) -> tuple[Shown, ...]:
    """First agree to cookies, on another host."""
    goal = f"https://consent.youtube.com/m?continue={quote(url, safe='')}&gl=DE"
    form = "<body><form action='https://consent.youtube.com/save' method='POST'><button>Alle</button></form></body>"
    return (
        Shown(r"^consent\.youtube\.com/", html("<title>Bevor es losgeht</title>", form)),
        Shown(r"/youtubei/|/oembed", Answer(status=500)),
        Shown("", redirect(goal)),
    )


def shell(platform: str, url: str) -> tuple[Shown, ...]:
    """An app whose data never comes: a page without anything on it."""
    empty = html("<title></title>", "<body><div id='root'></div></body>")
    return (Shown(r"/(?:tweet-result|graphql|youtubei|xrpc|api)/?", data(None)), Shown("", empty))


ANY = {
    "login-wall": login_wall,
    "bot-wall": bot_wall,
    "too-many": too_many,
    "server-error": broken,
    "maintenance": maintenance,
    "consent": consent,
    "empty-shell": shell,
}
"""The states that are no platform's own, by name."""
NOT_OF = {
    "login-wall": frozenset({"youtube", "telegram", "bluesky"}),
    "consent": frozenset(
        {"x", "instagram", "facebook", "tiktok", "telegram", "bluesky", "mastodon", "reddit"}
    ),
}
"""Which platforms cannot have which of them."""
