"""What a run works with, opened in order and closed in order: archive, lock, ledger, guard, client."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from archiver.capture.browser import BrowserSettings
from archiver.capture.download import downloader
from archiver.capture.folder import Folder, sweep
from archiver.capture.limits import CaptureLimits
from archiver.capture.login import read_login, too_open
from archiver.clock import Clock, Ids
from archiver.collector import collector
from archiver.commit import Commit, finish, index
from archiver.config import Settings
from archiver.config.private import secrets_of
from archiver.domain.exchange import Exchange
from archiver.domain.secret import Hider
from archiver.earlier import Earlier
from archiver.errors import ArchiverError, ConfigError, NoSpace
from archiver.journal import Discreet, Journal, LogFile, Together
from archiver.manifests.file import read_manifest
from archiver.manners import Memory
from archiver.net.circuit import Circuit
from archiver.net.client import Client
from archiver.net.guard import EgressGuard, Lane
from archiver.net.pace import Pace
from archiver.records.secrets import telling
from archiver.removal import barred, target_digest
from archiver.report import Watcher
from archiver.resolution.memento import WAYBACK
from archiver.sealing import Sealer
from archiver.stopping import Stop, dropped_when_late, stoppable
from archiver.storage.due import SCHEDULE, DuePolicy
from archiver.storage.layout import Archive, RunFolder, new_run_id
from archiver.storage.ledger import Ledger
from archiver.storage.lock import hold
from archiver.storage.mend import mend
from archiver.storage.rebuild import open_ledger
from archiver.verification.warc import check_warc

FEWEST_FILES = 64


class Tools:
    """All that the stages need, made from the settings; nothing here knows their order."""

    def __init__(
        self,
        settings: Settings,
        watch: Watcher,
        *,
        clock: Clock,
        ids: Ids,
        pace: Pace,
        archive: Archive,
        ledger: Ledger,
        guard: EgressGuard,
        client: Client,
        memory: Memory,
        stop: Stop,
        spool: Path,
        force: bool,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.ids = ids
        self.pace = pace
        self.archive = archive
        self.ledger = ledger
        self.guard = guard
        self.client = client
        self.memory = memory
        self.earlier = None if force else Earlier(archive, ledger, clock)
        self.stop = stop
        self.spool = spool
        self.run_id = new_run_id(clock.now(), ids)
        self.sealer = Sealer(archive, settings, client, clock)
        self.commit = Commit(
            archive,
            ledger,
            self.run_id,
            settings.for_manifest(),
            ids,
            loose=self._loose,
            who=collector(settings),
            archive_id=self.sealer.archive_id,
        )
        self.log = LogFile()
        told = Together([watch, *self._journals()])
        self.login = read_login(settings.storage_state) if settings.storage_state else None
        logins = telling(self.login.state) if self.login else ()
        self.watch: Watcher = Discreet(told, Hider((*secrets_of(settings), *logins)))
        self.barred = barred(archive)
        self.policy = due_policy(settings, force)
        self.until: float | None = None
        self.web_archives = settings.web_archive or (WAYBACK,)
        self.limits = CaptureLimits(seconds=settings.timeout, bytes=settings.max_bytes)

    def is_barred(self, target: str) -> bool:
        """Whether the post was removed on request and nobody insists on it."""
        return target_digest(target) in self.barred and not self.policy.force

    def finish(self, folder: RunFolder) -> None:
        """Index and package a run. Without a usable key it is only indexed: it counts as unfinished, and the
        next run that has the key packages it, since a package is signed once or never."""
        sign = self.sealer.signer()
        if sign is None:
            index(folder)
        else:
            finish(folder, sign, created=self.clock.now())

    @property
    def over(self) -> bool:
        """Whether no further visit is to begin: the run was asked to stop, or its time is up."""
        late = self.until is not None and self.clock.monotonic() >= self.until
        return bool(self.stop) or late

    def _loose(self) -> tuple[Exchange, ...]:
        """Requests of the run that belong to no capture of their own."""
        robots = self.client.robots.taken() if self.client.robots else ()
        return (*robots, *(self.earlier.taken() if self.earlier else ()))

    def _journals(self) -> Iterator[Watcher]:
        yield Journal(self.log.write, self.clock)
        if self.settings.log_file:
            extra = LogFile()
            extra.open(self.settings.log_file)
            yield Journal(extra.write, self.clock)


def browser_settings(settings: Settings) -> BrowserSettings:
    """The settings that bear on the browser."""
    return BrowserSettings(
        executable=str(settings.browser) if settings.browser else None,
        allow_no_sandbox=settings.allow_no_sandbox,
        ca_file=settings.ca_file,
        user_agent=settings.user_agent,
        locale=settings.locale,
    )


@contextmanager
def open_tools(
    settings: Settings, watch: Watcher, *, clock: Clock, ids: Ids, pace: Pace, force: bool
) -> Iterator[Tools]:
    """Hold the archive's lock and open everything a run needs. Raises ArchiverError."""
    if settings.storage_state:  # before anything is made: a wrong one ends the call
        read_login(settings.storage_state)
        if warning := too_open(settings.storage_state):
            watch.warning(warning)
    see_downloader(settings)
    archive = Archive(settings.archive)
    with ExitStack() as stack:
        stop = stack.enter_context(stoppable())
        archive.prepare()
        see_room(archive, settings.min_free)
        see_files()
        stack.enter_context(hold(archive, clock))
        spool = stack.enter_context(closing(spool_folder()))
        ledger = stack.enter_context(open_ledger(archive, read_manifest, clock))
        guard = stack.enter_context(
            EgressGuard(settings.proxy, clock=clock, ca_file=settings.ca_file)
        )
        lane = stack.enter_context(guard.lane())
        circuit = Circuit(clock)
        stack.enter_context(dropped_when_late(stop, partial(drop, lane, circuit)))
        client = Client(
            lane.proxy_url,
            ca_file=settings.ca_file,
            user_agent=settings.own_user_agent,
            clock=clock,
            pace=pace,
            circuit=circuit,
            respect_robots=settings.respect_robots,
        )
        memory = Memory(archive, pace, circuit)
        if trouble := memory.recall():
            watch.warning(trouble)
        yield Tools(
            settings,
            watch,
            clock=clock,
            ids=ids,
            pace=pace,
            archive=archive,
            ledger=ledger,
            guard=guard,
            client=client,
            memory=memory,
            stop=stop,
            spool=spool.path,
            force=force,
        )


