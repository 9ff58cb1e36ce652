"""Calling the command line: in this process, and as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from msgspec import Struct

from archiver.cli.main import State, attempt


class Said(Struct):
    """What a call printed, and its exit code."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, no settings file, no `ARCHIVER_…` variables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    for name in [name for name in os.environ if name.startswith("ARCHIVER_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """`call("list", "--json")` in this process."""

    def calling(*arguments: str) -> Said:
        capsys.readouterr()
        code = attempt(arguments, State())
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return calling


@pytest.fixture
def process(tmp_path: Path) -> Call:
    """`process(["list"], env={...})` as cron would start it: nothing in the environment, no stdin."""

    def starting(
        arguments: Sequence[str], *, env: dict[str, str] | None = None, stdin: bytes | None = b""
    ) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "archiver", *arguments],
            env={"PATH": "/usr/bin:/bin", "LANG": "C", **(env or {})},
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            timeout=120,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    return starting
