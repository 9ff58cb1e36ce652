"""Pages that go on to another document while their pictures are taken: what is kept is of one document."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import kept, visit_page
from torture import Torture

pytestmark = pytest.mark.browser
TALL = "<div style='height:3000px'></div><iframe srcdoc='<p>below</p>' height=80></iframe>"
"""With a frame below the window, so that the window is made higher for the pictures."""
GOES_ON = """<script>
window.requestAnimationFrame = () => 0;
const later = setTimeout;
window.setTimeout = (work, time) => later(work, time + 3000);
addEventListener('resize', () => location.replace(NEXT));
</script>"""
"""When the window is made higher; the pictures wait for the page to be drawn so, and it takes its time over that, so
that the next document is there before they are done."""
PAGES = {
    "/check": f"<title>check</title><h1>checking</h1>{TALL}{GOES_ON.replace('NEXT', repr('/post'))}",
    "/post": f"<title>post</title><h1>the post</h1>{TALL}",
    "/restless": f"<title>x</title><h1>on the way</h1>{TALL}"
    + GOES_ON.replace("NEXT", "'/restless?' + Math.random()"),
}
WORDS = {"check": "checking", "post": "the post"}


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture(PAGES) as site:
        yield site


def test_words_and_pictures_are_those_of_the_page_that_is_named(
    run, browser, site, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/check"), tmp_path))
    assert capture.page_url is not None
    page = capture.page_url.rpartition("/")[2]
    assert kept(capture, "text").startswith(WORDS[page])
    assert f"<h1>{WORDS[page]}</h1>" in kept(capture, "dom")
    assert {s.urn.partition(":http")[2] for s in capture.snapshots} == {capture.page_url[4:]}
    assert capture.title == page


def test_a_page_that_never_stays_is_noted(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/restless"), tmp_path))
    assert kept(capture, "text").startswith("on the way")
    assert [note for note in capture.notes if "went on to another document" in note]
