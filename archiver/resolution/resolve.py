"""The front door of resolution: which post is this embed?

An identity is taken only where something leads to it and nothing contradicts it; else the embed stays
unresolved, with the reason in one line, and can be tried again.
"""

from collections.abc import Iterator

from msgspec import Struct

from archiver.clock import Clock, SystemClock
from archiver.domain.embed import Embed
from archiver.domain.exchange import Exchange
from archiver.domain.post import Post, PostRef, Resolution
from archiver.net.client import Client
from archiver.platforms import Recognised, by_name, permalink, posted_at, recognise, views
from archiver.resolution.compare import ZONE_SLACK, contradiction, day_differs
from archiver.resolution.follow import Followed, follow, short

BUDGET = 10.0
"""Seconds that one embed may take, whatever the network does."""

MOST_LINKS = 8


class Lead(Struct, frozen=True):
    """A link to follow. `own` marks the embed's own address or media token."""

    url: str
    own: bool


def resolve(embed: Embed, client: Client | None, *, clock: Clock | None = None) -> Resolution:
    """The post that an embed shows, or the reason why it is not known. Never raises for the network.

    Without a client only what the article itself says is used.
    """
    known = known_already(embed)
    if known is not None:
        return Resolution(post=post_of(embed, known), steps=_noted(embed, known))
    leads = tuple(leads_of(embed))[:MOST_LINKS]
    if not leads:
        return Resolution(
            reason=f"only its text is known: no link to follow {_about(embed)}".rstrip()
        )
    if client is None:
        return Resolution(reason=f"no network in use to follow {short(leads[0].url)}")
    return _followed(embed, leads, client, clock or SystemClock())


def known_already(embed: Embed) -> Recognised | None:
    """The identity that the embed carries, in its reference or its address."""
    if embed.ref is not None:
        url = embed.url or permalink(embed.ref, embed.handle)
        return Recognised(
            platform=embed.ref.platform, kind="post", ref=embed.ref, url=url, author=embed.handle
        )
    found = recognise(embed.url) if embed.url else None
    return found if found is not None and found.kind == "post" else None


def leads_of(embed: Embed) -> Iterator[Lead]:
    """The links that may lead to the post, the surest first, each once.

    The embed's own address and its media tokens come first. A media token is looked for where the
    platform's short links are: both are one namespace (the first of `short_hosts` answers for it).
    """
    platform = by_name(embed.platform)
    host = platform.short_hosts[0] if platform and platform.short_hosts else ""
    own = [url for url in (embed.url, embed.seen_url) if url and _is_short(url)]
    own += [f"https://{host}/{token.rpartition('/')[2]}" for token in embed.media_tokens if host]
    yield from (Lead(url, True) for url in dict.fromkeys(own))
    rest = dict.fromkeys(url for url in embed.short_urls if url not in own)
    yield from (Lead(url, False) for url in rest)


def _is_short(url: str) -> bool:
    found = recognise(url)
    return found is not None and found.kind == "short"


def _followed(embed: Embed, leads: tuple[Lead, ...], client: Client, clock: Clock) -> Resolution:
    end = clock.monotonic() + BUDGET
    steps: list[str] = []
    exchanges: list[Exchange] = []
    reasons: list[str] = []
    dead: set[str] = set()
    for lead in leads:
        if _host(lead.url) in dead:
            steps.append(f"{short(lead.url)}: not asked, {_host(lead.url)} does not answer")
            continue
        led = follow(lead.url, client, lambda: end - clock.monotonic())
        steps.extend(led.steps)
        exchanges.extend(led.exchanges)
        dead.add(led.dead_host)
        reason = led.reason or _refused(embed, lead, led)
        if led.known is not None and not reason:
            steps.extend(_noted(embed, led.known))
            post = post_of(embed, led.known)
            return Resolution(post=post, steps=tuple(steps), exchanges=tuple(exchanges))
        steps.extend([reason] if led.known is not None else [])
        reasons.append(reason)
    said = "; ".join(dict.fromkeys(reasons))
    return Resolution(reason=said, steps=tuple(steps), exchanges=tuple(exchanges))


def _refused(embed: Embed, lead: Lead, led: Followed) -> str:
    if led.known is None:
        return ""
    why = contradiction(embed, led.known, own=lead.own)
    return f"{short(lead.url)} leads to {why}" if why else ""


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()


def post_of(embed: Embed, found: Recognised) -> Post:
    """The post, with what the article says of it and where to look at it."""
    ref = found.ref or PostRef("web", found.url)
    author = found.author or embed.handle
    return Post(
        ref=ref,
        url=found.url,
        views=views(ref, author, found.url),
        author=author,
        author_name=embed.author_name,
        text=embed.text,
        posted_at=embed.posted_at or posted_at(ref),
        posted_on=embed.posted_on,
    )


def _noted(embed: Embed, found: Recognised) -> tuple[str, ...]:
    """A day that does not fit the id is told, though the identity stands."""
    differs = day_differs(embed, found.ref, ZONE_SLACK) if found.ref is not None else ""
    return (f"note: the id is of {differs}",) if differs else ()


def _about(embed: Embed) -> str:
    who = f"@{embed.handle}" if embed.handle else ""
    parts = ", ".join(part for part in (who, str(embed.posted_on or "")) if part)
    return f"({parts})" if parts else ""
