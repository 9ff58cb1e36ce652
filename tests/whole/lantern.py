"""A small server that speaks like Mastodon, and two web archives: what each post of it shows to whom."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

from loopback import Asked, Authority, Proxy, Route, Web, http, moved

HOST = "social.lantern.example"
OLD, WAYBACK = "old.archive.example", "web.archive.org"
OPEN, QUOTED, ANSWERED, FURTHER, LAST, CLOSED, GONE, DATA = (
    str(113000000000000000 + n * 100000) for n in range(1, 9)
)
TEXTS = {
    OPEN: "The lantern boat leaves the quay at nine tonight.",
    QUOTED: "Whoever wants to see the lanterns should bring a coat.",
    ANSWERED: "At what time does the lantern boat leave, please?",
    FURTHER: "The coat of my grandfather has crossed this river often.",
    LAST: "My grandfather built the first of the lanterns himself.",
    CLOSED: "The rowers of the lantern boat meet on Thursday in the shed.",
    GONE: "The lanterns were sold yesterday, all of them, to a stranger.",
    DATA: "Nobody has ever drawn the lantern boat on a page of the web.",
}
QUOTES = {OPEN: QUOTED, QUOTED: FURTHER, FURTHER: LAST, LAST: OPEN}
ANSWERS = {OPEN: ANSWERED, ANSWERED: OPEN}

COOKIE = "s3ss10n-c00k1e-canary-41d0"
STORED = "st0red-t0ken-canary-92be/+=" + "7a"
FRESH = "fresh-c00kie-canary-58aa17"
SECRETS = (COOKIE, STORED, FRESH)


def url_of(post: str) -> str:
    return f"https://{HOST}/@ana/{post}"


def status(post: str) -> str:
    """The client API's answer."""
    quote = QUOTES.get(post)
    return json.dumps(
        {
            "id": post,
            "url": url_of(post),
            "created_at": "2024-09-01T12:00:00.000Z",
            "in_reply_to_id": ANSWERS.get(post),
            "content": f"<p>{TEXTS[post]}</p>",
            "account": {"id": "7", "acct": "ana", "display_name": "Ana Lantern"},
            "quote": {"state": "accepted", "quoted_status": {"id": quote, "url": url_of(quote),
                      "created_at": "2024-09-01T12:00:00.000Z", "content": f"<p>{TEXTS[quote]}</p>",
                      "account": {"id": "7", "acct": "ana", "display_name": "Ana Lantern"}}}
            if quote else None,
        }
    )  # fmt: skip


def page(post: str, more: str = "") -> str:
    return (
        f"<!doctype html><title>Ana on Lantern</title><div class='detailed-status'><a class='detailed-status__datetime'"
        f" href='{url_of(post)}'>9:00</a><span class='display-name__html'>Ana Lantern</span>"
        f"<span class='display-name__account'>@ana</span><div class='status__content'>{TEXTS[post]}</div></div>"
        f"<script>fetch('/api/v1/statuses/{post}')</script>{more}"
    )


LOGIN = (
    "<!doctype html><title>Log in - Lantern</title><form action='/auth/login'>"
    "<input name=user><input type=password name=password></form>"
)
INSIDE = """<script>
  const key = localStorage.getItem('key');
  document.body.dataset.key = key;
  fetch('/api/ping?token=' + encodeURIComponent(key), {method: 'POST',
    headers: {'Authorization': 'Bearer ' + key, 'X-Seen': key},
    body: JSON.stringify({key: key, cookie: 'COOKIE'})});
</script><p>for COOKIE only</p>"""
JSON_TYPE = ("Content-Type", "application/json")
HTML = ("Content-Type", "text/html; charset=utf-8")


class Everything(dict[str, Route]):
    """Routes that one function answers."""

    def __init__(self, answer: Callable[[Asked, socket.socket], bytes | None]) -> None:
        self._answer = answer

    def get(self, key: str, default: object = None) -> Route:  # type: ignore[override]
        return self._answer


