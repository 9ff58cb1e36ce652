"""Video in segments: each one that the player took is recorded whole, and the rest of the best variant too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from capture_kit import answer, see_kept_once, visit_page, whole
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from torture import Torture, filler

from archiver.capture.arrived import is_whole
from archiver.capture.limits import CaptureLimits
from archiver.capture.playlists import missing, parsed
from archiver.capture.segments import remarks
from archiver.clock import RandomIds
from archiver.domain.capture import Capture, Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.manifest import Software
from archiver.domain.record import Record
from archiver.records.warcinfo import WarcInfo
from archiver.records.write import write_capture
from archiver.verification.warc import check_warc

M3U8 = "application/vnd.apple.mpegurl"
TS = "video/mp2t"
LIMITS = CaptureLimits(seconds=40, navigation=5, drawn=2, quiet=3, body_seconds=5)

PLAYER = """<!doctype html><title>A film</title><p>words beside the film</p><script>
const text = address => fetch(address).then(answer => answer.text());
const named = list => list.split('\\n').filter(line => line && !line.startsWith('#'));
async function play(master) {
  const variant = new URL(named(await text(master))[0], new URL(master, location));
  const first = named(await text(variant)).slice(0, 2);
  for (const segment of first) await fetch(new URL(segment, variant)).then(r => r.arrayBuffer());
  document.title = 'played';
}
play('MASTER').then(() => { AFTER });
</script>"""
MASTER = """#EXTM3U
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",LANGUAGE="en",URI="/v/en.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="t",NAME="of another group",URI="/v/none.m3u8"
#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="c",NAME="in the picture",INSTREAM-ID="CC1"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="other",URI="/v/other.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="main",DEFAULT=YES,URI="/v/sound.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=100000,CODECS="avc1.42c00d,mp4a.40.2"
low/list.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=900000,AUDIO="a",SUBTITLES="s",RESOLUTION=1280x720
high/list.m3u8?token=1
"""
OTHER = "of a stream's sound one track is kept, and 1 more are offered: https://film.example/v/master.m3u8"
LOW = "#EXTM3U\n" + "".join(f"#EXTINF:4,\n{n}.ts\n" for n in range(5)) + "#EXT-X-ENDLIST\n"
HIGH = (
    '#EXTM3U\n#EXT-X-MAP:URI="start.mp4"\n'
    + "".join(f"#EXTINF:4,\n{n}.m4s\n" for n in range(6))
    + "#EXTINF:4,\n#EXT-X-BYTERANGE:100@0\nrest.m4s\n#EXTINF:4,\n#EXT-X-BYTERANGE:900@100\nrest.m4s\n"
    + "#EXT-X-ENDLIST\n"
)
WORDS = "#EXTM3U\n#EXTINF:4,\nen0.vtt\n#EXTINF:4,\nen1.vtt\n#EXT-X-ENDLIST\n"
SOUND = "#EXTM3U\n#EXTINF:4,\nsound0.aac\n#EXTINF:4,\nhttp://b.localhost:PORT/v/sound1.aac\n"


def files(port: int) -> dict[str, tuple[str, bytes]]:
    """The film: playlists, segments of two variants, the sound beside the better one."""
    lists = {"/v/master.m3u8": MASTER, "/v/low/list.m3u8": LOW, "/v/high/list.m3u8": HIGH}
    lists["/v/en.m3u8"] = WORDS
    lists["/v/sound.m3u8"] = SOUND.replace("PORT", str(port))
    found = {path: (M3U8, text.encode()) for path, text in lists.items()}
    for number in range(6):
        found[f"/v/low/{number}.ts"] = (TS, filler(f"low{number}", 200_000))
        found[f"/v/high/{number}.m4s"] = ("video/iso.segment", filler(f"high{number}", 1_500_000))
    found["/v/high/start.mp4"] = ("video/mp4", filler("start", 900))
    found["/v/high/rest.m4s"] = ("application/octet-stream", filler("rest", 9_000_000))
    for number in range(2):
        cue = f"00:0{number}.000 --> 00:0{number}.900\nwhat is said, {number}"
        found[f"/v/en{number}.vtt"] = ("text/vtt", f"WEBVTT\n\n{cue}\n".encode())
    found["/v/sound0.aac"] = ("audio/aac", filler("sound0", 30_000))
    found["/v/sound1.aac"] = ("audio/aac", filler("sound1", 30_000))
    return found


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    strict = "<meta http-equiv=Content-Security-Policy content=\"connect-src 'none'\">"
    near = PLAYER.replace("MASTER", "/v/master.m3u8")
    with Torture() as site:
        site.files = files(site.port)
        site.pages["/native"] = "<p>words beside the film</p><video src=/v/master.m3u8></video>"
        site.pages["/film"] = near.replace("AFTER", "")
        site.pages["/strict"] = near.replace("AFTER", f"document.head.innerHTML += `{strict}`")
        far = site.url("/v/master.m3u8", "c.localhost")
        site.pages["/far"] = PLAYER.replace("MASTER", far).replace("AFTER", "")
        yield site


@pytest.mark.browser
@pytest.mark.parametrize("page", ["/film", "/far", "/strict"])
def test_of_a_film_in_segments_all_of_the_best_is_kept(
    run, browser, site, tmp_path: Path, page: str
) -> None:
    capture = run(visit_page(browser, site.url(page), tmp_path, limits=LIMITS))
    taken = {"/v/master.m3u8", "/v/low/list.m3u8", "/v/low/0.ts", "/v/low/1.ts"}
    best = {p for p in site.files if p.startswith(("/v/high/", "/v/sound", "/v/en"))}
    see_kept_once(capture, site.files, taken | best)


def in_warc(capture: Capture, folder: Path) -> tuple[Record, ...]:
    """The records of the capture, written and read back."""
    (folder / "archive").mkdir()
    software = Software(archiver="0", python="3", playwright="1", warcio="1", system="test")
    return write_capture(
        capture,
        folder / "archive",
        WarcInfo(software=software, run_id="run"),
        seen=lambda digest, url: None,
        ids=RandomIds(),
        check=check_warc,
    ).records


@pytest.mark.browser
def test_of_a_film_that_the_browser_plays_by_itself_all_of_the_best_is_kept(
    run, browser, site, tmp_path: Path
) -> None:
    capture = run(visit_page(browser, site.url("/native"), tmp_path, limits=LIMITS))
    got = {e.url.split("/", 3)[3] for e in capture.exchanges if is_whole(e)}
    best = {p[1:] for p in site.files if p.startswith(("/v/high/", "/v/sound", "/v/en"))}
    assert "v/high/list.m3u8?token=1" in got
    assert {path for path in best if not path.endswith("list.m3u8")} <= got


@pytest.mark.browser
def test_a_piece_that_led_to_a_refusal_is_asked_for_again_and_named(
    run, browser, tmp_path: Path
) -> None:
    pieces = "for (const n of [0, 1]) await fetch(`/v/${n}.ts`).catch(() => 0)"
    page = f"<p>words</p><script>(async () => {{ await fetch('/v/l.m3u8'); {pieces} }})()</script>"
    with Torture({"/film": page}) as site:
        listed = (
            "#EXTM3U\n" + "".join(f"#EXTINF:4,\n{n}.ts\n" for n in range(2)) + "#EXT-X-ENDLIST\n"
        )
        site.files["/v/l.m3u8"] = (M3U8, listed.encode())
        site.files["/v/1.ts"] = (TS, filler("1", 5000))
        site.answers["/v/0.ts"] = (302, [("Location", site.url("/signed", "b.localhost"))], b"")
        site.answers["/signed"] = (403, [("Content-Type", "text/plain")], b"too late")
        capture = run(visit_page(browser, site.url("/film"), tmp_path, limits=LIMITS))
        assert site.times("/v/0.ts") == 2
        piece = site.url("/v/0.ts")
    assert capture.notes == (f"pieces of a stream that did not come whole: 1, such as {piece}",)


@pytest.mark.browser
def test_every_segment_stands_whole_in_the_warc(run, browser, site, tmp_path: Path) -> None:
    capture = run(visit_page(browser, site.url("/film"), tmp_path / "spool", limits=LIMITS))
    written = in_warc(capture, tmp_path)
    for path, (_, body) in site.files.items():
        if path.startswith("/v/high/"):
            digest = str(Body.of(body).digest)
            named = [r for r in written if path in str(r.target_uri) and r.type == "response"]
            assert [(str(r.payload_digest), r.truncated) for r in named] == [(digest, None)], path


@pytest.mark.browser
def test_a_stream_longer_than_the_post_may_be_is_partial_and_kept(
    run, browser, site, tmp_path: Path
) -> None:
    few = CaptureLimits(seconds=40, quiet=3, bytes=3_000_000)
    capture = run(visit_page(browser, site.url("/film"), tmp_path, limits=few))
    assert capture.outcome.status is Status.PARTIAL
    assert capture.limits_hit == ("bytes",)
    assert any("pieces of a stream were not asked for" in note for note in capture.notes)
    got = whole(capture)
    assert {"/v/high/list.m3u8", "/v/high/start.mp4", "/v/high/0.m4s"} <= set(got)
    assert "/v/high/rest.m4s" not in got
    assert {s.role for s in capture.snapshots} >= {"view", "dom"}


@pytest.mark.browser
def test_a_film_whose_best_variant_is_refused_is_kept_whole_in_the_next(
    run, browser, tmp_path: Path
) -> None:
    """The low variant, of which the player has taken two pieces, is led elsewhere, and is not completed."""
    player = PLAYER.replace("MASTER", "/v/master.m3u8").replace("AFTER", "")
    names = ("low", "middle", "high")
    with Torture({"/film": player}) as site:
        offered = "".join(
            f"#EXT-X-STREAM-INF:BANDWIDTH={n}\n/v/{name}.m3u8\n" for n, name in enumerate(names, 1)
        )
        nobody = "http://b.localhost:9/v/top.m3u8"  # a port that the browser does not go to
        offered += f"#EXT-X-STREAM-INF:BANDWIDTH=9\n{nobody}\n"
        site.files["/v/master.m3u8"] = (M3U8, f"#EXTM3U\n{offered}".encode())
        for name in names:
            listed = "".join(f"#EXTINF:4,\n/v/{name}{n}.ts\n" for n in range(4))
            at = "/v/moved.m3u8" if name == "low" else f"/v/{name}.m3u8"
            site.files[at] = (M3U8, f"#EXTM3U\n{listed}#EXT-X-ENDLIST\n".encode())
            for n in range(4):
                site.files[f"/v/{name}{n}.ts"] = (TS, filler(f"{name}{n}", 50_000))
        site.answers["/v/low.m3u8"] = (302, [("Location", "/v/moved.m3u8")], b"")
        del site.files["/v/high.m3u8"]
        site.answers["/v/high.m3u8"] = (403, [("Content-Type", "text/plain")], b"no")
        capture = run(visit_page(browser, site.url("/film"), tmp_path, limits=LIMITS))
        refused = site.url("/v/high.m3u8")
    taken = {"/v/master.m3u8", "/v/moved.m3u8", "/v/low0.ts", "/v/low1.ts", "/v/middle.m3u8"}
    see_kept_once(capture, site.files, taken | {f"/v/middle{n}.ts" for n in range(4)})
    lost = f"{refused}, {nobody}"
    assert capture.notes == (f"pieces of a stream that did not come whole: 2, such as {lost}",)


@pytest.mark.browser
def test_of_a_segment_without_a_length_it_is_known_whether_it_came_whole(
    run, browser, tmp_path: Path
) -> None:
    """The player has taken the first two only; how a body ended that is taken as a stream nobody says."""
    chunks = [("Content-Type", TS), ("Transfer-Encoding", "chunked")]
    sent = {"first": b"0\r\n\r\n", "second": b"0\r\n\r\n", "whole": b"5\r\nwhole\r\n0\r\n\r\n"}
    sent["cut"] = b"5\r\nwhole\r\nand no more\r\n"
    names = "".join(f"#EXTINF:4,\n{name}.ts\n" for name in sent)
    with Torture(
        {"/film": PLAYER.replace("MASTER", "/v/master.m3u8").replace("AFTER", "")}
    ) as site:
        master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8\n"
        listed = f"#EXTM3U\n{names}#EXT-X-ENDLIST\n"
        site.files = {
            f"/v/{name}.m3u8": (M3U8, text.encode())
            for name, text in {"master": master, "list": listed}.items()
        }
        site.answers = {f"/v/{name}.ts": (200, chunks, body) for name, body in sent.items()}
        capture = run(visit_page(browser, site.url("/film"), tmp_path, limits=LIMITS))
    got = {e.url.rpartition("/")[2]: e for e in capture.exchanges}
    assert (got["whole.ts"].body.read(), got["whole.ts"].truncated) == (b"whole", None)
    assert (got["cut.ts"].status, got["cut.ts"].truncated) == (200, "unspecified")
    assert got["cut.ts"].error == "net::ERR_INVALID_CHUNKED_ENCODING"


def test_only_the_best_variant_is_completed() -> None:
    base = "https://film.example/v/"
    got = [
        answer(base + "master.m3u8", MASTER.encode(), M3U8),
        answer(base + "low/list.m3u8", LOW.encode(), M3U8),
    ]
    have = frozenset(e.url for e in got)
    first = missing(got, have)
    assert first == (base + "high/list.m3u8?token=1", base + "sound.m3u8", base + "en.m3u8")
    got.append(answer(first[0], HIGH.encode(), "text/plain"))
    assert missing(got, have | {*first}) == (
        base + "high/start.mp4",
        *(f"{base}high/{n}.m4s" for n in range(6)),
        base + "high/rest.m4s",
    )


def test_of_very_many_subtitles_the_first_are_taken_and_it_is_said() -> None:
    url = "https://film.example/m.m3u8"
    one = '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",DEFAULT={},URI="{}.m3u8"\n'
    tracks = "".join(one.format("YES" if n == 9 else "NO", n) for n in range(10))
    text = f'#EXTM3U\n{tracks}#EXT-X-STREAM-INF:BANDWIDTH=1,SUBTITLES="s"\nv.m3u8\n'
    got = [answer(url, text.encode(), M3U8)]
    names = [u.rpartition("/")[2] for u in missing(got, frozenset({url}))]
    assert names == ["v.m3u8", "9.m3u8", *(f"{n}.m3u8" for n in range(7))]
    assert list(remarks(got)) == [f"of a stream 2 tracks of subtitles were not asked for: {url}"]


def test_a_playlist_that_came_as_the_range_of_all_its_bytes_is_read() -> None:
    """So the browser's own players ask for it."""
    url, data = "https://film.example/v/list.m3u8", LOW.encode()
    part = answer(url, data, M3U8, 206)
    size = str(len(data))
    told = ("Content-Range", f"bytes 0-{len(data) - 1}/{size}"), ("Content-Length", size)
    got = [replace(part, response_headers=(*part.response_headers, *told))]
    assert missing(got, frozenset({url}))[0] == "https://film.example/v/0.ts"
    cut = [
        replace(part, response_headers=(*part.response_headers, ("Content-Range", "bytes 0-9/99")))
    ]
    assert missing(cut, frozenset({url})) == ()


