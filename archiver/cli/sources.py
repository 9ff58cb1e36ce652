"""What the user named on the command line, read into seeds and documents."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from archiver.cli.text import one_line
from archiver.config import Settings
from archiver.domain.exchange import Exchange
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
    """One line on stderr about a seed that cannot be read: where it was named, unless that is its own name."""
    names = (seed.source,) if seed.origin == seed.source else (seed.origin, seed.source)
    click.echo(f"archiver: {': '.join(map(one_line, (*names, reason)))}", err=True)


class Web:
    """The web behind the egress guard, opened at the first request: most files need none."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._client: Client | None = None

    def fetch(
        self, url: str, *, follow: int = 0, headers: Sequence[tuple[str, str]] = ()
    ) -> tuple[Exchange, ...]:
        """What a URL answers, up to `follow` redirects on, one exchange a hop."""
        if self._client is None:
            self._client = self._open()
        return self._client.fetch(url, follow=follow, headers=headers)

    def _open(self) -> Client:
        ca_file = self._settings.ca_file
        guard = self._stack.enter_context(EgressGuard(self._settings.proxy, ca_file=ca_file))
        lane = self._stack.enter_context(guard.lane())
        return Client(
            lane.proxy_url,
            ca_file=ca_file,
            user_agent=self._settings.own_user_agent,
            respect_robots=self._settings.respect_robots,
        )


@contextmanager
def web(settings: Settings) -> Iterator[Web]:
    """A client for URLs, and for what feeds and tables lead to, behind the egress guard."""
    with ExitStack() as stack:
        yield Web(settings, stack)
