"""Which part of a page the picture of a post shows: its element, or what is seen in one that is as wide as a page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import visit_page
from PIL import Image
from torture import Torture

MARGIN = 24
HEIGHT = 400
"""Of the article, which is 1280 wide."""
WORDS = "<p style='width:300px;height:60px;margin:0;background:#eee'>a few words of the post</p>"
PAGES = {
    # what stands in the article, and the width and height of its picture in CSS pixels
    "/middle": (
        f"<div style='padding:150px 400px'>{WORDS}</div>",
        (300 + 2 * MARGIN, 60 + 2 * MARGIN),
    ),
    "/painted": (
        "<div style='background:#fff;width:1000px;height:350px;padding:50px 0 0'><div style='margin-left:100px;"
        "width:500px;height:50px;border:1px solid'>words</div></div>",
        (502 + 2 * MARGIN, 52 + 2 * MARGIN),
    ),
    "/edge": (
        "<img src=/picture.bmp style='display:block;width:200px;height:50px'>",
        (200 + MARGIN, 50 + MARGIN),
    ),
    "/picture": (
        f"{WORDS}<img src=/picture.bmp style='display:block;width:1100px;height:50px'>",
        (1100 + MARGIN, 110 + MARGIN),
    ),
    "/background": (
        f"<div style='background-image:linear-gradient(red,blue);height:50px'></div>{WORDS}",
        (1280, 110 + MARGIN),
    ),
    "/apart": (
        "<i style='position:absolute;left:100px;top:350px;width:9px;height:9px;background:red'></i>"
        "<i style='position:absolute;left:900px;top:30px;width:100px;height:9px;background:red'></i>",
        (900 + 2 * MARGIN, 329 + 2 * MARGIN),
    ),
    "/aside": (  # words for screen readers only
        "<span style='position:absolute;left:-9999px'>of a post</span>"
        f"<div style='padding:150px 400px'>{WORDS}</div>",
        (300 + 2 * MARGIN, 60 + 2 * MARGIN),
    ),
    "/empty": ("", (1280, HEIGHT)),
    "/custom": (
        f"<post-body style='display:block;height:90px'>{WORDS}</post-body>",
        (1280, 90 + MARGIN),
    ),
    "/many": (WORDS + "<b></b>" * 4000, (1280, HEIGHT)),
    "/refuses": (
        f"{WORDS}<script>document.createTreeWalker = () => {{ throw 'no' }}</script>",
        (1280, HEIGHT),
    ),
    "/small": (f"<style>article {{ width: 700px }}</style>{WORDS}", (700, HEIGHT)),
}


FIRST = "<article style='width:300px;height:100px;{}'>{}</article><article style='width:500px;height:200px'>a</article>"
UNSEEN = {
    # an article before another one, and the size of the picture
    "/hidden": (FIRST.format("visibility:hidden", "words"), (500, 200)),
    "/clear": (FIRST.format("opacity:0", "words"), (500, 200)),
    "/partly": (
        FIRST.format("visibility:hidden", "<p style='visibility:visible'>words</p>"),
        (300, 100),
    ),
    "/faint": (FIRST.format("opacity:0.1", "words"), (300, 100)),
}


POST = "<article style='width:300px;height:200px;background:rgb(200,0,0)'>a</article>"
PLAIN = POST.replace("article", "div")
INSIDE = f"<body style='margin:0'>{POST}"
AT = "<iframe src='http://b.localhost:PORT/card' style='{}'></iframe>"
ODD = {
    # a page, and the size of the picture, which shows the post and nothing else
    "/rtl": (f"<html dir=rtl><div style='width:3000px;height:9px'></div>{POST}", (300, 200)),
    "/rtl-body": (f"<body dir=rtl><div style='width:3000px;height:9px'></div>{POST}", (300, 200)),
    "/edged": (
        AT.format("border:20px solid blue;padding:9px;width:300px;height:200px"),
        (300, 200),
    ),
    "/half": (
        AT.format("border:0;width:300px;height:200px;transform:scale(.5);transform-origin:0 0"),
        (150, 100),
    ),
    "/short": (AT.format("border:0;width:300px;height:120px"), (300, 120)),
    "/deep": (
        "<iframe src='http://c.localhost:PORT/around' style='border:9px solid;width:600px;height:500px'></iframe>",
        (300, 200),
    ),
    "/outside": (f"<body style='margin:0'><div style='margin-left:-100px'>{POST}</div>", (200, 200)),
    "/none": (
        f"<article style='width:0;height:0'><div style='position:absolute'>{PLAIN}</div>",
        (300, 200),
    ),
    "/contents": (
        f"<article style='display:contents'>{PLAIN}</article>",
        (300, 200),
    ),
    "/folded": (f"<article style='height:0;overflow:hidden'><p>words</p></article>{POST}", (300, 200)),
}  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    page = (
        "<!doctype html><title>a post</title><style>body {{ margin: 0 }}</style>"
        f"<article style='height:{HEIGHT}px;position:relative'>{{}}</article>"
    )
    pages = {path: page.format(inside) for path, (inside, _) in PAGES.items()}
    plain = {path: f"<!doctype html><title>x</title>{html}" for path, (html, _) in UNSEEN.items()}
    odd = {path: f"<!doctype html><title>x</title>{html}" for path, (html, _) in ODD.items()}
    inside = {
        "/card": INSIDE,
        "/around": AT.format("margin:30px;border:5px solid;width:300px;height:200px"),
    }
    with Torture(pages | plain | odd | inside) as site:
        yield site


@pytest.mark.parametrize("path", [*PAGES, *UNSEEN])
def test_a_post_is_pictured_where_it_is(
    run, browser, site: Torture, tmp_path: Path, path: str
) -> None:
    capture = run(visit_page(browser, site.url(path), tmp_path))
    picture = next(s for s in capture.snapshots if s.role == "post")
    file = tmp_path / "post.jpg"
    file.write_bytes(picture.body.read())
    width, height = (PAGES | UNSEEN)[path][1]
    with Image.open(file) as image:
        assert abs(image.width / 2 - width) <= 1
        assert abs(image.height / 2 - height) <= 1


@pytest.mark.parametrize("path", ODD)
def test_in_odd_pages_and_frames_the_picture_shows_the_post_alone(
    run, browser, site: Torture, tmp_path: Path, path: str
) -> None:
    capture = run(visit_page(browser, site.url(path), tmp_path))
    (picture,) = (s for s in capture.snapshots if s.role == "post")
    file = tmp_path / "post.jpg"
    file.write_bytes(picture.body.read())
    width, height = ODD[path][1]
    with Image.open(file) as image:
        assert abs(image.width / 2 - width) <= 1
        assert abs(image.height / 2 - height) <= 1
        corners = [(5, image.height - 5), (image.width - 5, 5), (image.width - 5, image.height - 5)]
        colours = [image.convert("RGB").getpixel(corner) for corner in corners]
    assert all(abs(r - 200) + g + b < 60 for r, g, b in colours), colours


def test_a_page_too_wide_for_its_picture_is_said_to_be(run, browser, tmp_path: Path) -> None:
    with Torture({"/": "<title>x</title><p>words</p><div style='width:9000px'>wide</div>"}) as site:
        capture = run(visit_page(browser, site.url("/"), tmp_path))
    (note,) = capture.notes
    assert note.startswith("the full-page picture was cut at 4000 of 90")