class Lantern:
    """The servers under one proxy; `asked` is what came in, in order."""

    def __init__(self, folder: Path) -> None:
        authority = Authority(folder)
        self.ca_file = authority.ca_file
        self.web = Web(authority.context(HOST, OLD, WAYBACK))
        self.web.routes = Everything(lambda asked, link: self.answer(asked))
        self.proxy = Proxy(lambda host, port: self.web.address)

    def __enter__(self) -> "Lantern":
        return self

    def __exit__(self, *_: object) -> None:
        self.proxy.__exit__(None, None, None)
        self.web.__exit__(None, None, None)

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(hit.header("host") or "", hit.target) for hit in self.web.hits]

    def answer(self, asked: Asked) -> bytes:
        host = asked.header("host")
        if host == HOST:
            return self.social(asked)
        return self.archive(asked) if host == OLD else http("no copy", 404, "Not Found")

    def social(self, asked: Asked) -> bytes:
        path, inside = asked.target.partition("?")[0], COOKIE in (asked.header("cookie") or "")
        post = next((p for p in TEXTS if p in path), "")
        if path == "/api/ping":
            fresh = ("Set-Cookie", f"renewed={FRESH}; Path=/; Secure; HttpOnly")
            return http(json.dumps({"renewed": FRESH}), 200, "OK", JSON_TYPE, fresh)
        if path.startswith("/web/statuses/"):
            return moved(f"/@ana/{path.removeprefix('/web/statuses/')}")
        if path.startswith("/api/v1/statuses/"):
            return self.api(post, inside)
        if path.startswith("/@ana/") and post == GONE:
            return http(
                "<!doctype html><title>404</title><h1>Not found</h1>", 404, "Not Found", HTML
            )
        if path.startswith("/@ana/") and post == DATA:
            return http(
                "<!doctype html><title>Lantern</title><div id=mastodon></div>", 200, "OK", HTML
            )
        if path.startswith("/@ana/") and post == CLOSED and not (inside and "embed" not in path):
            return (
                moved("/auth/login")
                if "embed" not in path
                else http(LOGIN, 401, "Unauthorized", HTML)
            )
        if path.startswith("/@ana/") and post:
            more = INSIDE.replace("COOKIE", COOKIE) if post == CLOSED else ""
            return http(page(post, more), 200, "OK", HTML)
        return http(LOGIN, 200, "OK", HTML) if path == "/auth/login" else http("", 404, "Not Found")

    def api(self, post: str, inside: bool) -> bytes:
        if post == GONE:
            return http('{"error":"Record not found"}', 404, "Not Found", JSON_TYPE)
        if post == CLOSED and not inside:
            return http('{"error":"log in"}', 401, "Unauthorized", JSON_TYPE)
        return http(status(post), 200, "OK", JSON_TYPE)

    def archive(self, asked: Asked) -> bytes:
        """A TimeGate, a TimeMap and three copies: of a login page, of an error, and of the post."""
        url = url_of(GONE)
        original = f'<{url}>; rel="original"'
        maps = f'<https://{OLD}/wayback/timemap/link/{url}>; rel="timemap"; type="application/link-format"'
        copies = {"20240902000000": LOGIN, "20240903000000": None, "20240905000000": page(GONE)}
        days = {"20240902000000": 2, "20240903000000": 3, "20240905000000": 5}
        dates = {
            s: f"{['Mon', 'Tue', '', 'Thu'][d - 2]}, 0{d} Sep 2024 00:00:00 GMT"
            for s, d in days.items()
        }
        if asked.target == f"/wayback/timemap/link/{url}":
            lines = [
                f'<https://{OLD}/wayback/{s}/{url}>; rel="memento"; datetime="{dates[s]}"'
                for s in copies
            ]
            body = ",\n".join([original, *lines])
            return http(body, 200, "OK", ("Content-Type", "application/link-format"))
        if asked.target == f"/wayback/{url}":
            found = f"https://{OLD}/wayback/20240902000000/{url}"
            named = (
                ("Location", found),
                ("Vary", "accept-datetime"),
                ("Link", f"{original}, {maps}"),
            )
            return http("", 302, "Found", *named)
        for stamp, body in copies.items():
            if asked.target == f"/wayback/{stamp}id_/{url}":
                said = ("Memento-Datetime", dates[stamp]), ("Link", original)
                if body is None:
                    return http("not found", 404, "Not Found", HTML, *said)
                return http(body, 200, "OK", HTML, *said)
        return http("no copy", 404, "Not Found")


def storage_state() -> dict[str, object]:
    """The login of a visitor, as Playwright writes it."""
    return {
        "cookies": [
            {"name": "session", "value": COOKIE, "domain": HOST, "path": "/", "expires": -1,
             "httpOnly": True, "secure": True, "sameSite": "Lax"}
        ],
        "origins": [
            {"origin": f"https://{HOST}", "localStorage": [{"name": "key", "value": STORED}]}
        ],
    }  # fmt: skip