def moved(url: str, to: str) -> Exchange:
    return replace(answer(url, b"", "", 302), response_headers=(("Location", to),))


def test_a_variant_that_its_playlist_leads_to_elsewhere_is_that_variant() -> None:
    base, away = "https://film.example/v/", "https://cdn.example/"
    got = [
        answer(base + "master.m3u8", MASTER.encode(), M3U8),
        moved(base + "low/list.m3u8", away + "low.m3u8?t=1"),
        answer(away + "low.m3u8?t=1", LOW.replace("#EXT-X-ENDLIST", "").encode(), M3U8),
    ]
    have = frozenset(e.url for e in got)
    best = base + "high/list.m3u8?token=1"
    assert missing(got, have) == (best, base + "sound.m3u8", base + "en.m3u8")
    assert list(remarks(got)) == [OTHER], "it is not the best"
    got += [moved(best, away + "high.m3u8"), answer(away + "high.m3u8", HIGH.encode(), M3U8)]
    have = frozenset(e.url for e in got)
    beside = base + "sound.m3u8", base + "en.m3u8"
    assert missing(got, have)[:4] == (*beside, away + "start.mp4", away + "0.m4s")


@pytest.mark.parametrize("how", ["refused", "elsewhere", "unanswered"])
def test_for_a_variant_that_is_refused_the_next_best_is_taken(how: str) -> None:
    base = "https://film.example/v/"
    best = base + "high/list.m3u8?token=1"
    refusal = {
        "refused": [answer(best, b"no", "text/plain", 403)],
        "elsewhere": [moved(best, base + "no"), answer(base + "no", b"no", "text/plain", 404)],
        "unanswered": [],
    }[how]
    got = [
        answer(base + "master.m3u8", MASTER.encode(), M3U8),
        *refusal,
        answer(base + "low/list.m3u8", LOW.encode(), M3U8),
    ]
    have = frozenset({best, *(e.url for e in got)})
    lost = frozenset({best} if how == "unanswered" else ())
    assert missing(got, have, lost) == tuple(f"{base}low/{n}.ts" for n in range(5))
    got[-1] = answer(base + "low/list.m3u8", b"no", "text/plain", 403)
    assert missing(got, have, lost) == (base + "sound.m3u8", base + "en.m3u8"), (
        "where all are refused none is asked again"
    )


