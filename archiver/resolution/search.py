"""Looking for a post by author, day and words: in web archives by the ids of the day, and in the
author's own feed where a platform gives one to everybody (embed-formats B4, 3 to 5).
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta

from archiver.domain.embed import Embed
from archiver.domain.exchange import Exchange
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import PostRef
from archiver.net.client import redirect_of
from archiver.net.decode import decoded
from archiver.platforms import posted_at, recognise
from archiver.platforms.searches import Feed, Search
from archiver.resolution.asking import Asking
from archiver.resolution.candidates import Sighting, own_tokens, shown_day, sighting
from archiver.resolution.follow import short
from archiver.resolution.metadata import posts_in, same_post
from archiver.resolution.plain import instant
from archiver.resolution.wayback import HOST, Row, copy_of, copy_url, listed

MOST_CANDIDATES = 8
MOST_PREFIXES = 2
MOST_PAGES = 5
MOST_TOKENS = 3


def archived_links(embed: Embed, asking: Asking, search: Search) -> Iterator[str]:
    """Where the embed's own media links led to when a web archive last followed them."""
    for slug in sorted(own_tokens(embed))[:MOST_TOKENS] if search.short else ():
        link = search.short.format(slug=slug)
        rows = listed(asking, link)
        if rows is None:
            return
        moved = [row for row in rows if row.status[:1] in {"3", "-", "2"}]
        asking.note(f"{HOST} holds {len(rows)} cop{'y' if len(rows) == 1 else 'ies'} of {link}")
        if moved:
            yield from _led(asking, moved[-1])


def _led(asking: Asking, row: Row) -> Iterator[str]:
    answer = asking.ask(copy_url(row.timestamp, row.original))
    onward = redirect_of(answer) if answer else None
    known = recognise(onward) if onward else None
    if known is not None and known.kind == "post":
        asking.note(f"archived {short(row.original)} → {short(known.url)}")
        yield known.url


def in_archives(embed: Embed, asking: Asking, search: Search) -> Iterator[Sighting]:
    """Posts of the displayed day that a web archive lists under the author's name, each looked into."""
    day = shown_day(embed)
    if day is None or search.window is None or not embed.handle:
        return
    low, high = search.window(day)
    if low <= 0:
        return
    rows = _rows_of_day(embed.handle, asking, search, (low, high))
    for ref, row in list(rows.items())[:MOST_CANDIDATES]:
        yield from looked_into(ref, row, embed, asking, search)


def _rows_of_day(
    author: str, asking: Asking, search: Search, window: tuple[int, int]
) -> dict[PostRef, Row]:
    """The posts that the archive lists, with the row of each; ends with the first form that has any."""
    found: dict[PostRef, Row] = {}
    names = tuple(dict.fromkeys((author, author.lower())))
    for place in search.archived:
        for name in names if "{author}" in place else names[:1]:
            for prefix in prefixes(*window):
                rows = listed(asking, place.format(author=name, prefix=prefix), prefix=True)
                if rows is None:
                    return found
                found.update(_in_window(rows, search.platform, window))
            pattern = place.format(author=name, prefix="…")
            asking.note(f"{HOST} lists {len(found)} posts of the day under {pattern}")
            if found:
                return found
    return found


def _in_window(
    rows: tuple[Row, ...], platform: str, window: tuple[int, int]
) -> Iterator[tuple[PostRef, Row]]:
    for row in rows:
        known = recognise(row.original)
        ref = known.ref if known and known.platform == platform else None
        if ref and ref.id.isdigit() and window[0] <= int(ref.id) < window[1]:
            yield ref, row


def prefixes(low: int, high: int) -> tuple[str, ...]:
    """The fewest leading digits, at most two numbers long a list, that all ids of a window begin with."""
    first, last = str(low), str(high - 1)
    if len(first) != len(last):
        return (first[:1], last[:1])
    for length in range(len(first), 0, -1):
        between = int(last[:length]) - int(first[:length]) + 1
        if between <= MOST_PREFIXES:
            return tuple(str(int(first[:length]) + n) for n in range(between))
    return ("",)


