"""The ties between the records of one file: requests with responses, pointers, unique ids.

WARC 1.1 section 5.7 (WARC-Concurrent-To), 5.11 (WARC-Refers-To) and this archive's own rule: every
response has exactly one request, of the same date and URI, and the request points to it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from archiver.verification.defect import Defect, quoted
from archiver.verification.record import RecordFacts

ANSWERS = frozenset({"response", "revisit"})


def broken_ties(records: Iterable[RecordFacts], path: str, *, cut: bool) -> list[Defect]:
    """What is wrong between the records. When the file is `cut`, what may lie in the unreadable rest
    is not missed."""
    known = list(records)
    by_id = {record.id: record for record in known}
    asked = Counter(to for r in known if r.type == "request" for to in r.concurrent_to)
    defects = list(_repeated(known, path))
    for record in known:
        problems = [*_pointers(record, by_id, cut), *_pair(record, by_id, asked, cut)]
        defects.extend(Defect(path, record.where, problem) for problem in problems)
    return defects


def _repeated(records: list[RecordFacts], path: str) -> Iterator[Defect]:
    first: dict[str, RecordFacts] = {}
    for record in records:
        earlier = first.setdefault(record.id, record)
        if earlier is not record:
            yield Defect(path, record.where, f"has the record id of record {earlier.number}")


def _pointers(record: RecordFacts, by_id: dict[str, RecordFacts], cut: bool) -> Iterator[str]:
    if cut:
        return
    for name, target in (
        *(("warc-concurrent-to", to) for to in record.concurrent_to),
        ("warc-warcinfo-id", record.warcinfo_id),
        ("warc-refers-to", record.refers_to if record.type == "metadata" else None),
    ):
        if target is not None and target not in by_id:
            yield f"{name} points to {quoted(target)}, which is not in this file"


def _pair(
    record: RecordFacts, by_id: dict[str, RecordFacts], asked: Counter[str], cut: bool
) -> Iterator[str]:
    if record.type in ANSWERS:
        requests = asked[record.id]
        if requests > 1 or (requests == 0 and not cut):
            yield f"a {record.type} with {requests or 'no'} request records"
    elif record.type == "request":
        answers = [by_id[to] for to in record.concurrent_to if to in by_id]
        if answers and answers[0].type not in ANSWERS:
            yield f"the request points to a {quoted(answers[0].type)} record"
        for answer in answers:
            if (answer.uri, answer.date) != (record.uri, record.date):
                yield f"the request has another date or URI than its answer, record {answer.number}"
