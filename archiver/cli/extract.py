"""`archiver extract`: which posts are embedded in these pages?"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain, groupby
from pathlib import Path

import click

from archiver.bulk import find_in_all
from archiver.cli.options import Source, takes
from archiver.cli.rows import csv_lines, json_line, table_lines
from archiver.cli.sources import complain_of, seeds_of, web
from archiver.config import Settings
from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.domain.seed import BadSeed, Seed
from archiver.errors import SeedError
from archiver.intake.material import Fetcher, Report
from archiver.intake.read import read_documents
from archiver.rendering import find_rendered

RENDERING = (
    "concurrency", "timeout", "max_bytes", "user_agent", "client_user_agent", "contact", "respect_robots",
    "locale", "browser", "allow_no_sandbox",
)  # fmt: skip
"""The options that bear on --render."""


@takes(
    "seeds",
    "format",
    "all",
    "render",
    *RENDERING,
    arguments=[click.Argument(["sources"], nargs=-1, type=Source(), metavar="SOURCE…")],
)
def command(
    settings: Settings,
    sources: tuple[str, ...],
    seeds: tuple[Path, ...],
    format: str,
    all: bool,
    render: bool,
) -> int:
    """Find the posts embedded in pages; capture nothing and write nothing.

    A SOURCE is a URL, a file (HTML, text, feed, table, WARC, ...), a folder or - for standard input.
    Each distinct post of a page is one line. A source that cannot be read is named on stderr, and the
    exit code is then 4.
    """
    good, bad = seeds_of(sources, seeds)
    for line in bad:
        complain_of(line, line.reason)
    broken: list[BadSeed] = []

    def tell(item: BadSeed) -> None:
        broken.append(item)
        complain_of(item, item.reason)

    with web(settings) as client:
        documents = documents_of(good, client, tell)
        found = (
            find_rendered(documents, settings, tell, warn_of_sandbox)
            if render
            else find_in_all(documents, tell)
        )
        embeds = (e for page in found for e in page if all or e.role == "embed")
        with closing(found):
            form = "jsonl" if settings.json else format
            shown = show(embeds, form)
    if not shown and form == "table" and not settings.quiet and sys.stdout.isatty():
        click.echo("no post is embedded in what was read")
    return SeedError.exit_code if bad or broken else 0


def warn_of_sandbox() -> None:
    """One line on stderr: the browser runs without its sandbox, as the user has allowed."""
    click.echo("archiver: warning: the browser runs without its sandbox", err=True)


def documents_of(seeds: Sequence[Seed], client: Fetcher, tell: Report) -> Iterator[Document]:
    """The documents of all seeds in order; what cannot be read is told at once."""
    for seed in seeds:
        try:
            yield from read_documents(seed, client, report=tell)
        except SeedError as error:
            tell(BadSeed(source=seed.source, origin=seed.origin, reason=error.message))


def show(embeds: Iterator[Embed], form: str) -> bool:
    """Print the embeds as they are found; a table page by page, each with widths of its own. Gives whether there
    was any."""
    first = next(embeds, None)
    embeds = chain([] if first is None else [first], embeds)
    if form == "jsonl":
        for embed in embeds:
            click.echo(json_line(embed))
    elif form == "csv":
        click.echo(csv_lines((), header=True), nl=False)
        for embed in embeds:
            click.echo(csv_lines([embed], header=False), nl=False)
    else:
        width = terminal_width()
        for _, page in groupby(embeds, lambda embed: embed.source):
            for line in table_lines(page, width):
                click.echo(line)
    return first is not None


def terminal_width() -> int | None:
    """The columns of the terminal on stdout, None when it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
