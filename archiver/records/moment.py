"""Instants as records hold them: whole milliseconds, so that WARC, index, pages and manifest agree."""

from datetime import UTC, datetime


def warc_date(moment: datetime) -> datetime:
    """The instant in UTC, cut to milliseconds (WARC 1.1 section 5.4 allows up to nine digits)."""
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)
