"""Metadata out of answers: every platform's forms in invented examples, and recorded ones when at hand."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.clock import SystemClock
from archiver.demoweb.catalogue import BY_NAME, POSTS, SITES
from archiver.demoweb.sites import bluesky, mastodon, x
from archiver.domain.capture import Capture, Outcome, Snapshot, Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import Post, PostRef
from archiver.platforms import recognise
from archiver.resolution.answers import Answer
from archiver.resolution.metadata import metadata_of, posts_in, read_answer
from archiver.resolution.plain import count, handle, instant, measure

RESPONSES = Path(__file__).parents[2] / "../shared/responses"
NOW = SystemClock().now()


def read(platform: str, url: str, body: object) -> tuple[PostMetadata, ...]:
    html = isinstance(body, str)
    data = body if isinstance(body, str) else json.dumps(body)
    answer = Answer(url, "text/html" if html else "application/json", data)
    return tuple(read.post for read in read_answer(answer, platform))


def values(post: PostMetadata) -> dict[str, Any]:
    names = (
        "author_name",
        "author_handle",
        "author_id",
        "title",
        "text",
        "language",
        "posted_at",
        "edited_at",
    )
    told = {name: getattr(post, name) for name in names}
    return {name: one.value for name, one in told.items() if one} | {
        name: one.value for name, one in post.counts.items()
    }  # fmt: skip


TWEET = {
    "id_str": "1479006391500427265", "text": "High water &amp; wind https://t.co/Ab3dEf7hIj", "lang": "en",
    "created_at": "Thu Jan 06 08:26:17 +0000 2022", "favorite_count": 3, "conversation_count": 1,
    "user": {"id_str": "91", "name": "Ana Rail", "screen_name": "ana_rail"},
    "mediaDetails": [{"type": "video", "media_url_https": "https://pbs.example/p.jpg", "ext_alt_text": "A quay",
                      "url": "https://t.co/Ab3dEf7hIj", "original_info": {"width": 640, "height": 360},
                      "video_info": {"variants": [{"url": "https://v.example/1.mp4"},
                                                  {"url": "https://v.example/2.mp4"}]}}],
    "quoted_tweet": {"id_str": "1479000000000000000", "text": "Before", "user": {"id_str": "7", "screen_name": "bo"}},
    "in_reply_to_status_id_str": "1478999999999999999",
    "edit_control": {"edit_tweet_ids": ["1479006391500427265"]},
}  # fmt: skip


def test_the_whole_of_an_x_post_with_the_place_of_each_value() -> None:
    url = "https://cdn.syndication.twimg.com/tweet-result?id=1479006391500427265"
    post, quoted = read("x", url, TWEET)
    assert post.ref == PostRef("x", "1479006391500427265")
    assert values(post) == {
        "author_name": "Ana Rail", "author_handle": "ana_rail", "author_id": "91", "language": "en",
        "text": "High water &amp; wind https://t.co/Ab3dEf7hIj", "posted_at": "2022-01-06T08:26:17.000Z",
        "likes": 3, "replies": 1,
    }  # fmt: skip
    assert post.text is not None and (post.text.url, post.text.path) == (url, "$.text")
    assert post.author_handle is not None and post.author_handle.path == "$.user.screen_name"
    (medium,) = post.media
    assert medium.alt is not None and medium.alt.path == "$.mediaDetails[0].ext_alt_text"
    assert [v.value for v in medium.variants] == [
        "https://v.example/1.mp4",
        "https://v.example/2.mp4",
    ]
    assert medium.variants[1].path == "$.mediaDetails[0].video_info.variants[1].url"
    assert medium.width is not None and medium.width.value == 640
    related = {other.relation: other for other in post.related}
    assert related["quoted"].ref == PostRef("x", "1479000000000000000") == quoted.ref
    assert related["quoted"].author is not None and related["quoted"].author.value == "bo"
    assert related["replied-to"].ref == PostRef("x", "1478999999999999999")
    assert [e.value for e in post.edits] == ["1479006391500427265"]
    assert post.readings == ("x.post",)


GRAPH = {"data": {"tweetResult": {"result": {
    "rest_id": "1479006391500427265",
    "core": {"user_results": {"result": {"rest_id": "91", "core": {"screen_name": "ana_rail", "name": "Ana"}}}},
    "note_tweet": {"note_tweet_results": {"result": {"text": "A very long text"}}},
    "views": {"count": "1200"},
    "legacy": {"full_text": "A very…", "created_at": "Thu Jan 06 08:26:17 +0000 2022",
               "retweet_count": 4}}}}}  # fmt: skip
VIEW = {"uri": "at://did:plc:abcdefgh2345/app.bsky.feed.post/3kaaaaaaaaa2c", "author": {
    "did": "did:plc:abcdefgh2345", "handle": "ana.example", "displayName": "Ana"},
    "record": {"text": "Hello", "createdAt": "2023-09-01T10:00:00Z", "langs": ["en"]}, "likeCount": 0,
    "labels": [{"val": "graphic-media"}]}  # fmt: skip
STATUS = {"id": "110446223051565765", "created_at": "2023-05-28T12:06:50.000Z", "edited_at": None,
          "content": "<p>Ahoj &amp; <br>willkommen</p><p>Zweites</p>", "language": "de",
          "url": "https://a.example/@ana/1",
          "account": {"id": "5", "acct": "ana", "display_name": "Ana"}, "reblogs_count": 2,
          "media_attachments": []}  # fmt: skip
CASES = [
    ("x", "https://x.com/graphql/TweetResultByRestId", GRAPH,
     ("1479006391500427265", {"author_handle": "ana_rail", "text": "A very long text", "reposts": 4, "views": 1200})),
    ("x", "https://publish.x.com/oembed?url=https%3A%2F%2Fx.com%2Fana_rail%2Fstatus%2F14", {
        "url": "https://twitter.com/ana_rail/status/1479006391500427265", "author_name": "Ana", "type": "rich",
        "version": "1.0", "author_url": "https://twitter.com/ana_rail",
        "html": '<blockquote class="twitter-tweet"><p lang="en">Hi <a href="https://t.co/a">x</a></p>&mdash; Ana '
                '(@ana_rail) <a href="https://twitter.com/ana_rail/status/1479006391500427265">January 6, 2022</a>'},
     ("1479006391500427265", {"author_handle": "ana_rail", "text": "Hi x", "language": "en",
                              "posted_at": "January 6, 2022"})),
    ("x", "https://web.archive.org/web/20220107000000id_/https://twitter.com/ana_rail/status/1479006391500427265",
     '<div class="permalink-tweet" data-tweet-id="1479006391500427265" data-screen-name="ana_rail" data-name="Ana">'
     '<p class="tweet-text" lang="en">Storm <img class="Emoji" alt="🌊"> here</p><span data-time-ms="1641457577000">',
     ("1479006391500427265", {"author_handle": "ana_rail", "text": "Storm 🌊 here",
                              "posted_at": "2022-01-06T08:26:17.000Z"})),
    ("bluesky", "https://public.api.bsky.app/xrpc/app.bsky.feed.getPosts", {"posts": [VIEW]},
     ("did:plc:abcdefgh2345/3kaaaaaaaaa2c", {"author_handle": "ana.example", "text": "Hello", "language": "en",
                                             "likes": 0})),
    ("mastodon", "https://a.example/api/v1/statuses/110446223051565765", STATUS,
     ("a.example/110446223051565765", {"text": "Ahoj &\nwillkommen\nZweites", "language": "de", "reposts": 2})),
    ("telegram", "https://t.me/Quay_Watch/41?embed=1",
     '<div class="tgme_widget_message" data-post="Quay_Watch/41"><a class="tgme_widget_message_owner_name" '
     'href="https://t.me/Quay_Watch"><span>Quay Watch</span></a><div class="tgme_widget_message_text">All<br>clear'
     '</div><span class="tgme_widget_message_views">1.2K</span><time datetime="2022-01-06T08:26:17+00:00">',
     ("quay_watch/41", {"author_handle": "Quay_Watch", "author_name": "Quay Watch", "text": "All\nclear",
                       "views": 1200})),
    ("instagram", "https://www.instagram.com/p/CabcDEF1234/", {"items": [{
        "code": "CabcDEF1234", "taken_at": 1641457577, "user": {"username": "ana", "pk": 99999999999999999999},
        "caption": {"text": "Sea"}, "like_count": 7}]},
     ("CabcDEF1234", {"author_handle": "ana", "author_id": "99999999999999999999", "text": "Sea", "likes": 7,
                      "posted_at": "2022-01-06T08:26:17.000Z"})),
    ("tiktok", "https://www.tiktok.com/@ana/video/7134059641968872746",
     '<script id="state" type="application/json">{"itemInfo":{"itemStruct":{"id":"7134059641968872746","desc":"Boat",'
     '"createTime":"1661000000","author":{"uniqueId":"ana","nickname":"Ana"},"stats":{"diggCount":5},'
     '"video":{"playAddr":"https://v.example/a.mp4","width":576}}}}</script>',
     ("7134059641968872746", {"author_handle": "ana", "author_name": "Ana", "text": "Boat", "likes": 5})),
    ("youtube", "https://www.youtube.com/watch?v=hArb0urF3st",
     '<script>var ytInitialPlayerResponse = {"videoDetails":{"videoId":"hArb0urF3st","title":"Feast","author":"Port",'
     '"channelId":"UC1","shortDescription":"Drums","viewCount":"12","lengthSeconds":"61"}};var b={}</script>',
     ("hArb0urF3st", {"author_name": "Port", "title": "Feast", "text": "Drums", "views": 12})),
    ("reddit", "https://www.reddit.com/r/quay/comments/abc123.json", [{"data": {"children": [{"data": {
        "name": "t3_abc123", "id": "abc123", "permalink": "/r/quay/comments/abc123/gates/", "title": "Gates",
        "author": "ana", "selftext": "Shut", "created_utc": 1641457577.0, "edited": False, "score": 3}}]}}],
     ("abc123", {"author_handle": "ana", "title": "Gates", "text": "Shut", "likes": 3,
                 "posted_at": "2022-01-06T08:26:17.000Z"})),
    ("facebook", "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fport%2Fposts%2F12345678901",
     '<div><span class="fwb"><a href="https://www.facebook.com/port">The Port</a></span><a '
     'href="/port/posts/12345678901:0"><abbr data-utime="1641457577">x</abbr></a><div class="userContent"><p>Shut</p>',
     ("12345678901", {"author_name": "The Port", "text": "Shut", "posted_at": "2022-01-06T08:26:17.000Z"})),
]  # fmt: skip


@pytest.mark.parametrize(("platform", "url", "body", "expected"), CASES)
def test_forms_of_answers(
    platform: str, url: str, body: object, expected: tuple[str, dict[str, Any]]
) -> None:
    found = [post for post in read(platform, url, body) if post.ref and post.ref.id == expected[0]]
    assert found, read(platform, url, body)
    told = values(found[0])
    assert {name: told.get(name) for name in expected[1]} == expected[1]


def test_a_script_is_named_in_the_path() -> None:
    body = next(case[2] for case in CASES if case[0] == "youtube")
    post = read("youtube", "https://www.youtube.com/watch?v=hArb0urF3st", body)[0]
    assert post.title is not None
    assert post.title.path == "script ytInitialPlayerResponse $.videoDetails.title"


# ---- a capture's answers put together


def capture(exchanges: tuple[Exchange, ...], status: Status, dom: str = "") -> Capture:
    snapshots = (
        Snapshot(role="dom", urn="urn:dom:https://x.com/a/status/1", media_type="text/html",
                 body=Body.of(dom.encode()), taken_at=NOW),
    )  # fmt: skip
    return Capture(
        id="c", target="t", url=None, started_at=NOW, ended_at=NOW, exchanges=exchanges,
        snapshots=snapshots if dom else (), outcome=Outcome(status=status, reason="r"),
    )  # fmt: skip


def exchange(url: str, body: object, media_type: str = "application/json") -> Exchange:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Exchange(
        url=url, status=200, response_headers=(("Content-Type", media_type),), body=Body.of(data),
        started_at=NOW, made_by="browser",
    )  # fmt: skip


def test_the_post_of_the_capture_and_not_the_quoted_one() -> None:
    post = Post(
        ref=PostRef("x", "1479000000000000000"), url="https://x.com/bo/status/1479000000000000000"
    )
    told = metadata_of(post, capture((exchange("https://a.example/api", TWEET),), Status.CAPTURED))
    assert told is not None and told.text is not None and told.text.value == "Before"


def test_what_only_the_asked_address_says_counts_for_posts_that_were_seen() -> None:
    """A login page of a post's address has a card too: it is not taken for the post."""
    page = '<meta property="og:title" content="Instagram"><meta property="og:description" content="Log in">'
    url = "https://www.instagram.com/p/CabcDEF1234/"
    answers = (exchange(url, page, "text/html"),)
    post = Post(ref=PostRef("instagram", "CabcDEF1234"), url=url)
    assert metadata_of(post, capture(answers, Status.LOGIN_WALL)) is None
    assert metadata_of(post, capture(answers, Status.CAPTURED)) is not None


