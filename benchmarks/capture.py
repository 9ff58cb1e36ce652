"""What a capture costs over a bare Playwright that keeps nothing, on the same pages.

    python benchmarks/capture.py [--pairs 5] [--pages 12] [--concurrency 2 4] [--only cpu|memory]

Four sides take turns, each in a process of its own, on the posts of `capture_site.py`:
- bare: Playwright, a fresh context a page, `goto`, wait until the page says it is ready (loaded, its JSON
  shown, its video able to play through), one PNG of the viewport written to a file. Same viewport.
- same: the same, but with the pictures that a capture takes (viewport as PNG; as JPEG the post's element at
  double size and a thumbnail of it), asked for with the same DevTools commands through Playwright, which has
  Chromium draw the page once more for each.
- full: bare with the full Chromium instead of the headless shell.
- archiver: `visit` through the egress guard (recording, behaviours, DOM, text, the pictures of a capture:
  viewport, thumbnail, the post's element at double size, the full page) and the commit of the capture:
  WARC written, synced, read back and checked, manifest, ledger row.
CPU is that of the process and all its descendants, after one page to warm up, divided by the pages; the
site's own is not in it. Each figure is the median of the pairs' ratios. Every capture must hold all nine
resources of its post and its pictures, else the run fails. Exit status 1 when a figure misses its bar.
"""

import argparse
import asyncio
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import playwright.async_api as pw
from capture_site import RESOURCES, Site

from archiver.capture.browser import BrowserSettings, open_browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.snapshot import QUALITY
from archiver.capture.thumbnail import thumbnail
from archiver.capture.visit import visit
from archiver.clock import RandomIds, SystemClock
from archiver.commit import Commit
from archiver.domain.capture import Capture
from archiver.domain.post import Post, PostRef, View
from archiver.net.addresses import AddressPolicy
from archiver.net.guard import EgressGuard
from archiver.storage.layout import Archive, new_run_id
from archiver.storage.ledger import Ledger
from archiver.visits import settled

VIEWPORT = {"width": 1280, "height": 1600}
HOST = "www.harbour-post.net"
RESOLVER = f"--host-resolver-rules=MAP {HOST} 127.0.0.1"
PICTURES = {"view", "post", "thumbnail"}
BARS = {"cpu": 1.35, "cpu of full Chromium": 0.65, "memory": 1.2, "wire": 1.02}


class Meter:
    """CPU seconds and peak memory of this process and its descendants, from /proc."""

    def __init__(self) -> None:
        self.peak = 0
        self._done = threading.Event()
        self._tick = os.sysconf("SC_CLK_TCK")
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def cpu(self) -> float:
        """Of all that live, and of the dead that were waited for."""
        found = (stat.split()[11:15] for _, _, stat in _processes())
        return sum(int(ticks) for four in found for ticks in four) / self._tick

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            self.peak = max(self.peak, sum(_pss(pid) for pid, _, _ in _processes()))


def _processes() -> list[tuple[int, int, str]]:
    """Process, parent and the rest of its stat line, of this process and its descendants."""
    every = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = path.read_text().partition(" (")
        except OSError:
            continue
        rest = rest.rpartition(") ")[2]
        every[int(number)] = (int(rest.split()[1]), rest)
    ours, grown = {os.getpid()}, True
    while grown:
        more = {pid for pid, (parent, _) in every.items() if parent in ours} - ours
        ours, grown = ours | more, bool(more)
    return [(pid, *every[pid]) for pid in ours if pid in every]


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


async def side_by_side(urls: Sequence[str], count: int, work) -> None:
    todo = list(urls)

    async def worker() -> None:
        while todo:
            await work(todo.pop(0))

    await asyncio.gather(*(worker() for _ in range(count)))


async def same_pictures(page: pw.Page, place: Path) -> None:
    """The pictures of a capture of this page, by the commands that a capture sends."""
    line = await page.context.new_cdp_session(page)
    box = await page.locator("article").bounding_box()
    for name, asked in {
        "view": {"format": "png"},
        "post": {"format": "jpeg", "quality": QUALITY["post"], "clip": {**box, "scale": 2}},
    }.items():
        answer = await line.send("Page.captureScreenshot", {**asked, "optimizeForSpeed": True})
        data = base64.b64decode(answer["data"])
        place.with_suffix(f".{name}").write_bytes(data)
    place.with_suffix(".thumbnail").write_bytes(
        await asyncio.to_thread(thumbnail, data, QUALITY["thumbnail"])
    )


