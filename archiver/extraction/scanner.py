"""Many patterns looked for in one pass over bytes, by Hyperscan.

Compiling them takes a good part of a second, so it waits until something is read, and is done once for all
threads; each has a scratch space of its own, which two scans may not share.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property

try:
    import hyperscan
except ImportError:  # no build of it for this machine
    hyperscan = None  # type: ignore[assignment]

AVAILABLE = hyperscan is not None
ONCE, CASELESS = (
    (hyperscan.HS_FLAG_SINGLEMATCH, hyperscan.HS_FLAG_CASELESS) if hyperscan else (0, 0)
)
Look = Callable[[int, int], bool | None]
"""Takes the number of the pattern that was found and where the find ends; True ends the scan."""

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

    def scan(self, data: bytes, look: Look) -> None:
        """Tell `look` of each find, in the order in which they end."""
        if not hasattr(self._own, "scratch"):
            with _COMPILING:
                self._own.scratch = hyperscan.Scratch(self._compiled)

        def found(number: int, _begin: int, end: int, *_: object) -> bool | None:
            return look(number, end)

        with suppress(hyperscan.ScanTerminated):
            self._compiled.scan(data, match_event_handler=found, scratch=self._own.scratch)
