"""A run may be killed at any moment: nothing committed is lost, nothing is captured twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from whole import archiver

from archiver.demoweb.serve import DemoWeb

pytestmark = pytest.mark.browser
RUN_LIMIT = 240
"""Seconds for a run of some ten, on a machine that has much else to do."""
KILLS = int(os.environ.get("ARCHIVER_TEST_BROWSER_KILLS", "8"))


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoWeb]:
    with DemoWeb(tmp_path_factory.mktemp("web")) as web:
        yield web


def arguments(web: DemoWeb, archive: Path) -> list[str]:
    """A run over the demo's two plain-text articles: five posts, each known by its words only."""
    texts = [seed for seed in web.articles if seed.endswith("-2022.txt")]
    options = ["--archive", archive, "--proxy", web.proxy_url, "--ca-file", web.ca_file]
    return [str(part) for part in (*options, "run", *texts)]


def temporary(archive: Path) -> Path:
    """The folder for the temporary files of the runs of that archive, browsers' among them."""
    return archive.with_name(f"{archive.name}-tmp")


def start(web: DemoWeb, archive: Path) -> subprocess.Popen[bytes]:
    """A run in a session of its own; what it says goes to a file beside the archive."""
    temporary(archive).mkdir(exist_ok=True)
    with open(archive.with_name("said"), "ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "archiver", "-v", *arguments(web, archive)],
            env={
                **os.environ,
                "ARCHIVER_ALLOW_NO_SANDBOX": "1",
                "TMPDIR": str(temporary(archive)),
            },
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def code_of(run: subprocess.Popen[bytes], archive: Path) -> int:
    """How the run ended; when it is anything but well, what it and the one before it said is shown."""
    try:
        code = run.wait(RUN_LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        code = run.wait()
    if code:
        print(archive.with_name("said").read_text(errors="replace"))
        hosts = archive / "hosts.json"
        print(hosts.read_text(errors="replace") if hosts.exists() else "no host is remembered")
    return code


def committed(archive: Path) -> set[str]:
    """The captures that the ledger lists."""
    said = archiver("--archive", archive, "list", "--json")
    return {json.loads(line)["post_id"] for line in said.stdout.splitlines() if "captured" in line}


def still_there(leader: int, archive: Path) -> list[str]:
    """The processes of that session which still run, and the browsers, whose sessions are their own: they
    have the temporary folder in their environment. One may end while it is looked at."""
    mark = f"TMPDIR={temporary(archive)}".encode()
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            ours = int(fields[3]) == leader or mark in (stat.parent / "environ").read_bytes()
            if ours and fields[0] not in "ZX":
                found.append((stat.parent / "cmdline").read_text().replace("\0", " ")[:100])
        except OSError:
            continue
    return found


def see_nobody_left(leader: int, archive: Path) -> None:
    """Playwright's driver gives a browser 30 seconds to end before it kills it."""
    until = time.monotonic() + 60
    while left := still_there(leader, archive):
        assert time.monotonic() < until, left
        time.sleep(0.1)


def see_one_of_each(archive: Path) -> None:
    """Every post captured once: none twice, no half-written file, everything whole. A visit that failed is
    rightly made again, and stands beside it."""
    manifests = [
        json.loads(path.read_bytes()) for path in archive.glob("runs/*/*/*/*/manifests/*.json")
    ]
    targets = Counter(m["target"] for m in manifests if m["outcome"]["status"] == "captured")
    assert max(targets.values()) == 1, targets
    unfinished = [path.relative_to(archive) for path in archive.rglob("*.open")]
    assert {path.parts[0] for path in unfinished} <= {"quarantine"}, unfinished
    checked = archiver("--archive", archive, "verify")
    assert checked.returncode == 0, checked.stdout


@pytest.fixture(scope="module")
def usual_seconds(web: DemoWeb, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long the run takes when nobody kills it."""
    archive = tmp_path_factory.mktemp("usual") / "archive"
    began = time.monotonic()
    assert code_of(start(web, archive), archive) == 0
    return time.monotonic() - began


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_and_run_again(
    web: DemoWeb, usual_seconds: float, tmp_path: Path, seed: int
) -> None:
    archive = tmp_path / "archive"
    moment = random.Random(seed).uniform(0.3, usual_seconds)
    run = start(web, archive)
    time.sleep(moment)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    see_nobody_left(run.pid, archive)
    before = committed(archive) if (archive / "ledger.sqlite3").exists() else set()
    again = start(web, archive)
    assert code_of(again, archive) == 0
    see_nobody_left(again.pid, archive)
    assert not list(temporary(archive).iterdir()), "what the killed run left was swept away"
    assert before <= committed(archive)
    assert len(committed(archive)) == 5
    see_one_of_each(archive)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_in_order(web: DemoWeb, tmp_path: Path, number: int) -> None:
    archive = tmp_path / "archive"
    run = start(web, archive)
    for _ in range(300):
        if list(archive.glob("runs/*/*/*/*/archive/x-*.warc.gz*")):
            break
        time.sleep(0.1)
    run.send_signal(number)
    assert run.wait(60) == 128 + number
    assert b"ending: visits under way get" in archive.with_name("said").read_bytes()
    see_nobody_left(run.pid, archive)
    assert archiver("--archive", archive, "verify").returncode == 0
    assert code_of(start(web, archive), archive) == 0
    see_one_of_each(archive)


def test_a_second_run_leaves_at_once(web: DemoWeb, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    first = start(web, archive)
    until = time.monotonic() + 60
    while not (archive / "lock").exists() or not (archive / "lock").read_text():
        assert first.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    second = archiver(*arguments(web, archive))
    assert second.returncode == 75
    assert "another run" in second.stderr
    assert code_of(first, archive) == 0
