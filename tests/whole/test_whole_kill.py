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


def start(web: DemoWeb, archive: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "archiver", *arguments(web, archive)],
        env={**os.environ, "ARCHIVER_ALLOW_NO_SANDBOX": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def committed(archive: Path) -> set[str]:
    """The captures that the ledger lists."""
    said = archiver("--archive", archive, "list", "--json")
    return {json.loads(line)["post_id"] for line in said.stdout.splitlines() if "captured" in line}


def session_members(leader: int) -> list[str]:
    """The processes of that session which still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append((stat.parent / "cmdline").read_text().replace("\0", " ")[:100])
    return found


def see_nobody_left(leader: int) -> None:
    for _ in range(100):
        if not session_members(leader):
            return
        time.sleep(0.1)
    raise AssertionError(session_members(leader))


def see_one_of_each(archive: Path) -> None:
    """Every manifest, committed once: no post twice, no half-written file, everything whole."""
    targets = Counter(
        json.loads(path.read_bytes())["target"]
        for path in archive.glob("runs/*/*/*/*/manifests/*.json")
    )
    assert max(targets.values()) == 1, targets
    assert not list(archive.glob("runs/**/*.open"))
    checked = archiver("--archive", archive, "verify")
    assert checked.returncode == 0, checked.stdout


@pytest.fixture(scope="module")
def usual_seconds(web: DemoWeb, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long the run takes when nobody kills it."""
    began = time.monotonic()
    assert start(web, tmp_path_factory.mktemp("usual")).wait(120) == 0
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
    see_nobody_left(run.pid)
    before = committed(archive) if (archive / "ledger.sqlite3").exists() else set()
    again = start(web, archive)
    assert again.wait(120) == 0
    see_nobody_left(again.pid)
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
    assert run.wait(30) == 128 + number
    see_nobody_left(run.pid)
    assert archiver("--archive", archive, "verify").returncode == 0
    assert start(web, archive).wait(120) == 0
    see_one_of_each(archive)


def test_a_second_run_leaves_at_once(web: DemoWeb, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    first = start(web, archive)
    while not (archive / "lock").exists() or not (archive / "lock").read_text():
        time.sleep(0.05)
    second = archiver(*arguments(web, archive))
    assert second.returncode == 75
    assert "another run" in second.stderr
    assert first.wait(120) == 0
