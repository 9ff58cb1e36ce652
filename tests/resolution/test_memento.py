"""Memento: the links it is made of, TimeGates of several habits, lists of other copies, what is not taken."""

import gzip
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Proxy, Web, http, moved

from archiver.clock import SystemClock
from archiver.domain.exchange import Exchange
from archiver.domain.post import Post, PostRef, View
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.resolution.asking import Asking
from archiver.resolution.memento import (
    WAYBACK,
    Link,
    copy_at,
    links_in,
    nearest,
    original_of,
    others,
)
from archiver.resolution.rungs import Rung, ask_archive, published
from archiver.resolution.wayback import instant_of

GATE = "https://archive.example/web/"
URL = "https://social.example/@ana/113000000000000001"
DAY = datetime(2024, 9, 3, 12, tzinfo=UTC)
AT = "Tue, 03 Sep 2024 06:00:00 GMT"
POST = Post(ref=PostRef("mastodon", "social.example/113000000000000001"), url=URL, author="ana",
            views=(View("page", URL),))  # fmt: skip
HTML = ("Content-Type", "text/html")
World = tuple[Web, Client]


@pytest.fixture
def world(proxied: Callable[..., tuple[Web, Proxy, Path]]) -> World:  # type: ignore[misc]
    """An archive, and a client that reaches it as the job does."""
    web, proxy, ca_file = proxied("archive.example", "web.archive.org")
    with EgressGuard(proxy.url) as guard, guard.lane() as lane:
        yield web, Client(lane.proxy_url, ca_file=ca_file)


def memento(
    body: str = "<p>the post", *more: tuple[str, str], status: int = 200, at: str = AT
) -> bytes:
    return http(body, status, "OK", HTML, ("Memento-Datetime", at), *more)


def asking(client: Client) -> Asking:
    return Asking(client, SystemClock())


def test_a_gate_that_redirects_to_a_dated_copy(world: World) -> None:
    """The copy is asked for as it was received; the TimeMap is remembered; the moment is asked for."""
    web, client = world
    maps = f'<{GATE}timemap/link/{URL}>; rel="timemap"; type="application/link-format", <{URL}>; rel="original"'
    web.routes[f"/web/{URL}"] = http(
        "", 302, "Found", ("Location", f"/web/20240903060000/{URL}"), ("Link", maps)
    )
    web.routes[f"/web/20240903060000id_/{URL}"] = memento()
    copy, timemap = nearest(asking(client), GATE, URL, DAY)
    assert copy is not None and copy.url == f"{GATE}20240903060000id_/{URL}"
    assert timemap == f"{GATE}timemap/link/{URL}"
    assert web.hits[0].header("accept-datetime") == "Tue, 03 Sep 2024 12:00:00 GMT"
    assert original_of(copy) == URL


def test_a_gate_that_answers_with_the_copy_itself(world: World) -> None:
    web, client = world
    said = ("Content-Location", f"{GATE}20240903060000/{URL}"), ("Link", f"<{URL}>; rel=original")
    web.routes[f"/web/{URL}"] = memento("<p>framed", *said)
    web.routes[f"/web/20240903060000id_/{URL}"] = memento("<p>as received")
    copy, _ = nearest(asking(client), GATE, URL, DAY)
    assert copy is not None and copy.body.read() == b"<p>as received"
    del web.routes[f"/web/20240903060000id_/{URL}"]
    copy, _ = nearest(asking(client), GATE, URL, DAY)
    assert copy is not None and copy.body.read() == b"<p>framed" and original_of(copy) == URL


def test_a_gate_whose_copies_have_names_of_their_own(world: World) -> None:
    web, client = world
    web.routes[f"/web/{URL}"] = moved("/aB3x", 302)
    web.routes["/aB3x"] = memento("<p>snapshot", ("Link", f'<{URL}>; rel="original"'))
    copy, _ = nearest(asking(client), GATE, URL, DAY)
    assert copy is not None and copy.url == "https://archive.example/aB3x"
    assert original_of(copy) == URL


@pytest.mark.parametrize(
    "answer",
    [http("not archived", 404, "Not Found"), http("excluded", 200, "OK", HTML), moved("ftp://x/"),
     moved(f"/web/{URL}")],
)  # fmt: skip
def test_what_is_no_copy(world: World, answer: bytes) -> None:
    """A page without Memento-Datetime is the archive's own word; a circle ends."""
    web, client = world
    web.routes[f"/web/{URL}"] = answer
    copy, timemap = nearest(asking(client), GATE, URL, DAY)
    assert copy is None and timemap == ""
    assert len(web.hits) <= 5


