"""A capture: what one visit to a post received, and what it means."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from archiver.domain.digest import Digest
from archiver.domain.exchange import Body, Exchange
from archiver.domain.post import View


class Status(StrEnum):
    """What is known of a post (`list --json` prints these words)."""

    CAPTURED = "captured"
    PARTIAL = "partial"
    GONE = "gone"
    PRIVATE = "private"
    WITHHELD = "withheld"
    LOGIN_WALL = "login-wall"
    BOT_WALL = "bot-wall"
    RATE_LIMITED = "rate-limited"
    FAILED = "failed"
    UNRESOLVED = "unresolved"
    PENDING = "pending"


SETTLED = frozenset({Status.CAPTURED, Status.GONE, Status.PRIVATE, Status.WITHHELD})
"""Statuses that are a true answer about the post; all others count as failed in the exit code."""
RECEIVED = frozenset({Status.CAPTURED, Status.PARTIAL})
"""Statuses of captures in which the post itself came."""


class Signal(Struct, frozen=True, kw_only=True):
    """One observation that bears on the status, tied to the exchange that shows it.

    `rule` names the row of the platform's table (`x.tombstone`), `points_to` the status it speaks
    for, `url` the exchange's or snapshot's address, `detail` the value seen, shortened.
    """

    rule: str
    points_to: Status
    url: str
    detail: str = ""


class Outcome(Struct, frozen=True, kw_only=True):
    """The status of a capture, in words why, and the signals it rests on.

    `retry_after` is in seconds, where the platform asked for it.
    """

    status: Status
    reason: str
    signals: tuple[Signal, ...] = ()
    retry_after: float | None = None


class Attempt(Struct, frozen=True, kw_only=True):
    """One view that was tried, and what it showed."""

    view: View
    started_at: datetime
    ended_at: datetime
    outcome: Outcome


class Snapshot(Struct, frozen=True, kw_only=True):
    """Something made from the drawn page: a picture, the DOM, the text, facts about the page.

    `urn` is the target URI of the resource record, such as `urn:view:https://…`; `role` is `view`
    (viewport), `post` (the post's element), `full`, `thumbnail`, `dom`, `text`, `pageinfo` or `media` (a
    file that another program fetched, which `made_by` names). `redacted` counts the user's secrets that were
    taken out of it.
    """

    role: str
    urn: str
    media_type: str
    body: Body
    taken_at: datetime
    redacted: int = 0
    made_by: str = ""


class Blocked(Struct, frozen=True, kw_only=True):
    """A connection that the egress guard refused: what was asked for, and why not."""

    host: str
    port: int
    reason: str
    at: datetime


class ArchivedCopy(Struct, frozen=True, kw_only=True):
    """A copy from a public web archive, kept as what it is (RFC 7089): whose, of which address, of when.

    `url` is the memento's address, under which its exchange lies in the WARC; `original` what it is a
    copy of, as the archive says; `at` its Memento-Datetime. `shows` says that the post is in it.
    """

    archive: str
    url: str
    original: str
    at: datetime
    shows: bool


class Unrecorded(Struct, frozen=True, kw_only=True):
    """A request that has no response in the WARC, and why (blocked, aborted by the page, …)."""

    url: str
    method: str
    reason: str


class BrowserFacts(Struct, frozen=True, kw_only=True):
    """The browser of a capture, as it goes into warcinfo and manifest. `binary` is the digest of the program
    that ran, which may be another file than the `executable` that was called; `fonts` one over the list of the
    fonts it could draw with: of each, sorted and once, its file, a space, its version and a line feed."""

    product: str
    user_agent: str
    playwright: str
    executable: str
    sandbox: bool
    viewport: tuple[int, int]
    scale: float
    locale: str
    timezone: str
    arguments: tuple[str, ...] = ()
    binary: Digest | None = None
    fonts: Digest | None = None


class Capture(Struct, frozen=True, kw_only=True):
    """All that one visit gave. A failed or fruitless visit is a Capture too: absence is evidence.

    `target` is the PostRef as text, or the key of an unresolved embed. `page_url` and `page_at` name
    the main document for replay (None when there is none). `requested` counts the requests seen on
    every target of the browser; each one is in `exchanges` or in `unrecorded`. `copies` are copies
    from web archives; `redacted` counts the user's secrets taken out of addresses, title and reasons.
    `visit_ms` is how long the visit took, by a clock that nobody sets.
    """

    id: str
    target: str
    url: str | None
    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    attempts: tuple[Attempt, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    page_url: str | None = None
    page_at: datetime | None = None
    title: str | None = None
    requested: int = 0
    unrecorded: tuple[Unrecorded, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    limits_hit: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    browser: BrowserFacts | None = None
    copies: tuple[ArchivedCopy, ...] = ()
    redacted: int = 0
    visit_ms: int | None = None
