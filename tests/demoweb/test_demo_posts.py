"""Every post answers in the shape of its state, and its media are what the truth says they are."""

import hashlib
import json
import re
from datetime import UTC, datetime

import httpx
import pytest

from archiver.demoweb.catalogue import ARTICLES, BY_NAME, POSTS, SITES, embedded
from archiver.demoweb.model import DemoPost, State
from archiver.demoweb.serve import DemoWeb
from archiver.demoweb.tables.recovery import FORGOTTEN
from archiver.demoweb.tables.recovery_more import PAGE_ONLY
from archiver.domain.capture import Status
from archiver.domain.post import PostRef
from archiver.platforms import posted_at, recognise

LIVE = [post for post in POSTS if post.state is State.LIVE]
DEAD = [post for post in POSTS if not post.live]
SCRIPTED = {"x", "youtube", "bluesky", "mastodon"}


def view(post: DemoPost) -> str:
    return SITES[post.platform].frame(post)


def facts(client: httpx.Client, post: DemoPost) -> httpx.Response:
    """What the script of a scripted embed page asks for."""
    if post.platform == "x":
        return client.get(f"https://cdn.syndication.twimg.com/tweet-result?id={post.id}&token=a")
    if post.platform == "youtube":
        url = "https://www.youtube-nocookie.com/youtubei/v1/player"
        return client.post(url, json={"videoId": post.id})
    if post.platform == "bluesky":
        did, key = post.id.split("/")
        uri = f"at://{did}/app.bsky.feed.post/{key}"
        url = "https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread"
        return client.get(url, params={"uri": uri, "depth": "0"})
    host, number = post.id.split("/")
    return client.get(f"https://{host}/api/v1/statuses/{number}")


@pytest.mark.parametrize("post", LIVE, ids=lambda p: p.name)
def test_a_live_post_is_in_its_view(client: httpx.Client, post: DemoPost) -> None:
    page = client.get(view(post))
    assert page.status_code == 200
    told = facts(client, post).text if post.platform in SCRIPTED else page.text
    words = json.dumps(post.text or post.title, ensure_ascii=False)[1:-1]
    assert words in told
    number = post.id.rpartition("/")[2]
    assert number in told
    for asset in SITES[post.platform].assets(post):
        assert asset.url in told.replace("&amp;", "&").replace("\\u0026", "&"), asset.url


@pytest.mark.parametrize("post", LIVE, ids=lambda p: p.name)
def test_resources_are_what_is_served(demo: DemoWeb, client: httpx.Client, post: DemoPost) -> None:
    expected = demo.expected[post.target]
    assert expected.status is Status.CAPTURED
    assert len(expected.resources) > len(post.media)
    for resource in expected.resources:
        got = client.get(resource.url)
        assert got.status_code == 200
        assert got.headers["content-type"] == resource.media_type
        assert hashlib.sha256(got.content).hexdigest() == resource.digest.value
        assert len(got.content) <= 60_000


@pytest.mark.parametrize("post", DEAD, ids=lambda p: p.name)
def test_a_dead_post_shows_nothing_of_itself(client: httpx.Client, post: DemoPost) -> None:
    seen = client.get(view(post), follow_redirects=True).text
    if post.platform in SCRIPTED:
        seen += facts(client, post).text
    assert len(post.text) < 8 or post.text not in seen


SIGNS = [
    ("x-deleted", "https://cdn.syndication.twimg.com/tweet-result?id={id}", 200, "TweetTombstone"),
    ("x-deleted", "https://cdn.syndication.twimg.com/tweet-result?id={id}", 200, "was deleted by"),
    ("x-deleted", "https://publish.x.com/oembed?url=https://x.com/i/status/{id}", 404, ""),
    ("x-vanished", "https://cdn.syndication.twimg.com/tweet-result?id={id}", 404, "{}"),
    ("x-vanished", "https://publish.x.com/oembed?url=https://x.com/i/status/{id}", 404, ""),
    ("x-private", "https://publish.x.com/oembed?url=https://x.com/i/status/{id}", 403, ""),
    (
        "x-private",
        "https://cdn.syndication.twimg.com/tweet-result?id={id}",
        200,
        "owner limits who",
    ),
    ("x-withheld", "https://cdn.syndication.twimg.com/tweet-result?id={id}", 200, "withheld in"),
    ("ig-deleted", "https://www.instagram.com/p/{id}/embed/captioned/", 200, "may be broken"),
    ("ig-deleted", "https://www.instagram.com/p/{id}/", 404, "page isn't available"),
    ("ig-wall", "https://www.instagram.com/p/{id}/embed/captioned/", 302, ""),
    ("fb-wall", "https://www.facebook.com/plugins/post.php?href={url}", 200, "no longer available"),
    ("fb-wall", "{url}", 302, ""),
    ("yt-removed", "https://www.youtube.com/oembed?format=json&url={url}", 404, ""),
    ("yt-private", "https://www.youtube.com/oembed?format=json&url={url}", 403, "Forbidden"),
    ("tt-deleted", "https://www.tiktok.com/embed/v2/{id}?lang=en", 200, '"statusCode": 10204'),
    ("tt-deleted", "https://www.tiktok.com/oembed?url={url}", 400, '"code":400'),
    ("tg-removed", "https://t.me/{id}?embed=1&mode=tme", 200, "tgme_widget_message_error"),
    ("ma-deleted", "{url}/embed", 404, "isn&#39;t here"),
    ("rd-removed", "{url}?embed=true", 200, "[deleted]"),
    ("rd-removed", "https://www.reddit.com/oembed?url={url}", 404, ""),
    ("rd-private", "{url}?embed=true", 403, "private community"),
]


