"""Frames below the window: Chromium draws nothing new in one of another site while nobody can see it."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import visit_page
from PIL import Image
from torture import Torture

from archiver.domain.capture import Capture

FRAME = """<!doctype html><title>frame</title><body><script>
addEventListener('message', () => { document.body.style.background = 'rgb(200, 0, 0)'; });
</script>"""
NESTED = """<!doctype html><title>frame</title><body style="margin:0">
<iframe src="http://c.localhost:PORT/red" style="border:0;width:400px;height:300px"></iframe><script>
addEventListener('message', () => frames[0].postMessage('now', '*'));</script>"""
PAGE = """<!doctype html><title>an article</title><style>body { margin: 0 } iframe { border: 0; display: block }</style>
BEFORE<article style="width:700px;height:HEIGHTpx;position:relative">
<iframe src="http://b.localhost:PORT/red" style="position:absolute;top:2500px;width:400px;height:300px"></iframe>
<iframe src="http://b.localhost:PORT/nested" style="position:absolute;top:SECONDpx;width:400px;height:300px"></iframe>
</article><script>
// what the frames show comes when a visitor has been down and is back at the top
let down = false;
addEventListener('scroll', () => {
  down ||= scrollY > 0;
  if (down && scrollY == 0) for (const one of [frames[0], frames[1]]) one.postMessage('now', '*');
});
</script>"""
HERO = "<div style='height:100vh;background:#ddd'>a hero</div>"
MAY_BE_BLANK = "frames below {} pixels may be blank in pictures of the page"


def page(height: int = 6000, second: int = 5000, before: str = "") -> str:
    made = PAGE.replace("HEIGHT", str(height)).replace("SECOND", str(second))
    return made.replace("BEFORE", before)


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    pages = {"/article": page(), "/long": page(14_000, 13_000), "/hero": page(before=HERO)}
    with Torture({**pages, "/red": FRAME, "/nested": NESTED}) as site:
        yield site


def picture(capture: Capture, role: str) -> Image.Image:
    """The first picture of a kind."""
    data = next(s for s in capture.snapshots if s.role == role).body.read()
    return Image.open(io.BytesIO(data)).convert("RGB")


def is_red(image: Image.Image, across: int, down: int) -> bool:
    red, green, blue = image.getpixel((across, down))
    return red > 150 and green < 60 and blue < 60


def test_pictures_show_frames_below_the_window_as_they_are(
    run, browser, site: Torture, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/article"), tmp_path))
    for role, scale in (("post", 2), ("full", 1)):
        image = picture(capture, role)
        assert image.height == 6000 * scale
        assert is_red(image, 200 * scale, 2650 * scale), role
        assert is_red(image, 200 * scale, 5150 * scale), role
        assert not is_red(image, 200 * scale, 4000 * scale), role
    assert picture(capture, "view").size == (1280, 1600)
    assert capture.notes == ()


def test_of_a_longer_page_the_beginning_is_so(run, browser, site: Torture, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/long"), tmp_path))
    assert is_red(picture(capture, "full"), 200, 2650)
    assert [s.role for s in capture.snapshots].count("full") == 2
    assert capture.notes == (MAY_BE_BLANK.format(12_000),)


def test_a_page_that_grows_with_its_window_is_not_made_to(
    run, browser, site: Torture, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/hero"), tmp_path))
    assert picture(capture, "full").height <= 6000 + 1600
    assert capture.notes == (MAY_BE_BLANK.format(1600),)
