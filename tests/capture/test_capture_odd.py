"""Requests that a recorder may miss, and pages that lead somewhere else."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import visit_page
from torture import Torture

from archiver.capture.browser import BrowserSettings, open_browser
from archiver.capture.consent import REFUSALS
from archiver.capture.limits import CaptureLimits
from archiver.domain.capture import Capture, Status
from archiver.net.addresses import AddressPolicy
from archiver.net.guard import EgressGuard

pytestmark = pytest.mark.browser

LIMITS = CaptureLimits(seconds=25, navigation=5, drawn=1, quiet=2)
LIES = ("'a'", "NaN", "Infinity", "({})", "[1, 2]", "undefined", "-1e308", "10n")
PAGES = {
    "/leaving": """<title>leaving</title><p>words</p><script>
const tell = how => {
  for (let n = 0; n < 20; n++) navigator.sendBeacon('/beacon.json?' + how + n, 'x');
};
addEventListener('pagehide', () => tell('pagehide'));
document.addEventListener('visibilitychange', () => tell('visibility'));
addEventListener('unload', () => tell('unload'));</script>""",
    "/ahead": """<title>ahead</title><p>words</p><script type="speculationrules">
{"prefetch": [{"source": "list", "urls": ["/frame?depth=3", "/popup"], "eagerness": "immediate"}]}</script>
<script>setTimeout(() => { location = '/popup' }, 1000)</script>""",
    "/offers": """<title>offers</title><p>words</p><script>
for (let n = 0; n < 5; n++) {
  const link = document.createElement('a');
  [link.href, link.download] = ['/blob.bin?' + n, 'x'];
  document.body.append(link);
  link.click();
}
const made = document.createElement('a');
[made.href, made.download] = [URL.createObjectURL(new Blob(['x'])), 'x'];
made.click();</script>""",
    "/twisted": """<!doctype html><title>twisted</title><p>true words</p><script>
XMLSerializer.prototype.serializeToString = () => 'a lie';
for (const place of [Element.prototype, document.documentElement])
  Object.defineProperty(place, 'outerHTML', {get: () => 'a lie'});
Object.defineProperty(HTMLElement.prototype, 'innerText', {get: () => 'a lie'});
Object.defineProperty(document, 'title', {get: () => 'a lie'});
document.body.append('half \\ud83d of a pair');</script>
<img name=documentElement><img name=doctype><img name=body><form name=title></form>""",
    "/local": """<title>local</title><p>words</p><iframe src="file:///etc/hostname"></iframe>
<iframe src="chrome://version"></iframe><iframe src="view-source:http://a.localhost:PORT/x"></iframe>""",
    "/walls": """<title>walls</title><style>aside { position: fixed; bottom: 0 } button { display: block }</style>
<script>const done = b => b.parentElement.outerHTML = '<p>' + b.id + '</p>'</script>
<aside>Wir möchten Cookies setzen. <button id=accepted onclick="done(this)">Alle annehmen</button>
<button id=german onclick="done(this)">Nur notwendige</button></aside>
<aside>We use cookies <div><button id=english onclick="done(this.parentElement.children[0])">
Refuse non-essential cookies</button></div></aside>
<div role=dialog>Votre confidentialité <button id=french onclick="done(this)">Tout refuser</button></div>
<aside>クッキー <button id=japanese onclick="done(this)">すべて拒否</button></aside>
<aside>Your privacy <a href=/gone><button id=link onclick="done(this)">Reject all</button></a></aside>
<aside>Cookies <form action=/gone><button id=form onclick="done(this)">Decline</button></form></aside>
<aside>An invitation <button id=invitation onclick="done(this)">Decline</button></aside>
<section>About cookies <button id=text onclick="done(this)">Reject all</button></section>""",
    "/high": """<title>high</title><body style="margin:0"><div style="height:39000px">words</div>
<p id=end>end</p><script>
new IntersectionObserver(seen => seen[0].isIntersecting && fetch('/reached.json')).observe(end)</script>""",
    "/growing": """<title>growing</title><p>words</p><script>
const more = () => document.body.insertAdjacentHTML('beforeend', '<p style="height:3000px">more</p>');
more(); onscroll = more;</script>""",
    "/fleeting": """<title>fleeting</title><p>words</p><script>
for (let n = 0; n < 10; n++) {
  const worker = new Worker('/passing.js?' + n);
  setTimeout(() => worker.terminate(), n * 10);
  const frame = document.createElement('iframe');
  frame.src = '/frame?depth=3';
  document.body.append(frame);
  setTimeout(() => frame.remove(), n * 10);
}
const opened = open('/popup');
setTimeout(() => opened.close(), 100);</script>""",
    "/frames": "<title>frames</title><p>words</p>" + "<iframe src=/frame?depth=3></iframe>" * 40,
    **{
        f"/liar{number}": f"""<title>liar</title><article>words</article><script>
