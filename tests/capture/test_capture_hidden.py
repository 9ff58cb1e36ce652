"""Answers whose bodies nobody is shown, or whose bytes are no longer had: no record says that they were empty."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import Authority, visit_page
from front import Front
from torture import Torture

from archiver.capture.browser import BrowserSettings, open_browser
from archiver.capture.limits import CaptureLimits
from archiver.domain.capture import Capture
from archiver.domain.exchange import Exchange

pytestmark = pytest.mark.browser

LIMITS = CaptureLimits(seconds=25, navigation=5, drawn=1, quiet=6)
JSON, PLAIN = ("Content-Type", "application/json"), ("Content-Type", "text/plain")
TOLD = b'{"told": "to nobody"}'
PAGES = {
    "/opaque": """<title>opaque</title><p>words</p><script>
const other = 'http://b.localhost:PORT', opaque = {mode: 'no-cors'};
navigator.sendBeacon(other + '/told?beacon', 'x');
Promise.all(['/told', '/told-coded', '/words'].map(path => fetch(other + path, opaque)))
  .then(() => { document.title = 'done' })</script>""",
    "/later": """<title>later</title><p>words</p><script>
const other = 'http://b.localhost:PORT', now = {activateAfter: 0};
fetchLater('/away', {method: 'POST', body: 'deferred', ...now});
fetchLater('/streamed', now);
fetchLater(other + '/told?later', {mode: 'no-cors', ...now});
for (let n = 0; n < 2; n++) fetchLater(other + '/told?twice', now);
fetchLater('/said?later', now);
fetch('/held?later').then(() => { document.title = 'done' })</script>""",
    "/preloads": """<title>preloads</title><p>words</p><script>
addEventListener('message', () => { document.title = 'done' });
navigator.serviceWorker.register('/preloads.js').then(() => navigator.serviceWorker.ready).then(async told => {
  while (told.active.state != 'activated') await new Promise(go => setTimeout(go, 10));
  await told.navigationPreload.enable();
  const frame = document.createElement('iframe');
  frame.src = '/preloaded';
  document.body.append(frame);
});</script>""",
    "/preloaded": "<p>in time</p><script>parent.postMessage('shown', '*')</script>",
    "/false": """<title>false</title><p>words</p><script>
Promise.allSettled(['/no-gzip', '/no-chunks', '/choices', '/nowhere'].map(p => fetch(p).then(r => r.text())))
  .then(() => { document.title = 'done' })</script>""",
    "/asks": """<title>asks</title><p>words</p><script>
fetch('/asked.json', {method: 'OPTIONS', body: 'what may I?'}).then(() => { document.title = 'done' })</script>""",
    "/uploads": """<title>uploads</title><p>words</p><iframe name=shown></iframe>
<form method=post action=/echo enctype=multipart/form-data target=shown><input type=file name=f></form><script>
const chosen = new DataTransfer();
chosen.items.add(new File([new Uint8Array([0, 1, 254, 255])], 'some.bin'));
document.querySelector('input').files = chosen.files;
document.querySelector('form').submit();</script>""",
    "/streams-up": """<title>up</title><p>words</p><script>
