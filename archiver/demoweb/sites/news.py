"""The invented newspapers: their articles and the pictures and style sheet these use."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from archiver.demoweb.model import Answer, Article, Request
from archiver.demoweb.render import medium, redirect, static

AMP_HOST = "cdn.ampproject.org"


class Newsstand:
    """All articles that stand at an address, on all their hosts."""

    def __init__(self, pages: Iterable[tuple[Article, str]]) -> None:
        self._pages = {article.url: text for article, text in pages if article.url}
        own = {urlsplit(url).hostname or "" for url in self._pages}
        self.hosts = frozenset(own | {AMP_HOST})

    def answer(self, request: Request) -> Answer | None:
        """An article, compressed and with an entity tag; plain HTTP is sent to HTTPS."""
        if request.scheme == "http":
            return redirect(f"https://{request.host}{request.target}", status=301)
        if request.host == AMP_HOST:
            return static("amp.js") if request.path == "/v0.js" else None
        if request.path == "/assets/article.css":
            return static("article.css")
        if request.path.startswith("/assets/") and request.path.endswith(".jpg"):
            return self._picture(request.path.removeprefix("/assets/"))
        text = self._pages.get(f"https://{request.host}{request.path}")
        if text is None:
            return None
        headers = (("Set-Cookie", "visit=1; Path=/; Secure"), ("Cache-Control", "max-age=60"))
        kind = "application/rss+xml" if text.startswith("<?xml") else "text/html"
        media_type = f"{kind}; charset=utf-8"
        return Answer(
            body=text.encode(), media_type=media_type, headers=headers, compress=True, etag=True
        )

    @staticmethod
    def _picture(name: str) -> Answer | None:
        return medium(name) if name in {"barrier.jpg", "mountains.jpg"} else None
