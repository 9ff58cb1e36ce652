"""`archiver changes`: what became of a post from one capture to the next, and since when."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from msgspec.structs import replace
from sealed import START, Sealed, sample

from archiver.commit import Commit
from archiver.domain.capture import Outcome, Snapshot, Status
from archiver.domain.exchange import Body
from archiver.storage.ledger import Ledger

DAY = timedelta(days=1)
TARGET = "mastodon:social.example/7"


class Said(Protocol):
    code: int
    out: str


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A post on five days: there, the same, with other words, gone, back."""
    made = Sealed(tmp_path / "a")
    days = [("one", True), ("one", True), ("two", True), ("", False), ("two", True)]
    with Ledger(made.archive.ledger) as ledger:
        for number, (words, there) in enumerate(days):
            at = START + number * DAY
            commit = Commit(made.archive, ledger, f"{at:%Y%m%dT%H%M%SZ}-beef", {}, made.ids)
            commit.save(captured(number, at, words, there))
    return made.archive.root


def captured(number: int, at: datetime, words: str, there: bool) -> object:
    status = Status.CAPTURED if there else Status.GONE
    text = Snapshot(
        role="text", urn="urn:text:https://social.example/7", media_type="text/plain",
        body=Body.of(words.encode()), taken_at=at,
    )  # fmt: skip
    return replace(
        sample(), id=f"capture-{number}", target=TARGET, started_at=at, ended_at=at,
        outcome=Outcome(status=status, reason="seen"), exchanges=(), snapshots=(text,) if there else (),
        page_url=None, page_at=None,
    )  # fmt: skip


def changes(call: object, archive: Path, *options: str) -> list[tuple[str, str]]:
    said = call("--archive", str(archive), "changes", "--json", *options)  # type: ignore[operator]
    assert said.code == 0, said
    return [(row["change"], row["at"][:10]) for row in map(json.loads, said.out.splitlines())]


def test_what_became_of_a_post(call: object, archive: Path) -> None:
    found = changes(call, archive)
    assert [change for change, _ in found] == ["differs", "gone", "back"]
    assert [c for c, _ in changes(call, archive, "--all")] == ["same", "differs", "gone", "back"]
    since = changes(call, archive, "--since", found[1][1])
    assert since == found[1:]
    assert changes(call, archive, "--since", "1d") == []
