"""A run as cron starts it: the printed line, an empty environment, no terminal, no home."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from whole import archiver

from archiver.demoweb.serve import DemoWeb

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoWeb]:
    with DemoWeb(tmp_path_factory.mktemp("web")) as web:
        yield web


def settings(web: DemoWeb, folder: Path, *seeds: object) -> None:
    (folder / "archiver.toml").write_text(
        f'archive = "a"\nproxy = "{web.proxy_url}"\nca_file = "{web.ca_file}"\n'
        f'seeds = {[str(seed) for seed in seeds]}\nallow_no_sandbox = true\nlog_file = "all.jsonl"\n'
    )


def cron(folder: Path) -> subprocess.CompletedProcess[bytes]:
    """What `archiver cron` prints, run by /bin/sh with nothing in the environment."""
    printed = subprocess.run(
        [sys.executable, "-m", "archiver", "--archive", folder / "a", "cron"],
        cwd=folder, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    command = printed.strip().splitlines()[-1].split(None, 5)[5].replace("\\%", "%")
    return subprocess.run(
        ["/usr/bin/env", "-i", "/bin/sh", "-c", command],
        cwd="/", capture_output=True, stdin=subprocess.DEVNULL, timeout=300, preexec_fn=os.setsid,
    )  # fmt: skip


def test_silent_when_well_and_one_line_when_not(web: DemoWeb, tmp_path: Path) -> None:
    text = next(seed for seed in web.articles if seed.endswith("2022.txt"))
    (tmp_path / "seeds.txt").write_text(f"{text}\n")
    settings(web, tmp_path, "seeds.txt")
    done = cron(tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    listed = archiver("--archive", tmp_path / "a", "list", "--json").stdout
    assert '"captured"' in listed
    log = tmp_path / "all.jsonl"
    log.rename(tmp_path / "all.jsonl.1")  # as logrotate does, while nothing is told to reopen it
    again = cron(tmp_path)
    assert (again.returncode, again.stdout, again.stderr) == (0, b"", b"")
    assert log.exists() and '"run_started"' in log.read_text()
    (tmp_path / "seeds.txt").write_text(f"{text}\n/nowhere/at/all.html\n")
    troubled = cron(tmp_path)
    assert troubled.returncode == 1 and troubled.stdout == b""
    first, *rest = troubled.stderr.decode().splitlines()
    assert "/nowhere/at/all.html" in first and "Traceback" not in troubled.stderr.decode()
    assert len(rest) <= 1, "the trouble, and the count"
