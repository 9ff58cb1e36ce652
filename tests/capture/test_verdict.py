"""The verdict, case by case: what was received, and the status that follows. All posts are invented."""

import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from archiver.capture.verdict import VisitEvidence, judge, weigh
from archiver.domain.capture import Outcome, Signal, Status
from archiver.domain.exchange import Body, Exchange, Truncation
from archiver.domain.post import Post, PostRef, View
from archiver.platforms import views

S = Status
AT = datetime(2026, 11, 22, 4, 6, tzinfo=UTC)
IDS = {
    "x": "1840000000000000123", "instagram": "DAbCdEfGhIj", "facebook": "1234567890123456", "youtube": "aB3_xYz-9Qw",
    "tiktok": "7400000000000000321", "telegram": "harbour/77", "bluesky": "did:plc:abcdefghijklmnop/3kabcdefghij2",
    "mastodon": "boats.example/112345678901234567", "reddit": "1abc9z", "web": "https://paper.example/story",
    "vimeo": "123456789",
}  # fmt: skip
GRAPH = "https://x.com/i/api/graphql/q/TweetResultByRestId"
ASK = "https://cdn.syndication.twimg.com/tweet-result?id=1840000000000000123&token=a"
PLAYER = "https://www.youtube.com/youtubei/v1/player"
THREAD = "https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread?uri=at"
STATUS = "https://boats.example/api/v1/statuses/112345678901234567"
POSTED = "The ferry is back in the harbour, and the lamps are lit again."


class Got(Struct, frozen=True, kw_only=True):
    """One answer: JSON, a page or text, with its address and status."""

    body: object
    url: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Case(Struct, frozen=True, kw_only=True):
    """A visit: the platform, the main answer, the others, and what must come out."""

    name: str
    platform: str
    want: Status
    page: str = "<body></body>"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    others: tuple[Got, ...] = ()
    final: str = ""
    text: str = ""
    words: str | None = None
    author: str | None = None
    error: str = ""
    rule: str = ""
    no_answer: bool = False
    cut: Truncation | None = None
    view: str = "embed"
    drawn: bool = False


def exchange(url: str, body: object, status: int, headers: tuple[tuple[str, str], ...]) -> Exchange:
    page = isinstance(body, str)
    data = body if isinstance(body, str) else json.dumps(body)
    kind = ("Content-Type", "text/html" if page else "application/json")
    told = any(name == "Content-Type" for name, _ in headers)
    return Exchange(
        url=url,
        status=status,
        response_headers=headers if told else (kind, *headers),
        body=Body.of(data.encode()),
        started_at=AT,
        made_by="browser",
    )


def outcome(case: Case, ids: dict[str, str] = IDS) -> Outcome:
    ref = PostRef(case.platform, ids[case.platform])
    shown = views(ref, case.author) or (View("page", ids[case.platform]),)
    place = shown[0] if case.view == "embed" else shown[-1]
    if case.view.startswith("http"):
        place = View("metadata", case.view)
    main = None if case.no_answer else exchange(place.url, case.page, case.status, case.headers)
    main = replace(main, truncated=case.cut, error="the line broke") if main and case.cut else main
    others = tuple(exchange(o.url, o.body, o.status, o.headers) for o in case.others)
    return judge(
        VisitEvidence(
            post=Post(ref=ref, url=shown[-1].url, author=case.author, text=case.words),
            view=place,
            main=main,
            exchanges=(main, *others) if main else others,
            final_url=case.final or place.url,
            dom="" if case.no_answer else case.page,
            visible_text=case.text,
            drawn=case.drawn,
            error=case.error,
        )
    )


def tweet(**more: object) -> dict[str, object]:
    return {
        "__typename": "Tweet",
        "id_str": IDS["x"],
        "text": POSTED,
        "user": {"name": "Ada"},
    } | more


def tombstone(words: str) -> dict[str, object]:
    return {"__typename": "TweetTombstone", "tombstone": {"text": {"text": words}}}


