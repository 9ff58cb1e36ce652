"""A visit ends with a true status inside its wall clock, whatever the page does."""

import asyncio
import io
import json
import os
import signal
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import SETTINGS, post_of, visit_page
from PIL import Image
from torture import Torture

from archiver.capture import play
from archiver.capture.browser import Browser, open_browser
from archiver.capture.limits import CaptureLimits, at_once, at_once_here
from archiver.capture.play import origin_of
from archiver.capture.visit import visit
from archiver.clock import RandomIds, SystemClock
from archiver.domain.capture import Capture, Status
from archiver.domain.post import Post, PostRef, View

pytestmark = pytest.mark.browser

QUICK = CaptureLimits(seconds=12, navigation=3, drawn=2, quiet=2, body_seconds=3)
PAGES = {
    "/post": """<!doctype html><title>A post</title><body style="margin:0;background:#fff">
<article style="width:500px;height:300px"><p>Hello from the harbour</p><audio src="/tone.wav"></audio>
<details><summary>more</summary><p>folded words</p></details>
<iframe loading="lazy" src="http://b.localhost:PORT/frame?depth=3"></iframe></article>
<div style="height:3000px"></div><img loading="lazy" src="/late.bmp"></body>""",
    "/busy": "<title>busy</title><p>busy page</p><script>setTimeout(() => {while (true);}, 300)</script>",
    "/rude": """<title>rude</title><p>rude page</p><a id="a" href="/blob.bin" download>x</a><script>
onbeforeunload = e => e.preventDefault(); alert(1); confirm(2); prompt(3); print();
for (let n = 0; n < 20; n++) open('/popup?' + n); a.click(); document.title = 'after';</script>""",
    "/tall": "<title>tall</title><p>tall page</p><div style='height:200000px'></div>",
    "/bands": """<title>b</title><body style="margin:0"><p style="margin:0;height:10000px;background:#c80000">x
<p style="margin:0;height:6000px;background:#00c800"><p style="margin:0;height:4000px;background:#0000c8">""",
    "/banners": """<title>banners</title><style>button, a { display: block }</style>
<script>const done = (b, words) => b.outerHTML = '<p>' + words + '</p>'</script>
<button id=onetrust-reject-all-handler onclick="done(this, 'refused')"></button>
<button id=onetrust-accept-btn-handler onclick="done(this, 'accepted')"></button>
<div><button class=cky-btn-reject onclick="done(this, 'refused')">.</button></div>
<a href=/gone class=cmplz-deny></a><form action=/gone><button class=cc-deny></button></form>
<button onclick="done(this, 'uncovered')">View photo</button><p>End</p>""",
    "/drip": "<title>drip</title><p>words</p><script>fetch('/drip.txt').then(r => r.text())</script>",
    "/windows": """<title>windows</title><p>words</p><script>
for (let n = 0; n < 1000; n++) open('/popup?' + n); document.title = 'after'</script>""",
    "/endless-page": """<title>e</title><p>words</p><script>
onscroll = () => document.body.insertAdjacentHTML('beforeend', '<p style="height:3000px">more</p>')
document.body.insertAdjacentHTML('beforeend', '<p style="height:3000px">more</p>')</script>""",
    "/font": """<title>font</title><style>@font-face {font-family: x; src: url(/stall)}
body {font-family: x}</style><p>never drawn with its font</p>""",
    "/waiting": "<title>waiting</title><p>words</p><img src='/picture.bmp'><img src='/slow'>",
    "/large": "<title>large</title><p>words</p><script>fetch('/big').catch(() => 0)</script>",
    "/many": """<title>many</title><p>words</p><script>
for (let n = 0; n < 80; n++) fetch('/blob.bin?' + n).catch(() => 0)</script>""",
    "/play": "<title>play</title><p>words</p><audio src='/parts.wav' controls></audio>",
    "/strict": """<title>strict</title><p>words</p><audio src='/parts.wav' controls></audio>
<meta http-equiv="Content-Security-Policy" content="connect-src 'none'">""",
    "/short": "<title>short</title><p>words</p><audio src='/tone.wav' preload=auto controls></audio>",
    "/socket": "<title>s</title><p>words</p><script>new WebSocket('ws://' + location.host + '/ws')</script>",
    "/private": """<title>rowers</title><h1>Rowers is a private community</h1>
<script>fetch('/stall').catch(() => 0)</script>""",
    "/gone": "<title>gone</title><p>nothing here</p>",
}


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture(PAGES) as site:
        yield site


