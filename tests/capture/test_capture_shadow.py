"""What a page draws in components of its own (shadow roots) is kept as words and as document, as a visitor sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import kept, visit_page
from msgspec.structs import replace
from torture import Torture, filler

from archiver.capture.film import has_video
from archiver.capture.limits import CaptureLimits
from archiver.domain.capture import Status

pytestmark = pytest.mark.browser
COMPONENT = """<!doctype html><html lang=de><title>post</title><x-app></x-app><script>
const root = document.querySelector('x-app').attachShadow({mode: 'open'});
root.innerHTML = '<style>p { color: red }</style><p>words of the post</p><x-inner></x-inner><p hidden>unseen</p>';
root.querySelector('x-inner').attachShadow({mode: 'open'}).innerHTML = 'bare <b>inner words</b>';
</script>"""
PAGES = {
    "/app": COMPONENT,
    "/declared": "<title>x</title><p>light words</p><x-post><template shadowrootmode=open><p>declared words</p>"
    "<slot>instead</slot></template><b>slotted words</b></x-post>",
    "/named": "<title>x</title><form name=querySelectorAll><input name=shadowRoot><input name=innerText></form>"
    "<img name=documentElement><p>words</p><x-app></x-app><script>"
    "const host = document.getElementsByTagName('x-app')[0];"
    "host.attachShadow({mode: 'open'}).innerHTML = '<form><input name=checkVisibility>form words</form>'</script>",
    "/framed": "<title>x</title><p>outer</p><iframe src='http://b.localhost:PORT/app'></iframe>",
    "/player": """<!doctype html><title>x</title><article><p>words</p><x-player></x-player></article><script>
const root = document.querySelector('x-player').attachShadow({mode: 'open'});
root.innerHTML = `<video preload=none src="/film.mp4"></video><button>Show more</button><a href="/left">
<x-button></x-button></a><img src="/small.bmp" srcset="/small.bmp 1x, /large.bmp 3x"><div style="height:9000px"></div>
<iframe loading=lazy src="/none"></iframe>`;
root.querySelector('button').onclick = () => fetch('/more.json');
root.querySelector('x-button').attachShadow({mode: 'open'}).innerHTML = '<button>Show more</button>';
</script>""",
    "/none": "<!doctype html><title>x</title><p>plain</p>",
}


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture(PAGES) as site:
        site.files["/film.mp4"] = ("video/mp4", filler("film", 50_000))
        yield site


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/app", "words of the post bare inner words"),
        ("/declared", "light words slotted words declared words"),
        ("/named", "words form words"),
        ("/framed", "outer words of the post bare inner words"),
        ("/none", "plain"),
    ],
)
def test_words_of_components_are_kept(
    run, browser, site, tmp_path: Path, path: str, words: str
) -> None:
    capture = run(visit_page(browser, site.url(path), tmp_path))
    assert capture.outcome.status is Status.CAPTURED, capture.outcome
    assert kept(capture, "text").split() == words.split()


def test_the_document_holds_them_as_they_can_be_declared(run, browser, site, tmp_path) -> None:
    dom = kept(run(visit_page(browser, site.url("/app"), tmp_path)), "dom")
    assert dom.startswith('<!DOCTYPE html><html lang="de"><head><title>post</title>')
    assert dom.endswith("</body></html>")
    inner = '<x-inner><template shadowrootmode="open">bare <b>inner words</b></template></x-inner>'
    assert inner in dom and '<x-app><template shadowrootmode="open"><style>' in dom


def test_players_pictures_and_buttons_in_components_are_not_overlooked(
    run, browser, site, tmp_path: Path
) -> None:
    limits = CaptureLimits(seconds=40, drawn=1, quiet=4)
    capture = run(visit_page(browser, site.url("/player"), tmp_path, limits=limits))
    assert capture.notes == ()
    came = {e.url.rpartition("/")[2] for e in capture.exchanges}
    assert came == {"player", "film.mp4", "more.json", "small.bmp", "large.bmp", "none"}
    (film,) = (e for e in capture.exchanges if e.url.endswith("/film.mp4"))
    assert film.body.read() == site.files["/film.mp4"][1]
    unseen = replace(capture, exchanges=())
    assert has_video(unseen, ()), "the document has its element"
    assert not has_video(replace(unseen, snapshots=()), ())
