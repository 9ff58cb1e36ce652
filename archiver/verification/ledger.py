"""The ledger against the manifests, both ways; read by SQLite itself, and never written to.

The ledger is a cache: when it and the manifests differ, the manifests are right, and `archiver rebuild`
makes it again.
"""

import math
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import datetime
from pathlib import Path
from types import TracebackType

from msgspec import Struct

from archiver.verification.defect import Defect, quoted
from archiver.verification.entry import Entry, differing, digest_of, moment
from archiver.verification.few import few
from archiver.verification.manifest import Sheet
from archiver.verification.opening import open_plain
from archiver.verification.run import RunFacts
from archiver.verification.tree import reason

NAME = "ledger.sqlite3"
COLUMNS = "manifest, manifest_digest, capture_id, run_id, target, status, warc"
MORE = (
    "kind, platform, post_id, url, reason, retry_after, started_at, ended_at, compared, differences"
)
ARTICLES = "SELECT key, source, article_url, article_digest FROM embeds WHERE capture_id = ? ORDER BY position"
UNKNOWN = "SELECT type, name FROM sqlite_master WHERE type NOT IN ('table', 'index')"
"""What answers or changes in the place of a table."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
"""Times as the ledger writes them: they are sorted as text, and one of another form would come first or last."""
SPOILT = (sqlite3.Error, UnicodeDecodeError)
"""What a damaged database raises; the latter when its error message quotes a damaged name."""
MEND = "run `archiver rebuild`"


class Row(Struct, frozen=True, gc=False):
    """One committed capture, as the ledger keeps it; paths are below the archive's folder."""

    manifest: str
    manifest_digest: str
    capture_id: str
    run_id: str
    target: str
    status: str
    warc: str | None
    entry: Entry


class Ledger(AbstractContextManager["Ledger"]):
    """The ledger, open while runs are compared with it, and what is wrong so far: all of it passing, as a run at
    work fills it meanwhile."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / NAME
        self._rows: dict[str, int] = {}
        self._stack = ExitStack()
        self._base: sqlite3.Connection | None = None
        self._articles = self._all_articles = 0
        self.defects: list[Defect] = []
        try:
            self._base = self._opened()
        except SPOILT as error:
            self._say(f"is damaged: {quoted(error)}; {MEND}")
        except OSError as error:
            self._say(f"cannot be read: {reason(error)}; {MEND}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def compare(self, run: RunFacts, folder: Path) -> None:
        """Compare a run's manifests with their rows; a row is taken away when its manifest is seen."""
        if self._base is None:
            return
        for path, sheet in run.sheets.items():
            file = folder / path
            number = self._rows.pop(file.relative_to(self._root).as_posix(), None)
            row = self._row(number)
            if self._base is None:
                return
            if row is not None:
                for problem in _differences(row, sheet, path):
                    self.defects.append(Defect(str(file), "", problem, passing=True))
            elif run.finished and sheet.readable:
                self._say(f"has no row for {quoted(file.name)} of run {folder.name}; {MEND}")

    def close(self) -> None:
        """All runs have been compared: what is left are rows without a manifest."""
        self.defects += few(self._left_over(), of_kind="manifests are missing", shown=20)
        if self._base is not None and self._articles != self._all_articles:
            self._say(f"has articles of captures that it does not have; {MEND}")

    def _left_over(self) -> Iterator[Defect]:
        for number in self._rows.values():
            row = self._row(number)
            if row is not None:
                what = f"the manifest of {quoted(row.capture_id)} is missing: "
                yield Defect(str(self._path), "", what + quoted(row.manifest), passing=True)

    def _say(self, what: str) -> None:
        self.defects.append(Defect(str(self._path), "", what, passing=True))

    def _row(self, number: int | None) -> Row | None:
        if number is None or self._base is None:
            return None
        try:
            found = self._base.execute(
                f"SELECT {COLUMNS}, {MORE} FROM captures WHERE rowid = ?", (number,)
            )
            values = found.fetchone()
            lines = self._base.execute(ARTICLES, (values[2],)).fetchall()
        except (*SPOILT, TypeError) as error:
            self._say(f"is damaged: {quoted(error)}; {MEND}")
            self._base = None
            return None
        self._articles += len(lines)
        return _row_of(values, lines)

    def _opened(self) -> sqlite3.Connection:
        """The database after SQLite has looked it over, and its rows by manifest."""
        base = self._stack.enter_context(closing(sqlite3.connect(self._address(), uri=True)))
        base.text_factory = _text
        base.execute("PRAGMA cache_size = -4096")
        for (line,) in base.execute("PRAGMA integrity_check(3)"):
            if line != "ok":
                self._say(f"is damaged: {quoted(line)}; {MEND}")
        self._see_size(base)
        for kind, name in base.execute(UNKNOWN):
            self._say(f"holds the {kind} {quoted(name)}, which no ledger has; {MEND}")
        for number, manifest in base.execute("SELECT rowid, manifest FROM captures"):
            said = _plain(manifest)
            if said in self._rows:
                self._say(f"has more than one row for {quoted(said)}; {MEND}")
            self._rows[said] = number
        base.execute(f"SELECT {COLUMNS}, {MORE} FROM captures").fetchone()
        ((self._all_articles,),) = base.execute("SELECT count(*) FROM embeds")
        return base

    def _see_size(self, base: sqlite3.Connection) -> None:
        """SQLite takes what is missing of the last page for zeros, and passes over what follows it; a
        database whose log is not checked in has the length that it had before."""
        ((pages,),) = base.execute("PRAGMA page_count")
        ((size,),) = base.execute("PRAGMA page_size")
        length = self._path.stat().st_size
        if length != pages * size and not self._log().exists():
            self._say(f"is damaged: it has {length} bytes, its pages {pages * size}; {MEND}")

    def _log(self) -> Path:
        return self._path.with_name(NAME + "-wal")

    def _address(self) -> str:
        """Where to open it without writing to it: a copy, where its log is not checked in yet."""
        with open_plain(self._path):
            log = self._log()
        if not _size(log):
            return f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        aside = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="archiver-verify-"))
        for file in (log, self._path):
            with open_plain(file) as source, Path(aside, file.name).open("wb") as copy:
                shutil.copyfileobj(source, copy)
        return Path(aside, NAME).as_uri() + "?mode=rw"


