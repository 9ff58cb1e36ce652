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
from archiver.resolution.plain import LARGEST, count, handle, instant, measure, plain_value

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
VK_POST = {
    "id": 41, "owner_id": -77, "from_id": -77, "date": 1641457577, "edited": 1641461177, "text": "The quay is open",
    "likes": {"count": 5}, "reposts": {"count": 2}, "comments": {"count": 1}, "views": {"count": 900},
    "attachments": [
        {"type": "photo", "photo": {"id": 1, "owner_id": -77, "album_id": -7, "date": 1, "text": "Two boats", "sizes": [
            {"url": "https://i.example/s.jpg"}, {"url": "https://i.example/z.jpg"}],
            "orig_photo": {"url": "https://i.example/z.jpg", "width": 960, "height": 600}}},
        {"type": "video", "video": {"id": 2, "owner_id": -77, "title": "Tide", "duration": 61,
                                    "image": [{"url": "https://i.example/v.jpg"}]}}],
    "copy_history": [{"id": 9, "owner_id": -88, "from_id": -88, "date": 1641371177, "text": "Old words"}],
}  # fmt: skip
WEIBO_POST = {
    "id": "4722000000000001", "mid": "4722000000000001", "bid": "Lab3dEf7h",
    "created_at": "Thu Jan 06 16:26:17 +0800 2022",
    "edit_at": "Thu Jan 06 17:26:17 +0800 2022", "text": "看，涨潮了<br>明天更高", "region_name": "发布于 上海",
    "user": {"id": 1700000001, "screen_name": "码头"}, "attitudes_count": 3, "reposts_count": 2, "comments_count": 1,
    "pics": [{"pid": "a", "url": "https://wx1.sinaimg.cn/orj360/a.jpg",
              "large": {"url": "https://wx1.sinaimg.cn/large/a.jpg", "geo": {"width": "960", "height": "600"}}}],
    "page_info": {"type": "video", "page_pic": {"url": "https://wx1.sinaimg.cn/p.jpg"},
                  "media_info": {"stream_url": "https://f.video.weibocdn.com/a.mp4", "duration": 12.5},
                  "urls": {"mp4_720p_mp4": "https://f.video.weibocdn.com/a.mp4"}},
    "retweeted_status": {"id": "4721000000000001", "mid": "4721000000000001", "text": "旧话",
                         "user": {"id": 1, "screen_name": "别人"}},
}  # fmt: skip
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
    ("lemmy", "https://lemmy.example/post/7", {
        "type": "Page", "id": "https://lemmy.example/post/7", "attributedTo": "https://lemmy.example/u/ana",
        "name": "Gates", "content": "<p>Shut</p>", "language": {"identifier": "fr"},
        "published": "2022-01-06T08:26:17Z",
        "image": {"type": "Image", "url": "https://lemmy.example/a.jpg", "name": "A gate"}},
     ("lemmy.example/post/7", {"author_handle": "ana", "title": "Gates", "text": "Shut", "language": "fr",
                               "posted_at": "2022-01-06T08:26:17.000Z"})),
    ("misskey", "https://misskey.example/notes/9abcdefghi", {
        "type": "Note", "id": "https://misskey.example/notes/9abcdefghi", "attributedTo": "https://misskey.example/users/42",
        "content": "<p>Hi</p>", "quoteUrl": "https://misskey.example/notes/9zzzzzzzzz"},
     ("misskey.example/9abcdefghi", {"author_handle": None, "author_id": "https://misskey.example/users/42",
                                     "text": "Hi"})),
    ("peertube", "https://tube.example/api/v1/videos/9c9de5e8-0a1e-484a-b099-e80766180a6d", {
        "uuid": "9c9de5e8-0a1e-484a-b099-e80766180a6d", "name": "Tide", "description": "In and out",
        "views": 12, "likes": 3,
        "language": {"id": "en"}, "account": {"name": "ana", "displayName": "Ana"},
        "publishedAt": "2022-01-06T08:26:17.000Z"},
     ("tube.example/9c9de5e8-0a1e-484a-b099-e80766180a6d", {"author_handle": "ana", "title": "Tide", "views": 12,
                                                            "language": "en"})),
    ("imgur", "https://api.imgur.com/post/v1/albums/aBcDeFg", {
        "id": "aBcDeFg", "is_album": True, "url": "https://imgur.com/a/aBcDeFg", "title": "Boats", "account_id": 7,
        "created_at": "2022-01-06T08:26:17Z", "view_count": 5, "media": [{"url": "https://i.imgur.com/b.png"}]},
     ("a/aBcDeFg", {"title": "Boats", "views": 5, "posted_at": "2022-01-06T08:26:17.000Z"})),
    ("soundcloud", "https://api-v2.soundcloud.com/resolve", {
        "kind": "track", "permalink_url": "https://soundcloud.com/ana/tide", "title": "Tide", "likes_count": 3,
        "user": {"permalink": "ana", "username": "Ana"}, "created_at": "2022-01-06T08:26:17Z"},
     ("ana/tide", {"author_handle": "ana", "author_name": "Ana", "title": "Tide", "likes": 3})),
    ("facebook", "https://www.facebook.com/api/graphql/", {"data": {"node": {
        "post_id": "12345678901", "actors": [{"name": "The Port", "id": "77", "url": "https://www.facebook.com/port"}],
        "message": {"text": "Shut"}, "comet_sections": {"timestamp": {"story": {"creation_time": 1641457577}}},
        "feedback": {"reaction_count": {"count": 5}, "share_count": {"count": 2}}}}},
     ("12345678901", {"author_name": "The Port", "author_handle": "port", "author_id": "77", "text": "Shut",
                      "posted_at": "2022-01-06T08:26:17.000Z", "likes": 5, "reposts": 2})),
    ("vk", "https://api.vk.com/method/wall.getById", {"response": {"items": [VK_POST]}},
     ("-77_41", {"author_id": "-77", "text": "The quay is open", "posted_at": "2022-01-06T08:26:17.000Z",
                 "edited_at": "2022-01-06T09:26:17.000Z", "likes": 5, "reposts": 2, "comments": 1, "views": 900})),
    ("vk", "https://vk.com/wall-77_41",
     '<div class="_post post" data-post-id="-77_41"><a class="author" href="/quay" data-from-id="-77">The Quay</a>'
     '<span class="rel_date" time="1641457577">6 Jan</span><div class="wall_post_text">Look at this</div>'
     '<div class="copy_quote"><a class="published_by_date" href="/wall-88_9">5 Jan</a><div class="wall_post_text">'
     'Old words</div></div><a class="page_post_thumb_wrap" data-duration="61" aria-label="Boats"'
     ' style="background-image: url(https://i.example/a.jpg)"></a><div class="like_views">1.2K</div></div>',
     ("-77_41", {"author_name": "The Quay", "author_handle": "quay", "author_id": "-77", "text": "Look at this",
                 "posted_at": "2022-01-06T08:26:17.000Z", "views": 1200})),
    ("vk", "https://vk.com/video_ext.php?oid=-77&id=12",
     '<script>var playerParams = {"params":[{"vid":12,"oid":-77,"md_title":"Tide","md_author":"The Quay",'
     '"date":1641457577,'
     '"author_href":"/video/@quay","duration":61,"jpg":"https://i.example/p.jpg",'
     '"url240":"https://v.example/2.mp4"}]}</script>',
     ("-77_12", {"author_name": "The Quay", "author_handle": "quay", "title": "Tide",
                 "posted_at": "2022-01-06T08:26:17.000Z"})),
    ("weibo", "https://m.weibo.cn/statuses/show?id=4722000000000001", {"ok": 1, "data": WEIBO_POST},
     ("4722000000000001", {"author_name": "码头", "author_id": "1700000001", "text": "看，涨潮了\n明天更高",
                           "posted_at": "2022-01-06T08:26:17.000Z", "likes": 3, "reposts": 2, "comments": 1})),
    ("weibo", "https://weibo.com/ajax/statuses/show?id=Lab3dEf7h", {
        "id": 4722000000000001, "idstr": "4722000000000001", "mid": "4722000000000001", "mblogid": "Lab3dEf7h",
        "user": {"idstr": "1700000001", "screen_name": "码头"}, "text": "x", "text_raw": "看，涨潮了",
        "created_at": "Thu Jan 06 16:26:17 +0800 2022"},
     ("4722000000000001", {"text": "看，涨潮了", "posted_at": "2022-01-06T08:26:17.000Z"})),
    ("weibo", "https://weibo.cn/comment/Lab3dEf7h",
     '<div class="c" id="M_"><div><a href="/1700000001">码头</a><span class="ctt">看，涨潮了</span></div><div>'
     '<img class="ib" src="http://wx1.sinaimg.cn/wap180/a.jpg" alt="图片">'
     '<span class="ct">2022-01-06 16:26:17</span></div></div>'
     '<div><span><a href="/repost/Lab3dEf7h?uid=1">转发[12]</a></span><span class="pms">评论[7]</span>'
     '<span><a href="/attitude/Lab3dEf7h?#attitude">赞[5]</a></span></div>',
     ("Lab3dEf7h", {"author_name": "码头", "author_id": "1700000001", "text": "看，涨潮了", "likes": 5, "reposts": 12,
                    "comments": 7})),
    ("weibo", "https://weibo.cn/1700000001/profile",
     '<div class="c" id="M_Lab3dEf7h"><div><span class="cmt">转发了<a href="/2">别人</a>的微博:</span>'
     '<span class="ctt">原文</span><a href="/comment/Lzz9zZz9z#cmtfrm" class="cc">原文评论[9]</a></div>'
     '<div>转发理由: 好 <a href="/attitude/Lab3dEf7h/add">'
     '赞[5]</a><a href="/comment/Lab3dEf7h?uid=1#cmtfrm" class="cc">评论[7]</a></div></div>',
     ("Lab3dEf7h", {"likes": 5, "comments": 7, "text": None})),
]  # fmt: skip


