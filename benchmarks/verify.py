"""Verification against `warcio check`: the same WARC files, interleaved.

    python benchmarks/verify.py [--pairs 5] [--exchanges 3000] [--bar 1.8] [--bar-two 3]

Four files are written with `write_capture`: half of the bodies are text, half incompressible pictures.
Both programs read each file whole and recompute block and payload digests; `archiver verify` also checks
grammar, pairs and ties. One thread is compared in CPU time, two processes in wall time (the start of the
processes included; meaningful only on two idle processors). Exit status 1 below a bar.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from records import INFO, WHEN, bodies, exchange
from warcio.checker import Checker

from archiver.clock import RandomIds
from archiver.domain.capture import Capture, Outcome, Status
from archiver.records.write import write_capture
from archiver.verification.verify import verify

FILES = 4


def write_files(folder: Path, exchanges: int) -> tuple[list[Path], float]:
    """The files, and how many megabytes of bodies are in each."""
    made = bodies(exchanges, random.Random(1))
    for number in range(FILES):
        capture = Capture(
            id=f"benchmark-{number}",
            target="x:1",
            url=None,
            started_at=WHEN,
            ended_at=WHEN,
            outcome=Outcome(status=Status.CAPTURED, reason=""),
            exchanges=tuple(exchange(n, *one) for n, one in enumerate(made)),
        )
        nothing = {"seen": lambda digest, url: None, "check": lambda path: ()}
        write_capture(capture, folder, INFO, ids=RandomIds(), **nothing)
    return sorted(folder.iterdir()), sum(len(data) for _, data in made) / 1e6


def ours(files: Sequence[Path], processes: int) -> None:
    assert verify(files, processes=processes).whole


def theirs(files: Sequence[Path]) -> None:
    checker = Checker(Namespace(inputs=[str(path) for path in files], verbose=False))
    assert checker.process_all() == 0


def timed(work: Callable[[], None], clock: Callable[[], float]) -> float:
    before = clock()
    work()
    return clock() - before


def compare(
    title: str,
    megabytes: float,
    pairs: int,
    mine: Callable[[], None],
    stock: Callable[[], None],
    clock: Callable[[], float],
) -> float:
    """The median ratio of so many interleaved pairs; prints what was measured."""
    seconds = [(timed(mine, clock), timed(stock, clock)) for _ in range(pairs)]
    ratios = [b / a for a, b in seconds]
    speeds = [megabytes / statistics.median(column) for column in zip(*seconds, strict=True)]
    middle = statistics.median(ratios)
    print(
        f"{title}: archiver {speeds[0]:.0f} MB/s, warcio check {speeds[1]:.0f} MB/s, "
        f"ratio {middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    )
    return middle


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--exchanges", type=int, default=3000)
    parser.add_argument("--bar", type=float, default=1.8)
    parser.add_argument("--bar-two", type=float, default=3.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files, size = write_files(Path(folder), chosen.exchanges)
        one = compare(
            "one thread, CPU",
            size,
            chosen.pairs,
            lambda: ours(files[:1], 1),
            lambda: theirs(files[:1]),
            time.process_time,
        )
        two = compare(
            "two processes, wall",
            size * FILES,
            chosen.pairs,
            lambda: ours(files, 2),
            lambda: theirs(files),
            time.perf_counter,
        )
    print(f"bars: {chosen.bar} and {chosen.bar_two}")
    return 0 if one >= chosen.bar and two >= chosen.bar_two else 1


if __name__ == "__main__":
    sys.exit(main())
