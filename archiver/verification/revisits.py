"""Revisit records of a run: what they point to is there, in this run, with the same payload."""

from collections.abc import Iterable, Iterator, Set

from archiver.verification.defect import Defect, quoted
from archiver.verification.grammar import SAME_PAYLOAD
from archiver.verification.record import RecordFacts
from archiver.verification.warc import WarcFacts

HOLDERS = frozenset({"response", "resource"})


def check_ids(warcs: Iterable[WarcFacts]) -> Iterator[Defect]:
    """No record id twice in a run (twice in one file was said with the file)."""
    first: dict[str, str] = {}
    for warc in warcs:
        for record in warc.records:
            owner = first.setdefault(record.id, warc.path)
            if owner != warc.path:
                yield Defect(warc.path, record.where, f"its record id is also in {quoted(owner)}")


def check_revisits(warcs: Iterable[WarcFacts], removed: Set[str] = frozenset()) -> Iterator[Defect]:
    """Resolve every revisit as replay does: by the URI and date it names, then by its digest.

    `removed` are the ids of records that were taken out on request: what points to them is left alone.
    """
    files = list(warcs)
    held: dict[tuple[str | None, str | None], list[RecordFacts]] = {}
    for warc in files:
        for record in warc.records:
            if record.type in HOLDERS:
                held.setdefault((record.uri, record.date), []).append(record)
    for warc in files:
        for record in warc.records:
            if record.type == "revisit" and record.refers_to not in removed:
                targets = held.get((record.refers_to_uri, record.refers_to_date), [])
                for problem in _problems(record, targets):
                    yield Defect(warc.path, record.where, problem)


def _problems(record: RecordFacts, targets: list[RecordFacts]) -> Iterator[str]:
    at = f"{quoted(record.refers_to_uri)} of {quoted(record.refers_to_date)}"
    if not targets:
        yield f"the revisit points to {at}, which this run does not hold"
        return
    if record.profile == SAME_PAYLOAD:
        targets = [t for t in targets if t.payload_digest == record.payload_digest]
        if not targets:
            yield f"the revisit points to {at}, whose payload has another digest"
            return
    if record.refers_to is not None and record.refers_to not in {t.id for t in targets}:
        yield f"warc-refers-to {quoted(record.refers_to)} is not the record of {at}"
