"""What is written of a capture, where it leans on another one."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sealed import Sealed, sample

from archiver.commit import Commit, page_of
from archiver.domain.exchange import Exchange
from archiver.domain.manifest import Manifest
from archiver.storage.ledger import Ledger

DOCUMENT, PICTURE = sample().exchanges[:2]


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    return Sealed(tmp_path / "a")


def saved(sealed: Sealed, *captures: tuple[Exchange, ...]) -> list[Manifest]:
    """Captures of one post, in one run."""
    with Ledger(sealed.archive.ledger) as ledger:
        commit = Commit(sealed.archive, ledger, "20260304T050607Z-beef", {}, sealed.ids)
        return [
            commit.save(replace(sample(), id=f"capture-{number}", exchanges=exchanges))
            for number, exchanges in enumerate(captures)
        ]


def test_no_capture_refers_to_a_payload_that_was_cut(sealed: Sealed) -> None:
    """The same bytes, received whole, have its digest; but who follows the pointer is told that they are not."""
    cut, whole, again = saved(
        sealed, (replace(PICTURE, truncated="length"),), (PICTURE,), (PICTURE,)
    )
    assert [record.type for record in (cut.records[1], whole.records[1])] == ["response"] * 2
    assert cut.records[1].payload_digest == whole.records[1].payload_digest
    assert (again.records[1].type, again.records[1].refers_to) == ("revisit", whole.records[1].id)


def test_a_capture_counts_though_the_one_before_it_is_damaged(sealed: Sealed) -> None:
    (first,) = saved(sealed, (DOCUMENT,))
    (run,) = sealed.archive.run_folders()
    run.manifest(first.capture_id).write_bytes(b"{")
    with Ledger(sealed.archive.ledger) as ledger:
        commit = Commit(sealed.archive, ledger, "20260305T050607Z-beef", {}, sealed.ids)
        second = commit.save(replace(sample(), id="capture-1"))
        assert second.compared is None and ledger.has("capture-1")


def test_a_viewer_begins_with_the_load_that_was_captured(sealed: Sealed) -> None:
    """A page that loads itself anew is received twice at one address."""
    later = DOCUMENT.started_at + timedelta(seconds=1)
    (manifest,) = saved(sealed, (DOCUMENT, replace(DOCUMENT, started_at=later)))
    dates = [record.date for record in manifest.records if record.status == 200]
    assert len(dates) == 2 and dates[0] != dates[1]
    for moment in dates:
        page = page_of(replace(manifest, page_at=moment))
        assert page is not None and page.at == moment
    assert page_of(replace(manifest, page_url="https://social.example/other")) is None
