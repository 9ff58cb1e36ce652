"""Work shared between this process and helpers: answers come in the order of the questions.

The helpers are interpreters of their own that load only what reading needs, and end when their input
does. This process works too, so that nothing waits for a helper to start; a helper that dies costs
nothing but time, since what it was at is done here.
"""

import json
import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Generic, TypeVar, cast

Asked = TypeVar("Asked")
BATCH_BYTES = 1 << 20
BATCH_JOBS = 64
AHEAD = 512
"""Questions that are taken before the first of them is answered."""
HOME = str(Path(__file__).parents[2])
"""Where this package lies. The helper looks for modules where this process does, and there; it need not work
that out again (`-S`), which takes as long as the rest of its start."""
START = (
    "import sys,json;sys.path[:]=json.loads(sys.argv[1]);"
    "from archiver.verification import worker;worker.main()"
)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Job(Generic[Asked]):
    """One question of `size` bytes, and its answer once it is there."""

    def __init__(self, asked: Asked, size: int) -> None:
        self.asked, self.size = asked, size
        self.given: Any = None
        self.done = False

    def finish(self, given: object) -> None:
        """The answer is there."""
        self.given, self.done = given, True


class Queue(Generic[Asked]):
    """The jobs that nobody has begun, and the bell that rings when something changes."""

    def __init__(self) -> None:
        self._jobs: deque[Job[Asked]] = deque()
        self._closed = False
        self._bell = threading.Condition()

    def add(self, job: Job[Asked]) -> None:
        """One job more."""
        with self._bell:
            self._jobs.append(job)
            self._bell.notify()

    def close(self) -> None:
        """No more jobs come; those that nobody has begun are dropped."""
        with self._bell:
            self._closed = True
            self._jobs.clear()
            self._bell.notify_all()

    def next_until(self, awaited: Job[Asked]) -> Job[Asked] | None:
        """A job to be done meanwhile; None when the awaited one is done."""
        with self._bell:
            while not awaited.done:
                if self._jobs:
                    return self._jobs.popleft()
                self._bell.wait()
        return None

    def batch(self, leave: int) -> list[Job[Asked]]:
        """Some small jobs or a large one, when there are any. So many are left to others, but the first.
        Empty when the queue is closed."""
        found: list[Job[Asked]] = []
        size = 0
        with self._bell:
            while not self._jobs and not self._closed:
                self._bell.wait()
            while self._jobs and size < BATCH_BYTES and len(found) < BATCH_JOBS:
                if found and len(self._jobs) <= leave:
                    break
                found.append(self._jobs.popleft())
                size += found[-1].size
        return found

    def finish(self, batch: Sequence[Job[Asked]], answers: Sequence[object] | None) -> None:
        """A batch is done; without answers its jobs are to be had again."""
        with self._bell:
            if answers is None:
                self._jobs.extendleft(reversed(batch))
            else:
                for job, given in zip(batch, answers, strict=True):
                    job.finish(given)
            self._bell.notify_all()


class Helper:
    """One other process, and the pipes to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", START, json.dumps([*sys.path, HOME])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._to = cast(BinaryIO, self._process.stdin)
        self._from = cast(BinaryIO, self._process.stdout)

    def ask(self, batch: Sequence[object]) -> list[Any] | None:
        """The answers; None when the helper is dead."""
        try:
            pickle.dump(batch, self._to, pickle.HIGHEST_PROTOCOL)
            self._to.flush()
            found: list[Any] = pickle.load(self._from)
            return found
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            return None

    def end(self) -> None:
        """Stop it at once, whatever it is at."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()


class Crew(AbstractContextManager["Crew"]):
    """This process and `count` - 1 helpers, which are started when they are first needed.

    `work` answers one question; the helpers do the same (see `worker`). None for `count` means one
    process for each processor.
    """

    def __init__(self, work: Callable[[Any], Any], count: int | None = None) -> None:
        self.count = count or cores()
        self._work = work
        self._helpers: list[Helper] = []

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for helper in self._helpers:
            helper.end()

    def answers(self, asked: Iterable[tuple[Asked, int]]) -> Iterator[Any]:
        """The answer to each question, in order; each comes with about how many bytes there are to read.

        Questions are taken a few hundred ahead of the answers that were given out.
        """
        queue, source = Queue[Asked](), iter(asked)
        pending: deque[Job[Asked]] = deque()
        self._serve_all(queue)
        try:
            while True:
                for question in islice(source, AHEAD - len(pending)):
                    pending.append(Job(*question))
                    queue.add(pending[-1])
                if not pending:
                    return
                job = pending.popleft()
                while (mine := queue.next_until(job)) is not None:
                    queue.finish([mine], [self._work(mine.asked)])
                yield job.given
        finally:
            queue.close()

    def _serve_all(self, queue: Queue[Asked]) -> None:
        while len(self._helpers) < self.count - 1 and sys.executable:
            try:
                self._helpers.append(Helper())
            except OSError:  # no more processes are to be had
                self.count = 1 + len(self._helpers)
        for helper in self._helpers:
            threading.Thread(target=self._serve, args=(helper, queue), daemon=True).start()

    def _serve(self, helper: Helper, queue: Queue[Asked]) -> None:
        """Give a helper batch after batch. What a dead one was at is done by others."""
        while batch := queue.batch(len(self._helpers)):
            found = helper.ask([job.asked for job in batch])
            queue.finish(batch, found)
            if found is None:
                return
