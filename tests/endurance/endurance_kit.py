"""What the endurance tests share: the shim, the forking driver, articles to read, and a strict look at
what an archive holds afterwards.

What is looked at is read here with json, sqlite3 and gzip alone, besides what `archiver verify` says.
"""

import errno
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LEDGER = "ledger.sqlite3"
COUNT, FAIL, KILL, SIGNAL, RECORD, BUDGET = range(6)
OPEN, WRITE, SYNC, RENAME, LINK, UNLINK, MKDIR, CUT, LOCK, CLOSE, MARK, READ_OPEN = (
    1 << n for n in range(12)
)
WRITERS = OPEN | WRITE | SYNC | RENAME | LINK | UNLINK | MKDIR | CUT
"""The calls that change the disk."""


def compiler() -> str | None:
    """The C compiler, where the shim can be used: on Linux."""
    found = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    return found if sys.platform == "linux" else None


def build_shim(folder: Path) -> Path:
    """Compile the shim."""
    made = folder / "shim.so"
    command = [compiler(), "-O1", "-shared", "-fPIC", "-o", made, HERE / "shim.c", "-ldl"]
    subprocess.run([str(part) for part in command], check=True)
    return made


def scratch() -> Path:
    """A fresh folder in memory where there is one: the disk's own fsync would take most of the time."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 1 << 30
    place = memory if roomy and os.access(memory, os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="archiver-endurance-", dir=place))


class Ended:
    """A child that has ended: its exit code (negative: by that signal) and what it said."""

    def __init__(self, code: int, out: str, err: str, told: list[Any] | None) -> None:
        self.code = code
        self.out = out
        self.err = err
        self.calls = int(told[0]) if told else 0
        self.hit = str(told[1]) if told else ""

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events that came out whole; a killed run may have cut the last one."""
        found = []
        for line in self.out.splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    @property
    def committed(self) -> set[str]:
        """The articles and posts that the run said were done."""
        read = {e["source"] for e in self.events if e["event"] == "document_read"}
        posts = {e["target"] for e in self.events if e["event"] == "post_finished"}
        return read | posts

    def __repr__(self) -> str:
        return f"exit {self.code}, {self.calls} calls, {self.hit!r}\n{self.out}\n{self.err}"


class Child:
    """A command line at work."""

    def __init__(self, driver: "Driver", pid: int, files: Path) -> None:
        self.pid = pid
        self._driver = driver
        self._files = files

    def signal(self, number: int) -> None:
        """Send a signal. One that has ended already stays a zombie until `wait`, so no other is met."""
        os.kill(self.pid, number)

    def said(self) -> str:
        """What came out so far."""
        out = self._files / "out"
        return out.read_text() if out.exists() else ""

    def wait(self) -> Ended:
        """Its end."""
        code = int(self._driver.ask(do="wait", pid=self.pid))
        out, err, told = (self._files / name for name in ("out", "err", "told"))
        texts = [p.read_text(errors="replace") if p.exists() else "" for p in (out, err)]
        ended = Ended(code, *texts, json.loads(told.read_text()) if told.exists() else None)
        shutil.rmtree(self._files)
        return ended


class Driver:
    """The process of driver.py and the folder in which everything happens."""

    def __init__(self, shim: Path) -> None:
        self.place = scratch()
        self.place.chmod(0o777)
        names = ("PATH", "LANG", "COVERAGE_PROCESS_START", "PYTHONPATH")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        home = str(self.place)
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(HERE / "driver.py")],
            env={**kept, "LD_PRELOAD": str(shim), "HOME": home, "TMPDIR": home},
            cwd=HERE.parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._count = 0

    def close(self) -> None:
        """End the process and take everything away."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()
        shutil.rmtree(self.place, ignore_errors=True)

    def ask(self, **order: object) -> str:
        """Give an order; the answer."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def fresh(self, name: str = "archive") -> Path:
        """The path of an archive that is not there yet."""
        self._count += 1
        return self.place / f"{name}{self._count}"

    def start(self, argv: Sequence[object] = (), **order: object) -> Child:
        """Begin a command line (or, with `posts`, a run of made-up visits)."""
        self._count += 1
        files = self.place / f"said{self._count}"
        files.mkdir()
        files.chmod(0o777)
        given = {name: str(files / name) for name in ("out", "err")}
        given["tell"] = str(files / "told")
        pid = self.ask(do="start", argv=[str(a) for a in argv], **given, **order)
        return Child(self, int(pid), files)

    def call(self, *argv: object, **order: object) -> Ended:
        """A command line from beginning to end."""
        return self.start(argv, **order).wait()


def run_of(archive: Path, articles: Sequence[Path]) -> list[object]:
    """The command line that archives the articles; there is never time for a visit."""
    begin = ["--archive", archive, "--json", "run", "--min-free", "1", "--max-time", "0.001"]
    return [*begin, "--seeds-only", *articles]


def fault(root: Path, what: int, n: int, value: int = 0, **more: int) -> dict[str, object]:
    """What the shim is to do below `root`: `what` at the `n`-th call."""
    return {"root": str(root), "what": what, "n": n, "value": value, **more}


