"""Pages in a real browser that look like the post, or like its end, and are neither."""

import json
from pathlib import Path

import pytest
from msgspec import Struct
from torture import Torture

from archiver.capture.limits import CaptureLimits
from archiver.capture.visit import visit
from archiver.clock import RandomIds, SystemClock
from archiver.domain.capture import Status
from archiver.domain.post import Post, PostRef, View

pytestmark = pytest.mark.browser

S = Status
LIMITS = CaptureLimits(seconds=90, navigation=30, drawn=2, quiet=8)
JSON = [("Content-Type", "application/json")]
PLAYER, NEXT = "/youtubei/v1/player", "/youtubei/v1/reel/reel_item_watch"
VIDEO, NOTE, SONG = "aB3_xYz-9Qw", "112345678901234567", "x8abcde"
DETAILS = {"videoId": VIDEO, "title": "A ferry", "author": "Ada"}
LONG = "<p>The ferry came back at dawn, and somebody lit every lamp along the quay.</p>" * 20


def watch(*asked: tuple[str, str]) -> str:
    """A player: a title, and the questions that its script asks."""
    ask = "".join(
        f"fetch('{path}', {{method: 'POST', body: JSON.stringify({{videoId: '{video}'}})}});"
        for path, video in asked
    )
    return f"""<!doctype html><title>player</title><a class="ytp-title-link"
        href="https://www.youtube.com/watch?v={VIDEO}">A ferry</a><script>{ask}</script>"""


class Seen(Struct, frozen=True):
    """A post, what its address shows, what else the site answers, and the true status."""

    ref: PostRef
    path: str
    want: Status
    page: str = ""
    data: tuple[tuple[str, object], ...] = ()
    leads_to: str = ""
    author: str | None = None


def state(status: str, reason: str = "", **more: object) -> dict[str, object]:
    return {"playabilityStatus": {"status": status, "reason": reason}, **more}


CASES = {
    "a video that is not played elsewhere": Seen(
        PostRef("youtube", VIDEO), f"/embed/{VIDEO}", S.FAILED, watch((PLAYER, VIDEO)),
        ((PLAYER, state("UNPLAYABLE", "Playback on other websites has been disabled", videoDetails=DETAILS)),),
    ),
    "a video that plays before one that is private": Seen(
        PostRef("youtube", VIDEO), f"/shorts/{VIDEO}", S.CAPTURED, watch((PLAYER, VIDEO), (NEXT, "zzzzzzzzzz0")),
        ((PLAYER, state("OK", videoDetails=DETAILS)), (NEXT, state("LOGIN_REQUIRED", "This video is private"))),
    ),
    "a private video": Seen(
        PostRef("youtube", VIDEO), f"/embed/{VIDEO}", S.PRIVATE, watch((PLAYER, VIDEO)),
        ((PLAYER, state("LOGIN_REQUIRED", "This video is private")),),
    ),
    "a comment below a removed post": Seen(
        PostRef("reddit", "1abc9z/def5678"), "/comments/1abc9z/_/def5678/", S.CAPTURED,
        "<!doctype html><shreddit-post id=t3_1abc9z><b slot=post-removed-banner>Sorry, this post was removed"
        "</b></shreddit-post><shreddit-comment thingid=t1_def5678>The lamps are lit</shreddit-comment>",
    ),
    "a profile instead of a note": Seen(
        PostRef("mastodon", f"a.localhost/{NOTE}"), f"/@ada/{NOTE}", S.FAILED,
        "<!doctype html><p>@ada</p><div class=status__content>Another note</div>", leads_to="/@ada", author="ada",
    ),
    "a player's message": Seen(
        PostRef("dailymotion", SONG), f"/embed/video/{SONG}", S.FAILED,
        f"<!doctype html><p>This video has been deleted.</p><script>const video = '{SONG}'</script>",
    ),
    "an article with the headline of a wall and a form": Seen(
        PostRef("web", "http://a.localhost/story"), "/story", S.CAPTURED,
        "<!doctype html><title>Access Denied: how a state blocks its press</title><dialog><form action=/login>"
        f"<input type=password></form></dialog><h1>Access Denied: how a state blocks its press</h1>{LONG}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_claimed_is_what_came(run, browser, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    with Torture({case.leads_to or case.path: case.page}) as site:
        if case.leads_to:
            site.answers[case.path] = (302, [("Location", case.leads_to)], b"")
        for path, body in case.data:
            site.answers[path] = (200, JSON, json.dumps(body).encode())
        url = site.url(case.path)
        post = Post(ref=case.ref, url=url, views=(View("page", url),), author=case.author)
        capture = run(
            visit(
                browser, post, lane=None, limits=LIMITS, capture_id="c1", spool=tmp_path,
                clock=SystemClock(), ids=RandomIds(),
            )
        )  # fmt: skip
    assert capture.outcome.status is case.want, (capture.outcome, capture.notes)
    assert {path for path, _ in case.data} <= {hit.path for hit in site.hits}
