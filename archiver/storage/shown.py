"""What the ledger shows of a post: a line for `list`, the whole of it for `show`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sql
from msgspec import Struct

from archiver.clock import parse_iso
from archiver.domain.capture import SETTLED, Status
from archiver.storage.tables import CAPTURES, EMBEDS

_C = CAPTURES.c
LISTED = (_C.target, _C.platform, _C.post_id, _C.url, _C.status, _C.ended_at)
"""What `list` needs of a capture."""
STATE = (
    *(_C.target, _C.status, _C.reason, _C.url, _C.capture_id),
    *(_C.manifest, _C.started_at, _C.ended_at, _C.retry_after),
)
"""What a State needs of a capture."""
STREAMED = {"yield_per": 1000}
END: tuple[None, tuple[str, ...]] = (None, ())


class ListRow(Struct, frozen=True, kw_only=True):
    """One post of the archive. `captures` counts all visits that left a manifest, fruitless ones too."""

    target: str
    platform: str
    post_id: str | None
    url: str | None
    status: Status
    captures: int
    last_captured_at: datetime
    articles: tuple[str, ...]


class PostHistory(Struct, frozen=True, kw_only=True):
    """A post and all its captures, oldest first, each as the ledger's row."""

    target: str
    platform: str
    post_id: str | None
    url: str | None
    status: Status
    articles: tuple[str, ...]
    captures: tuple[dict[str, Any], ...]


def standing(statuses: Sequence[Status]) -> Status:
    """What holds for a post with these outcomes, oldest first: the last settled one, else the last.

    A capture is not undone by a later failure to make another.
    """
    settled = [status for status in statuses if status in SETTLED]
    return (settled or statuses)[-1]


def list_rows(connection: sql.Connection) -> Iterator[ListRow]:
    """One row a post, ordered by target. Articles are no posts, and an embed that was resolved in the
    meantime shows as the post it is."""
    articles = _articles(connection)
    place, sources = next(articles, END)
    for history in post_histories(connection, LISTED):
        last = history[-1]
        target = str(last["target"])
        while place is not None and place < target:
            place, sources = next(articles, END)
        yield ListRow(
            target=target,
            platform=last["platform"],
            post_id=last["post_id"],
            url=last["url"],
            status=standing([Status(row["status"]) for row in history]),
            captures=len(history),
            last_captured_at=parse_iso(last["ended_at"]),
            articles=sources if place == target else (),
        )


def post_histories(
    connection: sql.Connection, columns: Sequence[sql.Column[Any]]
) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The captures of each post, oldest first, ordered by target; resolved embeds are left out.

    They are read as they are taken: never more than one post's and a thousand rows are held.
    """
    resolved = _resolved(connection)
    query = (
        sql.select(*columns)
        .where(CAPTURES.c.kind == "post")
        .order_by(CAPTURES.c.target, CAPTURES.c.started_at, CAPTURES.c.capture_id)
    )
    found = connection.execute(query, execution_options=STREAMED).mappings()
    for target, group in groupby(found, key=lambda row: str(row["target"])):
        if target not in resolved:
            history: list[Mapping[str, Any]] = [dict(row) for row in group]
            yield history


def _articles(connection: sql.Connection) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Each target with the distinct sources that show it, ordered by target: SQLite compares text by its
    bytes, Python by its code points, which in UTF-8 is the same."""
    query = (
        sql.select(CAPTURES.c.target, EMBEDS.c.source)
        .join(EMBEDS, EMBEDS.c.capture_id == CAPTURES.c.capture_id)
        .where(CAPTURES.c.kind == "post")
        .order_by(
            CAPTURES.c.target, CAPTURES.c.started_at, CAPTURES.c.capture_id, EMBEDS.c.position
        )
    )
    found = connection.execute(query, execution_options=STREAMED)
    for target, group in groupby(found, key=lambda row: str(row.target)):
        yield target, tuple(dict.fromkeys(str(row.source) for row in group))


def _resolved(connection: sql.Connection) -> frozenset[str]:
    """The keys of embeds that a later capture knew as a post."""
    query = (
        sql.select(EMBEDS.c.key)
        .join(CAPTURES, EMBEDS.c.capture_id == CAPTURES.c.capture_id)
        .where(EMBEDS.c.key != CAPTURES.c.target, CAPTURES.c.kind == "post")
        .distinct()
    )
    return frozenset(connection.execute(query).scalars())
