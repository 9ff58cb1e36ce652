"""Video of DASH: what a manifest names is worked out, and the best of it is kept whole."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from capture_kit import answer, see_kept_once, visit_page, whole
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from torture import Torture, filler

from archiver.capture.dash import MOST, Presentation, lasting, missing, parsed
from archiver.capture.limits import CaptureLimits
from archiver.capture.segments import remarks
from archiver.domain.capture import Status

MPD = "application/dash+xml"
HERE = "https://film.example/v/film.mpd"
BASE = "https://film.example/v/"
NOW = datetime(2026, 1, 1, 12, 0, 5, tzinfo=UTC)
LIMITS = CaptureLimits(seconds=40, navigation=5, drawn=2, quiet=3, body_seconds=5)


def mpd(inside: str, said: str = 'mediaPresentationDuration="PT10S"') -> str:
    space = 'xmlns="urn:mpeg:dash:schema:mpd:2011" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<?xml version="1.0"?>\n<MPD {space} {said}>{inside}</MPD>'


def one(inside: str, said: str = 'mediaPresentationDuration="PT10S"') -> str:
    """A manifest with one picture track, in which `inside` stands."""
    track = f'<Representation id="p" bandwidth="5">{inside}</Representation>'
    return mpd(
        f'<Period><AdaptationSet mimeType="video/mp4">{track}</AdaptationSet></Period>', said
    )


def read(text: str, now: datetime = NOW) -> Presentation:
    found = parsed(HERE, text.encode(), now)
    assert found is not None
    return found


def names(text: str, now: datetime = NOW) -> list[str]:
    """The addresses that a manifest names, as seen from its folder."""
    return [url.removeprefix(BASE) for url in read(text, now).parts]


# --- segments ---------------------------------------------------------------------------------

TEMPLATES = {
    "numbers, as many as the period holds, the last one shorter": (
        '<SegmentTemplate media="$Number$.m4s" initialization="i.mp4" duration="4"/>',
        ["i.mp4", "1.m4s", "2.m4s", "3.m4s"],
    ),
    "first number, timescale, zeros in front": (
        '<SegmentTemplate media="a-$Number%04d$.m4s" startNumber="7" timescale="1000" duration="5000"/>',
        ["a-0007.m4s", "a-0008.m4s"],
    ),
    "the last number is named": (
        '<SegmentTemplate media="$Number$.m4s" startNumber="0" endNumber="1" duration="1"/>',
        ["0.m4s", "1.m4s"],
    ),
    "name and bits of the track, and a dollar": (
        '<SegmentTemplate media="$RepresentationID$/$Bandwidth$/$$/$Number$" duration="10"/>',
        ["p/5/$/1"],
    ),
    "times, repeated, with a gap": (
        '<SegmentTemplate media="$Time$-$Number$" timescale="10"><SegmentTimeline>'
        '<S t="5" d="20" r="1"/><S d="30"/><S t="100" d="1"/></SegmentTimeline></SegmentTemplate>',
        ["5-1", "25-2", "45-3", "100-4"],
    ),
    "repeated until the next": (
        '<SegmentTemplate media="$Time$"><SegmentTimeline>'
        '<S t="0" d="3" r="-1"/><S t="9" d="1"/></SegmentTimeline></SegmentTemplate>',
        ["0", "3", "6", "9"],
    ),
    "repeated to the end of the period, which begins at an offset": (
        '<SegmentTemplate media="$Time$" timescale="2" presentationTimeOffset="100"><SegmentTimeline>'
        '<S t="100" d="8" r="-1"/></SegmentTimeline></SegmentTemplate>',
        ["100", "108", "116"],
    ),
    "one segment": (
        '<SegmentTemplate media="$RepresentationID$-$Number$.mp4"><Initialization sourceURL="i"/></SegmentTemplate>',
        ["i", "p-1.mp4"],
    ),
    "a list": (
        '<SegmentList duration="4"><Initialization sourceURL="i.mp4"/><SegmentURL media="x/1"/>'
        '<SegmentURL media="https://b.example/2"/><SegmentURL media="ftp://b.example/3"/></SegmentList>',
        ["i.mp4", "x/1", "https://b.example/2"],
    ),
    "a list of ranges of one file": (
        '<BaseURL>f.mp4</BaseURL><SegmentList duration="4"><Initialization range="0-99"/>'
        '<SegmentURL mediaRange="100-199"/><SegmentURL mediaRange="200-299"/></SegmentList>',
        ["f.mp4"],
    ),
    "one file with its index": (
        '<BaseURL>f.mp4?a=1&amp;b=2</BaseURL><SegmentBase indexRange="9-99"><Initialization range="0-8"/>'
        "</SegmentBase>",
        ["f.mp4?a=1&b=2"],
    ),
    "one file with its beginning beside it": (
        '<BaseURL>f.mp4</BaseURL><SegmentBase><Initialization sourceURL="i"/>'
        '<RepresentationIndex sourceURL="x.sidx"/></SegmentBase>',
        ["f.mp4", "i", "x.sidx"],
    ),
    "one file and nothing more said": ("<BaseURL> f.mp4\n</BaseURL>", ["f.mp4"]),
    "spaces and letters as a browser writes them": (
        "<BaseURL>ein Film \u00fc|.mp4?\u00fc='|'#t=3</BaseURL>",
        ["ein%20Film%20%C3%BC%7C.mp4?%C3%BC=%27|%27"],
    ),
}


@pytest.mark.parametrize("case", TEMPLATES)
def test_a_track_is_cut_as_its_manifest_says(case: str) -> None:
    inside, expected = TEMPLATES[case]
    found = read(one(inside))
    assert [url.removeprefix(BASE) for url in found.parts] == expected
    assert (found.live, found.protected, found.open) == (False, False, ())


UNTOLD = "the pieces of a track cannot be told from it"
OPEN = {
    UNTOLD: one('<SegmentTemplate media="$Number$" duration="4"/>', ""),
    "a part of it stands elsewhere, and was not looked for": mpd(
        '<Period xlink:href="https://ads.example/p.xml"/>'
    ),
    f"it names more than the {MOST} pieces that were looked at": one(
        '<SegmentTemplate media="$Time$"><SegmentTimeline><S d="1" r="9999999999999"/>'
        "</SegmentTimeline></SegmentTemplate>"
    ),
}


@pytest.mark.parametrize("words", OPEN)
def test_what_a_manifest_leaves_open_is_said(words: str) -> None:
    found = read(OPEN[words])
    assert found.open == (words,)
    assert len(found.parts) in {0, MOST}
    got = [answer(HERE, OPEN[words].encode(), MPD)]
    assert list(remarks(got)) == [f"of a stream's manifest {words}: {HERE}"]


@pytest.mark.parametrize("inside", ["", '<SegmentTemplate media="$SubNumber$" duration="4"/>'])
def test_pieces_that_cannot_be_told_are_not_guessed(inside: str) -> None:
    assert (read(one(inside)).parts, read(one(inside)).open) == ((), (UNTOLD,))


def test_a_part_that_was_taken_away_leaves_nothing_open() -> None:
    assert read(mpd('<Period xlink:href="urn:mpeg:dash:resolve-to-zero:2013"/>')).open == ()


# --- periods, tracks, addresses ---------------------------------------------------------------


def test_each_period_has_its_own_tracks_and_its_own_length() -> None:
    track = '<AdaptationSet contentType="video"><Representation id="{}"/></AdaptationSet>'
    cut = '<SegmentTemplate media="$RepresentationID$-$Number$" duration="4"/>'
    periods = (
        f'<Period duration="PT4S">{cut}{track.format("a")}</Period>'
        f"<Period><BaseURL>ads/</BaseURL>{cut}{track.format('b')}</Period>"
        f'<Period start="PT12S">{cut}{track.format("c")}</Period>'
    )
    expected = ["a-1", "ads/b-1", "ads/b-2", "c-1", "c-2", "c-3"]
    assert names(mpd(periods, 'mediaPresentationDuration="PT24S"')) == expected


SETS = """
<AdaptationSet contentType="video"><EssentialProperty schemeIdUri="http://dashif.org/guidelines/trickmode"/>
  <Representation id="quick" width="9000" height="9000" bandwidth="9"/></AdaptationSet>
