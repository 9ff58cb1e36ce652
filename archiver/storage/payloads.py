"""The payloads that a run holds already, so that a repeated one becomes a revisit.

A run may be of any length, so they are kept in a nameless database of SQLite, which goes to the disk for temporary
files when it outgrows a few megabytes and vanishes with the process. It is a help and nothing else: a payload that
is not found there is written once more.
"""

import sqlite3
import weakref
from collections.abc import Iterable

from archiver.clock import iso, parse_iso
from archiver.domain.digest import Digest
from archiver.domain.record import StoredPayload

CACHE = 8_000
"""Kilobytes that are held in memory."""


class Payloads:
    """Digest → where the payload lies. For one thread at a time."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._base.close)
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute(f"PRAGMA cache_size = -{CACHE}")
        self._base.execute(
            "CREATE TABLE held (digest TEXT PRIMARY KEY, id TEXT, uri TEXT, date TEXT) WITHOUT ROWID"
        )
        self._open = True

    def get(self, digest: Digest) -> StoredPayload | None:
        """Where a payload of that digest lies, or None."""
        if not self._open:
            return None
        query = "SELECT id, uri, date FROM held WHERE digest = ?"
        row = self._base.execute(query, (str(digest),)).fetchone()
        return (
            StoredPayload(record_id=row[0], target_uri=row[1], date=parse_iso(row[2]))
            if row
            else None
        )

    def add(self, payloads: Iterable[tuple[Digest, StoredPayload]]) -> None:
        """Remember these. When there is no room for it, nothing is remembered any more."""
        if not self._open:
            return
        rows = ((str(d), p.record_id, p.target_uri, iso(p.date)) for d, p in payloads)
        try:
            self._base.executemany("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)", rows)
        except sqlite3.DatabaseError:
            self._open = False
