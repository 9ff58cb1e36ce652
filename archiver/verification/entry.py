"""What the ledger must say of a capture, worked out a second time from its manifest.

The ledger is no evidence, but it is what `list`, `show` and the report read: a date or an article that only
stands there would be believed.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from msgspec import Struct

from archiver.verification.prints import joined

UNRESOLVED = ":?"
"""In the key of an embed whose post is not known: platform, this, a digest of what is known of it."""
Line = tuple[str, str, str | None, str]
"""Of an article: the embed's key, the source, the article's URL, the digest of its bytes."""


class Ref(Struct, gc=False):
    """A post's identity as a manifest writes it."""

    platform: str
    id: str


class Post(Struct, gc=False):
    """The post that was captured."""

    ref: Ref
    url: str


class Embedded(Struct, gc=False):
    """An embed in an article; without `ref` its post is not known."""

    platform: str
    ref: Ref | None = None

    @property
    def key(self) -> str:
        """What the ledger has it under; of one that is not resolved the beginning."""
        return f"{self.ref.platform}:{self.ref.id}" if self.ref else self.platform + UNRESOLVED


class Article(Struct, gc=False):
    """Where the post was found."""

    source: str
    digest: dict[str, str]
    embed: Embedded
    url: str | None = None

    @property
    def line(self) -> Line:
        """What the ledger has of it."""
        digest = f"{self.digest.get('algorithm')}:{self.digest.get('value')}"
        return self.embed.key, self.source, self.url, digest


class Outcome(Struct, gc=False):
    """What came out of a capture."""

    status: str
    reason: str = ""
    retry_after: float | None = None


class Compared(Struct, gc=False):
    """How the capture stands to the one before it."""

    verdict: str
    what: list[str] = []


class Entry(Struct, frozen=True, gc=False):
    """The columns of a row by their names; `articles` is a digest of its articles."""

    kind: str
    platform: str
    post_id: str | None
    url: str | None
    reason: str
    retry_after: float | None
    started_at: datetime | None
    ended_at: datetime | None
    compared: str | None
    differences: str | None
    articles: bytes


class Told(Struct, kw_only=True):
    """What a manifest says of the capture that the ledger says too."""

    target: str
    outcome: Outcome
    post: Post | None = None
    document: dict[str, str] | None = None
    page_url: str | None = None
    page_at: str | None = None
    title: str | None = None
    started_at: str = ""
    ended_at: str = ""
    compared: Compared | None = None
    articles: list[Article] = []

    @property
    def entry(self) -> Entry:
        """The row that follows from it."""
        platform, _, rest = self.target.partition(":")
        known = None if rest.startswith("?") or self.document else rest
        post = self.post
        return Entry(
            kind=self._kind,
            platform=post.ref.platform if post else platform,
            post_id=post.ref.id if post else known,
            url=post.url if post else self.page_url,
            reason=self.outcome.reason,
            retry_after=self.outcome.retry_after,
            started_at=moment(self.started_at),
            ended_at=moment(self.ended_at),
            compared=self.compared.verdict if self.compared else None,
            differences="; ".join(self.compared.what) if self.compared else None,
            articles=digest_of(article.line for article in self.articles),
        )

    @property
    def _kind(self) -> str:
        if self.document:
            return "article"
        return "kept" if self.target.startswith("kept:") else "post"


def digest_of(lines: Iterable[Line]) -> bytes:
    """One digest over all articles of a capture, in their order."""
    total = hashlib.sha256()
    for key, source, url, digest in lines:
        platform, unresolved, _ = key.partition(UNRESOLVED)
        total.update(
            joined((platform + unresolved, source, url, digest, "\n")).encode(
                "utf-8", "surrogatepass"
            )
        )
    return total.digest()


def moment(text: object) -> datetime | None:
    """An instant with its offset, in UTC; None for what is none."""
    try:
        found = datetime.fromisoformat(str(text))
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):  # the latter: in UTC it is before the year 1, or after 9999
        return None


def differing(said: Entry, real: Entry) -> Iterator[tuple[str, object, object]]:
    """The columns in which two rows differ: the name, and what each of them says."""
    for name in Entry.__struct_fields__:
        if getattr(said, name) != getattr(real, name):
            yield name, getattr(said, name), getattr(real, name)