def test_pieces_that_were_asked_for_and_did_not_come_are_counted() -> None:
    base = "https://film.example/"
    got = [
        answer(base + "0.ts", b"0", TS),
        answer(base + "1.ts", b"no", "text/plain", 404),
        moved(base + "2.ts", "https://cdn.example/2.ts"),
        answer("https://cdn.example/2.ts", b"2", TS),
        moved(base + "3.ts", "https://cdn.example/3.ts"),
        answer("https://cdn.example/3.ts", b"no", "text/plain", 403),
    ]
    asked = frozenset(f"{base}{n}.ts" for n in range(5))
    lost = f"{base}1.ts, {base}3.ts, {base}4.ts"
    assert list(remarks(got, asked)) == [
        f"pieces of a stream that did not come whole: 3, such as {lost}"
    ], "the fourth was answered by nobody"
    assert list(remarks(got)) == []


def test_pieces_that_are_no_media_are_counted() -> None:
    """As a server gives them that says `200` to everything."""
    base = "https://film.example/"
    got = [
        answer(base + "l.m3u8", LOW.encode(), M3U8),
        answer(base + "0.ts", b"0", TS),
        answer(base + "1.ts", b"", TS),
        answer(base + "2.ts", b"<p>log in</p>", "text/html"),
        moved(base + "3.ts", base + "login"),
        answer(base + "login", b"<p>log in</p>", "text/html"),
        answer(base + "4.ts", b"", TS),
        answer(base + "4.ts", b"4", TS),
    ]
    hollow = f"{base}1.ts, {base}2.ts, {base}login"
    assert list(remarks(got)) == [
        f"pieces of a stream that came empty or as a page: 3, such as {hollow}"
    ]


