"""A run that tells others how it went, whatever became of it."""

from datetime import datetime

from archiver.cli.progress import watching
from archiver.clock import SystemClock
from archiver.config import Settings
from archiver.config.private import secrets_of
from archiver.domain.secret import Hider
from archiver.errors import ArchiverError, LockHeld
from archiver.journal import Discreet
from archiver.pings import counts, ping, write_failure, write_metrics
from archiver.pipeline import run
from archiver.report import RunReport, RunRequest, Watcher


def told(settings: Settings, request: RunRequest) -> RunReport:
    """Do the run; a health check and Prometheus hear of it. Raises what the run raises.

    A dry run tells nobody. Telling never changes the outcome.
    """
    with watching(settings) as watch:
        if request.dry_run:
            return run(settings, request, watch)
        watch = Discreet(watch, Hider(secrets_of(settings)))
        ping(settings, "start", "", watch.note)
        began = SystemClock().now()
        report: RunReport | None = None
        stopped: ArchiverError | None = None
        try:
            report = run(settings, request, watch)
        except ArchiverError as error:
            stopped = error
            raise
        finally:  # told, whatever ended the run
            if report is None and not isinstance(
                stopped, LockHeld
            ):  # the other run tells its own end
                _tell_failure(settings, stopped, began, watch)
        if settings.metrics:
            write_metrics(settings.metrics, report, watch.note)
        ping(settings, str(report.exit_code), counts(report), watch.note)
    return report


def _tell_failure(
    settings: Settings, stopped: ArchiverError | None, began: datetime, watch: Watcher
) -> None:
    """A run that came to no report: what stopped it, or a fault of ours."""
    code = stopped.exit_code if stopped else 1
    if settings.metrics:
        write_failure(settings.metrics, code, began, SystemClock().now(), watch.note)
    word = type(stopped).__name__ if stopped else "a fault in archiver"
    ping(settings, str(code), f"{word}\n", watch.note)