def playable(status: str, reason: str, **more: object) -> dict[str, object]:
    return {"playabilityStatus": {"status": status, "reason": reason}} | more


def listing(**data: object) -> dict[str, object]:
    return {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": data}]}}


DRAWN_X = (
    f"<body><article role='article'><a href='/a/status/{IDS['x']}'>now</a>{POSTED}</article></body>"
)
GONE_WORDS = "This Post was deleted by the Post author. Learn more"
DETAILS = {"videoDetails": {"videoId": IDS["youtube"], "title": "A ferry", "author": "Ada"}}
LOGIN = "https://www.facebook.com/login/?next=x"
BROKEN = "<div class='Embed EmbedIsBroken'><div class='ebmMessage'>may be broken</div></div>"
CARD = "<meta property='og:url' content='{0}'><meta property='og:title' content='{1}'>"
TG_ERROR = "<div class='tgme_widget_message_error'>{}</div>"
JUST = "<title>Just a moment...</title><div id='challenge-form'></div>"
STATE = "<script type='application/json'>{}</script>"

CASES = [
    # X
    Case(name="x drawn", platform="x", want=S.CAPTURED, page=DRAWN_X, text=POSTED, rule="post.drawn"),
    Case(name="x data and drawn", platform="x", want=S.CAPTURED, page=DRAWN_X, others=(Got(body=tweet(), url=ASK),),
         rule="post.data"),
    Case(name="x data, nothing drawn", platform="x", want=S.PARTIAL, others=(Got(body=tweet(), url=ASK),)),
    Case(name="x data, drawn by the browser's word", platform="x", want=S.CAPTURED, drawn=True,
         others=(Got(body=tweet(), url=ASK),)),
    Case(name="x known words drawn", platform="x", want=S.CAPTURED, words=POSTED, text=f"Ada {POSTED}"),
    Case(name="x another post drawn", platform="x", want=S.FAILED, text="Something else",
         page="<article role='article'><a href='/a/status/99'>now</a>Something else</article>"),
    Case(name="x deleted", platform="x", want=S.GONE, others=(Got(body=tombstone(GONE_WORDS), url=ASK),)),
    Case(name="x account gone", platform="x", want=S.GONE,
         others=(Got(body=tombstone("This Post is from an account that no longer exists."), url=ASK),)),
    Case(name="x suspended", platform="x", want=S.WITHHELD,
         others=(Got(body=tombstone("This Post is from a suspended account."), url=ASK),)),
    Case(name="x protected", platform="x", want=S.PRIVATE,
         others=(Got(body=tombstone("this account owner limits who can view their Posts"), url=ASK),)),
    Case(name="x adult", platform="x", want=S.LOGIN_WALL,
         others=(Got(body=tombstone("Age-restricted adult content. You’ll need to log in."), url=ASK),)),
    Case(name="x withheld", platform="x", want=S.WITHHELD,
         others=(Got(body=tombstone("This Post has been withheld in your country."), url=ASK),)),
    Case(name="x rules", platform="x", want=S.WITHHELD,
         others=(Got(body=tombstone("This Post violated the X Rules."), url=ASK),)),
    Case(name="x tombstone in a foreign tongue", platform="x", want=S.FAILED,
         others=(Got(body=tombstone("Ce post n’est pas disponible."), url=ASK),)),
    Case(name="x empty tombstone", platform="x", want=S.LOGIN_WALL,
         others=(Got(body={"__typename": "TweetTombstone", "tombstone": {}}, url=ASK),)),
    Case(name="x one 404", platform="x", want=S.FAILED, others=(Got(body={}, url=ASK, status=404),)),
    Case(name="x empty answer", platform="x", want=S.FAILED, others=(Got(body={}, url=ASK),)),
    Case(name="x two witnesses", platform="x", want=S.GONE,
         others=(Got(body={}, url=ASK, status=404),
                 Got(body={"data": {"tweetResult": {}}}, url=GRAPH))),
    Case(name="x graph that failed", platform="x", want=S.FAILED,
         others=(Got(body={}, url=ASK, status=404),
                 Got(body={"errors": [{"message": "Timeout: Unspecified"}], "data": {"tweetResult": {}}}, url=GRAPH))),
    Case(name="x endpoint that failed", platform="x", want=S.FAILED,
         others=(Got(body={}, url=ASK, status=503), Got(body={"data": {"tweetResult": {}}}, url=GRAPH))),
    Case(name="x quoted tombstone in a live post", platform="x", want=S.CAPTURED, page=DRAWN_X,
         others=(Got(body=tweet(quoted=tombstone(GONE_WORDS)), url=ASK),)),
    Case(name="x graph suspended", platform="x", want=S.WITHHELD,
         others=(Got(body={"data": {"tweetResult": {"result": {"__typename": "TweetUnavailable",
         "reason": "Suspended"}}}},
                     url="https://x.com/i/api/graphql/q/TweetResultByRestId"),)),
    Case(name="x shell", platform="x", want=S.FAILED, view="page",
         page=f"<link rel='canonical' href='https://x.com/a/status/{IDS['x']}'>"
         "<noscript>JavaScript is not available.</noscript>"),
    Case(name="x login flow", platform="x", want=S.LOGIN_WALL, final="https://x.com/i/flow/login?redirect=x"),
    Case(name="x limit by data", platform="x", want=S.RATE_LIMITED,
         others=(Got(body={"errors": [{"code": 429, "message": "Rate limit exceeded."}]}, url=ASK),)),
    # Instagram
    Case(name="instagram drawn", platform="instagram", want=S.CAPTURED,
         page=f"<div class='Embed'><div class='EmbeddedMedia'><img></div>"
         f"<a href='/p/{IDS['instagram']}/'>more</a></div>"),
    Case(name="instagram broken alone", platform="instagram", want=S.FAILED, page=BROKEN),
    Case(name="instagram login", platform="instagram", want=S.LOGIN_WALL,
         final="https://www.instagram.com/accounts/login/?next=/p/"),
    Case(name="instagram page 404 alone", platform="instagram", want=S.FAILED, status=404, view="page"),
    Case(name="instagram empty card", platform="instagram", want=S.FAILED,
         page=STATE.format('{"a": [{"contextJSON": null}]}'), rule="instagram.shell"),
    Case(name="instagram card of the page", platform="instagram", want=S.CAPTURED, view="page",
         page=CARD.format(f"https://www.instagram.com/p/{IDS['instagram']}/", "Ada on Instagram: “A ferry”")),
    Case(name="instagram 429", platform="instagram", want=S.RATE_LIMITED, status=429, headers=(("Retry-After",
         "90"),)),
    # Facebook
    Case(name="facebook plugin drawn", platform="facebook", want=S.CAPTURED,
         page=f"<div class='userContent'>{POSTED}</div><a href='/harbour/posts/{IDS['facebook']}:0'>x</a>"),
    Case(name="facebook plugin tombstone", platform="facebook", want=S.FAILED,
         text="This Facebook post is no longer available. It may have been removed"),
    Case(name="facebook login", platform="facebook", want=S.LOGIN_WALL, final=LOGIN,
         page="<title>Log into Facebook</title>"),
    Case(name="facebook no such browser", platform="facebook", want=S.BOT_WALL,
         final="https://www.facebook.com/unsupportedbrowser"),
    Case(name="facebook live page with a login form", platform="facebook", want=S.CAPTURED, author="harbour",
         page="<form action='/login/'><input type=password></form><div role='article'>Harbour: lamps</div>",
         text="Harbour: lamps"),
    Case(name="facebook not available", platform="facebook", want=S.FAILED, view="page",
         text="This content isn't available right now"),
    # YouTube
    Case(name="youtube plays", platform="youtube", want=S.CAPTURED,
         page=f"<a class='ytp-title-link' href='https://www.youtube.com/watch?v={IDS['youtube']}'>A ferry</a>",
         others=(Got(body=playable("OK", "", **DETAILS), url=PLAYER),)),
    Case(name="youtube private", platform="youtube", want=S.PRIVATE,
         others=(Got(body=playable("LOGIN_REQUIRED", "This video is private"), url=PLAYER),)),
    Case(name="youtube age", platform="youtube", want=S.LOGIN_WALL,
         others=(Got(body=playable("LOGIN_REQUIRED", "Sign in to confirm your age", **DETAILS), url=PLAYER),)),
    Case(name="youtube robot", platform="youtube", want=S.BOT_WALL,
         others=(Got(body=playable("LOGIN_REQUIRED", "Sign in to confirm you’re not a bot"), url=PLAYER),)),
    Case(name="youtube removed", platform="youtube", want=S.GONE,
         others=(Got(body=playable("ERROR", "This video has been removed by the uploader"), url=PLAYER),)),
    Case(name="youtube unavailable alone", platform="youtube", want=S.FAILED,
         others=(Got(body=playable("ERROR", "Video unavailable"), url=PLAYER),)),
    Case(name="youtube country", platform="youtube", want=S.WITHHELD,
         others=(Got(body=playable("UNPLAYABLE", "not available in your country", **DETAILS), url=PLAYER),)),
    Case(name="youtube members", platform="youtube", want=S.WITHHELD,
         others=(Got(body=playable("UNPLAYABLE", "Join this channel to become a member", **DETAILS), url=PLAYER),)),
    Case(name="youtube not elsewhere", platform="youtube", want=S.FAILED,
         others=(Got(body=playable("UNPLAYABLE", "Playback on other websites has been disabled"), url=PLAYER),)),
    Case(name="youtube state in the page", platform="youtube", want=S.PRIVATE, view="page",
         page="<script>var ytInitialPlayerResponse = " + json.dumps(playable("LOGIN_REQUIRED",
         "private video")) + ";</script>"),
    Case(name="youtube consent", platform="youtube", want=S.FAILED, final="https://consent.youtube.com/m?continue=x"),
    # TikTok
    Case(name="tiktok data in the page", platform="tiktok", want=S.CAPTURED,
         page=STATE.format(json.dumps({"video": {"id": IDS["tiktok"], "desc": "A ferry", "statusCode": 0}}))),
    Case(name="tiktok 10204 says little", platform="tiktok", want=S.FAILED,
         page=STATE.format('{"statusCode": 10204}')),
    Case(name="tiktok private", platform="tiktok", want=S.PRIVATE, page=STATE.format('{"statusCode": 10222}')),
    Case(name="tiktok captcha", platform="tiktok", want=S.BOT_WALL,
         page="<div class='captcha_verify_container'>x</div>"),
    # Telegram
    Case(name="telegram drawn", platform="telegram", want=S.CAPTURED,
         page="<div class='tgme_widget_message' data-post='harbour/77'>"
         "<div class='tgme_widget_message_text'>x</div></div>"),
    Case(name="telegram not found alone", platform="telegram", want=S.FAILED, page=TG_ERROR.format("Post not found")),
    Case(name="telegram page and frame", platform="telegram", want=S.GONE, view="page",
         page="<meta property='og:title' content='Harbour'><iframe src='x'></iframe>",
         others=(Got(body=TG_ERROR.format("Post not found"), url="https://t.me/harbour/77?embed=1&mode=tme"),)),
    Case(name="telegram page that broke off before it said anything", platform="telegram", want=S.FAILED, view="page",
         page="<meta property='og:title' content='Harbour'>", cut="disconnect",
         others=(Got(body=TG_ERROR.format("Post not found"), url="https://t.me/harbour/77?embed=1&mode=tme"),)),
    Case(name="telegram page of an error", platform="telegram", want=S.FAILED, view="page", status=502,
         page="<title>502 Bad Gateway</title>",
         others=(Got(body=TG_ERROR.format("Post not found"), url="https://t.me/harbour/77?embed=1&mode=tme"),)),
    Case(name="telegram drawn by a page that broke off", platform="telegram", want=S.PARTIAL, cut="disconnect",
         page="<div class='tgme_widget_message' data-post='harbour/77'>"
         "<div class='tgme_widget_message_text'>x</div></div>"),
    Case(name="telegram blocked", platform="telegram", want=S.WITHHELD,
         page=TG_ERROR.format("This channel can’t be displayed because it violated local laws.")),
    # Bluesky
    Case(name="bluesky drawn", platform="bluesky", want=S.CAPTURED,
         page=f"<p data-testid='postText'>x</p><a href='/post/{IDS['bluesky'].split('/')[1]}'>y</a>",
         others=(Got(body={"thread": {"post": {"uri": "at://" + IDS["bluesky"].replace("/", "/app.bsky.feed.post/"),
                                                "record": {"text": POSTED}}}}, url=THREAD),)),
    Case(name="bluesky not found", platform="bluesky", want=S.GONE,
         others=(Got(body={"error": "NotFound", "message": "Post not found"}, url=THREAD, status=400),)),
    Case(name="bluesky thread not found", platform="bluesky", want=S.GONE,
         others=(Got(body={"thread": {"$type": "app.bsky.feed.defs#notFoundPost"}}, url=THREAD),)),
    Case(name="bluesky dead parent of a live post", platform="bluesky", want=S.CAPTURED, view="page",
         page="<div data-testid='postThreadItem-by-ada'>x</div>",
         others=(Got(body={"thread": {"parent": {"$type": "app.bsky.feed.defs#notFoundPost"}, "post": {
             "uri": "at://" + IDS["bluesky"].replace("/", "/app.bsky.feed.post/"), "record": {"text": "x"}}}},
             url=THREAD),)),
    Case(name="bluesky blocked", platform="bluesky", want=S.PRIVATE,
         others=(Got(body={"thread": {"$type": "app.bsky.feed.defs#blockedPost"}}, url=THREAD),)),
    Case(name="bluesky opted out", platform="bluesky", want=S.LOGIN_WALL,
         text="The author of this post has requested their posts not be displayed on external sites."),
    Case(name="bluesky message alone", platform="bluesky", want=S.FAILED,
         text="Post not found, it may have been deleted."),
    # Mastodon
    Case(name="mastodon drawn", platform="mastodon", want=S.CAPTURED,
         page="<div class='status__content'>x</div>",
         others=(Got(body={"id": IDS["mastodon"].split("/")[1], "content": "<p>x</p>"}, url=STATUS),)),
    Case(name="mastodon no record", platform="mastodon", want=S.GONE, author="ada",
         others=(Got(body={"error": "Record not found"}, url=STATUS, status=404),)),
    Case(name="mastodon embed 404 alone", platform="mastodon", want=S.FAILED, status=404),
    Case(name="mastodon 410", platform="mastodon", want=S.GONE, status=410),
    Case(name="mastodon closed", platform="mastodon", want=S.LOGIN_WALL, status=401),
    # Reddit
    Case(name="reddit drawn", platform="reddit", want=S.CAPTURED,
         page=f"<shreddit-post id='t3_{IDS['reddit']}' post-title='A ferry'>A ferry</shreddit-post>"),
    Case(name="reddit deleted data", platform="reddit", want=S.GONE,
         others=(Got(body=listing(id=IDS["reddit"], title="A ferry", author="[deleted]", selftext="[deleted]"),
                     url="https://www.reddit.com/comments/1abc9z.json"),)),
    Case(name="reddit author left, words stay", platform="reddit", want=S.CAPTURED, view="page",
         page=f"<shreddit-post id='t3_{IDS['reddit']}'>A ferry</shreddit-post>",
         others=(Got(body=listing(id=IDS["reddit"], title="A ferry", author="[deleted]", selftext="Lamps"),
                     url="https://www.reddit.com/comments/1abc9z.json"),)),
    Case(name="reddit banner", platform="reddit", want=S.GONE,
         page=f"<shreddit-post id='t3_{IDS['reddit']}'><div slot='post-removed-banner'>Sorry</div></shreddit-post>"),
    Case(name="reddit private", platform="reddit", want=S.PRIVATE, status=403,
         page="<h1>r/boats is a private community</h1>"),
    Case(name="reddit blocked", platform="reddit", want=S.BOT_WALL, status=403,
         text="You've been blocked by network security."),
    # a platform whose look is not known here
    Case(name="player with its id", platform="vimeo", want=S.CAPTURED, text="Watch A ferry in the harbour",
         page="<video></video><a href='https://vimeo.com/123456789'>A ferry</a>"),
    Case(name="player without the video", platform="vimeo", want=S.FAILED, status=404, text="Sorry, no such video",
         page="<a href='https://vimeo.com/123456789'>Sorry</a>"),
    Case(name="player of another video", platform="vimeo", want=S.FAILED, text="Watch something else here",
         page="<video></video><a href='https://vimeo.com/99'>Other</a>"),
    # any site
    Case(name="data limited", platform="x", want=S.RATE_LIMITED, others=(Got(body="Rate limit", url=ASK, status=429),)),
    Case(name="cloudflare", platform="facebook", want=S.BOT_WALL, status=403, page=JUST),
    Case(name="cloudflare by header", platform="mastodon", want=S.BOT_WALL, status=403, headers=(("cf-mitigated",
         "challenge"),)),
    Case(name="wait", platform="reddit", want=S.RATE_LIMITED, status=429),
    Case(name="server error", platform="tiktok", want=S.FAILED, status=503, headers=(("Retry-After", "120"),)),
    Case(name="maintenance with 200", platform="mastodon", want=S.FAILED, page="<h1>We are down for maintenance</h1>",
         rule="maintenance.title"),
    Case(name="legal", platform="mastodon", want=S.WITHHELD, status=451),
    Case(name="no answer", platform="x", want=S.FAILED, no_answer=True, error="net::ERR_TIMED_OUT"),
    Case(name="empty shell", platform="tiktok", want=S.FAILED),
    Case(name="web page", platform="web", want=S.CAPTURED, page="<p>A story</p>", text="A story"),
    Case(name="web page cut by a limit of ours", platform="web", want=S.CAPTURED, page="<p>A story</p>", text="A story",
         cut="length"),
    Case(name="web page of pictures", platform="web", want=S.CAPTURED, page="<img src='/a.png'>"),
    Case(name="web page of scripts", platform="web", want=S.CAPTURED, page="", text="A story"),
    Case(name="web page with nothing", platform="web", want=S.FAILED, page=""),
    Case(name="web page that leads on", platform="web", want=S.FAILED, status=300, text="Choose one"),
    # what shows the post, and what speaks against it
    Case(name="card beside a 404", platform="instagram", want=S.FAILED, status=404, rule="http.not-found",
         page=CARD.format("https://www.instagram.com/p/DAbCdEfGhIj/", "Ada on a ferry")),
    Case(name="id beside a bot wall", platform="vimeo", want=S.BOT_WALL, text="Checking your browser, please wait",
         page=JUST + "<a href='https://vimeo.com/123456789'>Back</a>"),
    Case(name="data beside a 404", platform="x", want=S.CAPTURED, status=404, page=DRAWN_X, rule="http.not-found",
         others=(Got(body=tweet(), url=ASK),)),
    Case(name="drawn beside a 410", platform="x", want=S.CAPTURED, status=410, page=DRAWN_X, rule="http.gone"),
    Case(name="login after an empty answer", platform="x", want=S.LOGIN_WALL, final="https://x.com/login",
         others=(Got(body={}, url=ASK),)),
    Case(name="refusal after an empty answer", platform="x", want=S.FAILED, status=403, rule="x.empty",
         others=(Got(body={}, url=ASK),)),
    Case(name="404 behind what guards many sites", platform="mastodon", want=S.FAILED, status=404,
         rule="http.not-found", page="<script src='/cdn-cgi/bm/x.js'></script>"),
    Case(name="web page gone", platform="web", want=S.GONE, status=410),
    Case(name="web page not found", platform="web", want=S.FAILED, status=404, text="Nothing here"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases(case: Case) -> None:
    found = outcome(case)
    assert found.status is case.want, found
    assert found.reason
    if case.rule:
        assert case.rule in [signal.rule for signal in found.signals]
    own = [signal.points_to is found.status for signal in found.signals]
    assert own == sorted(own, reverse=True)
    if found.status is S.CAPTURED:
        assert found.signals[0].points_to is S.CAPTURED
    if found.status is S.GONE:
        assert any(signal.points_to is S.GONE and signal.url for signal in found.signals)


def test_there_are_enough_cases_of_every_status() -> None:
    wanted = {case.want for case in CASES}
    assert wanted == set(S) - {S.UNRESOLVED, S.PENDING}
    assert len({case.name for case in CASES}) == len(CASES) >= 40


def test_the_wait_that_a_site_asks_for_is_kept() -> None:
    waits = {case.name: outcome(case).retry_after for case in CASES}
    assert waits["instagram 429"] == 90
    assert waits["server error"] == 120
    assert waits["wait"] is None
    limited = Got(body="Rate limit", url=ASK, status=429, headers=(("Retry-After", "30"),))
    calm = replace(limited, status=200, headers=(("Retry-After", "60"),))
    beside = Case(name="beside", platform="x", want=S.RATE_LIMITED, others=(limited, calm))
    assert outcome(beside).retry_after == 30


def test_a_single_sign_says_that_it_proves_nothing() -> None:
    reasons = {case.name: outcome(case).reason for case in CASES}
    assert "does not prove" in reasons["telegram not found alone"]
    assert "does not prove" in reasons["refusal after an empty answer"]
    assert reasons["no answer"] == "no answer came (net::ERR_TIMED_OUT)"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"no_answer": True}, "no answer came"),
        ({"page": "", "cut": "disconnect"}, "the page did not come whole: the line broke"),
        (
            {"page": "<p>", "cut": "disconnect", "text": "Half"},
            "a page came, but nothing in it shows",
        ),
        ({"text": " "}, "an empty page came"),
        ({"text": "Another"}, "a page came, but nothing in it shows"),
        ({"text": "Another", "error": "net::ERR_ABORTED"}, "net::ERR_ABORTED"),
    ],
)
def test_why_nothing_shows_the_post(more: dict[str, str], reason: str) -> None:
    found = outcome(Case(name="nothing", platform="x", want=S.FAILED, **more))
    assert found.status is S.FAILED and found.reason.startswith(reason)


