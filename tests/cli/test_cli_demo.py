"""`archiver demo` as a process of its own: everything comes out as the demo web knows it, twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


def archiver(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A call as cron would make it: no HOME, no terminal, no locale."""
    command = [sys.executable, "-m", "archiver", *arguments]
    env = {"PATH": "/usr/bin:/bin", "LANG": "C"}
    return subprocess.run(
        command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=540,
    )  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a place with spaces")


@pytest.fixture(scope="module")
def first(place: Path) -> subprocess.CompletedProcess[str]:
    """The first run, which visits every post."""
    return archiver(place, "demo", "--json")


def events(done: subprocess.CompletedProcess[str]) -> dict[str, dict]:
    """The last event of each kind."""
    return {line["event"]: line for line in map(json.loads, done.stdout.splitlines())}


def test_everything_comes_out_as_it_is(first) -> None:
    said = events(first)
    assert said["demo_summary"]["wrong"] == []
    assert said["demo_summary"]["defects"] == 0
    assert said["run_summary"]["by_status"]["captured"] >= 20
    assert first.returncode == 0, first.stderr


def test_a_second_run_visits_nothing_and_is_shown_to_people(first, place: Path) -> None:
    again = archiver(place, "demo")
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stderr == ""
    assert "0 posts visited in this run" in again.stdout
    assert again.stdout.count("all whole") == 1
    assert "WRONG" not in again.stdout
    assert max(map(len, again.stdout.splitlines())) <= 80


def test_the_archive_can_be_read(first, place: Path) -> None:
    demo = ["--archive", "archives/demo"]
    rows = [json.loads(x) for x in archiver(place, *demo, "list", "--json").stdout.splitlines()]
    captured = [row for row in rows if row["status"] == "captured" and row["articles"]]
    assert captured
    shown = archiver(place, *demo, "show", captured[0]["url"])
    assert shown.stdout.startswith(f"{captured[0]['target']}: captured")
    verified = archiver(place, *demo, "verify")
    assert verified.returncode == 0
    assert verified.stdout.rstrip().endswith("all whole")
