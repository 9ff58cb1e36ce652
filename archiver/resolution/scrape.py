"""snscrape, where it still reads a platform: the only file that imports it, and only when it is asked.

Its package cannot be imported on Python 3.12 and later (its `modules/__init__.py` uses a way of importing
that is gone), so the wanted module is loaded from its file, beside that package; nothing installed is
changed. Its requests are made by our own client: they go through the guard and are kept as exchanges.
What works and what is dead is told in docs/snscrape.md.
"""

# ruff: noqa: ANN401 - the library is untyped, and its types are not to be imported before they are used

import importlib.util
import io
import logging
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from msgspec import Struct

from archiver.clock import iso
from archiver.domain.exchange import Exchange
from archiver.domain.metadata import Medium, PostMetadata, Scalar, Told
from archiver.domain.post import Post, PostRef
from archiver.net.client import Client
from archiver.net.decode import decoded
from archiver.platforms import recognise
from archiver.resolution.metadata import same_post

MODULES = {
    "telegram": "telegram",
    "mastodon": "mastodon",
    "vk": "vkontakte",
    "weibo": "weibo",
}
"""Our platforms, and the modules of snscrape that read them."""
MOST_REQUESTS = 3
MOST_ITEMS = 60
MOST_BYTES = 8_000_000
SECONDS = 8.0


class Scraped(Struct, frozen=True, kw_only=True):
    """What snscrape made of a post: its metadata, or in `said` why there is none; and the requests."""

    post: PostMetadata | None = None
    said: str = ""
    exchanges: tuple[Exchange, ...] = ()


def scrape(post: Post, client: Client) -> Scraped:
    """Look a post up with snscrape. Never raises: what its code stumbles over is said."""
    name = MODULES.get(post.ref.platform)
    if name is None:
        return Scraped(said="snscrape reads no posts of this platform")
    import requests

    exchanges: list[Exchange] = []
    try:
        module = load(name)
        look = LOOK_UP[name]
        items = islice(look(module, post, adapter(client, exchanges)), MOST_ITEMS)
        found = next((item for item in items if _is(item, post.ref)), None)
    except (ImportError, OSError, requests.RequestException) as error:
        return Scraped(said=f"snscrape: {_line(error)}", exchanges=tuple(exchanges))
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        # Its readers expect the pages of 2023 and break on others in any of these ways.
        return Scraped(
            said=f"snscrape cannot read the answer ({_line(error)})", exchanges=tuple(exchanges)
        )
    except _scraper_errors() as error:
        return Scraped(said=f"snscrape: {_line(error)}", exchanges=tuple(exchanges))
    if found is None:
        return Scraped(said="snscrape found no such post", exchanges=tuple(exchanges))
    told = metadata(found, post.ref, name, exchanges[-1].url if exchanges else post.url)
    return Scraped(post=told, said="snscrape read the post", exchanges=tuple(exchanges))


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]


def _scraper_errors() -> type[Exception]:
    import snscrape.base

    kind: type[Exception] = snscrape.base.ScraperException
    return kind


