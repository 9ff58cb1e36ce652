"""`archiver list`: what the archive holds, one post a line."""

from collections.abc import Callable, Iterable, Iterator

import click
import msgspec

from archiver.cli.extract import terminal_width
from archiver.cli.holdings import archive_of, ledger_of
from archiver.cli.options import takes
from archiver.cli.rows import cut
from archiver.cli.text import long_table, shortened
from archiver.clock import iso
from archiver.config import Settings
from archiver.errors import UsageError
from archiver.platforms import by_name
from archiver.storage.ledger import Ledger
from archiver.storage.shown import ListRow

WIDE = 120
"""Columns from which on a terminal shows URLs too."""


@takes("status", "platform", "json")
def command(settings: Settings, status: tuple[str, ...], platform: tuple[str, ...]) -> int:
    """List the posts of the archive, one a line.

    The status is the last settled one; captures counts every visit, fruitless ones too.
    """
    with ledger_of(archive_of(settings)) as ledger:
        for name in platform:
            see_that_it_may_be(name, ledger)

        def rows() -> Iterator[ListRow]:
            for row in ledger.rows():
                if (not status or row.status in status) and (
                    not platform or row.platform in platform
                ):
                    yield row

        for line in (
            map(json_line, rows()) if settings.json else table_lines(rows, terminal_width())
        ):
            click.echo(line)
    return 0


def see_that_it_may_be(name: str, ledger: Ledger) -> None:
    """Raises UsageError for a platform that neither the program nor the archive knows: `twitter` is `x` here."""
    if name == "web" or by_name(name) is not None:
        return
    held = {row.platform for row in ledger.rows()}
    if name not in held:
        hint = f"the archive has {', '.join(sorted(held))}" if held else "the archive has no post"
        raise UsageError(f"no platform is called {name!r} here", hint=hint)


def json_line(row: ListRow) -> str:
    """One JSON object: platform, post_id, url, status, captures, last_captured_at, articles."""
    fields = msgspec.structs.asdict(row) | {"last_captured_at": iso(row.last_captured_at)}
    return msgspec.json.encode(fields).decode()


def table_lines(rows: Callable[[], Iterable[ListRow]], width: int | None) -> Iterator[str]:
    """Aligned columns; lines are cut at `width` unless it is None. A narrow terminal gets no URLs."""
    narrow = width is not None and width < WIDE
    for line in long_table(lambda: (_cells(row, narrow) for row in rows())):
        yield cut(line, width)


def _cells(row: ListRow, narrow: bool) -> tuple[str, ...]:
    when = f"{row.last_captured_at:%Y-%m-%d %H:%M}Z"
    target = shortened(row.target, 44 if narrow else 60)
    cells = (str(row.status), when, str(row.captures).rjust(3), target)
    return cells if narrow else (*cells, shortened(row.url or "in " + ", ".join(row.articles), 90))
