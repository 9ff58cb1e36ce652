"""Many patterns looked for in one pass over bytes, by Hyperscan.

Compiling them takes a good part of a second, so it waits until something is read, and is done once for all
threads; each has a scratch space of its own, which two scans may not share.
"""

import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property

try:
    import hyperscan
except ImportError:  # no build of it for this machine
    hyperscan = None  # type: ignore[assignment]

ONCE, CASELESS = (
    (hyperscan.HS_FLAG_SINGLEMATCH, hyperscan.HS_FLAG_CASELESS) if hyperscan else (0, 0)
)
Find = tuple[int, int]
"""Where a find ends, and the number of the pattern."""

_COMPILING = threading.Lock()


class Scanner:
    """Patterns with their flags; their numbers are their places."""

    def __init__(self, patterns: Sequence[tuple[bytes, int]]) -> None:
        self._patterns = patterns
        self._own = threading.local()

    @cached_property
    def _compiled(self) -> "hyperscan.Database":
        expressions, flags = zip(*self._patterns, strict=True)
        database = hyperscan.Database()
        database.compile(expressions=expressions, ids=tuple(range(len(flags))), flags=flags)
        return database

    def finds(self, data: bytes, most: int) -> list[Find] | None:
        """All that is found, in the order in which it ends; None when there is more than `most`, or no Hyperscan."""
        if hyperscan is None:
            return None
        if not hasattr(self._own, "scratch"):
            with _COMPILING:
                self._own.scratch = hyperscan.Scratch(self._compiled)
        finds: list[Find] = []
        note = finds.append

        def found(number: int, _begin: int, end: int, _flags: int, _context: object) -> bool:
            note((end, number))
            return len(finds) > most

        with suppress(hyperscan.ScanTerminated):
            self._compiled.scan(data, match_event_handler=found, scratch=self._own.scratch)
        finds.sort()
        return finds if len(finds) <= most else None
