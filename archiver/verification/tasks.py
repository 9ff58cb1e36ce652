"""The tasks of which reading consists, each small enough to be sent to another process."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from archiver.verification.columns import Columns
from archiver.verification.defect import Defect, Unreadable
from archiver.verification.manifest import (
    LARGEST,
    Sheet,
    Statement,
    check_sheet,
    compare,
    read_sheet,
)
from archiver.verification.opening import Place, checksum, open_place
from archiver.verification.parts import PART, Whole, cuts, join, read_part, read_whole
from archiver.verification.prints import printer
from archiver.verification.tree import reason
from archiver.verification.warc import Part, WarcFacts, conclude, read_warc, rereader

WRONG_CRC = "its CRC-32 is not the one in the directory of the zip file"


class Task(Struct, frozen=True):
    """One WARC file to be read: where its bytes are, how many, how defects call it, its own name.

    `alone`: nothing speaks of this file, so neither its digest nor its rows need to come back. `part`
    is how many bytes are read at a time by one process, where it is read by several.
    """

    place: Place
    size: int
    shown: str
    name: str
    key: bytes
    alone: bool = False
    part: int = PART


class PartTask(Struct, frozen=True):
    """A part of a large WARC file: the members that begin from `first` on and before `until`."""

    file: Task
    first: int
    until: int


class WholeTask(Struct, frozen=True):
    """The digest of a large file."""

    place: Place


class SheetTask(Struct, frozen=True):
    """A manifest: its path in the package, how defects call it, where its bytes are or what they are."""

    path: str
    shown: str
    source: Place | bytes


class CaptureTask(Struct, frozen=True):
    """A capture: its WARC file and its manifest, as far as they are there."""

    warc: Task | None
    sheet: SheetTask | None


class Found(Struct, frozen=True):
    """What a capture holds. `defects` are those of its manifest."""

    warc: WarcFacts | None
    sheet: Sheet | None
    defects: tuple[Defect, ...] = ()


AnyTask = Task | PartTask | WholeTask | CaptureTask


def read_task(task: AnyTask) -> WarcFacts | Part | Whole | Found | Defect | None:
    """Do what a task asks for; what the operating system refuses is a defect too."""
    match task:
        case Task():
            return read_file(task)
        case CaptureTask():
            return read_capture(task, read_file(task.warc) if task.warc else None)
        case PartTask(file):
            try:
                with open_place(file.place) as stream:
                    return read_part(
                        stream, task.first, task.until, file.name, alone=file.alone, key=file.key
                    )
            except OSError:  # said when the parts are joined
                return None
        case WholeTask(place):
            try:
                with open_place(place) as stream:
                    return read_whole(stream, checked=place.size is not None)
            except OSError as error:
                return Defect(place.path, "", f"cannot be read: {reason(error)}")


def read_file(task: Task) -> WarcFacts:
    """Read one WARC file from its first byte to its last."""
    try:
        with open_place(task.place) as stream:
            facts = read_warc(
                stream,
                task.shown,
                task.name,
                hashed=not task.alone,
                alone=task.alone,
                key=task.key,
            )
            wrong = checksum(stream) not in (None, task.place.crc)
    except OSError as error:
        return unreadable(task, reason(error))
    return _with_crc(replace(facts, rows=Columns()) if task.alone else facts, wrong)


def read_capture(task: CaptureTask, warc: WarcFacts | None) -> Found:
    """Read a capture's manifest and compare it with what its WARC file was found to hold."""
    if task.sheet is None:
        return Found(warc, None)
    defects: list[Defect] = []
    data = _bytes_of(task.sheet, defects)
    if data is None:
        return Found(warc, None, tuple(defects))
    sheet, statement = read_sheet(data, task.sheet.shown, defects)
    if statement is not None:
        defects += check_sheet(task.sheet.path, task.sheet.shown, statement)
        if warc is not None and task.warc is not None and sheet.warc_file == f"archive/{warc.name}":
            defects += _compared(task.sheet.shown, statement, warc, task.warc)
    return Found(warc, sheet, tuple(defects))


def unreadable(task: Task, why: str) -> WarcFacts:
    """The facts of a file that could not be opened or read."""
    return WarcFacts(
        path=task.shown,
        name=task.name,
        size=0,
        digest=None,
        count=0,
        rows=Columns(),
        stopped_at=0,
        defects=(Defect(task.shown, "", f"cannot be read: {why}"),),
    )


def _compared(shown: str, statement: Statement, warc: WarcFacts, task: Task) -> Iterator[Defect]:
    try:
        with open_place(task.place) as stream:
            again = rereader(stream, warc.rows)
            yield from compare(shown, statement, warc, printer(task.key), again)
    except OSError as error:
        yield Defect(task.shown, "", f"cannot be read: {reason(error)}")
    except Unreadable:
        yield Defect(task.shown, "", "was changed while it was read: verify again")


def joined(task: Task | CaptureTask, answers: list[object]) -> WarcFacts | Found:
    """What is known of a large file, or of its capture, from the answers about its parts."""
    file = task.warc if isinstance(task, CaptureTask) else task
    assert file is not None
    facts = _of_parts(file, answers)
    return read_capture(task, facts) if isinstance(task, CaptureTask) else facts


def _of_parts(file: Task, answers: list[object]) -> WarcFacts:
    whole = None if file.alone else answers.pop(0)
    parts = iter([one if isinstance(one, Part) else None for one in answers])
    answers.clear()
    if isinstance(whole, Defect):
        return unreadable(file, whole.what.partition(": ")[2])
    digest = whole.digest if isinstance(whole, Whole) else None
    try:
        with open_place(file.place) as stream:
            edges = cuts(file.size, file.part)
            part = join(stream, parts, edges, file.name, alone=file.alone, key=file.key)
            facts = conclude(
                part, stream, file.shown, file.name, printer(file.key), file.size, digest
            )
    except OSError as error:
        return unreadable(file, reason(error))
    wrong = file.place.size is not None and isinstance(whole, Whole) and whole.crc != file.place.crc
    return _with_crc(replace(facts, rows=Columns()) if file.alone else facts, wrong)


def _with_crc(facts: WarcFacts, wrong: bool) -> WarcFacts:
    if not wrong:
        return facts
    return replace(facts, defects=(Defect(facts.path, "", WRONG_CRC), *facts.defects))


def _bytes_of(task: SheetTask, defects: list[Defect]) -> bytes | None:
    if isinstance(task.source, bytes):
        return task.source
    try:
        with open_place(task.source) as stream:
            data = stream.read(LARGEST + 1)
            wrong = checksum(stream) not in (None, task.source.crc)
    except OSError as error:
        defects.append(Defect(task.shown, "", f"cannot be read: {reason(error)}"))
        return None
    if len(data) > LARGEST:
        defects.append(Defect(task.shown, "", f"is larger than {LARGEST >> 20} MiB"))
        return None
    if wrong:
        defects.append(Defect(task.shown, "", WRONG_CRC))
    return data
