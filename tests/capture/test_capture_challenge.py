"""Servers that ask for a password: nobody is asked, nothing waits, and their answers are kept."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import SETTINGS, visit_page
from msgspec.structs import replace
from torture import JS, Torture

from archiver.capture.browser import Browser, open_browser
from archiver.capture.limits import CaptureLimits
from archiver.domain.capture import Status

pytestmark = pytest.mark.browser

LIMITS = CaptureLimits(seconds=40, navigation=5, drawn=2, quiet=6, body_seconds=5)
PAGE = """<!doctype html><title>challenged</title><p>words beside closed doors</p>
<img src="/closed?image"><img src="http://b.localhost:PORT/closed?far">
<iframe src="/closed?frame"></iframe><iframe src="http://b.localhost:PORT/inner"></iframe>
<link rel=stylesheet href="/closed?style"><script src="/closed?script"></script>
<script>
fetch('/closed?fetch', {credentials: 'include'}).then(answer => answer.text())
  .then(text => document.body.append(text));
const request = new XMLHttpRequest();
request.open('POST', '/closed?xhr');
request.send('asked');
new Worker('/worker.js');
</script>"""
INNER = '<!doctype html><p>inner words</p><img src="/closed?inner">'
WORKER = b"fetch('/closed?worker')"
BY = {"image", "frame", "style", "script", "fetch", "xhr", "inner", "worker"}
CHALLENGES = {
    "basic": [("WWW-Authenticate", 'Basic realm="closed"')],
    "digest": [("WWW-Authenticate", 'Digest realm="closed", nonce="a", qop="auth"')],
    "ntlm": [("WWW-Authenticate", "NTLM"), ("WWW-Authenticate", "Negotiate")],
}
SAID = b"<!doctype html><p>the door is closed</p>"


@pytest.fixture(scope="module", params=["chromium-headless-shell", "chromium"])
def browser(run, request) -> Iterator[Browser]:
    """Each kind of Chromium that is here."""
    program = shutil.which(request.param)
    if program is None:
        pytest.skip(f"there is no {request.param}")
    opened = open_browser(replace(SETTINGS, executable=program), None)
    yield run(opened.__aenter__())
    run(opened.__aexit__(None, None, None))


@pytest.fixture
def site() -> Iterator[Torture]:
    with Torture({"/page": PAGE, "/inner": INNER}) as site:
        site.files["/worker.js"] = (JS, WORKER)
        yield site


@pytest.mark.parametrize("kind", CHALLENGES)
def test_a_challenge_is_refused_and_its_answer_kept(
    run, browser, site, tmp_path: Path, kind: str
) -> None:
    html = ("Content-Type", "text/html; charset=utf-8")
    site.answers["/closed"] = (401, [*CHALLENGES[kind], html], SAID)
    capture = run(visit_page(browser, site.url("/page"), tmp_path, limits=LIMITS))
    assert capture.outcome.status is Status.CAPTURED, (capture.outcome, capture.notes)
    assert capture.limits_hit == ()
    assert not [note for note in capture.notes if "did not" in note], "nothing waits for a password"
    told = [e for e in capture.exchanges if "/closed?" in e.url]
    assert sorted(e.url.partition("?")[2] for e in told) == sorted(BY), "each is asked for once"
    assert {(e.status, e.body.read(), e.truncated, e.error) for e in told} == {
        (401, SAID, None, "")
    }
    for exchange in told:
        said = [pair for pair in exchange.response_headers if pair[0] == "WWW-Authenticate"]
        assert said == CHALLENGES[kind], exchange.url
    assert len(site.hits_of("/closed")) == len(BY) + 1
    assert not [name for hit in site.hits for name, _ in hit.headers if name == "Authorization"]
    assert [lost.url for lost in capture.unrecorded] == [site.url("/closed?far", "b.localhost")]
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


def test_a_page_behind_a_password_is_no_wait(run, browser, site, tmp_path: Path) -> None:
    html = ("Content-Type", "text/html; charset=utf-8")
    site.answers["/closed"] = (401, [*CHALLENGES["basic"], html], SAID)
    capture = run(visit_page(browser, site.url("/closed"), tmp_path, limits=LIMITS))
    assert capture.limits_hit == ()
    main = next(e for e in capture.exchanges if e.url == site.url("/closed"))
    assert (main.status, main.body.read(), main.truncated) == (401, SAID, None)
    assert capture.outcome.status is not Status.CAPTURED
    assert {s.role for s in capture.snapshots} >= {"view", "dom"}, "what the server said is shown"
