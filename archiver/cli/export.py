"""`archiver export`: captures as one file that a viewer opens."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from archiver.cli.holdings import archive_of, history_of, ledger_of
from archiver.cli.options import takes
from archiver.cli.text import amount, as_json, one_line, plural
from archiver.clock import SystemClock
from archiver.config import Settings
from archiver.errors import UsageError
from archiver.files import read_errors
from archiver.manifests.keys import WACZ
from archiver.package.export import Exported, Extra, export_wacz, no_more
from archiver.package.run import Sign
from archiver.package.select import Chosen
from archiver.proofs import Proofs
from archiver.rotation import standing_key
from archiver.sealing import SOFTWARE, signing
from archiver.storage.layout import Archive, Keys


@takes("wacz", "run", "post", "keys", "json")
def command(
    settings: Settings, wacz: Path | None, run: tuple[str, ...], post: tuple[str, ...]
) -> int:
    """Write captures as one WACZ file, which replayweb.page opens.

    Without --run and --post it is the whole archive; with both, the captures of these posts in these
    runs. What a chosen capture shares with another one comes along. The package is signed, and its folder
    seal holds the proofs that its captures are in the archive's log.
    """
    archive = archive_of(settings)
    if wacz is None:
        raise UsageError("which file is to be written?", hint="name it with --wacz FILE")
    if wacz.exists():
        raise UsageError(f"{wacz} is there already", hint="remove it, or name another file")
    chosen = list(of_posts(archive, post, run) if post else of_runs(archive, run, settings.quiet))
    sign = signer_of(archive, settings)
    exported = export_wacz(
        chosen,
        wacz,
        title=", ".join((*post, *run)) or f"archive {archive.root.resolve().name}",
        created=SystemClock().now(),
        software=SOFTWARE,
        extra=proofs_of(archive),
        sign=sign,
    )
    if settings.json:
        click.echo(as_json(exported))
    elif not settings.quiet:
        click.echo(said(wacz, exported))
    if sign is None and not settings.quiet:
        lacks = one_line(str(archive.keys.private(WACZ)))
        click.echo(f"note: the package is not signed: there is no {lacks}", err=True)
    return 0


def proofs_of(archive: Archive) -> Extra:
    """The proofs that go into the package; an archive that was never sealed has none."""
    return Proofs(archive).files if archive.log.sizes() else no_more


def signer_of(archive: Archive, settings: Settings) -> Sign | None:
    """What signs the package; None in a reader's copy of an archive, which has no private key. Raises
    ArchiverError where the key is not in the folder named, or is not the archive's."""
    keys = Keys(settings.keys) if settings.keys else archive.keys
    with read_errors(keys.private(WACZ)):
        none = not settings.keys and not keys.private(WACZ).exists()
    return None if none else signing(standing_key(archive, keys))


def of_runs(archive: Archive, ids: Sequence[str], quiet: bool) -> Iterator[Chosen]:
    """The runs named, or all that are finished; of the others a line on stderr says that they are left out,
    unless `quiet`. Raises UsageError for one that is not there."""
    folders = {folder.id: folder for folder in archive.run_folders()}
    for run_id in ids:
        if run_id not in folders:
            raise UsageError(f"there is no run {run_id}", hint=f"the runs lie in {archive.runs}")
    for run_id, folder in folders.items():
        if run_id in ids or (not ids and folder.finished):
            yield Chosen(folder.path)
        elif not ids and not quiet:
            later = "one that broke off is ended by the next 'archiver run'"
            click.echo(f"note: {run_id} is left out, it has not ended: {later}", err=True)


def of_posts(archive: Archive, posts: Sequence[str], runs: Sequence[str]) -> Iterator[Chosen]:
    """The captures of the posts, run by run, in the runs named or in all."""
    found: dict[Path, list[str]] = {}
    with ledger_of(archive) as ledger:
        for post in posts:
            for row in history_of(archive, ledger, post).captures:
                if not runs or row["run_id"] in runs:
                    folder = archive.absolute(row["manifest"]).parent.parent
                    found.setdefault(folder, []).append(row["capture_id"])
    for folder, captures in found.items():
        yield Chosen(folder, tuple(captures))


def said(wacz: Path, exported: Exported) -> str:
    """One line on what was written."""
    more = f" and {len(exported.needed)} that they share payloads with" if exported.needed else ""
    captures = plural(len(exported.captures), "capture")
    return f"{one_line(str(wacz))}: {captures}{more}, {amount(exported.bytes)}"
