"""Each state of each platform, asked for over HTTP and judged by the front door that judges visits.

What a browser's scripts would ask for is asked for here too; the words that a page shows are those of its
markup. A cross-section is visited in a real browser by the tests of the whole job.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.capture.verdict import VisitEvidence, judge, weigh
from archiver.demoweb.gallery import Exhibit
from archiver.demoweb.tables.exhibits import EXHIBITS, PLATFORMS
from archiver.domain.capture import Outcome, Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.post import Post, View
from archiver.platforms import endpoints, recognise, views

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def exchange(got: httpx.Response) -> Exchange:
    return Exchange(
        url=str(got.url),
        method=got.request.method,
        status=got.status_code,
        response_headers=tuple(got.headers.items()),
        body=Body.of(got.content),
        started_at=NOW,
        made_by="browser",
    )


def asked_by_scripts(client: httpx.Client, exhibit: Exhibit, kind: str) -> Iterator[httpx.Response]:
    """What the script of a view asks for."""
    key = exhibit.key
    if exhibit.ref.platform == "x" and kind == "embed":
        yield client.get(f"https://cdn.syndication.twimg.com/tweet-result?id={key}&token=a")
    elif exhibit.ref.platform == "x":
        yield client.get(
            "https://api.x.com/graphql/d/TweetResultByRestId",
            params={"variables": f'{{"tweetId":"{key}"}}'},
        )
    elif exhibit.ref.platform == "youtube":
        url = "https://www.youtube-nocookie.com/youtubei/v1/player"
        yield client.post(url, json={"videoId": key})
    elif exhibit.ref.platform == "bluesky":
        uri = exhibit.ref.id.replace("/", "/app.bsky.feed.post/")
        url = "https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread"
        yield client.get(url, params={"uri": f"at://{uri}", "depth": "0"})
    elif exhibit.ref.platform == "mastodon":
        yield client.get(f"https://{exhibit.ref.id.replace('/', '/api/v1/statuses/')}")
    elif exhibit.ref.platform == "telegram" and kind == "page":
        yield client.get(f"{exhibit.url}?embed=1&mode=tme")


def seen_at(client: httpx.Client, exhibit: Exhibit, view: View) -> Outcome:
    """The verdict on one view."""
    got = client.get(view.url, follow_redirects=True)
    walled = got.status_code >= 400 or got.history
    scripts = (
        () if view.kind == "metadata" or walled else asked_by_scripts(client, exhibit, view.kind)
    )
    main, others = exchange(got), tuple(map(exchange, scripts))
    data = "json" in main.media_type
    tree = LexborHTMLParser(got.text)
    for node in tree.css("script, style, head"):
        node.decompose()
    return judge(
        VisitEvidence(
            post=Post(ref=exhibit.ref, url=exhibit.url, author=exhibit.author),
            view=view,
            main=main,
            exchanges=(main, *others),
            final_url=str(got.url),
            dom="" if data else got.text,
            visible_text="" if data else (tree.body.text(separator=" ") if tree.body else ""),
            drawn=False,
        )
    )


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda e: f"{e.ref.platform}-{e.state}")
def test_each_state_is_judged_as_it_should(client: httpx.Client, exhibit: Exhibit) -> None:
    places = views(exhibit.ref, exhibit.author, exhibit.url)
    asked = endpoints(exhibit.ref, exhibit.author, exhibit.url)
    outcomes = [seen_at(client, exhibit, view) for view in (*places[:1], *asked, *places[1:])]
    found = weigh(outcomes)
    assert found is not None and found.status is exhibit.status, [
        (o.status.value, o.reason, [s.rule for s in o.signals]) for o in outcomes
    ]
    assert found.reason
    if found.status is not Status.CAPTURED:
        assert Status.CAPTURED not in [o.status for o in outcomes]


def test_there_are_enough_of_them() -> None:
    assert {e.ref.platform for e in EXHIBITS} == set(PLATFORMS)
    assert len(EXHIBITS) >= 80
    assert len({e.key for e in EXHIBITS}) == len(EXHIBITS)
    states = {e.state for e in EXHIBITS}
    assert states >= {
        "deleted", "suspended", "private", "age-gated", "geo-withheld", "embedding-refused", "login-wall", "bot-wall",
        "too-many", "server-error", "maintenance", "consent", "empty-shell",
    }  # fmt: skip


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda e: f"{e.ref.platform}-{e.state}")
def test_addresses_are_the_platforms_own(exhibit: Exhibit) -> None:
    known = recognise(exhibit.url)
    assert known is not None and known.ref == exhibit.ref
