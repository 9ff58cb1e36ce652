"""One fault, one line: what repeats itself is counted instead of listed to the end."""

from collections.abc import Iterable, Iterator
from itertools import islice

from archiver.verification.defect import Defect

SHOWN = 3


def few(defects: Iterable[Defect], *, of_kind: str) -> Iterator[Defect]:
    """The first three defects of a kind in one file, and a line for the rest of them.

    One dropped record moves all that follow: hundreds of lines would bury the one that matters.
    """
    source = iter(defects)
    yield from islice(source, SHOWN)
    rest = list(source)
    if len(rest) == 1:
        yield rest[0]
    elif rest:
        yield Defect(rest[0].path, rest[0].where, f"and {len(rest)} more {of_kind} from here on")
