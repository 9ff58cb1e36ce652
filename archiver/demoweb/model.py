"""The values of the demo web: people, posts, articles, requests and answers. Nothing here does I/O."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal
from urllib.parse import parse_qs

from msgspec import Struct, field

from archiver.domain.capture import Status
from archiver.domain.digest import Digest


class State(StrEnum):
    """What has become of a demo post, as its platform shows it."""

    LIVE = "live"
    DELETED = "deleted"
    VANISHED = "vanished"
    PRIVATE = "private"
    WITHHELD = "withheld"
    LOGIN_WALL = "login-wall"
    LIMITED_ONCE = "limited-once"


LIVE = frozenset({State.LIVE, State.LIMITED_ONCE})
"""The states in which a visitor gets to see the post."""

STATUS = {
    State.LIVE: Status.CAPTURED,
    State.LIMITED_ONCE: Status.CAPTURED,
    State.DELETED: Status.GONE,
    State.VANISHED: Status.GONE,
    State.PRIVATE: Status.PRIVATE,
    State.WITHHELD: Status.WITHHELD,
    State.LOGIN_WALL: Status.LOGIN_WALL,
}
"""What an archiver that judges rightly ends up with."""


UNTOLD = frozenset({"instagram"})
"""Platforms that say the same of a deleted post, a private one and one not to be embedded: who claims
nothing that was not shown ends with `failed` and that reason."""


class Author(Struct, frozen=True, kw_only=True):
    """An invented account. `avatar` is a file of `media/`, `number` its numeric or long identifier."""

    name: str
    handle: str
    avatar: str
    number: str = "0"


class Medium(Struct, frozen=True, kw_only=True):
    """A picture or a short video of a post: a file of `media/`, its size in pixels, words for it.

    A video names the still that stands for it as `poster`.
    """

    file: str
    alt: str
    size: tuple[int, int] = (960, 600)
    poster: str | None = None


class DemoPost(Struct, frozen=True, kw_only=True):
    """One invented post. `id` has the form of the archive's identifiers for that platform.

    `at` is in UTC. `slug` is the ten-character t.co name of an X post's media, `title` the heading
    where the platform has one, `place` what else its address needs (a subreddit, a page, a kind of
    path), `quotes` the name of another demo post whose player stands inside this one.
    """

    name: str
    platform: str
    id: str
    author: Author
    text: str
    at: datetime
    lang: str = "en"
    media: tuple[Medium, ...] = ()
    state: State = State.LIVE
    slug: str = ""
    title: str = ""
    place: str = ""
    quotes: str = ""

    @property
    def target(self) -> str:
        """`platform:id`, as the archive writes it."""
        return f"{self.platform}:{self.id}"

    @property
    def live(self) -> bool:
        """Whether a visitor gets to see it (at the second try, perhaps)."""
        return self.state in LIVE


class Asset(Struct, frozen=True):
    """A file of `media/` at its address on the platform's own media host."""

    url: str
    file: str


class Resource(Struct, frozen=True):
    """What the archive of a live post must hold: an address and the digest of the bytes there."""

    url: str
    media_type: str
    digest: Digest


class Expected(Struct, frozen=True, kw_only=True):
    """The truth about one post: its status in the end, and the media its embed view loads.

    `at_first` is set where the first visit rightly ends otherwise (a platform that asks to wait).
    """

    target: str
    url: str
    status: Status
    author: str
    text: str
    resources: tuple[Resource, ...] = ()
    at_first: Status | None = None


class Block(Struct, frozen=True):
    """A piece of an article: a paragraph, a heading, a picture, or an embed of a demo post.

    For an embed `text` is the post's name and `carrier` the markup that holds it.
    """

    kind: Literal["p", "h2", "figure", "embed", "widget"]
    text: str
    carrier: str = ""


class Article(Struct, frozen=True, kw_only=True):
    """An invented article. `url` is where it stands; for a saved file `file` is the file's name.

    `canonical` is what the page says its own address is, where that is another; `amp` and `feed` are
    addresses of other copies that it names.
    """

    name: str
    style: str
    site: str
    title: str
    byline: str
    day: str
    blocks: tuple[Block, ...]
    url: str = ""
    file: str = ""
    lang: str = "en"
    rtl: bool = False
    canonical: str = ""
    amp: str = ""
    feed: str = ""


class Memento(Struct, frozen=True, kw_only=True):
    """A copy in the demo web's archive: of an article, of an X post's page (`post` is its name), or a
    redirect to `goal`."""

    url: str
    at: datetime
    article: Article | None = None
    post: str = ""
    goal: str = ""


class Request(Struct, frozen=True, kw_only=True):
    """A request as a site sees it. Header names are in lower case."""

    method: str
    scheme: str
    host: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.host}{self.target}"

    def parameter(self, name: str) -> str:
        """The first value of a query parameter, decoded; empty when it is absent."""
        return parse_qs(self.query, keep_blank_values=True).get(name, [""])[0]

    @property
    def by_browser(self) -> bool:
        """Whether the agent calls itself a browser; t.co answers those with a page."""
        return "Mozilla/" in self.headers.get("user-agent", "")


class Answer(Struct, frozen=True, kw_only=True):
    """A response before transfer: the whole body, and how it is to be sent."""

    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    compress: bool = False
    chunked: bool = False
    etag: bool = False


class Hit(Struct, frozen=True, kw_only=True):
    """One request that was served: what a test compares an archive with.

    `digest` is over the body as a client has it after undoing transfer and content coding.
    """

    method: str
    host: str
    path: str
    status: int
    digest: Digest
