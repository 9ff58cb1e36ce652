"""`archiver keys`: the public parts of an archive's keys, and how keys are replaced."""

import click

from archiver.cli.holdings import archive_of
from archiver.cli.options import takes
from archiver.cli.text import as_json, one_line
from archiver.clock import SystemClock
from archiver.config import Settings
from archiver.errors import ArchiverError, UsageError
from archiver.manifests.keys import LOG, WACZ
from archiver.rotation import FROM_BACKUP, rotate
from archiver.sealing import extend_log
from archiver.storage.layout import Archive, Keys
from archiver.storage.lock import hold


@takes(
    "reason",
    "keys",
    "json",
    arguments=[
        click.Argument(["action"], type=click.Choice(["show", "rotate"]), metavar="show|rotate")
    ],
)
def command(settings: Settings, action: str, reason: str | None) -> int:
    """Show the public keys of the archive, or replace both keys by new ones.

    'show' prints what others need to check the log and the packages: the log's key on one line, and both as
    PEM. 'rotate' makes new keys; the old one signs that they follow it, and is gone then. A private key that is
    lost cannot be replaced: nothing would say that the next one belongs to the archive.
    """
    archive = archive_of(settings)
    if action == "rotate":
        if reason is None:
            raise UsageError("why are the keys replaced?", hint="say so with --reason")
        place = replaced(archive, settings, reason)
        if not settings.quiet and not settings.json:
            click.echo(f"both keys were replaced: {one_line(str(place))}", err=True)
    shown = public_parts(archive)
    if settings.json:
        click.echo(as_json(shown))
    else:
        click.echo("\n".join(shown.values()), nl=False)
    return 0


def replaced(archive: Archive, settings: Settings, reason: str) -> str:
    """Extend the log to its end with the old key, then replace it; gives the path of the statement."""
    clock = SystemClock()
    private = Keys(settings.keys) if settings.keys else archive.keys
    with hold(archive, clock):
        extend_log(archive, private)
        return archive.relative(rotate(archive, private, reason=reason, clock=clock))


def public_parts(archive: Archive) -> dict[str, str]:
    """The note verifier's line of the log's key, and both keys as PEM."""
    places = {
        "verifier": archive.keys.verifier,
        "log": archive.keys.public(LOG),
        "packages": archive.keys.public(WACZ),
    }
    try:
        return {name: path.read_text(encoding="ascii") for name, path in places.items()}
    except FileNotFoundError as error:
        if archive.log.sizes():
            lost = f"{error.filename} is missing"
            raise ArchiverError(lost, hint=FROM_BACKUP) from error
        raise ArchiverError(
            "the archive has no keys yet", hint="the next `archiver run` makes them"
        ) from error
