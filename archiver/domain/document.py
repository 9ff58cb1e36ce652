"""A document: the bytes in which embeds are looked for."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from archiver.domain.digest import Digest, sha256
from archiver.domain.exchange import Exchange

DocumentKind = Literal["html", "text", "json"]


class Document(Struct, frozen=True, kw_only=True):
    """One article or page, read from a seed.

    `source` is what outputs print as its name (the URL, the path, or path#item inside a container).
    `url` is the address the content had, if known: the base for relative links. `charset` is what a
    transport said (HTTP header), before any look at the content. `dated` is `YYYY-MM[-DD]` where the
    seed says so. `exchanges` are the requests that fetched it, redirects included.
    """

    source: str
    kind: DocumentKind
    body: bytes
    url: str | None = None
    media_type: str = ""
    charset: str | None = None
    read_at: datetime | None = None
    dated: str | None = None
    title: str | None = None
    exchanges: tuple[Exchange, ...] = ()

    @property
    def digest(self) -> Digest:
        """SHA-256 of the bytes as read."""
        return sha256(self.body)
