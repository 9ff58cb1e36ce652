"""What players offer and a browser does not take by itself: subtitles, films of other kinds, and what scripts feed."""

from pathlib import Path

import pytest
from capture_kit import answer, visit_page
from msgspec.structs import replace
from torture import Torture, filler, wav

from archiver.capture.limits import CaptureLimits
from archiver.capture.segments import uneven
from archiver.domain.capture import Capture, Status

LIMITS = CaptureLimits(seconds=30, navigation=5, drawn=1, quiet=3)
WORDS = b"WEBVTT\n\n00:00.000 --> 00:01.000\nwhat is said\n"
FAR = "http://b.localhost:PORT"
PLAYERS = f"""<title>t</title><p>words</p><video src=/sound.wav><track srclang=en src="/en.vtt#t">
<track default srclang=de src=/de.vtt><track src="data:text/vtt,WEBVTT"></video>
<div id=host></div><iframe src="{FAR}/frame"></iframe><script>host.attachShadow({{mode: 'open'}}).innerHTML =
'<audio><track src="{FAR}/far.vtt"><track src="/gone.vtt"></audio>'</script>"""
FED = """<title>t</title><p>words</p><video id=film></video><script>
const source = new MediaSource();
film.src = URL.createObjectURL(source);
source.onsourceopen = () => { source.duration = 100; };
</script>"""
PAGES = {
    "/players": PLAYERS,
    "/frame": "<video><track src=/frame.vtt></video>",
    "/strict": "<meta http-equiv=Content-Security-Policy content=\"connect-src 'none'\"><p>words</p>"
    "<video src=/sound.wav><track src=/en.vtt></video>",
    "/alien": "<p>words</p><video><source type=video/none src=/a.film><source type=video/x-none src=/b.film></video>"
    "<video><source type=video/none src=/c.film><source type=audio/wav src=/sound.wav></video>",
    "/unsized": "<p>words</p><video src=/unsized.wav></video>",
    "/radio": "<p>words</p><audio src=/radio.wav></audio>",
    "/refused": "<p>words</p><video src=/refused.mp4></video><video><source src=/gone.mp4></video>",
    "/fed": FED,
    "/listed": FED + "<script>fetch('/list.m3u8')</script>",
}


@pytest.fixture(scope="module")
def site():
    with Torture(PAGES) as site:
        site.files["/sound.wav"] = ("audio/wav", wav(1))
        for name in ("en", "de", "far", "frame"):
            site.files[f"/{name}.vtt"] = ("text/vtt", WORDS + name.encode())
        for name in "abc":
            site.files[f"/{name}.film"] = ("video/none", filler(name, 50_000))
        site.files["/list.m3u8"] = ("application/x-mpegurl", b"#EXTM3U\n#EXT-X-ENDLIST\n")
        yield site


def came(capture: Capture, ending: str) -> dict[str, bytes]:
    found = [e for e in capture.exchanges if e.status == 200 and e.url.endswith(ending)]
    assert len({e.url for e in found}) == len(found), "nothing is asked for twice"
    return {e.url.rpartition("/")[2]: e.body.read() for e in found if e.truncated is None}