def test_before_a_bot_wall_the_status_is_no_sign_of_deletion() -> None:
    """It is the wall's; what is said of the post elsewhere is not."""
    wall = Case(name="wall", platform="x", want=S.BOT_WALL, page=JUST, status=404,
                others=(Got(body={}, url=ASK),))  # fmt: skip
    found = outcome(wall)
    assert found.status is S.BOT_WALL
    assert {s.url for s in found.signals if s.points_to is S.GONE} == {ASK}


def case(name: str) -> Outcome:
    return next(outcome(case) for case in CASES if case.name == name)


def test_views_are_weighed_together() -> None:
    embed = case("mastodon embed 404 alone")
    elsewhere = replace(embed.signals[0], url="https://boats.example/@ada/112345678901234567")
    one_server = weigh([embed, replace(embed, signals=(elsewhere,))])
    assert one_server and one_server.status is S.FAILED
    other_server = replace(elsewhere, url="https://player.boats.example/112345678901234567")
    both = weigh([embed, replace(embed, signals=(other_server,))])
    assert both and both.status is S.GONE
    assert len({signal.url for signal in both.signals}) == 2
    untold = weigh([case("instagram broken alone"), case("instagram page 404 alone")])
    assert untold and untold.status is S.FAILED
    same = weigh([case("x one 404"), case("x empty answer")])
    assert same and same.status is S.FAILED
    two_weak = weigh([case("facebook plugin tombstone"), case("facebook not available")])
    assert two_weak and two_weak.status is S.FAILED
    seen = weigh([case("x drawn"), case("x deleted")])
    assert seen and seen.status is S.CAPTURED
    private = weigh([case("youtube private"), case("mastodon embed 404 alone")])
    assert private and private.status is S.PRIVATE
    assert weigh([]) is None


