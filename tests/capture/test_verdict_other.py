"""Statuses that would be false: answers about other posts, pages to which a visit was led, words that only say why
nothing is shown. All posts are invented.
"""

import pytest
from test_verdict import (
    DRAWN_X,
    GONE_WORDS,
    IDS,
    JUST,
    POSTED,
    TG_ERROR,
    Case,
    Got,
    exchange,
    outcome,
    tombstone,
    tweet,
)
from test_verdict_more import MORE

from archiver.capture.verdict import VisitEvidence, judge, weigh
from archiver.domain.capture import Status
from archiver.domain.post import Post, PostRef, View

S = Status
X, OTHER = IDS["x"], "1840000000000000777"
KEY, ELSE = "3kabcdefghij2", "3kzzzzzzzzzzz"
SKY = "https://public.api.bsky.app/xrpc/app.bsky.feed."
MOVIE = {"rumble": "v1abcde"}


def asks(tweet_id: str) -> str:
    return f"https://cdn.syndication.twimg.com/tweet-result?id={tweet_id}&token=a"


def graph(tweet_id: str) -> str:
    return f"https://x.com/i/api/graphql/q/TweetResultByRestId?variables=%7B%22tweetId%22%3A%22{tweet_id}%22%7D"


def thread(key: str, encoded: bool = False) -> str:
    at = f"at://did:plc:abcdefghijklmnop/app.bsky.feed.post/{key}"
    return f"{SKY}getPostThread?uri={at.replace(':', '%3A').replace('/', '%2F') if encoded else at}&depth=6"


def sky(kind: str, url: str) -> Got:
    return Got(body={"thread": {"$type": f"app.bsky.feed.defs#{kind}"}}, url=url)


def result(words: str) -> dict[str, object]:
    return {"data": {"tweetResult": {"result": tombstone(words)}}}


LIVES = Got(
    body={"thread": {"post": {"uri": f"at://did:plc:a/app.bsky.feed.post/{KEY}", "record": {"text": "Lamps"}}}},
    url=thread(KEY),
)  # fmt: skip
SUB = "https://www.reddit.com/r/other/about.json"
HERE = "https://www.reddit.com/r/boats/comments/1abc9z.json"
FERRY = "<shreddit-post id='t3_1abc9z'>A ferry{}</shreddit-post>"
BUBBLE = "<div class='tgme_widget_message' data-post='harbour/77'><b class='tgme_widget_message_bubble'>{}</b></div>"
ARTICLE = "<article role=article>Lamps</article>"
ROUTE = '<script type=\'application/json\'>{{"query": {{"user": "ada", "id": "{}"}}}}</script><p>Loading</p>'

