"""A manifest: the statement that ties article, embed, post, capture and WARC records together."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from archiver.domain.capture import (
    ArchivedCopy,
    Attempt,
    Blocked,
    BrowserFacts,
    Outcome,
    Unrecorded,
)
from archiver.domain.digest import Digest
from archiver.domain.embed import Embed
from archiver.domain.exchange import TlsPeer
from archiver.domain.metadata import PostMetadata, Relation
from archiver.domain.post import Candidate, Post, PostRef
from archiver.domain.record import Record, Redaction

SCHEMA = "archiver/manifest/1"


class Article(Struct, frozen=True, kw_only=True):
    """Where a post was found: the document with its digest, and the embed in it. `dated` is the day on
    which it appeared (`YYYY-MM[-DD]`), as it says itself."""

    source: str
    url: str | None
    digest: Digest
    title: str | None = None
    read_at: datetime | None = None
    dated: str | None = None
    embed: Embed


class Context(Struct, frozen=True, kw_only=True):
    """Why a post that no seed names was captured: another post, `by`, quotes, answers or passes it on.

    `depth` is how many such steps it is away from what was asked for.
    """

    relation: Relation
    by: PostRef
    depth: int = 1


ClockState = Literal["synchronised", "not synchronised", "unknown"]


class Collector(Struct, frozen=True, kw_only=True):
    """Who made a capture: the operator as configured, the machine by a digest of its id, and whether the
    kernel said at the start of the run that something keeps its clock right."""

    operator: str | None
    host: str
    clock: ClockState


class Custody(Struct, frozen=True, kw_only=True):
    """What was done to the WARC file of a capture: written, or taken over from another one. `before` and
    `after` are digests of the file; what is done later stands in the archive's log."""

    event: Literal["written", "taken over"]
    at: datetime
    tool: str
    before: Digest | None = None
    after: Digest | None = None


class Software(Struct, frozen=True, kw_only=True):
    """The programs that made a capture. `package` is a digest over archiver's own files: of each, sorted, its
    path, a line feed, and its SHA-256 in hexadecimal with a line feed. `revision` is the commit of the git
    checkout that it ran from, with `-dirty` where files differ from it; absent for an installed program."""

    archiver: str
    package: Digest | None = None
    revision: str | None = None
    python: str
    playwright: str
    warcio: str
    system: str


class Peer(Struct, frozen=True, kw_only=True):
    """A server that answered: host, address, protocols, certificate."""

    host: str
    address: str | None
    protocols: tuple[str, ...]
    tls: TlsPeer | None


class Comparison(Struct, frozen=True, kw_only=True):
    """A settled capture beside the settled one before it (`previous` is its id).

    `same`: nothing of note differs. `counts`: only numbers (likes, replies) do. `edited`: the post's text or
    media do. `differs`: something in the page does, and whether it is the post's own is not known. `gone`
    and `back`: the post left or came back. `what` says in words what differs.
    """

    previous: str
    verdict: Literal["same", "counts", "edited", "differs", "gone", "back"]
    what: tuple[str, ...] = ()


class MediaFile(Struct, frozen=True, kw_only=True):
    """A file that another program fetched for the post: the `urn` of its resource record, its media type, its
    size in bytes, its digest, and the program with its version."""

    urn: str
    media_type: str
    size: int
    digest: Digest
    made_by: str
    at: datetime


class Manifest(Struct, frozen=True, kw_only=True):
    """One capture, whole: what was asked, what was found, where it lies, and what is missing.

    Also written when nothing was got. Times are UTC. `settings` are the user's choices that bear on
    the result, never a secret. The capture of an article says in `document` which bytes were read and
    in `found` every embed, link and widget they hold; the capture of a post says in `articles` where
    it was found, and in `context` which other posts led to it.
    `resolution` names the steps that led to the post, `confidence` how sure it is (0 to 1),
    `candidates` the posts that were weighed; `metadata` is what platforms told of the post,
    `compared` how the capture stands to the one before it, `copies` are what web archives gave,
    `media` the files that other programs fetched.
    `archive_id` is the name that the archive's log had under its first key: it stays when keys are replaced.
    `visit_ms` is how many milliseconds the visit took by a clock that nobody sets; absent without a visit.
    """

    schema: str = SCHEMA
    capture_id: str
    run_id: str
    archive_id: str | None = None
    target: str
    post: Post | None
    articles: tuple[Article, ...]
    context: tuple[Context, ...] = ()
    document: Digest | None = None
    found: tuple[Embed, ...] = ()
    started_at: datetime
    ended_at: datetime
    visit_ms: int | None = None
    outcome: Outcome
    attempts: tuple[Attempt, ...]
    copies: tuple[ArchivedCopy, ...] = ()
    resolution: tuple[str, ...] = ()
    confidence: float | None = None
    candidates: tuple[Candidate, ...] = ()
    metadata: PostMetadata | None = None
    compared: Comparison | None = None
    page_url: str | None = None
    page_at: datetime | None = None
    title: str | None = None
    payload: str = "decoded-by-browser"
    warc_file: str | None
    warc_size: int = 0
    warc_digest: Digest | None = None
    records: tuple[Record, ...] = ()
    media: tuple[MediaFile, ...] = ()
    requested: int = 0
    unrecorded: tuple[Unrecorded, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    limits_hit: tuple[str, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    peers: tuple[Peer, ...] = ()
    notes: tuple[str, ...] = ()
    software: Software
    collector: Collector | None = None
    custody: tuple[Custody, ...] = ()
    browser: BrowserFacts | None = None
    settings: dict[str, str] = {}
