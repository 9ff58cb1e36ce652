"""pywb behind its guard: other hosts' names, and which answers of other addresses it may give."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from archiver.viewer.desk import Desk
from archiver.viewer.packages import Folder
from archiver.viewer.pywb import replayed_by_pywb
from archiver.viewer.serve import served


@pytest.fixture
def replay(tmp_path: Path, judges: Path) -> Iterator[httpx.Client]:
    run = tmp_path / "run"
    run.mkdir()
    with (
        served(Desk("T", [], [], "said")) as desk,
        replayed_by_pywb(judges / "wayback", [Folder(run)], desk) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


def test_pywb_answers_to_its_own_name_only(replay: httpx.Client) -> None:
    """A page of the web whose name leads to this machine (DNS rebinding) reads nothing of the archive."""
    port = replay.base_url.port
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port}0"):
        assert replay.get("/", headers={"Host": host}).status_code == 421
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        assert replay.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_of_a_package_that_was_looked_at(
    tmp_path: Path, judges: Path, ended_by: signal.Signals
) -> None:
    """Neither what was unpacked for pywb, nor pywb, also when the terminal is closed."""
    for name in ("run/manifests", "run/pages", "aside"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "run/pages/pages.jsonl").write_text("{}\n")
    command = [sys.executable, "-m", "archiver", "view", tmp_path / "run"]
    process = subprocess.Popen(
        [*command, "--viewer", judges / "wayback"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "aside")},
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline()
    assert len(list((tmp_path / "aside").iterdir())) == 1
    os.killpg(process.pid, ended_by)
    process.communicate(timeout=60)
    assert process.returncode == 0 and not list((tmp_path / "aside").iterdir())
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
