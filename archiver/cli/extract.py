"""`archiver extract`: which posts are embedded in these pages?"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from archiver.cli.options import Source, takes
from archiver.cli.rows import csv_lines, json_line, table_lines
from archiver.cli.sources import complain_of, seeds_of, web
from archiver.config import Settings
from archiver.domain.embed import Embed
from archiver.domain.seed import BadSeed, Seed
from archiver.errors import SeedError
from archiver.extraction.find import find_embeds
from archiver.intake.read import read_documents
from archiver.net.client import Client


@takes(
    "seeds",
    "format",
    "all",
    arguments=[click.Argument(["sources"], nargs=-1, type=Source(), metavar="SOURCE…")],
)
def command(
    settings: Settings, sources: tuple[str, ...], seeds: tuple[Path, ...], format: str, all: bool
) -> int:
    """Find the posts embedded in pages; capture nothing and write nothing.

    A SOURCE is a URL, a file (HTML, plain text) or - for standard input. Each distinct post of a page
    is one line. A source that cannot be read is named on stderr, and the exit code is then 4.
    """
    good, bad = seeds_of(sources, seeds)
    for line in bad:
        complain_of(line, line.reason)
    broken: list[BadSeed] = []
    with web(settings, good) as client:
        embeds = (e for e in found_in(good, client, broken) if all or e.role == "embed")
        show(embeds, "jsonl" if settings.json else format)
    return SeedError.exit_code if bad or broken else 0


def found_in(
    seeds: Sequence[Seed], client: Client | None, broken: list[BadSeed]
) -> Iterator[Embed]:
    """The embeds of all documents in order. What cannot be read is told at once and kept in `broken`."""

    def tell(item: BadSeed) -> None:
        broken.append(item)
        complain_of(item, item.reason)

    for seed in seeds:
        try:
            for document in read_documents(seed, client, report=tell):
                yield from find_embeds(document)
        except SeedError as error:
            tell(BadSeed(source=seed.source, origin=seed.origin, reason=error.message))


def show(embeds: Iterator[Embed], form: str) -> None:
    """Print the embeds as they are found (the table needs them all before it knows its widths)."""
    if form == "jsonl":
        for embed in embeds:
            click.echo(json_line(embed))
    elif form == "csv":
        click.echo(csv_lines(embeds, header=True), nl=False)
    else:
        for line in table_lines(embeds, terminal_width()):
            click.echo(line)


def terminal_width() -> int | None:
    """The columns of the terminal on stdout, None when it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