@pytest.mark.parametrize(
    "onward", ["/web/{}", "/web/20240903060000/{}", "/web/20240903060000id_/{}"]
)
def test_a_gate_that_sends_its_visitors_in_circles(world: World, onward: str) -> None:
    """To itself, or to a copy that leads back to itself: nothing is taken, and few requests are made."""
    web, client = world
    place = onward.format(URL)
    web.routes |= {
        f"/web/{URL}": moved(place),
        f"/web/20240903060000/{URL}": moved(f"/web/20240903060000id_/{URL}"),
        f"/web/20240903060000id_/{URL}": moved(f"/web/20240903060000/{URL}"),
    }
    tried = asking(client)
    copy, _ = nearest(tried, GATE, URL, DAY)
    assert copy is None and len(tried.exchanges) < 16


def test_the_list_of_a_timemap_and_of_the_wayback_machine(world: World) -> None:
    web, client = world
    stamps = {"20240901000000": "Sun, 01", "20240904000000": "Wed, 04", "20250101000000": ""}
    lines = [
        f'<{GATE}{s}/{URL}>; rel="memento"; datetime="{d} Sep 2024 00:00:00 GMT"'
        for s, d in stamps.items()
    ]
    web.routes[f"/web/timemap/link/{URL}"] = http(f'<{URL}>; rel="original",\n' + ",\n".join(lines))
    found = others(asking(client), GATE, URL, f"{GATE}timemap/link/{URL}", DAY)
    assert [one.at.day for one in found] == [4, 1]
    assert others(asking(client), GATE, URL, "", DAY) == ()
    rows = (
        '[["timestamp","original","statuscode","mimetype"],["20240801000000","U","200","t"],'
        '["20240903000000","U","404","t"],["20240902000000","U","-","t"],["20240902999999","U","200","t"]]'
    ).replace("U", URL)
    web.routes = {hit: http(rows) for hit in [next_cdx(world)]}
    found = others(asking(client), "https://web.archive.org/web/", URL, "", DAY)
    assert [one.url.split("/")[4] for one in found] == ["20240902000000id_", "20240801000000id_"]


def next_cdx(world: World) -> str:
    """The address that the Wayback Machine's list is asked at."""
    web, client = world
    others(asking(client), "https://web.archive.org/web/", URL, "", DAY)
    return next(hit.target for hit in web.hits if hit.target.startswith("/cdx/"))


def test_a_copy_that_is_none(world: World) -> None:
    web, client = world
    web.routes["/web/1/x"] = http("a page of the archive", 200, "OK", HTML)
    assert copy_at(asking(client), f"{GATE}1/x") is None


# ---- the rung


def rung(client: Client, why: Callable[[Exchange, str], str]) -> Rung:
    found = ask_archive(POST, GATE, client, SystemClock(), DAY, why)
    assert found is not None
    return found


def test_copies_that_do_not_show_the_post_are_passed_over(world: World) -> None:
    web, client = world
    maps = f'<{GATE}timemap/link/{URL}>; rel="timemap"'
    web.routes[f"/web/{URL}"] = http(
        "", 302, "Found", ("Location", f"{GATE}20240903060000/{URL}"), ("Link", maps)
    )
    web.routes[f"/web/20240903060000id_/{URL}"] = memento("log in")
    lines = ",".join(
        f'<{GATE}202409{d:02}000000/{URL}>; rel="memento"; datetime="{w}, {d:02} Sep 2024 00:00:00 GMT"'
        for d, w in ((4, "Wed"), (5, "Thu"), (6, "Fri"), (7, "Sat"))
    )
    web.routes[f"/web/timemap/link/{URL}"] = http(lines)
    web.routes[f"/web/20240904000000id_/{URL}"] = memento(
        "gone", status=404, at="Wed, 04 Sep 2024 00:00:00 GMT"
    )
    other = ("Link", '<https://social.example/auth/login>; rel="original"')
    web.routes[f"/web/20240905000000id_/{URL}"] = memento("elsewhere", other)
    web.routes[f"/web/20240906000000id_/{URL}"] = memento(
        "the post", at="Fri, 06 Sep 2024 00:00:00 GMT"
    )
    seen: list[bytes] = []

    def why(copy: Exchange, original: str) -> str:
        seen.append(copy.body.read())
        assert original == URL
        return "" if b"the post" in copy.body.read() else "a login page"

    found = rung(client, why)
    assert seen == [b"log in", b"the post"]  # the error and the other address are not even judged
    assert found.copy is not None and found.copy.at == datetime(2024, 9, 6, tzinfo=UTC)
    assert found.view.url == found.copy.url and found.copy.original == URL and found.shows
    web.routes[f"/web/20240906000000id_/{URL}"] = memento("log in")
    found = rung(client, why)
    assert found.copy is None and not found.shows  # the fourth other is not looked at
    assert "of 2024-09-03 06:00 UTC is not taken: a login page" in found.said
    assert "an archived answer HTTP 404" in found.said
    assert "a copy of social.example/auth/login" in found.said


