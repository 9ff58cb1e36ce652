"""`archiver status`: is the archive being fed? One line, and an exit code for monitors."""

from datetime import datetime

import click
import msgspec

from archiver.cli.holdings import archive_of, ledger_of
from archiver.cli.options import takes
from archiver.cli.text import plural
from archiver.clock import SystemClock, iso
from archiver.commit import started
from archiver.config import Settings
from archiver.storage.due import is_due_unasked
from archiver.storage.lastrun import last_end
from archiver.tools import due_policy

CLOCKS_APART = 60.0
"""Seconds by which the clocks of a run and of a monitor may differ."""


@takes("max_age", "json")
def command(settings: Settings, max_age: float | None) -> int:
    """Say when a run last came to its end, and what is due.

    With --max-age the exit code is 1 when that is longer ago. A run that broke
    off, for want of a browser or of space, does not count.
    """
    archive, now = archive_of(settings), SystemClock().now()
    policy = due_policy(settings, force=False)
    with ledger_of(archive) as ledger:
        posts = due = 0
        for state in ledger.states(now):
            posts += 1
            due += is_due_unasked(state, now, policy)
    last = last_end(archive)
    runs = [folder.id for folder in archive.run_folders()]
    late = max_age is not None and is_late(last, now, max_age)
    if settings.json:
        told = {
            "last_run_at": iso(last) if last else None,
            "last_capture_at": iso(started(runs[-1])) if runs else None,
            "posts": posts,
            "due": due,
            "late": late,
        }
        click.echo(msgspec.json.encode(told).decode())
    elif late or not settings.quiet:
        when = f"last run {last:%Y-%m-%d %H:%M} UTC" if last else "no run came to its end yet"
        word = "LATE" if late else "ok"
        click.echo(f"{word}: {when}, {plural(posts, 'post')}, {due} due")
    return int(late)


def is_late(ended: datetime | None, now: datetime, max_age: float) -> bool:
    """Whether the last end of a run is more than `max_age` seconds ago, or lies ahead of the clock: then
    one of the two clocks was wrong, and somebody should look."""
    return ended is None or not -CLOCKS_APART <= (now - ended).total_seconds() <= max_age
