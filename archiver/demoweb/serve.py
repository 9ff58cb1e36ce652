"""The demo web, started and stopped: a proxy on loopback behind which the invented web stands."""

import threading
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from archiver.demoweb.articles import Press
from archiver.demoweb.catalogue import (
    ARTICLES,
    ASSETS,
    POSTS,
    SITES,
    UNRESOLVABLE_ARTICLES,
    embedded,
    expected_of,
)
from archiver.demoweb.certificates import Authority
from archiver.demoweb.gallery import Gallery
from archiver.demoweb.model import Answer, Article, Expected, Hit, Request
from archiver.demoweb.proxy import Proxy
from archiver.demoweb.render import medium, plain
from archiver.demoweb.sites.contract import World
from archiver.demoweb.sites.news import Newsstand
from archiver.demoweb.sites.wayback import HOST, Wayback
from archiver.demoweb.tables.exhibits import EXHIBITS
from archiver.demoweb.tables.recovery import DECOYS, MEMENTOS, UNLISTED
from archiver.demoweb.tables.recovery_more import (
    LOST_MESSAGE,
    MORE_DECOYS,
    MORE_MEMENTOS,
    MORE_UNLISTED,
)
from archiver.demoweb.transfer import Wire

CONSENT = "consent.youtube.com"
NOT_HERE = "There is nothing at this address of the demo web.\n"


class DemoWeb:
    """A context manager: inside it the demo web can be reached through `proxy_url`.

    `folder` is where certificates and the articles that are files are written; without one a
    temporary folder is made and removed again. Nothing but 127.0.0.1 is listened on.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._temporary = None if folder else TemporaryDirectory(prefix="demoweb-")
        self.folder = folder or Path(self._temporary.name if self._temporary else ".")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._world = World((*POSTS, *DECOYS, *MORE_DECOYS, LOST_MESSAGE))
        press = Press(self._world.posts, SITES)
        served = (*ARTICLES, *UNLISTED, *MORE_UNLISTED)
        self._news = Newsstand((article, press.document(article)) for article in served)
        self._archive = Wayback((*MEMENTOS, *MORE_MEMENTOS), press.copy)
        self._gallery = Gallery(EXHIBITS)
        self._sites = {host: site for site in SITES.values() for host in site.hosts}
        self.articles = tuple(self._place(article, press) for article in ARTICLES)
        self.unresolvable = tuple(self._place(one, press) for one in UNRESOLVABLE_ARTICLES)
        self.embeds: Mapping[str, tuple[str, ...]] = {
            seed: embedded(article) for seed, article in zip(self.articles, ARTICLES, strict=True)
        }
        self.expected: Mapping[str, Expected] = {p.target: expected_of(p) for p in POSTS}
        self._hits: list[Hit] = []
        self._lock = threading.Lock()
        authority = Authority(self.folder)
        self.ca_file = authority.ca_file
        self._proxy = Proxy(self._respond, self._note, authority)
        self._thread = threading.Thread(
            target=self._proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def proxy_url(self) -> str:
        """Where the proxy listens."""
        return f"http://127.0.0.1:{self._proxy.server_address[1]}"

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Everything served so far, refused tunnels too."""
        with self._lock:
            return tuple(self._hits)

    @property
    def failures(self) -> tuple[str, ...]:
        """What went wrong inside the server; a test may ask that there be nothing."""
        return tuple(self._proxy.failures)

    def __enter__(self) -> "DemoWeb":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._proxy.shutdown()
        self._proxy.hang_up()
        self._proxy.server_close()
        self._thread.join()
        if self._temporary:
            self._temporary.cleanup()

    def _place(self, article: Article, press: Press) -> str:
        """The seed of an article: its address, or the file that is written for it."""
        if article.url:
            return article.url
        path = self.folder / article.file
        path.write_text(press.document(article), encoding="utf-8")
        return str(path)

    def _respond(self, request: Request) -> Answer | None:
        """The answer to a request, or None for a host that the demo web does not have."""
        site = self._sites.get(request.host)
        if site is None and request.host not in (*self._news.hosts, HOST, CONSENT):
            return None
        if request.method == "CONNECT":
            return Answer()
        file = ASSETS.get(request.url)
        if file is not None:
            return medium(file)
        exhibited = self._gallery.answer(request)
        if exhibited is not None:
            return exhibited
        found = site.answer(request, self._world) if site else self._other(request)
        return found or plain(NOT_HERE, status=404)

    def _other(self, request: Request) -> Answer | None:
        """The web archive, or an article."""
        if request.host == HOST:
            return self._archive.answer(request)
        return self._news.answer(request)

    def _note(self, method: str, host: str, path: str, wire: Wire) -> None:
        hit = Hit(method=method, host=host, path=path, status=wire.status, digest=wire.digest)
        with self._lock:
            self._hits.append(hit)
