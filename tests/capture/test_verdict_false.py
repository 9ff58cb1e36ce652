"""Statuses that would be false: what came looks like the post, or like its end, and is neither.

All posts are invented. Beside most cases stands its twin, in which the same answer does tell of the post.
"""

import json
from typing import Any

import pytest
from msgspec.structs import replace
from test_verdict import (
    ASK,
    CARD,
    DETAILS,
    GRAPH,
    IDS,
    PLAYER,
    STATUS,
    THREAD,
    Case,
    Got,
    exchange,
    listing,
    outcome,
    playable,
    tombstone,
)
from test_verdict_more import MORE, NOTE, SONG, TITLE, TUBE_API, UUID, VIMEO, api

from archiver.capture.verdict import VisitEvidence, judge
from archiver.domain.capture import Outcome, Status
from archiver.domain.exchange import Body
from archiver.domain.post import Post, PostRef, View

S = Status
VIDEO, POST, TWEET = IDS["youtube"], IDS["reddit"], IDS["x"]
LONG = "The ferry came back at dawn, and somebody lit every lamp along the quay. " * 30
TITLED = f"<a class='ytp-title-link' href='https://www.youtube.com/watch?v={VIDEO}'>A ferry</a>"
PRIVATE = playable("LOGIN_REQUIRED", "This video is private")
REMOVED = playable("ERROR", "This video has been removed by the uploader")
PLAYS = playable("OK", "", **DETAILS)
LIST = {"youtube": "playlist:PLabcdefghijk"}
COMMENT = {"reddit": f"{POST}/def5678"}
HANDLE = {"bluesky": "ada.boats.example/3kabcdefghij2"}
NOTICE = {"mastodon": "boats.example/notice/AbCdEfGhIjKlMnOpQr"}
LAMP = "<shreddit-comment thingid='t1_def5678'>The lamps are lit</shreddit-comment>"
ELSEWHERE = {
    "title": "Forbidden", "status": 403, "detail": "Cannot get this video regarding follow constraints",
    "code": "does_not_respect_follow_constraints", "originUrl": f"https://far.example/videos/watch/{UUID}",
}  # fmt: skip


def state(body: object) -> Got:
    return Got(body=body, url=PLAYER)


def answer(**more: str) -> dict[str, object]:
    return {
        "id_str": "1840000000000000999",
        "full_text": "I agree",
        "user": {"name": "Eve"},
        **more,
    }


def story(title: str) -> Case:
    return Case(name=f"article: {title}", platform="web", want=S.CAPTURED, text=f"{title} {LONG}",
                page=TITLE.format(title, f"<h1>{title}</h1><p>{LONG}</p>"))  # fmt: skip