def drop(lane: Lane, circuit: Circuit) -> None:
    """Break off what is being asked for through the lane; that is not held against the hosts."""
    circuit.deafen()
    lane.close()


def see_downloader(settings: Settings) -> None:
    """Raise ConfigError when yt-dlp is wanted and not there."""
    if settings.media == "yt-dlp" and downloader() is None:
        raise ConfigError(
            "--media yt-dlp: yt-dlp is not installed for this Python",
            hint="install it: pip install 'archiver[media]'",
        )


def see_files() -> None:
    """Raise ArchiverError, before anything is begun, when too few files may be open."""
    may = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if 0 <= may < FEWEST_FILES:
        raise ArchiverError(
            f"only {may} files may be open, a run needs {FEWEST_FILES}",
            hint="raise the limit: ulimit -n, or LimitNOFILE= of systemd",
        )


def spool_folder() -> Folder:
    """A temporary folder, of the kind that the next run sweeps away when this process is killed."""
    try:
        sweep()
        return Folder()
    except OSError as error:
        raise ArchiverError(
            f"cannot make a temporary folder: {error.strerror or error}",
            hint="TMPDIR names another place for it",
        ) from error


def see_room(archive: Archive, floor: int) -> None:
    """Raise NoSpace, before anything is begun, when less than `floor` bytes are free for the archive."""
    free = shutil.disk_usage(archive.root).free
    if free < floor:
        raise NoSpace(
            f"{free // 10**6} MB are free for {archive.root}, less than the {floor // 10**6} MB of --min-free",
            hint="free some space, then run again",
        )


def due_policy(settings: Settings, force: bool) -> DuePolicy:
    """When posts are to be visited again."""
    again = settings.refetch_after
    return DuePolicy(
        force=force,
        refetch_after=None if again is None else timedelta(seconds=again),
        schedule=tuple(timedelta(seconds=pause) for pause in settings.schedule) or SCHEDULE,
    )


def mend_leftovers(tools: Tools) -> tuple[str, ...]:
    """Put right what a killed run left behind, and finish its folder."""
    mended = mend(tools.archive, tools.ledger, check_warc=check_warc, read_manifest=read_manifest)
    for line in mended.lines:
        tools.watch.note(line)
    for folder in mended.unfinished:
        tools.finish(folder)
    return mended.lines
