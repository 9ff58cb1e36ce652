"""A run whose visits are made up: everything a run does to an archive, without browser and network.

What is opened, mended, resolved, written, committed, finished and sealed is the program's own; only what
a browser would have received is invented here, and the same for the same post at every visit but for the
time.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from archiver.agenda import Item
from archiver.cli.main import complain
from archiver.cli.progress import watching
from archiver.cli.summary import conclude
from archiver.clock import Clock, RandomIds, SystemClock
from archiver.config import Settings
from archiver.domain.capture import Attempt, Capture, Outcome, Snapshot, Status
from archiver.domain.exchange import Body, Exchange
from archiver.errors import ArchiverError
from archiver.net.pace import Pace
from archiver.pipeline import Job
from archiver.report import RunReport, Watcher
from archiver.storage.layout import new_capture_id
from archiver.targets import named
from archiver.tools import mend_leftovers, open_tools

PICTURE = hashlib.shake_256(b"the picture that every page shows").digest(9_000)


class JumpingClock:
    """A clock that stands at one instant after the other, the last for good; durations go on."""

    def __init__(self, moments: Sequence[str]) -> None:
        self._moments = [datetime.fromisoformat(moment) for moment in moments]
        self._real = SystemClock()
        self._ticks = 0

    def now(self) -> datetime:
        moment = self._moments.pop(0) if len(self._moments) > 1 else self._moments[0]
        self._ticks += 1
        return moment + timedelta(milliseconds=self._ticks)

    def monotonic(self) -> float:
        return self._real.monotonic()


def main(order: dict) -> int:
    """A run over the posts at `urls`; the exit code of the command line."""
    settings = Settings(archive=Path(order["archive"]), min_free=0, json=True, proxy=None)
    clock = JumpingClock(order["clock"]) if "clock" in order else SystemClock()
    try:
        with watching(settings) as watch:
            report = run(settings, watch, order["urls"], clock, order.get("force", False))
        return conclude(settings, report)
    except ArchiverError as error:
        return complain(error.message, code=error.exit_code, hint=error.hint)


def run(
    settings: Settings, watch: Watcher, urls: Sequence[str], clock: Clock, force: bool
) -> RunReport:
    """As `pipeline.run`, with made-up visits, one after the other."""
    given = {"clock": clock, "ids": RandomIds(), "pace": Pace(), "force": force}
    with open_tools(settings, watch, **given) as tools:
        began = clock.now()
        tools.watch.run_started(tools.run_id, began)
        job = Job(tools, ())
        mended = mend_leftovers(tools)
        items = job.identify(tuple(named(urls)))
        for item in items:
            if not tools.stop and job.is_due(item):
                capture = visited(item, new_capture_id(item.target.key, tools.ids), clock)
                job.save(capture, target=item.target, resolution=item.resolution)
        return job.close(began, mended)


def visited(item: Item, capture_id: str, clock: Clock) -> Capture:
    """What a browser might have brought home; every fifth post is gone."""
    post = item.post
    seed = hashlib.sha256(post.url.encode())
    gone = seed.digest()[0] % 5 == 0
    status = Status.GONE if gone else Status.CAPTURED
    started = clock.now()
    text = f"{post.url} says {seed.hexdigest()}"
    page = f"<!doctype html><title>{post.url}</title><p>{text}</p>".encode() * 30
    own = hashlib.shake_256(seed.digest()).digest(30_000)
    exchanges = (
        exchange(post.url, page, "text/html", started, 404 if gone else 200),
        exchange("https://files.example/shared.jpg", PICTURE, "image/jpeg", started),
        exchange(f"https://files.example/{seed.hexdigest()}.jpg", own, "image/jpeg", started),
    )
    outcome = Outcome(status=status, reason="the post's text was received")
    return Capture(
        id=capture_id,
        target=str(post.ref),
        url=post.url,
        started_at=started,
        ended_at=clock.now(),
        outcome=outcome,
        attempts=tuple(
            Attempt(view=view, started_at=started, ended_at=started, outcome=outcome)
            for view in post.views[:1]
        ),
        exchanges=exchanges,
        snapshots=(
            Snapshot(
                role="text",
                urn=f"urn:text:{post.url}",
                media_type="text/plain",
                body=Body.of(text.encode()),
                taken_at=started,
            ),
        ),
        page_url=post.url,
        page_at=started,
        title=post.url,
        requested=len(exchanges),
    )


def exchange(url: str, body: bytes, kind: str, at: datetime, status: int = 200) -> Exchange:
    return Exchange(
        url=url,
        status=status,
        reason="OK",
        request_headers=(("Host", "social.example"), ("User-Agent", "Example")),
        response_headers=(("Content-Type", kind), ("Content-Length", str(len(body)))),
        body=Body.of(body),
        started_at=at,
        made_by="browser",
    )