KEY = "#EXTM3U\n#EXT-X-PLAYLIST-TYPE:VOD\n{}\n#EXTINF:4,\n0.ts\n"
DRM = (
    '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://k",KEYFORMAT="com.apple.streamingkeydelivery"',
    '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://k"',
    '#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,KEYFORMAT="urn:uuid:edef8ba9",URI="data:text/plain;base64,AA=="',
)
FREE = (
    "#EXT-X-KEY:METHOD=NONE",
    '#EXT-X-KEY:METHOD=AES-128,URI="k.bin",IV=0x1',
    '#EXT-X-KEY:METHOD=AES-128,URI="data:text/plain;base64,AA=="',
    f'#EXT-X-KEY:METHOD=SAMPLE-AES,URI="https://f.example/k",KEYFORMAT="identity"\n{DRM[0]}',
)


@pytest.mark.parametrize(("key", "drm"), [(k, True) for k in DRM] + [(k, False) for k in FREE])
def test_a_stream_for_players_with_a_licence_is_said_to_be_one(key: str, drm: bool) -> None:
    url = "https://film.example/drm.m3u8"
    note = f"a stream encrypted for players with a licence (DRM), kept as it came: {url}"
    got = [answer(url, KEY.format(key).encode(), M3U8)]
    assert list(remarks(got)) == ([note] if drm else [])
    assert "https://film.example/0.ts" in missing(got, frozenset({url}))


