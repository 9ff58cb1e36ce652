"""pywb behind its guard: other hosts' names, and which answers of other addresses it may give."""

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
