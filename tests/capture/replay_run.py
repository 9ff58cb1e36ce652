"""The torture site under real names, captured by the command line and exported, to be replayed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import loopback
from front import Front
from replaying import Kept, captures_of
from torture import Torture

NAMES = [*(f"{letter}.example" for letter in "abcdef"), "www.a.example"]


def archiver(*arguments: object) -> None:
    """The command line; exit code 1 says that some pages failed, as those of a broken server do."""
    said = subprocess.run(
        [sys.executable, "-m", "archiver", *map(str, arguments)],
        capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL,
        env={**os.environ, "ARCHIVER_ALLOW_NO_SANDBOX": "1"},
    )  # fmt: skip
    assert said.returncode in {0, 1}, said.stderr


@dataclass(frozen=True)
class Web:
    """The site as it is reached, and the folder of its archive."""

    folder: Path
    site: Torture
    way: tuple[object, ...]

    def capture(self, *paths: str, force: bool = False) -> None:
        """One run over these pages."""
        urls = [self.site.url(path) for path in paths]
        again = ["--force"] if force else []
        archiver("--archive", self.folder / "archive", *self.way, "capture", *again, *urls)

    def exported(self) -> Path:
        """All runs as one WACZ file."""
        wacz = self.folder / "run.wacz"
        asked = [part for run in runs_in(self.folder) for part in ("--run", run.name)]
        archiver("--archive", self.folder / "archive", "export", "--wacz", wacz, *asked)
        return wacz


@contextmanager
def shown(folder: Path, protocol: str) -> Iterator[Web]:
    """The torture site by https, under the names that the tests give it."""
    authority = loopback.Authority(folder)

    def place(host: str, port: int) -> loopback.Place:
        if host not in NAMES:
            raise OSError(f"nobody is called {host}")
        return "127.0.0.1", front

    with Torture() as site, Front(site, authority.context(*NAMES), protocol):
        front = site.shown[1]
        site.domain, site.shown = "example", ("https", 443)
        with loopback.Proxy(place) as proxy:
            yield Web(folder, site, ("--proxy", proxy.url, "--ca-file", authority.ca_file))


def runs_in(folder: Path) -> list[Path]:
    """The runs of the archive, the first first."""
    return sorted(folder.glob("archive/runs/*/*/*/*"))


def captures_in(folder: Path) -> list[Kept]:
    """The captures of all runs."""
    return [one for run in runs_in(folder) for one in captures_of(run)]
