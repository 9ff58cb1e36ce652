"""What a run is asked to do, what it tells while it works, and what it reports when it ends."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from archiver.domain.capture import SETTLED, Status
from archiver.domain.seed import BadSeed, Seed
from archiver.errors import SeedError


class RunRequest(Struct, frozen=True, kw_only=True):
    """What the user asks of one run.

    `seeds` are documents to read, `bad_seeds` the lines that are none, `direct_urls` posts (or pages)
    named themselves. `unasked` takes up what is due of the whole archive too, `max_posts` bounds the visits and
    `max_seconds` the time in which they begin; what is left over is left to the next run. `force` captures
    what is not due, `dry_run` writes nothing at all.
    """

    seeds: tuple[Seed, ...] = ()
    bad_seeds: tuple[BadSeed, ...] = ()
    direct_urls: tuple[str, ...] = ()
    unasked: bool = False
    max_posts: int | None = None
    max_seconds: float | None = None
    force: bool = False
    dry_run: bool = False


class PostRow(Struct, frozen=True, kw_only=True):
    """What became of one post in a run.

    `target` is the PostRef as text or the key of an unresolved embed. `skipped` says that an earlier
    capture stands and the post was not due: status and reason are that capture's. `size` is the WARC's,
    in bytes; `seconds` is the time of the visit.
    """

    target: str
    platform: str
    status: Status
    reason: str = ""
    url: str | None = None
    articles: tuple[str, ...] = ()
    capture_id: str | None = None
    skipped: bool = False
    size: int = 0
    seconds: float = 0.0

    @property
    def settled(self) -> bool:
        """Whether the status is a true answer about the post."""
        return self.status in SETTLED


class RunReport(Struct, frozen=True, kw_only=True):
    """The end of a run. Times are UTC.

    `run_id` and `folder` are None when nothing was written (dry run, nothing due). `documents` counts
    the documents read; `bad_seeds` has the lines that were no seeds and the seeds that could not be
    read; `problems` are one-line troubles that no post stands for; `mended` says what an interrupted
    run had left behind and was put right. `signal` is the number of the signal that ended the run.
    """

    run_id: str | None = None
    folder: Path | None = None
    started_at: datetime
    ended_at: datetime
    documents: int = 0
    rows: tuple[PostRow, ...] = ()
    bad_seeds: tuple[BadSeed, ...] = ()
    problems: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    dry_run: bool = False
    signal: int = 0

    @property
    def counts(self) -> dict[Status, int]:
        """How many posts have which status, in the order of Status; those not met are left out."""
        found = Counter(row.status for row in self.rows)
        return {status: found[status] for status in Status if found[status]}

    @property
    def captured_now(self) -> tuple[PostRow, ...]:
        """The posts visited in this run, whatever came of it."""
        return tuple(row for row in self.rows if not row.skipped)

    @property
    def size(self) -> int:
        """Bytes of WARC written."""
        return sum(row.size for row in self.captured_now)

    @property
    def exit_code(self) -> int:
        """0 all fine or nothing to do · 1 some posts or seeds failed · 4 no seed could be read · 128+n.

        A bad seed among good ones is a failure of that seed only, hence 1. A post that was not due is
        nothing to do, whatever its standing status: a wall that stands for a day is reported once.
        """
        if self.signal:
            return 128 + self.signal
        if self.bad_seeds and not self.documents and not self.rows:
            return SeedError.exit_code
        failed = not self.dry_run and not all(row.settled for row in self.captured_now)
        return 1 if failed or self.bad_seeds or self.problems else 0


class Watcher(Protocol):
    """Who listens to a run. The pipeline calls these from one thread, in order of events."""

    def run_started(self, run_id: str, at: datetime) -> None:
        """The lock is held and the run has its name."""

    def document_read(self, source: str, embeds: int) -> None:
        """A document was read and holds so many embeds."""

    def posts_known(self, due: int, standing: int) -> None:
        """All documents are read: so many posts are to be visited, so many stand from earlier."""

    def post_started(self, target: str, url: str | None) -> None:
        """A visit begins."""

    def attempted(self, target: str, view: str, status: Status, reason: str) -> None:
        """One view of the post was tried, and gave this."""

    def post_finished(self, row: PostRow) -> None:
        """A post is done: its capture is committed, or it was skipped."""

    def note(self, text: str) -> None:
        """Something the user may want to know."""

    def warning(self, text: str) -> None:
        """Something that is not as it should be, although the run goes on."""


class Silent:
    """A watcher that says nothing."""

    def run_started(self, run_id: str, at: datetime) -> None:
        """Nothing is said."""

    def document_read(self, source: str, embeds: int) -> None:
        """Nothing is said."""

    def posts_known(self, due: int, standing: int) -> None:
        """Nothing is said."""

    def post_started(self, target: str, url: str | None) -> None:
        """Nothing is said."""

    def attempted(self, target: str, view: str, status: Status, reason: str) -> None:
        """Nothing is said."""

    def post_finished(self, row: PostRow) -> None:
        """Nothing is said."""

    def note(self, text: str) -> None:
        """Nothing is said."""

    def warning(self, text: str) -> None:
        """Nothing is said."""
