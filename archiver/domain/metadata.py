"""Metadata of a post: what platforms said of it, each value with the place where it stood."""

from typing import Literal

from msgspec import Struct

from archiver.domain.post import PostRef

Scalar = bool | int | float | str
Relation = Literal["quoted", "replied-to", "reposted"]


class Told(Struct, frozen=True):
    """One value as a platform told it.

    `url` is the address of the exchange (or the URN of the snapshot), `path` the place in its body: a
    JSON path (`$.user.screen_name`), or a CSS selector with `@attribute` where it is one. Of JSON in
    a page both, divided by ` $`; of HTML in a JSON value both, divided by ` >> `. Instants are
    written in UTC (RFC 3339) where they can be read, else as they stood.
    """

    value: Scalar
    url: str
    path: str


class Medium(Struct, frozen=True, kw_only=True):
    """A picture, video or sound of a post, with its other sizes and its alternative text.

    Width and height are in pixels, `seconds` is a length of time.
    """

    kind: Told | None = None
    url: Told | None = None
    alt: Told | None = None
    preview: Told | None = None
    width: Told | None = None
    height: Told | None = None
    seconds: Told | None = None
    variants: tuple[Told, ...] = ()


class Related(Struct, frozen=True, kw_only=True):
    """Another post that this one quotes, answers or passes on; `ref` where its identity is known."""

    relation: Relation
    told: Told
    ref: PostRef | None = None
    author: Told | None = None
    text: Told | None = None


class PostMetadata(Struct, frozen=True, kw_only=True):
    """What is known of a post. `counts` are by name (`likes`, `reposts`, `replies`, `quotes`, `views`,
    `comments`) as of the capture; `edits` are instants of edits or ids of other versions.

    `readings` names the rows of the tables that found something, in their order.
    """

    ref: PostRef | None = None
    author_name: Told | None = None
    author_handle: Told | None = None
    author_id: Told | None = None
    title: Told | None = None
    text: Told | None = None
    language: Told | None = None
    posted_at: Told | None = None
    edited_at: Told | None = None
    counts: dict[str, Told] = {}
    media: tuple[Medium, ...] = ()
    related: tuple[Related, ...] = ()
    labels: tuple[Told, ...] = ()
    edits: tuple[Told, ...] = ()
    readings: tuple[str, ...] = ()