def load(name: str) -> ModuleType:
    """A module of snscrape by its name, without running its package of modules. Raises ImportError."""
    import snscrape

    alias = f"_archiver_snscrape_{name}"
    if alias in sys.modules:
        return sys.modules[alias]
    path = Path(next(iter(snscrape.__path__))) / "modules" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(alias, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ImportError(f"snscrape has no module {name}")
    for name_of_log in (
        alias,
        "snscrape",
    ):  # what it warns of is told by `Scraped.said`, not on stderr
        log = logging.getLogger(name_of_log)
        log.addHandler(logging.NullHandler())
        log.propagate = False
    module = importlib.util.module_from_spec(spec)
    sys.modules[alias] = module  # its data classes look themselves up there
    with ExitStack() as undo:
        undo.callback(sys.modules.pop, alias, None)
        spec.loader.exec_module(module)
        undo.pop_all()
    return module


def adapter(client: Client, exchanges: list[Exchange]) -> Any:
    """A transport for `requests` that asks with our client and keeps every exchange."""
    import requests
    from requests.adapters import BaseAdapter

    class Ours(BaseAdapter):
        """Sends with our client; cookies and retries are not its business."""

        def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
            """One request, one exchange."""
            if len(exchanges) >= MOST_REQUESTS:
                raise requests.ConnectionError(f"more than {MOST_REQUESTS} requests")
            text = request.body if isinstance(request.body, bytes | str) else b""
            body = text.encode() if isinstance(text, str) else text
            headers = [
                (k, str(v))
                for k, v in request.headers.items()
                if k in {"Accept-Language", "Content-Type"}
            ]
            (exchange,) = client.fetch(
                request.url or "", method=request.method or "GET", headers=headers,
                body=body, timeout=SECONDS, max_bytes=MOST_BYTES,
            )  # fmt: skip
            exchanges.append(exchange)
            if exchange.status == 0:
                raise requests.ConnectionError(exchange.error)
            return self.answer(request, exchange)

        def answer(
            self, request: requests.PreparedRequest, exchange: Exchange
        ) -> requests.Response:
            """The exchange as `requests` hands it on."""
            response = requests.Response()
            response.status_code, response.reason = exchange.status, exchange.reason
            response.url, response.request = exchange.url, request
            response.headers.update(dict(exchange.response_headers))
            response.encoding = requests.utils.get_encoding_from_headers(response.headers)
            response.raw = io.BytesIO(decoded(exchange, MOST_BYTES))
            return response

        def close(self) -> None:
            """Nothing is kept open."""

    return Ours()


# ---- one post of each platform


def _made(scraper: Any, transport: Any) -> Any:
    """A scraper whose session knows no other way out than ours."""
    scraper._session.mount("https://", transport)
    scraper._session.mount("http://", transport)
    return scraper


def _telegram(module: Any, post: Post, transport: Any) -> Iterable[Any]:
    """The preview list around the post: `t.me/s/CHANNEL/NUMBER`."""
    scraper = _made(module.TelegramChannelScraper(post.ref.id, retries=0), transport)
    return scraper.get_items()  # type: ignore[no-any-return]


def _mastodon(module: Any, post: Post, transport: Any) -> Iterable[Any]:
    """The post's page, as servers before version 4 write it."""
    scraper = _made(module.MastodonTootScraper(post.url, retries=0), transport)
    return scraper.get_items()  # type: ignore[no-any-return]


def _vkontakte(module: Any, post: Post, transport: Any) -> Iterable[Any]:
    """The wall post's own page."""
    scraper = _made(module.VKontakteUserScraper(f"wall{post.ref.id}", retries=0), transport)
    _, page = scraper._initial_page()
    return (item for item in scraper._soup_to_items(page) if item is not None)


def _weibo(module: Any, post: Post, transport: Any) -> Iterable[Any]:
    """The mobile site's answer for one post."""
    scraper = _made(module.WeiboUserScraper(0, retries=0), transport)
    key = post.ref.id.rpartition("/")[2]
    answer = scraper._get(f"https://m.weibo.cn/statuses/show?id={key}", headers=scraper._headers)
    return (scraper._mblog_to_item(answer.json()["data"]),)


LOOK_UP: dict[str, Callable[[Any, Post, Any], Iterable[Any]]] = {
    "telegram": _telegram,
    "mastodon": _mastodon,
    "vkontakte": _vkontakte,
    "weibo": _weibo,
}


# ---- its items as our values

FIELDS = {
    "text": ("content", "text"),
    "posted_at": ("date", "createdAt"),
    "title": ("spoilerText",),
}
COUNTS = {"likes": "likesCount", "reposts": "repostsCount", "comments": "commentsCount"}


def _is(item: Any, ref: PostRef) -> bool:
    known = recognise(str(item.url))
    same = known is not None and same_post(known.ref, ref)
    return same or str(getattr(item, "id", "")) == ref.id.rpartition("/")[2]


def metadata(item: Any, ref: PostRef, name: str, url: str) -> PostMetadata:
    """What an item says; the place of each value is the field of the item's class."""
    kind = f"snscrape {name}.{type(item).__name__}"

    def told(holder: Any, field: str, way: str) -> Told | None:
        value = _plain(getattr(holder, field, None))
        return Told(value, url, f"{kind}.{way}{field}") if value not in (None, "") else None

    fields: dict[str, Any] = {
        ours: next((t for field in names if (t := told(item, field, ""))), None)
        for ours, names in FIELDS.items()
    }
    user = getattr(item, "user", None)
    author = next((t for f in ("account", "screenname") if (t := told(user, f, "user."))), None)
    media = tuple(_media(item, url, kind))
    return PostMetadata(
        ref=ref,
        author_handle=Told(str(author.value).lstrip("@"), author.url, author.path) if author else None,
        author_name=told(user, "displayName", "user."),
        author_id=told(user, "uid", "user."),
        counts={ours: t for ours, field in COUNTS.items() if (t := told(item, field, ""))},
        media=media,
        readings=(f"snscrape.{name}",),
        **fields,
    )  # fmt: skip


def _plain(value: object) -> Scalar | None:
    if isinstance(value, datetime):
        return iso(value)
    return value if isinstance(value, int | float | str) and not isinstance(value, bool) else None


def _media(item: Any, url: str, kind: str) -> Iterable[Medium]:
    """Attachments and pictures that have an address."""
    for field in ("attachments", "photos", "pictures"):
        for number, one in enumerate(getattr(item, field, None) or ()):
            address = one if isinstance(one, str) else getattr(one, "url", None)
            variants = tuple(
                Told(v.url, url, f"{kind}.{field}[{number}].variants[{n}].url")
                for n, v in enumerate(getattr(one, "variants", None) or ())
            )
            told = Told(address, url, f"{kind}.{field}[{number}]") if address else None
            if told or variants:
                yield Medium(url=told, variants=variants)
