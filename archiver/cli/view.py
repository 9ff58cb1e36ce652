"""`archiver view`: an archive, a run or a WACZ file, looked at in a browser on this machine."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from archiver.cli.holdings import archive_of
from archiver.cli.options import takes
from archiver.cli.text import as_json, one_line, plural
from archiver.config import Settings
from archiver.errors import ArchiverError, UsageError
from archiver.stopping import stoppable
from archiver.storage.layout import Archive
from archiver.viewer.captured import captures
from archiver.viewer.desk import Desk, Stage
from archiver.viewer.find import ReplayWebPage, Viewer, find_viewer
from archiver.viewer.packages import Folder, Package, Zipped
from archiver.viewer.pywb import replayed_by_pywb
from archiver.viewer.serve import served
from archiver.viewer.shown import Shown


@takes(
    "viewer",
    "port",
    "json",
    arguments=[click.Argument(["place"], required=False, type=click.Path(), metavar="[PATH]")],
)
def command(settings: Settings, place: str | None, viewer: Path | None, port: int | None) -> int:
    """Serve an archive to the browser of this machine, until interrupted.

    PATH is an archive, the folder of a run or a WACZ file; without it, it is the archive of the settings.
    A list shows what there is; ReplayWeb.page or pywb, whichever is installed, replays it. It is
    served on 127.0.0.1 only.
    """
    packages = tuple(packages_of(settings, Path(place) if place else None))
    found = [one for package in packages for one in captures(package)]
    program = find_viewer(viewer)
    title = f"Archive {(Path(place) if place else settings.archive).resolve().name}"
    said = held(found, len(packages))
    desk = Desk(title, packages, found, said)
    try:
        with (
            stoppable(signal.SIGHUP) as stop,
            served(desk, port or 0) as address,
            replayed(program, desk, packages, found, address),
        ):
            announce(settings, address, program)
            while not stop:
                time.sleep(0.1)
    except OSError as error:
        raise ArchiverError(f"cannot serve on port {port}: {error.strerror}") from error
    return 0


def packages_of(settings: Settings, place: Path | None) -> Iterator[Package]:
    """The packages at the place. Raises UsageError when there is nothing to look at."""
    if place is not None and place.is_file():
        yield Zipped(place)
        return
    if place is not None and not (place / "runs").is_dir():
        if not (place / "manifests").is_dir():
            raise UsageError(f"{place} is no archive, no run and no WACZ file")
        yield Folder(place)
        return
    archive = Archive(place) if place is not None else archive_of(settings)
    folders = [run for run in archive.run_folders() if run.finished]
    if not folders:
        raise UsageError(f"the archive {archive.root} has no finished run yet")
    for run in reversed(folders):
        yield Folder(run.path)


def held(found: Sequence[Shown], packages: int) -> str:
    """How much there is."""
    needed = sum(one.needed for one in found)
    more = f", and {needed} that came along" if needed else ""
    return f"{plural(len(found) - needed, 'capture')} in {plural(packages, 'run')}{more}"


@contextmanager
def replayed(
    viewer: Viewer, desk: Desk, packages: Sequence[Package], found: Sequence[Shown], address: str
) -> Iterator[None]:
    """Let the desk's links lead to a replay while the context is open."""
    if isinstance(viewer, ReplayWebPage):
        with served(Stage(viewer.folder, packages, found, address)) as stage:
            desk.link(f"{stage}/open")
            yield
    else:
        with replayed_by_pywb(viewer.program, packages, address) as stage:
            desk.link(stage, by_timestamp=True)
            yield


def announce(settings: Settings, address: str, viewer: Viewer) -> None:
    """Say where to look."""
    if settings.json:
        click.echo(as_json({"url": f"{address}/"}))
        return
    click.echo(f"{address}/")
    if not settings.quiet:
        click.echo(f"Replay by {described(viewer)}. Ctrl-C ends it.", err=True)


def described(viewer: Viewer) -> str:
    """The viewer's name and place."""
    if isinstance(viewer, ReplayWebPage):
        return f"ReplayWeb.page ({one_line(str(viewer.folder))})"
    return f"pywb ({one_line(str(viewer.program))})"