@pytest.mark.parametrize("status", sorted(set(S) - {S.UNRESOLVED, S.PENDING, S.FAILED}))
def test_the_view_that_says_most_of_the_post_decides(status: Status) -> None:
    """Two witnesses of deletion outweigh what only says that the post was not shown, and nothing else."""
    told, failed = (Outcome(status=one, reason=one) for one in (status, S.FAILED))
    assert weigh([failed, told]) == weigh([told, failed]) == told
    embed = case("mastodon embed 404 alone")
    other = replace(embed.signals[0], url="https://player.boats.example/112345678901234567")
    weak = case("facebook not available").signals
    two = replace(embed, signals=(*weak, *embed.signals, other))
    walls = {S.LOGIN_WALL, S.BOT_WALL, S.RATE_LIMITED}
    for tried in ([two, told], [told, two]):
        found = weigh(tried)
        assert found and found.status is (S.GONE if status in walls else status)
        assert status not in walls or found.signals[0] in embed.signals


HOSTILE = (
    b"", b"\x00\xff" * 400, b"{" * 5000, b"[" * 200_000, b'{"id": ' + b"9" * 6000 + b"}", b'{"a": "{\\"b\\": 1}"}',
    b"<div>" * 50_000, b"<title>" * 999, b"<script type='application/json'>{]</script>", b"<meta><link><iframe>",
    b'["' + b"https://x.com/a/status/1840000000000000123 " * 20_000 + b'"]',
)  # fmt: skip


