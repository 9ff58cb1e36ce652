"""`archiver verify`: is everything still as it was written?"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from rich.console import Console

from archiver.cli.holdings import archive_of
from archiver.cli.options import Source, takes
from archiver.cli.text import amount, as_json, one_line, plural, shortened
from archiver.config import Settings
from archiver.errors import ArchiveDamaged
from archiver.verification.verify import Report, verify


@takes(
    "pin",
    "tsa_ca",
    "json",
    arguments=[click.Argument(["paths"], nargs=-1, type=Source(), metavar="[PATH]...")],
)
def command(settings: Settings, paths: tuple[str, ...], pin: tuple[Path, ...]) -> int:
    """Check everything that was written: records, digests, manifests, log, signatures, time stamps.

    A PATH is an archive, a run folder, a WARC file or a WACZ file; without one the whole archive is
    checked. Each damage is a line on stdout, and the exit code is then 5. What is whole has not changed
    since it was sealed; whether a platform said it is another question (docs/evidence.md).
    """
    wanted = [Path(path) for path in paths] or [archive_of(settings).root]
    with telling(settings) as tell:
        report = verify(wanted, progress=tell, pins=pin, tsa_ca=settings.tsa_ca)
    for line in json_lines(report) if settings.json else lines(report, quiet=settings.quiet):
        click.echo(line)
    return 0 if report.whole else ArchiveDamaged.exit_code


@contextmanager
def telling(settings: Settings) -> Iterator[Callable[[str], None]]:
    """What is being read, on one line of a terminal that goes away; lines on stderr with -v."""
    if settings.verbose:
        yield lambda name: click.echo(one_line(name), err=True)
    elif settings.quiet or settings.json or not (sys.stderr and sys.stderr.isatty()):
        yield lambda name: None
    else:
        console = Console(stderr=True, highlight=False, markup=False)
        with console.status("reading") as status:
            yield lambda name: status.update(shortened(name, max(console.width - 6, 10)))


def lines(report: Report, *, quiet: bool = False) -> Iterator[str]:
    """The defects, what is worth knowing, and the verdict with what was looked at."""
    yield from (one_line(str(defect)) for defect in report.defects)
    if quiet:
        return
    yield from (f"note: {one_line(note)}" for note in report.notes)
    verdict = plural(len(report.defects), "defect") if report.defects else "all whole"
    seen = [
        plural(report.runs, "run"),
        plural(report.captures, "capture"),
        plural(report.records, "record"),
        amount(report.bytes),
    ]
    yield f"{', '.join(seen)}: {verdict}"


def json_lines(report: Report) -> Iterator[str]:
    """One object a defect, and last a `verify_summary`."""
    for defect in report.defects:
        fields = {"path": defect.path, "where": defect.where, "what": defect.what}
        yield as_json({"event": "defect", **fields})
    summary = msgspec.structs.asdict(report) | {"defects": len(report.defects)}
    whole = {"event": "verify_summary", "whole": report.whole}
    yield as_json({**whole, **summary})