def test_variables_of_playlists_are_filled_in() -> None:
    base = "https://film.example/v/"
    master = (
        '#EXTM3U\n#EXT-X-DEFINE:NAME="where",VALUE="high"\n'
        "#EXT-X-STREAM-INF:BANDWIDTH=1\n{$where}/list.m3u8?t=a%2Fb\n"
    )
    listed = (
        '#EXTM3U\n#EXT-X-DEFINE:IMPORT="where"\n#EXT-X-DEFINE:QUERYPARAM="t"\n'
        '#EXT-X-MAP:URI="{$where}.mp4"\n#EXTINF:4,\n0.ts?{$t}\n#EXTINF:4,\n{$none}.ts\n#EXT-X-ENDLIST\n'
    )
    got = [answer(base + "m.m3u8", master.encode(), M3U8)]
    (best,) = missing(got, frozenset())
    assert best == base + "high/list.m3u8?t=a%2Fb"
    got.append(answer(best, listed.encode(), M3U8))
    high = base + "high/"
    assert missing(got, frozenset({best})) == (
        high + "high.mp4", high + "0.ts?a/b", high + "%7B$none%7D.ts",
    )  # fmt: skip


def test_of_a_playlist_without_measure_the_beginning_is_taken() -> None:
    url = "https://film.example/v/x.m3u8"
    got = [answer(url, b"#EXTM3U\n" + b"a\nb\n" * 20_000 + b"#EXT-X-ENDLIST\nc\n", M3U8)]
    assert missing(got, frozenset()) == (
        "https://film.example/v/a", "https://film.example/v/b",
    )  # fmt: skip
    assert list(remarks(got)) == [
        f"of a playlist only the first 20000 pieces were looked at: {url}"
    ]


