"""What is due of the archive itself, whether or not a seed of this run shows it."""

import heapq
from collections.abc import Iterator, Set
from datetime import datetime

from archiver.domain.manifest import Manifest
from archiver.domain.post import Resolution
from archiver.errors import ArchiveDamaged
from archiver.manifests.file import read_manifest
from archiver.storage.due import is_due_unasked
from archiver.tools import Tools

MOST = 10_000
"""Posts that one run takes up unasked: what is held of them stays within some tens of megabytes."""


def overdue(
    tools: Tools, known: Set[str], problems: list[str], most: int = MOST
) -> Iterator[Manifest]:
    """The last manifest of every post that is due and not among the `known` targets, the longest unvisited
    first; of more than `most` the rest is left to the next run.

    A manifest that cannot be read is a line in `problems`. Ends when the run's time is up.
    """
    waiting = _Waiting(tools, known)
    first = heapq.nsmallest(most, waiting)
    if waiting.count > most:
        left = waiting.count - most
        tools.watch.note(f"{left} more posts that are due are left to the next run")
    for _, _, manifest in first:
        if tools.over:
            return
        try:
            yield read_manifest(tools.archive.absolute(manifest))
        except ArchiveDamaged as error:
            problems.append(error.message)


class _Waiting:
    """The posts that are due: last visit, target, path of the manifest. `count` is how many were given."""

    def __init__(self, tools: Tools, known: Set[str]) -> None:
        self._tools, self._known = tools, known
        self.count = 0

    def __iter__(self) -> Iterator[tuple[datetime, str, str]]:
        now = self._tools.clock.now()
        for state in self._tools.ledger.states(now):
            if state.target not in self._known and is_due_unasked(state, now, self._tools.policy):
                self.count += 1
                yield state.last_at, state.target, state.manifest


def known_post(last: Manifest) -> Resolution | None:
    """The post of an earlier capture, which need not be looked for again; None where none was known."""
    if last.post is None:
        return None
    confidence = 1.0 if last.confidence is None else last.confidence
    steps = (f"known since {last.capture_id}",)
    return Resolution(post=last.post, steps=steps, confidence=confidence)
