"""What the user named on the command line, read into seeds and documents."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from archiver.cli.text import one_line
from archiver.config import Settings
from archiver.domain.seed import BadSeed, Seed
from archiver.errors import UsageError
from archiver.intake.read import read_seeds
from archiver.net.client import Client
from archiver.net.guard import EgressGuard


def seeds_of(
    arguments: Sequence[str], lists: Sequence[Path]
) -> tuple[tuple[Seed, ...], tuple[BadSeed, ...]]:
    """The seeds of arguments and lists. Raises UsageError when nothing was named at all."""
    if not arguments and not lists:
        raise UsageError(
            "nothing to read", hint="name URLs, files or - (standard input), or a list with --seeds"
        )
    return read_seeds(arguments, lists, sys.stdin.buffer if sys.stdin else None)


def complain_of(seed: BadSeed, reason: str) -> None:
    """One line on stderr about a seed that cannot be read."""
    click.echo(f"archiver: {seed.origin}: {one_line(seed.source)}: {one_line(reason)}", err=True)


@contextmanager
def web(settings: Settings, seeds: Sequence[Seed]) -> Iterator[Client | None]:
    """A client for seeds that are URLs, behind the egress guard; None when none of them is."""
    if not any(seed.is_url for seed in seeds):
        yield None
        return
    with EgressGuard(settings.proxy, ca_file=settings.ca_file) as guard, guard.lane() as lane:
        yield Client(lane.proxy_url, ca_file=settings.ca_file)
