"""An embed: where in a document a post was found, and how."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from archiver.domain.digest import Digest, sha256
from archiver.domain.post import PostRef

Role = Literal["embed", "link", "widget"]

RENDERED = "rendered"
"""How the path of a carrier begins that stood in the document after its scripts had run."""


class Evidence(Struct, frozen=True, kw_only=True):
    """One carrier of the embed: the rule that found it and the place.

    `rule` is a stable name such as `x.blockquote` or `text.attribution`. `offset` is a position in
    the decoded document in characters, or None where only `path` (a JSON path, a chain of carriers)
    can say it. `confidence` is between 0 and 1. `fragment` is the markup or text itself, shortened.
    """

    rule: str
    offset: int | None = None
    path: str = ""
    confidence: float = 1.0
    fragment: str = ""

    @property
    def seen_by(self) -> Literal["static", "rendered"]:
        """Which reading saw it: that of the document as sent, or that of the rendered one."""
        return "rendered" if self.path.split(" > ", 1)[0] == RENDERED else "static"


class Embed(Struct, frozen=True, kw_only=True):
    """One distinct post, link or widget of a document, with every carrier that holds it.

    `ref` is None for a post known only by its text, and for widgets. `seen_url` is the address as
    written, `url` the canonical one, `embed_url` the view without an account. `handle` has no `@`.
    `posted_on` is the displayed day (UTC for X), `posted_at` an instant where one is known.
    """

    source: str
    document: Digest
    role: Role
    platform: str
    ref: PostRef | None = None
    url: str | None = None
    seen_url: str | None = None
    embed_url: str | None = None
    handle: str | None = None
    author_name: str | None = None
    posted_at: datetime | None = None
    posted_on: date | None = None
    text: str | None = None
    short_urls: tuple[str, ...] = ()
    media_tokens: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...]

    @property
    def seen_by(self) -> tuple[str, ...]:
        """`static`, `rendered` or both."""
        seen = {one.seen_by for one in self.evidence}
        return tuple(name for name in ("static", "rendered") if name in seen)

    @property
    def key(self) -> str:
        """What the embed is filed under: the post, or a digest of all that is known of it."""
        if self.ref is not None:
            return str(self.ref)
        known = "\n".join(
            [self.handle or "", str(self.posted_on or ""), *self.short_urls, *self.media_tokens]
            + (
                []
                if self.short_urls or self.media_tokens
                else [" ".join((self.text or "").split())]
            )
        )
        return f"{self.platform}:?{sha256(known.encode()).value[:32]}"
