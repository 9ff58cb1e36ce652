"""Which viewer there is: ReplayWeb.page (two files of an npm package), or pywb (a program)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from platformdirs import user_data_path

from archiver.errors import UsageError

FILES = ("ui.js", "sw.js")
PROGRAM = "wayback"
HOW = (
    "`npm install -g replaywebpage`, or pywb in an environment of its own "
    "(`python3 -m venv V && V/bin/pip install pywb`, then --viewer V/bin/wayback)"
)


class ReplayWebPage(Struct, frozen=True):
    """The folder with ReplayWeb.page's `ui.js` and `sw.js`."""

    folder: Path


class Pywb(Struct, frozen=True):
    """The program `wayback` of pywb."""

    program: Path


Viewer = ReplayWebPage | Pywb


def find_viewer(named: Path | None = None) -> Viewer:
    """The viewer at the place that was named, else the first one found.

    Raises UsageError that says how to get one.
    """
    if named is not None:
        found = _at(named)
        if found is None:
            what = f"neither a folder with {' and '.join(FILES)} nor pywb's program {PROGRAM}"
            raise UsageError(f"{named} is {what}", hint=HOW)
        return found
    for place in _places():
        found = _at(place)
        if found is not None:
            return found
    raise UsageError("there is no viewer here", hint=HOW)


def _at(place: Path) -> Viewer | None:
    for folder in (place, place / "package", place / "node_modules" / "replaywebpage"):
        if all((folder / name).is_file() for name in FILES):
            return ReplayWebPage(folder)
    if place.name.startswith(PROGRAM) and os.access(place, os.X_OK) and place.is_file():
        return Pywb(place)
    return None


def _places() -> Iterator[Path]:
    """Where a viewer usually lies; ReplayWeb.page first, since it reads packages as they are."""
    yield Path("node_modules/replaywebpage")
    yield user_data_path("archiver") / "replaywebpage"
    if npm := shutil.which("npm"):
        yield from _npm_root(npm)
    yield Path("/usr/local/lib/node_modules/replaywebpage")
    yield Path("/usr/lib/node_modules/replaywebpage")
    yield Path(sys.executable).with_name(PROGRAM)
    if wayback := shutil.which(PROGRAM):
        yield Path(wayback)


def _npm_root(npm: str) -> Iterator[Path]:
    """The folder in which npm keeps what is installed for all."""
    try:
        said = subprocess.run(
            [npm, "root", "-g"], capture_output=True, text=True, timeout=15, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return
    yield Path(said.stdout.strip()) / "replaywebpage"
