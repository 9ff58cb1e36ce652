"""A run that tells others how it went, whatever became of it."""

from archiver.cli.progress import watching
from archiver.config import Settings
from archiver.config.private import secrets_of
from archiver.domain.secret import Hider
from archiver.errors import ArchiverError
from archiver.journal import Discreet
from archiver.pings import counts, ping, write_metrics
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
        try:
            report = run(settings, request, watch)
        except ArchiverError as error:
            ping(settings, str(error.exit_code), f"{type(error).__name__}\n", watch.note)
            raise
        if settings.metrics:
            write_metrics(settings.metrics, report, watch.note)
        ping(settings, str(report.exit_code), counts(report), watch.note)
    return report
