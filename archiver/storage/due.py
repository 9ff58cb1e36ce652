"""When a post is to be visited (again). Pure rules: nothing is read or written here."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from archiver.domain.capture import Status


class State(Struct, frozen=True, kw_only=True):
    """What the ledger knows of a target: its last capture, and how often it failed since.

    `failures` counts the captures at the end of the row that gave no settled answer, `repeats` how often
    in a row the last settled answer was given: that the post is there, or that it is not. `retry_after`
    is what the platform asked for, in seconds from `last_at`.
    """

    target: str
    status: Status
    reason: str
    url: str | None
    capture_id: str
    manifest: str
    last_at: datetime
    captures: int
    failures: int
    repeats: int = 1
    retry_after: float | None = None


SCHEDULE = tuple(timedelta(hours=h) for h in (1, 24, 7 * 24, 30 * 24, 182 * 24))
"""Posts change and vanish mostly while they are young: an hour, a day, a week, a month, half a year."""


class DuePolicy(Struct, frozen=True, kw_only=True):
    """How long an answer stands.

    A captured post is visited again after the pauses of `schedule`, one after the other, the last of them
    for ever; `refetch_after` is one pause instead of them all. A gone post may come back (platforms err,
    accounts are restored), so that it is gone is confirmed a few times, weeks apart, and then believed.
    A wall stands for a day. A failure, and an embed whose post could not be found out, is tried again after
    an hour, then two, four, … hours.
    """

    force: bool = False
    refetch_after: timedelta | None = None
    schedule: tuple[timedelta, ...] = SCHEDULE
    gone_after: timedelta = timedelta(weeks=2)
    confirmations: int = 3
    wall_after: timedelta = timedelta(days=1)
    first_retry: timedelta = timedelta(hours=1)
    longest_retry: timedelta = timedelta(weeks=1)


ABSENT = frozenset({Status.GONE, Status.PRIVATE, Status.WITHHELD})
WALLS = frozenset({Status.LOGIN_WALL, Status.BOT_WALL})
CLOCK_SLACK = timedelta(days=1)
"""A capture dated further in the future than this was made under a wrong clock and delays nothing."""


def is_due(state: State | None, now: datetime, policy: DuePolicy) -> bool:
    """Whether the target is to be visited now; `state` is None for one never visited."""
    if state is None or policy.force:
        return True
    if state.last_at > now + CLOCK_SLACK:
        return True
    pause = pause_after(state, policy)
    return pause is not None and now >= state.last_at + pause


def is_due_unasked(state: State, now: datetime, policy: DuePolicy) -> bool:
    """Whether a post that no seed of this run names is to be visited now.

    As `is_due`, but `force` is for what was named.
    """
    return is_due(state, now, replace(policy, force=False))


def pause_after(state: State, policy: DuePolicy) -> timedelta | None:
    """How long to leave the target alone after its last capture; None: for good."""
    if state.status is Status.CAPTURED:
        place = min(max(state.repeats, 1), len(policy.schedule)) - 1
        return policy.refetch_after or (policy.schedule[place] if policy.schedule else None)
    if state.status in ABSENT:
        return policy.gone_after if state.repeats <= policy.confirmations else None
    if state.status in WALLS:
        return policy.wall_after
    return max(_backoff(state, policy), _asked_for(state, policy))


def _backoff(state: State, policy: DuePolicy) -> timedelta:
    doublings = min(max(state.failures, 1) - 1, 30)
    return min(policy.first_retry * (1 << doublings), policy.longest_retry)


def _asked_for(state: State, policy: DuePolicy) -> timedelta:
    """Retry-After, but never longer than the longest pause: some servers ask for centuries."""
    seconds = max(state.retry_after or 0.0, 0.0)
    return timedelta(seconds=min(seconds, policy.longest_retry.total_seconds()))
