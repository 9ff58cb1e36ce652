"""Extraction from many documents on all cores, in order, and in bounded memory.

The first megabytes are read in this process: starting others takes longer than a few pages do. After
that, documents go to worker processes in batches of about a megabyte, never many ahead of what was
given out. There are never more workers than one reader of archives can feed, which bounds the memory
too, whatever the number of cores: about 100 MB for this process, 25 MB that all workers share, and some
30 MB for each of them; pages that need far more than others are read one at a time. The workers come
from multiprocessing's fork server (or are spawned where there is none): this process may run threads,
and a process with threads must not be forked. A page on which a worker dies or does not end costs that
page and no other.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from types import ModuleType, TracebackType

from msgspec.structs import replace

from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.domain.seed import BadSeed
from archiver.errors import SeedError
from archiver.extraction.find import PATIENCE, find_embeds

ALONE = 8 << 20
"""Bytes of documents that are read without workers."""
BATCH_BYTES = 1 << 20
BATCH_PAGES = 64
AHEAD = 4
"""Batches a worker that may be finished before their turn to be given out."""
MOST_WORKERS = 6
"""More than these wait for their pages: taking a page out of an archive takes a sixth of reading it."""
HEAVY = 4 << 20
"""Bytes from which a batch may need ten times the memory of others; two such are never read at once."""

Embeds = tuple[Embed, ...]
Report = Callable[[BadSeed], None]
Find = Callable[[Document], Embeds]


def find_in_all(
    documents: Iterable[Document],
    report: Report,
    *,
    workers: int | None = None,
    alone: int = ALONE,
    find: Find = find_embeds,
    patience: float = PATIENCE,
) -> Generator[Embeds, None, None]:
    """The embeds of each document, in the order of the documents.

    `workers` is the number of processes (else one a core that we may use, up to `MOST_WORKERS`), `alone`
    the bytes that are read without them, `find` (a function of a module) what reads a document, `patience`
    the seconds that a batch, and then each document of it by itself, may take. A document that cannot be
    read is told to `report` and gives nothing.
    """
    rest = iter(documents)
    size = 0
    while size <= alone:
        document = next(rest, None)
        if document is None:
            return
        size += len(document.body)
        yield find_in_one(document, report, find) or ()
    count = workers or min(cores(), MOST_WORKERS)
    if count < 2:
        for document in rest:
            yield find_in_one(document, report, find) or ()
        return
    _trim()
    with Crew(count, report, find, patience) as crew:
        yield from crew.read(batches(rest))


def find_in_each(
    documents: Iterable[Document], report: Report, find: Find = find_embeds
) -> Iterator[tuple[Document, Embeds]]:
    """Each document with its embeds, read in this process one after the other.

    One that cannot be read (it takes too long) is told to `report` and left out; the rest goes on.
    """
    for document in documents:
        found = find_in_one(document, report, find)
        if found is not None:
            yield document, found


def find_in_one(document: Document, report: Report, find: Find = find_embeds) -> Embeds | None:
    """The embeds of a document; None when it cannot be read, which is told to `report`."""
    try:
        return find(document)
    except SeedError as error:
        reason = error.message.removeprefix(f"{document.source}: ")
        report(BadSeed(source=document.source, origin=document.source, reason=reason))
        return None


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Documents in lists of about `BATCH_BYTES`, without the exchanges that fetched them."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(replace(document, exchanges=()) if document.exchanges else document)
        size += len(document.body)
        if size >= BATCH_BYTES or len(batch) >= BATCH_PAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def work(pipe: Connection, find: Find) -> None:
    """A worker's life: a batch comes, its embeds go, until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who started us ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_IGN)  # who started us watches the time
    gc.freeze()
    with suppress(EOFError, OSError):
        while True:
            pipe.send([find(document) for document in pipe.recv()])
            _trim()


def _trim() -> None:
    """Give free memory back to the system; the C library keeps what lies between used pieces."""
    if _TRIM is not None:
        _TRIM(0)


def _trimmer() -> Callable[[int], int] | None:
    """glibc's `malloc_trim`, where that is the C library."""
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return trim


_TRIM = _trimmer()


