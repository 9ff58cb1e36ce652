"""What a search is: a table row that says where a platform's posts can be looked for."""

from collections.abc import Callable
from datetime import date

from msgspec import Struct


class Feed(Struct, frozen=True, kw_only=True):
    """An author's posts, newest first, page by page.

    `account` is asked first where the feed goes by an account number (its `id`). `more` is added to
    `url` for the next page; the cursor stands at the key `cursor` of the answer, or it is the lowest
    number of the page where that is empty. `start` makes a first cursor, just after a day. Names that can be
    filled in: `author` as written, `user` and `host` (its parts around `@`), `account`, `cursor`.
    """

    url: str
    more: str
    cursor: str = ""
    account: str = ""
    start: Callable[[date], str] | None = None


class Search(Struct, frozen=True, kw_only=True):
    """Where a platform's posts can be looked for.

    `window` gives the lowest id of a UTC day and the lowest of the next one. `archived` are addresses,
    cut after the first digits of an id, under which web archives may hold posts. `tells` are endpoints
    that tell of one post, `token` makes what they ask for besides its id. `short` is a short link by
    its name. `slack` is by how many days the displayed day may differ from the post's UTC day. `copies` are addresses
    under which archives may hold a post, where they are others than its own.
    """

    platform: str
    window: Callable[[date], tuple[int, int]] | None = None
    archived: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    token: Callable[[str], str] | None = None
    copies: tuple[str, ...] = ()
    short: str = ""
    slack: int = 1
    feed: Feed | None = None
