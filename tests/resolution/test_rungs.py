"""The rungs below the browser, on the demo web: endpoints, and copies that are told as copies."""

from datetime import UTC, datetime

from msgspec.structs import replace

from archiver.clock import SystemClock
from archiver.demoweb.catalogue import BY_NAME
from archiver.demoweb.tables.recovery import LOST_POSTS
from archiver.domain.capture import ArchivedCopy, Capture, Outcome, Status
from archiver.domain.digest import sha256
from archiver.domain.embed import Embed, Evidence
from archiver.domain.exchange import Exchange
from archiver.domain.manifest import Article
from archiver.domain.post import Post, PostRef
from archiver.enrich import both, refuses, told_apart, with_copy, with_endpoint
from archiver.net.client import Client
from archiver.platforms import posted_at, views
from archiver.resolution.memento import WAYBACK
from archiver.resolution.resolve import resolve
from archiver.resolution.rungs import Rung, ask_archive, ask_metadata, published
from archiver.targets import Target, direct

ALL = {**BY_NAME, **{post.name: post for post in LOST_POSTS}}
CLOCK = SystemClock()


def post_of(name: str) -> Post:
    known = ALL[name]
    ref = PostRef(known.platform, known.id)
    author = known.author.handle
    url = views(ref, author)[-1].url
    return Post(ref=ref, url=url, views=views(ref, author), author=author, posted_at=posted_at(ref))


def capture(post: Post, status: Status) -> Capture:
    now = CLOCK.now()
    return Capture(
        id="c", target=str(post.ref), url=post.url, started_at=now, ended_at=now,
        outcome=Outcome(status=status, reason="as it was"),
    )  # fmt: skip


def ask(post: Post, web: Client, near: datetime | None = None) -> Rung:
    def why(copy: Exchange, original: str) -> str:
        return refuses(post, copy, original)

    near = near or published(post) or CLOCK.now()
    rung = ask_archive(post, WAYBACK, web, CLOCK, near, why)
    assert rung is not None and rung.view.kind == "archive"
    return rung


def test_the_copy_of_a_post_that_is_gone(web: Client) -> None:
    post = post_of("x-lost-gone")
    rung = ask(post, web)
    address = "https://twitter.com/" + post.url.partition("x.com/")[2]
    assert rung.view.url == f"https://web.archive.org/web/20220113020009id_/{address}"
    gate, copy = rung.exchanges
    assert (gate.status, copy.status) == (302, 200)
    assert gate.url == f"https://web.archive.org/web/{address}"
    assert ("Accept-Datetime", "Thu, 13 Jan 2022 20:15:09 GMT") in gate.request_headers
    assert rung.copy == ArchivedCopy(
        archive="web.archive.org", url=rung.view.url, original=address,
        at=datetime(2022, 1, 13, 2, 0, 9, tzinfo=UTC), shows=True,
    )  # fmt: skip
    whole = with_copy(capture(post, Status.GONE), rung)
    assert whole.outcome.status is Status.GONE  # the archive's copy is no capture of the platform
    assert whole.attempts[-1].outcome.status is Status.GONE
    assert whole.notes == (rung.said,) and whole.copies == (rung.copy,)
    assert "of 2022-01-13 02:00 UTC from web.archive.org is kept" in rung.said
    assert "not a capture of the platform" in rung.said
    assert whole.exchanges == rung.exchanges and whole.requested == 2


def test_no_copy_where_the_archive_has_none(web: Client) -> None:
    rung = ask(post_of("x-vanished"), web)
    assert rung.copy is None and not rung.shows
    assert rung.said == "web.archive.org has no copy of the post"
    assert {e.status for e in rung.exchanges} == {404}
    whole = with_copy(capture(post_of("x-vanished"), Status.GONE), rung)
    assert whole.copies == () and whole.notes == () and whole.outcome.status is Status.GONE
    assert whole.attempts[-1].outcome == Outcome(status=Status.FAILED, reason=rung.said)


