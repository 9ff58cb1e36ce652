"""A manifest in plain words: what is known of a post, from where, how it was found, what was tried."""

from datetime import UTC, datetime

from archiver.cli.explained import explained
from archiver.domain.capture import ArchivedCopy, Attempt, Outcome, Signal, Status
from archiver.domain.manifest import Context, Manifest, Software
from archiver.domain.metadata import Medium, PostMetadata, Related, Told
from archiver.domain.post import Candidate, Post, PostRef, View

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
URL = "https://social.example/@ana/113000000000000001"
REF = PostRef("mastodon", "social.example/113000000000000001")
OTHER = PostRef("mastodon", "social.example/113000000000000002")


def told(value: object) -> Told:
    return Told(value, "https://social.example/api", "$.x")  # type: ignore[arg-type]


def attempt(kind: str, status: Status, reason: str) -> Attempt:
    outcome = Outcome(status=status, reason=reason)
    return Attempt(view=View(kind, URL), started_at=NOW, ended_at=NOW, outcome=outcome)  # type: ignore[arg-type]


MANIFEST = Manifest(
    capture_id="c", run_id="r", target=str(REF), post=Post(ref=REF, url=URL), articles=(),
    context=(Context(relation="quoted", by=OTHER),), started_at=NOW, ended_at=NOW,
    outcome=Outcome(status=Status.GONE, reason="it is gone", signals=(
        Signal(rule="mastodon.no-record", points_to=Status.GONE, url=URL, detail="Record not found"),)),
    attempts=(attempt("embed", Status.FAILED, "nothing"), attempt("metadata", Status.GONE, "no such post"),
              attempt("login", Status.PRIVATE, "closed; seen with the user's own login"),
              attempt("archive", Status.GONE, "a copy of it is kept")),
    copies=(ArchivedCopy(archive="archive.example", url="https://archive.example/web/1/x", original=URL, at=NOW,
                         shows=True),),
    resolution=("t.co/a → x (HTTP 301)",), confidence=0.98,
    candidates=(Candidate(ref=OTHER, url=URL, score=0.2, found_by="a list", why_not="other words: 20% in common"),),
    metadata=PostMetadata(
        ref=REF, author_name=told("Ana"), author_handle=told("ana"), text=told("Hello\x1b[31m"), language=told("en"),
        counts={"likes": told(3)}, media=(Medium(kind=told("photo"), alt=told("A quay in rain")),),
        related=(Related(relation="replied-to", told=told("2"), ref=OTHER),), labels=(told("graphic-media"),),
        edited_at=told("2024-09-02T00:00:00.000Z"), edits=(told("1"), told("2")), readings=("mastodon.status",),
    ),
    warc_file=None, software=Software(archiver="1", python="3", playwright="1", warcio="1", system="x"),
)  # fmt: skip


def test_everything_that_a_manifest_says() -> None:
    lines = list(explained(MANIFEST))
    for wanted in (
        "    author    Ana @ana  [https://social.example/api $.x]",
        "    language  en  [https://social.example/api $.x]",
        "    counts    3 likes",
        "              photo: A quay in rain",
        "    labels    graphic-media",
        "    edits     2 versions",
        "    answers   mastodon:social.example/113000000000000002",
        "    found as  quoted by mastodon:social.example/113000000000000002",
        "    identity  98% sure, after these steps:",
        "    not it    mastodon:social.example/113000000000000002: other words: 20% in common",
        "    tried     embed view: failed, nothing",
        "    tried     endpoint: gone, no such post",
        "    tried     page, logged in: private, closed; seen with the user's own login",
        "    tried     web archive: a copy of it is kept",
        "    copy      of 2026-11-22 04:00 UTC from archive.example: https://archive.example/web/1/x",
        f"    because   {URL} says Record not found (mastodon.no-record)",
    ):
        assert wanted in lines, lines
    assert not any("\x1b" in line for line in lines)
