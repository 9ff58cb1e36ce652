"""`archiver view`: what it serves, and what it says where there is nothing to serve or no viewer."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

MANIFEST = {
    "capture_id": "x-1", "target": "x:1", "started_at": "2026-11-22T04:06:11.123Z",
    "outcome": {"status": "gone", "reason": "<b>the post</b> is gone"}, "records": [],
}  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A finished run in an archive, with one capture."""
    folder = tmp_path / "archive" / "runs" / "2026" / "11" / "22" / "20261122T040611Z-beef"
    (folder / "manifests").mkdir(parents=True)
    (folder / "manifests" / "x-1.json").write_text(json.dumps(MANIFEST))
    (folder / "datapackage-digest.json").write_text("{}")
    return folder


@pytest.fixture
def viewer(tmp_path: Path) -> Path:
    """A folder that has the two files of ReplayWeb.page."""
    folder = tmp_path / "viewer"
    folder.mkdir()
    for name in ("ui.js", "sw.js"):
        (folder / name).write_text(f"// {name}")
    return folder


def view(*arguments: object, path: str = os.environ["PATH"]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "archiver", *map(str, arguments)]
    environment = {**os.environ, "PATH": path, "XDG_DATA_HOME": "/nonexistent"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


@pytest.mark.parametrize("named", ["archive", "run", "settings"])
def test_a_list_is_served_until_interrupted(run: Path, viewer: Path, named: str) -> None:
    archive = run.parents[4]
    place = {"archive": [archive], "run": [run], "settings": []}[named]
    process = view("--archive", archive, "view", *place, "--viewer", viewer)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    page = httpx.get(address)
    assert "&lt;b&gt;the post&lt;/b&gt; is gone" in page.text
    assert "no page was received" in page.text
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert said == f"Replay by ReplayWeb.page ({viewer}). Ctrl-C ends it.\n"


def refused(*arguments: object, **options: str) -> tuple[int, str]:
    process = view(*arguments, **options)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def test_what_is_no_archive(tmp_path: Path, viewer: Path) -> None:
    code, said = refused("view", tmp_path, "--viewer", viewer)
    assert code == 2 and "is no archive, no run and no WACZ file" in said
    (tmp_path / "file.wacz").write_text("no zip")
    code, said = refused("view", tmp_path / "file.wacz", "--viewer", viewer)
    assert code == 5 and "is no WACZ file" in said


def test_a_viewer_that_is_none(run: Path, tmp_path: Path) -> None:
    code, said = refused("view", run, "--viewer", tmp_path)
    assert code == 2 and "neither a folder with ui.js and sw.js nor pywb's" in said
    assert "npm install -g replaywebpage" in said and "pip install pywb" in said


def test_pywb_that_does_not_start(run: Path, tmp_path: Path) -> None:
    program = tmp_path / "wayback"
    program.write_text("#!/bin/sh\necho broken pywb >&2\nexit 3\n")
    program.chmod(0o755)
    code, said = refused("view", run, "--viewer", program)
    assert code == 1 and "pywb did not start: broken pywb" in said


def test_a_port_that_is_taken(run: Path, viewer: Path) -> None:
    first = view("view", run, "--viewer", viewer)
    assert first.stdout is not None
    port = first.stdout.readline().strip().rstrip("/").rpartition(":")[2]
    code, said = refused("view", run, "--viewer", viewer, "--port", port)
    first.terminate()
    first.communicate(timeout=20)
    assert code == 1 and f"cannot serve on port {port}" in said
