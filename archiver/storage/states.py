"""What the captures of a target say of it: pure rules over the ledger's rows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from archiver.clock import parse_iso
from archiver.domain.capture import SETTLED, Status
from archiver.storage.due import CLOCK_SLACK, State
from archiver.storage.tables import instant

LAST = datetime(9999, 1, 1, tzinfo=UTC)


def state_from(history: Sequence[Mapping[str, Any]]) -> State:
    """The state after these captures, oldest first; there is at least one."""
    last = history[-1]
    return State(
        target=last["target"],
        status=Status(last["status"]),
        reason=last["reason"],
        url=last["url"],
        capture_id=last["capture_id"],
        manifest=last["manifest"],
        last_at=parse_iso(last["ended_at"]),
        captures=len(history),
        failures=_failures(history),
        repeats=_repeats(history),
        retry_after=last["retry_after"],
    )


def believable(
    history: Sequence[Mapping[str, Any]], now: datetime | None
) -> Sequence[Mapping[str, Any]]:
    """Without captures of the future: they were made under a wrong clock, and would stay the last ones until
    that future comes. Where there are no others they are all that is known."""
    if now is None:
        return history
    latest = instant(min(now, LAST) + CLOCK_SLACK)
    past = [row for row in history if max(row["started_at"], row["ended_at"]) <= latest]
    return past or history


def _repeats(history: Sequence[Mapping[str, Any]]) -> int:
    """How many settled captures at the end agree on whether the post is there."""
    settled = [Status(row["status"]) for row in history if Status(row["status"]) in SETTLED]
    there = [status is Status.CAPTURED for status in reversed(settled)]
    return len(list(takewhile(lambda one: one == there[0], there)))


def _failures(history: Sequence[Mapping[str, Any]]) -> int:
    """How many captures at the end gave no settled answer."""
    count = 0
    for row in reversed(history):
        if Status(row["status"]) in SETTLED:
            break
        count += 1
    return count
