"""The leaves of the log, read strictly: one line a leaf, in one spelling."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from archiver.verification.defect import Defect
from archiver.verification.opening import open_plain
from archiver.verification.tree import reason

KINDS = ("manifest", "package", "stamp", "tombstone", "keychange")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,160}")
LONGEST = 1 << 12
"""Bytes of the longest line; a leaf has some 400 at most."""
HASH = re.compile(r"[0-9a-f]{64}")
DATE = len("20261122T040611Z")


class Leaf(Struct, frozen=True, gc=False):
    """One leaf, and the line that it stands on."""

    line: int
    kind: str
    name: str
    run: str
    hash: bytes

    @property
    def key(self) -> str:
        """What the leaf is filed under together with its kind: run and name."""
        return f"{self.name}/{self.name}" if self.kind == "package" else f"{self.run}/{self.name}"


class Order:
    """The order in which runs came into the log, beside their dates: `notes` name those that are dated before one
    that came earlier."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._runs: set[str] = set()
        self._latest = ""

    def see(self, leaf: Leaf) -> None:
        """The next leaf. The first of a run counts: after a removal others of it follow later."""
        if not leaf.run or leaf.run in self._runs:
            return
        self._runs.add(leaf.run)
        if leaf.run[:DATE] < self._latest[:DATE]:
            said = f"run {leaf.run} came after {self._latest} and is dated before it"
            self.notes.append(f"{said}: the machine's clock was wrong in one of them")
        self._latest = max(self._latest, leaf.run)


def read_leaves(path: Path, defects: list[Defect]) -> Iterator[Leaf]:
    """All leaves up to the first line that is none; that one is a defect."""
    number, line = 0, b"\n"
    try:
        with open_plain(path) as file:
            while line := file.readline(LONGEST):
                number += 1
                leaf = _leaf(number, line[:-1]) if line.endswith(b"\n") else None
                if leaf is None:
                    defects.append(_broken(path, number, line))
                    return
                yield leaf
    except OSError as error:
        defects.append(Defect(str(path), "", f"cannot be read: {reason(error)}"))


def _broken(path: Path, number: int, line: bytes) -> Defect:
    where = f"line {number}"
    if line.endswith(b"\n") or len(line) == LONGEST:
        return Defect(str(path), where, "is no leaf of the log")
    what = "is cut off (killed? then next run will mend it)"
    return Defect(str(path), where, what, passing=True)


def _leaf(number: int, line: bytes) -> Leaf | None:
    try:
        told: dict[str, Any] = json.loads(line)
        kind, name, run, digest = (str(told[key]) for key in ("kind", "name", "run", "hash"))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    spelled = {"hash": digest, "kind": kind, "name": name, "run": run}
    exact = json.dumps(spelled, separators=(",", ":"), sort_keys=True).encode() == line
    known = kind in KINDS and NAME.fullmatch(name) and HASH.fullmatch(digest)
    exact = exact and bool(run) == (kind == "manifest")
    return Leaf(number, kind, name, run, bytes.fromhex(digest)) if exact and known else None
