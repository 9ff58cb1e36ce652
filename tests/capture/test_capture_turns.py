"""How much of long bodies a browser is handed at once: counted, and never more than there is room for."""

import asyncio
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from capture_kit import SETTINGS, visit_page
from torture import Torture, large

from archiver.capture.browser import open_browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.recorder import Recorder
from archiver.capture.recorder_flow import HIGH, Turns
from archiver.domain.digest import sha256
from archiver.net.addresses import AddressPolicy
from archiver.net.guard import EgressGuard, Lane

LONG = 600.0
"""Seconds: nobody waits in vain here."""
PAGE = """<title>long</title><p>words</p>
<script>fetch('/large?12,text/plain,' + Math.random()).then(r => r.arrayBuffer())</script>"""


class Counted(Turns):
    """Turns that are waited for however long it takes; `most` is the most that was on its way."""

    def __init__(self, room: int) -> None:
        super().__init__(room)
        self.most = 0
        self.taken = 0

    async def take(self, owner: object, size: int, seconds: float) -> None:
        await super().take(owner, size, LONG)
        self.taken += size
        self.most = max(self.most, sum(size for _, size in self.going))


def test_bodies_of_several_pages_take_turns(run) -> None:
    turns, dice = Counted(100), random.Random(3)

    async def pass_by(owner: str, size: int) -> None:
        await turns.take(owner, size, LONG)
        for _ in range(dice.randrange(4)):
            await asyncio.sleep(0)
        turns.give_back(owner, size)

    async def all_of_them() -> None:
        sizes = [dice.randrange(1, 130) for _ in range(300)]
        await asyncio.gather(*(pass_by(f"page {n}", size) for n, size in enumerate(sizes)))

    run(all_of_them())
    assert turns.going == []
    assert 100 <= turns.most < 130  # one that is longer than the room goes alone
    assert turns.taken > 100 * turns.most


def test_bodies_of_one_page_do_not_wait_for_each_other(run) -> None:
    async def both() -> tuple[list[tuple[object, int]], bool]:
        turns = Turns(100)
        await turns.take("one", 90, LONG)
        await turns.take("one", 90, LONG)
        other = asyncio.ensure_future(turns.take("other", 20, LONG))
        await asyncio.sleep(0)
        waited = not other.done()
        turns.give_back("one", 90)
        await asyncio.sleep(0)
        waited = waited and not other.done()
        turns.give_back("one", 90)
        await other
        return turns.going, waited

    assert run(both()) == ([("other", 20)], True)


def test_who_waits_long_enough_goes_all_the_same(run) -> None:
    async def over() -> Turns:
        turns = Turns(100)
        await turns.take("one", 90, LONG)
        await turns.take("other", 20, 0)
        await turns.take("late", 20, -5)
        await turns.take("none", 0, 0)
        return turns

    assert sum(size for _, size in run(over()).going) == 130


@pytest.mark.browser
def test_long_bodies_of_pages_at_once(run, tmp_path: Path) -> None:
    """Four pages ask for 12 MB each: no two are on their way where there is room for 20 MB, all are kept."""
    turns = Counted(20 << 20)
    limits = CaptureLimits(seconds=120, quiet=4)

    async def at_once(site: Torture):  # noqa: ANN202 - four captures
        async with open_browser(SETTINGS, None) as browser:
            await browser.recorder.ask("Browser.getVersion")
            browser.recorder.turns = turns
            return await asyncio.gather(
                *(
                    visit_page(browser, site.url("/long"), tmp_path / str(n), limits=limits)
                    for n in range(4)
                )
            )

    with Torture({"/long": PAGE}) as site:
        captures = run(at_once(site))
    for capture in captures:
        (kept,) = [e for e in capture.exchanges if "/large?" in e.url]
        assert (kept.truncated, kept.body.digest) == (None, sha256(large(12)))
    assert (turns.taken, turns.going) == (48 << 20, [])
    assert turns.most == 12 << 20


class Slow(BaseHTTPRequestHandler):
    """A page that asks for three bodies at once, and the bodies; `sent` counts their bytes as they go out."""

    protocol_version = "HTTP/1.1"
    sent = 0
    mutex = threading.Lock()

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        body = LARGE if self.path.startswith("/large") else ASKS.encode()
        kind = "text/plain" if body is LARGE else "text/html"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for start in range(0, len(body), 1 << 16):
            self.wfile.write(body[start : start + (1 << 16)])
            with self.mutex:
                Slow.sent += (body is LARGE) << 16


LARGE = large(20)
ASKS = "<title>asks</title><p>words</p>" + "".join(
    f"<script>fetch('/large?{n}').then(r => r.arrayBuffer())</script>" for n in range(3)
)


async def stands_still() -> None:
    """Wait until no more goes out for a second."""
    before = -1
    while Slow.sent != before:
        before = Slow.sent
        await asyncio.sleep(1)


@pytest.mark.browser
def test_nothing_comes_in_while_the_recorder_is_behind(run, tmp_path: Path) -> None:
    """While the recorder takes nothing of what the browser hands out, the lane's brake is on (what that means
    is in test_splice.py); nothing is lost of it."""
    limits = CaptureLimits(seconds=120, quiet=4)
    brakes: list[bool] = []

    async def hold(recorder: Recorder, lane: Lane) -> None:
        while len(recorder.turns.going) < 3:
            await asyncio.sleep(0)
        recorder.backlog.add(HIGH + 1)
        await stands_still()
        brakes.append(lane.brake())
        recorder.backlog.done(HIGH + 1)

    async def visited(port: int):  # noqa: ANN202 - a capture
        policy = AddressPolicy(allowed=frozenset({("127.0.0.1", port)}))
        with (
            EgressGuard(policy=policy, lookup=lambda name: ["127.0.0.1"]) as guard,
            guard.lane() as own,
            guard.lane() as lane,
        ):
            async with open_browser(SETTINGS, own.proxy_url) as browser:
                holding = asyncio.ensure_future(hold(browser.recorder, lane))
                url = f"http://www.harbour-post.net:{port}/"
                capture = await visit_page(browser, url, tmp_path, limits=limits, lane=lane)
                await holding
                brakes.append(lane.brake())
        return capture

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        capture = run(visited(server.server_address[1]))
        server.shutdown()
    kept = [e for e in capture.exchanges if "/large?" in e.url]
    assert [(e.truncated, e.body.digest) for e in kept] == [(None, sha256(LARGE))] * 3
    assert Slow.sent == 3 * len(LARGE)
    assert brakes == [True, False]
