"""One run of `archiver demo`, made once and looked at by many tests."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from whole import ROOT, Demo, archiver

from archiver.demoweb.serve import DemoWeb


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """`archiver demo` into an empty archive."""
    archive = tmp_path_factory.mktemp("demo") / "archive"
    said = archiver("--archive", archive, "demo")
    return Demo(archive, said, DemoWeb(tmp_path_factory.mktemp("truth")))


@pytest.fixture(scope="session")
def judges() -> Path:
    """The `bin` folder of a venv with pywb: it cannot share ours (its brotlipy replaces brotli)."""
    venv = ROOT / ".venv-judges"
    if not (venv / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        made = subprocess.run(
            [venv / "bin" / "pip", "install", "-q", "pywb"], capture_output=True, text=True
        )
        if made.returncode:
            pytest.skip(f"pywb cannot be installed here: {made.stderr.strip()[-300:]}")
        (venv / "done").touch()
    return venv / "bin"


@pytest.fixture(scope="session")
def replaywebpage() -> Path:
    """The folder with ReplayWeb.page's two files, out of its npm package; they need no other one."""
    folder = ROOT / ".replaywebpage"
    if not (folder / "package" / "sw.js").exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("ReplayWeb.page comes by npm, which is not here")
        folder.mkdir(exist_ok=True)
        got = subprocess.run(
            [npm, "pack", "--silent", "replaywebpage@2.5.3"],
            cwd=folder, capture_output=True, text=True,
        )  # fmt: skip
        if got.returncode:
            pytest.skip(f"ReplayWeb.page cannot be fetched here: {got.stderr.strip()[-300:]}")
        with tarfile.open(folder / got.stdout.split()[-1]) as package:
            for name in ("sw.js", "ui.js"):  # `extractall` has its filter from Python 3.11.4 only
                held = package.extractfile(f"package/{name}")
                assert held is not None
                (folder / "package").mkdir(exist_ok=True)
                (folder / "package" / name).write_bytes(held.read())
    return folder / "package"
