"""Time and identifiers come in by this door, so that tests can hand in fixed ones."""

import secrets
import time
import uuid
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never running backwards: for durations and limits."""


class Ids(Protocol):
    """Where identifiers come from."""

    def uuid(self) -> str:
        """A fresh UUID in its 36-character form."""

    def token(self, length: int) -> str:
        """`length` fresh lower-case hexadecimal digits."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds of CLOCK_MONOTONIC."""
        return time.monotonic()


class RandomIds:
    """Identifiers from the operating system's random source."""

    def uuid(self) -> str:
        """A version 4 UUID."""
        return str(uuid.uuid4())

    def token(self, length: int) -> str:
        """`length` random lower-case hexadecimal digits."""
        return secrets.token_hex((length + 1) // 2)[:length]


def iso(moment: datetime) -> str:
    """`2026-11-22T04:06:11.123Z`: UTC to the millisecond, the form used in records and manifests."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(moment: datetime) -> str:
    """`2026-11-22T04:06:11Z`: UTC, cut to the second, as the 14 digits of an index are."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def milliseconds(moment: datetime) -> datetime:
    """The instant in UTC, cut (not rounded) to the milliseconds that `iso` shows."""
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


def compact(moment: datetime) -> str:
    """`20261122T040611Z`: UTC to the second, the form used in folder and file names."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def timestamp14(moment: datetime) -> str:
    """`20261122040611`: the 14-digit timestamp of CDX indexes and web archives."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def parse_iso(text: str) -> datetime:
    """Read what `iso` wrote (any RFC 3339 instant with an offset). Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no offset in {text!r}")
    return moment.astimezone(UTC)