const body = new Blob(['piece by piece']).stream();
fetch('/up.json', {method: 'POST', body, duplex: 'half'}).then(() => { document.title = 'done' })</script>""",
    "/ahead": """<title>ahead</title><p>words</p><script type="speculationrules">
{"prefetch": [{"source": "list", "urls": ["/PAGE"], "eagerness": "immediate"}]}</script>
<script>setTimeout(() => { location = '/PAGE' }, 1000)</script>""",
}
WORDS = "<!doctype html><title>{}</title><p>le café de l’été</p>"
CHARSETS = {"utf": "utf-8", "western": "windows-1252"}


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    told = {path: PAGES["/ahead"].replace("PAGE", path) for path in CHARSETS}
    pages = {**PAGES, **{f"/ahead-of-{path}": page for path, page in told.items()}}
    with Torture(pages) as site:
        site.answers["/told"] = (200, [JSON], TOLD)
        site.answers["/told-coded"] = (
            200, [JSON, ("Content-Encoding", "gzip")], gzip.compress(TOLD),
        )  # fmt: skip
        site.answers["/words"] = (200, [PLAIN], b"some words")
        site.answers["/away"] = (302, [("Location", "/words?later")], b"")
        site.answers["/streamed"] = (
            200, [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")],
            b"9\r\ndata: x\n\n\r\n0\r\n\r\n",
        )  # fmt: skip
        site.answers["/preloads.js"] = (
            200, [("Content-Type", "text/javascript")],
            b"onfetch = e => e.respondWith(e.preloadResponse.then(early => early || fetch(e.request)))",
        )  # fmt: skip
        site.answers["/no-gzip"] = (200, [PLAIN, ("Content-Encoding", "gzip")], b"some words")
        site.answers["/no-chunks"] = (200, [PLAIN, ("Transfer-Encoding", "chunked")], b"zz\r\n")
        site.answers["/choices"] = (300, [PLAIN], b"one or the other")
        site.answers["/nowhere"] = (302, [PLAIN], b"moved, but nobody knows where")
        for path, charset in CHARSETS.items():
            kind = ("Content-Type", f"text/html; charset={charset}")
            site.answers[f"/{path}"] = (200, [kind], WORDS.format(path).encode(charset))
        yield site


def found(capture: Capture, host: str = "") -> dict[str, Exchange]:
    return {e.url.split("/", 3)[3]: e for e in capture.exchanges if host in e.url}


def test_what_is_hidden_from_a_page_of_another_site_is_not_called_empty(
    run, browser, site, tmp_path: Path
) -> None:
    """Opaque response blocking: beacons and the like, whose answers most servers give as JSON."""
    capture = run(visit_page(browser, site.url("/opaque"), tmp_path, limits=LIMITS))
    assert capture.title == "done"
    got = found(capture, "b.localhost")
    for path in ("told", "told-coded", "told?beacon"):
        assert (got[path].status, got[path].body.size, got[path].truncated) == (
            200, 0, "unspecified",
        )  # fmt: skip
        assert "hides" in got[path].error
        assert got[path].header("content-type") == "application/json"
    assert (got["words"].body.read(), got["words"].truncated) == (b"some words", None)


def test_what_is_fetched_later_is_one_exchange(run, browser, site, tmp_path: Path) -> None:
    """The browser tells of a deferred fetch twice, by two names, and of its redirects with the wrong address."""
    capture = run(visit_page(browser, site.url("/later"), tmp_path, limits=LIMITS))
    assert (capture.title, capture.unrecorded) == ("done", ())
    paths = [e.url.split("/", 3)[3] for e in capture.exchanges]
    assert sorted(paths) == [
        "away", "held?later", "later", "said?later", "streamed",
        "told?later", "told?twice", "told?twice", "words?later",
    ]  # fmt: skip
    got = found(capture)
    sent, led, came = got["away"], got["words?later"], got["told?twice"]
    assert (sent.method, sent.request_body.read(), sent.status) == ("POST", b"deferred", 302)
    assert (led.method, led.request_body.size, led.body.read()) == ("GET", 0, b"some words")
    assert (came.status, came.body.read(), came.truncated) == (200, TOLD, None)
    for path in ("told?later", "streamed"):
        assert (got[path].body.size, got[path].truncated) == (0, "unspecified")


def test_what_is_fetched_for_a_service_worker_says_why_it_has_no_body(
    run, browser, site, tmp_path: Path
) -> None:
    """No session of the protocol hands it out, and no pause comes; the page has it from the worker."""
    capture = run(visit_page(browser, site.url("/preloads"), tmp_path, limits=LIMITS))
    assert capture.title == "done"
    assert len(site.hits_of("/preloaded")) == 1
    (shown,) = [e for e in capture.exchanges if e.url.endswith("/preloaded")]
    assert (shown.status, shown.body.size, shown.truncated) == (200, 0, "unspecified")
    assert "navigation preload" in shown.error
    assert [lost.url for lost in capture.unrecorded] == [shown.url]
    assert "service worker" in capture.unrecorded[0].reason


def test_what_the_browser_cannot_read_is_not_called_empty(
    run, browser, site, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/false"), tmp_path, limits=LIMITS))
    assert capture.title == "done"
    got = found(capture)
    for path in ("no-gzip", "no-chunks"):
        assert (got[path].status, got[path].body.size, got[path].truncated) == (
            200, 0, "unspecified",
        )  # fmt: skip
        assert got[path].error.startswith("net::ERR_")


def test_what_leads_nowhere_is_no_redirect(run, browser, site, tmp_path: Path) -> None:
    """A page gets the body of such an answer, as of any other."""
    capture = run(visit_page(browser, site.url("/false"), tmp_path, limits=LIMITS))
    got = found(capture)
    for path in ("choices", "nowhere"):
        status, _, body = site.answers[f"/{path}"]
        assert (got[path].status, got[path].body.read(), got[path].truncated) == (
            status, body, None,
        )  # fmt: skip


def test_questions_may_have_a_body(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/asks"), tmp_path, limits=LIMITS))
    asked = found(capture)["asked.json"]
    assert (asked.method, asked.request_body.read()) == ("OPTIONS", b"what may I?")


def test_a_form_with_files_is_kept_as_it_was_sent(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/uploads"), tmp_path, limits=LIMITS))
    (sent,) = [hit.request_body for hit in site.hits_of("/echo")]
    assert b"\0\1\xfe\xff" in sent
    assert found(capture)["echo"].request_body.read() == sent
    assert capture.notes == ()


async def by_h2(site: Torture, path: str, spool: Path, authority: Authority) -> Capture:
    settings = BrowserSettings(allow_no_sandbox=True, ca_file=authority.file)
    async with open_browser(settings, None) as browser:
        return await visit_page(browser, site.url(path), spool, limits=LIMITS)


def test_what_early_hints_brought_is_an_exchange_or_noted(
    run, authority: Authority, tmp_path: Path
) -> None:
    """Of what the browser asks for then nothing is told but the answer, where the page uses it."""
    lasting = [("Content-Type", "text/css"), ("Cache-Control", "max-age=600")]
    with Torture() as site, Front(site, authority.context(), "h2"):
        for each in ("used", "unused"):
            site.answers[f"/early-{each}.css"] = (200, lasting, b"p { color: teal }")
        capture = run(by_h2(site, "/early", tmp_path, authority))
        names = [site.url(f"/early-{each}.css") for each in ("used", "unused")]
    (style,) = [e for e in capture.exchanges if e.url.endswith(".css")]
    assert (style.url, style.body.read(), style.truncated) == (names[0], b"p { color: teal }", None)
    assert len(site.hits_of("/early-used.css")) == 1
    assert style.header("cache-control") == "max-age=600"
    assert any("early hints" in n and n.endswith(", ".join(names)) for n in capture.notes)
    assert any("as announced" in n and n.endswith(names[0]) for n in capture.notes)
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


def test_bodies_that_were_streamed_up_are_noted(run, authority: Authority, tmp_path: Path) -> None:
    with Torture(PAGES) as site, Front(site, authority.context(), "h2"):
        capture = run(by_h2(site, "/streams-up", tmp_path, authority))
        (hit,) = site.hits_of("/up.json")
        note = f"request bodies that the browser did not tell, of 1: {site.url('/up.json')}"
    assert (capture.title, hit.request_body) == ("done", b"piece by piece")
    assert found(capture)["up.json"].request_body.size == 0
    assert note in capture.notes


@pytest.mark.parametrize("path", CHARSETS)
def test_of_a_page_fetched_ahead_its_bytes_are_kept_or_none(
    run, browser, site, tmp_path: Path, path: str
) -> None:
    """Only its text is told, which is what the server sent where that was good UTF-8."""
    capture = run(visit_page(browser, site.url(f"/ahead-of-{path}"), tmp_path, limits=LIMITS))
    assert capture.title == path
    shown, sent = found(capture)[path], site.answers[f"/{path}"][2]
    kept = (sent, None) if path == "utf" else (b"", "unspecified")
    assert (shown.body.read(), shown.truncated) == kept
    assert ("text" in shown.error) is (path != "utf")
