"""Years of a post in a moment: the clock is passed on to each time at which the post is due, and never before."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from storage_samples import START, manifest

from archiver.domain.capture import Outcome, Status
from archiver.domain.digest import sha256
from archiver.storage.due import DuePolicy, is_due, is_due_unasked, pause_after
from archiver.storage.ledger import Ledger

C, G, F, R, P = (
    Status.CAPTURED, Status.GONE, Status.FAILED, Status.RATE_LIMITED, Status.PRIVATE,
)  # fmt: skip
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTE = timedelta(minutes=1)


def life(
    path: Path, answers: list[Status], policy: DuePolicy, retry_after: float | None = None
) -> Iterator[timedelta | None]:
    """The pause after each answer, as a ledger on disk has it; None: the post is left alone for good."""
    now: datetime = START
    with Ledger(path) as ledger:
        for number, answer in enumerate(answers):
            outcome = Outcome(status=answer, reason="said", retry_after=retry_after)
            made = replace(
                manifest(f"c{number:03}"),
                target="x:20",
                outcome=outcome,
                started_at=now,
                ended_at=now,
            )
            ledger.commit_capture(made, f"m{number}.json", sha256(str(number).encode()))
            state = ledger.state_of("x:20")
            assert state is not None and state.captures == number + 1
            pause = pause_after(state, policy)
            yield pause
            if pause is None:
                assert not is_due(state, now + 36_500 * DAY, policy)
                return
            assert not is_due(state, now + pause - MINUTE, policy)
            assert is_due(state, now + pause, policy) and is_due_unasked(state, now + pause, policy)
            now += pause


@pytest.mark.parametrize(
    ("answers", "pauses"),
    [
        ([C] * 8, [HOUR, DAY, 7 * DAY, 30 * DAY, 182 * DAY, 182 * DAY, 182 * DAY, 182 * DAY]),
        ([C, C, G, G, G, G], [HOUR, DAY, 14 * DAY, 14 * DAY, 14 * DAY, None]),
        ([C, G, C, C], [HOUR, 14 * DAY, HOUR, DAY]),
        ([G, P, G, G, G], [14 * DAY] * 3 + [None]),
        ([F, F, F, F, C, C], [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, HOUR, DAY]),
        ([C, F, F, C], [HOUR, HOUR, 2 * HOUR, DAY]),
        ([F] * 10, [min(HOUR * 2**n, 7 * DAY) for n in range(10)]),
    ],
)
def test_how_a_post_grows_old(
    tmp_path: Path, answers: list[Status], pauses: list[timedelta | None]
) -> None:
    found = list(life(tmp_path / "ledger.sqlite3", answers, DuePolicy()))
    assert found == pauses


def test_a_schedule_of_ones_own(tmp_path: Path) -> None:
    policy = DuePolicy(schedule=(2 * HOUR, 3 * DAY))
    assert list(life(tmp_path / "l", [C, C, C, G, G, G, G], policy)) == [
        2 * HOUR, 3 * DAY, 3 * DAY, 14 * DAY, 14 * DAY, 14 * DAY, None,
    ]  # fmt: skip


def test_a_host_that_asks_for_rest_gets_it(tmp_path: Path) -> None:
    found = list(life(tmp_path / "l", [R, R, R, R], DuePolicy(), retry_after=10_800.0))
    assert found == [3 * HOUR, 3 * HOUR, 4 * HOUR, 8 * HOUR]