def test_a_stream_that_goes_on_is_said_to() -> None:
    base = "https://film.example/v/"
    got = [
        answer(base + "master.m3u8", MASTER.encode(), M3U8),
        answer(base + "low/list.m3u8", LOW.replace("#EXT-X-ENDLIST", "").encode(), M3U8),
        answer(base + "high/list.m3u8?token=1", HIGH.encode(), M3U8),
        answer(base + "sound.m3u8", SOUND.encode(), M3U8),
        answer(base + "alone.m3u8", b"#EXTM3U\n#EXT-X-PLAYLIST-TYPE:VOD\nx.ts\n", M3U8),
    ]
    named = f"a stream that had not ended, kept as far as this named it then: {base}sound.m3u8"
    assert list(remarks(got)) == [OTHER, named], (
        "what was not completed, or has ended, is not spoken of"
    )


def test_what_is_no_playlist_names_nothing() -> None:
    assert missing([answer("https://a.example/x.m3u8", b"<html>404", M3U8)], frozenset()) == ()
    assert missing([answer("https://a.example/x.ts", b"#EXTM3U\na.ts", TS)], frozenset()) == ()
    gone = answer("https://a.example/x.m3u8", b"#EXTM3U\na.ts", M3U8, status=404)
    assert missing([gone], frozenset()) == ()


@given(st.text() | st.lists(st.sampled_from(MASTER.split("\n") + HIGH.split("\n"))).map("\n".join))
def test_any_playlist_names_addresses_of_the_web_only(text: str) -> None:
    found = parsed("https://film.example/v/x.m3u8", text.encode("utf-8", "replace"))
    named = (*found.parts, *(v.url for v in found.variants), *found.best().urls)
    assert all(url.startswith(("http://", "https://")) for url in named)