def seen(capture: Capture, role: str) -> bytes:
    found = [s for s in capture.snapshots if s.role == role]
    assert len(found) == 1, (role, capture.notes)
    return found[0].body.read()


def png_size(data: bytes) -> tuple[int, int]:
    assert data.startswith(b"\x89PNG")
    return struct.unpack(">II", data[16:24])


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height in the frame header (SOF0 or SOF2)."""
    place = next(n for n in range(len(data)) if data[n : n + 2] in (b"\xff\xc0", b"\xff\xc2"))
    height, width = struct.unpack(">HH", data[place + 5 : place + 9])
    return width, height


def test_an_ordinary_page_gives_every_snapshot(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/post"), tmp_path))
    assert capture.outcome.status is Status.CAPTURED
    assert capture.page_url == site.url("/post")
    assert capture.title == "A post"
    assert capture.limits_hit == ()
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)
    url = site.url("/post")
    assert [s.urn for s in capture.snapshots] == [
        f"urn:{name}:{url}"
        for name in ("dom", "text", "view", "post", "thumbnail", "fullPage", "pageinfo")
    ]
    text = seen(capture, "text").decode()
    assert "Hello from the harbour" in text
    assert "frame text 3" in text
    assert "folded words" in text
    assert b"Hello from the harbour" in seen(capture, "dom")
    assert png_size(seen(capture, "view")) == (1280, 1600)
    assert jpeg_size(seen(capture, "post")) == (1000, 600)
    assert jpeg_size(seen(capture, "full"))[1] >= 3300
    assert jpeg_size(seen(capture, "thumbnail")) == (500, 300)  # of the post
    facts = json.loads(seen(capture, "pageinfo"))
    assert facts["url"] == url
    assert facts["urls"][url]["status"] == 200
    assert facts["counts"] == {"jsErrors": 0}
    paths = {e.url.split("/", 3)[3] for e in capture.exchanges}
    assert {"late.bmp", "frame3.json", "tone.wav"} <= paths
    assert capture.browser is not None
    assert "Chrome" in capture.browser.product


@pytest.mark.parametrize("path", ["/play", "/strict"])
def test_media_that_came_in_ranges_is_there_whole(
    run, browser, site, tmp_path: Path, path: str
) -> None:
    sound = "/parts.wav"
    capture = run(visit_page(browser, site.url(path), tmp_path, limits=QUICK))
    assert capture.page_url == site.url(path)
    media = [e for e in capture.exchanges if e.url.endswith(sound)]
    assert 206 in {e.status for e in media}
    whole = [e for e in media if e.status == 200]
    sent = {h.sent for h in site.hits_of(sound) if h.status == 200}
    assert [e.body.read() in sent for e in whole] == [True]


def test_media_that_came_whole_is_not_asked_for_again(run, browser, site, tmp_path: Path) -> None:
    site.hits.clear()
    capture = run(visit_page(browser, site.url("/short"), tmp_path, limits=QUICK))
    (media,) = [e for e in capture.exchanges if e.url.endswith("/tone.wav")]
    assert (media.status, media.body.size) == (206, len(site.hits_of("/tone.wav")[0].sent))
    assert len(site.hits_of("/tone.wav")) == 1


def test_a_rude_page_is_only_refused(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/rude"), tmp_path, limits=QUICK))
    assert capture.outcome.status is Status.CAPTURED
    assert capture.title == "after"
    said = " ".join(capture.notes)
    for word in ("alert", "confirm", "prompt", "download", "windows"):
        assert word in said


@pytest.mark.parametrize("path", ["/tall", "/font"])
def test_odd_pages_still_have_their_picture(run, browser, site, tmp_path: Path, path: str) -> None:
    capture = run(visit_page(browser, site.url(path), tmp_path, limits=QUICK))
    assert capture.outcome.status is Status.CAPTURED
    assert png_size(seen(capture, "view")) == (1280, 1600)
    tall = [jpeg_size(s.body.read())[1] for s in capture.snapshots if s.role == "full"]
    assert tall == ([QUICK.height] * QUICK.tiles if path == "/tall" else [])


def test_a_tall_page_is_pictured_in_tiles(run, browser, site, tmp_path: Path) -> None:
    """Each tile is a different part of the page: the colours of its bands tell."""
    capture = run(visit_page(browser, site.url("/bands"), tmp_path, limits=QUICK))
    full = [s for s in capture.snapshots if s.role == "full"]
    url = site.url("/bands")
    assert [s.urn for s in full] == [f"urn:fullPage:{url}", f"urn:fullPage:{url}#part=2"]
    assert [jpeg_size(s.body.read())[1] for s in full] == [12000, 8000]
    first, second = (Image.open(io.BytesIO(s.body.read())).convert("RGB") for s in full)
    red, green, blue = (200, 0, 0), (0, 200, 0), (0, 0, 200)
    for picture, top, bottom in ((first, red, green), (second, green, blue)):
        for place, colour in ((50, top), (picture.height - 50, bottom)):
            drawn = picture.getpixel((600, place))
            assert max(abs(a - b) for a, b in zip(drawn, colour, strict=True)) < 12


def test_consent_is_refused_and_covers_are_opened(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/banners"), tmp_path, limits=QUICK))
    text = seen(capture, "text").decode()
    assert text.split() == ["refused", "refused", "uncovered", "End"]
    assert capture.page_url == site.url("/banners")


@pytest.mark.parametrize(
    ("cores", "memory", "visits"), [(2, 24 << 30, 2), (64, 64 << 30, 8), (4, 1 << 30, 1), (1, 0, 1)]
)
def test_visits_at_once_follow_cores_and_memory(cores: int, memory: int, visits: int) -> None:
    assert at_once(cores, memory) == visits
    assert 1 <= at_once_here() <= 8


def test_a_busy_page_does_not_hold_us(run, browser, site, tmp_path: Path) -> None:
    limits = CaptureLimits(seconds=5, navigation=3, drawn=2, quiet=2)
    started = time.monotonic()
    capture = run(visit_page(browser, site.url("/busy"), tmp_path, limits=limits))
    assert time.monotonic() - started < limits.seconds + 8
    assert capture.notes != ()
    assert [e.status for e in capture.exchanges] == [200]


def test_a_server_that_never_answers(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/stall"), tmp_path, limits=QUICK))
    assert capture.outcome.status is Status.FAILED
    assert "no answer" in capture.outcome.reason
    assert capture.exchanges == ()
    assert [u.reason for u in capture.unrecorded] == ["no answer before the visit ended"]


def test_no_server_at_all(run, browser, tmp_path: Path) -> None:
    capture = run(visit_page(browser, "http://a.localhost:1/x", tmp_path, limits=QUICK))
    assert capture.outcome.status is Status.FAILED
    assert "ERR_" in capture.outcome.reason


def test_only_the_web_is_visited(run, browser, tmp_path: Path) -> None:
    capture = run(visit_page(browser, "file:///etc/hostname", tmp_path, limits=QUICK))
    assert capture.outcome.status is Status.FAILED
    assert capture.requested == 0


def test_the_wall_clock_keeps_what_came(run, browser, site, tmp_path: Path) -> None:
    limits = CaptureLimits(seconds=1.5, navigation=10, drawn=10, quiet=10)
    capture = run(visit_page(browser, site.url("/waiting"), tmp_path, limits=limits))
    assert capture.limits_hit == ("seconds",)
    assert capture.outcome.status in {Status.PARTIAL, Status.FAILED}
    assert site.url("/picture.bmp") in {e.url for e in capture.exchanges}
    assert capture.attempts[0].view.url == site.url("/waiting")


def test_a_body_over_the_cap_is_cut_and_says_so(run, browser, site, tmp_path: Path) -> None:
    limits = CaptureLimits(seconds=20, quiet=3, body_bytes=3 << 20)
    capture = run(visit_page(browser, site.url("/large"), tmp_path, limits=limits))
    (big,) = [e for e in capture.exchanges if e.url.endswith("/big")]
    assert (big.truncated, big.body.size) == ("length", 3 << 20)
    assert site.hits_of("/big")[0].sent.startswith(big.body.read())
    assert capture.limits_hit == ("body-bytes",)
    assert capture.outcome.status is Status.PARTIAL


def test_the_limit_of_exchanges(run, browser, site, tmp_path: Path) -> None:
    limits = CaptureLimits(seconds=20, quiet=3, exchanges=20)
    capture = run(visit_page(browser, site.url("/many"), tmp_path, limits=limits))
    assert "exchanges" in capture.limits_hit
    assert capture.outcome.status is Status.PARTIAL
    assert sum(e.body.size > 0 for e in capture.exchanges) <= 20
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


def test_sockets_are_named_as_unrecorded(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/socket"), tmp_path, limits=QUICK))
    assert [u.url for u in capture.unrecorded] == [site.url("/ws").replace("http", "ws")]


def test_the_ladder_goes_on_until_a_view_settles(run, browser, site, tmp_path: Path) -> None:
    post = post_of(site.url("/missing.html"), site.url("/gone"), site.url("/post"))
    post = Post(
        ref=PostRef("web", site.url("/gone")),
        url=site.url("/gone"),
        views=(View("metadata", site.url("/meta.json")), *post.views),
    )
    capture = run(
        visit(
            browser, post, lane=None, limits=QUICK, capture_id="c2", spool=tmp_path,
            clock=SystemClock(), ids=RandomIds(),
        )
    )  # fmt: skip
    assert [a.view.url for a in capture.attempts] == [site.url("/missing.html"), site.url("/gone")]
    assert [a.outcome.status for a in capture.attempts][1] is Status.CAPTURED
    assert capture.outcome == capture.attempts[1].outcome
    assert capture.page_url == site.url("/gone")
    assert site.hits_of("/meta.json") == []


def test_a_sign_of_a_dead_post_ends_the_wait_for_it(run, browser, site, tmp_path: Path) -> None:
    """Nothing else would end it before its limit: a request stays under way."""
    url = site.url("/private")
    post = Post(ref=PostRef("reddit", "abc123"), url=url, views=(View("page", url),))
    limits = CaptureLimits(seconds=40, drawn=20, quiet=1)
    started = time.monotonic()
    capture = run(
        visit(
            browser, post, lane=None, limits=limits, capture_id="c3", spool=tmp_path,
            clock=SystemClock(), ids=RandomIds(),
        )
    )  # fmt: skip
    assert time.monotonic() - started < 15
    assert "reddit.private-page" in {s.rule for s in capture.outcome.signals}


def test_an_embed_is_told_the_origin_of_its_article(run, browser, site, tmp_path: Path) -> None:
    url = site.url("/gone")
    views = (View("embed", site.url("/missing.html")), View("page", url))
    post = Post(ref=PostRef("web", url), url=url, views=views)
    site.hits.clear()
    run(
        visit(
            browser, post, lane=None, limits=QUICK, capture_id="c4", spool=tmp_path,
            clock=SystemClock(), ids=RandomIds(), article="https://user:pw@news.example/story?id=7",
        )
    )  # fmt: skip
    told = [
        dict(site.hits_of(path)[0].headers).get("Referer") for path in ("/missing.html", "/gone")
    ]
    assert told == ["https://news.example/", None]


@pytest.mark.parametrize(
    ("article", "origin"),
    [("http://[::1]:8080/a#b", "http://[::1]:8080/"), ("file:///a.html", None), (None, None)],
)
def test_the_origin_of_an_article(article: str | None, origin: str | None) -> None:
    assert origin_of(article) == origin


def test_a_verdict_that_raises_costs_nothing_that_was_received(
    run, browser, site, tmp_path: Path, monkeypatch
) -> None:
    def judge(evidence: object) -> None:
        raise RuntimeError("the table is broken")

    monkeypatch.setattr(play, "judge", judge)
    capture = run(visit_page(browser, site.url("/post"), tmp_path, limits=QUICK))
    assert capture.outcome.status is Status.FAILED
    assert "RuntimeError: the table is broken (test_capture_visit.py:" in capture.outcome.reason
    assert site.url("/post") in {e.url for e in capture.exchanges}
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


def test_of_a_body_that_never_ends_the_beginning_is_kept(run, browser, site, tmp_path) -> None:
    limits = CaptureLimits(seconds=25, quiet=2, body_seconds=6)
    capture = run(visit_page(browser, site.url("/drip"), tmp_path, limits=limits))
    assert capture.outcome.status is Status.CAPTURED
    first, second = [e for e in capture.exchanges if e.url.endswith("/drip.txt")]
    assert (first.body.size, first.truncated is not None) == (0, True)
    assert second.truncated is not None
    assert second.body.read().startswith(b"drip drip drip ")
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


def test_a_picture_that_did_not_come_in_time_makes_the_capture_partial(
    run, browser, site, tmp_path: Path
) -> None:
    limits = CaptureLimits(seconds=25, quiet=6, body_seconds=2)
    capture = run(visit_page(browser, site.url("/sticking"), tmp_path, limits=limits))
    assert capture.outcome.status is Status.PARTIAL
    assert capture.limits_hit == ("body-seconds",)


def test_a_redirect_loop_ends_with_every_hop(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/loop"), tmp_path, limits=QUICK))
    assert capture.outcome.status is Status.FAILED
    assert "ERR_TOO_MANY_REDIRECTS" in capture.outcome.reason
    assert {e.status for e in capture.exchanges} == {302}
    assert len(capture.exchanges) >= 20
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


def test_a_page_without_an_end_is_scrolled_so_far_only(run, browser, site, tmp_path: Path) -> None:
    limits = CaptureLimits(seconds=30, quiet=2, scrolls=5)
    capture = run(visit_page(browser, site.url("/endless-page"), tmp_path, limits=limits))
    assert capture.outcome.status is Status.CAPTURED
    assert capture.limits_hit == ()


@pytest.mark.soak
@pytest.mark.parametrize("count", [4, 8])
def test_many_at_once_with_a_thousand_windows_among_them(run, site, tmp_path, count: int) -> None:
    """Each ends with a true status, and nothing that was asked for is unaccounted for."""
    pages = ("/windows", "/large", "/post", "/many", "/endless-page", "/drip", "/loop", "/rude")

    async def story() -> list[Capture]:
        async with open_browser(SETTINGS, None) as browser:
            limits = CaptureLimits(seconds=60, quiet=4)
            folders = [tmp_path / str(n) for n in range(count)]
            visits = (
                visit_page(browser, site.url(pages[n]), folders[n], limits=limits)
                for n in range(count)
            )
            return await asyncio.gather(*visits)

    for capture in run(story()):
        assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)
        assert all(u.reason for u in capture.unrecorded)
        wanted = Status.FAILED if capture.url.endswith("/loop") else Status.CAPTURED
        assert capture.outcome.status in {wanted, Status.PARTIAL}, capture.url


def renderers(browser: Browser) -> list[int]:
    """The processes of the browser that draw pages."""
    group = os.getpgid(browser._running.pid)
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return [pid for pid in found if os.getpgid(pid) == group]


@pytest.mark.parametrize("victim", ["browser", "renderer"])
def test_a_killed_browser_costs_one_post_only(run, site, tmp_path: Path, victim: str) -> None:
    async def story() -> tuple[Capture, Capture, int, Path]:
        async with open_browser(SETTINGS, None) as browser:
            folder = browser._running.folder.path
            visiting = asyncio.create_task(visit_page(browser, site.url("/waiting"), tmp_path))
            while not site.hits_of("/slow"):
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.3)
            pids = [browser._running.pid] if victim == "browser" else renderers(browser)
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            first = await visiting
            second = await visit_page(browser, site.url("/gone"), tmp_path)
            return first, second, browser.starts, folder

    site.hits.clear()
    first, second, starts, folder = run(story())
    assert first.outcome.status in {Status.PARTIAL, Status.FAILED}
    assert any("ended" in note or "crashed" in note for note in first.notes)
    assert site.url("/waiting") in {e.url for e in first.exchanges}
    assert second.outcome.status is Status.CAPTURED
    assert starts == (2 if victim == "browser" else 1)
    assert not folder.exists()


def test_what_a_crash_cut_no_limit_cut(run, site, tmp_path: Path) -> None:
    async def story() -> Capture:
        async with open_browser(SETTINGS, None) as browser:
            visiting = asyncio.create_task(visit_page(browser, site.url("/sticks"), tmp_path))
            while not site.hits_of("/sticking.bmp") or not site.hits_of("/slow-body"):
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.3)
            for pid in renderers(browser):
                os.kill(pid, signal.SIGKILL)
            return await visiting

    site.hits.clear()
    site.pages["/sticks"] = """<p>words</p><img src=/sticking.bmp>
<script>fetch('/slow-body?text/plain').then(answer => answer.text())</script>"""
    capture = run(story())
    assert "the page crashed" in capture.notes
    cut = {e.url: e.truncated for e in capture.exchanges if e.truncated}
    paths = ("/sticking.bmp", "/slow-body?text/plain")
    assert cut == {site.url(path): "disconnect" for path in paths}
    assert capture.limits_hit == ()