async def bare(
    urls: Sequence[str], count: int, executable: str, meter: Meter, folder: Path, same: bool = False
):
    async with pw.async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=executable, headless=True, args=[RESOLVER]
        )

        async def one(url: str) -> None:
            context = await browser.new_context(viewport=VIEWPORT)
            page = await context.new_page()
            await page.goto(url)
            await page.wait_for_function("window.ready")
            place = folder / f"{url.rpartition('/')[2]}.png"
            if same:
                await same_pictures(page, place)
            else:
                await page.screenshot(path=place)
            await context.close()

        await one(urls[0])
        before, started = meter.cpu(), time.monotonic()
        await side_by_side(urls[1:], count, one)
        found = {"cpu": meter.cpu() - before, "wall": time.monotonic() - started}
        await browser.close()
        return found


async def archiver(urls: Sequence[str], count: int, executable: str, meter: Meter, folder: Path):
    clock, ids = SystemClock(), RandomIds()
    archive = Archive(folder / "archive")
    archive.prepare()
    settings = BrowserSettings(
        executable=executable, allow_no_sandbox=True, viewport=tuple(VIEWPORT.values())
    )
    port = int(urls[0].split(":")[2].partition("/")[0])
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", port)}))
    held = {"records": 0, "files": 0}
    with (
        EgressGuard(policy=policy, lookup=lambda name: ["127.0.0.1"]) as guard,
        guard.lane() as own,
        Ledger(archive.ledger) as ledger,
    ):
        commit = Commit(archive, ledger, new_run_id(clock.now(), ids), {}, ids)
        async with open_browser(settings, own.proxy_url) as browser:

            async def one(url: str) -> None:
                post = Post(ref=PostRef("web", url), url=url, views=(View("page", url),))
                name = f"c{url.rpartition('/')[2]}"
                with guard.lane() as lane:
                    capture = await visit(
                        browser, post, lane=lane, limits=CaptureLimits(), capture_id=name,
                        spool=folder / name, clock=clock, ids=ids,
                    )  # fmt: skip
                check(capture, url)
                manifest = await asyncio.to_thread(commit.save, capture)
                for record in manifest.records:
                    of_web = record.type in {"request", "response", "revisit"}
                    held["records"] += record.length if of_web else 0
                    held["files"] += record.length

            await one(urls[0])
            held.update(records=0, files=0)
            before, started = meter.cpu(), time.monotonic()
            with settled():
                await side_by_side(urls[1:], count, one)
            return {"cpu": meter.cpu() - before, "wall": time.monotonic() - started, **held}


def check(capture: Capture, url: str) -> None:
    """Everything that the page needed must be there, whole, and so must its pictures."""
    whole = {e.url for e in capture.exchanges if e.status in (200, 206) and not e.truncated}
    lost = [(e.url, e.truncated, e.error) for e in capture.exchanges if e.truncated]
    complete = len(whole) >= RESOURCES + ("/heavy/" in url) and capture.outcome.status == "captured"
    if not complete or not {s.role for s in capture.snapshots} >= PICTURES:
        sys.exit(
            f"{url}: {capture.outcome} {len(whole)} {lost} {capture.notes} {capture.unrecorded}"
        )


SIDES = {"bare": bare, "full": bare, "same": partial(bare, same=True), "archiver": archiver}


def child(arguments: argparse.Namespace) -> None:
    """One side, in this process; prints its figures."""
    meter = Meter()
    if arguments.memory:
        meter.start()
    work = SIDES[arguments.side]
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(
            work(arguments.urls, arguments.count, arguments.browser, meter, Path(folder))
        )
    if arguments.memory:
        meter.stop()
    print(json.dumps({**found, "peak": meter.peak}))


