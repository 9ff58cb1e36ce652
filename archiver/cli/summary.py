"""The end of a run in words: a summary for people, one JSON object for programs, troubles for cron."""

import shutil
import sys
from collections import Counter

import click
from rich.console import Console
from rich.text import Text

from archiver.cli.progress import style_of
from archiver.cli.text import amount, as_json, one_line, plural, shortened, table, wrapped
from archiver.clock import iso
from archiver.config import Settings
from archiver.config.private import secrets_of
from archiver.domain.capture import Status
from archiver.domain.secret import Hider
from archiver.report import PostRow, RunReport

REASON_COLUMN = 14


def conclude(settings: Settings, report: RunReport) -> int:
    """Print what the user should know of a finished run, and return its exit code.

    Without a terminal nothing is printed when all is well, and only the troubles when not.
    """
    hide = Hider(secrets_of(settings)).text
    if settings.json:
        click.echo(hide(as_json(summary_object(report))))
    elif not settings.quiet and (report.dry_run or settings.verbose or sys.stdout.isatty()):
        width = shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else 100
        paint([hide(line) for line in summary_lines(report, max(width, 40))])
    elif report.exit_code:
        for line in troubles(report):
            click.echo(hide(f"archiver: {line}"), err=True)
    return report.exit_code


def paint(lines: list[str]) -> None:
    """Print lines on stdout; on a terminal, statuses at their start are coloured."""
    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        text = Text(line)
        word = line.split(maxsplit=1)[0] if line.strip() else ""
        if word in tuple(Status):
            start = line.index(word)
            text.stylize(style_of(Status(word)), start, start + len(word))
        console.print(text)


def summary_object(report: RunReport) -> dict[str, object]:
    """The `run_summary` event."""
    return {
        "event": "run_summary",
        "run": report.run_id,
        "folder": str(report.folder) if report.folder else None,
        "started_at": iso(report.started_at),
        "ended_at": iso(report.ended_at),
        "exit_code": report.exit_code,
        "dry_run": report.dry_run,
        "documents": report.documents,
        "posts": len(report.rows),
        "standing": len(report.rows) - len(report.captured_now),
        "by_status": report.counts,
        "bytes": report.size,
        "bad_seeds": report.bad_seeds,
        "problems": report.problems,
        "mended": report.mended,
    }


def summary_lines(report: RunReport, width: int = 80) -> list[str]:
    """The summary for people, in lines of at most `width` characters."""
    blocks = [
        [_headline(report)],
        _by_status(report),
        *_details(report),
        _footing(report),
    ]
    lines: list[str] = []
    for block in filter(None, blocks):
        lines += [*([""] if lines else []), *block]
    return [short for line in lines for short in wrapped(line, width)]


def _headline(report: RunReport) -> str:
    name = "Dry run" if report.dry_run else f"Run {report.run_id or '(nothing to do)'}"
    took = (report.ended_at - report.started_at).total_seconds()
    ended = ", interrupted" if report.signal else ""
    read = plural(report.documents, "document")
    return f"{name}: {read}, {plural(len(report.rows), 'post')}, {took:.1f} s{ended}"


def _by_status(report: RunReport) -> list[str]:
    """One line a status: how many, how many of them stood from earlier, of which platforms."""
    rows = []
    for status, number in report.counts.items():
        of_it = [row for row in report.rows if row.status == status]
        earlier = sum(row.skipped for row in of_it)
        stood = f"({earlier} from earlier runs)" if earlier else ""
        rows.append((str(status), str(number).rjust(4), stood, _platforms(of_it)))
    if not any(row[2] for row in rows):
        rows = [(*row[:2], row[3], "") for row in rows]
    return table(rows, indent="  ") if rows else []


def _platforms(rows: list[PostRow]) -> str:
    counted = Counter(row.platform for row in rows).most_common()
    return ", ".join(name if number == 1 else f"{name} {number}" for name, number in counted)


def _details(report: RunReport) -> list[list[str]]:
    """The blocks that are there only when there is something to say."""
    if report.dry_run:
        title, wanted = "To be captured:", report.captured_now
    else:
        title, wanted = "Not settled:", tuple(row for row in report.rows if not row.settled)
    posts = [line for row in wanted for line in _post(row)]
    return [
        [title, *posts] if posts else [],
        _list("Seeds that could not be read:", [_seed(s) for s in bad(report)]),
        _list("Problems:", list(report.problems)),
        _list("Left behind by an interrupted run, now put right:", list(report.mended)),
    ]


def _post(row: PostRow) -> list[str]:
    """Status and target, why, and the first articles that show it."""
    found = ", ".join(row.articles[:2]) + (", …" if len(row.articles) > 2 else "")
    later = "not due yet" if row.skipped else ""
    said = [row.reason, f"in {found}" if found else "", later]
    first = f"  {row.status:<{REASON_COLUMN - 2}}{shortened(row.target, 60)}"
    return [first, *(" " * REASON_COLUMN + one_line(text) for text in said if text)]


def _list(title: str, items: list[str]) -> list[str]:
    return [title, *(f"  {one_line(item)}" for item in items)] if items else []


def bad(report: RunReport) -> tuple[tuple[str, str, str], ...]:
    """Origin, source and reason of each bad seed."""
    return tuple((seed.origin, seed.source, seed.reason) for seed in report.bad_seeds)


def _seed(parts: tuple[str, str, str]) -> str:
    return ": ".join(one_line(part) for part in parts)


def _footing(report: RunReport) -> list[str]:
    if report.folder is None or not report.captured_now:
        return []
    return [f"{amount(report.size)} in {report.folder}"]


def troubles(report: RunReport) -> list[str]:
    """What went wrong, one line each, and last the count: this is what cron puts into a mail."""
    posts = [_trouble(row) for row in report.captured_now if not row.settled]
    seeds = [_seed(parts) for parts in bad(report)]
    found = [one_line(line) for line in (*seeds, *report.problems, *posts)]
    name = f"run {report.run_id}" if report.run_id else "run"
    settled = sum(row.settled for row in report.rows)
    return [*found, f"{name}: {settled} of {plural(len(report.rows), 'post')} settled"]


def _trouble(row: PostRow) -> str:
    found = f" in {row.articles[0]}" if row.articles else ""
    return f"{row.target}{found}: {row.status}: {row.reason}"