@pytest.mark.parametrize("name", ["x-four", "bs-images", "ma-chart"])
def test_the_demo_posts(name: str) -> None:
    post = BY_NAME[name]
    body = {"x": x.tweet_result, "bluesky": bluesky.post_view, "mastodon": mastodon.status}
    host = post.id.partition("/")[0] if post.platform == "mastodon" else "api.example"
    answers = posts_in(exchange(f"https://{host}/api", body[post.platform](post)), post.platform)
    assert [a.ref for a in answers] == [PostRef(post.platform, post.id)]
    (told,) = answers
    assert told.author_handle is not None and told.author_handle.value == post.author.handle
    assert [m.alt.value for m in told.media if m.alt] == [m.alt for m in post.media]
    assert SITES[post.platform] and post in POSTS


# ---- values


def test_plain_values() -> None:
    assert [handle(t) for t in ("https://x.com/ana", "@ana", "/ana/", "Ana (@ana) on X", "Ana on X")] == [
        "ana", "ana", "ana", "ana", "",
    ]  # fmt: skip
    assert [count(v) for v in (3, "1,234", "1.2K", "3M views", "no", 2.0)] == [
        3,
        1234,
        1200,
        3_000_000,
        None,
        2,
    ]
    assert [measure(v) for v in (640, "640px", "1:05", "100%", float("nan"))] == [
        640,
        640,
        65,
        None,
        None,
    ]
    assert instant("2022-01-06") is None and instant(False) is None
    assert instant(1641457577000) == instant("2022-01-06T08:26:17Z")


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["id_str", "user", "uri", "author", "id", "account", "content", "created_at", "videoDetails",
                         "text", "legacy", "rest_id", "full_text", "media", "name", "html", "type",
                         "version"]), inner)))  # fmt: skip