CASES: list[tuple[Case, dict[str, str]]] = [
    # YouTube: what the player may not play was not received, whatever is told of it beside
    (Case(name="youtube elsewhere only, with its title", platform="youtube", want=S.FAILED, page=TITLED,
          others=(state(playable("UNPLAYABLE", "Playback on other websites has been disabled", **DETAILS)),)), {}),
    (Case(name="youtube login in another language, with its title", platform="youtube", want=S.LOGIN_WALL, page=TITLED,
          others=(state(playable("LOGIN_REQUIRED", "Melde dich an", **DETAILS)),)), {}),
    (Case(name="youtube stream that is off, with its title", platform="youtube", want=S.FAILED, page=TITLED,
          others=(state(playable("LIVE_STREAM_OFFLINE", "Premiere", **DETAILS)),)), {}),
    (Case(name="youtube refused first, then played", platform="youtube", want=S.CAPTURED, page=TITLED,
          others=(state(playable("UNPLAYABLE", "not here", **DETAILS)), state(PLAYS))), {}),
    (Case(name="youtube state of another video by its id", platform="youtube", want=S.FAILED,
          others=(state(playable("LOGIN_REQUIRED", "private", videoDetails={"videoId": "zzzzzzzzzz0"})),)), {}),
    (Case(name="youtube plays, the next is private", platform="youtube", want=S.CAPTURED, page=TITLED,
          others=(state(PLAYS), state(PRIVATE))), {}),
    (Case(name="youtube list, its first video private", platform="youtube", want=S.FAILED, page="<p>-</p>",
          others=(state(PRIVATE),)), LIST),
    (Case(name="youtube list, its first video removed", platform="youtube", want=S.FAILED, page="<p>-</p>",
          others=(state(REMOVED),)), LIST),
    # Reddit: a comment outlives its post
    (Case(name="reddit comment below a removed post", platform="reddit", want=S.CAPTURED, text="The lamps are lit",
          page=f"<shreddit-post id='t3_{POST}'><b slot='post-removed-banner'>-</b></shreddit-post>{LAMP}"), COMMENT),
    (Case(name="reddit comment below a deleted post", platform="reddit", want=S.CAPTURED, text="The lamps are lit",
          page=f"<shreddit-post author='[deleted]' post-title='[deleted by user]'></shreddit-post>{LAMP}"), COMMENT),
    (Case(name="reddit removed by its moderators", platform="reddit", want=S.WITHHELD, others=(Got(
          body=listing(id=POST, title="A ferry", author="ada", selftext="[removed]", removed_by_category="moderator"),
          url="https://www.reddit.com/comments/1abc9z.json"),)), {}),
    (Case(name="reddit deleted by its author", platform="reddit", want=S.GONE, others=(Got(
          body=listing(id=POST, title="A ferry", author="[deleted]", removed_by_category="deleted"),
          url="https://www.reddit.com/comments/1abc9z.json"),)), {}),
    (api("reddit", "https://www.reddit.com/oembed?url=x", {"message": "Forbidden", "error": 403}, S.FAILED, 403), {}),
    (api("reddit", "https://www.reddit.com/oembed?url=x", {"message": "Forbidden", "error": 403, "reason": "private"},
         S.PRIVATE, 403), {}),
    # Bluesky: a handle may be another's by now
    (api("bluesky", THREAD, {"error": "NotFound", "message": "Post not found"}, S.FAILED, 400), HANDLE),
    (api("bluesky", THREAD, {"thread": {"$type": "app.bsky.feed.defs#notFoundPost"}}, S.FAILED), HANDLE),
    (Case(name="bluesky handle, everywhere unknown", platform="bluesky", want=S.FAILED, others=(
         Got(body={"error": "NotFound"}, url=THREAD, status=400),
         Got(body="", url="https://embed.bsky.app/oembed?url=x", status=404))), HANDLE),
    # the fediverse: another server's post, an owner who shuts strangers out, a tombstone of another note
    (Case(name="mastodon forgot a post of another server", platform="mastodon", want=S.FAILED, author="ada@far.example",
          others=(Got(body={"error": "Record not found"}, url=STATUS, status=404),)), {}),
    (Case(name="mastodon, nobody knows whose", platform="mastodon", want=S.FAILED,
          others=(Got(body={"error": "Record not found"}, url=STATUS, status=404),)), {}),
    (Case(name="pleroma knows no record for strangers", platform="mastodon", want=S.FAILED, author="ada",
          others=(Got(body={"error": "Record not found"}, status=404,
                      url="https://boats.example/api/v1/statuses/AbCdEfGhIjKlMnOpQr"),)), NOTICE),
    (Case(name="mastodon lives beside a tombstone of another", platform="mastodon", want=S.CAPTURED, view="page",
          page="<div class='detailed-status'>Lamps</div>", others=(
          Got(body={"id": NOTE, "content": "<p>Lamps</p>"}, url=STATUS),
          Got(body={"type": "Tombstone", "id": "https://far.example/notes/9"}, url="https://far.example/notes/9"))),
     {}),
    (api("peertube", TUBE_API, ELSEWHERE, S.FAILED, 403, "peertube of another server"), {}),
    # an endpoint that was given up says of every post that it is gone
    (api("tiktok", "https://www.tiktok.com/oembed?url=x", "Gone", S.FAILED, 410, "tiktok endpoint given up"), {}),
    (api("vimeo", VIMEO, "Gone", S.FAILED, 410, "vimeo endpoint given up"), {}),
    (Case(name="vimeo page 410", platform="vimeo", want=S.GONE, status=410, view="page"), {}),
    # TikTok's oEmbed refuses an address without an author as no address at all
    (Case(name="tiktok oembed of an address without author", platform="tiktok", want=S.FAILED,
          page="<script type='application/json'>{\"statusCode\": 10204}</script>", others=(Got(body={}, status=400,
          url="https://www.tiktok.com/oembed?url=https%3A//www.tiktok.com/%40/video/7400000000000000321"),)), {}),
    # data: errors that repeat the question, and what others say of the post
    (Case(name="error that names what was asked", platform="tiktok", want=S.FAILED, others=(Got(
          body={"resource_id": IDS["tiktok"], "title": "Not Found Error"}, url="https://www.tiktok.com/api/item",
          status=404),)), {}),
    (Case(name="x an answer to the post", platform="x", want=S.FAILED, page="<article role='article'>I agree</article>",
          others=(Got(body=answer(in_reply_to_status_id_str=TWEET), url=GRAPH),)), {}),
    (Case(name="x a quotation of the post", platform="x", want=S.FAILED,
          others=(Got(body=answer(quoted_status_id_str=TWEET), url=GRAPH),)), {}),
    (Case(name="mastodon an answer to the post", platform="mastodon", want=S.FAILED, others=(Got(
          body={"descendants": [{"id": "9", "in_reply_to_id": NOTE, "content": "<p>So it is</p>"}]},
          url=f"{STATUS}/context"),)), {}),
    (Case(name="mastodon another's link to the post", platform="mastodon", want=S.FAILED, others=(Got(
          body={"id": "9", "content": f"<a href='https://boats.example/@ada/{NOTE}'>RE</a>", "account": {"id": "3"}},
          url="https://boats.example/api/v1/trends/statuses"),)), {}),
    (Case(name="x tombstone drawn as an article", platform="x", want=S.FAILED, text="This Post is unavailable.",
          page=f"<article role='article'><a href='https://x.com/i/status/{TWEET}'>Unavailable</a></article>",
          others=(Got(body=tombstone("This Post is unavailable."), url=ASK),)), {}),
    # walls: headlines and forms of articles, a song by the name of a wall
    *((story(title), {}) for title in (
        "Access Denied: how a state blocks its press", "外交部：坚决维护国家主权", "Los técnicos del puerto",
        "[점검] 항구", "Hospitals over capacity in winter", "Security check at the port takes hours")),
    (Case(name="article with a form to log in", platform="web", want=S.CAPTURED, text=LONG,
          page=f"<form action='/login'><input type=password></form><p>{LONG}</p>"), {}),
    (Case(name="form to log in, and nothing else", platform="web", want=S.LOGIN_WALL, text="Welcome back",
          page="<form action='/login'><input type=password></form>"), {}),
    (Case(name="vimeo of a workshop", platform="vimeo", want=S.CAPTURED, text="Mantenimiento del puerto, de Ada",
          page=TITLE.format("Mantenimiento del puerto", "<video src='blob:1'></video><a href='https://vimeo.com/123456789'>-</a>")),
     {}),
    (Case(name="song by the name of a wall", platform="soundcloud", want=S.CAPTURED, text="Login by Ada: play",
          final="https://soundcloud.com/ada/login", page="<a href='https://soundcloud.com/ada/login'>Login</a>"),
     {"soundcloud": "ada/login"}),
    (Case(name="soundcloud robot wall in data", platform="soundcloud", want=S.BOT_WALL, others=(Got(
          body={"url": "https://geo.captcha-delivery.com/captcha/?cid=x"}, status=403,
          url="https://api-widget.soundcloud.com/tracks/ferry-song"),)), {}),
    (api("soundcloud", "https://api-v2.soundcloud.com/tracks/4711", {"errors": [{}]}, S.FAILED, 403), {}),
    (api("soundcloud", f"https://soundcloud.com/oembed?url={SONG}",
         {"url": "https://geo.captcha-delivery.com/captcha/?cid=x"}, S.BOT_WALL, 403, "soundcloud robot wall"),
     {}),
    # articles: what their parts are told is not the page
    *((Case(name=f"article beside 429 of {url}", platform="web", want=S.CAPTURED, text=LONG, page=f"<p>{LONG}</p>",
            others=(Got(body={}, url=url, status=429),)), {})
      for url in ("https://metrics.example/api/v2/events", "https://quay.example/api/v1/comments")),
    (Case(name="a player beside 429 of an advertisement", platform="vimeo", want=S.CAPTURED, text="The lamps are lit",
          page="<video src='a'></video><a href='https://vimeo.com/123456789'>-</a>",
          others=(Got(body={}, url="https://metrics.example/api/v2/events", status=429),)), {}),
    (Case(name="a server's own 429", platform="mastodon", want=S.RATE_LIMITED,
          others=(Got(body={}, url=STATUS, status=429),)), {}),
    *((Case(name=f"article with {part[:20]}", platform="web", want=S.CAPTURED, text=LONG,
            page=f"<body>{part}<p>{LONG}</p></body>"), {})
      for part in ("<form action='/consent/save'></form>", "<div id='captcha-box'></div>")),
    (Case(name="article in a folder, beside a tombstone", platform="web", want=S.CAPTURED, text=LONG,
          page=f"<p>{LONG}</p>", others=(Got(body={"type": "Tombstone", "id": "https://far.example/notes/9"},
                                             url="https://far.example/notes/9"),)), {"web": "https://quay.example/9/"}),
    (Case(name="shell that shows nothing", platform="web", want=S.FAILED, page="<div id=app></div><script>x</script>"),
     {}),
    (Case(name="page that is a picture", platform="web", want=S.CAPTURED, page="<img src=a>"), {}),
    (Case(name="page of components", platform="web", want=S.CAPTURED,
          page="<my-app><template shadowrootmode=open><p>Lamps</p></template></my-app>"), {}),
    # what is drawn is something else, and the post only asked for
    (Case(name="mastodon sent on to the profile", platform="mastodon", want=S.FAILED, view="page", author="ada",
          final="https://boats.example/@ada", page="<div class='status__content'>Another note</div>",
          text="Ada @ada Another note"), {}),
    (Case(name="mastodon sent on to its own page", platform="mastodon", want=S.CAPTURED, view="page", author="ada",
          final="https://far.example/@ada/110000000000000001", page="<div class='status__content'>Lamps</div>",
          text="Ada @ada Lamps"), {}),
    (Case(name="facebook sent on to the page's wall", platform="facebook", want=S.FAILED, view="page", author="harbour",
          final="https://www.facebook.com/harbour/", page="<div role='article'>Other</div>", text="harbour Other"), {}),
    (Case(name="x sent on to its home page", platform="x", want=S.FAILED, view="page", author="ada",
          final="https://x.com/", page="<article role='article'>@ada</article>", text="@ada"), {}),
    (Case(name="telegram sent on to the channel", platform="telegram", want=S.FAILED, view="page", author="harbour",
          final="https://t.me/s/harbour", text="harbour 77 views", page="<div class='tgme_widget_message' "
          "data-post='harbour/12'><div class='tgme_widget_message_text'>Other</div><b width='77'>77</b></div>"), {}),
    (Case(name="telegram, a number by chance", platform="telegram", want=S.FAILED, text="77 views",
          page="<div class='tgme_widget_message' data-post='harbour/12'><b width='77'>77</b></div>"), {}),
    (Case(name="telegram in other letters", platform="telegram", want=S.CAPTURED, text="Lamps",
          page="<div class='tgme_widget_message' data-post='Harbour/77'>Lamps</div>"), {}),
    (Case(name="instagram login page with an article", platform="instagram", want=S.LOGIN_WALL, text="Log in",
          final="https://www.instagram.com/accounts/login/", page="<main><article>Log in</article></main>"
          f"<a href='/p/{IDS['instagram']}/'>back</a>"), {}),
    (Case(name="facebook feed, the id in a script", platform="facebook", want=S.FAILED, text="Suggested for you",
          page=f"<div role='article'>Suggested</div><script>x = {{a: '{IDS['facebook']}'}}</script>"), {}),
    (Case(name="reddit missing, others recommended", platform="reddit", want=S.FAILED, status=404, text="Other lamps",
          page=f"<shreddit-post>Other lamps</shreddit-post><a href='/login/?dest=/comments/{POST}/'>-</a>"), {}),
    (Case(name="reddit missing, the author elsewhere in it", platform="reddit", want=S.FAILED, status=404,
          page="<shreddit-post>Other lamps</shreddit-post>", author="ada", text="Other lamps by ada"), {}),
    # soft errors of players, and shells that repeat the address
    (Case(name="dailymotion deleted, the id in a script", platform="dailymotion", want=S.FAILED, text="Oh no, an error",
          page="<p>-</p><script>var c = {video: 'x8abcde'}</script>"), {}),
    (Case(name="dailymotion error beside its address", platform="dailymotion", want=S.FAILED, text="Oh no, an error",
          page="<a href='https://www.dailymotion.com/video/x8abcde'>-</a>", others=(Got(
          body={"error": {"code": "DM002"}}, url="https://geo.dailymotion.com/video/x8abcde.json"),)), {}),
    (Case(name="ok deleted", platform="ok", want=S.FAILED, text="Видео не найдено или удалено",
          page="<div data-id='123456789012'>Видео не найдено</div>"), {"ok": "123456789012"}),
    (Case(name="rumble removed", platform="rumble", want=S.FAILED, text="This video has been removed.",
          page="<a href='https://rumble.com/v1abcde-a.html'>-</a>"), {"rumble": "v1abcde"}),
    (Case(name="rumble plays a film about removals", platform="rumble", want=S.CAPTURED, text="This video was removed",
          page="<video src='a.mp4'></video><a href='https://rumble.com/v1abcde-a.html'>-</a>"), {"rumble": "v1abcde"}),
    (Case(name="rumble by its player's script", platform="rumble", want=S.CAPTURED, text="The lamps are lit again",
          page="<video></video><script>play({video: 'v1abcde'})</script>"), {"rumble": "v1abcde"}),
    (Case(name="rumble plays another", platform="rumble", want=S.FAILED, text="The lamps are lit again",
          page="<video></video><script>play({video: 'v1abcdez'})</script>"), {"rumble": "v1abcde"}),
    (Case(name="lemmy of a short number", platform="lemmy", want=S.FAILED, text="12 users online, please join us",
          page="<p width='12'>12 users online</p>"), {"lemmy": "lemmy.boats.example/post/12"}),
    (Case(name="lemmy by its address", platform="lemmy", want=S.CAPTURED, text="The lamps are lit again",
          page="<a href='/post/12'>The lamps are lit again</a>"), {"lemmy": "lemmy.boats.example/post/12"}),
    *((Case(name=f"card of the site: {title}", platform=platform, want=S.FAILED, view="page",
            page=CARD.format(url, title)), {}) for platform, url, title in (
        ("spotify", "https://open.spotify.com/track/7y8NWS6gR3Wz4C7W8Bh0WL", "Spotify  –\n Web Player"),
        ("pinterest", "https://www.pinterest.com/pin/106890191127977979/", "Pinterest"),
        ("threads", "https://www.threads.com/t/DAbCdEfGhIj", "Threads • Log in"))),
    (Case(name="an app is wanted", platform="rumble", want=S.FAILED, text="Open the app to watch this and more",
          page="<a href='intent://rumble.com/v1abcde#Intent'>-</a><a data-x='rumble://v1abcde'>-</a>"),
     {"rumble": "v1abcde"}),
    (Case(name="a password is wanted", platform="rumble", want=S.LOGIN_WALL, text="Welcome back to the harbour",
          page="<form action='/x'><input type=password></form><a href='https://rumble.com/v1abcde.html'>-</a>"),
     {"rumble": "v1abcde"}),
    (Case(name="instagram card with one picture", platform="instagram", want=S.PARTIAL, rule="instagram.card-only",
          page=f"<div class='EmbeddedMedia'><img></div><a href='/p/{IDS['instagram']}/'>more</a>"
          "<script type='application/json'>{\"contextJSON\": null}</script>"), {}),
    # Reddit in the page
    (Case(name="reddit post without the comment", platform="reddit", want=S.FAILED, view="page", text="A ferry",
          page="<shreddit-post>A ferry</shreddit-post><a href='/comments/1abc9z/_/def5678/'>share</a>"), COMMENT),
    (Case(name="reddit comment that is empty", platform="reddit", want=S.FAILED, view="page", text="A ferry",
          page="<shreddit-post>A ferry</shreddit-post><shreddit-comment thingid='t1_def5678' author='[deleted]'>"
          "Comment deleted by user</shreddit-comment>"), COMMENT),
    *((Case(name=f"reddit banner: {said}", platform="reddit", want=want, view="page", text=said,
            page=f"<shreddit-post id='t3_{POST}'><b slot='post-removed-banner'>{said}</b></shreddit-post>"), {})
      for said, want in (
        ("Sorry, this post was deleted by the person who originally posted it.", S.GONE),
        ("Sorry, this post has been removed by the moderators of r/boats.", S.WITHHELD),
        ("Sorry, this post was removed by Reddit's spam filters.", S.WITHHELD))),
    (Case(name="reddit community that was closed", platform="reddit", want=S.WITHHELD, view="page", status=404,
          text="This community has been banned", others=(
          Got(body="", url="https://www.reddit.com/oembed?url=x", status=404),)), {}),
    *((Case(name=f"reddit lives beside {other[:40]}", platform="reddit", want=S.CAPTURED, text="A ferry",
            page=f"<shreddit-post id='t3_{POST}'>A ferry</shreddit-post>{other}"), {}) for other in (
        "<shreddit-post id=t3_zz><b slot=post-removed-banner>deleted by the person who posted it</b></shreddit-post>",
        "<shreddit-post id=t3_zz author='[deleted]' post-title='[deleted by user]'></shreddit-post>")),
    # what is said of another video
    (Case(name="tiktok lives beside a private one", platform="tiktok", want=S.CAPTURED,
          page="<script type='application/json'>" + json.dumps({"id": IDS["tiktok"], "desc": "Lamps"}) + "</script>",
          others=(Got(body={"statusCode": 10222}, url="https://www.tiktok.com/api/related/item_list/"),)), {}),
    (Case(name="dailymotion lives beside one for another country", platform="dailymotion", want=S.CAPTURED,
          others=(Got(body={"id": "x8abcde", "title": "Lamps"}, url="https://www.dailymotion.com/player/metadata/video/x8abcde"),
                  Got(body={"error": {"code": "DM007"}},
                      url="https://www.dailymotion.com/player/metadata/video/x9zzzzz"))), {}),
    (Case(name="twitch lives beside a question without answer", platform="twitch", want=S.CAPTURED, others=(
          Got(body=[{"data": {"clip": {"slug": "BraveFerryQuay"}}}, {"data": {"clip": None}}],
              url="https://gql.twitch.tv/gql"),), text="The lamps are lit again",
          page="<video src='a'></video><a href='https://clips.twitch.tv/BraveFerryQuay'>-</a>"), {}),
    (Case(name="youtube lives, another account does not", platform="youtube", want=S.CAPTURED, page=TITLED, others=(
          state(PLAYS), Got(body={"alerts": [{"type": "ERROR", "text": {"simpleText": "has been terminated"}}]},
                            url="https://www.youtube.com/youtubei/v1/browse"))), {}),
    # Bluesky's newer thread
    *((Case(name=f"bluesky item {kind} {list(ids)}", platform="bluesky", want=want, view="page", others=(Got(
            body={"thread": [{"uri": f"at://did:plc:a/app.bsky.feed.post/{key}", "depth": 0, "value": {
                "$type": f"app.bsky.unspecced.defs#threadItem{kind}", "author": {"did": "did:plc:a"}}}]},
            url="https://public.api.bsky.app/xrpc/app.bsky.unspecced.getPostThreadV2?anchor=at"),)), ids)
      for kind, key, want, ids in (
        ("NotFound", "3kabcdefghij2", S.GONE, {}), ("NotFound", "3kabcdefghij2", S.FAILED, HANDLE),
        ("NotFound", "3kzzzzzzzzzzz", S.FAILED, {"bluesky": IDS["bluesky"]}),
        ("Blocked", "3kabcdefghij2", S.PRIVATE, {}), ("NoUnauthenticated", "3kabcdefghij2", S.LOGIN_WALL, {}))),
    (Case(name="card of a post", platform="threads", want=S.CAPTURED, view="page",
          page=CARD.format("https://www.threads.com/t/DAbCdEfGhIj", "Ada (@ada) on Threads")), {}),
]  # fmt: skip


