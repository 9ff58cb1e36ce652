"""`archiver run`: the whole job."""

from pathlib import Path

import click

from archiver.cli.options import BOUNDS, SEAL, VISIT, Source, takes
from archiver.cli.sources import seeds_of
from archiver.cli.summary import conclude
from archiver.cli.telling import told
from archiver.config import Settings
from archiver.report import RunRequest
from archiver.storage.layout import Archive


@takes(
    "seeds",
    "dry_run",
    "force",
    "seeds_only",
    *VISIT,
    *BOUNDS,
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
    seeds_only: bool,
    max_posts: int | None,
    max_time: float | None,
) -> int:
    """Find the posts embedded in articles and capture them.

    A SEED is an article: a URL, a file (HTML, plain text) or - for standard input. What is captured
    already and not due is skipped; other posts of the archive that are due are visited too. Without a
    terminal nothing is printed when all is well.
    """
    nothing = not sources and not seeds and not seeds_only
    held = nothing and Archive(settings.archive).ledger.is_file()
    good, bad = ((), ()) if held else seeds_of(sources, seeds)
    request = RunRequest(
        seeds=good,
        bad_seeds=bad,
        unasked=not seeds_only,
        max_posts=max_posts,
        max_seconds=max_time,
        force=force,
        dry_run=dry_run,
    )
    return conclude(settings, told(settings, request))
