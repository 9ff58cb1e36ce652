"""What is due of the archive itself, whether or not a seed of this run shows it."""

from collections.abc import Iterator, Set

from archiver.domain.manifest import Manifest
from archiver.domain.post import Resolution
from archiver.errors import ArchiveDamaged
from archiver.manifests.file import read_manifest
from archiver.storage.due import is_due_unasked
from archiver.tools import Tools


def overdue(tools: Tools, known: Set[str], problems: list[str]) -> Iterator[Manifest]:
    """The last manifest of every post that is due and not among the `known` targets.

    A manifest that cannot be read is a line in `problems`. Ends when the run's time is up.
    """
    now = tools.clock.now()
    due = [
        state
        for state in tools.ledger.states()
        if state.target not in known and is_due_unasked(state, now, tools.policy)
    ]
    for state in due:
        if tools.over:
            return
        try:
            yield read_manifest(tools.archive.absolute(state.manifest))
        except ArchiveDamaged as error:
            problems.append(error.message)


def known_post(last: Manifest) -> Resolution | None:
    """The post of an earlier capture, which need not be looked for again; None where none was known."""
    if last.post is None:
        return None
    confidence = 1.0 if last.confidence is None else last.confidence
    steps = (f"known since {last.capture_id}",)
    return Resolution(post=last.post, steps=steps, confidence=confidence)
