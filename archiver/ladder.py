"""The ladder: where a post is looked for, rung by rung, until one shows it.

    embed view → metadata endpoint → page → the user's own login → web archives

Each place that was asked is an attempt with its outcome. Data from an endpoint alone is no picture of the post, so
it does not end the ladder; nor does the word that a post is gone, private or withheld: then the platform
is not asked further, but web archives are. With the setting `all_rungs` every rung is asked.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from archiver.agenda import Item, will_return
from archiver.capture.browser import Browser
from archiver.capture.places import places
from archiver.capture.verdict import weigh
from archiver.capture.visit import Entrance, visit
from archiver.domain.capture import Attempt, Capture, Outcome, Status
from archiver.domain.exchange import Exchange
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import View, ViewKind
from archiver.enrich import (
    NOT_TRIED,
    Enriched,
    both,
    logged_in,
    outcomes_of,
    refuses,
    with_copy,
    with_endpoint,
    with_notes,
)
from archiver.manners import waiting_for
from archiver.net.target import host_of
from archiver.records.secrets import Secrets, keys_in, values_in, without
from archiver.resolution.rungs import ask_archive, ask_metadata, published
from archiver.tools import Tools

OPEN = frozenset({Status.PARTIAL, Status.FAILED, Status.LOGIN_WALL, Status.BOT_WALL})
"""What leaves it open whether the post is there: the platform is asked further."""
LEAST_SECONDS = 5.0
GRACE = 10.0
"""Seconds that endpoints, and each web archive, get where the browser has used up the time of a post."""


class Ladder:
    """One post on its way up. `refused` are views that may not be asked now, as attempts.

    What was gathered stays in `capture` whatever happens; `shown` are the article's own posts, to be
    pictured in their places, where it is an article that is visited.
    """

    def __init__(
        self,
        tools: Tools,
        browser: Browser,
        item: Item,
        capture_id: str,
        spool: Path,
        refused: Sequence[Attempt] = (),
    ) -> None:
        self._tools = tools
        self._browser = browser
        self._item = item
        self._spool = spool
        self._refused = tuple(refused)
        self._seconds = tools.limits.seconds
        self._bytes = tools.limits.bytes
        self._visits = 0
        self._every = tools.settings.all_rungs and item.reading is None
        self.told: list[PostMetadata] = []
        now = tools.clock.now()
        self.capture = Capture(
            id=capture_id,
            target=str(item.post.ref),
            url=item.post.url,
            started_at=now,
            ended_at=now,
            outcome=Outcome(status=Status.FAILED, reason=NOT_TRIED),
        )

    async def climb(self) -> Enriched:
        """Every rung in order, as far as it is wanted. Raises BrowserUnavailable."""
        for rung in (self._embed, self._endpoints, self._page, self._login, self._archives):
            if not self._tools.stop or not self._visits:
                await rung()
        return Enriched(self.capture, tuple(self.told))

    @property
    def _of_platform(self) -> bool:
        return self._item.post.ref.platform != "web"

    @property
    def _patience(self) -> float:
        """Seconds for requests of our own: what is left of the post's time, or a little more."""
        return max(self._seconds, GRACE)

    def _status(self) -> Status | None:
        """What the rungs so far say of the post; a view that a limit has cut has shown it all the same."""
        views = [a.outcome for a in self.capture.attempts if a.view.kind != "archive"]
        said = weigh([*views, *outcomes_of(self.capture)])
        return said.status if said is not None else None

    def _wanted(self, among: frozenset[Status]) -> bool:
        status = self._status()
        if status is None or status in among:
            return True
        return self._every and status is not Status.RATE_LIMITED

    def _closed_to_strangers(self) -> bool:
        """Whether a login may show more. What counts is what the views said: that an endpoint has had too
        many requests says nothing of the page."""
        if self._status() in {Status.CAPTURED, Status.GONE} and not self._every:
            return False
        attempts = self.capture.attempts
        views = weigh([a.outcome for a in attempts if a.view.kind in {"embed", "page"}])
        return views is None or views.status is not Status.RATE_LIMITED

    # ---- the rungs

    async def _embed(self) -> None:
        await self._views("embed")

    async def _endpoints(self) -> None:
        if not self._of_platform or not self._wanted(OPEN):
            return
        post, client, clock = self._item.post, self._tools.client, self._tools.clock
        rungs = ask_metadata(post, client, clock, every=self._every, patience=self._patience)
        began = clock.monotonic()
        while (rung := await asyncio.to_thread(next, rungs, None)) is not None:
            self.capture = await asyncio.to_thread(with_endpoint, self.capture, rung, post)
            self.told.extend([rung.told] if rung.told else [])
            if not self._wanted(OPEN):
                break
        self._seconds -= clock.monotonic() - began

    async def _page(self) -> None:
        if self._wanted(OPEN | {Status.RATE_LIMITED}):
            await self._views("page")

    async def _login(self) -> None:
        login = self._tools.login
        url = self._item.post.url
        wanted = login is not None and login.serves(url) and self._item.reading is None
        closed = any(a.view.kind == "page" for a in self._refused) or self._seconds < LEAST_SECONDS
        if login is None or not wanted or closed or not self._closed_to_strangers():
            return
        if not await self._turn(url):
            return
        entrance = Entrance(login.state)
        seen = await self._visit((View("login", url),), entrance)
        learned = [key for state in entrance.learned for key in keys_in(state)]
        secrets = Secrets([*values_in(login.state), *learned], keep=self._public())
        clean = await asyncio.to_thread(without, seen, secrets)
        self.capture = both(self.capture, logged_in(clean, login.name))

    async def _archives(self) -> None:
        item, tools = self._item, self._tools
        status = self._status()
        if not self._of_platform or (status is Status.CAPTURED and not self._every):
            return
        limited = self.capture.outcome
        if status is Status.RATE_LIMITED and will_return(item, limited.retry_after):
            return
        dates = (article.dated for article in item.target.articles)
        near = published(item.post, next((date for date in dates if date), None))
        for gate in tools.web_archives:
            began = tools.clock.monotonic()
            rung = await asyncio.to_thread(
                ask_archive, item.post, gate, tools.client, tools.clock,
                near or tools.clock.now(), self._refuses, self._patience,
            )  # fmt: skip
            self._seconds -= tools.clock.monotonic() - began
            if rung is not None:
                self.capture = with_copy(self.capture, rung)
            if rung is not None and rung.shows and not self._every:
                return

    # ---- what they share

    async def _views(self, kind: ViewKind) -> None:
        """The views of one kind; those that may not be asked are attempts all the same."""
        refused = tuple(a for a in self._refused if a.view.kind == kind)
        if refused:
            outcomes = [*outcomes_of(self.capture), *(a.outcome for a in refused)]
            self.capture = replace(
                self.capture,
                outcome=weigh(outcomes) or self.capture.outcome,
                attempts=(*self.capture.attempts, *refused),
            )
        views = tuple(view for view in self._item.post.views if view.kind == kind)
        if views and self._seconds < LEAST_SECONDS:
            left_out = f"no time was left for the {kind} view"
            self.capture = with_notes(self.capture, (left_out,))
        elif views and await self._turn(views[0].url):
            self.capture = both(self.capture, await self._visit(views, None))

    async def _turn(self, url: str) -> bool:
        """Wait until the host may be asked; says whether it may. Of the first visit it is the turn already."""
        host = host_of(url)
        rests = await asyncio.to_thread(self._tools.pace.wait, host) if self._visits else 0.0
        if rests:
            self.capture = with_notes(self.capture, (waiting_for(host, rests),))
        return not rests

    async def _visit(self, views: tuple[View, ...], login: Entrance | None) -> Capture:
        """A visit in a context of its own, within what is left of the post's time and size."""
        tools, item = self._tools, self._item
        self._visits += 1
        spool = self._spool / str(self._visits)
        spool.mkdir(exist_ok=True)
        limits = replace(
            tools.limits, seconds=max(self._seconds, LEAST_SECONDS), bytes=max(self._bytes, 1)
        )
        began = tools.clock.monotonic()
        with tools.guard.lane() as lane:
            seen = await visit(
                self._browser,
                replace(item.post, views=views),
                lane=lane,
                limits=limits,
                capture_id=self.capture.id,
                spool=spool,
                clock=tools.clock,
                ids=tools.ids,
                article=next((a.url for a in item.target.articles if a.url), None),
                shows=places(item.reading.found) if item.reading else (),
                every=self._every,
                login=login,
            )
        self._seconds -= tools.clock.monotonic() - began
        self._bytes -= sum(exchange.body.size for exchange in seen.exchanges)
        return seen if seen.attempts else _tried(views[0], seen)

    def _refuses(self, copy: Exchange, original: str) -> str:
        return refuses(self._item.post, copy, original)

    def _public(self) -> tuple[str, ...]:
        """What of the post itself might stand in a storage state, and is no secret."""
        post = self._item.post
        return tuple(filter(None, (post.ref.id, *post.ref.id.split("/"), post.author, post.url)))


def _tried(view: View, seen: Capture) -> Capture:
    """A visit that broke off before its first view was played: that is an attempt at it too."""
    attempt = Attempt(
        view=view, started_at=seen.started_at, ended_at=seen.ended_at, outcome=seen.outcome
    )
    return replace(seen, attempts=(attempt,))
