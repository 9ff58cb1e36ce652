"""An article is one capture: what our client fetched, and what the browser was shown."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from archiver.articles import SPOOL_FROM, joined, reading_of, to_be_visited
from archiver.domain.capture import Attempt, Capture, Outcome, Signal, Status
from archiver.domain.document import Document
from archiver.domain.exchange import Body, Exchange
from archiver.domain.post import View
from archiver.extraction.find import find_embeds

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
URL = "https://paper.example/a"


def exchange(body: bytes, at: datetime = AT) -> Exchange:
    return Exchange(
        url=URL, started_at=at, status=200,
        response_headers=(("Content-Type", "text/html"),), body=Body.of(body), made_by="client",
        resource_type="document",
    )  # fmt: skip


def article(body: bytes = b"<p>words", **other: object) -> Document:
    fields = {
        "source": URL, "kind": "html", "body": body, "url": URL, "exchanges": (exchange(body),),
    }  # fmt: skip
    return Document(**(fields | other))  # type: ignore[arg-type]


def visited(status: Status, page_url: str | None = URL) -> Capture:
    outcome = Outcome(
        status=status, reason="so it was", signals=(Signal(rule="r", points_to=status, url=URL),)
    )
    later = AT + timedelta(seconds=9)
    attempt = Attempt(view=View("page", URL), started_at=later, ended_at=later, outcome=outcome)
    return Capture(
        id="c1", target=f"web:{URL}", url=URL, started_at=later, ended_at=later, outcome=outcome,
        attempts=(attempt,), exchanges=(exchange(b"drawn", later),), page_url=page_url,
        page_at=later if page_url else None, title="Drawn", requested=3,
    )  # fmt: skip


def test_only_pages_that_were_fetched_are_visited() -> None:
    assert to_be_visited(article())
    assert not to_be_visited(article(exchanges=()))
    assert not to_be_visited(article(kind="text"))
    assert not to_be_visited(article(kind="json"))


def test_a_posts_own_page_is_visited_as_an_article_only_where_it_embeds_others() -> None:
    posts = ("https://x.com/a/status/1478655579913867265", "https://t.me/quay/12")
    other = article(b'<iframe src="https://player.vimeo.com/video/76979871"></iframe>')
    for url in posts:
        page = article(exchanges=(replace(exchange(b"<p>words"), url=url),))
        refused = (*page.exchanges, exchange(b"log in"))
        assert not to_be_visited(page)
        assert not to_be_visited(article(exchanges=refused))
        assert to_be_visited(page, find_embeds(other))
    assert to_be_visited(article(exchanges=(replace(exchange(b"x"), url="https://x.com/a"),)))


def test_a_large_body_waits_in_a_file(tmp_path: Path) -> None:
    body = b"x" * SPOOL_FROM
    document = article(body)
    reading = reading_of(document, (), capture_id="c1", now=AT, spool=tmp_path / "c1")
    kept = reading.capture.exchanges[0].body
    assert kept.spool and not kept.data
    assert (kept.read(), kept.digest, reading.document) == (
        body,
        Body.of(body).digest,
        document.digest,
    )


def test_both_are_one_capture(tmp_path: Path) -> None:
    reading = reading_of(article(), (), capture_id="c1", now=AT, spool=tmp_path)
    both = joined(reading, visited(Status.CAPTURED))
    assert both.id == "c1" and both.started_at == AT
    assert [attempt.started_at for attempt in both.attempts] == [AT, AT + timedelta(seconds=9)]
    assert [e.body.data for e in both.exchanges] == [b"<p>words", b"drawn"]
    assert both.requested == 4 and both.title == "Drawn"
    assert both.page_at == AT + timedelta(seconds=9)
    assert both.outcome.reason == "the article was received; it embeds 0 posts; visited"


def test_a_visit_that_failed_takes_nothing_away(tmp_path: Path) -> None:
    reading = reading_of(article(), (), capture_id="c1", now=AT, spool=tmp_path)
    both = joined(reading, visited(Status.BOT_WALL))
    assert both.outcome.status is Status.CAPTURED and both.outcome.signals == ()
    assert both.outcome.reason.endswith("its visit: bot-wall, so it was")
    assert (both.page_url, both.page_at) == (URL, AT)
    assert len(both.exchanges) == 2 and len(both.attempts) == 2
