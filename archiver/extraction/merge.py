"""Findings to embeds: one for each post, link or widget, with all that speaks for it."""

from collections.abc import Iterable, Sequence

from archiver.domain.digest import Digest
from archiver.domain.embed import Embed, Evidence, Role
from archiver.extraction.page import Finding
from archiver.platforms import posted_at, views

FRAGMENT = 240
"""Characters of a fragment."""
BEFORE = 2000
"""How far before an id the beginning of its carrier is looked for, in characters."""

MOST = 40
"""Pieces of evidence that are kept for one embed."""

_RANK: dict[Role, int] = {"embed": 0, "widget": 1, "link": 2}


def merge(findings: Sequence[Finding], text: str, source: str, digest: Digest) -> tuple[Embed, ...]:
    """One embed for one post, in order of first appearance on the page.

    What payloads and scripts hold counts for the order only where the page's markup holds nothing.
    `text` is the decoded document, in which the offsets are found.
    """
    groups: dict[tuple[str, str], list[tuple[int, Finding]]] = {}
    for order, finding in enumerate(findings):
        groups.setdefault(_key(finding), []).append((order, finding))
    places = sorted(groups.values(), key=_place)
    return tuple(_embed([f for _, f in group], text, source, digest) for group in places)


def _key(finding: Finding) -> tuple[str, str]:
    if finding.ref is not None:
        return finding.ref.platform, finding.ref.id
    if finding.url is None and finding.told is not None:
        return finding.platform, finding.told.key
    return f"{finding.role} {finding.platform}", finding.url or finding.rule


def _place(group: Sequence[tuple[int, Finding]]) -> int:
    best = min(_RANK[finding.role] for _, finding in group)
    exact = [order for order, f in group if not f.loose and _RANK[f.role] == best]
    return min(exact, default=group[0][0])


def _embed(group: Sequence[Finding], text: str, source: str, digest: Digest) -> Embed:
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
        evidence=tuple(_evidence(ordered, text)),
    )


def _best_url(group: Sequence[Finding], best: Finding) -> str | None:
    """The canonical address that says most: the one with an author, else the best carrier's."""
    return next((f.url for f in group if f.author and f.url and f.ref), None) or best.url


def _evidence(group: Iterable[Finding], text: str) -> Iterable[Evidence]:
    after: dict[str, int] = {}
    told: set[tuple[str, int | None, str]] = set()
    for finding in group:
        if len(told) >= MOST:
            return
        offset = _offset(finding, text, after)
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


def _offset(finding: Finding, text: str, after: dict[str, int]) -> int | None:
    """Where the carrier begins: the last opening of its element before the id that it holds."""
    token = finding.token
    if not token:
        return None
    at = text.find(token, after.get(token, 0))
    if at < 0:
        return after.get(token, 1) - 1 if token in after else None
    after[token] = at + 1
    if finding.tag and not finding.path:
        begin = text.rfind("<" + finding.tag, max(0, at - BEFORE), at)
        return begin if begin >= 0 else at
    return at
