"""`archiver changes`: what became of posts between one capture and the next."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from archiver.cli.extract import terminal_width
from archiver.cli.holdings import archive_of, ledger_of
from archiver.cli.options import takes
from archiver.cli.rows import cut
from archiver.cli.text import as_json, long_table, one_line, shortened
from archiver.clock import SystemClock
from archiver.config import Settings
from archiver.config.values import seconds
from archiver.errors import UsageError

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@takes("since", "all", "json")
def command(settings: Settings, since: str | None, all: bool) -> int:
    """List the posts that changed: edited, gone, back, or other numbers.

    Captures in which nothing differs are left out, unless --all is said.
    """
    begin = instant_of(since, SystemClock().now()) if since else EVER
    with ledger_of(archive_of(settings)) as ledger:

        def rows() -> Iterator[Mapping[str, Any]]:
            return (row for row in ledger.changes(begin) if all or row["compared"] != "same")

        if settings.json:
            for row in rows():
                click.echo(as_json(fields(row)))
        else:
            for line in lines(rows):
                click.echo(cut(line, terminal_width()))
    return 0


def instant_of(written: str, now: datetime) -> datetime:
    """`2026-11-22`, `2026-11-22T04:06Z`, or how long ago: `7d`. Raises UsageError."""
    try:
        if re.match(r"\d{4}-", written):
            moment = datetime.fromisoformat(written)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return now - timedelta(seconds=seconds(written))
    except (ValueError, OverflowError):
        raise UsageError(
            f"--since {written!r} is neither a day such as 2026-11-22 nor a time such as 7d"
        ) from None


def fields(row: Mapping[str, Any]) -> dict[str, object]:
    """What a line of `--json` holds."""
    names = ("target", "platform", "post_id", "url", "status", "capture_id", "manifest")
    what = row["differences"].split("; ") if row["differences"] else []
    told = {"change": row["compared"], "at": row["started_at"], "what": what}
    return told | {name: row[name] for name in names}


def lines(rows: Callable[[], Iterable[Mapping[str, Any]]]) -> Iterator[str]:
    """Aligned columns: when, what became of it, which post, what differs."""
    return long_table(lambda: map(_cells, rows()))


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        str(row["started_at"])[:16].replace("T", " "),
        row["compared"],
        shortened(row["target"], 60),
        one_line(row["differences"] or ""),
    )
