"""What the server sent is what the recorder holds: every body, status, header and request body."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from capture_kit import visit_page
from torture import Torture

from archiver.capture.browser import Browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.stage import open_stage

pytestmark = pytest.mark.browser

CUT = ("/events", "/endless", "/stall")
REDIRECTS = {301, 302}
FIRST_OF_A_TARGET = {
    "/sw.js",
    "/swimported.js",
    "/shared.js",
    "/shared.json",
    "/popup",
    "/popup.js",
    "/favicon.ico",
}
"""Requests that may leave before the target's own Network domain is on: what is known of their
headers is what the browser announced."""
UNCONTROLLED = ("/sw.js", "/swimported.js")
"""Scripts that the browser may fetch a second time unseen, to learn whether they have changed."""


async def torture(browser: Browser, site: Torture, spool: Path, name: str, patience: float = 40):
    """Run the torture page to its end, at most `patience` seconds, and give what was recorded."""
    limits = CaptureLimits(spool_from=1 << 20)
    async with open_stage(browser, None, limits, spool, name) as stage:
        await stage.page.goto(site.url("/torture"), wait_until="commit", timeout=patience * 1000)
        await stage.page.wait_for_function("document.title == 'done'", timeout=patience * 1000)
        for _ in range(int(patience) * 10):
            if not stage.recording.fold.waiting() and "/popup.json" in paths_of(
                stage.recording.fold
            ):
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)
    return stage.recording


def paths_of(fold) -> set[str]:
    """What came; the popup's own script is the last to ask, on a busy machine much later than the rest."""
    return {path_of(e.url) for e in fold.exchanges(lambda host, port: None)}


@pytest.fixture(scope="module", params=[1, 3])
def recorded(request, run, browser, tmp_path_factory):
    """The torture page in one context, and in three at once."""
    spool = tmp_path_factory.mktemp("spool")

    async def all_of_them(site: Torture):
        names = [f"c{n}" for n in range(request.param)]
        return await asyncio.gather(*(torture(browser, site, spool, name) for name in names))

    with Torture() as site:
        recordings = run(all_of_them(site))
    return site, [r.fold for r in recordings]


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def exchanges_of(folds):
    return [e for fold in folds for e in fold.exchanges(lambda host, port: "127.0.0.1")]


def test_every_body_sent_is_recorded(recorded) -> None:
    site, folds = recorded
    sent = Counter(
        (h.method, h.path, h.status, b"" if h.status in REDIRECTS else h.sent)
        for h in site.hits
        if not h.path.startswith(CUT)
    )
    held = Counter(
        (e.method, path_of(e.url), e.status, e.body.read())
        for e in exchanges_of(folds)
        if not path_of(e.url).startswith(CUT)
    )
    lost = {key[:3]: n for key, n in (sent - held).items() if key[1] not in UNCONTROLLED}
    assert lost == {}
    assert {key[:3]: n for key, n in (held - sent).items()} == {}


def test_nothing_requested_is_unaccounted_for(recorded) -> None:
    site, folds = recorded
    for fold in folds:
        exchanges, unrecorded = fold.exchanges(lambda h, p: None), fold.unrecorded()
        assert fold.requested == len(exchanges) + len(unrecorded)
        assert {path_of(u.url): u.reason for u in unrecorded} == {
            "/stall": "net::ERR_ABORTED",
            "/made.json": "answered by the page's service worker",
            "/through.json": "answered by the page's service worker",
        }


def test_every_kind_of_target_is_there(recorded) -> None:
    _, folds = recorded
    for fold in folds:
        assert {
            "/frame3.json", "/frame3.bmp", "/srcdoc.bmp", "/imported.js", "/nested.js", "/nested.json",
            "/shared.js", "/shared.json", "/sw.js", "/swimported.js", "/install.json", "/origin.json",
            "/popup", "/popup.js", "/popup.json", "/beacon.json", "/keepalive.json", "/form.json",
            "/tone.wav", "/prefetch.js", "/preload.js", "/module.js", "/hop1", "/hop2", "/landed.json",
        } <= paths_of(fold)  # fmt: skip


