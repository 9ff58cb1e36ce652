"""Verify what was written: an archive, runs, WACZ files, single WARC files.

Everything is read with readers of this room's own; none of the code that wrote it is used. What is
claimed is integrity since it was written, not that a platform said so.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archiver.errors import UsageError
from archiver.verification.busy import AT_WORK, Busy
from archiver.verification.carried import Carried
from archiver.verification.defect import Defect
from archiver.verification.ledger import NAME as LEDGER
from archiver.verification.ledger import Ledger
from archiver.verification.package import DIGEST
from archiver.verification.reading import ENDING, Reader
from archiver.verification.root import find_runs, is_root, quarantined, runs_below, strangers
from archiver.verification.run import RunFacts, check_run
from archiver.verification.seals import Seal
from archiver.verification.tree import FolderTree
from archiver.verification.trust import Trust, read_trust
from archiver.verification.wacz import ZipTree
from archiver.verification.warc import UNFINISHED, WarcFacts, check_warc

__all__ = ["Defect", "Report", "check_warc", "verify"]

Progress = Callable[[str], None]
TRIES, SOON = 3, 0.2
"""How often something is read again that somebody is at work on, and the seconds in between."""


class Report(Struct, frozen=True, kw_only=True):
    """What was looked at, and every defect.

    `captures` counts manifests, failed captures among them; `records` WARC records; `bytes` the size
    of all files read. `notes` are worth knowing and no defects.
    """

    runs: int = 0
    captures: int = 0
    records: int = 0
    bytes: int = 0
    defects: tuple[Defect, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.defects


def verify(
    paths: Iterable[Path],
    *,
    processes: int | None = None,
    progress: Progress = lambda name: None,
    pins: Sequence[Path] = (),
    tsa_ca: Path | None = None,
) -> Report:
    """Verify each path: an archive's folder, a run's folder or one above runs, a `.wacz` or `.warc.gz`.

    WARC files are read on all processors when there is much to read; `processes` says otherwise.
    `progress` is told the name of each run and WACZ before it is read. `pins` are public keys and older
    checkpoints of the log that were kept elsewhere, `tsa_ca` certificates trusted for time stamps in addition
    to the public ones. Raises UsageError for a path that is none of these, and for pins that are none.
    """
    given = list(paths)
    trust = read_trust(pins, tsa_ca)
    with Reader(processes) as reader:
        files = [path for path in given if _is_warc(path)]
        facts = dict(zip(files, reader.read_files(files), strict=True))
        reports = [_verify_path(path, facts, reader, progress, trust) for path in given]
    return _sum([*reports, Report(notes=tuple(_alone(given)))])


def _is_warc(path: Path) -> bool:
    return path.name.removesuffix(UNFINISHED).endswith(ENDING) and path.is_file()


def _is_part(path: Path) -> bool:
    """Whether it is a part of an archive, which has neither a log of its own nor proofs of one."""
    return _is_warc(path) or (path.is_dir() and not is_root(path))


def _alone(paths: Sequence[Path]) -> Iterator[str]:
    """A line on what was compared with nothing but itself."""
    parts = [path for path in paths if _is_part(path)]
    if parts:
        more = f" and {len(parts) - 1} more" if len(parts) > 1 else ""
        yield f"{parts[0]}{more} by itself: only the whole archive has the log that tells of changes"


def _verify_path(
    path: Path,
    warcs: Mapping[Path, WarcFacts],
    reader: Reader,
    progress: Progress,
    trust: Trust,
) -> Report:
    if pins := trust.pins if _is_part(path) else ():
        hint = "name the archive's folder, or a WACZ file that `archiver export` wrote"
        raise UsageError(f"{path} has no log that {pins[0]} could be compared with", hint=hint)
    if path in warcs:
        facts = warcs[path]
        return Report(records=facts.count, bytes=facts.size, defects=facts.defects)
    if path.is_dir():
        return _verify_folder(path, reader, progress, trust)
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder")
    if path.suffix != ".wacz":
        raise UsageError(f"{path}: neither an archive nor a run, .wacz or .warc.gz")
    progress(str(path))
    tree = ZipTree(path)
    run = check_run(tree, reader, may_be_unfinished=False)
    carried = Carried(tree, run, trust)
    return _sum([_of_run(run), Report(defects=tuple(carried.defects), notes=tuple(carried.notes))])


def _verify_folder(path: Path, reader: Reader, progress: Progress, trust: Trust) -> Report:
    if is_root(path):
        return _verify_root(path, reader, progress, trust)
    runs = list(find_runs(path))
    if not runs:
        raise UsageError(f"{path}: neither an archive nor a run")
    reports = []
    for run in runs:
        progress(str(run))
        reports.append(_of_run(check_run(FolderTree(run), reader)))
    return _sum(reports)


def _verify_root(root: Path, reader: Reader, progress: Progress, trust: Trust) -> Report:
    """An archive: its runs, each against the ledger and the log, and then what is left over."""
    busy = Busy(root)
    found = list(strangers(root))
    seal = Seal(root, trust, busy)
    reports = []
    with ExitStack() as stack:
        there = (root / LEDGER).is_file()
        ledger = stack.enter_context(Ledger(root)) if there else None
        for folder in runs_below(root, found):
            progress(str(folder))
            run = at_rest(folder, reader, seal.removed)
            reports.append(_of_run(run))
            if ledger:
                ledger.compare(run, folder)
            seal.compare(run, folder)
        settled(seal, busy)
        found += seal.defects
        if ledger:
            ledger.close()
            found += ledger.defects
    note = quarantined(root)
    notes = (*([note] if note else []), *seal.notes)
    reports.append(Report(defects=tuple(found), notes=notes))
    return _excused(_sum(reports), busy)


def at_rest(folder: Path, reader: Reader, removed: Set[str]) -> RunFacts:
    """A run; read again when something was taken out of it, or it was packaged anew, while it was read."""
    for _ in range(TRIES):
        tree, before = FolderTree(folder), _written(folder / DIGEST)
        run = check_run(tree, reader, removed=removed)
        gone = tree.files.keys() - FolderTree(folder).files.keys()
        changed = before is not None and before != _written(folder / DIGEST)
        if not changed and all(path.endswith(UNFINISHED) for path in gone):
            break
    return run


def _written(path: Path) -> tuple[int, int] | None:
    """Which file it is and when it was written; None for one that is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def settled(seal: Seal, busy: Busy, pause: Callable[[float], None] = time.sleep) -> None:
    """Close the log; again, when it is not whole and somebody is at work: replacing the keys, or sealing a run, is
    a matter of a moment in which nothing fits."""
    for _ in range(TRIES):
        seal.close()
        if all(defect.passing for defect in seal.defects) or not busy.now():
            return
        pause(SOON)
    seal.close()


def _excused(report: Report, busy: Busy) -> Report:
    """The report in which what passes is a note, if somebody was at work."""
    passing = [str(defect) for defect in report.defects if defect.passing]
    if not passing or not busy.now():
        return report
    left = tuple(defect for defect in report.defects if not defect.passing)
    return replace(report, defects=left, notes=(*report.notes, *passing, AT_WORK))


def _of_run(run: RunFacts) -> Report:
    return Report(
        runs=1,
        captures=len(run.sheets),
        records=run.records,
        bytes=run.bytes,
        defects=run.defects,
    )


def _sum(reports: Sequence[Report]) -> Report:
    return Report(
        runs=sum(report.runs for report in reports),
        captures=sum(report.captures for report in reports),
        records=sum(report.records for report in reports),
        bytes=sum(report.bytes for report in reports),
        defects=tuple(defect for report in reports for defect in report.defects),
        notes=tuple(note for report in reports for note in report.notes),
    )
