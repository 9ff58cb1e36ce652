"""Bars and dialogs over a post: they stand in the picture of the window, not in those of the post and of embeds."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import post_of
from PIL import Image
from torture import Torture

from archiver.capture.browser import Browser
from archiver.capture.limits import CaptureLimits
from archiver.capture.places import Place
from archiver.capture.visit import visit
from archiver.clock import RandomIds, SystemClock
from archiver.domain.capture import Capture

STYLE = """<!doctype html><style>
body { margin: 0 }
article { width: 600px; height: 3000px; background: rgb(200, 0, 0); margin: auto; position: relative }
.embed { position: absolute; top: 2000px; width: 500px; height: 900px; background: rgb(0, 150, 0) }
.bar { position: sticky; top: 0; height: 100px; z-index: 5 }
.foot { position: fixed; bottom: 0; height: 200px; width: 100% }
.note { position: fixed; top: 700px; left: 400px; width: 400px; height: 200px; z-index: 9 }
.bar, .foot, .note, dialog { background: rgb(0, 0, 200) } dialog::backdrop { background: rgb(0, 0, 200) }
</style>"""
ARTICLE = "<article><p style='position:sticky;top:0'>words</p><div class=embed></div></article>"
PAGES = {
    "/bars": f"{STYLE}<div class=bar></div>{ARTICLE}<div class=note></div><div class=foot></div>",
    "/dialog": f"{STYLE}{ARTICLE}<dialog>subscribe</dialog>"
    "<script>document.querySelector('dialog').showModal()</script>",
    "/shadow": f"""{STYLE}{ARTICLE}<x-consent></x-consent><script>
document.querySelector('x-consent').attachShadow({{mode: 'open'}}).innerHTML =
  '<div style="position:fixed;inset:0;z-index:9;background:rgb(0,0,200)">cookies</div>'</script>""",
    "/behind": f"{STYLE}<style>article, .embed {{ background: none }}</style>"
    f"<div style='position:fixed;inset:0;background:rgb(200,0,0)'></div>{ARTICLE}",
    "/alone": f"{STYLE}<div style='position:fixed;inset:0;overflow:auto'>{ARTICLE}</div>",
}  # fmt: skip
POST = "bars or dialogs that lay over the post are left out of its picture"
EMBED = "bars or dialogs over embeds are left out of their pictures: https://x.example/1"


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture(PAGES) as site:
        yield site


def seen(run, browser: Browser, site: Torture, page: str, folder: Path) -> Capture:
    return run(
        visit(
            browser, post_of(site.url(page)), lane=None, limits=CaptureLimits(seconds=40, quiet=4),
            capture_id="c1", spool=folder, clock=SystemClock(), ids=RandomIds(),
            shows=[Place("https://x.example/1", (".embed",))],
        )
    )  # fmt: skip


def share(capture: Capture, role: str, colour: tuple[int, int, int]) -> float:
    """How much of a picture is of a colour."""
    (data,) = (s.body.read() for s in capture.snapshots if s.role == role)
    small = Image.open(io.BytesIO(data)).convert("RGB").resize((100, 100), Image.Resampling.NEAREST)
    colours = small.getcolors(10_000)
    near = (n for n, c in colours if sum(abs(a - b) for a, b in zip(c, colour, strict=True)) < 60)
    return sum(near) / 10_000


BLUE, RED, GREEN = (0, 0, 200), (200, 0, 0), (0, 150, 0)


@pytest.mark.browser
@pytest.mark.parametrize("page", ["/bars", "/dialog", "/shadow"])
def test_what_lies_over_a_post_is_not_in_its_picture(
    run, browser: Browser, site: Torture, tmp_path: Path, page: str
) -> None:
    capture = seen(run, browser, site, page, tmp_path)
    assert share(capture, "view", BLUE) > 0.1, "a visitor finds it so"
    assert share(capture, "full", BLUE) > 0.05, "and it is there again"
    assert share(capture, "post", BLUE) == 0 and share(capture, "post", RED) > 0.5
    assert share(capture, "embed", BLUE) == 0 and share(capture, "embed", GREEN) > 0.95
    assert set(capture.notes) == {POST, EMBED}


@pytest.mark.browser
@pytest.mark.parametrize("page", ["/behind", "/alone"])
def test_what_stands_still_behind_a_post_or_around_it_stays(
    run, browser: Browser, site: Torture, tmp_path: Path, page: str
) -> None:
    capture = seen(run, browser, site, page, tmp_path)
    assert share(capture, "post", RED) > 0.5
    assert capture.notes == ()
