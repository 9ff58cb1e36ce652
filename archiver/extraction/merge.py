"""Findings to embeds: one for each post, link or widget, with all that speaks for it."""

import sys
from collections.abc import Iterable, Sequence

from archiver.domain.digest import Digest
from archiver.domain.embed import Embed, Evidence, Role
from archiver.extraction.page import Finding
from archiver.extraction.places import places
from archiver.platforms import posted_at, views

FRAGMENT = 240
"""Characters of a fragment."""
MOST = 40
"""Pieces of evidence that are kept for one embed."""

_RANK: dict[Role, int] = {"embed": 0, "widget": 1, "link": 2}


def merge(
    findings: Sequence[Finding], text: str, source: str, digest: Digest, ordered: int = 0
) -> tuple[Embed, ...]:
    """One embed for one post, in order of first appearance on the page.

    What payloads and scripts hold counts for the order only where the page's markup holds nothing.
    `text` is the decoded document, in which the offsets are found; the first `ordered` findings stand in
    it in this order.
    """
    begins = places(findings, text, ordered)
    groups: dict[tuple[str, str], list[tuple[int, Finding]]] = {}
    for order, finding in enumerate(findings):
        groups.setdefault(_key(finding), []).append((order, finding))
    embeds: list[Embed] = []
    spots = _spots(findings, begins, ordered)
    for group in sorted(groups.values(), key=lambda group: spots[_place(group, spots)]):
        carriers = _evidence(sorted(group, key=lambda one: _RANK[one[1].role]), begins, text)
        embeds.append(_embed([f for _, f in group], source, digest, tuple(carriers)))
    return tuple(embeds)


def _key(finding: Finding) -> tuple[str, str]:
    if finding.ref is not None:
        return finding.ref.platform, finding.ref.id
    if finding.url is None and finding.told is not None:
        return finding.platform, finding.told.key
    return f"{finding.role} {finding.platform}", finding.url or finding.rule


def _spots(
    findings: Sequence[Finding], begins: Sequence[int | None], ordered: int
) -> list[tuple[int, int]]:
    """Where each finding stands: what the walk read in its order, the rest between by their offsets."""
    spots: list[tuple[int, int]] = []
    last = -1
    for order, (finding, begin) in enumerate(zip(findings, begins, strict=True)):
        at = sys.maxsize if begin is None else begin
        if order < ordered:
            if begin is not None and not finding.loose and not finding.path:
                last = max(last, begin)
            at = last
        spots.append((at, order))
    return spots


def _place(group: Sequence[tuple[int, Finding]], spots: Sequence[tuple[int, int]]) -> int:
    """The finding of a group by which it has its place: the first of its best, payloads' and scripts' left aside."""
    best = min(_RANK[finding.role] for _, finding in group)
    exact = [order for order, f in group if not f.loose and _RANK[f.role] == best]
    return min(exact, key=lambda order: spots[order], default=group[0][0])


def _embed(
    group: Sequence[Finding], source: str, digest: Digest, evidence: tuple[Evidence, ...]
) -> Embed:
    best = min(group, key=lambda f: (_RANK[f.role], -f.sure))
    ordered = sorted(group, key=lambda f: _RANK[f.role])
    ref = best.ref
    author = next((f.author for f in ordered if f.author), None)
    told = next((f.told for f in ordered if f.told), None)
    shown = views(ref, author, best.url, best.seen) if ref else ()
    moment = posted_at(ref) if ref else None
    short = () if ref else tuple(f.seen for f in group[:1] if best.url and best.role != "widget")
    return Embed(
        source=source,
        document=digest,
        role=best.role,
        platform=best.platform,
        ref=ref,
        url=_best_url(ordered, best),
        seen_url=best.seen or None,
        embed_url=next((view.url for view in shown if view.kind == "embed"), None),
        handle=author or (told.handle if told else None),
        author_name=told.author_name if told else None,
        posted_at=moment or (told.posted_at if told else None),
        posted_on=told.posted_on if told else None,
        text=told.text if told else None,
        short_urls=short or (told.short_urls if told else ()),
        media_tokens=told.media_tokens if told else (),
        evidence=evidence,
    )


def _best_url(group: Sequence[Finding], best: Finding) -> str | None:
    """The canonical address that says most: the one with an author, else the best carrier's."""
    return next((f.url for f in group if f.author and f.url and f.ref), None) or best.url


def _evidence(
    group: Iterable[tuple[int, Finding]], begins: Sequence[int | None], text: str
) -> Iterable[Evidence]:
    """What speaks for one embed, the carriers of the strongest role first."""
    told: set[tuple[str, int | None, str]] = set()
    for order, finding in group:
        if len(told) >= MOST:
            return
        offset = begins[order]
        mark = (finding.rule, offset, finding.path)
        if mark in told:
            continue
        told.add(mark)
        fragment = (
            text[offset : offset + FRAGMENT] if offset is not None else finding.seen[:FRAGMENT]
        )
        yield Evidence(
            rule=finding.rule,
            offset=offset,
            path=finding.path,
            confidence=finding.sure,
            fragment=fragment,
        )
