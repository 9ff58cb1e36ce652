"""An archive's folder: which runs it holds, and what does not belong there."""

import re
from collections.abc import Iterator
from pathlib import Path

from archiver.verification.defect import Defect
from archiver.verification.ledger import NAME as LEDGER

RUNS = "runs"
QUARANTINE = "quarantine"
BELONGS = {
    RUNS,
    QUARANTINE,
    "lock",
    "log",
    "keys",
    "removed",
    "hosts.json",
    "hosts.json.open",
    "following.json",
    "following.json.open",
    "last-run.json",
    "last-run.json.open",
    "feeds",
    LEDGER,
    f"{LEDGER}.open",
    f"{LEDGER}-wal",
    f"{LEDGER}-shm",
    f"{LEDGER}-journal",
    f"{LEDGER}.open-wal",
    f"{LEDGER}.open-shm",
    f"{LEDGER}.open-journal",
}
FOLDERS = {RUNS, QUARANTINE, "log", "keys", "removed", "feeds"}
LEVELS = (r"\d{4}", r"\d\d", r"\d\d", r"\d{8}T\d{6}Z-[0-9a-f]{4,32}")
"""The names below `runs/`: year, month, day, run."""


def is_root(path: Path) -> bool:
    """Whether the folder is that of an archive."""
    return (path / RUNS).is_dir() or (path / LEDGER).is_file()


def is_run(path: Path) -> bool:
    """Whether the folder is that of a run."""
    return (path / "archive").is_dir() or (path / "datapackage.json").is_file()


def runs_below(folder: Path, defects: list[Defect]) -> Iterator[Path]:
    """The run folders of an archive, oldest first. What lies about between them is a defect."""
    yield from _runs(folder / RUNS, LEVELS, defects) if (folder / RUNS).is_dir() else ()


def find_runs(folder: Path) -> Iterator[Path]:
    """Every run somewhere below a folder that is not an archive: a year's or a day's runs."""
    if is_run(folder):
        yield folder
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from find_runs(path)


def strangers(root: Path) -> Iterator[Defect]:
    """What lies in the archive's folder and is not of it."""
    for path in sorted(root.iterdir()):
        if path.name not in BELONGS:
            yield Defect(str(path), "", "does not belong here")
        elif path.is_symlink():
            yield Defect(str(path), "", "is a symbolic link")
        elif not (path.is_dir() if path.name in FOLDERS else path.is_file()):
            kind = "folder" if path.name in FOLDERS else "file"
            yield Defect(str(path), "", f"is no {kind}")
    if not (root / LEDGER).is_file():
        what = "is missing: run `archiver rebuild`"
        yield Defect(str(root / LEDGER), "", what, passing=True)  # one is made, or made again


def quarantined(root: Path) -> str | None:
    """A line about what was set aside; it is no defect."""
    folder = root / QUARANTINE
    count = sum(1 for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
    if not count:
        return None
    files = "1 file" if count == 1 else f"{count} files"
    return f"{folder} holds {files} set aside: left by interrupted runs, or replaced by `rebuild`"


def _runs(folder: Path, levels: tuple[str, ...], defects: list[Defect]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_dir() or not re.fullmatch(levels[0], path.name):
            defects.append(Defect(str(path), "", "does not belong here"))
        elif len(levels) > 1:
            yield from _runs(path, levels[1:], defects)
        else:
            yield path
