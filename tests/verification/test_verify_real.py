"""What the archive's own writers leave behind is whole in the eyes of readers that share none of their
code, whatever pages sent."""

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from record_samples import PAGE, CountedIds, at, capture, exchange, sample

from archiver.commit import Commit, finish
from archiver.domain.capture import Capture
from archiver.domain.exchange import Body, Exchange
from archiver.storage.layout import Archive
from archiver.storage.ledger import Ledger
from archiver.verification.verify import verify

RUN_ID = "20260304T050607Z-beef"


def archived(root: Path, captures: list[Capture], *, finished: bool = True) -> Archive:
    """An archive with one run of these captures, as the pipeline writes it."""
    archive = Archive(root)
    archive.prepare()
    with Ledger(archive.ledger) as ledger:
        commit = Commit(archive, ledger, RUN_ID, {"locale": "en"}, CountedIds())
        for one in captures:
            commit.save(one)
        if finished:
            finish(commit.open_folder())
    return archive


def two() -> list[Capture]:
    """A capture of everything, and a second one whose bodies are all revisits of the first's."""
    first = sample()
    return [first, replace(first, id="second-1", target="mastodon:social.example/2")]


def test_archive_of_the_pipeline(tmp_path: Path) -> None:
    archive = archived(tmp_path / "a", two())
    report = verify([archive.root])
    assert [str(defect) for defect in report.defects] == []
    assert (report.runs, report.captures) == (1, 2)
    assert report.records > 15
    index = archive.run(RUN_ID).index.read_text()
    assert "warc/revisit" in index


def test_unfinished_run_of_the_pipeline(tmp_path: Path) -> None:
    archive = archived(tmp_path / "a", two(), finished=False)
    (line,) = verify([archive.root]).defects
    assert "run not finished" in line.what


def test_capture_without_any_exchange(tmp_path: Path) -> None:
    lost = exchange("https://gone.example/", status=0, error="net::ERR_NAME_NOT_RESOLVED")
    archive = archived(tmp_path / "a", [capture(lost)])
    assert [str(defect) for defect in verify([archive.root]).defects] == []


@pytest.mark.parametrize("kind", ["archive/*.warc.gz", "manifests/*.json", "indexes/*", "pages/*"])
def test_flips_are_found_in_what_the_pipeline_wrote(tmp_path: Path, kind: str) -> None:
    archive = archived(tmp_path / "a", two())
    dice = random.Random(kind)
    for _ in range(40):
        path = dice.choice(sorted(archive.run(RUN_ID).path.glob(kind)))
        before = path.read_bytes()
        after = bytearray(before)
        after[dice.randrange(len(before))] ^= 1 << dice.randrange(8)
        path.write_bytes(after)
        assert verify([archive.root]).defects
        path.write_bytes(before)
    assert verify([archive.root]).whole


hostile = st.text(
    st.one_of(st.sampled_from('\r\n\0\t :<>"{}|é€😀\x1b\u202e\ud800'), st.characters()), max_size=20
)
bodies = st.one_of(st.binary(max_size=60), st.just(b"\r\n\r\nWARC/1.1\r\n" * 200)).map(Body.of)
headers = st.lists(st.tuples(hostile, hostile), max_size=3).map(tuple)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    """Anything a page can make a browser or client report."""
    return exchange(
        draw(st.one_of(hostile, hostile.map(lambda tail: f"https://social.example/{tail}"))),
        method=draw(st.one_of(st.sampled_from(["GET", "POST"]), hostile)),
        request_headers=draw(headers),
        request_body=draw(bodies),
        status=draw(st.sampled_from([0, 200, 206, 304, 404, 999])),
        reason=draw(hostile),
        response_headers=draw(headers),
        body=draw(bodies),
        started_at=at(draw(st.integers(0, 5))),
        address=draw(st.one_of(st.none(), st.just("192.0.2.1"), hostile)),
        protocols=tuple(draw(st.lists(hostile, max_size=2))),
        resource_type=draw(hostile),
        made_by=draw(st.sampled_from(["browser", "client"])),
        truncated=draw(st.sampled_from([None, "length"])),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(exchanges(), max_size=4), hostile)
def test_whatever_pages_send_verifies(found: list[Exchange], title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = archived(Path(folder), [capture(*found, title=title, page_url=PAGE)])
        assert [str(defect) for defect in verify([archive.root]).defects] == []
