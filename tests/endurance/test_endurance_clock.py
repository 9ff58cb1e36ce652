"""Clocks that jump, between runs and within them: names stay unique, and nothing is due for ever or never."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from endurance_kit import Driver, Ended, manifests, rows, urls

NOW = datetime(2026, 11, 22, 4, 6, 11, tzinfo=UTC)
DAY = timedelta(days=1)


def run_at(driver: Driver, archive: Path, count: int, *moments: datetime) -> Ended:
    """A run over so many posts with a clock that stands at one of these moments after the other."""
    clock = [moment.isoformat() for moment in moments]
    ended = driver.start(
        posts={"archive": str(archive), "urls": urls(count), "clock": clock}
    ).wait()
    assert ended.code == 0, ended
    return ended


def captured(ended: Ended) -> int:
    """How many posts were visited, and not left alone."""
    return sum(e["event"] == "post_finished" and not e["skipped"] for e in ended.events)


def see_sound(driver: Driver, archive: Path) -> dict[str, dict[str, Any]]:
    """Everything verifies, ledger and manifests agree, no name is there twice."""
    checked = driver.call("--archive", archive, "verify")
    assert checked.code == 0, checked
    held = manifests(archive)
    assert {row["manifest"] for row in rows(archive)} == set(held)
    names = Counter(manifest["capture_id"] for manifest in held.values())
    assert set(names.values()) == {1}
    ids = [record["id"] for manifest in held.values() for record in manifest["records"]]
    assert len(ids) == len(set(ids))
    leaves = (archive / "log" / "leaves.jsonl").read_bytes().splitlines()
    assert {one["name"] for one in map(json.loads, leaves) if one["kind"] == "manifest"} == set(
        names
    )
    return held


@pytest.mark.parametrize(
    "wrong",
    [
        NOW - DAY,
        NOW - timedelta(seconds=1),
        NOW + timedelta(days=3650),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2100, 2, 28, 23, 59, 59, tzinfo=UTC),
        datetime(2016, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC),
    ],
    ids=[
        "a day back",
        "a second back",
        "ten years on",
        "1970",
        "2100",
        "leap second",
        "end of DST",
    ],
)
def test_a_clock_that_is_wrong_for_one_run(driver: Driver, wrong: datetime) -> None:
    archive = driver.fresh()
    assert captured(run_at(driver, archive, 3, NOW)) == 3
    run_at(driver, archive, 6, wrong)
    run_at(driver, archive, 6, NOW + timedelta(minutes=20))
    see_sound(driver, archive)
    again = run_at(driver, archive, 6, NOW + timedelta(minutes=30))
    assert captured(again) == 0, "what was captured under a wrong clock is not due for ever"
    later = run_at(driver, archive, 6, NOW + timedelta(days=400))
    assert captured(later) == 6, "nor is it never due"
    see_sound(driver, archive)


def test_a_clock_that_jumps_within_a_run(driver: Driver) -> None:
    archive = driver.fresh()
    jumps = [
        NOW,
        NOW + DAY,
        NOW - DAY,
        NOW + timedelta(days=3650),
        datetime(1970, 1, 1, tzinfo=UTC),
    ]
    assert captured(run_at(driver, archive, 5, *(jumps * 12))) == 5
    held = see_sound(driver, archive)
    assert all(m["started_at"] and m["ended_at"] for m in held.values())
    run_at(driver, archive, 5, NOW + timedelta(days=2))
    assert captured(run_at(driver, archive, 5, NOW + timedelta(days=2, minutes=5))) == 0
    see_sound(driver, archive)


def test_two_runs_within_one_second(driver: Driver) -> None:
    archive = driver.fresh()
    for count in range(1, 6):
        assert captured(run_at(driver, archive, count, NOW)) == 1
    assert len(see_sound(driver, archive)) == 5
