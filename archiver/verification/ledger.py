"""The ledger against the manifests, both ways; read by SQLite itself, and never written to.

The ledger is a cache: when it and the manifests differ, the manifests are right, and `archiver rebuild`
makes it again.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from archiver.verification.defect import Defect, quoted
from archiver.verification.run import RunFacts
from archiver.verification.tree import reason

NAME = "ledger.sqlite3"
COLUMNS = "manifest, manifest_digest, capture_id, run_id, target, status, warc"
MEND = "run `archiver rebuild`"


class Row(Struct, frozen=True):
    """One committed capture, as the ledger keeps it; paths are below the archive's folder."""

    manifest: str
    manifest_digest: str
    capture_id: str
    run_id: str
    target: str
    status: str
    warc: str | None


class Ledger:
    """The rows that no manifest has been found for yet, and what is wrong so far."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / NAME
        self._rows: dict[str, Row] = {}
        self.defects: list[Defect] = []
        self.readable = False
        try:
            self._read()
            self.readable = True
        except (sqlite3.Error, UnicodeDecodeError) as error:
            self._say(f"is damaged: {quoted(error)}; {MEND}")
        except OSError as error:
            self._say(f"cannot be read: {reason(error)}; {MEND}")

    def compare(self, run: RunFacts, folder: Path) -> None:
        """Compare a run's manifests with their rows; a row is taken away when its manifest is seen."""
        if not self.readable:
            return
        for path, sheet in run.sheets.items():
            file = folder / path
            row = self._rows.pop(file.relative_to(self._root).as_posix(), None)
            if row is not None:
                self.defects.extend(
                    Defect(str(file), "", p) for p in self._differences(row, run, path)
                )
            elif run.finished and sheet.readable:
                self._say(f"has no row for {quoted(file.name)} of run {folder.name}; {MEND}")

    def close(self) -> None:
        """All runs have been compared: what is left are rows without a manifest."""
        for row in self._rows.values():
            self._say(
                f"the manifest of {quoted(row.capture_id)} is missing: {quoted(row.manifest)}"
            )

    def _say(self, what: str) -> None:
        self.defects.append(Defect(str(self._path), "", what))

    def _differences(self, row: Row, run: RunFacts, path: str) -> Iterator[str]:
        sheet = run.sheets[path]
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

    def _read(self) -> None:
        log = self._path.with_name(NAME + "-wal")
        if not log.exists() or not log.stat().st_size:
            self._load(f"{self._path.absolute().as_uri()}?mode=ro&immutable=1")
            return
        with tempfile.TemporaryDirectory(prefix="archiver-verify-") as aside:
            for file in (log, self._path):
                shutil.copyfile(file, Path(aside, file.name))
            self._load(Path(aside, NAME).as_uri() + "?mode=rw")

    def _load(self, uri: str) -> None:
        """All rows, after SQLite has looked the database over."""
        with closing(sqlite3.connect(uri, uri=True)) as base:
            for (line,) in base.execute("PRAGMA integrity_check(3)"):
                if line != "ok":
                    self._say(f"is damaged: {quoted(line)}; {MEND}")
            for values in base.execute(f"SELECT {COLUMNS} FROM captures"):
                row = Row(*("" if v is None and i < 6 else v for i, v in enumerate(values)))
                self._rows[row.manifest] = row
