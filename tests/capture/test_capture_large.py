"""Bodies of 20 and 60 MB stand whole in a capture, whoever asked for them and however many at once."""

import asyncio
from pathlib import Path

import pytest
from capture_kit import SETTINGS, Authority, visit_page
from front import Front
from torture import Torture, large

from archiver.capture.browser import BrowserSettings, open_browser
from archiver.capture.limits import CaptureLimits
from archiver.domain.capture import Capture, Status
from archiver.domain.digest import sha256

pytestmark = pytest.mark.browser

LIMITS = CaptureLimits(seconds=120, quiet=4)
PAGE = "<title>large</title><p>words</p><script>{}</script>"
ASK = "fetch('/large?{},text/plain,' + Math.random()).then(r => r.{}())"
WORKER = "onconnect = () => 0; fetch(`${{location.origin}}{}`).then(r => r.arrayBuffer())"


def asked_by(script: str) -> str:
    return PAGE.format(script)


PAGES = {
    "/fetched": asked_by(ASK.format(20, "arrayBuffer")),
    "/as-text": asked_by(ASK.format(20, "text")),
    "/unread": asked_by("fetch('/large?20,application/octet-stream')"),
    "/xhr": asked_by("const x = new XMLHttpRequest(); x.open('GET', '/large?20,x/y'); x.send()"),
    "/worker": asked_by("new Worker('/asks.js')"),
    "/shared": asked_by("new SharedWorker('/asks.js')"),
    "/framed": "<title>f</title><p>words</p><iframe src='http://b.localhost:PORT/fetched'></iframe>",
    "/popped": asked_by("open('http://b.localhost:PORT/fetched')"),
    "/framing": "<title>f</title><p>words</p><iframe src='/large?20,text/plain'></iframe>",
    "/script": "<title>s</title><p>words</p><script src='/large?20,text/javascript'></script>",
    "/style": "<title>s</title><p>words</p><link rel=stylesheet href='/large?20,text/css'>",
    "/through": asked_by("""navigator.serviceWorker.register('/passes.js').then(async () => {
while (!navigator.serviceWorker.controller) await new Promise(r => setTimeout(r, 20));
(await fetch('/large?20,text/plain')).arrayBuffer() })"""),
    "/download": "<title>d</title><p>words</p><iframe src='/large?20,application/zip'></iframe>",
    "/sixty": asked_by(ASK.format(60, "arrayBuffer")),
}
OFTEN = {"/fetched", "/unread", "/worker", "/framed", "/through", "/download"}
"""The others take their time, and only endurance runs have it."""


def whole(capture: Capture, size: int) -> None:
    """The one long body must be there to the last byte."""
    found = [e for e in capture.exchanges if "/large?" in e.url]
    assert [(e.truncated, e.error, e.body.size) for e in found if e.body.size] == [
        (None, "", size << 20)
    ], (capture.notes, capture.unrecorded)
    assert next(e for e in found if e.body.size).body.digest == sha256(large(size))
    assert capture.limits_hit == ()
    assert capture.outcome.status is Status.CAPTURED
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


@pytest.fixture(scope="module")
def site():
    with Torture(PAGES) as site:
        yield site


@pytest.mark.parametrize(
    "path",
    [p if p in OFTEN else pytest.param(p, marks=pytest.mark.soak) for p in PAGES if p != "/sixty"],
)
def test_whoever_asks(run, browser, site, tmp_path: Path, path: str) -> None:
    whole(run(visit_page(browser, site.url(path), tmp_path, limits=LIMITS)), 20)


async def at_once(
    site: Torture, path: str, count: int, folder: Path, settings: BrowserSettings = SETTINGS
) -> list[Capture]:
    async with open_browser(settings, None) as browser:
        visits = (
            visit_page(browser, site.url(path), folder / str(n), limits=LIMITS)
            for n in range(count)
        )
        return await asyncio.gather(*visits)


def test_sixty_megabytes_twice_at_once(run, site, tmp_path: Path) -> None:
    for capture in run(at_once(site, "/sixty", 2, tmp_path)):
        whole(capture, 60)


@pytest.mark.soak
@pytest.mark.parametrize("count", [1, 2, 4, 8])
@pytest.mark.parametrize(("path", "size"), [("/fetched", 20), ("/sixty", 60)])
def test_many_long_bodies_at_once(run, site, tmp_path: Path, count: int, path: str, size) -> None:
    for capture in run(at_once(site, path, count, tmp_path)):
        whole(capture, size)


def over_tls(run, protocol: str, authority: Authority, folder: Path, path: str, count: int):
    """The captures of a page behind a front that speaks TLS and this protocol alone."""
    settings = BrowserSettings(allow_no_sandbox=True, ca_file=authority.file)
    with Torture(PAGES) as site, Front(site, authority.context(), protocol):
        return run(at_once(site, path, count, folder, settings))


def came_by(capture: Capture, protocol: str) -> bool:
    """Whether the long body came by this protocol, over TLS."""
    (long,) = [e for e in capture.exchanges if "/large?" in e.url and e.body.size]
    return long.protocols == (protocol, "tls/1.3")


@pytest.mark.parametrize("protocol", ["http/1.1", "h2"])
def test_a_long_body_over_tls(run, authority: Authority, tmp_path: Path, protocol: str) -> None:
    (capture,) = over_tls(run, protocol, authority, tmp_path, "/fetched", 1)
    whole(capture, 20)
    assert came_by(capture, protocol)


@pytest.mark.soak
@pytest.mark.parametrize("protocol", ["http/1.1", "h2"])
@pytest.mark.parametrize("path", [path for path in PAGES if path not in {"/fetched", "/sixty"}])
def test_whoever_asks_over_tls(run, authority, tmp_path: Path, protocol: str, path: str) -> None:
    (capture,) = over_tls(run, protocol, authority, tmp_path, path, 1)
    whole(capture, 20)
    assert path == "/download" or came_by(capture, protocol)  # of that one nothing is told


@pytest.mark.soak
@pytest.mark.parametrize("count", [1, 2, 4, 8])
@pytest.mark.parametrize(("path", "size"), [("/fetched", 20), ("/sixty", 60)])
@pytest.mark.parametrize("protocol", ["http/1.1", "h2"])
def test_many_long_bodies_over_tls(
    run, authority: Authority, tmp_path: Path, protocol: str, path: str, size: int, count: int
) -> None:
    for capture in over_tls(run, protocol, authority, tmp_path, path, count):
        whole(capture, size)
        assert came_by(capture, protocol)
