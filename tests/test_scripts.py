"""The scripts: plain POSIX shell, short, callable from anywhere."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = [*sorted((ROOT / "scripts").iterdir()), ROOT / ".ci" / "run"]
SHELLS = [shell for shell in ("sh", "dash", "bash") if shutil.which(shell)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_short_posix_shell(path: Path) -> None:
    lines = path.read_text(encoding="ascii").splitlines()
    assert lines[0] == "#!/bin/sh"
    assert os.access(path, os.X_OK)
    assert len(lines) <= (130 if path.name == "setup" else 10)
    for shell in SHELLS:
        done = subprocess.run([shell, "-n", path], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def setup_with(path: Path, tools: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of scripts/setup with nothing but `tools` on PATH and no other interpreter in reach."""
    root = path / "a place"
    (root / "scripts").mkdir(parents=True)
    text = (ROOT / "scripts" / "setup").read_text()
    text = re.sub(r"/usr/(local/)?bin/python3\S*", "", text)
    (root / "scripts" / "setup").write_text(text)
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    return subprocess.run(
        ["/bin/sh", root / "scripts" / "setup"], env={"PATH": str(tools), **env}, cwd="/",
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with the few programs that setup needs, and a `python3.13` that does not run."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("dirname", "cat", "cksum", "id", "rm", "find", "head", "uname"):
        (folder / name).symlink_to(str(shutil.which(name)))
    shim = folder / "python3.13"
    shim.write_text("#!/bin/sh\necho 'version 3.13 is not installed' >&2\nexit 127\n")
    shim.chmod(0o755)
    return folder


def test_without_a_python_setup_says_what_is_needed(tmp_path: Path, tools: Path) -> None:
    done = setup_with(tmp_path, tools)
    assert done.returncode == 1
    assert done.stderr.startswith("setup: error: Python 3.11, 3.12 or 3.13 is needed")


def test_a_python_that_is_too_old_is_passed_over(tmp_path: Path, tools: Path) -> None:
    old = tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = setup_with(tmp_path, tools, PYTHON=str(old))
    assert done.returncode == 1
    assert f"warning: PYTHON={old} does not run, or is not" in done.stderr
