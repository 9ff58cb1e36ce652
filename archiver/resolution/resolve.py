"""The front door: which post an embed shows, and where to look at it.

An embed that carries its post's identity needs no network. For one known by its text the routes of
embed-formats B4 are walked in order: the article's own other copies, the links that the text kept, what
web archives list for the day, the author's own feed. A post is accepted only if author and day (where
they are known on both sides) do not contradict and the link or the words are its own; otherwise the
embed stays unresolved, with the reason in one line and the posts that were looked at, and can be tried
again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from archiver.clock import Clock, SystemClock
from archiver.domain.embed import Embed
from archiver.domain.manifest import Article
from archiver.domain.post import Post, PostRef, Resolution
from archiver.net.client import Client
from archiver.platforms import Recognised, by_name, permalink, posted_at, recognise, views
from archiver.platforms.searches import search_of
from archiver.resolution.asking import Asking
from archiver.resolution.candidates import Judged, Sighting, best, judge
from archiver.resolution.compare import contradiction, contradictions
from archiver.resolution.copies import Copy, Find, in_copies
from archiver.resolution.follow import Followed, follow, short
from archiver.resolution.memento import WAYBACK
from archiver.resolution.search import archived_links, in_archives, in_feed

MOST_LINKS = 8
OWN_LINK, TEXT_LINK, ARCHIVED_LINK = 0.98, 0.9, 0.95
"""How sure an identity is that a link of the embed led to: its own address or media link, a link in
its text whose author and day agree, a media link as an archive followed it."""


class Lead(Struct, frozen=True):
    """A link to follow. `own` marks the embed's own address or media token."""

    url: str
    own: bool


class Accepted(Struct, frozen=True):
    """The post that an embed shows, and how sure that is."""

    known: Recognised
    confidence: float


class Quest:
    """One embed on its way through the routes: what was asked, weighed and refused so far."""

    def __init__(self, embed: Embed, asking: Asking) -> None:
        self.embed = embed
        self.asking = asking
        self.judged: list[Judged] = []
        self.reasons: list[str] = []
        search = search_of(embed.platform)
        self.slack = search.slack if search else 1

    def weigh(self, sightings: Iterable[Sighting]) -> Accepted | None:
        """Judge what a route saw; the post to accept, if one stands out."""
        seen = [judge(self.embed, sighting, self.slack) for sighting in sightings]
        self.judged.extend(seen)
        for one in seen:
            if one.candidate.why_not:
                self.asking.note(f"refused {one.candidate.ref}: {one.candidate.why_not}")
        chosen, _, why = best(seen)
        if chosen is None:
            self.reasons.extend([why] if why else [])
            return None
        ref, author = chosen.candidate.ref, chosen.sighting.author or self.embed.handle
        self.asking.note(
            f"accepted {ref}: author and day agree, {chosen.candidate.score:.0%} of the words"
            f" (found by {chosen.candidate.found_by})"
        )
        known = Recognised(
            platform=ref.platform, kind="post", ref=ref, url=permalink(ref, author), author=author
        )
        return Accepted(known, chosen.confidence)

    def end(self, accepted: Accepted | None) -> Resolution:
        """The answer, with all that was tried."""
        _, candidates, _ = best(self.judged)
        steps, exchanges = tuple(self.asking.steps), tuple(self.asking.exchanges)
        if accepted is None:
            said = "; ".join(dict.fromkeys(reason for reason in self.reasons if reason))
            reason = said or f"only its text is known: nothing leads back to it {about(self.embed)}"
            return Resolution(
                reason=reason.rstrip(), steps=steps, exchanges=exchanges, candidates=candidates,
                confidence=0.0,
            )  # fmt: skip
        differ = _contradictions(self.embed, accepted.known)
        return Resolution(
            post=post_of(self.embed, accepted.known),
            steps=steps + tuple(f"note: {line}" for line in differ),
            exchanges=exchanges,
            confidence=accepted.confidence,
            candidates=candidates,
            contradictions=differ,
        )


