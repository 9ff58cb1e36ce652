"""Reading many WARC files, on as many processors as there are."""

import io
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from msgspec import Struct
from msgspec.structs import replace

from archiver.verification.defect import Defect
from archiver.verification.tree import Place, Tree, reason
from archiver.verification.wacz import Slice
from archiver.verification.warc import UNFINISHED, WarcFacts, read_warc

FOLDER = "archive/"
ENDING = ".warc.gz"
WORTH_IT = 1 << 25
"""Bytes of WARC from which other processes pay for being started."""


class Task(Struct, frozen=True):
    """One WARC file to be read: where its bytes are, how defects call it, its own name.

    `alone`: nothing speaks of this file, so neither its digest nor its records need to come back.
    """

    place: Place
    shown: str
    name: str
    alone: bool = False


class Reader(AbstractContextManager["Reader"]):
    """Reads WARC files, in other processes when there is enough to read.

    `processes` None means one for each processor that this process may use; 1 means none but this.
    """

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None
        self._seen = 0

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def read(self, tree: Tree) -> dict[str, WarcFacts]:
        """The facts of every WARC file of the run, by its path in the package, in order."""
        paths = [p for p in tree.files if p.startswith(FOLDER) and p.endswith(ENDING)]
        found: dict[str, WarcFacts] = {}
        tasks: dict[str, Task] = {}
        for path in paths:
            shown, name = tree.shown(path), path.rpartition("/")[2]
            try:
                tasks[path] = Task(tree.place(path), shown, name)
            except OSError as error:
                found[path] = unreadable(shown, name, reason(error))
        size = sum(tree.files[path] for path in tasks)
        found.update(zip(tasks, self._map(tasks, size), strict=True))
        return {path: found[path] for path in paths}

    def read_files(self, paths: list[Path]) -> Iterator[WarcFacts]:
        """The facts of single WARC files, in order."""
        tasks = {
            str(p): Task(Place(str(p)), str(p), p.name.removesuffix(UNFINISHED), alone=True)
            for p in paths
        }
        return self._map(tasks, sum(path.stat().st_size for path in paths))

    def _map(self, tasks: Mapping[str, Task], size: int) -> Iterator[WarcFacts]:
        self._seen += size
        if self._processes < 2 or len(tasks) < 2 or self._seen < WORTH_IT:
            return map(read_task, tasks.values())
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._processes, get_context("spawn"))
        chunk = max(1, min(32, len(tasks) // (4 * self._processes)))
        return self._pool.map(read_task, tasks.values(), chunksize=chunk)


def read_task(task: Task) -> WarcFacts:
    """Read one WARC file; what the operating system refuses is a defect too."""
    try:
        if task.place.size is None:
            with open(task.place.path, "rb") as stream:
                facts = read_warc(stream, task.shown, task.name, hashed=not task.alone)
            return replace(facts, records=()) if task.alone else facts
        return _read_slice(task, task.place.size)
    except OSError as error:
        return unreadable(task.shown, task.name, reason(error))


def unreadable(shown: str, name: str, why: str) -> WarcFacts:
    """The facts of a file that could not be opened or read."""
    return WarcFacts(
        path=shown,
        name=name,
        size=0,
        digest=None,
        count=0,
        records=(),
        stopped_at=0,
        defects=(Defect(shown, "", f"cannot be read: {why}"),),
    )


def _read_slice(task: Task, size: int) -> WarcFacts:
    """Read an entry of a zip file, and compare its CRC with the one in the directory."""
    with Slice(open(task.place.path, "rb"), task.place.offset, size) as part:
        stream = cast(BinaryIO, io.BufferedReader(part))
        facts = read_warc(stream, task.shown, task.name, hashed=True)
        if part.crc == task.place.crc:
            return facts
    wrong = Defect(task.shown, "", "its CRC-32 is not the one in the directory of the zip file")
    return replace(facts, defects=(wrong, *facts.defects))