def _size(path: Path) -> int:
    """Its bytes; 0 for a file that is not there (any more: who only reads the ledger makes a log and takes it away)."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _text(data: bytes) -> str:
    """Text of the database, whatever became of it."""
    return data.decode("utf-8", "backslashreplace")


def _row_of(values: Sequence[object], lines: Iterable[Sequence[object]]) -> Row:
    """A row from its columns, and its articles."""
    manifest, digest, capture, run, target, status = map(_plain, values[:6])
    kind, platform, post_id, url, reason, waits, began, ended, compared, said = values[7:]
    articles = ((_plain(key), _plain(s), _some(u), _plain(d)) for key, s, u, d in lines)
    entry = Entry(
        kind=_plain(kind),
        platform=_plain(platform),
        post_id=_some(post_id),
        url=_some(url),
        reason=_plain(reason),
        retry_after=waits if isinstance(waits, float | None) else math.nan,
        started_at=_instant(began),
        ended_at=_instant(ended),
        compared=_some(compared),
        differences=_some(said),
        articles=digest_of(articles),
    )
    return Row(manifest, digest, capture, run, target, status, _some(values[6]), entry)


def _instant(value: object) -> datetime | None:
    return moment(value) if INSTANT.fullmatch(_plain(value)) else None


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _some(value: object) -> str | None:
    return None if value is None else str(value)


def _differences(row: Row, sheet: Sheet, path: str) -> Iterator[str]:
    if row.manifest_digest != f"sha256:{sheet.digest}":
        yield f"has sha256:{sheet.digest}, the ledger says {quoted(row.manifest_digest)}"
    if not sheet.readable:
        return
    base = row.manifest.removesuffix(path)
    warc = f"{base}{sheet.warc_file}" if sheet.warc_file else None
    for name, said, real in (
        ("capture", row.capture_id, sheet.capture_id),
        ("run", row.run_id, sheet.run_id),
        ("target", row.target, sheet.target),
        ("status", row.status, sheet.status),
        ("WARC file", row.warc, warc),
    ):
        if said != real:
            yield f"its {name} is {quoted(real)}, the ledger says {quoted(said)}; {MEND}"
    if sheet.entry is not None:
        for name, told, held in differing(row.entry, sheet.entry):
            if name == "articles":
                yield f"its articles are others than the ledger says; {MEND}"
            else:
                yield f"its {name} is {quoted(held)}, the ledger says {quoted(told)}; {MEND}"
