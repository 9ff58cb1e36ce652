"""Each command on an archive of 100,000 captures and a WARC of a million records: seconds and peak memory.

    python benchmarks/scale.py [--captures 100000] [--big-run 10000] [--records 1000000] [--goal 300]
        [--folder DIR] [--only list,show]

The archive has a thousand runs, one of them large; it is made by the program's own writers (a quarter of an hour) and
kept for the next time in `--folder`, if one is named. The figure of a command is the largest sum of
proportional set sizes (PSS) of its process and all below it, or the peak resident size that the kernel noted,
whichever is larger. Exit status 1 when a command fails or takes more than the goal, in MB of 10^6 bytes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).parent
SAMPLE = 0.05
SETTINGS = {"ARCHIVER_REFETCH_AFTER": "5200w", "ARCHIVER_ALLOW_NO_SANDBOX": "1"}
"""So that nothing of the archive is due, and root may run it."""


def tree_of(root: int) -> Iterator[int]:
    """The process and all below it."""
    yield root
    try:
        tasks = list(Path(f"/proc/{root}/task").iterdir())
    except OSError:
        return
    for task in tasks:
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from tree_of(int(child))


def proportional(process: int) -> int:
    """The PSS of a process in bytes; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def measured(command: Sequence[str], env: dict[str, str]) -> tuple[float, float, int, int]:
    """Run a command; gives seconds of wall and processor time, peak bytes and exit code."""
    peak = 0
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, **env})
        over = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not over.wait(SAMPLE):
                peak = max(peak, sum(map(proportional, tree_of(process.pid))))

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        over.set()
        watcher.join()
        if process.returncode not in (0, 1):
            said.seek(0)
            sys.stderr.buffer.write(said.read()[-1500:])
    busy = usage.ru_utime + usage.ru_stime
    peak = max(peak, usage.ru_maxrss * 1024)
    return time.monotonic() - began, busy, peak, process.returncode


def archiver(root: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "archiver", "--archive", str(root), *words]


def script(code: str, *words: str) -> list[str]:
    return [sys.executable, "-c", code, *words]


FINISH = """
import sys
from pathlib import Path
from archiver.commit import finish
from archiver.storage.layout import Archive, RunFolder
largest = max(Archive(Path(sys.argv[1])).run_folders(), key=lambda run: len(run.captures()))
before = {name: (largest.path / name).read_bytes() for name in ("indexes/index.cdxj", "pages/pages.jsonl")}
seal, package = largest.seal.read_bytes(), (largest.path / "datapackage.json").read_bytes()
finish(largest)
assert all((largest.path / name).read_bytes() == data for name, data in before.items())
largest.seal.write_bytes(seal), (largest.path / "datapackage.json").write_bytes(package)
"""
INDEX = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from archiver.domain.digest import sha256
from archiver.domain.record import Record
from archiver.records.index import cdxj_lines, write_index
begin, digest = datetime(2025, 1, 1, tzinfo=UTC), sha256(b"")
def records():
    for number in range(int(sys.argv[2])):
        yield Record(file="archive/a.warc.gz", offset=number * 500, length=500, type="response", id=f"<urn:{number}>",
            target_uri=f"https://social.example/item/{number * 7919 % 1000003}", date=begin + timedelta(seconds=number),
            media_type="text/html", status=200, block_digest=digest, payload_digest=digest)
write_index(Path(sys.argv[1]) / "index.cdxj", cdxj_lines(records()))
"""


def commands(root: Path, warc: Path, records: int, out: Path) -> dict[str, list[str]]:
    """Every command by its name, those that write last."""
    return {
        "list": archiver(root, "list"),
        "list --json": archiver(root, "--json", "list"),
        "show": archiver(root, "show", "mastodon:social.example/77"),
        "changes": archiver(root, "changes", "--all"),
        "status": archiver(root, "status"),
        "run --dry-run": archiver(root, "run", "--dry-run"),
        "run": archiver(root, "run"),
        "verify": archiver(root, "verify"),
        "verify WARC": archiver(root, "verify", str(warc)),
        "extract WARC": archiver(root, "--json", "extract", str(warc)),
        "index of records": script(INDEX, str(out), str(records)),
        "finish a run": script(FINISH, str(root)),
        "export a run": archiver(root, "export", "--wacz", str(out / "run.wacz"), *last_run(root)),
        "export all": archiver(root, "export", "--wacz", str(out / "all.wacz")),
        "verify a WACZ": archiver(root, "verify", str(out / "run.wacz")),
        "rebuild": archiver(root, "rebuild"),
    }


def last_run(root: Path) -> tuple[str, str]:
    return "--run", max(path.name for path in root.glob("runs/*/*/*/*"))


def prepare(folder: Path, captures: int, big_run: int, records: int) -> tuple[Path, Path]:
    """Archive and WARC file, made when they are not there. In a process of its own: the peak of a child
    counts from what its parent has."""
    root, warc = folder / f"archive-{captures}-{big_run}", folder / f"{records}.warc.gz"
    made = [sys.executable, str(HERE / "scale_archive.py")]
    if not root.exists():
        wanted = ["--captures", str(captures), "--big-run", str(big_run)]
        subprocess.run([*made, str(root), *wanted], check=True)
    if not warc.exists():
        subprocess.run([*made, str(warc), "--records", str(records)], check=True)
    return root, warc


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--captures", type=int, default=100_000)
    parser.add_argument("--big-run", type=int)
    parser.add_argument("--records", type=int)
    parser.add_argument("--goal", type=float, default=300.0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    big_run = chosen.captures // 10 if chosen.big_run is None else chosen.big_run
    records = chosen.captures * 10 if chosen.records is None else chosen.records
    missed = 0
    with tempfile.TemporaryDirectory() as aside:
        folder = chosen.folder or Path(aside)
        root, warc = prepare(folder, chosen.captures, big_run, records)
        found = commands(root, warc, records, Path(aside))
        wanted = [name for name in chosen.only.split(",") if name] or list(found)
        print(f"{chosen.captures} captures, {records} records; goal {chosen.goal:g} MB each")
        for name in wanted:
            seconds, busy, peak, code = measured(found[name], SETTINGS)
            bad = peak > chosen.goal * 1e6 or code
            missed += bool(bad)
            word = f"exit code {code}" if code else "too much" if bad else ""
            figures = f"{seconds:8.1f} s {busy:8.1f} s of processor {peak / 1e6:6.0f} MB"
            print(f"{name:<18}{figures}  {word}".rstrip(), flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