def starter() -> ForkServerContext | SpawnContext:
    """How workers are started: from a fork server that has this module loaded, where there is one."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _is_heavy(batch: Sequence[Document]) -> bool:
    return sum(len(document.body) for document in batch) > HEAVY


@contextmanager
def _without_main() -> Iterator[None]:
    """Start processes that do not import the program again: they have all they need, and it is large."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class Worker:
    """One process and what it is at. `number` counts batches."""

    def __init__(self, find: Find, patience: float) -> None:
        context = starter()
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, find), daemon=True)
        with _without_main():
            self.process.start()
        theirs.close()
        self.patience = patience
        self.number = -1
        self.batch: Sequence[Document] = ()
        self.until = 0.0

    def take(self, number: int, batch: Sequence[Document]) -> None:
        """Begin a batch. A worker that has died shows that when it is waited for."""
        self.number, self.batch = number, batch
        self.until = time.monotonic() + self.patience
        with suppress(OSError):
            self.pipe.send(batch)

    def answer(self) -> list[Embeds] | None:
        """The embeds of the batch; None when the worker has died or its time is over."""
        try:
            if self.pipe.poll(max(0.0, self.until - time.monotonic())):
                found: list[Embeds] = self.pipe.recv()
                return found
        except (EOFError, OSError):
            pass
        return None

    def end(self) -> None:
        """Stop at once, whatever it is at."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


class Crew:
    """Workers that share one stream of batches; a context manager that leaves no process behind."""

    def __init__(self, count: int, report: Report, find: Find, patience: float) -> None:
        self._report = report
        self._new = partial(Worker, find, patience)
        self._patience = patience
        self._idle: list[Worker] = []
        self._busy: dict[Connection, Worker] = {}
        self._most = count * AHEAD
        self._count = count

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in (*self._idle, *self._busy.values()):
            worker.end()

    def read(self, work_ahead: Iterable[list[Document]]) -> Iterator[Embeds]:
        """The embeds of all documents of all batches, in order."""
        done: dict[int, list[Embeds]] = {}
        given = 0
        for number, batch in enumerate(work_ahead):
            while number - given >= self._most or not self._has_room(batch):
                done.update(self._finished())
                while given in done:
                    yield from done.pop(given)
                    given += 1
            self._start(number, batch)
        while self._busy or done:
            if given not in done:
                done.update(self._finished())
                continue
            yield from done.pop(given)
            given += 1

    def _has_room(self, batch: Sequence[Document]) -> bool:
        if _is_heavy(batch) and any(_is_heavy(worker.batch) for worker in self._busy.values()):
            return False
        return bool(self._idle) or len(self._busy) < self._count

    def _start(self, number: int, batch: Sequence[Document]) -> None:
        worker = self._idle.pop() if self._idle else self._new()
        self._busy[worker.pipe] = worker
        worker.take(number, batch)

    def _finished(self) -> dict[int, list[Embeds]]:
        """What is ready by now: at least one batch, or one whose worker was given up."""
        soonest = min(worker.until for worker in self._busy.values())
        ready = wait([*self._busy], max(0.0, soonest - time.monotonic()))
        late = [p for p, w in self._busy.items() if w.until <= time.monotonic()]
        return dict(self._take_from(pipe) for pipe in dict.fromkeys((*ready, *late)))  # type: ignore[arg-type]

    def _take_from(self, pipe: Connection) -> tuple[int, list[Embeds]]:
        worker = self._busy.pop(pipe)
        found = worker.answer()
        if found is not None:
            self._idle.append(worker)
            return worker.number, found
        worker.end()
        return worker.number, self._one_by_one(worker.batch)

    def _one_by_one(self, batch: Sequence[Document]) -> list[Embeds]:
        """A batch on which a worker was lost, read again document by document."""
        found: list[Embeds] = []
        worker = self._new()
        for document in batch:
            worker.take(-1, [document])
            answer = worker.answer()
            found += answer or [()]
            if answer is None:
                late = worker.until <= time.monotonic()
                self._lost(document, late=late)
                worker.end()
                worker = self._new()
        self._idle.append(worker)
        return found

    def _lost(self, document: Document, *, late: bool) -> None:
        reason = (
            f"reading it took longer than {self._patience:g} seconds"
            if late
            else "the process that read it ended before it had an answer"
        )
        self._report(BadSeed(source=document.source, origin=document.source, reason=reason))
