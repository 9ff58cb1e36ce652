"""What was pictured is of the document under whose address it is filed, or the capture says otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import kept, visit_page
from test_capture_fold import URL, announced, answered, fold_of, nowhere
from torture import Torture

from archiver.capture.limits import CaptureLimits
from archiver.domain.capture import Status
from archiver.domain.exchange import Body

LIMITS = CaptureLimits(seconds=25, navigation=5, drawn=1, quiet=2)
PAGES = {
    "/first": """<title>first</title><p>first words</p><script>
if (!sessionStorage.been) onload = () => setTimeout(() => location = '/second');
sessionStorage.been = 1</script>""",
    "/second": """<title>second</title><p>second words</p><script>
onload = () => setTimeout(() => history.back())</script>""",
    "/worked": """<title>worked</title><p>words of the server</p><script>
navigator.serviceWorker.register('/forges.js').then(() => navigator.serviceWorker.ready).then(() => location.reload())
</script>""",
    "/made": """<title>made</title><p>words of the server</p><script>
onload = () => location = URL.createObjectURL(new Blob(['<p>words of a script'], {type: 'text/html'}))</script>""",
}
FORGES = b"""oninstall = () => skipWaiting(); onactivate = e => e.waitUntil(clients.claim());
onfetch = e => e.respondWith(new Response('<title>forged</title><p>words of the worker</p>', {
  headers: {'Content-Type': 'text/html'}}))"""


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture(PAGES) as site:
        site.files["/forges.js"] = ("text/javascript", FORGES)
        yield site


@pytest.mark.browser
def test_a_document_out_of_the_cache_is_the_one_that_came_before(
    run, browser, site, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/first"), tmp_path, limits=LIMITS))
    assert site.times("/second") == 1
    assert (capture.page_url, capture.title) == (site.url("/first"), "first")
    assert kept(capture, "text") == "first words"
    first = next(e for e in capture.exchanges if e.url == site.url("/first"))
    assert capture.page_at == first.started_at


@pytest.mark.browser
def test_a_document_of_a_service_worker_is_noted(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/worked"), tmp_path, limits=LIMITS))
    assert kept(capture, "text") == "words of the worker"
    (note,) = [note for note in capture.notes if "worker answered" in note]
    assert note.endswith(site.url("/worked"))
    assert all(
        b"of the worker</p>'" in e.body.read() for e in capture.exchanges if "forges" in e.url
    )
    assert not any(e.body.read().startswith(b"<title>forged") for e in capture.exchanges)


@pytest.mark.browser
def test_what_is_no_document_of_the_web_is_not_pictured_and_noted(
    run, browser, site, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/made"), tmp_path, limits=LIMITS))
    assert capture.outcome.status is Status.CAPTURED
    assert not capture.snapshots
    assert any("no document of the web" in note for note in capture.notes)


def test_the_answer_that_the_cache_gave_again() -> None:
    """The last one before it that came whole: not one that broke off, nor one of another address."""
    names = "1", "2", "3", "4"
    done = [("s", "Network.loadingFinished", {"requestId": n}) for n in ("1", "2", "4")]
    other = announced("4", url=URL + "/b"), answered("4")
    fold = fold_of(
        announced("1"), answered("1"), announced("2"), answered("2"), *other, announced("3"),
        ("s", "Network.requestServedFromCache", {"requestId": "3"}), answered("3"), *done,
    )  # fmt: skip
    for name in names:
        fold.got_body(name, Body.of(name.encode()), "time" if name == "2" else None)
    found = fold.exchange_of("3", nowhere)
    assert found is not None
    assert found.body.read() == b"1"
    lone = fold_of(
        announced("1"), ("s", "Network.requestServedFromCache", {"requestId": "1"}), answered("1")
    )
    assert lone.exchange_of("1", nowhere) is None