@pytest.mark.parametrize(("post", "url", "status", "word"), SIGNS)
def test_signs_of_the_dead(
    client: httpx.Client, post: str, url: str, status: int, word: str
) -> None:
    dead = BY_NAME[post]
    got = client.get(url.format(id=dead.id, url=SITES[dead.platform].permalink(dead)))
    assert got.status_code == status
    assert word in got.text or word.replace("&#39;", "'") in got.text


def test_a_missing_bluesky_post_is_an_error_of_the_appview(client: httpx.Client) -> None:
    got = facts(client, BY_NAME["bs-deleted"])
    assert got.status_code == 400
    assert got.json()["error"] == "NotFound"


def test_the_preview_list_shows_the_neighbours_of_a_removed_post(client: httpx.Client) -> None:
    listed = client.get("https://t.me/s/harbour_watch_demo/413").text
    assert re.findall(r'data-post="([^"]+)"', listed) == [
        "harbour_watch_demo/412",
        "harbour_watch_demo/414",
    ]


@pytest.mark.parametrize(
    ("post", "status"), [("yt-removed", "ERROR"), ("yt-private", "LOGIN_REQUIRED")]
)
def test_the_player_says_why(client: httpx.Client, post: str, status: str) -> None:
    assert facts(client, BY_NAME[post]).json()["playabilityStatus"]["status"] == status


def test_the_first_visitor_of_one_post_must_wait(own: tuple[DemoWeb, httpx.Client]) -> None:
    demo, client = own
    post = BY_NAME["ig-patient"]
    first, second = client.get(view(post)), client.get(view(post))
    assert (first.status_code, first.headers["retry-after"]) == (429, "1")
    assert second.status_code == 200
    assert post.text in second.text
    assert demo.expected[post.target].at_first is Status.RATE_LIMITED


@pytest.mark.parametrize(
    "post",
    [p for p in POSTS if p.slug and p.slug not in FORGOTTEN | PAGE_ONLY],
    ids=lambda p: p.name,
)
def test_a_media_link_leads_to_its_status(client: httpx.Client, post: DemoPost) -> None:
    plain = {"User-Agent": "curl/8"}
    first = client.get(f"https://pic.twitter.com/{post.slug}", headers=plain)
    second = client.get(first.headers["location"], headers=plain)
    assert (first.status_code, second.status_code) == (301, 301)
    assert f"/{post.author.handle}/status/{post.id}/" in second.headers["location"]
    shown = client.get(f"https://t.co/{post.slug}")
    assert shown.status_code == 200
    assert "http-equiv" in shown.text


@pytest.mark.parametrize("post", POSTS, ids=lambda p: p.name)
def test_addresses_are_the_ones_the_platforms_use(post: DemoPost) -> None:
    site = SITES[post.platform]
    for url in (site.permalink(post), site.frame(post)):
        known = recognise(url)
        assert known is not None
        assert (known.kind, known.ref) == ("post", PostRef(post.platform, post.id))


@pytest.mark.parametrize(
    "post",
    [p for p in POSTS if p.platform in {"x", "instagram", "tiktok", "mastodon", "bluesky"}],
    ids=lambda p: p.name,
)
def test_ids_hold_the_time_that_is_shown(post: DemoPost) -> None:
    hidden = posted_at(PostRef(post.platform, post.id))
    assert hidden is not None
    assert abs((hidden - post.at).total_seconds()) < 1


def test_every_post_is_in_an_article_and_every_state_occurs() -> None:
    placed = {target for article in ARTICLES for target in embedded(article)}
    assert placed == {post.target for post in POSTS}
    assert {post.state for post in POSTS} == set(State)
    assert len({post.platform for post in POSTS if post.live}) == 9
    assert all(post.at < datetime(2026, 11, 22, tzinfo=UTC) for post in POSTS)
