"""`archiver rebuild`: the ledger again, from the archive alone."""

import click
import msgspec

from archiver.cli.holdings import archive_of
from archiver.cli.options import takes
from archiver.cli.text import one_line, plural
from archiver.clock import SystemClock
from archiver.config import Settings
from archiver.errors import ArchiveDamaged
from archiver.manifests.file import read_manifest
from archiver.storage.lock import hold
from archiver.storage.rebuild import rebuild


@takes("json")
def command(settings: Settings) -> int:
    """Make the ledger again from the manifests of the archive.

    The run folders are not changed; the old ledger is kept in the archive's quarantine folder.
    """
    archive = archive_of(settings)
    clock = SystemClock()
    with hold(archive, clock):
        rebuilt = rebuild(archive, read_manifest, clock)
    for problem in rebuilt.problems:
        click.echo(f"archiver: {one_line(problem)}", err=True)
    if settings.json:
        click.echo(msgspec.json.encode(rebuilt).decode())
    elif not settings.quiet:
        click.echo(f"{archive.ledger}: {plural(rebuilt.captures, 'capture')} entered")
    return ArchiveDamaged.exit_code if rebuilt.problems else 0
