"""A run that tells others how it went, whatever became of it."""

from archiver.cli.progress import watching
from archiver.clock import SystemClock
from archiver.config import Settings
from archiver.config.private import secrets_of
from archiver.domain.secret import Hider
from archiver.errors import ArchiverError, LockHeld
from archiver.journal import Discreet
from archiver.pings import counts, ping, write_failure, write_metrics
from archiver.pipeline import run
from archiver.report import RunReport, RunRequest


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
        try:
            report = run(settings, request, watch)
        except LockHeld:
            raise  # the other run tells how it went
        except Exception as error:  # told, whatever it is, and then raised again
            code = error.exit_code if isinstance(error, ArchiverError) else 1
            if settings.metrics:
                write_failure(settings.metrics, code, began, SystemClock().now(), watch.note)
            ping(settings, str(code), f"{type(error).__name__}\n", watch.note)
            raise
        if settings.metrics:
            write_metrics(settings.metrics, report, watch.note)
        ping(settings, str(report.exit_code), counts(report), watch.note)
    return report
