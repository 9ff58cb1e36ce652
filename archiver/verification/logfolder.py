"""The folder of an archive's log: what lies in it, and what does not belong there."""

from collections.abc import Container, Iterator, Mapping
from pathlib import Path

from archiver.verification.defect import Defect

LEAVES, CHECKPOINTS, STAMPS, TOMBSTONES = "leaves.jsonl", "checkpoints", "stamps", "tombstones"
CHANGES = "keychanges"
STAMP_ENDINGS = (".tsr", ".ots")
FOLDERS = (CHECKPOINTS, STAMPS, TOMBSTONES, CHANGES)
UNFINISHED = ".open"


def strangers_in(log: Path, told: Mapping[str, Container[str]]) -> Iterator[Defect]:
    """What lies in the log's folder and is not of it; `told` are the names in the log by kinds. What is being written,
    and a tombstone or statement that is not in the log yet, passes."""
    for path in sorted(log.rglob("*")):
        parts = path.relative_to(log).parts
        folder = len(parts) == 1 and parts[0] in FOLDERS
        whole = parts == (LEAVES,) or (len(parts) == 2 and _belongs(parts[0], path, told))
        if path.is_symlink() or not (whole and path.is_file() or folder and path.is_dir()):
            passing = path.suffix == UNFINISHED or parts[0] in (TOMBSTONES, CHANGES)
            yield Defect(str(path), "", "does not belong here", passing)


def _belongs(folder: str, path: Path, told: Mapping[str, Container[str]]) -> bool:
    """Whether it is of its folder: `checkpoints` are told apart where they are read."""
    return (
        folder == CHECKPOINTS
        or (folder == STAMPS and path.suffix in STAMP_ENDINGS)
        or (folder == TOMBSTONES and path.suffix == ".json" and path.stem in told["tombstone"])
        or (folder == CHANGES and path.suffix == ".txt" and path.stem in told["keychange"])
    )
