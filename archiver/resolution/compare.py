"""Whether a post found at the end of a link is the one that the article shows.

A tweet's own link (its media token) can still lead to somebody else's post, when a video of another
account is attached; a link in its text leads to a quoted post or elsewhere far more often than to the
tweet itself. So author and day are compared, and for a link in the text both must be known and agree.
"""

from datetime import timedelta

from archiver.domain.embed import Embed
from archiver.domain.post import PostRef
from archiver.platforms import Recognised, posted_at

ZONE_SLACK = timedelta(days=1)
"""Rendered widgets and hand-typed dates show the reader's day, the id tells the UTC day."""


def contradiction(embed: Embed, found: Recognised, *, own: bool) -> str:
    """Why `found` is not the embed's post, in one line; empty when it is.

    `own` says that the link is the embed's own address or media token, not a link in its text.
    """
    if found.ref is None:
        return "no post"
    if found.platform != embed.platform and not _asked_for(embed):
        return f"a post of {found.platform}, not of {embed.platform}"
    if other_author(embed, found):
        return f"a post of @{found.author}, not of @{embed.handle}"
    if not own and not (embed.handle and found.author):
        return f"{found.url}, and nothing shows that this is the post itself"
    slack = ZONE_SLACK if own else timedelta(0)
    if not own and (embed.posted_on is None or posted_at(found.ref) is None):
        return f"{found.url}, and no day shows that this is the post itself"
    return day_differs(embed, found.ref, slack)


def other_author(embed: Embed, found: Recognised) -> bool:
    """Both authors are known by name, and differ (numbers are other names of the same account)."""
    ours, theirs = (embed.handle or "").lower(), (found.author or "").lower().lstrip("@")
    named = ours and theirs and not ours.isdigit() and not theirs.isdigit()
    return bool(named) and ours.lstrip("@") != theirs


def day_differs(embed: Embed, ref: PostRef, slack: timedelta) -> str:
    """How the displayed day and the day hidden in the id differ by more than `slack`; empty if not."""
    shown = embed.posted_on or (embed.posted_at.date() if embed.posted_at else None)
    moment = posted_at(ref)
    if shown is None or moment is None or abs(moment.date() - shown) <= slack:
        return ""
    return f"a post of {moment.date()}, while the article shows {shown}"


def contradictions(embed: Embed, ref: PostRef) -> tuple[str, ...]:
    """What the article and the id say differently of a post whose identity stands."""
    differs = day_differs(embed, ref, ZONE_SLACK)
    return (f"the id is of {differs}",) if differs else ()


def _asked_for(embed: Embed) -> bool:
    """A short link that the user named is followed to whatever platform it leads to."""
    return any(evidence.rule == "argument" for evidence in embed.evidence)
