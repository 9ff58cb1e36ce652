"""The torture page over TLS, by HTTP/1.1 and by HTTP/2: what was sent is what is recorded."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from capture_kit import Authority
from front import Front
from test_capture_torture import CUT, REDIRECTS, UNCONTROLLED, path_of, torture
from torture import CODINGS, Torture

from archiver.capture.browser import BrowserSettings, open_browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.stage import open_stage

pytestmark = pytest.mark.browser

CODED = """<!doctype html><title>coded</title><script>
Promise.all(NAMES.map(n => fetch('/coded?' + n).then(r => r.text()).catch(String)))
  .then(() => document.title = 'done')</script>""".replace("NAMES", str(list(CODINGS)))


@pytest.fixture(scope="module", params=["http/1.1", "h2"])
def protocol(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def recorded(protocol, run, authority: Authority, tmp_path_factory):
    """The torture page, and all content codings, behind a front of one protocol."""
    spool = tmp_path_factory.mktemp("spool")
    settings = BrowserSettings(allow_no_sandbox=True, ca_file=authority.file)

    async def coded(browser, site: Torture):
        async with open_stage(browser, None, CaptureLimits(), spool, "coded") as stage:
            await stage.page.goto(site.url("/codings"))
            await stage.page.wait_for_function("document.title == 'done'", timeout=20_000)
            await asyncio.sleep(0.3)
        return stage.recording

    async def story(site: Torture):
        async with open_browser(settings, None) as browser:
            page = await torture(browser, site, spool, "page")
            return page.fold, (await coded(browser, site)).fold

    with Torture({"/codings": CODED}) as site, Front(site, authority.context(), protocol):
        page, codings = run(story(site))
    return site, page, codings


def exchanges(fold):
    return fold.exchanges(lambda host, port: "127.0.0.1")


def same_bodies(site: Torture, folds) -> None:
    """What the server sent and what these captures hold is the same, each answer as often."""
    skipped = (*CUT, "/cut", "/coded")
    sent = Counter(
        (h.method, h.path, h.status, b"" if h.status in REDIRECTS else h.sent)
        for h in site.hits
        if not h.path.startswith(skipped) and h.path != "/codings"
    )
    held = Counter(
        (e.method, path_of(e.url), e.status, e.body.read())
        for fold in folds
        for e in exchanges(fold)
        if not path_of(e.url).startswith(skipped)
    )
    lost = {key[:3]: n for key, n in (sent - held).items() if key[1] not in UNCONTROLLED}
    assert {path: n for path, n in lost.items() if path[1] != "/favicon.ico"} == {}
    assert {key[:3]: n for key, n in (held - sent).items()} == {}


def test_every_body_sent_is_recorded(recorded) -> None:
    site, page, _ = recorded
    same_bodies(site, [page])


@pytest.mark.soak
@pytest.mark.parametrize("count", [2, 4, 8])
def test_every_body_sent_is_recorded_of_many_at_once(
    protocol: str, run, authority: Authority, tmp_path: Path, count: int
) -> None:
    settings = BrowserSettings(allow_no_sandbox=True, ca_file=authority.file)

    async def story(site: Torture):
        async with open_browser(settings, None) as browser:
            pages = (torture(browser, site, tmp_path, f"page{n}", 180) for n in range(count))
            return [recording.fold for recording in await asyncio.gather(*pages)]

    with Torture() as site, Front(site, authority.context(), protocol):
        folds = run(story(site))
    same_bodies(site, folds)
    for fold in folds:
        assert fold.requested == len(exchanges(fold)) + len(fold.unrecorded())


def test_nothing_requested_is_unaccounted_for(recorded) -> None:
    _, page, _ = recorded
    assert page.requested == len(exchanges(page)) + len(page.unrecorded())
    assert {path_of(u.url) for u in page.unrecorded()} == {"/stall", "/made.json", "/through.json"}


def test_what_was_cut_says_so(recorded) -> None:
    _, page, _ = recorded
    cut = {path_of(e.url): e.truncated for e in exchanges(page) if e.truncated}
    assert set(cut) == {"/cut", "/events", "/endless?abort"}
    assert cut["/cut"] == "disconnect"


def test_protocol_and_certificate_are_told(recorded, protocol: str) -> None:
    _, page, _ = recorded
    told = Counter(e.protocols for e in exchanges(page))
    assert told.most_common(1)[0][0] == (protocol, "tls/1.3")
    main = next(e for e in exchanges(page) if path_of(e.url) == "/torture")
    assert main.tls is not None
    assert main.tls.subject == "post.example"


def grouped(headers) -> dict[str, list[str]]:
    """Values by name, names in the order in which they first stand."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return found


def test_headers_in_order_with_every_cookie(recorded, protocol: str) -> None:
    """As sent by HTTP/1.1; by HTTP/2 names are lower case, Chromium puts lines of one name together,
    and Set-Cookie lines come last, where DevTools has them."""
    site, page, _ = recorded
    (found,) = [e for e in exchanges(page) if path_of(e.url) == "/cookies"]
    sent, held = site.hits_of("/cookies")[0].sent_headers, found.response_headers
    if protocol == "http/1.1":
        assert list(held) == sent
    wanted, had = grouped(sent), grouped(held)
    assert had.pop("set-cookie") == wanted.pop("set-cookie")
    assert list(had.items()) == list(wanted.items())


@pytest.mark.parametrize("name", list(CODINGS))
def test_every_content_coding(recorded, name: str) -> None:
    """The body is held decoded, the header that names its coding stays."""
    site, _, codings = recorded
    (found,) = [e for e in exchanges(codings) if path_of(e.url) == f"/coded?{name}"]
    sent = next(h for h in site.hits_of("/coded") if h.path.endswith(f"?{name}"))
    assert found.body.read() == sent.sent
    assert found.header("content-encoding") == CODINGS[name][0]


def test_large_bodies_lie_in_files(recorded) -> None:
    _, page, _ = recorded
    (big,) = [e for e in exchanges(page) if path_of(e.url) == "/big"]
    assert big.body.spool
    assert Path(big.body.spool).stat().st_size == 20 << 20
