"""What is meant to choke us: bodies that unfold to gigabytes, answers that come letter by letter."""

import asyncio
import time
from pathlib import Path

import pytest
from capture_kit import visit_page
from torture import Torture

from archiver.capture.browser import Browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.memory import memory
from archiver.domain.capture import Capture, Status
from archiver.domain.exchange import Body

pytestmark = pytest.mark.browser

CAP = 24 << 20
GROWTH = 800 << 20
"""Bytes by which the browser's own process may grow: how much unfolds before it is stopped depends on the
machine. The smallest bomb is of a gigabyte, the others of four."""
LIMITS = CaptureLimits(seconds=40, navigation=10, drawn=2, quiet=3, body_seconds=15, body_bytes=CAP)
HASTY = CaptureLimits(seconds=15, navigation=3, drawn=2, quiet=2, body_seconds=3)
PAGES = {
    f"/asks-{coding}": "<title>b</title><p>words</p><script>"
    f"fetch('/bomb?{coding}').then(r => r.text()).catch(() => 0)</script>"
    for coding in ("gzip", "br", "zstd")
} | {
    "/frames": "<title>b</title><p>words</p><iframe src='/bomb?gzip,text/html'></iframe>",
    "/pictures": "<title>b</title><p>words</p><img src='/bomb?gzip,image/png'>",
    "/slow-script": "<title>s</title><p>words</p><script async src='/slow-body?text/javascript'></script>",
    "/slow-data": "<title>s</title><p>words</p><script>fetch('/slow-body?application/json')</script>",
    "/slow-picture": "<title>s</title><p>words</p><img src='/slow-body?image/png'>",
    "/long": "<title>l</title><p>words</p><audio src='/long.wav' controls></audio>",
}


@pytest.fixture(scope="module")
def site():
    with Torture(PAGES) as site:
        yield site


async def measured(browser: Browser, url: str, spool: Path) -> tuple[Capture, int]:
    """The capture, and by how many bytes the browser's own process grew at its largest."""
    process = browser.recorder.pid
    before = peak = memory(process)
    visiting = asyncio.create_task(visit_page(browser, url, spool, limits=LIMITS))
    while not visiting.done():
        peak = max(peak, memory(process))
        await asyncio.wait({visiting}, timeout=0.05)
    return visiting.result(), peak - before


@pytest.mark.parametrize(
    "path",
    [
        "/asks-br",
        "/frames",
        *(
            pytest.param(p, marks=pytest.mark.soak)
            for p in ("/asks-gzip", "/asks-zstd", "/pictures")
        ),
    ],
)
def test_what_unfolds_is_cut_at_the_limit(run, browser, site, tmp_path: Path, path: str) -> None:
    capture, grown = run(measured(browser, site.url(path), tmp_path))
    assert capture.outcome.status is Status.PARTIAL
    assert capture.limits_hit == ("body-bytes",)
    bombs = [e for e in capture.exchanges if "/bomb" in e.url]
    assert {e.truncated for e in bombs} == {"length"}
    assert max(e.body.size for e in bombs) == CAP
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)
    assert grown < GROWTH


def test_a_page_that_unfolds_itself(run, browser, site, tmp_path: Path) -> None:
    capture, grown = run(measured(browser, site.url("/bomb?gzip,text/html"), tmp_path))
    assert capture.outcome.status in {Status.PARTIAL, Status.FAILED}
    assert capture.limits_hit == ("body-bytes",)
    assert {e.truncated for e in capture.exchanges if "/bomb" in e.url} == {"length"}
    assert grown < GROWTH


@pytest.mark.parametrize("path", ["/slow-script", "/slow-data", "/slow-picture"])
def test_what_comes_letter_by_letter_makes_it_partial(
    run, browser, site, tmp_path: Path, path: str
) -> None:
    started = time.monotonic()
    capture = run(visit_page(browser, site.url(path), tmp_path, limits=HASTY))
    assert time.monotonic() - started < HASTY.seconds + 8
    assert capture.outcome.status is Status.PARTIAL
    assert capture.limits_hit == ("body-seconds",)
    assert {e.truncated for e in capture.exchanges if "/slow-body" in e.url} == {"time"}


@pytest.mark.parametrize("path", ["/slow-head", "/slow-body?text/html"])
def test_a_post_that_comes_letter_by_letter(run, browser, site, tmp_path: Path, path: str) -> None:
    started = time.monotonic()
    capture = run(visit_page(browser, site.url(path), tmp_path, limits=HASTY))
    assert time.monotonic() - started < HASTY.seconds + 8
    if path == "/slow-head":
        assert capture.outcome.status is Status.FAILED
        assert "no answer" in capture.outcome.reason
    else:
        assert capture.outcome.status in {Status.PARTIAL, Status.FAILED}
        assert capture.limits_hit == ("body-seconds",)


def test_a_long_sound_is_there_whole_whatever_its_player_took(
    run, browser, site, tmp_path: Path
) -> None:
    limits = CaptureLimits(seconds=40, quiet=3, flow_from=1 << 20)
    capture = run(visit_page(browser, site.url("/long"), tmp_path, limits=limits))
    assert capture.outcome.status is Status.CAPTURED
    assert capture.limits_hit == ()
    bodies = {e.body.digest for e in capture.exchanges if e.truncated is None}
    sent = next(h.sent for h in site.hits_of("/long.wav") if h.status == 200)
    assert Body.of(sent).digest in bodies
