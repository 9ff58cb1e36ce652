"""What scrolls inside a page of the window's height: it is scrolled to its end, and pictured whole."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import visit_page
from PIL import Image
from torture import Torture

from archiver.capture.limits import CaptureLimits
from archiver.domain.capture import Capture, Status

LIMITS = CaptureLimits(seconds=40, quiet=4)
STYLE = "<style>html, body { margin: 0; height: 100% } .in { overflow: auto } iframe { border: 0 }</style>"
TEXT = """<div style="height:3000px">The beginning</div>
<iframe loading=lazy src="/red?lazy" style="width:600px;height:300px;display:block"></iframe>
<div id=later style="height:2000px"></div>
<div style="height:300px;background:rgb(0,0,200)">The end</div>
<script>new IntersectionObserver((seen, by) => {
  if (!seen[0].isIntersecting) return;
  by.disconnect();
  later.innerHTML = '<iframe src="/red?later" style="width:600px;height:300px"></iframe>';
}).observe(later)</script>"""
PAGES = {
    "/app": f"<!doctype html>{STYLE}<body style='overflow:hidden'><div class=in style='height:100vh'>{TEXT}",
    "/flex": f"<!doctype html>{STYLE}<body style='display:flex;flex-direction:column'><header>a bar</header>"
    f"<main class=in style='flex:1;min-height:0'>{TEXT}",
    "/over": f"<!doctype html>{STYLE}<p>under it</p><div class=in style='position:fixed;inset:0'>{TEXT}",
    "/body": f"<!doctype html>{STYLE}<html style='overflow:hidden'><body class=in style='scroll-behavior:smooth'>"
    f"{TEXT}",
    "/box": f"<!doctype html>{STYLE}<div class=in style='height:1000px'>{TEXT}",
    "/none": f"<!doctype html>{STYLE}<div class=in style='height:300px'>{TEXT}</div><p>a small box in a page</p>",
    "/red": "<!doctype html><body style='background:rgb(200,0,0)'>",
}  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture(PAGES) as site:
        yield site


def has(picture: Image.Image, red: int, blue: int) -> bool:
    """Whether a hundredth of a picture and more is of one colour."""
    small = picture.convert("RGB").resize((100, 400), Image.Resampling.NEAREST)
    colours = small.getcolors(40_000)
    return sum(n for n, (r, g, b) in colours if abs(r - red) + g + abs(b - blue) < 60) > 400


def pictures(capture: Capture, role: str) -> list[Image.Image]:
    return [Image.open(io.BytesIO(s.body.read())) for s in capture.snapshots if s.role == role]


@pytest.mark.browser
@pytest.mark.parametrize("page", ["/app", "/flex", "/over", "/body"])
def test_what_scrolls_inside_a_page_is_loaded_and_pictured_to_its_end(
    run, browser, site: Torture, tmp_path: Path, page: str
) -> None:
    capture = run(visit_page(browser, site.url(page), tmp_path, limits=LIMITS))
    assert (capture.outcome.status, capture.notes) == (Status.CAPTURED, ())
    assert {"lazy", "later"} <= {e.url.rpartition("?")[2] for e in capture.exchanges}
    (full,) = pictures(capture, "full")
    assert 5600 <= full.height <= 5700
    assert has(full, 200, 0) and has(full, 0, 200), "the frames, and the end"
    (view,) = pictures(capture, "view")
    assert not has(view, 200, 0), "the window is pictured as a visitor finds it, at the beginning"


@pytest.mark.browser
def test_what_a_higher_window_does_not_unfold_is_told(
    run, browser, site: Torture, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/box"), tmp_path, limits=LIMITS))
    assert {"lazy", "later"} <= {e.url.rpartition("?")[2] for e in capture.exchanges}
    assert capture.notes == ("4600 pixels of what scrolls inside the page are not in its pictures",)
    few = CaptureLimits(seconds=40, quiet=4, height=4000)
    capture = run(visit_page(browser, site.url("/app"), tmp_path, limits=few))
    assert [p.height for p in pictures(capture, "full")] == [4000]
    assert capture.notes == ("1600 pixels of what scrolls inside the page are not in its pictures",)


@pytest.mark.browser
def test_a_small_box_that_scrolls_is_left_alone(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/none"), tmp_path, limits=LIMITS))
    assert capture.notes == () and pictures(capture, "full") == []