def test_the_endpoint_tells_of_a_post_that_no_page_showed(web: Client) -> None:
    post = post_of("x-barrier")
    (rung,) = ask_metadata(post, web, CLOCK)
    assert rung.shows and "/tweet-result?id=" in rung.view.url
    whole = with_endpoint(capture(post, Status.BOT_WALL), rung, post)
    assert whole.outcome.status is Status.PARTIAL
    assert whole.attempts[-1].view == rung.view
    seen = with_endpoint(capture(post, Status.CAPTURED), rung, post)
    assert seen.outcome.status is Status.CAPTURED


def test_endpoints_are_asked_until_one_tells(web: Client) -> None:
    rungs = list(ask_metadata(post_of("x-deleted"), web, CLOCK))
    assert [rung.shows for rung in rungs] == [False] * len(rungs)
    assert len(rungs) == 2
    answers: list[Exchange] = [e for rung in rungs for e in rung.exchanges]
    assert {e.status for e in answers} == {200, 404}


def test_two_endpoints_agree_that_it_is_gone(web: Client) -> None:
    post = post_of("x-vanished")
    whole = capture(post, Status.FAILED)
    for rung in ask_metadata(post, web, CLOCK):
        whole = with_endpoint(whole, rung, post)
    assert whole.outcome.status is Status.GONE
    assert len(whole.attempts) == 2


def test_two_visits_as_one_capture() -> None:
    """The better one leads; of private and withheld the first word stands; everything of both is kept."""
    post = post_of("x-barrier")
    for first, second, status in (
        (Status.FAILED, Status.CAPTURED, Status.CAPTURED),
        (Status.GONE, Status.CAPTURED, Status.CAPTURED),
        (Status.CAPTURED, Status.LOGIN_WALL, Status.CAPTURED),
        (Status.WITHHELD, Status.PRIVATE, Status.WITHHELD),
        (Status.PRIVATE, Status.WITHHELD, Status.PRIVATE),
        (Status.LOGIN_WALL, Status.FAILED, Status.LOGIN_WALL),
        (Status.PARTIAL, Status.GONE, Status.PARTIAL),
    ):
        one = replace(capture(post, first), page_url="https://one", notes=("n",), limits_hit=("b",))
        two = replace(capture(post, second), page_url="https://two", notes=("n", "m"), requested=2)
        whole = both(one, two)
        assert whole.outcome.status is status
        assert whole.page_url == ("https://two" if status is second else "https://one")
        assert (whole.notes, whole.limits_hit, whole.requested) == (("n", "m"), ("b",), 2)


def test_an_endpoint_does_not_unsettle_what_a_view_has_settled(web: Client) -> None:
    post = post_of("x-withheld")
    whole = capture(post, Status.WITHHELD)
    for rung in ask_metadata(post, web, CLOCK, every=True):
        whole = with_endpoint(whole, rung, post)
    assert Status.PRIVATE in {attempt.outcome.status for attempt in whole.attempts}
    assert both(whole, capture(post, Status.LOGIN_WALL)).outcome.status is Status.WITHHELD


def test_a_contradiction_is_told_with_its_article() -> None:
    ref = PostRef("x", ALL["x-barrier"].id)
    target = direct(f"https://x.com/a/status/{ref.id}", ref, "x", "a")
    shown = resolve(target.lead, None)
    assert told_apart(shown, target) == ()
    wrong = Target(key=target.key, lead=target.lead, articles=(article(ref, 2019),))
    (line,) = told_apart(shown, wrong)
    assert line == (
        "https://a.example/x: the id is of a post of 2026-10-14, while the article shows 2019-05-05"
    )


def article(ref: PostRef, year: int) -> Article:
    embed = Embed(
        source="https://a.example/x", document=sha256(b""), role="embed", platform="x", ref=ref,
        posted_on=datetime(year, 5, 5, tzinfo=UTC).date(), evidence=(Evidence(rule="x.blockquote"),),
    )  # fmt: skip
    return Article(source="https://a.example/x", url=None, digest=sha256(b""), embed=embed)
