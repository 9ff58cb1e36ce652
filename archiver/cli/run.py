"""`archiver run`: the whole job."""

from pathlib import Path

import click

from archiver.cli.options import SEAL, VISIT, Source, takes
from archiver.cli.progress import watching
from archiver.cli.sources import seeds_of
from archiver.cli.summary import conclude
from archiver.config import Settings
from archiver.pipeline import run
from archiver.report import RunRequest


@takes(
    "seeds",
    "dry_run",
    "force",
    *VISIT,
    *SEAL,
    "json",
    arguments=[click.Argument(["sources"], nargs=-1, type=Source(), metavar="[SEED]...")],
)
def command(
    settings: Settings,
    sources: tuple[str, ...],
    seeds: tuple[Path, ...],
    dry_run: bool,
    force: bool,
) -> int:
    """Find the posts embedded in articles and capture them.

    A SEED is an article: a URL, a file (HTML, plain text) or - for standard input. What is captured
    already and not due is skipped. Without a terminal nothing is printed when all is well.
    """
    good, bad = seeds_of(sources, seeds)
    request = RunRequest(seeds=good, bad_seeds=bad, force=force, dry_run=dry_run)
    with watching(settings) as watch:
        report = run(settings, request, watch)
    return conclude(settings, report)