@pytest.mark.parametrize("case, ids", CASES, ids=lambda value: getattr(value, "name", ""))
def test_no_false_status(case: Case, ids: dict[str, str]) -> None:
    found = outcome(case, MORE | ids)
    assert found.status is case.want, found


def asked(platform: str, url: str, body: dict[str, Any], question: str) -> Outcome:
    """The verdict on a visit in which a script asked `question`, and got `body`."""
    ref = PostRef(platform, MORE[platform])
    page = exchange("https://a.example/page", "<body></body>", 200, ())
    got = replace(
        exchange(url, body, 200, ()), method="POST", request_body=Body.of(question.encode())
    )
    return judge(
        VisitEvidence(
            post=Post(ref=ref, url=page.url), view=View("page", page.url), main=page, exchanges=(page, got),
            final_url=page.url, dom="<body></body>", visible_text="", drawn=False,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "platform, url, key, body, want",
    [
        ("youtube", PLAYER, "videoId", REMOVED, S.GONE),
        ("youtube", PLAYER, "videoId", PRIVATE, S.PRIVATE),
        ("misskey", "https://mi.boats.example/api/notes/show", "noteId",
         {"error": {"code": "NO_SUCH_NOTE"}}, S.GONE),
    ],
)  # fmt: skip
def test_an_answer_about_another_post(
    platform: str, url: str, key: str, body: dict[str, Any], want: Status
) -> None:
    mine = json.dumps({"context": {}, key: MORE[platform].rpartition("/")[2]})
    assert asked(platform, url, body, mine).status is want
    other = json.dumps({"context": {}, key: "zzzzzzzzzz0"})
    assert asked(platform, url, body, other).status is S.FAILED