def resolve(
    embed: Embed,
    client: Client | None,
    *,
    clock: Clock | None = None,
    article: Article | None = None,
    find: Find | None = None,
    copies: tuple[Copy, ...] = (),
    gates: Sequence[str] = (WAYBACK,),
) -> Resolution:
    """The post that an embed shows, or the reason why it is not known. Never raises for the network.

    Without a client only what the article itself says is used. Other copies of the article (its own
    address, and `copies` that its markup names) are looked into with `find`; `gates` are the TimeGates
    of the web archives that are asked for one.
    """
    known = known_already(embed)
    if known is not None:
        differ = _contradictions(embed, known)
        steps = tuple(f"note: {line}" for line in differ)
        return Resolution(post=post_of(embed, known), steps=steps, contradictions=differ)
    leads = tuple(leads_of(embed))[:MOST_LINKS]
    if client is None:
        said = f"no network in use to follow {short(leads[0].url)}" if leads else ""
        reason = said or f"only its text is known: no link to follow {about(embed)}".rstrip()
        return Resolution(reason=reason, confidence=0.0)
    quest = Quest(embed, Asking(client, clock or SystemClock()))
    routes: list[Callable[[], Accepted | None]] = [lambda: _by_links(quest, leads)]
    if not _asked_for(embed):
        url = article.url if article else None
        first = [lambda: _by_copies(quest, url, copies, find, gates)] if find else []
        routes = [
            *first, *routes, lambda: _by_archived_links(quest), lambda: _by_search(quest),
            lambda: _by_feed(quest),
        ]  # fmt: skip
    found = (route() for route in routes)
    return quest.end(next((accepted for accepted in found if accepted), None))


# ---- the routes


def _by_copies(
    quest: Quest,
    url: str | None,
    copies: tuple[Copy, ...],
    find: Find | None,
    gates: Sequence[str],
) -> Accepted | None:
    """Another copy of the article that still names the post; the first that does is enough."""
    if find is None or not (url or copies):
        return None
    for sighting in in_copies(quest.embed, quest.asking, url, copies, find, gates):
        if accepted := quest.weigh([sighting]):
            return accepted
    return None


def _by_links(quest: Quest, leads: tuple[Lead, ...]) -> Accepted | None:
    """The links that the text kept, the surest first."""
    asking = quest.asking
    for lead in leads:
        host = _host(lead.url)
        if host in asking.dead:
            asking.note(f"{short(lead.url)}: not asked, {host} does not answer")
            continue
        led = follow(lead.url, asking)
        reason = led.reason or _refused(quest.embed, lead, led)
        if led.known is not None and not reason:
            return Accepted(led.known, OWN_LINK if lead.own else TEXT_LINK)
        asking.note(reason if led.known is not None else "")
        quest.reasons.append(reason)
    return None


def _by_archived_links(quest: Quest) -> Accepted | None:
    """The embed's media links as a web archive followed them, once the platform no longer does."""
    search = search_of(quest.embed.platform)
    for url in archived_links(quest.embed, quest.asking, search) if search else ():
        known = recognise(url)
        why = contradiction(quest.embed, known, own=True) if known else "no post"
        if known is not None and not why:
            return Accepted(known, ARCHIVED_LINK)
        quest.asking.note(f"an archived link leads to {why}")
    return None


def _by_search(quest: Quest) -> Accepted | None:
    """The posts that a web archive lists for the author's day."""
    search = search_of(quest.embed.platform)
    return quest.weigh(in_archives(quest.embed, quest.asking, search)) if search else None


def _by_feed(quest: Quest) -> Accepted | None:
    """The author's own feed."""
    search = search_of(quest.embed.platform)
    return quest.weigh(in_feed(quest.embed, quest.asking, search)) if search else None


# ---- what the embed itself says


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


def _asked_for(embed: Embed) -> bool:
    return any(evidence.rule == "argument" for evidence in embed.evidence)


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
        views=views(ref, author, found.url, embed.seen_url if embed.ref == ref else None),
        author=author,
        author_name=embed.author_name,
        text=embed.text,
        posted_at=embed.posted_at or posted_at(ref),
        posted_on=embed.posted_on,
    )


def _contradictions(embed: Embed, found: Recognised) -> tuple[str, ...]:
    return contradictions(embed, found.ref) if found.ref is not None else ()


def about(embed: Embed) -> str:
    """Author and day of an embed, for a message."""
    who = f"@{embed.handle}" if embed.handle else ""
    parts = ", ".join(part for part in (who, str(embed.posted_on or "")) if part)
    return f"({parts})" if parts else ""