def test_an_archive_that_does_not_answer(world: World) -> None:
    web, client = world
    web.routes[f"/web/{URL}"] = lambda asked, link: None
    found = rung(client, lambda copy, original: "")
    assert found.copy is None and found.said.startswith("archive.example did not answer (")
    assert found.answer is None and found.exchanges


# ---- pure parts


@given(st.text())
def test_any_text_holds_links_or_none(text: str) -> None:
    assert all(isinstance(link, Link) for link in links_in(text, URL))


def test_links_as_they_are_written() -> None:
    text = (
        '</a>; rel="first memento"; datetime="Tue, 03 Sep 2024 06:00:00 GMT" ,'
        ' <http://b/,;x>;rel=original;title="a, b"'
    )
    first, second = links_in(text, "https://h.example/")
    assert first == Link(
        "https://h.example/a", frozenset({"first", "memento"}), datetime(2024, 9, 3, 6, tzinfo=UTC)
    )
    assert second.url == "http://b/,;x" and second.rel == {"original"}


@pytest.mark.parametrize(
    ("dated", "moment"),
    [(None, datetime(2024, 9, 2, 8, tzinfo=UTC)), ("2024-09-20", datetime(2024, 9, 20, 12, tzinfo=UTC)),
     ("2024-10", datetime(2024, 10, 15, 12, tzinfo=UTC)), ("2024-08-01", datetime(2024, 9, 2, 8, tzinfo=UTC)),
     ("2024-09-01", datetime(2024, 9, 1, 12, tzinfo=UTC)), ("nonsense", datetime(2024, 9, 2, 8, tzinfo=UTC))],
)  # fmt: skip
def test_the_moment_that_is_asked_for(dated: str | None, moment: datetime) -> None:
    post = Post(ref=POST.ref, url=URL, posted_at=datetime(2024, 9, 1, 8, tzinfo=UTC))
    assert published(post, dated) == moment


def test_nothing_known_of_the_day() -> None:
    assert published(Post(ref=POST.ref, url=URL)) is None
    assert published(Post(ref=POST.ref, url=URL), "2024-09-20") == datetime(
        2024, 9, 20, 12, tzinfo=UTC
    )


RESPONSES = Path(__file__).parents[2] / "../shared/responses/webarchive"


@pytest.mark.parametrize(
    "name", ["010-memento-raw-id-live", "013-memento-archived-301", "015-memento-archived-404"]
)
def test_the_links_that_the_wayback_machine_really_sends(name: str) -> None:
    """Its TimeGate and its TimeMap stand where the table of the docs says."""
    file = RESPONSES / f"{name}.headers.txt.gz"
    if not file.is_file():
        pytest.skip("the recorded answers are not here")
    lines = gzip.decompress(file.read_bytes()).decode("utf-8", "replace").splitlines()
    header = next(line.partition(":")[2] for line in lines if line.lower().startswith("link:"))
    links = list(links_in(header, "https://web.archive.org/"))
    original = next(link.url for link in links if "original" in link.rel)
    assert f"{WAYBACK}{original}" in [link.url for link in links if "timegate" in link.rel]
    assert f"{WAYBACK}timemap/link/{original}" in [
        link.url for link in links if "timemap" in link.rel
    ]
    assert all(link.at is not None for link in links if "memento" in link.rel)


@pytest.mark.parametrize("zone", ["GMT", "-0000", "+0200", ""])
@pytest.mark.parametrize("here", ["UTC", "Asia/Tokyo"])
def test_an_instant_without_a_zone_is_not_of_the_place_where_this_runs(
    zone: str, here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", here)
    time.tzset()
    try:
        found = instant_of(f"Tue, 03 Sep 2024 06:00:00 {zone}")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found == datetime(2024, 9, 3, 4 if zone == "+0200" else 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [None, "", "soon", "Fri, 31 Dec 9999 23:59:59 -2300",
     "9999 Dec 999999999999999999999999999999 00:00:00", "Tue, 03 Sep 2024 06:00:00 +" + "9" * 20],
)  # fmt: skip
def test_what_is_no_instant(written: str | None) -> None:
    assert instant_of(written) is None
