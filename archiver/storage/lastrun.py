"""When a run last came to its end: what a monitor asks.

A file of its own, since a run that finds nothing to do leaves no folder, and one that breaks off (no
browser, a full disk) must not count, however far it came.
"""

from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from archiver.clock import Clock
from archiver.files import UNREADABLE, write_atomically
from archiver.storage.layout import Archive


class LastRun(Struct, frozen=True, kw_only=True):
    """What the file says."""

    ended_at: datetime


def note_end(archive: Archive, clock: Clock) -> None:
    """A run has come to its end now. Raises NoSpace or ArchiverError when that cannot be written."""
    ended = LastRun(ended_at=clock.now().astimezone(UTC).replace(microsecond=0))
    write_atomically(archive.last_run, msgspec.json.encode(ended) + b"\n")


def last_end(archive: Archive) -> datetime | None:
    """When a run last came to its end; None when none did, or the file does not say it."""
    try:
        return msgspec.json.decode(archive.last_run.read_bytes(), type=LastRun).ended_at
    except UNREADABLE:
        return None
