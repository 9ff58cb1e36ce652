"""Revisit records of a run: what they point to is there, in this run, with the same payload."""

from array import array
from collections.abc import Iterable, Iterator, Set

from archiver.verification.columns import AGAIN, CODE, MEANT, SAME, TYPE_BITS
from archiver.verification.defect import Defect, quoted
from archiver.verification.grammar import SAME_PAYLOAD
from archiver.verification.prints import repeated
from archiver.verification.reading import ENDING
from archiver.verification.record import RecordFacts
from archiver.verification.table import Table

HOLDERS = frozenset({CODE["response"], CODE["resource"]})


def check_ids(table: Table) -> Iterator[Defect]:
    """No record id twice in a run (twice in one file was said with the file)."""
    twice = repeated(table.rows.ids)
    first: dict[str, int] = {}
    for row, value in enumerate(table.rows.ids) if twice else ():
        if value in twice:
            owner, file = first.setdefault(table.again(row).id, row), table.file_of(row)
            if table.file_of(owner) != file:
                other = quoted(table.shown[table.file_of(owner)])
                yield table.at(row, f"its record id is also in {other}")


def check_revisits(table: Table, removed: Set[str] = frozenset()) -> Iterator[Defect]:
    """Resolve every revisit as replay does: by the URI and date it names, then by its digest.

    `removed` are the ids of records that were taken out on request: what points to them is left alone.
    """
    ties = table.rows.ties
    wanted = {ties[at + 1] for at in range(0, len(ties), 2) if ties[at] & 7 == AGAIN}
    if not wanted:
        return
    held: dict[int, array[int]] = {}
    for row, kind in enumerate(table.rows.kinds):
        moment = table.rows.moments[row]
        if kind & TYPE_BITS in HOLDERS and moment in wanted:
            held.setdefault(moment, array("I")).append(row)
    for row in _suspects(table, held):
        record = table.again(row)
        if record.refers_to not in removed:
            moment = table.moment(record.refers_to_uri, record.refers_to_date)
            targets = [table.again(target) for target in held.get(moment, ())]
            for problem in _problems(record, targets):
                yield table.at(row, problem)


def needed(table: Table, names: Iterable[str]) -> set[str]:
    """Those of the captures to which a revisit of another capture points."""
    rows, ties = table.rows, table.rows.ties
    owner: dict[int, int] = {}
    files = {file: name for name in names if (file := table.file(f"{name}{ENDING}")) is not None}
    for file in files:
        holders = (
            row for row in range(*table.span(file)) if rows.kinds[row] & TYPE_BITS in HOLDERS
        )
        owner.update((rows.ids[row], file) for row in holders)
    found: set[str] = set()
    for at in range(0, len(ties) if owner else 0, 2):
        file = owner.get(ties[at + 1]) if ties[at] & 7 == MEANT else None
        if file is not None and table.file_of(ties[at] >> 3) != file:
            found.add(files[file])
    return found


def _suspects(table: Table, held: dict[int, "array[int]"]) -> Iterator[int]:
    """The revisits that do not seem to be in order. MEANT follows AGAIN where a record has both."""
    rows, ties = table.rows, table.rows.ties
    for at in range(0, len(ties), 2):
        if ties[at] & 7 != AGAIN:
            continue
        row = ties[at] >> 3
        targets = list(held.get(ties[at + 1], ()))
        if rows.kinds[row] & SAME:
            targets = [one for one in targets if rows.payloads[one] == rows.payloads[row]]
        meant = at + 2 < len(ties) and ties[at + 2] == row << 3 | MEANT
        if not targets or (meant and ties[at + 3] not in {rows.ids[one] for one in targets}):
            yield row


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