class Bench:
    """Runs the sides in turn against one site."""

    def __init__(self, site: Site, pages: int) -> None:
        self.site = site
        self.pages = pages
        self.number = 0

    def side(self, name: str, count: int, browser: str, kind: str = "post", memory: bool = False):
        first, self.number = self.number, self.number + self.pages + 1
        urls = [f"http://{HOST}:{self.site.port}/{kind}/{n}" for n in range(first, self.number)]
        command = [sys.executable, __file__, "--side", name, "--count", str(count)]
        command += ["--browser", browser, "--urls", *urls, *(["--memory"] if memory else [])]
        wire = self.site.wire
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        found = json.loads(done.stdout)
        found["wire"] = (self.site.wire - wire) * self.pages / (self.pages + 1)
        return found


def table(bench: Bench, arguments: argparse.Namespace) -> list[tuple[str, float, float]]:
    """Name, median and bar of each figure; prints the pairs as they come."""
    shell, full = arguments.shell, arguments.full
    rows = []
    for count in arguments.concurrency:
        over, over_same, over_full, wall, wire, files = [], [], [], [], [], []
        for pair in range(arguments.pairs):
            order = ["bare", "full", "same", "archiver"]
            found = {}
            for name in order if pair % 2 else reversed(order):
                found[name] = bench.side(name, count, full if name == "full" else shell)
            ours = found["archiver"]
            over.append(ours["cpu"] / found["bare"]["cpu"])
            over_same.append(ours["cpu"] / found["same"]["cpu"])
            over_full.append(ours["cpu"] / found["full"]["cpu"])
            wall.append(ours["wall"] / found["bare"]["wall"])
            wire.append(ours["records"] / ours["wire"])
            files.append(ours["files"] / ours["wire"])
            each = {n: round(f["cpu"] / bench.pages, 2) for n, f in found.items()}
            ratios = f"{over[-1]:.2f} of bare, {over_same[-1]:.2f} of same"
            print(f"{count} at once, pair {pair + 1}: CPU s a page {each}, {ratios}", flush=True)
        rows += [
            (f"CPU over bare, {count} at once", statistics.median(over), BARS["cpu"]),
            (
                f"CPU over bare with the same pictures, {count} at once",
                statistics.median(over_same),
                BARS["cpu"],
            ),
            (
                f"CPU over bare on full Chromium, {count} at once",
                statistics.median(over_full),
                BARS["cpu of full Chromium"],
            ),
            (f"wall over bare, {count} at once", statistics.median(wall), 0),
            (
                f"bytes of exchanges over the wire, {count} at once",
                statistics.median(wire),
                BARS["wire"],
            ),
            (f"bytes of whole WARCs over the wire, {count} at once", statistics.median(files), 0),
        ]
    return rows


def memory(bench: Bench, arguments: argparse.Namespace) -> tuple[str, float, float]:
    """Peak memory at four at once, each page with a body of 60 MB."""
    bench.pages, ratios = 4, []
    for pair in range(arguments.pairs):
        order = ["bare", "archiver"] if pair % 2 else ["archiver", "bare"]
        found = {n: bench.side(n, 4, arguments.shell, "heavy", memory=True)["peak"] for n in order}
        ratios.append(found["archiver"] / found["bare"])
        print(
            f"memory, pair {pair + 1}: { ({n: v >> 20 for n, v in found.items()}) } MB", flush=True
        )
    return (
        "peak memory over bare, 4 at once, 60 MB bodies",
        statistics.median(ratios),
        BARS["memory"],
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[2, 4])
    parser.add_argument("--only", choices=("cpu", "memory"))
    parser.add_argument("--shell", default="/usr/bin/chromium-headless-shell")
    parser.add_argument("--full", default="/usr/bin/chromium")
    for inner in ("--side", "--browser"):
        parser.add_argument(inner, help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--urls", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        child(arguments)
        return 0
    with Site() as site:
        bench = Bench(site, arguments.pages)
        rows = table(bench, arguments) if arguments.only != "memory" else []
        if arguments.only != "cpu":
            rows.append(memory(bench, arguments))
    for name, value, bar in rows:
        told = f"(bar {bar})" if bar else ""
        print(f"{name}: {value:.2f} {told}", "" if not bar or value <= bar else "MISSED")
    return int(any(bar and value > bar for _, value, bar in rows))


if __name__ == "__main__":
    sys.exit(main())
