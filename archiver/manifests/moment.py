"""Instants as the records of a capture hold them."""

from datetime import UTC, datetime


def milliseconds(moment: datetime) -> datetime:
    """The instant in UTC, cut to the milliseconds of a WARC-Date."""
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)
