"""`archiver rebuild`: the ledger again, from the archive alone."""

import click

from archiver.cli.holdings import archive_of
from archiver.cli.options import takes
from archiver.cli.text import as_json, one_line, plural
from archiver.clock import SystemClock
from archiver.config import Settings
from archiver.errors import ArchiveDamaged
from archiver.manifests.file import read_manifest
from archiver.relog import restore_log
from archiver.storage.lock import hold
from archiver.storage.rebuild import rebuild


@takes("json")
def command(settings: Settings) -> int:
    """Make the ledger again from the manifests of the archive, and the leaves of the log where they are lost.

    The run folders are not changed; the old ledger is kept in the archive's quarantine folder. Leaves are
    written only when every checkpoint proves them.
    """
    archive = archive_of(settings)
    clock = SystemClock()
    with hold(archive, clock):
        rebuilt = rebuild(archive, read_manifest, clock)
        problems, leaves = list(rebuilt.problems), None
        try:
            leaves = restore_log(archive, clock)
        except ArchiveDamaged as error:
            problems.append(f"{error.message}; {error.hint}")
    for problem in problems:
        click.echo(f"archiver: {one_line(problem)}", err=True)
    if settings.json:
        told = {"captures": rebuilt.captures, "problems": problems, "leaves": leaves}
        click.echo(as_json(told))
    elif not settings.quiet:
        click.echo(f"{archive.ledger}: {plural(rebuilt.captures, 'capture')} entered")
        if leaves is not None:
            click.echo(
                f"{archive.log.leaves}: {plural(leaves, 'leaf', 'leaves')}, proven by the checkpoints"
            )
    return ArchiveDamaged.exit_code if problems else 0