def write_articles(folder: Path, count: int, size: int = 0) -> list[Path]:
    """Articles that each embed a post of their own; `size` bytes of text that does not shrink."""
    folder.mkdir(exist_ok=True)
    made = []
    for number in range(count):
        filling = hashlib.shake_256(str(number).encode()).hexdigest(size // 2)
        text = (
            f"<!doctype html><title>Article {number}</title><p>Of number {number}. {filling}</p>"
            f'<blockquote class="twitter-tweet"><p>Hello</p>&mdash; Ada (@ada) <a href="https:'
            f'//twitter.com/ada/status/{2 * 10**18 + number}">May 5, 2025</a></blockquote>'
        )
        path = folder / f"article{number}.html"
        path.write_text(text)
        made.append(path)
    return made


def urls(count: int) -> list[str]:
    """Addresses of posts."""
    return [f"https://x.com/ada/status/{2 * 10**18 + n}" for n in range(count)]


def rows(archive: Path) -> list[dict[str, Any]]:
    """The rows of the ledger, read from a copy so that nothing of it is touched; none without a ledger."""
    if not (archive / LEDGER).exists():
        return []
    with tempfile.TemporaryDirectory() as aside:
        for suffix in ("", "-wal", "-journal"):
            if (archive / (LEDGER + suffix)).exists():
                shutil.copyfile(archive / (LEDGER + suffix), Path(aside, LEDGER + suffix))
        with closing(sqlite3.connect(Path(aside, LEDGER))) as base:
            base.row_factory = sqlite3.Row
            if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'captures'").fetchone():
                return []
            return [dict(row) for row in base.execute("SELECT * FROM captures")]


def manifests(archive: Path) -> dict[str, dict[str, Any]]:
    """Every manifest by its path in the archive."""
    found = sorted(archive.glob("runs/*/*/*/*/manifests/*.json"))
    return {str(p.relative_to(archive)): json.loads(p.read_bytes()) for p in found}


def names_of(manifest: dict[str, Any]) -> set[str]:
    """Under which names a run speaks of what was captured: target, and for an article its path."""
    return {manifest["target"], *(found["source"] for found in manifest.get("found", ()))}


def in_ledger(archive: Path) -> set[str]:
    """The names of all that is committed and whose manifest is there, as it was committed."""
    found: set[str] = set()
    for row in rows(archive):
        data = (archive / row["manifest"]).read_bytes()
        assert f"sha256:{hashlib.sha256(data).hexdigest()}" == row["manifest_digest"]
        if row["warc"]:
            assert (archive / row["warc"]).is_file()
        found |= names_of(json.loads(data))
    return found


def evidence(archive: Path) -> dict[str, Path]:
    """Every file that captures consist of, also unfinished and set aside, by the digest of its bytes."""
    found: dict[str, Path] = {}
    for path in archive.rglob("*"):
        parts = path.relative_to(archive).parts
        kept = parts[0] in ("runs", "quarantine", "removed") and (
            "archive" in parts or "manifests" in parts
        )
        if kept and path.is_file():
            found[hashlib.sha256(path.read_bytes()).hexdigest()] = path
    return found


def see_nothing_vanished(before: dict[str, Path], archive: Path) -> None:
    """What was there is there, in its place or in quarantine."""
    after = evidence(archive)
    assert not [str(path) for digest, path in before.items() if digest not in after]


def see_whole(driver: Driver, archive: Path, wanted: set[str]) -> None:
    """After a run that went well: all that was wanted is there once, and everything verifies."""
    open_files = [p for p in archive.rglob("*.open") if "quarantine" not in p.parts]
    assert not open_files
    held = manifests(archive)
    twice = {t: n for t, n in Counter(m["target"] for m in held.values()).items() if n > 1}
    assert not twice
    assert {row["manifest"] for row in rows(archive)} == set(held)
    assert wanted <= in_ledger(archive)
    checked = driver.call("--archive", archive, "verify")
    assert checked.code == 0, checked
    runs = list(archive.glob("runs/*/*/*/*"))
    assert all((run / "datapackage-digest.json").exists() for run in runs)


def see_mended(
    driver: Driver, archive: Path, articles: Sequence[Path], committed: set[str]
) -> Ended:
    """The next run puts everything right: what was committed before stands, the rest is captured, and
    no file of a capture is lost on the way."""
    before = evidence(archive) if archive.is_dir() else {}
    again = driver.call(*run_of(archive, articles))
    assert again.code == 0, again
    if before:
        see_nothing_vanished(before, archive)
    see_whole(driver, archive, {str(path) for path in articles} | committed)
    return again


def see_one_line(ended: Ended) -> None:
    """A run that stopped says why in one line, and at most one with what to do; one that came to its end
    lists its problems. No fault of ours."""
    lines = ended.err.splitlines()
    summary = next((e for e in ended.events if e["event"] == "run_summary"), None)
    if summary is not None:
        assert summary["problems"] and not lines, ended
        return
    assert 1 <= len(lines) <= 2 and lines[0].startswith("archiver: error: "), ended
    assert "fault in archiver" not in ended.err, ended


def session_members(leader: int) -> list[int]:
    """The processes of that session which still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] not in "ZX":
            found.append(int(stat.parent.name))
    return found


def wait_until(true: Any, seconds: float = 20) -> None:  # noqa: ANN401 - any callable
    """Wait for something to become true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.005)


def errors(*names: str) -> Iterator[tuple[str, int]]:
    """Names of errors with their numbers."""
    return ((name, getattr(errno, name)) for name in names)


SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}