@pytest.mark.browser
def test_all_subtitles_that_players_offer_are_kept(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/players"), tmp_path, limits=LIMITS))
    names = ("en", "de", "far", "frame")
    assert came(capture, ".vtt") == {f"{n}.vtt": WORDS + n.encode() for n in names}
    assert capture.outcome.status is Status.CAPTURED
    assert capture.notes == (
        f"subtitles or films of players that did not come whole: {site.url('/gone.vtt')}",
    )
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


@pytest.mark.browser
def test_subtitles_are_kept_where_the_page_may_ask_for_nothing(
    run, browser, site, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/strict"), tmp_path, limits=LIMITS))
    assert (came(capture, ".vtt"), capture.notes) == ({"en.vtt": WORDS + b"en"}, ())


@pytest.mark.browser
def test_a_film_that_the_browser_does_not_play_is_kept(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/alien"), tmp_path, limits=LIMITS))
    assert came(capture, ".film") == {"a.film": site.files["/a.film"][1]}
    assert capture.notes == ()


@pytest.mark.browser
def test_a_film_of_unknown_length_is_whole(run, browser, site, tmp_path: Path) -> None:
    """The player stops reading when it has enough for a while."""
    capture = run(visit_page(browser, site.url("/unsized"), tmp_path, limits=LIMITS))
    assert (capture.outcome.status, capture.notes) == (Status.CAPTURED, ())
    whole = [e for e in capture.exchanges if e.url.endswith(".wav") and e.truncated is None]
    assert [e.body.read() for e in whole] == [wav(100)]


@pytest.mark.browser
def test_what_goes_on_without_end_is_kept_in_part_and_makes_nothing_partial(
    run, browser, site, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/radio"), tmp_path, limits=LIMITS))
    assert (capture.outcome.status, capture.limits_hit) == (Status.CAPTURED, ())
    assert f"came in parts only: {site.url('/radio.wav')}" in capture.notes
    heard = [e.body.size for e in capture.exchanges if e.url.endswith("/radio.wav")]
    assert max(heard) > 0


@pytest.mark.browser
def test_a_film_that_no_player_can_have_is_asked_for_and_named(
    run, browser, site, tmp_path: Path
) -> None:
    site.answers["/refused.mp4"] = (416, [("Content-Range", "bytes */9")], b"no ranges")
    capture = run(visit_page(browser, site.url("/refused"), tmp_path, limits=LIMITS))
    late = f"{site.url('/refused.mp4')}, {site.url('/gone.mp4')}"
    assert capture.notes == (f"subtitles or films of players that did not come whole: {late}",)


@pytest.mark.browser
def test_a_limit_leaves_subtitles_out_and_says_so(run, browser, site, tmp_path: Path) -> None:
    few = CaptureLimits(seconds=30, navigation=5, drawn=1, quiet=3, bytes=50_000)
    capture = run(visit_page(browser, site.url("/strict"), tmp_path, limits=few))
    assert (capture.outcome.status, capture.limits_hit) == (Status.PARTIAL, ("bytes",))
    assert "1 subtitles or films of players were not asked for: the limit of bytes" in capture.notes


@pytest.mark.browser
@pytest.mark.parametrize(("page", "doubted"), [("/fed", True), ("/listed", False)])
def test_a_film_that_a_script_puts_together_is_not_called_whole(
    run, browser, site, tmp_path: Path, page: str, doubted: bool
) -> None:
    capture = run(visit_page(browser, site.url(page), tmp_path, limits=LIMITS))
    assert [n.startswith("a script of the page puts") for n in capture.notes] == [True] * doubted


@pytest.mark.parametrize(
    ("named", "size", "coding", "told"),
    [
        (("9",), 9, "", []),
        (("*",), 5, "", []),
        (("9",), 5, "gzip", []),
        (("9",), 5, "", ["of 9 bytes that its server named, 5 came as the whole: "]),
        (("5", "7"), 5, "", ["of 7 bytes that its server named, 5 came as the whole: "]),
        (
            ("6", "7"),
            5,
            "",
            ["of 7 bytes that its server named (and 1 other lengths), 5 came as the whole: "],
        ),
    ],
)
def test_a_whole_of_another_length_than_was_named_is_said(named, size, coding, told) -> None:
    url = "https://films.example/a.mp4"
    whole = answer(url, b"." * size, "video/mp4")
    coded = (("Content-Encoding", coding),) if coding else ()
    got = [replace(whole, response_headers=(*whole.response_headers, *coded))]
    for length in named:
        part = answer(url, b"12", "video/mp4", 206)
        range_ = ("Content-Range", f"bytes 0-1/{length}")
        got.append(replace(part, response_headers=(*part.response_headers, range_)))
    assert list(uneven(got)) == [note + url for note in told]
