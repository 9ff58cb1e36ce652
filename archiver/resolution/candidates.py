"""Posts that might be the one an article shows, and what speaks for and against each.

Accepted is a post of the right author and day whose words are those of the embed (embed-formats B4, 5),
or which carries the embed's own media link. Everything else stays a candidate with its reason.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct

from archiver.domain.embed import Embed
from archiver.domain.metadata import PostMetadata
from archiver.domain.post import Candidate, PostRef
from archiver.platforms import permalink, posted_at
from archiver.resolution.plain import instant
from archiver.resolution.words import overlap, tokens_of

ENOUGH = 0.9


class Sighting(Struct, frozen=True, kw_only=True):
    """A post that was seen somewhere, with what was told of it there.

    `weight` (0 to 1) is how far the place is to be trusted, `found_by` names it. `same_place` says
    that it is another copy of the very article, where the day need not be known.
    """

    ref: PostRef
    found_by: str
    weight: float
    author: str | None = None
    text: str | None = None
    at: datetime | None = None
    tokens: frozenset[str] = frozenset()
    same_place: bool = False


class Judged(Struct, frozen=True):
    """A sighting, weighed: the candidate, and the confidence if it is accepted."""

    sighting: Sighting
    candidate: Candidate
    confidence: float


def sighting(post: PostMetadata, ref: PostRef, found_by: str, weight: float) -> Sighting:
    """What an answer tells of a post."""
    told = post.text or post.title
    text = str(told.value) if told else None
    return Sighting(
        ref=ref,
        found_by=found_by,
        weight=weight,
        author=str(post.author_handle.value) if post.author_handle else None,
        text=text,
        at=instant(post.posted_at.value) if post.posted_at else None,
        tokens=tokens_of(text or ""),
    )


def judge(embed: Embed, seen: Sighting, slack: int) -> Judged:
    """Weigh one sighting; `slack` is by how many days the displayed day may differ."""
    own = own_tokens(embed) & seen.tokens
    score = 1.0 if own else overlap(embed.text or "", seen.text or "")
    why = _author(embed, seen) or _day(embed, seen, timedelta(days=slack)) or _words(score, seen)
    url = permalink(seen.ref, seen.author or embed.handle)
    candidate = Candidate(
        ref=seen.ref, url=url, score=round(score, 3), found_by=seen.found_by, why_not=why
    )
    return Judged(seen, candidate, round(score * seen.weight, 3))


def own_tokens(embed: Embed) -> frozenset[str]:
    """The names of the embed's own media links."""
    return frozenset(token.rpartition("/")[2] for token in embed.media_tokens)


def _author(embed: Embed, seen: Sighting) -> str:
    if not embed.handle:
        return "" if seen.same_place else "the article does not name the author"
    if not seen.author:
        return "its author is not known"
    ours, theirs = embed.handle.lower().lstrip("@"), seen.author.lower().lstrip("@")
    if ours == theirs or _same_account(ours, theirs, seen.ref):
        return ""
    return f"a post of @{seen.author}, not of @{embed.handle}"


def _same_account(ours: str, theirs: str, ref: PostRef) -> bool:
    """On federated servers a name may stand with or without its server."""
    if ref.platform != "mastodon":
        return False
    host = ref.id.partition("/")[0]
    whole = [name if "@" in name else f"{name}@{host}" for name in (ours, theirs)]
    return whole[0] == whole[1]


def _day(embed: Embed, seen: Sighting, slack: timedelta) -> str:
    shown = shown_day(embed)
    moment = posted_at(seen.ref) or seen.at
    if shown is None:
        return "" if seen.same_place else "the article shows no day"
    if moment is None:
        return "" if seen.same_place else "its day is not known"
    if abs(moment.date() - shown) <= slack:
        return ""
    return f"a post of {moment.date()}, while the article shows {shown}"


def shown_day(embed: Embed) -> date | None:
    """The day that the article shows."""
    return embed.posted_on or (embed.posted_at.date() if embed.posted_at else None)


def _words(score: float, seen: Sighting) -> str:
    if score >= ENOUGH:
        return ""
    if not seen.text:
        return "its words are not known"
    return f"other words: {score:.0%} in common"


def best(judged: Iterable[Judged]) -> tuple[Judged | None, tuple[Candidate, ...], str]:
    """The one to accept, all candidates best first, and why none is accepted.

    Of two posts that fit equally well neither is taken.
    """
    ranked = sorted(judged, key=lambda one: (bool(one.candidate.why_not), -one.confidence))
    kept: dict[PostRef, Judged] = {}
    for one in ranked:
        kept.setdefault(one.candidate.ref, one)
    fit = [one for one in kept.values() if not one.candidate.why_not]
    listed = tuple(one.candidate for one in kept.values())
    if len(fit) > 1 and fit[0].candidate.score == fit[1].candidate.score:
        return None, listed, f"{len(fit)} posts fit equally well"
    if fit:
        return fit[0], listed, ""
    if listed:
        first = listed[0]
        return None, listed, f"the nearest post found ({first.ref}) is not it: {first.why_not}"
    return None, (), ""