<AdaptationSet mimeType="video/mp4"><Representation id="low" width="320" height="180" bandwidth="1000000"/>
  <Representation id="high" width="1280" height="720" bandwidth="700000"/></AdaptationSet>
<AdaptationSet><Representation id="best" mimeType="video/webm" width="1280" height="720" bandwidth="800000"/>
  </AdaptationSet>
<AdaptationSet contentType="audio" lang="de"><Role schemeIdUri="urn:mpeg:dash:role:2011" value="dub"/>
  <Representation id="dubbed" bandwidth="900000"/></AdaptationSet>
<AdaptationSet lang="en"><Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
  <ContentComponent contentType="audio"/>
  <Representation id="quiet" bandwidth="64000"/><Representation id="loud" bandwidth="128000"/></AdaptationSet>
<AdaptationSet contentType="text"><Representation id="words" bandwidth="999999"/></AdaptationSet>
<AdaptationSet mimeType="application/mp4" codecs="stpp.ttml.im1t" lang="de"><Representation id="worte"/>
  <Representation id="viele-worte" bandwidth="9"/></AdaptationSet>
<AdaptationSet><Representation id="mots" mimeType="application/ttml+xml"/></AdaptationSet>
<AdaptationSet mimeType="image/jpeg"><Representation id="tiles" bandwidth="999999"/></AdaptationSet>
"""


def test_the_best_picture_the_main_sound_and_all_subtitles_are_chosen() -> None:
    cut = '<SegmentTemplate media="$RepresentationID$" duration="10"/>'
    text = mpd(f"<Period>{cut}{SETS}</Period>")
    assert names(text) == ["best", "loud", "words", "worte", "mots"]
    assert read(text).open == ("the sound is kept in one language, and is offered in 1 more",)


def test_of_very_many_subtitles_the_first_are_taken() -> None:
    one = '<AdaptationSet mimeType="text/vtt"><Representation id="{0}"><BaseURL>{0}.vtt</BaseURL></Representation>'
    sets = "".join(one.format(number) + "</AdaptationSet>" for number in range(10))
    found = mpd(f"<Period>{sets}</Period>")
    assert names(found) == [f"{number}.vtt" for number in range(8)]
    assert read(found).open == ("2 tracks of subtitles were not asked for",)


def test_what_the_innermost_element_says_holds() -> None:
    inside = (
        '<Period><SegmentTemplate timescale="10" duration="50" media="far" initialization="i"/>'
        '<AdaptationSet mimeType="video/mp4"><SegmentTemplate startNumber="3" media="$Number$"/>'
        '<Representation id="v" bandwidth="1"><SegmentTemplate duration="100"/></Representation>'
        '</AdaptationSet><AdaptationSet mimeType="audio/mp4"><Representation id="s" bandwidth="1">'
        "<BaseURL>sound.mp4</BaseURL><SegmentBase/></Representation></AdaptationSet></Period>"
    )
    assert names(mpd(inside)) == ["i", "3", "sound.mp4"]


def test_of_servers_that_hold_the_same_the_one_in_use_is_asked() -> None:
    servers = "<BaseURL>https://a.example/x/</BaseURL><BaseURL>https://b.example/y/</BaseURL>"
    cut = '<SegmentTemplate media="s$Number$" duration="5"/>'
    text = mpd(
        f'{servers}<Period><AdaptationSet mimeType="video/mp4">{cut}<Representation/></AdaptationSet></Period>'
    )
    got = [answer(HERE, text.encode(), MPD)]
    assert missing(got, frozenset({HERE})) == ("https://a.example/x/s1", "https://a.example/x/s2")
    seen = frozenset({HERE, "https://b.example/y/s1"})
    assert missing(got, seen) == ("https://b.example/y/s2",)


def test_only_what_has_not_come_is_asked_for() -> None:
    text = one('<SegmentTemplate media="$Number$" duration="4"/>')
    got = [answer(HERE, text.encode(), "text/plain"), answer(BASE + "x.txt", text.encode(), "a/b")]
    assert missing(got, frozenset({BASE + "2"})) == (BASE + "1", BASE + "3")
    assert missing([replace(got[0], truncated="time")], frozenset()) == ()
    assert missing([replace(got[0], status=206)], frozenset()) == ()


def test_a_track_for_players_with_a_licence_is_named() -> None:
    key = '<ContentProtection schemeIdUri="urn:mpeg:dash:mp4protection:2011" value="cenc"/>'
    text = one(f"{key}<BaseURL>f.mp4</BaseURL>")
    assert read(text).protected
    said = f"a stream encrypted for players with a licence (DRM), kept as it came: {HERE}"
    assert list(remarks([answer(HERE, text.encode(), MPD)])) == [said]


# --- live -------------------------------------------------------------------------------------

LIVE = 'type="dynamic" availabilityStartTime="2026-01-01T12:00:00Z" timeShiftBufferDepth="PT20S"'
ON_AIR = '<SegmentTemplate media="$Number$" startNumber="0" duration="4"/>'


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-30, []),
        (3, []),
        (4, ["0"]),
        (11, ["0", "1"]),
        (3600, ["895", "896", "897", "898", "899"]),
    ],
)
def test_of_a_live_stream_there_is_what_is_over_and_still_kept(
    seconds: int, expected: list[str]
) -> None:
    now = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(seconds=seconds)
    assert names(one(ON_AIR, LIVE), now) == expected


def test_a_live_stream_that_keeps_everything_gives_its_last_minute() -> None:
    now = datetime(2026, 1, 2, 12, tzinfo=UTC)
    assert names(one(ON_AIR, LIVE.partition(" time")[0]), now) == [
        str(n) for n in range(21585, 21600)
    ]


def test_a_live_timeline_goes_to_now() -> None:
    cut = (
        '<SegmentTemplate media="$Time$"><SegmentTimeline><S t="0" d="2" r="-1"/></SegmentTimeline>'
        "</SegmentTemplate>"
    )
    assert names(one(cut, LIVE)) == ["0", "2", "4"]


def test_the_clock_of_the_server_says_how_far_a_live_stream_is() -> None:
    text = one(ON_AIR, LIVE)
    told = (("Content-Type", MPD), ("Date", "Thu, 01 Jan 2026 12:00:09 GMT"))
    got = replace(answer(HERE, text.encode(), MPD), response_headers=told)
    assert missing([got], frozenset()) == (BASE + "0", BASE + "1")
    odd = replace(got, response_headers=(*told[:1], ("Date", "soon")), started_at=NOW)
    assert missing([odd], frozenset()) == (BASE + "0",)
    said = f"a stream that had not ended, kept as far as this named it then: {HERE}"
    assert list(remarks([got])) == [said]


# --- strangers' XML ---------------------------------------------------------------------------

HOSTILE = {
    "an entity": '<!DOCTYPE MPD [<!ENTITY e "x">]><MPD><BaseURL>&e;</BaseURL></MPD>',
    "a bomb": '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><MPD>&b;</MPD>',
    "a file": '<!DOCTYPE m [<!ENTITY f SYSTEM "file:///etc/hostname">]><MPD>&f;</MPD>',
    "a document type alone": '<!DOCTYPE MPD SYSTEM "http://127.0.0.1:9/x.dtd"><MPD/>',
    "no end": "<MPD><Period>",
    "another root": "<rss/>",
    "an unknown coding": '<?xml version="1.0" encoding="x-none"?><MPD/>',
    "nothing": "",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_manifest_is_not_read_and_said_to_be_none(case: str) -> None:
    data = HOSTILE[case].encode()
    assert parsed(HERE, data, NOW) is None
    assert missing([answer(HERE, data, MPD)], frozenset()) == ()
    said = f"a stream's manifest could not be read: {HERE}"
    assert list(remarks([answer(HERE, data, MPD)])) == [said]


def test_a_deep_manifest_and_a_wide_one_are_read() -> None:
    assert read("<MPD>" + "<a>" * 200_000 + "</a>" * 200_000 + "</MPD>").parts == ()
    wide = "".join(f'<SegmentURL media="{n}"/>' for n in range(30_000))
    assert len(read(one(f"<SegmentList>{wide}</SegmentList>")).parts) == MOST


def test_many_manifests_together_name_no_more_than_one_may() -> None:
    text = one(
        '<SegmentTemplate media="$Number$" duration="1"/>', 'mediaPresentationDuration="PT9000S"'
    )
    got = [answer(f"https://film.example/{n}/film.mpd", text.encode(), MPD) for n in range(9)]
    assert len(missing(got, frozenset())) == MOST
    assert len([said for said in remarks(got) if "names more than the" in said]) == 7


TEXTS = [text for text, _ in TEMPLATES.values()] + [SETS, ON_AIR, "<Period>", "</Period>"]
NUMBERS = st.sampled_from(["-1", "0", "1", "9" * 20, "9" * 5000, "1.5", "x", "", "PT-1S", "P99Y"])


@settings(deadline=None)
@given(st.lists(st.sampled_from(TEXTS) | st.text()).map("".join), NUMBERS, NUMBERS, st.booleans())
def test_any_manifest_names_addresses_of_the_web_only(
    inside: str, first: str, second: str, live: bool
) -> None:
    said = f'type="{"dynamic" if live else "static"}" mediaPresentationDuration="{second}"'
    cut = (
        f'<SegmentTemplate media="$Time%0{first}d$" startNumber="{first}" timescale="{second}" '
        f'duration="{second}" presentationTimeOffset="{first}" endNumber="{second}">'
        f'<SegmentTimeline><S t="{first}" d="{second}" r="{first}" n="{second}"/></SegmentTimeline>'
        "</SegmentTemplate>"
    )
    for text in (inside, mpd(f"<Period>{inside}</Period>"), one(inside), one(cut, said)):
        found = parsed(HERE, text.encode("utf-8", "replace"), NOW)
        parts = found.parts if found is not None else ()
        assert len(parts) <= MOST
        assert all(url.startswith(("http://", "https://")) for url in parts)


ENTRIES = st.lists(
    st.tuples(st.integers(1, 50), st.integers(0, 6), st.integers(0, 9)), min_size=1, max_size=8
)


@settings(deadline=None)
@given(ENTRIES, st.integers(0, 99), st.integers(0, 99))
def test_a_timeline_is_what_its_entries_add_up_to(entries, first: int, start: int) -> None:
    """Each entry lasts `d`, comes `r` times more, and may leave a gap before it."""
    time, expected, lines = first, [], []
    for index, (lasts, more, gap) in enumerate(entries):
        told = f't="{time + gap}" ' if gap or index == 0 else ""
        time += gap
        expected += [time + n * lasts for n in range(more + 1)]
        time += lasts * (more + 1)
        lines.append(f'<S {told}d="{lasts}" r="{more}"/>')
    found = names(
        one(
            f'<SegmentTemplate media="$Number$_$Time$" startNumber="{start}"><SegmentTimeline>'
            f"{''.join(lines)}</SegmentTimeline></SegmentTemplate>"
        )
    )
    assert found == [f"{start + n}_{at}" for n, at in enumerate(expected)]


@settings(deadline=None)
@given(st.integers(1, 10**7), st.integers(1, 10**5), st.integers(1, 10**5))
def test_even_segments_cover_the_period_and_no_more(millis: int, scale: int, units: int) -> None:
    said = f'mediaPresentationDuration="PT{millis / 1000:.3f}S"'
    cut = f'<SegmentTemplate media="$Number$" timescale="{scale}" duration="{units}"/>'
    count = -(-millis * scale // (1000 * units))
    found = read(one(cut, said))
    assert len(found.parts) == min(count, MOST)
    assert bool(found.open) == (count > MOST)


SPLIT = st.lists(st.integers(0, 2), min_size=4, max_size=4)


@settings(deadline=None)
@given(SPLIT, st.permutations(["media", "duration", "startNumber", "timescale"]))
def test_it_does_not_matter_on_which_level_something_is_said(levels: list[int], order) -> None:
    said = {"media": "$Number$", "duration": "8", "startNumber": "5", "timescale": "2"}
    parts = ["", "", ""]
    for level in range(3):
        here = [
            f'{name}="{said[name]}"' for name, at in zip(order, levels, strict=True) if at == level
        ]
        parts[level] = f"<SegmentTemplate {' '.join(here)}/>" if here else ""
    text = mpd(
        f'<Period>{parts[0]}<AdaptationSet mimeType="video/mp4">{parts[1]}'
        f"<Representation>{parts[2]}</Representation></AdaptationSet></Period>"
    )
    assert names(text) == ["5", "6", "7"]


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_durations_are_read(millis: int, days: int, hours: int, minutes: int) -> None:
    found = lasting(f"P{days}DT{hours}H{minutes}M{millis / 1000:.3f}S")
    assert found is not None
    assert found * 1000 == ((days * 24 + hours) * 60 + minutes) * 60_000 + millis
    assert lasting("") is lasting("P") is lasting("PT") is lasting("-PT1S") is lasting("10") is None


# --- a page that plays ------------------------------------------------------------------------

PLAYER = """<!doctype html><title>A film</title><p>words beside the film</p><script>
async function play(address) {
  const manifest = new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/xml');
  const track = manifest.querySelector('Representation');
  const cut = track.querySelector('SegmentTemplate');
  const base = new URL(manifest.querySelector('Period > BaseURL').textContent, new URL(address, location));
  const fill = text => new URL(text.replace('$RepresentationID$', track.id).replace('$Number$', 1), base);
  await fetch(fill(cut.getAttribute('initialization'))).then(r => r.arrayBuffer());
  await fetch(fill(cut.getAttribute('media'))).then(r => r.arrayBuffer());
  await fetch(new URL('sound.mp4', base), {headers: {Range: 'bytes=0-999'}}).then(r => r.arrayBuffer());
  document.title = 'played';
}
play('MANIFEST');
</script>"""
FILM = """
<Period duration="PT12S"><BaseURL>one/</BaseURL>
  <AdaptationSet mimeType="video/mp4">
    <Representation id="low" bandwidth="100" width="64" height="36">
      <SegmentTemplate media="$RepresentationID$/$Number$.m4s" initialization="$RepresentationID$/i.mp4" duration="4"/>
    </Representation>
    <Representation id="high" bandwidth="900" width="128" height="72">
      <SegmentTemplate media="$RepresentationID$/$Time$.m4s" initialization="$RepresentationID$/i.mp4" timescale="10">
        <SegmentTimeline><S t="0" d="40" r="2"/></SegmentTimeline></SegmentTemplate>
    </Representation>
  </AdaptationSet>
  <AdaptationSet mimeType="audio/mp4"><Representation id="s" bandwidth="9"><BaseURL>sound.mp4</BaseURL>
    <SegmentBase indexRange="100-199"><Initialization range="0-99"/></SegmentBase></Representation></AdaptationSet>