def test_no_json_breaks_it(value: object) -> None:
    for platform in ("x", "bluesky", "mastodon", "youtube"):
        read(platform, "https://a.example/x", value if not isinstance(value, str) else [value])


@given(st.text(alphabet="<>/ ='\"abcdivscrpt{}[]:,\\u00e9&;", max_size=300))
def test_no_page_breaks_it(text: str) -> None:
    for platform in ("x", "telegram", "instagram"):
        read(platform, "https://a.example/x", "<html>" + text)


# ---- recorded answers

NOT_POSTS = ("nodeinfo", "/history", "api/v2/instance", "profile", "(channel)", "photo album", "page photos",
             "Apify", "youtube-dl", "documentation", "host page", "pictures", "page with rendered", "CrowdTangle",
             "player (browser save)", "feeds/", "picAll")  # fmt: skip
EMPTY = ("mastodon/015", "weibo/004", "youtube/026", "bluesky/004", "youtube/027", "vk/001", "telegram/004",
         "telegram/005",
         "mastodon/012")  # fmt: skip
PLATFORMS = (
    "x",
    "instagram",
    "facebook",
    "youtube",
    "tiktok",
    "telegram",
    "bluesky",
    "mastodon",
    "reddit",
)


def recorded() -> list[dict[str, str]]:
    index = RESPONSES / "index.tsv"
    rows = list(csv.DictReader(index.open(), delimiter="\t")) if index.is_file() else []
    return [
        row for row in rows
        if row["platform"] in PLATFORMS and row["state"].startswith("live") and not row["state"].startswith("live+")
        and not any(word in row["what"] for word in NOT_POSTS) and not row["file"].startswith(EMPTY)
    ]  # fmt: skip


@pytest.mark.parametrize("row", recorded(), ids=lambda row: row["file"])
def test_recorded_answers_of_live_posts(row: dict[str, str]) -> None:
    body = gzip.decompress((RESPONSES / (row["file"] + ".gz")).read_bytes()).decode(
        "utf-8", "replace"
    )
    kind = "application/json" if row["file"].endswith("json") else "text/html"
    plugin = (
        "https://www.facebook.com/plugins/post.php" if "plugins/post.php" in row["what"] else ""
    )
    url = row["request_url"] or plugin or "https://unknown.example/"
    found = [r.post for r in read_answer(Answer(url, kind, body), row["platform"])]
    assert found
    told = [values(post) for post in found]
    assert any(t.keys() & {"author_name", "author_handle", "author_id", "title"} for t in told)
    assert any(t.get("text") or t.get("title") for t in told)
    known = recognise(url) if "youtubei" not in url else None
    if known and known.ref:
        assert known.ref in [post.ref for post in found]