def test_the_rest_of_what_vk_and_weibo_tell() -> None:
    """Media with their sizes and words, posts passed on, labels, edits."""
    post, *inner = read("vk", "https://api.vk.com/method/wall.getById", VK_POST)
    assert {one.ref for one in inner} == {PostRef("vk", "-88_9"), PostRef("vk", "-77_2")}
    photo, video = post.media
    assert (
        photo.kind and photo.kind.value == "photo" and photo.alt and photo.alt.value == "Two boats"
    )
    assert photo.url and photo.url.value == "https://i.example/z.jpg"
    assert [v.value for v in photo.variants] == [
        "https://i.example/s.jpg",
        "https://i.example/z.jpg",
    ]
    assert video.seconds and video.seconds.value == 61 and video.alt and video.alt.value == "Tide"
    (reposted,) = post.related
    assert (reposted.relation, reposted.ref) == ("reposted", PostRef("vk", "-88_9"))
    assert reposted.text and reposted.text.value == "Old words"
    post = read("weibo", "https://m.weibo.cn/statuses/show?id=1", WEIBO_POST)[0]
    (picture,) = post.media
    (film,) = read("weibo", "https://m.weibo.cn/statuses/show?id=1", WEIBO_POST | {"pics": []})[
        0
    ].media
    assert picture.url and picture.url.value == "https://wx1.sinaimg.cn/large/a.jpg"
    assert picture.width and picture.width.value == 960
    assert film.seconds and film.seconds.value == 12.5 and film.preview
    assert [v.value for v in film.variants] == ["https://f.video.weibocdn.com/a.mp4"]
    assert [label.value for label in post.labels] == ["发布于 上海"]
    assert [edit.value for edit in post.edits] == ["Thu Jan 06 17:26:17 +0800 2022"]
    (reposted,) = post.related
    assert reposted.ref == PostRef("weibo", "4721000000000001")


