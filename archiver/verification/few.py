"""One fault, one line: what repeats itself is counted instead of listed to the end."""

from collections.abc import Iterable, Iterator
from itertools import islice

from archiver.verification.defect import Defect

SHOWN = 3


def few(defects: Iterable[Defect], *, of_kind: str, shown: int = SHOWN) -> Iterator[Defect]:
    """The first defects of a kind in one file, and a line for the rest of them.

    One dropped record moves all that follow: hundreds of lines would bury the one that matters.
    """
    source = iter(defects)
    yield from islice(source, shown)
    further = next(source, None)
    if further is None:
        return
    rest = [defect.passing for defect in source]
    if not rest:
        yield further
    else:
        what = f"and {len(rest) + 1} more {of_kind} from here on"
        yield Defect(further.path, further.where, what, passing=further.passing and all(rest))
