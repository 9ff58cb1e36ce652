"""How a run is followed: progress on a terminal, lines with -v, JSON lines with --json, else silence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from archiver.cli.text import one_line, plural, shortened
from archiver.config import Settings
from archiver.domain.capture import SETTLED, Status
from archiver.journal import Journal
from archiver.report import PostRow, Silent, Watcher


class Lines(Silent):
    """Everything that happens, one line each, on stderr."""

    def run_started(self, run_id: str, at: datetime) -> None:
        """The run's name."""
        self.note(f"run {run_id}")

    def document_read(self, source: str, embeds: int) -> None:
        """The document and how many posts it holds."""
        self.note(f"read {source}: {plural(embeds, 'embed')}")

    def posts_known(self, due: int, standing: int) -> None:
        """What is to be done."""
        self.note(f"{plural(due, 'post')} to capture, {standing} stand from earlier runs")

    def post_started(self, target: str, url: str | None) -> None:
        """A visit begins."""
        self.note(f"{target}: visiting {url or 'nothing: its address is not known'}")

    def attempted(self, target: str, view: str, status: Status, reason: str) -> None:
        """What one view showed."""
        self.note(f"{target}: {view} → {status}: {reason}")

    def post_finished(self, row: PostRow) -> None:
        """The verdict."""
        earlier = " (from an earlier run)" if row.skipped else ""
        self.note(f"{row.target}: {row.status}{earlier}: {row.reason}")

    def note(self, text: str) -> None:
        """One line."""
        click.echo(one_line(text), err=True)

    def warning(self, text: str) -> None:
        """One line that says so."""
        click.echo(f"warning: {one_line(text)}", err=True)


class Live(Silent):
    """A bar with the posts under way below the verdicts, on a terminal."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.documents = 0
        self.running: list[str] = []
        self.progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self.task = self.progress.add_task("starting", total=None)

    def document_read(self, source: str, embeds: int) -> None:
        """Counted."""
        self.documents += 1
        self._describe(f"{plural(self.documents, 'article')} read")

    def posts_known(self, due: int, standing: int) -> None:
        """The bar gets its length."""
        self.progress.update(self.task, total=due, completed=0)

    def post_started(self, target: str, url: str | None) -> None:
        """The post is named beside the bar."""
        self.running.append(target)
        self._describe(self.running[-1])

    def post_finished(self, row: PostRow) -> None:
        """Its verdict is printed above the bar, unless it only stands from earlier."""
        if row.target in self.running:
            self.running.remove(row.target)
            self._describe(self.running[-1] if self.running else "")
        if row.skipped:
            return
        self.progress.advance(self.task)
        line = Text(f"{row.status:<12}", style=style_of(row.status))
        room = max(self.console.width - 13, 20)
        line.append(" " + shortened(f"{row.target}  {row.reason}", room), style="default")
        self.console.print(line, no_wrap=True, crop=True)

    def note(self, text: str) -> None:
        """Printed above the bar."""
        self.console.print(Text(one_line(text)))

    def warning(self, text: str) -> None:
        """Printed above the bar."""
        self.console.print(Text(f"warning: {one_line(text)}", style="yellow"))

    def _describe(self, text: str) -> None:
        room = max(self.console.width - 50, 12)
        self.progress.update(self.task, description=shortened(text, room))


def style_of(status: Status) -> str:
    """Green for a capture, blue for another true answer, yellow for what is to be tried again."""
    if status is Status.CAPTURED:
        return "green"
    return "blue" if status in SETTLED else "yellow"


@contextmanager
def watching(settings: Settings) -> Iterator[Watcher]:
    """The watcher that fits: a terminal on stderr gets progress, a job without one gets silence."""
    if settings.json:
        yield Journal(click.echo)
    elif settings.verbose:
        yield Lines()
    elif settings.quiet or not (sys.stderr and sys.stderr.isatty()):
        yield Silent()
    else:
        live = Live(Console(stderr=True, highlight=False))
        with live.progress:
            yield live
