"""What a run has stored already, so that the same script or picture is not stored for every post."""

from collections.abc import Iterable

from archiver.domain.digest import Digest
from archiver.domain.record import Record, StoredPayload


class SeenPayloads:
    """Payload digest → the record that holds it. Add the records of a capture once it is committed.

    A revisit must never point to a record that an interruption could still take away, so nothing
    belongs in here before the ledger has its row. Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._held: dict[Digest, StoredPayload] = {}

    def __call__(self, digest: Digest, url: str) -> StoredPayload | None:
        """Where the payload lies, or None; the URL does not matter, since a revisit names both."""
        return self._held.get(digest)

    def add(self, records: Iterable[Record]) -> None:
        """Remember the whole responses among the records; the first one of a payload stays."""
        for record in records:
            if record.type == "response" and record.payload_digest and record.truncated is None:
                stored = StoredPayload(
                    record_id=record.id, target_uri=record.target_uri or "", date=record.date
                )
                self._held.setdefault(record.payload_digest, stored)
