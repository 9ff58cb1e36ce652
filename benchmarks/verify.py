"""Verification against `warcio check`: the same WARC files, interleaved.

    python benchmarks/verify.py [--pairs 5] [--exchanges 3000] [--bar 1.8] [--bar-two 3]

Four files are written with `write_capture`: half of the bodies are text, half incompressible pictures.
Both programs read each file whole and recompute block and payload digests; `archiver verify` also checks
grammar, pairs and ties. The run has these files with manifests, index and package: there, each file is
hashed as a whole too and compared both ways, which `warcio check` does not do.

One thread is compared in CPU time, two processes in wall time (the start of the other process included;
meaningful only on two idle processors). What two idle processors would give is printed beside it, from the
CPU time of all processes. Exit status 1 below a bar: on a busy machine, the latter figure counts.
"""

import argparse
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from records import INFO, WHEN, bodies, exchange
from warcio.checker import Checker

from archiver.clock import RandomIds
from archiver.commit import Commit, finish
from archiver.domain.capture import Capture, Outcome, Status
from archiver.records.write import write_capture
from archiver.storage.layout import Archive
from archiver.storage.ledger import Ledger
from archiver.verification.verify import verify

FILES = 4
Work = Callable[[], None]


def write_run(folder: Path, exchanges: int) -> tuple[Path, float]:
    """A finished run of four captures, and how many megabytes of bodies are in each."""
    made = bodies(exchanges, random.Random(1))
    archive = Archive(folder / "archive")
    archive.prepare()
    with Ledger(archive.ledger) as ledger:
        commit = Commit(archive, ledger, INFO.run_id, {}, RandomIds())
        for number in range(FILES):
            commit.save(capture(number, made))
        finish(commit.open_folder())
    return commit.open_folder().path, sum(len(data) for _, data in made) / 1e6


def capture(number: int, made: list[tuple[str, bytes]]) -> Capture:
    """A capture with all these bodies, which no other capture has: they would be revisits there."""
    mark = b"%d" % number
    return Capture(
        id=f"benchmark-{number}",
        target=f"x:{number}",
        url=None,
        started_at=WHEN,
        ended_at=WHEN,
        outcome=Outcome(status=Status.CAPTURED, reason=""),
        exchanges=tuple(exchange(n, kind, data + mark) for n, (kind, data) in enumerate(made)),
    )


def write_large(folder: Path, exchanges: int) -> tuple[Path, float]:
    """One file of two such captures' size, and its megabytes of bodies."""
    made = bodies(exchanges * 2, random.Random(2))
    nothing = {"seen": lambda digest, url: None, "check": lambda path: ()}
    write_capture(capture(9, made), folder, INFO, ids=RandomIds(), **nothing)
    return folder / "benchmark-9.warc.gz", sum(len(data) for _, data in made) / 1e6


def ours(files: Sequence[Path], processes: int) -> None:
    assert verify(files, processes=processes).whole


def theirs(files: Sequence[Path]) -> None:
    checker = Checker(Namespace(inputs=[str(path) for path in files], verbose=False))
    assert checker.process_all() == 0


def timed(work: Callable[[], None], clock: Callable[[], float]) -> float:
    before = clock()
    work()
    return clock() - before


def of_all() -> float:
    """CPU seconds of this process and all that ended below it."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def compare(
    title: str, megabytes: float, pairs: int, mine: Work, stock: Work, *, processes: int = 1
) -> float:
    """The median ratio of so many interleaved pairs; prints what was measured."""
    clock = time.process_time if processes == 1 else time.perf_counter
    seconds, ideal = [], []
    for _ in range(pairs):
        before = of_all()
        here = timed(mine, clock)
        between = of_all()
        there = timed(stock, clock)
        seconds.append((here, there))
        ideal.append((of_all() - between) / ((between - before) / processes))
    ratios = [b / a for a, b in seconds]
    speeds = [megabytes / statistics.median(column) for column in zip(*seconds, strict=True)]
    middle, best = statistics.median(ratios), statistics.median(ideal)
    line = (
        f"{title}: archiver {speeds[0]:.0f} MB/s, warcio check {speeds[1]:.0f} MB/s, "
        f"ratio {middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    )
    print(line + (f"; on idle processors {best:.2f}" if processes > 1 else ""), flush=True)
    return max(middle, best) if processes > 1 and os.getloadavg()[0] > processes else middle


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--exchanges", type=int, default=3000)
    parser.add_argument("--bar", type=float, default=1.8)
    parser.add_argument("--bar-two", type=float, default=3.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run, size = write_run(Path(folder), chosen.exchanges)
        files = sorted((run / "archive").iterdir())
        one, twice = write_large(Path(folder), chosen.exchanges)
        cases = {
            "one file, one thread, CPU": (files[:1], files[:1], size, 1),
            "run, one thread, CPU": ([run], files, size * FILES, 1),
            "four files, two processes, wall": (files, files, size * FILES, 2),
            "one large file, two processes, wall": ([one], [one], twice, 2),
            "run, two processes, wall": ([run], files, size * FILES, 2),
        }
        found = {
            title: compare(
                title,
                megabytes,
                chosen.pairs,
                partial(ours, mine, processes),
                partial(theirs, stock),
                processes=processes,
            )
            for title, (mine, stock, megabytes, processes) in cases.items()
        }
    print(f"bars: {chosen.bar} a thread and {chosen.bar_two} on two processors")
    bars = {1: chosen.bar, 2: chosen.bar_two}
    return int(any(found[title] < bars[case[3]] for title, case in cases.items()))


if __name__ == "__main__":
    sys.exit(main())
