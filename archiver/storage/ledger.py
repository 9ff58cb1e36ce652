"""The ledger: what was captured, when, and where it lies. All SQL of the program is in this room.

SQLite in WAL mode with `synchronous=FULL`: a row that `commit_capture` wrote survives a power cut. It is
a cache of what the manifests say, so a lost or damaged ledger costs time, never evidence.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import DBAPIError

from archiver.domain.capture import SETTLED, Status
from archiver.domain.digest import Digest
from archiver.domain.manifest import Manifest
from archiver.errors import ArchiveDamaged, ArchiverError, MadeByNewer
from archiver.storage.due import State
from archiver.storage.migrations import APPLICATION_ID, VERSION, statements
from archiver.storage.shown import STATE, ListRow, PostHistory, list_rows, post_histories, standing
from archiver.storage.states import believable, state_from
from archiver.storage.tables import (
    CAPTURES,
    EMBEDS,
    METADATA,
    capture_row,
    embed_rows,
    instant,
)
from archiver.storage.troubles import REBUILD, ours

BUSY_SECONDS = 20.0
ORDER = (CAPTURES.c.started_at, CAPTURES.c.capture_id)
Entry = tuple[Manifest, str, Digest]
"""A capture to be entered: its manifest, the manifest's path below the archive's folder, the digest of its bytes."""


class LedgerOutdated(ArchiveDamaged):
    """The ledger is of a version from which no step leads to this one; rebuilding it makes it fit."""


class Ledger:
    """An open ledger; close it, or use it as a context manager. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the ledger at `path`, or make an empty one; one of an earlier version is brought up to this one.

        Raises LedgerOutdated for one that is too old for that, MadeByNewer for one of a later version,
        ArchiveDamaged for a file that is no ledger or not whole, NoSpace and ArchiverError for a disk that
        is full or a database that is locked.
        """
        self.path = path
        self._engine = sql.create_engine(f"sqlite:///{path}")
        sql.event.listen(self._engine, "connect", _configure)
        sql.event.listen(self._engine, "begin", _begin)
        try:
            self._see_that_it_fits()
        except ArchiverError:
            self.close()
            raise

    def _see_that_it_fits(self) -> None:
        with self._connected() as connection:
            application = connection.execute(sql.text("PRAGMA application_id")).scalar_one()
            version = _version(connection)
            if (application, version) == (0, 0) and not sql.inspect(connection).get_table_names():
                METADATA.create_all(connection)
                connection.execute(sql.text(f"PRAGMA application_id = {APPLICATION_ID}"))
                connection.execute(sql.text(f"PRAGMA user_version = {VERSION}"))
                return
        if application != APPLICATION_ID:
            raise ArchiveDamaged(f"{self.path} is not a ledger of archiver", hint=REBUILD)
        if version > VERSION:
            raise MadeByNewer(
                f"{self.path} has version {version}, this program knows none after {VERSION}",
                hint="install the archiver that made it, or a newer one",
            )
        if version < VERSION:
            self._bring_up(version)

    def _bring_up(self, version: int) -> None:
        """Make the ledger one of this version, in one transaction; another process may be doing the same."""
        if statements(version) is None:
            raise LedgerOutdated(
                f"{self.path} has version {version}, this program needs {VERSION}", hint=REBUILD
            )
        with self._connected(write=True) as connection:
            if lines := statements(_version(connection)):
                for line in (*lines, f"PRAGMA user_version = {VERSION}"):
                    connection.exec_driver_sql(line)

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    @contextmanager
    def _connected(self, *, write: bool = False) -> Iterator[sql.Connection]:
        """A transaction; the database's errors come out as ours. `write`: nobody else writes from its beginning on."""
        try:
            engine = self._engine.execution_options(immediate=True) if write else self._engine
            with engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise ours(self.path, error) from error

    def commit_capture(self, manifest: Manifest, path: str, digest: Digest) -> None:
        """Enter the capture: from here on it is done. Entering the same one again changes nothing.

        `path` is the manifest's below the archive's folder, `digest` that of its bytes.
        """
        self.commit_captures([(manifest, path, digest)])

    def commit_captures(self, entries: Sequence[Entry]) -> None:
        """Enter many captures at once: all of them are done, or none. Some hundreds are a good number."""
        new = {
            manifest.capture_id: (manifest, path, digest)
            for manifest, path, digest in reversed(entries)
        }
        there = sql.select(CAPTURES.c.capture_id).where(CAPTURES.c.capture_id.in_(new))
        with self._connected(write=True) as connection:
            for capture_id in connection.execute(there).scalars().all():
                del new[capture_id]
            rows = [capture_row(*entry) for entry in reversed(new.values())]
            embeds = [row for manifest, *_ in new.values() for row in embed_rows(manifest)]
            for table, lines in ((CAPTURES, rows), (EMBEDS, embeds)):
                if lines:
                    connection.execute(sql.insert(table), lines)

    def forget(self, capture_id: str) -> None:
        """Take the row of a removed capture out; one that is not there is passed over."""
        with self._connected() as connection:
            connection.execute(sql.delete(CAPTURES).where(CAPTURES.c.capture_id == capture_id))

    def has(self, capture_id: str) -> bool:
        """Whether the capture was entered."""
        query = sql.select(CAPTURES.c.capture_id).where(CAPTURES.c.capture_id == capture_id)
        with self._connected() as connection:
            return connection.execute(query).first() is not None

    def see_sound(self) -> None:
        """Raise ArchiveDamaged when SQLite finds a page that is not what it should be: damage may lie where a run
        does not come by, and would grow."""
        with self._connected() as connection:
            said = connection.execute(sql.text("PRAGMA quick_check(1)")).scalar_one()
        if said != "ok":
            raise ArchiveDamaged(f"{self.path} is damaged: {said}", hint=REBUILD)

    def counts(self) -> dict[str, int]:
        """How many captures of each run were entered, by the run's id."""
        query = sql.select(CAPTURES.c.run_id, sql.func.count()).group_by(CAPTURES.c.run_id)
        with self._connected() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def state_of(self, target: str, now: datetime | None = None) -> State | None:
        """What is known of a target (a post or the key of an unresolved embed), or None.

        `now` is for whoever asks what is due: see `believable`.
        """
        history = self._captures_of(target)
        return state_from(believable(history, now)) if history else None

    def states(self, now: datetime | None = None) -> Iterator[State]:
        """What is known of every post, ordered by target; as in `rows`, an embed that was resolved later
        is known as its post only. `now` as in `state_of`."""
        with self._connected() as connection:
            for history in post_histories(connection, STATE):
                yield state_from(believable(history, now))

    def last_settled(self, target: str) -> str | None:
        """The path of the manifest of a target's last capture with a true answer, or None."""
        settled = [row for row in self._captures_of(target) if Status(row["status"]) in SETTLED]
        return str(settled[-1]["manifest"]) if settled else None

    def changes(self, since: datetime) -> Iterator[Mapping[str, Any]]:
        """The captures from `since` on that were compared with an earlier one, oldest first."""
        query = (
            sql.select(CAPTURES)
            .where(CAPTURES.c.compared.is_not(None), CAPTURES.c.started_at >= instant(since))
            .order_by(*ORDER)
            .execution_options(yield_per=1000)
        )
        with self._connected() as connection:
            yield from (dict(row) for row in connection.execute(query).mappings())

    def named(self, text: str) -> tuple[str, ...]:
        """The posts that have this as their id or URL, in the order of `rows`."""
        query = (
            sql.select(CAPTURES.c.target)
            .where(CAPTURES.c.kind == "post")
            .where(sql.or_(CAPTURES.c.post_id == text, CAPTURES.c.url == text))
            .distinct()
            .order_by(CAPTURES.c.target)
        )
        with self._connected() as connection:
            found = connection.execute(query).scalars().all()
        return tuple(target for target in found if self.target_of(target) is None)

    def target_of(self, key: str) -> str | None:
        """The post that an embed known only by `key` turned out to be in an earlier capture."""
        query = (
            sql.select(CAPTURES.c.target)
            .join(EMBEDS, EMBEDS.c.capture_id == CAPTURES.c.capture_id)
            .where(EMBEDS.c.key == key, CAPTURES.c.target != key, CAPTURES.c.kind == "post")
            .order_by(*(column.desc() for column in ORDER))
        )
        with self._connected() as connection:
            return connection.execute(query).scalars().first()

    def rows(self) -> Iterator[ListRow]:
        """One row a post, ordered by target; an embed that was resolved later shows as its post only."""
        with self._connected() as connection:
            yield from list_rows(connection)

    def show(self, target: str) -> PostHistory | None:
        """Everything the ledger knows of one target, or None."""
        history = self._captures_of(target)
        if not history:
            return None
        wanted = (
            sql.select(EMBEDS.c.source)
            .join(CAPTURES, EMBEDS.c.capture_id == CAPTURES.c.capture_id)
            .where(CAPTURES.c.target == target)
            .order_by(*ORDER, EMBEDS.c.position)
        )
        with self._connected() as connection:
            sources = dict.fromkeys(connection.execute(wanted).scalars())
        return PostHistory(
            target=target,
            platform=history[-1]["platform"],
            post_id=history[-1]["post_id"],
            url=history[-1]["url"],
            status=standing([Status(row["status"]) for row in history]),
            articles=tuple(sources),
            captures=tuple(dict(row) for row in history),
        )

    def dump(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """All rows of both tables in a fixed order: equal dumps are equal ledgers."""
        captures = sql.select(CAPTURES).order_by(CAPTURES.c.capture_id)
        embeds = sql.select(EMBEDS).order_by(EMBEDS.c.capture_id, EMBEDS.c.position)
        with self._connected() as connection:
            first = [dict(row) for row in connection.execute(captures).mappings()]
            second = [dict(row) for row in connection.execute(embeds).mappings()]
        return first, second

    def _captures_of(self, target: str) -> list[Mapping[str, Any]]:
        query = sql.select(CAPTURES).where(CAPTURES.c.target == target).order_by(*ORDER)
        with self._connected() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _version(connection: sql.Connection) -> int:
    return int(connection.execute(sql.text("PRAGMA user_version")).scalar_one())


def _begin(connection: sql.Connection) -> None:
    """Python's driver would leave table definitions and reads outside of the transaction."""
    writes = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _configure(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's own type
    connection.isolation_level = None
    cursor = connection.cursor()
    if not _is_new_or_ours(cursor):  # it is refused, and stays as it is
        cursor.close()
        return
    for pragma in (
        f"busy_timeout = {int(BUSY_SECONDS * 1000)}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _is_new_or_ours(cursor: Any) -> bool:  # noqa: ANN401 - the driver's own type
    application = cursor.execute("PRAGMA application_id").fetchone()[0]
    tables = cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return bool(application == APPLICATION_ID or (application == 0 and tables == 0))
