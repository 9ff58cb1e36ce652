"""`archiver capture`: posts that the user names themselves."""

import click

from archiver.cli.options import BOUNDS, SEAL, VISIT, Source, takes
from archiver.cli.summary import conclude
from archiver.cli.telling import told
from archiver.config import Settings
from archiver.errors import UsageError
from archiver.report import RunRequest


@takes(
    "dry_run",
    "force",
    *VISIT,
    *BOUNDS,
    *SEAL,
    "json",
    arguments=[click.Argument(["urls"], nargs=-1, required=True, type=Source(), metavar="URL...")],
)
def command(
    settings: Settings,
    urls: tuple[str, ...],
    dry_run: bool,
    force: bool,
    max_posts: int | None,
    max_time: float | None,
) -> int:
    """Capture posts given by URL.

    A URL of no known platform is captured as a page. What is captured already and not due is skipped.
    """
    for url in urls:
        if not url.lower().startswith(("http://", "https://")):
            raise UsageError(f"not a URL: {url}", hint="a saved page is read with 'archiver run'")
    request = RunRequest(
        direct_urls=urls, max_posts=max_posts, max_seconds=max_time, force=force, dry_run=dry_run
    )
    return conclude(settings, told(settings, request))
