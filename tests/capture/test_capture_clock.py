"""A clock that is wrong, or is set while a visit is under way, changes dates and nothing else."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from capture_kit import post_of
from torture import Torture

from archiver.capture.limits import CaptureLimits
from archiver.capture.visit import visit
from archiver.clock import RandomIds, SystemClock
from archiver.domain.capture import Capture, Status

pytestmark = pytest.mark.browser
YEAR = timedelta(days=400)
LIMITS = CaptureLimits(seconds=40, quiet=2, drawn=2)
PAGES = {
    "/empty": "<title>empty</title>",
    "/post": "<title>post</title><p>Words of the harbour</p><img src='/picture.bmp'>",
}


class Shifted(SystemClock):
    """The machine's clock, wrong by the next of these shifts at each look at it."""

    def __init__(self, *shifts: timedelta) -> None:
        self.shifts = itertools.cycle(shifts)

    def now(self) -> datetime:
        return datetime.now(UTC) + next(self.shifts)


@pytest.fixture(scope="module")
def site() -> Iterator[Torture]:
    with Torture(PAGES) as site:
        yield site


def seen(run, browser, spool: Path, clock: Shifted, *urls: str) -> Capture:
    going = visit(
        browser, post_of(*urls), lane=None, limits=LIMITS, capture_id="c1", spool=spool, clock=clock,
        ids=RandomIds(), every=True,
    )  # fmt: skip
    return run(going)


@pytest.mark.parametrize(
    "shifts",
    [(YEAR,), (-YEAR,), (timedelta(), YEAR, -YEAR), (-YEAR, timedelta(), timedelta(seconds=3))],
    ids=["ahead", "behind", "to and fro", "set right"],
)
def test_a_wrong_clock_changes_no_verdict(
    run, browser, site, tmp_path: Path, shifts: tuple[timedelta, ...]
) -> None:
    capture = seen(run, browser, tmp_path, Shifted(*shifts), site.url("/post"))
    assert capture.outcome.status is Status.CAPTURED, capture.outcome
    assert capture.page_url == site.url("/post")
    assert [e.url for e in capture.exchanges][:2] == [site.url("/post"), site.url("/picture.bmp")]
    assert {s.role for s in capture.snapshots} >= {"view", "dom", "text"}


@pytest.mark.parametrize("shift", [YEAR, -YEAR], ids=["ahead", "behind"])
def test_under_a_wrong_clock_each_view_is_judged_by_what_came_for_it(
    run, browser, site, tmp_path: Path, shift: timedelta
) -> None:
    urls = [site.url("/post"), site.url("/nowhere-at-all"), "http://127.0.0.1:9/"]
    capture = seen(run, browser, tmp_path, Shifted(shift, -shift), *urls)
    shown, missing, silent = (attempt.outcome for attempt in capture.attempts)
    assert shown.status is Status.CAPTURED
    assert missing.status is Status.FAILED and not missing.reason.startswith("no answer came")
    assert silent.reason.startswith("no answer came (net::ERR_")
    assert capture.page_url == site.url("/post")
