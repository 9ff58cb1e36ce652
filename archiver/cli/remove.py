"""`archiver remove`: captures taken out on request, with a tombstone in their place."""

import click

from archiver.cli.holdings import archive_of, history_of, ledger_of
from archiver.cli.options import takes
from archiver.cli.text import as_json, one_line, plural
from archiver.clock import SystemClock
from archiver.config import Settings
from archiver.errors import UsageError
from archiver.manifests.file import read_manifest
from archiver.removal import remove
from archiver.sealing import extend_log, package_signer
from archiver.storage.layout import Keys
from archiver.storage.lock import hold
from archiver.storage.mend import mend
from archiver.verification.warc import check_warc


@takes(
    "reason",
    "destroy",
    "keys",
    "json",
    arguments=[click.Argument(["post"], metavar="POST")],
)
def command(settings: Settings, post: str, reason: str | None, destroy: bool) -> int:
    """Take every capture of a post out of the archive, and leave a signed tombstone in the log.

    WARC files and manifests move into the archive's folder 'removed'; with --destroy they are deleted for
    good. The post is not captured again unless --force is said.
    """
    if reason is None:
        raise UsageError("why is it removed?", hint="say so with --reason: the tombstone keeps it")
    archive, clock = archive_of(settings), SystemClock()
    keys = Keys(settings.keys) if settings.keys else archive.keys
    with hold(archive, clock), ledger_of(archive) as ledger:
        # First what a killed run left: a capture of the post that has no row yet would come back with the next
        # run, and half a capture would be packaged with its run.
        for line in mend(archive, ledger, check_warc=check_warc, read_manifest=read_manifest).lines:
            click.echo(one_line(line), err=True)
        history = history_of(archive, ledger, post)
        sign = package_signer(archive, keys)
        extend_log(archive, keys)
        paths = [archive.absolute(row["manifest"]) for row in history.captures]
        remove(archive, ledger, paths, reason=reason, destroy=destroy, sign=sign, clock=clock)
        extend_log(archive, keys)
    if settings.json:
        told = {"target": history.target, "captures": [path.stem for path in paths]}
        click.echo(as_json(told | {"reason": reason, "destroyed": destroy}))
    elif not settings.quiet:
        where = "destroyed" if destroy else f"moved to {one_line(str(archive.removed))}"
        click.echo(f"{one_line(history.target)}: {plural(len(paths), 'capture')} {where}")
    return 0