def test_pages_in_another_character_set() -> None:
    """VK's pages are in windows-1251: as their header or their own beginning says."""
    page = '<meta charset="windows-1251"><div data-post-id="-77_41"><div class="wall_post_text">Прилив</div>'
    for headers in (
        (("Content-Type", "text/html; charset=windows-1251"),),
        (("Content-Type", "text/html"),),
    ):
        answer = Exchange(
            url="https://vk.com/wall-77_41", status=200, response_headers=headers,
            body=Body.of(page.encode("windows-1251")), started_at=NOW, made_by="client",
        )  # fmt: skip
        (post,) = posts_in(answer, "vk")
        assert post.text is not None and post.text.value == "Прилив"


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


BEYOND = [10**400, -(10**400), "9" * 5000, "9" * 5000 + ":00:00", "9" * 20 + ":00:00", "9,9.9K", "1,2,3K",
          "999999999B", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "1" * 13 + ".9"]  # fmt: skip
FIELDS = (
    "counts.likes",
    "seconds",
    "width",
    "posted_at",
    "url",
    "author_handle",
    "author_id",
    "title",
)
WRITTEN = st.text(st.sampled_from("0123456789.,:KMB[]px @/-TZ+\u0661\u00b2"), max_size=30)


@pytest.mark.parametrize("name", FIELDS)
@given(value=st.sampled_from(BEYOND) | WRITTEN | st.floats() | st.integers() | st.booleans())
def test_whatever_a_platform_writes_is_plain_or_says_nothing(name: str, value: object) -> None:
    found = plain_value(name, value)
    assert isinstance(found, str | None) or abs(found) < LARGEST


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


OTHERS = (
    "bandcamp", "bookwyrm", "dailymotion", "discourse", "friendica", "gnusocial", "imgur", "lemmy", "misskey",
    "mobilizon", "nodebb", "owncast", "peertube", "pinterest", "pleroma", "smithereen", "soundcloud", "spotify",
    "twitch", "vk",
)  # fmt: skip
WORDLESS = ("imgur/001", "soundcloud/006")
"""An oEmbed answer without any words, and the player of a user."""


def recorded_elsewhere() -> list[dict[str, str]]:
    index = RESPONSES / "index.tsv"
    rows = list(csv.DictReader(index.open(), delimiter="\t")) if index.is_file() else []
    live = (row for row in rows if row["platform"] in OTHERS and row["state"].startswith("live"))
    return [row for row in live if not row["file"].startswith(WORDLESS)]


@pytest.mark.parametrize("row", recorded_elsewhere(), ids=lambda row: row["file"])
def test_recorded_answers_of_smaller_sites(row: dict[str, str]) -> None:
    body = gzip.decompress((RESPONSES / (row["file"] + ".gz")).read_bytes())
    kind = "application/json" if row["file"].endswith("json") else "text/html"
    answer = Exchange(
        url=row["request_url"] or "https://unknown.example/", status=200, body=Body.of(body),
        response_headers=(("Content-Type", kind),), started_at=NOW, made_by="client",
    )  # fmt: skip
    told = [values(post) for post in posts_in(answer, row["platform"])]
    assert any(one.get("text") or one.get("title") for one in told)