CASES = [
    # each answer twice: about another post, which the page asked for too, and about this one
    *(Case(name=f"x lives, {about} deleted", platform="x", want=want, page=DRAWN_X, others=(
           Got(body=tweet(), url=asks(X)), Got(body=tombstone(GONE_WORDS), url=asks(about))))
      for about, want in ((OTHER, S.CAPTURED), (X, S.GONE))),
    *(Case(name=f"x in its graph, {about} deleted", platform="x", view="page", want=want, page=DRAWN_X, others=(
           Got(body=tweet(), url=graph(X)), Got(body=result(GONE_WORDS), url=graph(about))))
      for about, want in ((OTHER, S.CAPTURED), (X, S.GONE))),
    Case(name="x, others not known", platform="x", want=S.FAILED, others=(Got(body={}, url=asks(OTHER), status=404),
         Got(body="", url=f"https://publish.x.com/oembed?url=https://x.com/a/status/{X}", status=404))),
    *(Case(name=f"bluesky {kind} {key} {coded}", platform="bluesky", view="page", want=want, others=(
           LIVES, sky(kind, thread(key, coded))))
      for coded in (False, True) for kind, key, want in (
        ("notFoundPost", ELSE, S.PARTIAL), ("notFoundPost", KEY, S.GONE), ("blockedPost", ELSE, S.PARTIAL),
        ("blockedPost", KEY, S.PRIVATE))),
    *(Case(name=f"bluesky error about {key}", platform="bluesky", view="page", want=want, others=(
           LIVES, Got(body={"error": "NotFound"}, url=thread(key), status=400)))
      for key, want in ((ELSE, S.PARTIAL), (KEY, S.GONE))),
    Case(name="bluesky, another's account taken down", platform="bluesky", view="page", want=S.PARTIAL, others=(
         LIVES, Got(body={"error": "AccountTakedown"}, url=f"{SKY}getProfile?actor=did:plc:z", status=400))),
    *(Case(name=f"reddit {why} {url[-20:]}", platform="reddit", want=want, text="A ferry", page=FERRY.format(""),
           others=(Got(body={"reason": why, "error": 403}, url=url, status=403),))
      for why, url, want in (("private", SUB, S.CAPTURED), ("private", HERE, S.PRIVATE),
                             ("banned", SUB, S.CAPTURED), ("banned", HERE, S.WITHHELD))),
    *(Case(name=f"reddit banner with {said!r}", platform="reddit", want=want, text="A ferry",
           page=FERRY.format(f"<b slot='post-removed-banner'>{said}</b>"))
      for said, want in (("", S.CAPTURED), ("deleted", S.GONE))),
    # what is drawn is the message
    *(Case(name=f"telegram, in its bubble: {said}", platform="telegram", want=want, text=said,
           page=BUBBLE.format(TG_ERROR.format(said)))
      for said, want in (("Post not found", S.FAILED), ("It violated local laws", S.WITHHELD))),
    # an error and a search repeat what was looked for
    Case(name="words on a page of search", platform="x", want=S.FAILED, view="page", words=POSTED,
         final="https://x.com/search?q=ferry", text=f"Nothing for: {POSTED}"),
    Case(name="words in an error", platform="x", want=S.FAILED, view="page", words=POSTED, status=404, text=POSTED),
    Case(name="words in the data of an error", platform="x", want=S.FAILED, view="page", words=POSTED,
         others=(Got(body={"text": POSTED}, url="https://x.com/search.json", status=500),)),
    # led to another post, which is drawn and names the author too
    *(Case(name=f"{platform} led to {final}", platform=platform, want=want, view="page", author="ada", final=final,
           page=f"<main>{page}</main>", text="Ada @ada Lamps")
      for platform, final, page, want in (
        ("x", f"https://x.com/ada/status/{OTHER}", ARTICLE, S.FAILED),
        ("x", f"https://twitter.com/ada/status/{X}?s=20", ARTICLE, S.CAPTURED),
        ("x", "https://x.com/i/broadcasts/1abcDEF", ARTICLE, S.CAPTURED),
        ("instagram", "https://www.instagram.com/p/DZzZzZzZzZz/", ARTICLE, S.FAILED),
        ("tiktok", "https://www.tiktok.com/@ada/video/7400000000000000999", "<video src=a></video>", S.FAILED),
        ("reddit", "https://www.reddit.com/r/boats/comments/zzzzzz/", "<shreddit-post>A</shreddit-post>", S.FAILED),
        ("facebook", "https://www.facebook.com/ada/posts/pfbid0abcdefghijk", "<b role=article>A</b>", S.CAPTURED))),
    # a router's state takes the address apart
    *(Case(name=f"{platform} route of a shell", platform=platform, want=S.FAILED, view="page", text="Loading",
           page=ROUTE.format(key)) for platform, key in (("tiktok", IDS["tiktok"]), ("threads", MORE["threads"]))),
    Case(name="tiktok by its author", platform="tiktok", want=S.CAPTURED, view="page", text="Lamps",
         page=ROUTE.format(IDS["tiktok"]).replace('"ada"', '{"name": "Ada"}')),
    # what came with a wall is the wall's
    Case(name="410 behind a wall for robots", platform="x", want=S.BOT_WALL, view="page", status=410, page=JUST),
    # a page that names itself, and says why it shows nothing
    *(Case(name=f"player: {said}", platform="rumble", want=want, rule=rule, view="page", text=said,
           page=f"<p>{said}</p><a href='https://rumble.com/v1abcde-a.html'>-</a>")
      for said, want, rule in (
        ("This account has been suspended", S.FAILED, "page.unavailable"),
        ("Das Konto wurde gesperrt", S.FAILED, "page.unavailable"),
        ("このアカウントは停止されています", S.FAILED, "page.unavailable"),
        ("تم تعليق هذا الحساب", S.FAILED, "page.unavailable"),
        ("The uploader has not made this video available in your country", S.FAILED, "page.country"),
        ("この動画はお住まいの国ではご利用いただけません", S.FAILED, "page.country"),
        ("Das wird in deinem Land leider nicht gezeigt", S.FAILED, "page.country"),
        ("Please verify your age to go on", S.LOGIN_WALL, "page.age"),
        ("年齢を確認してください。続行するには", S.LOGIN_WALL, "page.age"),
        ("Sign in to view this content", S.LOGIN_WALL, "page.login"),
        ("Too many requests. Please slow down", S.FAILED, "page.asked-too-often"),
        ("Zu viele Anfragen, bitte warten", S.FAILED, "page.asked-too-often"),
        ("Something went wrong. Try again.", S.FAILED, "page.error"),
        ("The lamps are lit, now available in your area", S.CAPTURED, "post.page"))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_not_said_of_the_post(case: Case) -> None:
    found = outcome(case, IDS | MORE | MOVIE)
    assert found.status is case.want, found
    assert not case.rule or found.signals[0].rule == case.rule


def led_to(address: str, asked: str = "https://vimeo.com/123456789") -> Status:
    """The verdict on a visit that ended at an address which is gone for good."""
    main = exchange(address, "<body>Gone</body>", 410, ())
    return judge(
        VisitEvidence(
            post=Post(ref=PostRef("vimeo", "123456789"), url=asked), view=View("page", asked), main=main,
            exchanges=(main,), final_url=address, dom="<body>Gone</body>", visible_text="Gone", drawn=False,
        )
    ).status  # fmt: skip


@pytest.mark.parametrize(
    "address, want",
    [
        ("https://vimeo.com/123456789", S.GONE),
        ("https://www.vimeo.com/123456789/", S.GONE),
        ("https://vimeo.com/channels/boats/123456789", S.GONE),
        ("https://vimeo.com/", S.FAILED),
        ("https://vimeo.com/1234567890", S.FAILED),
        ("https://parked.example/", S.FAILED),
    ],
)
def test_410_counts_at_the_post(address: str, want: Status) -> None:
    assert led_to(address) is want


@pytest.mark.parametrize(
    "address, led",
    [
        ("https://quay.example/2026/ferry", False),
        ("https://www.quay.example/2026/ferry/", False),
        ("https://quay.example/news/ferry?page=1", False),
        ("https://quay.example/", True),
        ("https://ads.example/offer", True),
    ],
)
def test_a_page_to_which_a_visit_was_led_says_so(address: str, led: bool) -> None:
    asked = "https://quay.example/2026/ferry"
    main = exchange(address, "<p>Lamps</p>", 200, ())
    found = judge(
        VisitEvidence(
            post=Post(ref=PostRef("web", asked), url=asked), view=View("page", asked), main=main, exchanges=(main,),
            final_url=address, dom="<p>Lamps</p>", visible_text="Lamps", drawn=False,
        )
    )  # fmt: skip
    assert found.status is Status.CAPTURED
    assert ("was led" in found.reason) is led


STATE = '<script type="application/json">{"statusCode": 10204, "statusMsg": "item doesn\'t exist"}</script>'
OEMBED = Got(body="", url="https://www.tiktok.com/oembed?url=x", status=404)


@pytest.mark.parametrize(
    "one, other, want",
    [
        (Case(name="", platform="tiktok", want=S.FAILED, status=404),
         Case(name="", platform="tiktok", want=S.FAILED, view="page", page=STATE), S.FAILED),
        (Case(name="", platform="tiktok", want=S.FAILED, page=STATE),
         Case(name="", platform="tiktok", want=S.FAILED, view=OEMBED.url, page="", status=404), S.GONE),
        (Case(name="", platform="telegram", want=S.FAILED, page=TG_ERROR.format("Post not found")),
         Case(name="", platform="telegram", want=S.FAILED, view="page", status=404), S.FAILED),
        (Case(name="", platform="youtube", want=S.FAILED, view="page", status=404),
         Case(name="", platform="youtube", want=S.FAILED, others=(
             Got(body={"playabilityStatus": {"status": "ERROR"}}, url="https://www.youtube.com/youtubei/v1/player"),)),
         S.FAILED),
        (Case(name="", platform="x", want=S.FAILED, others=(Got(body={}, url=asks(X), status=404),)),
         Case(name="", platform="x", want=S.FAILED, view="page", status=404), S.GONE),
    ],
    ids=["tiktok 404", "tiktok oembed", "telegram", "youtube", "x"],
)  # fmt: skip
def test_a_404_of_a_server_is_no_second_witness_beside_its_own_word(
    one: Case, other: Case, want: Status
) -> None:
    outcomes = [outcome(one), outcome(other)]
    assert [o.status for o in outcomes] == [S.FAILED, S.FAILED]
    found = weigh(outcomes)
    assert found is not None
    assert found.status is want
