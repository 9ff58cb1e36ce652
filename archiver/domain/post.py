"""A post: its identity, and what is known of it before it is visited."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from archiver.domain.exchange import Exchange

ViewKind = Literal["embed", "metadata", "page", "login", "archive"]
"""The rungs of the ladder, in the order in which they are tried."""


class PostRef(Struct, frozen=True, order=True):
    """The identity of a post: platform slug and id (the forms are listed in docs/platforms.md).

    It is the key of equality and of the ledger. A page that belongs to no platform is `web` with its
    URL as id; an embed whose post is not known yet is never a PostRef.
    """

    platform: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"


class View(Struct, frozen=True):
    """A place where a post can be seen: the embed view, an endpoint, the page, the page as the user sees
    it logged in (`login`; only with a storage state of theirs), a copy in a public web archive."""

    kind: ViewKind
    url: str


class Post(Struct, frozen=True, kw_only=True):
    """A post to be captured.

    `url` is the canonical permalink, `views` the places to look at, best first. Author, text and
    dates are what the article or an endpoint said: capture compares them with what it receives.
    """

    ref: PostRef
    url: str
    views: tuple[View, ...] = ()
    author: str | None = None
    author_name: str | None = None
    text: str | None = None
    posted_at: datetime | None = None
    posted_on: date | None = None


class Candidate(Struct, frozen=True, kw_only=True):
    """A post that might be the one an embed shows.

    `score` is the share of words that both texts have in common, 0 to 1; `found_by` names the route, `why_not`
    says in one line what keeps it from being accepted (empty for the accepted one).
    """

    ref: PostRef
    url: str
    score: float
    found_by: str
    why_not: str = ""


class Resolution(Struct, frozen=True, kw_only=True):
    """What became of the question "which post is this embed?".

    Either `post` is set, or `reason` says in one line why it is not. `steps` name what was tried in
    order, in words a user understands; `exchanges` are the requests it took. `confidence` (0 to 1) is
    how sure the identity is: 1 when the article itself names the post. `candidates` are the posts that
    were looked at, best first. `contradictions` are things that the article and the post's id say
    differently although the identity stands.
    """

    post: Post | None = None
    reason: str = ""
    steps: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    confidence: float = 1.0
    candidates: tuple[Candidate, ...] = ()
    contradictions: tuple[str, ...] = ()
