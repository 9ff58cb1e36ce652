"""Every error that stops us, as one tree; each family carries its exit code.

    ArchiverError                     1   finished, some posts failed
      UsageError                      2   the command line is wrong
      MadeByNewer                     2   a newer version of the program is needed
      NoSpace                         3   the disk is full: stop, nothing committed is touched
      ConfigError                     4   a setting is wrong (file and key)
      SeedError                       4   a seed cannot be read (file and line)
      ArchiveDamaged                  5   what was written is not what is there
      BrowserUnavailable              6   no browser, or it may not start
      NetworkFailure                  1   one request of our own got no answer
      LockHeld                       75   another run is at work: harmless to cron

A deleted post, a login wall or a reached limit is a finding and is stored as data
(`domain.capture.Outcome`); an error is only what keeps us from going on.
"""


class ArchiverError(Exception):
    """The root: a message for the user, and what to do about it. `exit_code` is from the table above."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ArchiverError):
    """The command line asks for something that cannot be done."""

    exit_code = 2


class MadeByNewer(ArchiverError):
    """A file has a version that this program does not know yet. It is left as it is."""

    exit_code = 2


class NoSpace(ArchiverError):
    """The file system of the archive has no room left."""

    exit_code = 3


class ConfigError(ArchiverError):
    """A setting is unknown or has a wrong value; the message names file and key."""

    exit_code = 4


class SeedError(ArchiverError):
    """A seed cannot be read; the message names it, with file and line where there is one."""

    exit_code = 4


class ArchiveDamaged(ArchiverError):
    """Something written earlier is missing or altered."""

    exit_code = 5


class BrowserUnavailable(ArchiverError):
    """No usable Chromium, or it would have to run without its sandbox."""

    exit_code = 6


class NetworkFailure(ArchiverError):
    """A request of our own (not the browser's) ended without an answer."""


class LockHeld(ArchiverError):
    """Another run is writing to this archive (EX_TEMPFAIL of sysexits.h)."""

    exit_code = 75
