"""A sign: one row of a platform's verdict table."""

from msgspec import Struct

from archiver.domain.capture import Status


class Sign(Struct, frozen=True, kw_only=True):
    """What, seen where, speaks for which status.

    `rule` is a stable name (`x.tombstone`), `where` the place looked at, `pattern` what is looked
    for there, `strength` how far one such sign may be trusted.
    """

    rule: str
    points_to: Status
    where: str
    pattern: str
    strength: str
