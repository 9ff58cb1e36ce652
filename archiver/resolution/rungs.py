"""The rungs of the ladder that are asked with our own client: a platform's metadata endpoints, and public
web archives. What an archive gives is kept as what it is, a copy from that archive: it never changes the
status, which is what the platform says today.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from msgspec import Struct

from archiver.clock import Clock
from archiver.domain.capture import ArchivedCopy
from archiver.domain.exchange import Exchange
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import Post, View
from archiver.net.client import Client
from archiver.platforms import endpoints, recognise
from archiver.platforms.searches import search_of
from archiver.resolution.asking import PATIENCE, Asking
from archiver.resolution.follow import short
from archiver.resolution.memento import copy_at, nearest, original_of, others
from archiver.resolution.metadata import posts_in, same_post
from archiver.resolution.scrape import MODULES, scrape
from archiver.resolution.wayback import archived_at

MOST_PLACES = 4
MOST_OTHERS = 3
EARLIEST = datetime.min.replace(tzinfo=UTC)


class Rung(Struct, frozen=True, kw_only=True):
    """One place that was asked: the view, when, every request, and what came of it in one line.

    `answer` is the last exchange, None without one; `shows` says that the post itself is in it. `told`
    is what snscrape made of it, `copy` what a web archive gave.
    """

    view: View
    started_at: datetime
    ended_at: datetime
    exchanges: tuple[Exchange, ...]
    answer: Exchange | None
    shows: bool
    said: str
    told: PostMetadata | None = None
    copy: ArchivedCopy | None = None


def metadata_views(post: Post) -> tuple[View, ...]:
    """Where metadata of a post can be asked for without an account."""
    search = search_of(post.ref.platform)
    token = search.token(post.ref.id) if search and search.token and post.ref.id.isdigit() else ""
    tells = search.tells if search and token else ()
    told = [t.format(id=post.ref.id, author=post.author or "i", token=token) for t in tells]
    known = [view.url for view in endpoints(post.ref, post.author, post.url)]
    return tuple(View("metadata", url) for url in dict.fromkeys((*told, *known)))[:MOST_PLACES]


def ask_metadata(
    post: Post, client: Client, clock: Clock, *, every: bool = False, patience: float = PATIENCE
) -> Iterator[Rung]:
    """Each metadata endpoint in turn, until one tells of the post; with `every` all of them. `patience`
    is the seconds that may be spent."""
    asking = Asking(client, clock, patience)
    for view in metadata_views(post):
        rung = _ask(post, view, asking, clock)
        if rung.exchanges:
            yield rung
        if rung.shows and not every:
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


Refuses = Callable[[Exchange, str], str]
"""Says of a copy, which is of the address given, why it does not show the post; empty where it does."""


def ask_archive(
    post: Post,
    gate: str,
    client: Client,
    clock: Clock,
    near: datetime,
    refuses: Refuses,
    patience: float = PATIENCE,
) -> Rung | None:
    """The copy of a post in one web archive that is nearest to a moment and shows the post.

    A copy of an error page, of a login page or of another address is passed over, and the next nearest is
    looked at. None where nothing could be asked.
    """
    asking, began = Asking(client, clock, patience), clock.now()
    host = urlsplit(gate).hostname or gate
    passed: list[str] = []
    kept = None
    for copy in _copies(post, gate, asking, near):
        original, at = original_of(copy) or post.url, archived_at(copy)
        why = _unfit(post, copy, original) or refuses(copy, original)
        if at is not None and not why:
            kept = ArchivedCopy(archive=host, url=copy.url, original=original, at=at, shows=True)
            break
        when = f"{at:%Y-%m-%d %H:%M}" if at else "?"
        passed.append(f"its copy of {when} UTC is not taken: {why}")
    if not asking.exchanges:
        return None
    return Rung(
        view=View("archive", kept.url if kept else gate + post.url),
        started_at=began,
        ended_at=clock.now(),
        exchanges=tuple(asking.exchanges),
        answer=asking.exchanges[-1] if asking.exchanges[-1].status else None,
        shows=kept is not None,
        said=_said(kept, host, passed, asking),
        copy=kept,
    )


def _said(kept: ArchivedCopy | None, host: str, passed: list[str], asking: Asking) -> str:
    if kept is not None:
        return (
            f"a copy of {short(kept.original)} of {kept.at:%Y-%m-%d %H:%M} UTC from {host} is kept; it"
            " shows the post, and is that archive's copy, not a capture of the platform"
        )
    if passed:
        return f"{host} has no copy that shows the post: {'; '.join(passed[:MOST_PLACES])}"
    silent = next((e.error for e in asking.exchanges if e.status == 0), "")
    return f"{host} did not answer ({silent})" if silent else f"{host} has no copy of the post"


def _copies(post: Post, gate: str, asking: Asking, near: datetime) -> Iterator[Exchange]:
    """For each address of the post the nearest copy; then others that the archive lists, nearest first."""
    seen: set[str] = set()
    listed: list[tuple[str, str]] = []
    for url in addresses(post):
        copy, timemap = nearest(asking, gate, url, near)
        if copy is not None and copy.url not in seen:
            seen.add(copy.url)
            listed.append((url, timemap))
            yield copy
    for url, timemap in listed:
        for other in others(asking, gate, url, timemap, near)[:MOST_OTHERS]:
            copy = None if other.url in seen else copy_at(asking, other.url)
            seen.add(other.url)
            if copy is not None and copy.url not in seen:
                seen.add(copy.url)
                yield copy


def _unfit(post: Post, copy: Exchange, original: str) -> str:
    """Why a copy cannot be one of the post, whatever it shows: an error page, or another address."""
    if copy.status != 200:
        return f"an archived answer HTTP {copy.status}"
    known = recognise(original)
    mine = same_post(known.ref, post.ref) if known else _bare(original) in {
        _bare(url) for url in addresses(post)
    }  # fmt: skip
    return "" if mine else f"it is a copy of {short(original)}"


def _bare(url: str) -> str:
    """An address without scheme, `www.` and the slash at its end."""
    return re.sub(r"^https?:/{1,2}(?:www\.)?", "", url).rstrip("/").lower()


def addresses(post: Post) -> tuple[str, ...]:
    """The addresses under which an archive may hold a post."""
    search = search_of(post.ref.platform)
    author = post.author or "i"
    others = [t.format(author=author, id=post.ref.id) for t in search.copies] if search else []
    views = [view.url for view in post.views if view.kind == "page"]
    return tuple(dict.fromkeys((*others, post.url, *views)))[:MOST_PLACES]


def published(post: Post, dated: str | None = None) -> datetime | None:
    """When an article showed the post: the article's own day (`YYYY-MM-DD`, or a month), where it is known
    and not before the post; else the day after the post. None where nothing is known."""
    shown = datetime.combine(post.posted_on, time(12), UTC) if post.posted_on else None
    moment = post.posted_at or shown
    day = _day(dated)
    if day is not None and (moment is None or day >= moment.date()):
        return max(datetime.combine(day, time(12), UTC), moment or EARLIEST)
    return moment + timedelta(days=1) if moment else None


def _day(dated: str | None) -> date | None:
    try:
        return date.fromisoformat(f"{dated}-15"[:10]) if dated else None
    except ValueError:
        return None


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
