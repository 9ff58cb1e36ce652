"""The lower rungs of the ladder: the platform's metadata endpoints, then public web archives.

Both are asked with our own client, after the browser's visits. What an archive gives is kept as what it
is, a copy from that archive: it never changes the status, which is what the platform says today.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from msgspec import Struct

from archiver.clock import Clock
from archiver.domain.exchange import Exchange
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import Post, View
from archiver.net.client import Client
from archiver.platforms import endpoints
from archiver.platforms.searches import search_of
from archiver.resolution.asking import Asking
from archiver.resolution.follow import short
from archiver.resolution.metadata import posts_in, same_post
from archiver.resolution.scrape import MODULES, scrape
from archiver.resolution.wayback import HOST, archived_at, copy_of, stamp

MOST_PLACES = 4


class Rung(Struct, frozen=True, kw_only=True):
    """One place that was asked: the view, when, every request, and what came of it in one line.

    `answer` is the last exchange, None without one; `shows` says that the post itself is in it. `told`
    is what snscrape made of it, where it was used.
    """

    view: View
    started_at: datetime
    ended_at: datetime
    exchanges: tuple[Exchange, ...]
    answer: Exchange | None
    shows: bool
    said: str
    told: PostMetadata | None = None


def metadata_views(post: Post) -> tuple[View, ...]:
    """Where metadata of a post can be asked for without an account."""
    search = search_of(post.ref.platform)
    token = search.token(post.ref.id) if search and search.token and post.ref.id.isdigit() else ""
    tells = search.tells if search and token else ()
    told = [t.format(id=post.ref.id, author=post.author or "i", token=token) for t in tells]
    known = [view.url for view in endpoints(post.ref, post.author, post.url)]
    return tuple(View("metadata", url) for url in dict.fromkeys((*told, *known)))[:MOST_PLACES]


def ask_metadata(post: Post, client: Client, clock: Clock) -> Iterator[Rung]:
    """Each metadata endpoint in turn, until one tells of the post."""
    asking = Asking(client, clock)
    for view in metadata_views(post):
        rung = _ask(post, view, asking, clock)
        if rung.exchanges:
            yield rung
        if rung.shows:
            return
    if post.ref.platform in MODULES:
        yield from _scraped(post, client, clock)


def _scraped(post: Post, client: Client, clock: Clock) -> Iterator[Rung]:
    """What snscrape can still read of the post, when no endpoint told of it."""
    began = clock.now()
    found = scrape(post, client)
    if found.exchanges:
        yield Rung(
            view=View("metadata", found.exchanges[0].url),
            started_at=began,
            ended_at=clock.now(),
            exchanges=found.exchanges,
            answer=found.exchanges[-1] if found.exchanges[-1].status else None,
            shows=found.post is not None,
            said=found.said,
            told=found.post,
        )


def ask_archives(post: Post, client: Client, clock: Clock, near: datetime | None) -> Rung | None:
    """The copy of a post in the Wayback Machine nearest to a moment; None when there is none that is
    no error page. A copy that shows the post is preferred to one of which that cannot be said."""
    asking = Asking(client, clock)
    moment = stamp(near) if near else "2"
    best: Rung | None = None
    for url in addresses(post):
        began, first = clock.now(), len(asking.exchanges)
        copy = copy_of(asking, url, moment)
        when = archived_at(copy) if copy is not None else None
        if copy is None or copy.status != 200 or when is None:
            continue
        shows = _shows(post, copy)
        what = "shows the post" if shows else "may not show the post"
        rung = Rung(
            view=View("archive", copy.url),
            started_at=began,
            ended_at=clock.now(),
            exchanges=tuple(asking.exchanges[first:]),
            answer=copy,
            shows=shows,
            said=f"a copy of {short(url)} of {when:%Y-%m-%d %H:%M} UTC from {HOST} is kept; it {what},"
            " and is that archive's copy, not a capture of the platform",
        )
        if shows:
            return rung
        best = best or rung
    return best


def addresses(post: Post) -> tuple[str, ...]:
    """The addresses under which an archive may hold a post."""
    search = search_of(post.ref.platform)
    author = post.author or "i"
    others = [t.format(author=author, id=post.ref.id) for t in search.copies] if search else []
    views = [view.url for view in post.views if view.kind == "page"]
    return tuple(dict.fromkeys((*others, post.url, *views)))[:MOST_PLACES]


def published(post: Post) -> datetime | None:
    """About when an article would have shown the post: the day after it was posted."""
    shown = datetime.combine(post.posted_on, time(12), UTC) if post.posted_on else None
    moment = post.posted_at or shown
    return moment + timedelta(days=1) if moment else None


def _ask(post: Post, view: View, asking: Asking, clock: Clock) -> Rung:
    began, first = clock.now(), len(asking.exchanges)
    answer = asking.ask(view.url, follow=2)
    shows = answer is not None and answer.status == 200 and _shows(post, answer)
    said = f"HTTP {answer.status}" if answer is not None else "no answer"
    return Rung(
        view=view,
        started_at=began,
        ended_at=clock.now(),
        exchanges=tuple(asking.exchanges[first:]),
        answer=answer,
        shows=shows,
        said=f"the post's data came from {short(view.url).partition('?')[0]}" if shows else said,
    )


def _shows(post: Post, answer: Exchange) -> bool:
    return any(
        same_post(told.ref, post.ref) and (told.text or told.title or told.author_handle)
        for told in posts_in(answer, post.ref.platform)
    )