@pytest.mark.parametrize("platform", sorted(IDS))
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_answers_are_judged_quickly(number: int, platform: str) -> None:
    answer = exchange("https://a.example/", "", 200, ())
    answer = replace(answer, body=Body.of(HOSTILE[number]))
    sent_as_json = replace(answer, response_headers=(("Content-Type", "application/json"),))
    started = time.process_time()
    found = judge(
        VisitEvidence(
            post=Post(ref=PostRef(platform, IDS[platform]), url="https://a.example/"),
            view=View("page", "https://a.example/"),
            main=answer,
            exchanges=(answer, sent_as_json),
            final_url="https://a.example/",
            dom=HOSTILE[number].decode("utf-8", "replace"),
            visible_text="",
            drawn=False,
        )
    )
    assert found.status in (S.FAILED, S.CAPTURED) and found.reason
    assert found.status is S.FAILED or platform == "web"
    assert time.process_time() - started < 2


@given(st.binary(max_size=300), st.text(max_size=200), st.integers(100, 599))
def test_any_answer_is_judged(body: bytes, text: str, status: int) -> None:
    case = Case(name="any", platform="x", want=S.FAILED, page=text, status=status, text=text,
                others=(Got(body=body.decode("latin-1"), url=ASK),))  # fmt: skip
    assert outcome(case).status is not S.CAPTURED


def test_weighing_ignores_signals_of_no_table() -> None:
    odd = Signal(rule="unheard.of", points_to=S.GONE, url="https://a.example/1")
    failed = Outcome(status=S.FAILED, reason="x", signals=(odd,))
    found = weigh([failed, case("mastodon embed 404 alone")])
    assert found and found.status is S.FAILED
