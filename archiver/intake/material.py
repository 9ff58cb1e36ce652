"""What a reader is given: a name, the bytes as a stream, and what is known of where they came from."""

import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from msgspec import Struct
from msgspec.structs import replace

from archiver.clock import Clock
from archiver.domain.document import Document, DocumentKind
from archiver.domain.exchange import Exchange
from archiver.domain.seed import BadSeed
from archiver.errors import SeedError

MOST_BYTES = 64 * 1024 * 1024
"""Bytes that one document may have; containers (tables, archives) are read as streams."""

DEEPEST = 4
"""How many containers may stand in one another: a folder, a sitemap index, a sitemap, a page."""

PAGES = ("text/html", "application/xhtml+xml")
"""The media types of a page."""
_WEB = ("http://", "https://")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
Report = Callable[[BadSeed], None]


def spelled(path: Path) -> str:
    """A path as outputs call it. Bytes of a name that are no UTF-8 stand as `\\xe9`: neither a manifest nor the
    ledger can hold them, and two such names stay two."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def charset_of(content_type: str) -> str | None:
    """The charset that a media type names (RFC 9110, section 8.3.2); None where it names none."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def web_address(text: str) -> str:
    """An address as a saved page gives it; empty where it leads nowhere in the web."""
    address = "".join(text.split())
    return address if address.lower().startswith(_WEB) else ""


class Fetcher(Protocol):
    """What intake asks of the web; `net.client.Client` is one."""

    def fetch(
        self, url: str, *, follow: int = 0, headers: Sequence[tuple[str, str]] = ()
    ) -> tuple[Exchange, ...]:
        """One exchange a hop, at most `follow` redirects on; never raises for what a server does.
        `headers` are added to our own."""


class Known(Struct, frozen=True, kw_only=True):
    """What an address gave the last time, its content codings undone, with the validators it came with."""

    content: bytes
    media_type: str = ""
    charset: str | None = None
    etag: str = ""
    modified: str = ""

    def material(self, name: str, url: str, at: datetime) -> "Material":
        """The same bytes as material read at another instant."""
        return Material(
            name=name,
            content=self.content,
            url=url,
            media_type=self.media_type,
            charset=self.charset,
            read_at=at,
        )


class Before(Protocol):
    """What is known from earlier runs of addresses that are read again."""

    def known(self, url: str) -> Known | None:
        """What the address gave, where its server can be asked whether that still holds."""

    def keep_feed(self, url: str, known: Known) -> None:
        """Keep a feed for the next time."""

    def unchanged(self, hops: Sequence[Exchange]) -> None:
        """The requests by which a server said that nothing has changed."""


class Material(Struct, frozen=True, kw_only=True):
    """Content to be read. `name` is what outputs call it; `path` is set when it is a file."""

    name: str
    content: bytes = b""
    path: Path | None = None
    url: str | None = None
    media_type: str = ""
    charset: str | None = None
    read_at: datetime
    exchanges: tuple[Exchange, ...] = ()

    @property
    def suffix(self) -> str:
        """The ending of the name, such as `.html`; `.gz` is looked through."""
        name = Path((self.url or self.name).partition("?")[0]).name.lower()
        return Path(name.removesuffix(".gz")).suffix

    def open(self) -> BinaryIO:
        """A fresh stream over the bytes. Raises SeedError."""
        if self.path is None:
            return io.BytesIO(self.content)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise SeedError(f"cannot be read: {error.strerror or error}") from error

    def read(self) -> bytes:
        """All the bytes. Raises SeedError when there are more than a document may have."""
        with self.open() as stream:
            return whole(stream)

    def unpacked(self, content: bytes) -> "Material":
        """The same material with its bytes at hand, out of a file or a gzip wrapping."""
        packed = "gzip" in self.media_type
        media_type = "" if packed else self.media_type
        return replace(self, content=content, path=None, media_type=media_type)

    def page(self, address: str, charset: str | None, body: bytes) -> Document:
        """The page that was saved in this material, with the address and the charset that it names."""
        url = self.url or address or None
        saved = replace(self, url=url, media_type=PAGES[0], charset=charset)
        return saved.document("html", body)

    def document(self, kind: DocumentKind, body: bytes) -> Document:
        """The document that this material is."""
        return Document(
            source=self.name,
            kind=kind,
            body=body,
            url=self.url,
            media_type=self.media_type,
            charset=self.charset,
            read_at=self.read_at,
            exchanges=self.exchanges,
        )


class Reach(Struct, frozen=True, kw_only=True):
    """What a reader may use: the client (None: no network), the clock, how deep it stands already.

    `report` is told of an item of a container that cannot be read; the others go on. `documents` reads
    material of any kind. `before` is what earlier runs were given.
    """

    client: Fetcher | None
    clock: Clock
    report: Report
    documents: "Reader"
    depth: int = 0
    before: Before | None = None

    def inside(self, material: Material) -> Iterator[Document]:
        """The documents of something that lies in a container. Raises SeedError."""
        if self.depth >= DEEPEST:
            raise SeedError("too many containers inside one another")
        return self.documents(material, replace(self, depth=self.depth + 1))


def whole(stream: BinaryIO) -> bytes:
    """Everything in a stream. Raises SeedError when that is more than a document may have."""
    try:
        data = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError) as error:
        raise SeedError(f"cannot be read: {error}") from error
    if len(data) > MOST_BYTES:
        raise SeedError(f"larger than {MOST_BYTES >> 20} MB, too large for an article")
    return data


Reader = Callable[[Material, Reach], Iterator[Document]]
