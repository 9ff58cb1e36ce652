"""Telling others how a run went: a health check's URL, and a file for Prometheus.

None of it may change what the run did or its exit code: what cannot be told is a note.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from archiver.config import Settings
from archiver.errors import ArchiverError
from archiver.files import write_atomically
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.report import RunReport

TRIES = 3
SECONDS = 10.0
Note = Callable[[str], object]


def ping(settings: Settings, path: str, body: str, note: Note) -> None:
    """Tell the health check (healthchecks.io and its like): `start` at the start, the exit code at the end.

    The body holds counts only, no address of an article or post. Goes through the network guard, or the user's
    proxy, like everything else.
    """
    if settings.healthcheck is None:
        return
    url = f"{settings.healthcheck.rstrip('/')}/{path}"
    try:
        with EgressGuard(settings.proxy, ca_file=settings.ca_file) as guard, guard.lane() as lane:
            client = Client(lane.proxy_url, ca_file=settings.ca_file, timeout=SECONDS)
            if not any(_told(client, url, body) for _ in range(TRIES)):
                note("the health check could not be told")
    except (ArchiverError, OSError) as error:
        note(f"the health check could not be told: {error}")


def _told(client: Client, url: str, body: str) -> bool:
    plain = (("Content-Type", "text/plain; charset=utf-8"),)
    answer = client.fetch(url, method="POST", headers=plain, body=body.encode())[-1]
    return 200 <= answer.status < 300


def counts(report: RunReport) -> str:
    """What a health check is told of a run: numbers, no names."""
    statuses = ", ".join(f"{status} {number}" for status, number in report.counts.items())
    return f"exit code {report.exit_code}; {len(report.captured_now)} visited; {statuses}\n"


def write_metrics(path: Path, report: RunReport, note: Note) -> None:
    """Write the run as metrics for node_exporter's textfile collector, whole or not at all."""
    try:
        write_atomically(path, metrics(report).encode())
    except ArchiverError as error:
        note(error.message)


def write_failure(path: Path, code: int, began: datetime, ended: datetime, note: Note) -> None:
    """Write the metrics of a run that was ended by an error: its exit code, and no posts."""
    try:
        report = RunReport(started_at=began, ended_at=ended)
        write_atomically(path, metrics(report, code).encode())
    except ArchiverError as error:
        note(error.message)


def metrics(report: RunReport, code: int | None = None) -> str:
    """The Prometheus text format: one gauge a fact, with its meaning. `code` is the exit code of a run that
    came to no report of its own."""
    seconds = (report.ended_at - report.started_at).total_seconds()
    code = report.exit_code if code is None else code
    facts = (
        ("last_run_timestamp_seconds", "When the last run ended.", report.ended_at.timestamp()),
        ("last_run_seconds", "How long the last run took.", seconds),
        ("last_run_exit_code", "Exit code of the last run.", code),
        ("last_run_visited", "Posts visited in the last run.", len(report.captured_now)),
        ("last_run_bytes", "Bytes of WARC written in the last run.", report.size),
    )
    lines = [line for name, told, value in facts for line in _gauge(name, told, f" {value:.17g}")]
    by_status = [f'{{status="{s}"}} {n}' for s, n in report.counts.items()]
    lines += _gauge("last_run_posts", "Posts of the last run by status.", *by_status)
    return "\n".join(lines) + "\n"


def _gauge(name: str, told: str, *values: str) -> list[str]:
    head = [f"# HELP archiver_{name} {told}", f"# TYPE archiver_{name} gauge"]
    return head + [f"archiver_{name}{value}" for value in values]
