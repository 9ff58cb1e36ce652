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
from archiver.tools import due_policy


@takes("max_age", "json")
def command(settings: Settings, max_age: float | None) -> int:
    """Say when the archive was last added to or looked at, and what is due.

    With --max-age the exit code is 1 when the last run ended longer ago than that.
    """
    archive, now = archive_of(settings), SystemClock().now()
    policy = due_policy(settings, force=False)
    with ledger_of(archive) as ledger:
        posts = due = 0
        for state in ledger.states(now):
            posts += 1
            due += is_due_unasked(state, now, policy)
    last = last_run(archive.lock.stat().st_mtime if archive.lock.exists() else None)
    runs = [folder.id for folder in archive.run_folders()]
    late = max_age is not None and (last is None or (now - last).total_seconds() > max_age)
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
        when = f"last run {last:%Y-%m-%d %H:%M} UTC" if last else "no run yet"
        word = "LATE" if late else "ok"
        click.echo(f"{word}: {when}, {plural(posts, 'post')}, {due} due")
    return int(late)


def last_run(moment: float | None) -> datetime | None:
    """When a run last held the lock: it writes its name there, also when there is nothing to do."""
    now = SystemClock().now()
    return None if moment is None else datetime.fromtimestamp(moment, now.tzinfo)
