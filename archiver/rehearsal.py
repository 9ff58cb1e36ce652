"""A dry run: what a run would read and visit. Nothing is visited, and nothing is written anywhere."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from archiver.bulk import find_in_each
from archiver.clock import Clock
from archiver.config import Settings
from archiver.domain.capture import Status
from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.domain.seed import BadSeed
from archiver.errors import SeedError
from archiver.intake.read import read_documents
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.report import PostRow, RunReport, RunRequest, Watcher
from archiver.rows import standing_row
from archiver.storage.due import DuePolicy, State, is_due
from archiver.storage.layout import Archive
from archiver.storage.ledger import Ledger
from archiver.targets import Target, gather, named


def rehearse(
    settings: Settings, request: RunRequest, watch: Watcher, clock: Clock, policy: DuePolicy
) -> RunReport:
    """Read the seeds, and tell for each post whether it would be visited or its last capture stands.

    Embeds known by their words only are not resolved: each would be looked for, and then visited
    if its post is due.
    """
    began = clock.now()
    bad, sources = list(request.bad_seeds), list[str]()
    found = _read(settings, request, watch, clock, bad, sources)
    targets = (*gather(found), *named(request.direct_urls))
    with _ledger_copy(Archive(settings.archive)) as ledger:
        rows = tuple(_row(target, ledger, clock, policy) for target in targets)
    watch.posts_known(sum(not row.skipped for row in rows), sum(row.skipped for row in rows))
    return RunReport(
        started_at=began,
        ended_at=clock.now(),
        documents=len(sources),
        rows=rows,
        bad_seeds=tuple(bad),
        dry_run=True,
    )


def _read(
    settings: Settings,
    request: RunRequest,
    watch: Watcher,
    clock: Clock,
    bad: list[BadSeed],
    sources: list[str],
) -> Iterator[tuple[Document, Sequence[Embed]]]:
    """Every document of every seed with what it holds, one at a time: there may be any number of them. Their names
    are added to `sources`, what cannot be read to `bad`."""

    def refuse(item: BadSeed) -> None:
        bad.append(item)
        watch.warning(f"{item.origin}: {item.reason}")

    with EgressGuard(settings.proxy, ca_file=settings.ca_file) as guard, guard.lane() as lane:
        client = Client(
            lane.proxy_url,
            ca_file=settings.ca_file,
            user_agent=settings.own_user_agent,
            clock=clock,
            respect_robots=settings.respect_robots,
        )
        for seed in request.seeds:
            try:
                documents = read_documents(seed, client, clock, report=refuse)
                for document, embeds in find_in_each(documents, refuse):
                    sources.append(document.source)
                    yield document, embeds
            except SeedError as error:
                refuse(BadSeed(source=seed.source, origin=seed.origin, reason=error.message))


@contextmanager
def _ledger_copy(archive: Archive) -> Iterator[Ledger | None]:
    """The archive's ledger as it is now, copied aside: opening it in place would write beside it."""
    if not archive.ledger.is_file():
        yield None
        return
    with TemporaryDirectory(prefix="archiver-") as folder:
        for path in archive.ledger.parent.glob(archive.ledger.name + "*"):
            shutil.copy(path, folder)
        with Ledger(Path(folder) / archive.ledger.name) as ledger:
            yield ledger


def _row(target: Target, ledger: Ledger | None, clock: Clock, policy: DuePolicy) -> PostRow:
    state = _state(target, ledger, clock.now())
    if state is not None and not is_due(state, clock.now(), policy):
        return standing_row(state, target)
    return PostRow(
        target=target.key,
        platform=target.lead.platform,
        status=Status.PENDING,
        reason="dry run: it would be visited",
        url=target.lead.url,
        articles=target.sources,
    )


def _state(target: Target, ledger: Ledger | None, now: datetime) -> State | None:
    """What is known of the target, also of one that an earlier run found the post of."""
    if ledger is None:
        return None
    return ledger.state_of(ledger.target_of(target.key) or target.key, now)