def test_headers_stand_as_sent_in_order_with_every_cookie(recorded) -> None:
    site, folds = recorded
    exact = 0
    for fold in folds[:1]:
        for exchange in fold.exchanges(lambda h, p: None):
            hits = site.hits_of(path_of(exchange.url).partition("?")[0])
            headers = {tuple(h.sent_headers) for h in hits if h.method == exchange.method}
            if path_of(exchange.url) in FIRST_OF_A_TARGET:
                continue
            if exchange.status == 206:  # the browser's media cache moves two headers to the end
                assert {tuple(sorted(h)) for h in headers} >= {
                    tuple(sorted(exchange.response_headers))
                }
                continue
            assert exchange.response_headers in headers, exchange.url
            exact += 1
    assert exact > 50


def test_request_headers_are_those_that_were_sent(recorded) -> None:
    site, folds = recorded
    differ = set()
    for exchange in exchanges_of(folds):
        hits = site.hits_of(path_of(exchange.url).partition("?")[0])
        wanted = [sorted((n.lower(), v) for n, v in h.headers) for h in hits]
        if sorted((n.lower(), v) for n, v in exchange.request_headers) not in wanted:
            differ.add(path_of(exchange.url))
    assert differ <= FIRST_OF_A_TARGET


def test_request_bodies_are_those_that_were_sent(recorded) -> None:
    _, folds = recorded
    for fold in folds:
        held = {
            path_of(e.url): e.request_body.read()
            for e in fold.exchanges(lambda h, p: None)
            if e.method in {"POST", "PUT"}
        }
        assert held == {
            "/posted.json": b"a=1&b=2",
            "/posted2.json": b"from a blob",
            "/put.json": b"put body",
            "/form.json": b"q=1",
            "/beacon.json": b"beacon body",
            "/keepalive.json": b"alive",
        }


def test_what_was_cut_says_so(recorded) -> None:
    site, folds = recorded
    for fold in folds:
        cut = {path_of(e.url): e for e in fold.exchanges(lambda h, p: None) if e.truncated}
        assert set(cut) == {"/cut", "/events", "/endless?abort"}
        assert cut["/cut"].truncated == "disconnect"
        assert cut["/cut"].body.size == 2000
        assert cut["/events"].body.read().startswith(b"data: a line\n\n" * 3)
        assert set(cut["/endless?abort"].body.read()) == {ord("x")}


def test_large_bodies_lie_in_files(recorded) -> None:
    _, folds = recorded
    big = [e for e in exchanges_of(folds) if path_of(e.url) == "/big"]
    assert all(e.body.spool and Path(e.body.spool).stat().st_size == 20 << 20 for e in big)
    assert len({e.body.spool for e in big}) == len(folds)


def test_protocol_address_and_kind_are_told(recorded) -> None:
    site, folds = recorded
    for exchange in exchanges_of(folds):
        assert exchange.address == "127.0.0.1"
    silent = {path_of(e.url) for e in exchanges_of(folds) if e.protocols != ("http/1.1",)}
    assert silent <= FIRST_OF_A_TARGET
    kinds = {path_of(e.url): e.resource_type for e in exchanges_of(folds)}
    assert kinds["/torture"] == "document"
    assert kinds["/picture.bmp"] == "image"


SHARED = """<title>shared</title><p>words</p><script>
const twice = path => Promise.all([1, 2, 3].map(() => fetch(path).then(r => r.text())));
Promise.all(['/kept.txt', '/hop1', '/moved-for-good'].map(twice))
  .then(() => { document.title = 'done' })</script>"""


def test_what_three_ask_for_and_the_browser_asks_once_is_recorded_once(
    run, browser, tmp_path: Path
) -> None:
    """Requests that wait for each other in the browser's cache: one of them goes over the wire."""
    lasting = [("Cache-Control", "max-age=600"), ("Content-Type", "text/plain")]
    with Torture({"/shared-answer": SHARED}) as site:
        site.answers["/kept.txt"] = (200, lasting, b"kept" * 90_000)
        site.answers["/moved-for-good"] = (301, [("Location", "/kept.txt"), *lasting], b"")
        capture = run(visit_page(browser, site.url("/shared-answer"), tmp_path))
        sent = Counter((h.path, h.status) for h in site.hits)
    held = Counter((path_of(e.url), e.status) for e in capture.exchanges)
    assert held == sent
    assert sent["/kept.txt", 200] < 6
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)
