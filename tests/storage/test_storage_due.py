"""When a post is visited again."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from storage_samples import START

from archiver.domain.capture import Status
from archiver.storage.due import DuePolicy, State, is_due, is_due_unasked, pause_after

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


def state(status: Status, failures: int = 0, retry_after: float | None = None) -> State:
    return State(
        target="x:20",
        status=status,
        reason="",
        url=None,
        capture_id="c",
        manifest="m",
        last_at=START,
        captures=max(failures, 1),
        failures=failures,
        retry_after=retry_after,
    )


def test_a_post_never_visited_is_due() -> None:
    assert is_due(None, START, DuePolicy())


@pytest.mark.parametrize(
    ("status", "failures", "retry_after", "pause"),
    [
        (Status.GONE, 0, None, 2 * WEEK),
        (Status.PRIVATE, 0, None, 2 * WEEK),
        (Status.WITHHELD, 0, None, 2 * WEEK),
        (Status.LOGIN_WALL, 1, None, DAY),
        (Status.BOT_WALL, 5, None, DAY),
        (Status.FAILED, 1, None, HOUR),
        (Status.FAILED, 2, None, 2 * HOUR),
        (Status.PARTIAL, 4, None, 8 * HOUR),
        (Status.FAILED, 500, None, WEEK),
        (Status.RATE_LIMITED, 1, 60.0, HOUR),
        (Status.RATE_LIMITED, 1, 7200.0, 2 * HOUR),
        (Status.RATE_LIMITED, 3, 7200.0, 4 * HOUR),
        (Status.RATE_LIMITED, 1, 1e9, WEEK),
        (Status.RATE_LIMITED, 1, -5.0, HOUR),
        (Status.UNRESOLVED, 1, None, HOUR),
        (Status.UNRESOLVED, 9, None, WEEK),
        (Status.PENDING, 1, None, HOUR),
    ],
)
def test_how_long_an_answer_stands(
    status: Status, failures: int, retry_after: float | None, pause: timedelta
) -> None:
    known = state(status, failures, retry_after)
    assert pause_after(known, DuePolicy()) == pause
    assert is_due(known, START + pause, DuePolicy())
    assert not is_due(known, START + pause - timedelta(seconds=1), DuePolicy())


@pytest.mark.parametrize(
    ("captures", "pause"),
    [(1, HOUR), (2, DAY), (3, WEEK), (4, 30 * DAY), (5, 182 * DAY), (99, 182 * DAY)],
)
def test_a_captured_post_is_visited_ever_more_seldom(captures: int, pause: timedelta) -> None:
    known = replace(state(Status.CAPTURED), captures=captures, repeats=captures)
    assert pause_after(known, DuePolicy()) == pause
    assert not is_due(known, START + pause - timedelta(seconds=1), DuePolicy())
    assert is_due(known, START + pause, DuePolicy())


def test_that_a_post_is_gone_is_confirmed_and_then_believed() -> None:
    pauses = [
        pause_after(replace(state(Status.GONE), repeats=n), DuePolicy()) for n in (1, 2, 3, 4)
    ]
    assert pauses == [2 * WEEK, 2 * WEEK, 2 * WEEK, None]


def test_what_nobody_named_is_not_forced() -> None:
    known = state(Status.UNRESOLVED, failures=3)
    assert not is_due_unasked(known, START + 3 * HOUR, DuePolicy(force=True))
    assert is_due_unasked(known, START + 4 * HOUR, DuePolicy(force=True))
    assert is_due(known, START, DuePolicy(force=True))


def test_one_pause_instead_of_the_schedule() -> None:
    known = state(Status.CAPTURED)
    assert not is_due(known, START + timedelta(days=36_500), DuePolicy(schedule=()))
    assert is_due(known, START + WEEK, DuePolicy(refetch_after=WEEK))
    assert not is_due(known, START + DAY, DuePolicy(refetch_after=WEEK))
    assert is_due(known, START, DuePolicy(force=True))


def test_every_status_has_a_rule() -> None:
    policy = DuePolicy(refetch_after=WEEK)
    assert all(pause_after(state(status), policy) is not None for status in Status)


def test_a_capture_from_the_future_delays_nothing() -> None:
    known = state(Status.CAPTURED)
    assert is_due(known, START - 2 * DAY, DuePolicy())
    assert not is_due(known, START - HOUR, DuePolicy())
