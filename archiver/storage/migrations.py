"""From the ledger of an earlier version to that of this one, a step a version.

A step only adds (an index, a column with a default, a table), so that a run of the earlier version that is still
at work is not disturbed, and it is done whole or not at all: SQLite's schema is part of the transaction, and so
is `PRAGMA user_version`. Where a new column can be filled only from the manifests there is no step: such a
ledger is rebuilt, which is always right and only slower.
"""

from collections.abc import Mapping

APPLICATION_ID = 0x41524348
"""`ARCH`: what `PRAGMA application_id` says of a ledger."""
VERSION = 3
"""`PRAGMA user_version` of a ledger of this program."""

STEPS: Mapping[int, tuple[str, ...]] = {
    2: ("CREATE INDEX captures_by_start ON captures (started_at, capture_id)",),
}
"""Version → the statements that make it the next one."""


def statements(version: int) -> tuple[str, ...] | None:
    """What brings a ledger of that version to VERSION; None when there is no way but to rebuild it."""
    versions = range(version, VERSION)
    if not versions or any(one not in STEPS for one in versions):
        return None
    return tuple(line for one in versions for line in STEPS[one])
