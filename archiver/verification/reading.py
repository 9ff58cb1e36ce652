"""Reading captures: WARC files and their manifests, on as many processors as there are."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

from archiver.verification.crew import Crew
from archiver.verification.defect import Defect
from archiver.verification.manifest import ENDING as SHEET
from archiver.verification.manifest import FOLDER as SHEETS
from archiver.verification.opening import Place
from archiver.verification.parts import PART, cuts
from archiver.verification.prints import new_key
from archiver.verification.tasks import (
    AnyTask,
    CaptureTask,
    Found,
    PartTask,
    SheetTask,
    Task,
    WholeTask,
    joined,
    read_task,
)
from archiver.verification.tree import Tree, read_text_file, reason
from archiver.verification.warc import UNFINISHED, WarcFacts

FOLDER = "archive/"
ENDING = ".warc.gz"
WORTH_IT = 1 << 24
"""Bytes of WARC from which other processes pay for being started."""


class Reader(AbstractContextManager["Reader"]):
    """Reads captures and single WARC files, in other processes too when there is enough to read.

    `processes` None means one for each processor that this process may use; 1 means none but this.
    `key` makes the fingerprints of all that is read. Others help from `worth_it` bytes on; a file of
    several parts of `part` bytes is shared.
    """

    def __init__(
        self, processes: int | None = None, *, worth_it: int = WORTH_IT, part: int = PART
    ) -> None:
        self.key = new_key()
        self._worth_it, self._part = worth_it, part
        self._crew = Crew(read_task, processes)
        self._seen = 0

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._crew.__exit__(kind, error, trace)

    def read(self, tree: Tree, defects: list[Defect]) -> Iterator[tuple[str, Found]]:
        """Every capture of the run by its name, in order. What cannot be opened goes to `defects`."""
        names = sorted({name for path in tree.files if (name := _capture(path))})
        size = sum(size for path, size in tree.files.items() if path.startswith(FOLDER))
        tasks = (self._capture_task(tree, name, defects) for name in names)
        return zip(names, self._map(tasks, size), strict=True)

    def read_files(self, paths: Iterable[Path]) -> Iterator[WarcFacts]:
        """The facts of single WARC files, in order."""
        tasks = [self._alone(path) for path in paths]
        return self._map(tasks, sum(task.size for task in tasks))

    def _alone(self, path: Path) -> Task:
        name = path.name.removesuffix(UNFINISHED)
        return Task(
            Place(str(path)), path.stat().st_size, str(path), name, self.key, True, self._part
        )

    def _capture_task(self, tree: Tree, name: str, defects: list[Defect]) -> CaptureTask:
        warc, sheet = f"{FOLDER}{name}{ENDING}", f"{SHEETS}{name}{SHEET}"
        return CaptureTask(
            self._warc_task(tree, warc, defects) if warc in tree.files else None,
            _sheet_task(tree, sheet, defects) if sheet in tree.files else None,
        )

    def _warc_task(self, tree: Tree, path: str, defects: list[Defect]) -> Task | None:
        shown = tree.shown(path)
        try:
            place = tree.place(path)
        except OSError as error:
            defects.append(Defect(shown, "", f"cannot be read: {reason(error)}"))
            return None
        return Task(
            place, tree.files[path], shown, path.rpartition("/")[2], self.key, part=self._part
        )

    def _map(self, tasks: Iterable[Task | CaptureTask], size: int) -> Iterator[Any]:
        """Answer all tasks, WarcFacts or Found; large files are taken apart when others can help.
        `size` is that of all files."""
        self._seen += size
        if self._crew.count < 2 or self._seen < self._worth_it:
            yield from map(read_task, tasks)
            return
        large = max(2 * self._part, size // (4 * self._crew.count))
        taken: deque[tuple[Task | CaptureTask, int]] = deque()

        def asked() -> Iterator[tuple[AnyTask, int]]:
            for task in tasks:
                pieces = _pieces(task) if _size(task) > large else [task]
                taken.append((task, len(pieces)))
                yield from ((piece, _cost(piece)) for piece in pieces)

        answers = self._crew.answers(asked())
        for first in answers:
            task, count = taken.popleft()
            rest = [next(answers) for _ in range(count - 1)]
            yield joined(task, [first, *rest]) if count > 1 else first


def _pieces(task: Task | CaptureTask) -> list[AnyTask]:
    """The tasks of which a large one consists."""
    file = task.warc if isinstance(task, CaptureTask) else task
    assert file is not None
    parts: list[AnyTask] = [
        PartTask(file, first, until) for first, until in cuts(file.size, file.part)
    ]
    return parts if file.alone else [WholeTask(file.place), *parts]


def _size(task: Task | CaptureTask) -> int:
    file = task.warc if isinstance(task, CaptureTask) else task
    return file.size if file else 0


def _cost(task: AnyTask) -> int:
    match task:
        case Task() | CaptureTask():
            return _size(task) + (1 << 14)
        case _:
            return 1 << 20


def _capture(path: str) -> str | None:
    """The name of the capture that a file of a run belongs to."""
    for folder, ending in ((FOLDER, ENDING), (SHEETS, SHEET)):
        if path.startswith(folder) and path.endswith(ending):
            return path[len(folder) : -len(ending)]
    return None


def _sheet_task(tree: Tree, path: str, defects: list[Defect]) -> SheetTask | None:
    shown = tree.shown(path)
    try:
        return SheetTask(path, shown, tree.place(path))
    except OSError:  # deflated, in a zip file
        data = read_text_file(tree, path, defects)
        return None if data is None else SheetTask(path, shown, data)
