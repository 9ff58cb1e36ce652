"""A browser that is stopped, a page that eats memory, and many posts one after the other."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import SETTINGS, visit_page
from torture import Torture

from archiver.capture.browser import Browser, BrowserSettings, open_browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.memory import memory
from archiver.domain.capture import Capture, Status

pytestmark = pytest.mark.browser

QUICK = CaptureLimits(seconds=12, navigation=4, drawn=1, quiet=2, body_seconds=3)
PAGES = {
    "/small": "<title>small</title><p>words</p><img src='/picture.bmp'><script src='/a.js'></script>",
    "/waiting": "<title>waiting</title><p>words</p><img src='/picture.bmp'><img src='/slow'>",
    "/hog": """<title>hog</title><p>words</p><img src='/slow'><img src='/slow?2'><script>
const held = []; setInterval(() => { const b = new Uint8Array(64 << 20); b.fill(7); held.push(b) }, 20)</script>""",
    "/hog-worker": """<title>hog</title><p>words</p><img src='/slow'><img src='/slow?2'><script>
new Worker(URL.createObjectURL(new Blob([
'const held = []; for (;;) { const b = new Uint8Array(64 << 20); b.fill(7); held.push(b) }'])))</script>""",
}


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture(PAGES) as site:
        yield site


def family(browser: Browser) -> list[int]:
    """The processes of the browser."""
    group = os.getpgid(browser.recorder.pid)
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_a_stopped_browser_costs_one_post_only(run, site, tmp_path: Path) -> None:
    """It neither answers nor ends: the post is over in its time, and the next has a fresh browser."""

    async def story() -> tuple[Capture, float, Capture, int]:
        async with open_browser(SETTINGS, None) as browser:
            old = browser.recorder.pid
            started = time.monotonic()
            visiting = asyncio.create_task(
                visit_page(browser, site.url("/waiting"), tmp_path, limits=QUICK)
            )
            while not site.hits_of("/slow"):
                await asyncio.sleep(0.05)
            os.killpg(os.getpgid(old), signal.SIGSTOP)
            first = await visiting
            took = time.monotonic() - started
            second = await visit_page(browser, site.url("/small"), tmp_path, limits=QUICK)
            return first, took, second, old

    first, took, second, old = run(story())
    assert took < QUICK.seconds + 20
    assert first.outcome.status in {Status.PARTIAL, Status.FAILED}
    assert "seconds" in first.limits_hit
    assert site.url("/waiting") in {e.url for e in first.exchanges}
    assert second.outcome.status is Status.CAPTURED
    assert not Path(f"/proc/{old}").exists()


@pytest.mark.parametrize("path", ["/hog", "/hog-worker"])
def test_a_page_that_eats_memory_is_ended_and_says_so(run, site, tmp_path: Path, path) -> None:
    settings = BrowserSettings(allow_no_sandbox=True, page_memory=256 << 20)

    async def story() -> tuple[Capture, Capture, int]:
        async with open_browser(settings, None) as browser:
            first = await visit_page(browser, site.url(path), tmp_path, limits=QUICK)
            second = await visit_page(browser, site.url("/small"), tmp_path, limits=QUICK)
            return first, second, browser.starts

    first, second, starts = run(story())
    assert first.outcome.status in {Status.PARTIAL, Status.FAILED}
    assert first.limits_hit == ("memory",)
    assert "a process of the browser that took too much memory was ended" in first.notes
    assert site.url(path) in {e.url for e in first.exchanges}
    assert (second.outcome.status, second.limits_hit, starts) == (Status.CAPTURED, (), 1)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


async def many(site: Torture, count: int, folder: Path) -> list[tuple[int, int, int]]:
    """Visit so many posts, two at a time; descriptors, our memory, the browser's processes after each ten."""
    seen = []
    limits = CaptureLimits(seconds=30, drawn=0.1, quiet=0.5)
    async with open_browser(SETTINGS, None) as browser:
        for ten in range(count // 10):
            for pair in range(5):
                visits = (
                    visit_page(browser, site.url(f"/small?{ten}-{pair}-{n}"), folder, limits=limits)
                    for n in range(2)
                )
                for capture in await asyncio.gather(*visits):
                    assert capture.outcome.status is Status.CAPTURED, capture.outcome
            site.hits.clear()
            seen.append((descriptors(), memory(os.getpid()), len(family(browser))))
        processes = family(browser)
    assert [pid for pid in processes if alive(pid)] == []
    return seen


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def flat(seen: list[tuple[int, int, int]], growth: int) -> None:
    """From the second ten on nothing may grow but our memory, by less than `growth` bytes."""
    files, ours, processes = zip(*seen[1:], strict=True)
    assert max(files) - files[0] <= 4
    assert max(processes) - processes[0] <= 3
    assert ours[-1] - ours[0] < growth


def test_forty_posts_leave_nothing_behind(run, site, tmp_path: Path) -> None:
    flat(run(many(site, 40, tmp_path)), 12 << 20)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.soak
def test_five_hundred_posts_leave_nothing_behind(run, site, tmp_path: Path) -> None:
    flat(run(many(site, 500, tmp_path)), 24 << 20)
    assert list(tmp_path.iterdir()) == []
