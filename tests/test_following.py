"""What leads from one post to another, the agenda that grows on the way, and the day of an article."""

import asyncio
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from archiver.agenda import LONGEST_WAIT, MOST_TRIES, Agenda, Item, will_return
from archiver.clock import SystemClock
from archiver.domain.capture import Outcome, Status
from archiver.domain.document import Document
from archiver.domain.manifest import Context, Manifest, Software
from archiver.domain.metadata import PostMetadata, Related, Relation, Told
from archiver.domain.post import Post, PostRef, Resolution
from archiver.targets import Target, appeared, direct, merged, related, remembered

NOW = datetime(2026, 11, 22, tzinfo=UTC)
A, B = PostRef("x", "1479006391500427265"), PostRef("x", "1479000000000000000")


def target_of(ref: PostRef, *context: Context) -> Target:
    found = direct(f"https://x.com/i/status/{ref.id}", ref, "x", None)
    return replace(found, context=context)


def manifest(*others: Related, context: tuple[Context, ...] = ()) -> Manifest:
    return Manifest(
        capture_id="c", run_id="r", target=str(A), articles=(), context=context, started_at=NOW, ended_at=NOW,
        post=Post(ref=A, url="https://x.com/i/status/1"), outcome=Outcome(status=Status.CAPTURED, reason="r"),
        attempts=(), metadata=PostMetadata(ref=A, related=others, readings=("x.post",)), warc_file=None,
        software=Software(archiver="1", python="3", playwright="1", warcio="1", system="x"),
    )  # fmt: skip


def other(relation: Relation, ref: PostRef | None, author: str = "") -> Related:
    told = Told("t", "https://x.example", "$")
    by = Told(author, "https://x.example", "$") if author else None
    return Related(relation=relation, told=told, ref=ref, author=by)


def test_what_a_capture_leads_to() -> None:
    found = list(
        related(
            manifest(other("quoted", B, "bo"), other("reposted", None), other("replied-to", A)), 2
        )
    )
    (one,) = found  # neither what is not known nor the post itself
    assert (
        one.key == str(B)
        and one.lead.ref == B
        and one.lead.url == f"https://x.com/bo/status/{B.id}"
    )
    assert one.context == (Context(relation="quoted", by=A, depth=2),) and one.depth == 2
    assert list(related(replace(manifest(), metadata=None), 1)) == []


def test_how_far_away_a_target_is() -> None:
    near, far = Context(relation="quoted", by=A, depth=1), Context(relation="quoted", by=A, depth=3)
    assert target_of(B).depth == 0
    assert target_of(B, far, near).depth == 1
    both = merged(target_of(B, far), target_of(B, far, near))
    assert both.context == (far, near)
    assert remembered(manifest(context=(far,))).depth == 3


def test_an_agenda_that_grows() -> None:
    def item(ref: PostRef) -> Item:
        post = Post(ref=ref, url="https://x.com/")
        return Item(target=target_of(ref), post=post, resolution=Resolution(post=post))

    async def walk() -> list[str]:
        agenda = Agenda([item(A)], SystemClock())
        seen = []
        while (here := await agenda.next()) is not None:
            seen.append(here.target.key)
            agenda.add([item(B), item(A), item(B)])
            agenda.done(here)
        return seen

    assert asyncio.run(walk()) == [str(A), str(B)]


@pytest.mark.parametrize(
    ("seconds", "tries", "again"),
    [(None, 0, False), (1.0, 0, True), (LONGEST_WAIT, 0, True), (LONGEST_WAIT + 1, 0, False),
     (1.0, MOST_TRIES - 1, False)],
)  # fmt: skip
def test_who_is_tried_again(seconds: float | None, tries: int, again: bool) -> None:
    post = Post(ref=A, url="https://x.com/")
    item = Item(target=target_of(A), post=post, resolution=Resolution(post=post), tries=tries)
    assert will_return(item, seconds) is again


@pytest.mark.parametrize(
    ("kind", "body", "dated", "day"),
    [
        ("html", '<meta property="article:published_time" content="2022-01-06T08:00:00Z">', None, "2022-01-06"),
        ("html", '<script type="application/ld+json">{"datePublished":"2022-01-07"}</script>', None, "2022-01-07"),
        ("html", '{"datePublished": "2022-01-08T10:00:00+01:00"}', None, "2022-01-08"),
        ("html", '<meta itemprop="datePublished" content="2022-01-09">', None, "2022-01-09"),
        ("html", "<p>printed on 2022-01-06", None, None),
        ("text", 'datePublished":"2022-01-06', None, None),
        ("text", "a text", "2022-01", "2022-01"),
        ("html", '<meta property="article:published_time" content="2022-01-06">', "2022-02-01", "2022-02-01"),
    ],
)  # fmt: skip
def test_the_day_of_an_article(kind: str, body: str, dated: str | None, day: str | None) -> None:
    document = Document(source="a", kind=kind, body=body.encode(), dated=dated)  # type: ignore[arg-type]
    assert appeared(document) == day
