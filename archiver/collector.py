"""Who and what collects: the operator as configured, the machine, its clock, and the program's own files."""

import ctypes
import hashlib
import os
import platform
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

import archiver
from archiver import __version__
from archiver.config import Settings
from archiver.domain.digest import Digest
from archiver.domain.manifest import ClockState, Collector, Software

TIME_ERROR = 5
"""What adjtimex(2) returns while nothing keeps the clock right."""
TIMEX = 256
"""Bytes that hold a `struct timex` on every Linux."""
DESCRIBE = (
    "git", "--no-optional-locks", "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*",
)  # fmt: skip
"""Gives the whole id of the commit; tags are left out of account, and nothing is written."""
PATIENCE = 10.0
"""Seconds that git gets."""


def software() -> Software:
    """The programs of this process."""
    return Software(
        archiver=__version__,
        package=own_digest(),
        revision=revision(Path(archiver.__file__).parent),
        python=platform.python_version(),
        playwright=version("playwright"),
        warcio=version("warcio"),
        system=platform.platform(),
    )


def collector(settings: Settings) -> Collector:
    """Who collects on which machine. The machine is named by a digest of its id: the same one is known
    again, and nothing is told of it."""
    return Collector(operator=settings.operator, host=_host(), clock=clock_state())


@cache
def own_digest() -> Digest:
    """SHA-256 over the program's own files: of each, sorted, its path, a line feed, and its SHA-256 in
    hexadecimal with a line feed."""
    root = Path(archiver.__file__).parent
    whole = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(root).as_posix()}\n{digest}\n".encode())
    return Digest("sha256", whole.hexdigest())


@cache
def revision(package: Path) -> str | None:
    """The commit that a checkout is at whose top holds the folder, with `-dirty` where files differ from it;
    None where there is no checkout, or no git. The surroundings may not name another repository."""
    if not (package.parent / ".git").exists():
        return None
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        told = subprocess.run(
            DESCRIBE, cwd=package.parent, env=plain, capture_output=True, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told.stdout.decode("ascii", "replace").strip() or None


def clock_state() -> ClockState:
    """Whether the kernel says that something keeps the clock right."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX))
    except (OSError, AttributeError):
        return "unknown"
    if state < 0:
        return "unknown"
    return "not synchronised" if state == TIME_ERROR else "synchronised"


@cache
def _host() -> str:
    """A digest of the machine's id, or of its name where it has none."""
    try:
        known = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        known = ""
    return hashlib.sha256(f"archiver {known or platform.node()}".encode()).hexdigest()[:16]
