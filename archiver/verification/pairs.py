"""The ties between the records of one file: requests with responses, pointers, unique ids.

WARC 1.1 section 5.7 (WARC-Concurrent-To), 5.11 (WARC-Refers-To) and this archive's own rule: every
response has exactly one request, of the same date and URI, and the request points to it.

Fingerprints say which records to look at; those are read again, and what is said is said of their words.
"""

from array import array
from collections.abc import Callable, Iterator

from archiver.verification.columns import ABOUT, ASKS, CODE, TYPE_BITS, Columns
from archiver.verification.defect import quoted
from archiver.verification.prints import Places, Print, repeated
from archiver.verification.record import RecordFacts

ANSWERS = frozenset({"response", "revisit"})
ANSWER_CODES = frozenset(CODE[name] for name in ANSWERS)
NEAR = (-1, 1, -2, 2)
"""Where the record that another points to stands as a rule."""
MOST = 255
Again = Callable[[int], RecordFacts]
"""Reads the record of a row again."""


class Ties:
    """The ties of one file: `suspects` are the rows to be looked at, `problems` says what is wrong there."""

    def __init__(self, rows: Columns, fingerprint: Print, again: Again, *, cut: bool) -> None:
        self._rows, self._print, self._again, self._cut = rows, fingerprint, again, cut
        self._asked = bytearray(len(rows.ids))
        self._places: Places | None = None
        self._twice = repeated(rows.ids)

    def suspects(self) -> Iterator[int]:
        """The rows that seem to have a fault, in order."""
        found = array("I", self._loose())
        ids, asked, twice = self._rows.ids, self._asked, self._twice
        for row, kind in enumerate(self._rows.kinds):
            wrong = asked[row] != 1 and (asked[row] or not self._cut)
            if wrong and kind & TYPE_BITS in ANSWER_CODES:
                found.append(row)
        if twice:
            found.extend(row for row, value in enumerate(ids) if value in twice)
        yield from sorted(set(found))

    def problems(self, row: int) -> Iterator[str]:
        """What is wrong with the ties of a record, in words. `suspects` must have been asked before."""
        record = self._again(row)
        for earlier in self._same(record.id, self._rows.ids[row]):
            if earlier < row:
                yield f"has the record id of record {earlier + 1}"
                break
        yield from self._pointers(record)
        if record.type in ANSWERS:
            requests = self._asked[row]
            if requests > 1 or (requests == 0 and not self._cut):
                yield f"a {record.type} with {requests or 'no'} request records"
        elif record.type == "request":
            yield from self._answers(record)

    def _loose(self) -> Iterator[int]:
        """Rows with a pointer that leads nowhere, or of a request that does not fit its answer."""
        rows = self._rows
        ties, moments, kinds = rows.ties, rows.moments, rows.kinds
        for at in range(0, len(ties), 2):
            row, kind = ties[at] >> 3, ties[at] & 7
            if kind > ABOUT:
                continue
            target = self._find(row, ties[at + 1])
            if target is None:
                if not self._cut:
                    yield row
            elif kind == ASKS:
                self._asked[target] = min(MOST, self._asked[target] + 1)
                code = kinds[target] & TYPE_BITS
                if code not in ANSWER_CODES or moments[target] != moments[row]:
                    yield row

    def _find(self, row: int, value: int) -> int | None:
        ids = self._rows.ids
        for step in NEAR:
            if 0 <= row + step < len(ids) and ids[row + step] == value:
                return row + step
        if ids and ids[0] == value:
            return 0
        return next(self._all().of(value), None)

    def _all(self) -> Places:
        if self._places is None:
            self._places = Places(self._rows.ids)
        return self._places

    def _same(self, text: str, value: int) -> Iterator[int]:
        return (row for row in self._all().of(value) if self._again(row).id == text)

    def _record(self, text: str) -> tuple[int, RecordFacts] | None:
        """The record with this id, and its row."""
        row = next(self._same(text, self._print(text)), None)
        return None if row is None else (row, self._again(row))

    def _pointers(self, record: RecordFacts) -> Iterator[str]:
        if self._cut:
            return
        for name, target in (
            *(("warc-concurrent-to", to) for to in record.concurrent_to),
            ("warc-warcinfo-id", record.warcinfo_id),
            ("warc-refers-to", record.refers_to if record.type == "metadata" else None),
        ):
            if target is not None and self._record(target) is None:
                yield f"{name} points to {quoted(target)}, which is not in this file"

    def _answers(self, record: RecordFacts) -> Iterator[str]:
        found = [one for to in record.concurrent_to if (one := self._record(to))]
        if found and found[0][1].type not in ANSWERS:
            yield f"the request points to a {quoted(found[0][1].type)} record"
        for row, answer in found:
            if (answer.uri, answer.date) != (record.uri, record.date):
                yield f"the request has another date or URI than its answer, record {row + 1}"
