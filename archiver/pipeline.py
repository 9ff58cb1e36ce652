"""The order of the stages. This is the only file that knows it:

    Seed → Document → Embed → Post → Capture → Records → Manifest → ledger row

What stops us is an exception and ends the run; what became of a post is data and never does.
"""

import asyncio
import threading
from collections.abc import Iterator, Sequence, Set
from datetime import datetime

from archiver.agenda import After, Item, article_item
from archiver.articles import Reading, article_capture, reading_of, to_be_visited, worth_keeping
from archiver.bulk import find_in_each, find_in_one
from archiver.clock import Clock, Ids, RandomIds, SystemClock
from archiver.config import Settings
from archiver.domain.capture import Capture, Status
from archiver.domain.digest import Digest
from archiver.domain.document import Document
from archiver.domain.embed import Embed
from archiver.domain.manifest import Manifest
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import Resolution
from archiver.domain.seed import BadSeed, Seed
from archiver.enrich import Enriched, told_apart, unresolved, with_notes
from archiver.errors import BrowserUnavailable, SeedError
from archiver.following import Following
from archiver.intake.read import read_documents
from archiver.net.pace import Pace
from archiver.overdue import known_post, overdue
from archiver.platforms import operator
from archiver.rehearsal import rehearse
from archiver.report import PostRow, RunReport, RunRequest, Watcher
from archiver.resolution.copies import Copy, copies_named
from archiver.resolution.metadata import metadata_of
from archiver.resolution.resolve import resolve
from archiver.rows import bad_seed, row_of, standing_row
from archiver.storage.due import State, is_due
from archiver.storage.lastrun import note_end
from archiver.storage.layout import new_capture_id
from archiver.targets import (
    Target,
    document_key,
    gather,
    merged,
    named,
    page_known,
    related,
    remembered,
)
from archiver.tools import Tools, due_policy, mend_leftovers, open_tools
from archiver.visits import visit_all


def run(
    settings: Settings,
    request: RunRequest,
    watch: Watcher,
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    pace: Pace | None = None,
) -> RunReport:
    """The whole job: read the seeds, capture what is due, leave a verified archive behind.

    `pace` bounds how often a host is asked. Raises ArchiverError for what stops a run; what was
    committed until then stays, and the next run mends the rest.
    """
    clock, ids = clock or SystemClock(), ids or RandomIds()
    pace = pace or Pace(clock=clock, group=operator)
    if request.dry_run:
        return rehearse(settings, request, watch, clock, due_policy(settings, request.force))
    with open_tools(settings, watch, clock=clock, ids=ids, pace=pace, force=request.force) as tools:
        began = clock.now()
        tools.watch.run_started(tools.run_id, began)
        job = Job(tools, request.bad_seeds)
        mended = mend_leftovers(tools)
        try:
            job.archive_all(request)
        except BrowserUnavailable:  # what was read and visited until then is sealed all the same
            for problem in job.close(began, mended).problems:
                tools.watch.warning(problem)
            raise
        report = job.close(began, mended)
        note_end(tools.archive, clock)
        return report


