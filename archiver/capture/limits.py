"""The limits of one visit: every wait, every body, every picture has one."""

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct


class CaptureLimits(Struct, frozen=True, kw_only=True):
    """How much one post may cost.

    `seconds` is the wall clock of the whole post, after which its browser context is closed and
    what was received until then is kept. `navigation`, `drawn`, `quiet` and `body_seconds` are
    seconds too: for the first answer of a view, for the post to show, for the network to come to
    rest after that, and for one body to end. `bytes` and `exchanges` bound the whole capture,
    `body_bytes` one body; `spool_from` is the size in bytes from which a body goes to a file,
    `flow_from` the one from which it is kept as it passes to the page instead of being waited for.
    `height` is the greatest height of a full-page picture in CSS pixels (Chromium draws nothing
    beyond 16,384), `tiles` how many such pictures a taller page gets, `popups` the number of
    windows a page may open, `scrolls` how often the page is scrolled on.
    """

    seconds: float = 90.0
    navigation: float = 30.0
    drawn: float = 12.0
    quiet: float = 8.0
    body_seconds: float = 30.0
    bytes: int = 512 << 20
    body_bytes: int = 128 << 20
    exchanges: int = 5000
    spool_from: int = 1 << 20
    flow_from: int = 8 << 20
    height: int = 12000
    tiles: int = 4
    popups: int = 3
    scrolls: int = 12


MEMORY_OF_VISIT = 768 << 20
"""Bytes that one visit may need at its peak: measured 600 MB with a body of 60 MB."""
MOST_AT_ONCE = 8
MEMORY = ("memory.max", "memory.high", "memory.limit_in_bytes")
CPU = ("cpu.cfs_quota_us", "cpu.cfs_period_us")
"""What a control group may take, in version 2 and in version 1 of their files."""


def at_once(cores: int, memory: int) -> int:
    """How many visits fit a machine: one a core, as far as the memory (bytes) goes; at least one."""
    return max(1, min(cores, memory // MEMORY_OF_VISIT, MOST_AT_ONCE))


def at_once_here() -> int:
    """How many visits fit this machine, or the control groups that bound this process."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    cores = len(os.sched_getaffinity(0))
    groups = tuple(control_groups(_text(Path("/proc/self/cgroup")), Path("/sys/fs/cgroup")))
    bounds = [memory_bound(group) for group in groups]
    shares = [cores_bound(group) for group in groups]
    return at_once(min([cores, *filter(None, shares)]), min([memory, *filter(None, bounds)]))


def control_groups(told: str, root: Path) -> Iterator[Path]:
    """The folders of the control groups that a process is in, with those above them, each of which may bound
    it; `told` is its `/proc/PID/cgroup` (version 2 has one line, version 1 one for each controller)."""
    for line in told.splitlines():
        _, controllers, path = (line.split(":", 2) + ["", ""])[:3]
        if controllers in {"", "memory", "cpu", "cpu,cpuacct"}:
            top = root / controllers
            inner = top / path.lstrip("/")
            yield from (place for place in (inner, *inner.parents) if place.is_relative_to(top))


def memory_bound(group: Path) -> int:
    """The bytes of memory that a control group may take; 0 where it sets no bound."""
    return next((int(said) for name in MEMORY if (said := _text(group / name)).isdigit()), 0)


def cores_bound(group: Path) -> int:
    """The cores' worth of time that a control group may take, at least one; 0 where it sets no bound."""
    said = (_text(group / "cpu.max") or " ".join(_text(group / name) for name in CPU)).split()
    if len(said) != 2 or not all(part.isdigit() and int(part) for part in said):
        return 0
    return max(1, int(said[0]) // int(said[1]))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
