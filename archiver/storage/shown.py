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
    for history in post_histories(connection):
        last = history[-1]
        target = str(last["target"])
        yield ListRow(
            target=target,
            platform=last["platform"],
            post_id=last["post_id"],
            url=last["url"],
            status=standing([Status(row["status"]) for row in history]),
            captures=len(history),
            last_captured_at=parse_iso(last["ended_at"]),
            articles=articles.get(target, ()),
        )


def post_histories(connection: sql.Connection) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The captures of each post, oldest first, ordered by target; resolved embeds are left out."""
    resolved = _resolved(connection)
    query = (
        sql.select(CAPTURES)
        .where(CAPTURES.c.kind == "post")
        .order_by(CAPTURES.c.target, CAPTURES.c.started_at, CAPTURES.c.capture_id)
    )
    found = connection.execution_options(yield_per=1000).execute(query).mappings()
    for target, group in groupby(found, key=lambda row: str(row["target"])):
        history: list[Mapping[str, Any]] = [dict(row) for row in group]
        if target not in resolved:
            yield history


def _articles(connection: sql.Connection) -> dict[str, tuple[str, ...]]:
    """Target → the distinct sources that show it."""
    query = (
        sql.select(CAPTURES.c.target, EMBEDS.c.source)
        .join(EMBEDS, EMBEDS.c.capture_id == CAPTURES.c.capture_id)
        .order_by(CAPTURES.c.target, CAPTURES.c.started_at, EMBEDS.c.position)
    )
    return {
        str(target): tuple(dict.fromkeys(str(row.source) for row in group))
        for target, group in groupby(connection.execute(query), key=lambda row: row.target)
    }


def _resolved(connection: sql.Connection) -> frozenset[str]:
    """The keys of embeds that a later capture knew as a post."""
    query = (
        sql.select(EMBEDS.c.key)
        .join(CAPTURES, EMBEDS.c.capture_id == CAPTURES.c.capture_id)
        .where(EMBEDS.c.key != CAPTURES.c.target, CAPTURES.c.kind == "post")
        .distinct()
    )
    return frozenset(connection.execute(query).scalars())