</Period>
<Period duration="PT4S"><BaseURL>http://b.localhost:PORT/v/two/</BaseURL>
  <AdaptationSet mimeType="video/mp4"><Representation id="end" bandwidth="1"><SegmentList duration="4">
    <Initialization sourceURL="i.mp4"/><SegmentURL media="1.m4s"/></SegmentList></Representation></AdaptationSet>
</Period>"""
TAKEN = {"/v/film.mpd", "/v/one/low/i.mp4", "/v/one/low/1.m4s"}


def files(port: int) -> dict[str, tuple[str, bytes]]:
    """The film: two tracks of pictures and the sound beside them, then a second period."""
    found = {"/v/film.mpd": (MPD, mpd(FILM, "").replace("PORT", str(port)).encode())}
    for path in ("one/low/i", "one/high/i", "two/i"):
        found[f"/v/{path}.mp4"] = ("video/mp4", filler(path, 900))
    for path in ("one/low/1", "one/low/2", "one/low/3", "two/1"):
        found[f"/v/{path}.m4s"] = ("video/iso.segment", filler(path, 200_000))
    for time in (0, 40, 80):
        found[f"/v/one/high/{time}.m4s"] = ("video/iso.segment", filler(f"high{time}", 1_500_000))
    found["/v/one/sound.mp4"] = ("audio/mp4", filler("sound", 300_000))
    return found


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture() as site:
        site.files = files(site.port)
        site.pages["/film"] = PLAYER.replace("MANIFEST", "/v/film.mpd")
        far = site.url("/v/film.mpd", "c.localhost")
        site.pages["/far"] = PLAYER.replace("MANIFEST", far)
        yield site


@pytest.mark.browser
@pytest.mark.parametrize("page", ["/film", "/far"])
def test_of_a_film_in_segments_all_of_the_best_is_kept(
    run, browser, site, tmp_path: Path, page: str
) -> None:
    capture = run(visit_page(browser, site.url(page), tmp_path, limits=LIMITS))
    best = {p for p in site.files if p.startswith(("/v/one/high", "/v/one/sound", "/v/two/"))}
    see_kept_once(capture, site.files, TAKEN | best)
    assert not [note for note in capture.notes if "stream" in note]


@pytest.mark.browser
def test_a_film_longer_than_the_post_may_be_is_partial_and_kept(
    run, browser, site, tmp_path: Path
) -> None:
    few = CaptureLimits(seconds=40, quiet=3, bytes=2_000_000)
    capture = run(visit_page(browser, site.url("/film"), tmp_path, limits=few))
    assert capture.outcome.status is Status.PARTIAL
    assert capture.limits_hit == ("bytes",)
    assert any("pieces of a stream were not asked for" in note for note in capture.notes)
    assert {"/v/film.mpd", "/v/one/high/i.mp4", "/v/one/high/0.m4s"} <= set(whole(capture))


@pytest.mark.browser
def test_a_live_film_with_a_missing_piece_says_both(run, browser, site, tmp_path: Path) -> None:
    gap = f'<Period><BaseURL>one/</BaseURL><AdaptationSet mimeType="video/mp4">{GAP}</AdaptationSet></Period>'
    site.files["/v/live.mpd"] = (MPD, mpd(gap, 'type="dynamic"').encode())
    site.pages["/live"] = PLAYER.replace("MANIFEST", "/v/live.mpd")
    capture = run(visit_page(browser, site.url("/live"), tmp_path, limits=LIMITS))
    told, lost = site.url("/v/live.mpd"), site.url("/v/one/high/120.m4s")
    assert [note for note in capture.notes if "stream" in note] == [
        f"pieces of a stream that did not come whole: 1, such as {lost}",
        f"a stream that had not ended, kept as far as this named it then: {told}",
    ]
    assert {f"/v/one/high/{time}.m4s" for time in (0, 40, 80)} <= set(whole(capture))


GAP = """<Representation id="high"><SegmentTemplate timescale="10" media="$RepresentationID$/$Time$.m4s"
  initialization="$RepresentationID$/i.mp4"><SegmentTimeline><S t="0" d="40" r="3"/></SegmentTimeline>
  </SegmentTemplate></Representation>"""
