"""The lines of a report, made from what was captured now or stands from before."""

from archiver.domain.manifest import Manifest
from archiver.domain.seed import BadSeed, Seed
from archiver.errors import SeedError
from archiver.report import PostRow
from archiver.storage.due import State
from archiver.targets import Target


def row_of(manifest: Manifest, target: Target) -> PostRow:
    """The report's line for a capture made in this run."""
    return PostRow(
        target=manifest.target,
        platform=manifest.target.partition(":")[0],
        status=manifest.outcome.status,
        reason=manifest.outcome.reason,
        url=manifest.post.url if manifest.post else target.lead.url,
        articles=target.sources,
        capture_id=manifest.capture_id,
        size=manifest.warc_size,
        seconds=(manifest.ended_at - manifest.started_at).total_seconds(),
    )


def standing_row(state: State, target: Target) -> PostRow:
    """The report's line for a post whose earlier capture stands."""
    return PostRow(
        target=state.target,
        platform=state.target.partition(":")[0],
        status=state.status,
        reason=state.reason,
        url=state.url,
        articles=target.sources,
        capture_id=state.capture_id,
        skipped=True,
    )


def bad_seed(seed: Seed, error: SeedError) -> BadSeed:
    """A seed that cannot be read, and why."""
    return BadSeed(source=seed.source, origin=seed.origin, reason=error.message)
