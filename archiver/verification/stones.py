"""The tombstones of removed captures, as far as they bear on what is missing."""

from pathlib import Path

import msgspec
from msgspec import Struct

from archiver.verification.opening import read_small

MOST = 1 << 24
"""Bytes of the largest tombstone or token."""


class Stone(Struct):
    """What is read of a tombstone."""

    capture_id: str
    run_id: str
    records: list[str]


def read_stones(folder: Path) -> dict[str, Stone]:
    """The tombstones by the name of what was removed. One that cannot be read speaks of nothing; that it
    is not the one that was signed is found with the log."""
    found: dict[str, Stone] = {}
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            found[path.stem] = msgspec.json.decode(read_small(path, MOST), type=Stone)
        except (OSError, ValueError):
            continue
    return found
