"""Every module imports, on this interpreter and on the oldest and newest supported ones found here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OLDEST, NEWEST = "3.11", "3.13"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "archiver").rglob("*.py")
)
IMPORT_ALL = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"


def imports(python: Path | str) -> subprocess.CompletedProcess[str]:
    """Import everything with warnings as errors, except those of snscrape's own code."""
    ours = ["-W", "error", "-W", "ignore::DeprecationWarning", "-W", "ignore::SyntaxWarning"]
    command = [str(python), *ours, "-c", IMPORT_ALL, *MODULES]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT)


def interpreter(version: str) -> Path | None:
    """A Python of that version that runs; a version manager's shim may be there and not run."""
    manager = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [shutil.which(f"python{version}"), *sorted(manager.glob(f"{version}.*/bin/python3"))]
    for path in filter(None, found):
        ask = [str(path), "-c", "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"]
        said = subprocess.run(ask, capture_output=True, text=True)
        if said.stdout.strip() == version:
            return Path(path)
    return None


def installed(version: str) -> Path:
    """The interpreter of a virtual environment of that version with archiver in it, kept for next time."""
    folder = ROOT / f".venv-{version}"
    python = folder / "bin" / "python"
    base = interpreter(version)
    if base is None:
        pytest.skip(f"no Python {version} on this machine")
    wanted = (ROOT / "setup.cfg").read_text()
    stamp = folder / "setup.cfg"
    if not stamp.is_file() or stamp.read_text() != wanted:
        subprocess.run([base, "-m", "venv", "--clear", folder], check=True, capture_output=True)
        install = [python, "-m", "pip", "install", "-q", "-e", ROOT]
        done = subprocess.run(install, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"pip cannot install for Python {version} here: {done.stderr[-200:]}")
        stamp.write_text(wanted)
    return python


def test_every_module_imports_here() -> None:
    done = imports(sys.executable)
    assert done.returncode == 0, done.stderr
    assert len(MODULES) > 50


@pytest.mark.parametrize("version", [v for v in (OLDEST, NEWEST) if v != HERE])
def test_every_module_imports_on_the_other_end_of_the_range(version: str) -> None:
    done = imports(installed(version))
    assert done.returncode == 0, done.stderr
