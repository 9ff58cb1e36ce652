"""A post's images at their best, its films whole: whatever the page or its player took of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import answer, visit_page
from msgspec.structs import replace
from torture import Torture, bmp, filler, wav

from archiver.capture.limits import CaptureLimits
from archiver.capture.segments import in_parts, too_long, whole_address
from archiver.domain.capture import Capture, Status

LIMITS = CaptureLimits(seconds=30, navigation=5, drawn=1, quiet=3)
FILMS = tuple(f"/film{n}.mp4" for n in range(7))
TAKES = """<title>film</title><p>words</p><script>
for (const film of FILMS) fetch(film, {headers: {Range: 'bytes=0-99'}}).then(r => r.arrayBuffer());
</script>"""
PAGES = {
    "/images": """<title>images</title><p>words</p><img src="/beside.bmp" srcset="/beside2.bmp 2x"><article hidden>
<img loading=lazy src="/unseen.bmp"></article><article>
<div hidden><img src="data:image/bmp,x" data-src="/late.bmp"><img data-src="/later.bmp" data-srcset="/later.bmp 300w,
/later2.bmp 900w"><img data-lazy-src="/last.bmp"><img data-src="42"><img data-src="/seven.bmp" src="/seven.bmp"></div>
<img sizes="300px" srcset="/nine.bmp 300w 200h, /nine2.bmp 600w 400h">
<p style="background-image:image-set('/ten.bmp' 1x, '/ten2.bmp' 2x)">on a picture</p>
<img src="/one.bmp" srcset="/one.bmp 1x, /one2.bmp 2x, /one3.bmp 3x">
<img sizes="300px" srcset="/two300.bmp 300w, /two2000.bmp 2000w, /two,600.bmp 600w">
<picture><source media="(min-width: 5000px)" srcset="/three-large.bmp"><img src="/three.bmp"></picture>
<picture><source type="image/none" srcset="/four.none 1x, /four2.none 2x"><img src="/four.bmp"></picture>
<picture><source type="image/bmp" srcset="/five.bmp, /five2.bmp 2x"><img src="/plain.bmp" srcset="/plain2.bmp 2x">
</picture><img srcset="/six.bmp"><img src="/seven.bmp" srcset="data:image/bmp,x 2x, /seven.bmp">
</article><iframe src="http://b.localhost:PORT/card"></iframe>""",
    "/card": "<p>card</p><img src=/eight.bmp srcset='/eight.bmp, /eight4.bmp 4x'>",
    "/films": TAKES.replace("FILMS", str(list(FILMS))),
    "/signed": TAKES.replace("FILMS", "['/signed.mp4']"),
    "/long": TAKES.replace("FILMS", "['/long.mp4']"),
    "/untyped": TAKES.replace("FILMS", "['/a.mp4?x=1', '/b.m4s', '/c.pdf', '/d.bin']")
    + "<audio src='/sound' preload=metadata></audio>",
    "/asked": "<title>q</title><p>words</p><script>for (let n = 0; n < 3; n++)"
    "fetch(`/film0.mp4?sig=a%2Fb&bytestart=${n * 100}&byteend=${n * 100 + 99}`)</script>",
    "/counted": "<title>q</title><p>words</p><script>for (let n = 0; n < 3; n++)"
    "fetch(`/film1.mp4?id=1&range=${n * 100}-${n * 100 + 99}&rn=${n}&rbuf=${n * 7}`)</script>",
}  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture(PAGES) as site:
        for path in FILMS:
            site.files[path] = ("video/mp4", filler(path, 50_000))
        site.files["/long.mp4"] = ("video/mp4", filler("long", 3 << 20))
        site.files["/two,600.bmp"] = ("image/bmp", bmp())
        yield site


def whole(capture: Capture) -> dict[str, bytes]:
    """The paths of what came whole."""
    return {
        "/" + e.url.split("/", 3)[3]: e.body.read()
        for e in capture.exchanges
        if e.status == 200 and e.truncated is None
    }


@pytest.mark.browser
def test_images_come_as_shown_and_at_their_best(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/images"), tmp_path, limits=LIMITS))
    assert capture.outcome.status is Status.CAPTURED
    images = {path for path in whole(capture) if path.endswith(".bmp")}
    assert images == {
        "/beside.bmp", "/one.bmp", "/one3.bmp", "/two300.bmp", "/two2000.bmp", "/three.bmp",
        "/three-large.bmp", "/four.bmp", "/five.bmp", "/five2.bmp", "/six.bmp", "/seven.bmp",
        "/eight.bmp", "/eight4.bmp", "/nine.bmp", "/nine2.bmp", "/ten.bmp", "/ten2.bmp", "/unseen.bmp",
        "/late.bmp", "/later2.bmp", "/last.bmp",
    }  # fmt: skip
    assert len(images) == sum(e.url.endswith(".bmp") for e in capture.exchanges), "once each"
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


@pytest.mark.browser
def test_all_films_of_a_post_are_there_whole(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/films"), tmp_path, limits=LIMITS))
    assert (capture.outcome.status, capture.notes) == (Status.CAPTURED, ())
    came = whole(capture)
    assert {path: came.get(path) for path in FILMS} == {p: site.files[p][1] for p in FILMS}


@pytest.mark.browser
def test_a_film_at_an_address_that_is_good_for_one_request_is_whole(
    run, browser, site, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/signed"), tmp_path, limits=LIMITS))
    assert (capture.outcome.status, capture.notes) == (Status.CAPTURED, ())
    assert whole(capture)["/once.mp4?sig=2"] == filler("signed", 50_000)
    assert site.times("/signed.mp4") == 2


@pytest.mark.browser
def test_films_whose_server_does_not_say_what_they_are_are_whole_too(
    run, browser, site, tmp_path: Path
) -> None:
    kinds = {"/a.mp4": "application/octet-stream", "/b.m4s": "", "/c.pdf": "application/pdf"}
    for path, kind in (kinds | {"/d.bin": "application/octet-stream"}).items():
        site.files[path] = (kind, filler(path, 50_000))
    site.files["/sound"] = ("application/octet-stream", wav(120))
    capture = run(visit_page(browser, site.url("/untyped"), tmp_path, limits=LIMITS))
    assert (capture.outcome.status, capture.notes) == (Status.CAPTURED, ())
    came = {path.partition("?")[0]: body for path, body in whole(capture).items()}
    wanted = ("/a.mp4", "/b.m4s", "/sound")
    assert {p: came.get(p) for p in wanted} == {p: site.files[p][1] for p in wanted}
    assert not came.keys() & {"/c.pdf", "/d.bin"}, "documents are read in parts too"


@pytest.mark.browser
def test_a_film_longer_than_one_body_may_be_makes_it_partial(run, browser, site, tmp_path) -> None:
    limits = CaptureLimits(seconds=30, drawn=1, quiet=3, body_bytes=1 << 20)
    capture = run(visit_page(browser, site.url("/long"), tmp_path, limits=limits))
    assert (capture.outcome.status, capture.limits_hit) == (Status.PARTIAL, ("body-bytes",))
    assert capture.notes == (
        f"longer than one body may be, parts of it came: {site.url('/long.mp4')}",
    )
    assert [e.status for e in capture.exchanges if "/long.mp4" in e.url] == [206]


@pytest.mark.browser
def test_a_film_asked_for_by_ranges_in_its_address_is_there_whole(
    run, browser, site, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/asked"), tmp_path, limits=LIMITS))
    assert whole(capture)["/film0.mp4?sig=a%2Fb"] == site.files["/film0.mp4"][1]
    assert len(site.hits_of("/film0.mp4")) >= 4


@pytest.mark.browser
def test_a_film_whose_ranges_are_counted_is_asked_for_once(
    run, browser, site, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/counted"), tmp_path, limits=LIMITS))
    came = whole(capture)
    assert came["/film1.mp4?id=1"] == site.files["/film1.mp4"][1]
    assert sum(path.startswith("/film1.mp4") for path in came) == 4  # three "ranges" and the whole


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/v?a=1&range=0-9&rn=3&rbuf=0&sn=4", "https://a.example/v?a=1&sn=4"),
        ("https://a.example/v?a=1&rn=3", "https://a.example/v?a=1&rn=3"),
        ("https://a.example/v?bytestart=0&byteend=9", "https://a.example/v"),
        ("https://a.example/v?a=1&range=0-&b=%20", "https://a.example/v?a=1&b=%20"),
        ("https://a.example/v?range=all&a", "https://a.example/v?range=all&a"),
        ("https://a.example/v?", "https://a.example/v?"),
        ("https://a.example/v", "https://a.example/v"),
    ],
)
def test_ranges_in_addresses(url: str, address: str) -> None:
    assert whole_address(url) == address


@pytest.mark.parametrize("long", ["5000", "2", "*", "", "\N{SUPERSCRIPT TWO}", "9" * 5000])
def test_the_length_that_a_part_names(long: str) -> None:
    part = answer("https://films.example/a.mp4", b"12", "video/mp4", 206)
    told = (*part.response_headers, ("Content-Range", f"bytes 0-1/{long}"))
    parts, limits = (replace(part, response_headers=told),), CaptureLimits(body_bytes=4999)
    assert (bool(in_parts(parts, limits)), bool(too_long(parts, limits))) == (
        (False, True) if long == "5000" else (True, False)
    )
