"""A seed: one thing somebody asked us to read."""

from msgspec import Struct


class Seed(Struct, frozen=True, kw_only=True):
    """What the user named, and where they named it.

    `source` is the URL, path or `-` as written. `origin` says where it stood: `argument 2`,
    `seeds.txt:14`. `content` holds the bytes already read from standard input.
    """

    source: str
    origin: str
    content: bytes | None = None

    @property
    def is_url(self) -> bool:
        """Whether the seed is to be fetched over HTTP."""
        return self.source.lower().startswith(("http://", "https://"))


class BadSeed(Struct, frozen=True, kw_only=True):
    """A line or argument that cannot be a seed; the rest goes on. `reason` is one clear line."""

    source: str
    origin: str
    reason: str
