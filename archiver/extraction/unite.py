"""Two readings of one page united: the document as it was sent, and as it stood after its scripts."""

from collections.abc import Iterable, Sequence

from msgspec.structs import asdict, replace

from archiver.domain.digest import Digest
from archiver.domain.embed import RENDERED, Embed, Evidence, Role

_RANK: dict[Role, int] = {"embed": 0, "widget": 1, "link": 2}


def as_rendered(embeds: Iterable[Embed], document: Digest) -> tuple[Embed, ...]:
    """Embeds of a rendered document as embeds of the `document` that was sent.

    The path of each carrier begins with `rendered`; offsets are left out, for nobody else has the text
    in which they count.
    """
    return tuple(
        replace(embed, document=document, evidence=tuple(map(_marked, embed.evidence)))
        for embed in embeds
    )


def _marked(carrier: Evidence) -> Evidence:
    path = f"{RENDERED} > {carrier.path}" if carrier.path else RENDERED
    return replace(carrier, offset=None, path=path)


def united(*readings: Sequence[Embed]) -> tuple[Embed, ...]:
    """One embed a post: those of the first reading in its order, then what only later ones show."""
    whole: dict[tuple[str, str], Embed] = {}
    for embed in (embed for reading in readings for embed in reading):
        key = _key(embed)
        whole[key] = _both(whole[key], embed) if key in whole else embed
    return tuple(whole.values())


def _key(embed: Embed) -> tuple[str, str]:
    """A post is known by its identity; a widget or a short link by its address too."""
    if embed.ref is not None:
        return "", embed.key
    return embed.role, f"{embed.key} {embed.url or ''}"


def _both(first: Embed, second: Embed) -> Embed:
    """The reading with the stronger role leads; what it does not know is taken from the other."""
    lead, other = sorted((first, second), key=lambda embed: _RANK[embed.role])
    missing = {name: value for name, value in asdict(other).items() if value not in _NOTHING}
    known = {name for name, value in asdict(lead).items() if value not in _NOTHING}
    more = {name: value for name, value in missing.items() if name not in known}
    evidence = (*lead.evidence, *(one for one in other.evidence if one not in lead.evidence))
    return replace(lead, **more, evidence=evidence)


_NOTHING = (None, "", ())