Element.prototype.getBoundingClientRect = () => ({{x: {value}, y: {value}, width: 100, height: 100}});
for (const name of ['innerHeight', 'scrollY']) Object.defineProperty(window, name, {{get: () => {value}}});
Object.defineProperty(Element.prototype, 'scrollHeight', {{get: () => {value}}});</script>"""
        for number, value in enumerate(LIES)
    },
    "/served": """<title>served</title><p>words</p><script>
navigator.serviceWorker.register('/passes.js').then(r => navigator.serviceWorker.ready.then(() => r.update()))
  .then(() => { document.title = 'updated' })</script>""",
}


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture(PAGES) as site:
        yield site


def paths(capture: Capture) -> set[str]:
    return {"/" + e.url.split("/", 3)[3] for e in capture.exchanges}


async def in_lane(site: Torture, path: str, spool: Path, executable: str) -> Capture:
    """Visit a page through the guard, and give what it sends as it is closed the time to arrive."""
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", site.port)}))
    settings = BrowserSettings(allow_no_sandbox=True, executable=executable)
    with EgressGuard(policy=policy, lookup=lambda name: ["127.0.0.1"]) as guard:
        own, lane = guard.lane(), guard.lane()
        async with open_browser(settings, own.proxy_url) as browser:
            url = site.url(path, "www.harbour.example")
            capture = await visit_page(browser, url, spool, limits=LIMITS, lane=lane)
            await asyncio.sleep(1)
    return capture


def test_what_a_page_sends_as_it_is_closed_reaches_nobody(run, site, tmp_path: Path) -> None:
    """Full Chromium lets a page that is closed send beacons; nobody would record them."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no full Chromium")
    capture = run(in_lane(site, "/leaving", tmp_path, chromium))
    assert capture.outcome.status is Status.CAPTURED
    assert {h.path for h in site.hits if h.host == "www.harbour.example"} == paths(capture)