def looked_into(
    ref: PostRef, row: Row | None, embed: Embed, asking: Asking, search: Search
) -> Iterator[Sighting]:
    """What the platform's endpoints, or else the archived page, tell of a candidate."""
    token = search.token(ref.id) if search.token else ""
    for place, weight in zip(search.tells, (0.97, 0.95), strict=False):
        url = place.format(id=ref.id, author=embed.handle or "i", token=token)
        answer = asking.ask(url)
        seen = _told(answer, ref, weight) if answer else None
        if seen is not None:
            yield seen
            return
    copy = copy_of(asking, row.original, row.timestamp) if row else None
    seen = _told(copy, ref, 0.93) if copy else None
    yield seen or Sighting(ref=ref, found_by="a listing of a web archive", weight=0.5)


def _told(answer: Exchange, ref: PostRef, weight: float) -> Sighting | None:
    for post in posts_in(answer, ref.platform):
        if same_post(post.ref, ref) and (post.text or post.title):
            return sighting(post, ref, short(answer.url).partition("?")[0], weight)
    return None


# ---- the author's own feed


def in_feed(embed: Embed, asking: Asking, search: Search) -> Iterator[Sighting]:
    """The author's posts around the displayed day, as the platform's public endpoint gives them."""
    day = shown_day(embed)
    if search.feed is None or not embed.handle or day is None:
        return
    names = names_of(embed.handle)
    if search.feed.account and not _account(asking, search.feed, names):
        return
    if any("{" + n + "}" in search.feed.url and not names.get(n) for n in ("host", "account")):
        return
    cursor = search.feed.start(day) if search.feed.start else ""
    for _ in range(MOST_PAGES):
        more = search.feed.more.format(cursor=cursor) if cursor else ""
        answer = asking.ask(search.feed.url.format(**names) + more, follow=2)
        posts = posts_in(answer, embed.platform) if answer and answer.status == 200 else ()
        if answer is not None:
            asking.note(f"{short(answer.url)}: {len(posts)} posts (HTTP {answer.status})")
        near = [p for p in posts if p.ref and _near(p, day)]
        yield from (sighting(p, p.ref, "the author's feed", 0.97) for p in near if p.ref)
        onward = _next(answer, posts, search.feed) if answer and posts else ""
        if not onward or onward == cursor or _is_before(posts, day):
            return
        cursor = onward


def names_of(handle: str) -> dict[str, str]:
    """`user@host` in its parts; a name without a host has none."""
    bare = handle.lstrip("@")
    user, _, host = bare.partition("@")
    return {"author": bare, "user": user, "host": host}


def _account(asking: Asking, feed: Feed, names: dict[str, str]) -> bool:
    """Find the account's number; says whether there is one."""
    if not names["host"]:
        return False
    answer = asking.ask(feed.account.format(**names), follow=1)
    found = _json(answer).get("id") if answer and answer.status == 200 else None
    if answer is not None:
        asking.note(f"{short(answer.url)}: HTTP {answer.status}")
    names["account"] = str(found or "")
    return names["account"].isalnum()


def _json(answer: Exchange) -> dict[str, object]:
    try:
        value = json.loads(decoded(answer, 4_000_000))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _next(answer: Exchange, posts: tuple[PostMetadata, ...], feed: Feed) -> str:
    if feed.cursor:
        return str(_json(answer).get(feed.cursor) or "")
    numbers = [p.ref.id.rpartition("/")[2] for p in posts if p.ref]
    return str(min((int(n) for n in numbers if n.isdigit()), default=""))


def _moment(post: PostMetadata) -> date | None:
    told = instant(post.posted_at.value) if post.posted_at else None
    moment = told or (posted_at(post.ref) if post.ref else None)
    return moment.date() if moment else None


def _near(post: PostMetadata, day: date) -> bool:
    moment = _moment(post)
    return moment is None or abs(moment - day) <= timedelta(days=2)


def _is_before(posts: tuple[PostMetadata, ...], day: date) -> bool:
    days = [moment for post in posts if (moment := _moment(post))]
    return bool(days) and max(days) < day - timedelta(days=2)
