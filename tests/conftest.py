"""Real servers on 127.0.0.1 for every test that needs the other side; readers of what was kept."""

import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from loopback import Authority, Proxy, Web
from playwright.sync_api import Browser, sync_playwright
from replaying import CUT_OFF

from archiver.capture.chromium import find_chromium
from archiver.errors import BrowserUnavailable

ROOT = Path(__file__).resolve().parents[1]

# On a busy machine examples are slow to make and to run, which is no fault of what is tested.
settings.register_profile(
    "unhurried", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Whatever a test opens on the way is closed at its end, the last first."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def web(stack: ExitStack) -> Web:
    """A plain HTTP server."""
    return stack.enter_context(Web())


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority of the tests' own."""
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def proxied(stack: ExitStack, authority: Authority) -> Callable[..., tuple[Web, Proxy, Path]]:
    """A TLS server that stands for all the named hosts behind an HTTP proxy: (server, proxy, CA)."""

    def build(*hosts: str) -> tuple[Web, Proxy, Path]:
        server = stack.enter_context(Web(authority.context(*hosts)))
        proxy = stack.enter_context(Proxy(lambda host, port: server.address))
        return server, proxy, authority.ca_file

    return build


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


@pytest.fixture(scope="module")
def cut_off() -> Iterator[Browser]:
    """A browser that knows no other machine."""
    try:
        found = find_chromium()
    except BrowserUnavailable as error:
        pytest.skip(error.message)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=found.path, args=["--no-sandbox", CUT_OFF]
        )
        yield opened
        opened.close()
