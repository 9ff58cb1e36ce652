"""Settings that hold secrets: what is one, and how command line and environment are rid of them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.config import Settings
from archiver.config.private import forget, secrets_in, secrets_of, without_arguments
from archiver.domain.capture import Status
from archiver.domain.secret import Hider
from archiver.journal import Discreet, Journal
from archiver.report import PostRow
from archiver.storage.layout import LogFolder

PROXY = "http://ada:p%40ss-word@127.0.0.1:3128"


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        (PROXY, ["ada:p@ss-word", "p@ss-word", "p%40ss-word"]),
        ("http://127.0.0.1:3128", []),
        ("https://hc.example/ping/1b2c3d4e-f5a6", ["1b2c3d4e-f5a6"]),
        ("https://tsa.example/tsr?key=longenough&a=1", ["longenough"]),
        ("https://tsa.example/timestamp", []),
    ],
)
def test_secrets_of_an_address(url: str, secrets: list[str]) -> None:
    assert list(secrets_in(url)) == secrets


def test_secrets_of_all_settings() -> None:
    settings = Settings(
        proxy=PROXY, healthcheck="https://hc.example/1b2c3d4e", tsa=("https://t.example/",)
    )
    assert secrets_of(settings) == ("ada:p@ss-word", "p@ss-word", "p%40ss-word", "1b2c3d4e")


@pytest.mark.parametrize(
    ("line", "rest", "moved"),
    [
        (["--proxy", PROXY, "run", "a"], ["run", "a"], {"ARCHIVER_PROXY": PROXY}),
        (["run", f"--proxy={PROXY}", "a"], ["run", "a"], {"ARCHIVER_PROXY": PROXY}),
        (
            ["run", "--tsa", "https://u:pass@a.example/", "--tsa", "https://b.example/"],
            ["run"],
            {"ARCHIVER_TSA": "https://u:pass@a.example/ https://b.example/"},
        ),
        (["run", "--proxy", "http://127.0.0.1:1"], None, {}),
        (["run", "--proxy"], None, {}),
        (["run", "--proxy", "127.0.0.1:9"], None, {}),
        (["run", "--proxy", "127.0.0.1:9", "--proxy", PROXY], ["run"], {"ARCHIVER_PROXY": PROXY}),
        (["run", "--", "--proxy", PROXY], None, {}),
    ],
)
def test_a_command_line_without_secrets(
    line: list[str], rest: list[str] | None, moved: dict[str, str]
) -> None:
    found = without_arguments(["python", *line], {"A": "1"})
    assert found == (None if rest is None else (["python", *rest], {"A": "1", **moved}))


def test_child_processes_are_told_nothing() -> None:
    environment = {"ARCHIVER_PROXY": PROXY, "ARCHIVER_TSA": "x", "PATH": "/bin"}
    forget(environment)
    assert environment == {"PATH": "/bin"}


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Path]:
    """A seed that is a pipe into which nobody writes: a run waits for it."""
    seed = tmp_path / "seed.txt"
    os.mkfifo(seed)
    yield seed


def test_the_process_list_shows_no_password(waiting: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "archiver", "--archive", str(tmp_path / "a")]
    command += ["--proxy", PROXY, "run", str(waiting)]
    running = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)
    try:
        end = time.monotonic() + 30
        while (tmp_path / "a" / "lock").exists() is False and time.monotonic() < end:
            time.sleep(0.05)
        shown = Path(f"/proc/{running.pid}/cmdline").read_bytes()
        assert b"archiver" in shown and b"run" in shown
        assert b"p%40ss-word" not in shown
    finally:
        running.kill()
        running.communicate()


def test_what_is_told_has_no_secrets() -> None:
    lines: list[str] = []
    watch = Discreet(Journal(lines.append), Hider(["1b2c3d4e"]))
    row = PostRow(
        target="web:https://a.example/?jwt=s3cret", platform="web", status=Status.FAILED,
        reason="https://u:s3cret@a.example/ said 1b2c3d4e", articles=("https://a.example/?pwd=s3cret",),
    )  # fmt: skip
    url = "https://a.example/?access_token=s3cret"
    watch.run_started("r", datetime(2026, 1, 1, tzinfo=UTC))
    watch.document_read(url, 1)
    watch.posts_known(1, 2)
    watch.post_started(url, url)
    watch.post_started("x:1", None)
    watch.attempted(url, "page", Status.FAILED, url)
    watch.post_finished(row)
    watch.note(url)
    watch.warning(f"{url} 1b2c3d4e")
    assert len(lines) == 9
    assert not any("s3cret" in line or "1b2c3d4e" in line for line in lines), lines


def test_the_name_of_a_token_shows_the_host_only(tmp_path: Path) -> None:
    log = LogFolder(tmp_path)
    name = log.stamp(7, "https://ada:s3cret@tsa.example:8443/k-1b2c3d4e?key=s3cret").name
    assert name.startswith("000000000007-tsa-example-") and "s3cret" not in name
    assert name != log.stamp(7, "https://tsa.example/").name