def test_the_second_look_at_a_service_worker_is_noted(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/served"), tmp_path, limits=LIMITS))
    assert capture.title == "updated"
    assert len(site.hits_of("/passes.js")) >= 2
    assert sum(e.url.endswith("/passes.js") for e in capture.exchanges) == 1
    (note,) = [note for note in capture.notes if "service worker" in note]
    assert note.endswith(site.url("/passes.js"))


def test_what_the_browser_fetches_ahead_is_an_exchange(run, browser, site, tmp_path: Path) -> None:
    """Speculation rules: of a page that is gone to the body is there, of another the record says that it is not."""
    capture = run(visit_page(browser, site.url("/ahead"), tmp_path, limits=LIMITS))
    assert (capture.title, capture.page_url) == ("popup", site.url("/popup"))
    found = {e.url: e for e in capture.exchanges}
    shown, other = found[site.url("/popup")], found[site.url("/frame?depth=3")]
    (sent,) = [h.sent for h in site.hits_of("/popup")]
    assert (shown.body.read(), shown.truncated) == (sent, None)
    assert (other.status, other.body.size, other.truncated) == (200, 0, "unspecified")
    assert "ahead" in other.error
    assert [u.url for u in capture.unrecorded] == [site.url("/popup")]
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


def test_downloads_that_nobody_announced_are_named(run, browser, site, tmp_path: Path) -> None:
    """Of links with `download` the browser tells the first as a request, and the others as downloads only."""
    capture = run(visit_page(browser, site.url("/offers"), tmp_path, limits=LIMITS))
    assert capture.outcome.status is Status.CAPTURED
    named = {u.url: u.reason for u in capture.unrecorded}
    asked = {site.url(h.path) for h in site.hits_of("/blob.bin")}
    assert len(asked) == 5
    assert asked <= set(named) | {e.url for e in capture.exchanges}
    assert set(named.values()) == {"a download, which was refused"}
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


def test_frames_that_never_answer_do_not_cost_the_visit(run, browser, site, tmp_path: Path) -> None:
    """As pages have them that were saved from somebody's disk."""
    limits = CaptureLimits(seconds=45, navigation=5, drawn=1, quiet=2)
    capture = run(visit_page(browser, site.url("/local"), tmp_path, limits=limits))
    assert (capture.outcome.status, capture.limits_hit) == (Status.CAPTURED, ())
    assert capture.notes == ("a frame of the page did not answer in time",)
    assert {s.role for s in capture.snapshots} >= {"dom", "text", "view", "pageinfo"}


def test_a_page_cannot_falsify_its_document(run, browser, site, tmp_path: Path) -> None:
    """Neither by its scripts nor by elements with the names of a document's properties. Nor does half a
    surrogate pair in its text, which is no good Unicode, end the recorder's line."""
    capture = run(visit_page(browser, site.url("/twisted"), tmp_path, limits=LIMITS))
    assert capture.outcome.status is Status.CAPTURED
    kept = {s.role: s.body.read() for s in capture.snapshots}
    assert kept["dom"].startswith(b"<!DOCTYPE html><html><head><title>twisted</title>")
    assert b"<p>true words</p>" in kept["dom"]
    assert kept["text"].startswith(b"true words")
    assert "half \ufffd of a pair".encode() in kept["text"]
    assert b"a lie" not in kept["text"]
    assert capture.title == "twisted"


def test_banners_of_a_site_s_own_making_are_refused_by_their_words(
    run, browser, site, tmp_path: Path
) -> None:
    """What refuses is pressed where it lies over the page and speaks of cookies; no link, no form, no other."""
    capture = run(visit_page(browser, site.url("/walls"), tmp_path, limits=LIMITS))
    (text,) = [s.body.read().decode() for s in capture.snapshots if s.role == "text"]
    pressed = {"german", "english", "french", "japanese"}
    known = pressed | {"accepted", "link", "form", "invitation", "text"}
    assert {line.strip() for line in text.splitlines()} & known == pressed
    assert capture.page_url == site.url("/walls")


@pytest.mark.parametrize(
    ("words", "refuses"),
    [
        ("Only allow essential cookies", True), ("Decline optional cookies", True), ("Reject all", True),
        ("Alle ablehnen", True), ("Continuer sans accepter", True), ("Rechazar todo", True),
        ("Rifiuta tutti", True), ("Rejeitar todos", True), ("Odrzuć wszystkie", True), ("Respinge tot", True),
        ("Отклонить все", True), ("拒绝", True), ("Accept", False), ("Accept all", False), ("OK", False),
        ("Alle akzeptieren", False), ("Tout accepter", False), ("Allow all cookies", False), ("", False),
        ("Refuse collection", False), ("Manage options", False), ("Reject or accept all", False),
    ],
)  # fmt: skip
def test_words_of_refusal(words: str, refuses: bool) -> None:
    assert bool(re.search(f"^({'|'.join(REFUSALS)})( cookies)?[.!]?$", words, re.I)) is refuses


def test_of_a_page_that_never_ends_the_beginning_is_kept_and_shown(
    run, browser, site, tmp_path: Path
) -> None:
    limits = CaptureLimits(seconds=40, navigation=4, drawn=1, quiet=2, body_seconds=4)
    capture = run(visit_page(browser, site.url("/drip.txt"), tmp_path, limits=limits))
    assert (capture.outcome.status, capture.limits_hit) == (Status.PARTIAL, ("body-seconds",))
    first, second = [e for e in capture.exchanges if e.url.endswith("/drip.txt")]
    assert (first.body.size, first.truncated, second.truncated) == (0, "time", "time")
    assert second.body.read().startswith(b"drip drip ")
    (text,) = [s.body.read() for s in capture.snapshots if s.role == "text"]
    assert text.startswith(b"drip drip ")
    assert "view" in {s.role for s in capture.snapshots}


def test_a_page_that_broke_off_is_partial(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/broken-off"), tmp_path, limits=LIMITS))
    assert capture.outcome.status is Status.PARTIAL
    assert "the page did not come whole" in capture.outcome.reason
    (page,) = [e for e in capture.exchanges if e.url.endswith("/broken-off")]
    assert page.truncated is not None
    assert page.body.size == 49


def test_a_high_page_is_scrolled_to_its_end(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/high"), tmp_path, limits=LIMITS))
    assert "/reached.json" in paths(capture)
    assert capture.notes == ()


@pytest.mark.parametrize(
    ("path", "note"),
    [
        ("/growing", "the page was scrolled 12 times and may go on"),
        ("/frames", "of the frames of the page only the first 30 were looked into"),
    ],
)
def test_what_was_left_out_is_noted(
    run, browser, site, tmp_path: Path, path: str, note: str
) -> None:
    capture = run(visit_page(browser, site.url(path), tmp_path, limits=LIMITS))
    assert capture.outcome.status is Status.CAPTURED
    assert note in capture.notes


@pytest.mark.parametrize("number", range(len(LIES)))
def test_a_page_may_say_of_itself_what_it_likes(run, browser, site, tmp_path, number: int) -> None:
    capture = run(visit_page(browser, site.url(f"/liar{number}"), tmp_path, limits=LIMITS))
    assert capture.outcome.status is Status.CAPTURED, (capture.outcome, capture.notes)
    assert not any("broke off" in note for note in capture.notes)
    assert {s.role for s in capture.snapshots} >= {"dom", "text", "view", "pageinfo"}


def test_what_is_gone_is_not_waited_for(run, browser, site, tmp_path: Path) -> None:
    """Of frames, workers and windows that are no more the browser tells no end of what they had asked for."""
    capture = run(visit_page(browser, site.url("/fleeting"), tmp_path, limits=LIMITS))
    assert capture.outcome.status is Status.CAPTURED
    assert "the network did not come to rest" not in capture.notes
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)
    assert not {exchange.truncated for exchange in capture.exchanges} & {"time", "length"}