class Job:
    """One run under way: what was read, found, visited and written so far."""

    def __init__(self, tools: Tools, bad_seeds: Sequence[BadSeed]) -> None:
        self.tools = tools
        self.documents = 0
        self.bad_seeds = list(bad_seeds)
        self.rows: dict[str, PostRow] = {}
        self.problems: list[str] = []
        self.began = tools.clock.monotonic()
        self.readings: dict[str, Reading] = {}
        self.copies: dict[Digest, tuple[Copy, ...]] = {}
        self.queued: set[str] = set()
        self.room: int | None = None
        self.lock = threading.Lock()
        self.following = Following(tools)

    def archive_all(self, request: RunRequest) -> None:
        """Every stage once, in order."""
        found = self.read(request.seeds)
        items = self.identify((*gather(found), *named(request.direct_urls)))
        due = [item for item in items if self.is_due(item)]
        if request.unasked:
            due += self.identify_unasked({item.target.key for item in items})
        due = self.bounded(due, request)
        self.queued = {item.target.key for item in due}
        self.tools.watch.posts_known(len(due), sum(row.skipped for row in self.rows.values()))
        items = [*map(article_item, self.readings.values()), *due]
        try:
            if items and not self.tools.over:
                self.following.begin()
                asyncio.run(visit_all(self.tools, items, self.save_visit))
                self.following.end(not self.tools.over and self.room != 0)
        finally:  # what was read is kept, whatever became of its visit
            for reading in list(self.readings.values()):
                self.save_article(reading, reading.capture)

    def read(self, seeds: Sequence[Seed]) -> Iterator[tuple[Document, Sequence[Embed]]]:
        """Intake and extraction: every document of every seed with what it holds; each is kept."""
        for seed in seeds:
            if self.tools.stop:
                return
            try:
                documents = read_documents(seed, self.tools.client, self.tools.clock,
                                           report=self.refuse, before=self.tools.earlier)  # fmt: skip
                for document, found in find_in_each(documents, self.refuse):
                    self.documents += 1
                    self.keep_article(document, found)
                    if any(embed.role == "embed" and embed.ref is None for embed in found):
                        self.copies[document.digest] = copies_named(document)
                    count = sum(embed.role == "embed" for embed in found)
                    self.tools.watch.document_read(document.source, count)
                    yield document, found
            except SeedError as error:
                self.refuse(bad_seed(seed, error))

    def refuse(self, bad: BadSeed) -> None:
        """A seed, or an item of one, that cannot be read is named and counted; the rest goes on."""
        self.bad_seeds.append(bad)
        self.name(bad)

    def name(self, bad: BadSeed) -> None:
        """One line for what cannot be read."""
        self.tools.watch.warning(f"{bad.origin}: {bad.reason}")

    def keep_article(self, document: Document, found: Sequence[Embed]) -> None:
        """Commit the article, unless the archive has it with the very same findings."""
        earlier = self.tools.earlier
        kept = earlier is not None and earlier.holds(document, found, self.problems)
        if kept or not worth_keeping(document, found):
            return
        capture_id = new_capture_id(document_key(document), self.tools.ids)
        now = self.tools.clock.now()
        if to_be_visited(document, found) and not self.tools.settings.no_articles:
            spool = self.tools.spool / capture_id
            reading = reading_of(document, found, capture_id=capture_id, now=now, spool=spool)
            self.readings[capture_id] = reading
            return
        capture = article_capture(document, found, capture_id=capture_id, now=now)
        self.save(capture, document=document.digest, found=found)

    def save_article(self, reading: Reading, capture: Capture) -> None:
        """Commit an article."""
        self.readings.pop(capture.id, None)
        self.save(capture, document=reading.document, found=reading.found)

    def identify(self, targets: Sequence[Target]) -> list[Item]:
        """Resolution: which post each target is. Those that prove to be the same post become one;
        what cannot be resolved is committed as such, with the reason."""
        items: dict[str, Item] = {}
        for target in targets:
            if self.tools.stop:
                break
            resolution = self.resolve(target)
            if resolution is None:
                continue
            if resolution.post is None:
                self.save_unresolved(target, resolution)
                continue
            key = str(resolution.post.ref)
            before = items.get(key)
            lead = Target(key=key, lead=target.lead)
            both = merged(before.target if before else lead, target)
            kept = before or Item(target=both, post=resolution.post, resolution=resolution)
            items[key] = Item(target=both, post=kept.post, resolution=kept.resolution)
        return list(items.values())

    def identify_unasked(self, asked: Set[str]) -> list[Item]:
        """The posts of the archive that are due although no seed of this run shows them."""
        items: list[Item] = []
        for last in overdue(self.tools, asked | self.rows.keys(), self.problems):
            resolution = known_post(last)
            if resolution is None or resolution.post is None:
                items += self.identify([remembered(last)])
            else:
                target, post = remembered(last), resolution.post
                items.append(Item(target=target, post=post, resolution=resolution))
        left = self.identify(self.following.left(asked | self.rows.keys()))
        return items + [item for item in left if self.is_due(item)]

    def bounded(self, due: list[Item], request: RunRequest) -> list[Item]:
        """As many as the request allows; the time for visits is counted from the run's beginning."""
        if request.max_seconds is not None:
            self.tools.until = self.began + request.max_seconds
        left = due[request.max_posts :] if request.max_posts is not None else []
        if left:
            self.tools.watch.note(f"{len(left)} posts that are due are left to the next run")
        if request.max_posts is not None:
            self.room = max(request.max_posts - len(due), 0)
        return due[: request.max_posts]

    def resolve(self, target: Target) -> Resolution | None:
        """The post of a target; None when an earlier run looked for it and that capture still stands."""
        if target.lead.platform == "web" and target.lead.ref:
            return page_known(target.lead.url or target.lead.ref.id)
        if target.lead.ref is None:
            known = self.tools.ledger.target_of(target.key) or target.key
            state = self.tools.ledger.state_of(known, self.tools.clock.now())
            if state and not is_due(state, self.tools.clock.now(), self.tools.policy):
                self.note_standing(target, state)
                return None
        article = next(iter(target.articles), None)
        return resolve(
            target.lead,
            self.tools.client,
            clock=self.tools.clock,
            article=article,
            find=lambda copy: find_in_one(copy, self.name) or (),
            copies=self.copies.get(article.digest, ()) if article else (),
            gates=self.tools.web_archives,
        )

    def save_unresolved(self, target: Target, resolution: Resolution) -> None:
        """An embed whose post is not known is archived as that; a later run tries again."""
        capture_id = new_capture_id(target.key, self.tools.ids)
        capture = unresolved(target, resolution, capture_id, self.tools.clock.now())
        self.save(capture, target=target, resolution=resolution)

    def is_due(self, item: Item) -> bool:
        """Whether the post is to be visited now; if not, its earlier capture stands in the report."""
        if self.tools.is_barred(item.target.key):
            self.tools.watch.note(f"{item.target.key} was removed and is not captured again")
            return False
        state = self.tools.ledger.state_of(item.target.key, self.tools.clock.now())
        if is_due(state, self.tools.clock.now(), self.tools.policy) or state is None:
            return True
        self.note_standing(item.target, state)
        return False

    def note_standing(self, target: Target, state: State) -> None:
        """The row of a post whose earlier capture stands."""
        row = standing_row(state, target)
        self.rows[state.target] = row
        self.tools.watch.post_finished(row)

    def save_visit(self, item: Item, climbed: Enriched) -> After:
        """Commit a visit. Gives what follows it: another try, where the platform named a time, and the
        posts that it leads to."""
        capture = climbed.capture
        if item.reading is not None:
            self.save_article(item.reading, capture)
            return After()
        for attempt in capture.attempts:
            outcome = attempt.outcome
            view = attempt.view.kind
            self.tools.watch.attempted(capture.target, view, outcome.status, outcome.reason)
        resolution = item.resolution
        manifest = self.save(capture, target=item.target, resolution=resolution, told=climbed.told)
        limited = capture.outcome.status is Status.RATE_LIMITED
        return After(
            capture.outcome.retry_after if limited else None,
            tuple(self.follow(item.target, manifest)),
        )

    def follow(self, target: Target, manifest: Manifest) -> Iterator[Item]:
        """The posts that a captured one quotes, answers or passes on, as far as `--depth` goes, each once."""
        if target.depth >= self.tools.settings.depth or self.tools.over:
            return
        with self.lock:
            for found in related(manifest, target.depth + 1):
                known = found.key in self.rows or found.key in self.queued
                self.queued.add(found.key)
                for item in () if known else self.identify([found]):
                    if self.is_due(item) and self.room != 0:
                        self.room = None if self.room is None else self.room - 1
                        yield item

    def save(
        self,
        capture: Capture,
        *,
        target: Target | None = None,
        resolution: Resolution | None = None,
        document: Digest | None = None,
        found: Sequence[Embed] = (),
        told: Sequence[PostMetadata] = (),
    ) -> Manifest:
        """Records, manifest and ledger row of one capture, then its line in the report."""
        post = resolution.post if resolution else None
        manifest = self.tools.commit.save(
            with_notes(capture, told_apart(resolution, target)) if resolution else capture,
            resolution=resolution,
            metadata=metadata_of(post, capture, told) if post else None,
            articles=target.articles if target else (),
            document=document,
            found=found,
            context=target.context if target else (),
        )
        self.tools.memory.save()
        if self.tools.commit.folder:
            self.tools.log.open(self.tools.commit.folder.log)
        if target is not None:
            row = row_of(manifest, target)
            self.rows[manifest.target] = row
            self.tools.watch.post_finished(row)
        return manifest

    def close(self, began: datetime, mended: Sequence[str]) -> RunReport:
        """Finish the run's folder, seal the archive, and say what was done."""
        self.tools.memory.save()
        folder = self.tools.commit.folder
        if folder is not None:
            self.tools.finish(folder)
        return RunReport(
            problems=(*self.problems, *self.tools.sealer.seal()),
            run_id=self.tools.run_id if folder else None,
            folder=folder.path if folder else None,
            started_at=began,
            ended_at=self.tools.clock.now(),
            documents=self.documents,
            rows=tuple(self.rows.values()),
            bad_seeds=tuple(self.bad_seeds),
            mended=tuple(mended),
            signal=self.tools.stop.signal,
        )
