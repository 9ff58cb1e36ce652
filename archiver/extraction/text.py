"""Embeds in plain text, where only the words of a post and its attribution are left.

The rules of `text_marks` and `residue` give marks (attributions), `text_links` gives addresses and
tokens; here each mark gets the words before it and the address that belongs to it, and what was
found twice is brought together (embed-formats B).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import timedelta

from msgspec.structs import replace

from archiver.domain.digest import Digest
from archiver.domain.embed import Embed, Evidence
from archiver.domain.post import PostRef
from archiver.extraction.residue import residues
from archiver.extraction.text_links import MEDIA, Address, addresses, media_tokens, short_urls
from archiver.extraction.text_loose import headers, nameless, unbracketed, undated
from archiver.extraction.text_marks import Mark, attributions, ends_in_time, widgets
from archiver.extraction.text_plain import Plain, without_links
from archiver.extraction.text_span import words_before
from archiver.platforms import Recognised, posted_at, recognise, views

FRAGMENT = 240
SAME_TAIL = 60
LEAST_TAIL = 8
"""Characters of two posts' words, without blanks, that must be the same at least and at most."""
MOST_CARRIERS = 20
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
QUOTE_MARKS = re.compile(r"^\s*>+[^\S\n]?", re.MULTILINE)
LINK_HUBS = {"t.co"}
LINKED_WORDS = {"facebook", "instagram", "reddit"}
"""Platforms whose embed code makes the words a link to the post; elsewhere links in the words lead on."""


def find_in_text(
    text: str, source: str, digest: Digest, dated: str | None = None
) -> tuple[Embed, ...]:
    """All embeds and links of a text, in order of appearance, each once.

    `source` and `digest` name the document. `dated` (`YYYY-MM[-DD]`) is when the article appeared: a
    post that shows a later day is believed less.
    """
    plain = without_links(text)
    marks = list(_with_words(plain.text, _without_overlap(_marks(plain.text))))
    seen = sorted(addresses(text), key=lambda address: address.start)
    owned = dict(_owned(plain, marks, seen))
    found = [_of_mark(text, plain, mark, owned.get(mark.start)) for mark in marks]
    spare = [a for a in seen if a not in owned.values() and not _quoted_short(plain, a, marks)]
    found += [embed for address in spare for embed in _of_address(text, plain, address)]
    found += _of_tokens(text, plain, marks)
    found.sort(key=lambda embed: embed.evidence[0].offset or 0)
    doubted = (_doubt_later(embed, dated) for embed in found)
    return tuple(replace(e, source=source, document=digest) for e in _distinct(doubted))


def _marks(text: str) -> Iterator[Mark]:
    """Every mark; where two lie on one place, the one that comes first here is right."""
    yield from residues(text)
    if "@" not in text and "＠" not in text:
        yield from nameless(text)
        return
    yield from attributions(text)
    yield from widgets(text)
    yield from unbracketed(text)
    yield from nameless(text)
    yield from undated(text)
    yield from headers(text)


def _without_overlap(marks: Iterable[Mark]) -> list[Mark]:
    """The marks in order of place, without those that lie on an earlier one."""
    kept: list[Mark] = []
    starts: list[int] = []
    for mark in marks:
        place = bisect_right(starts, mark.start)
        before = kept[place - 1].end if place else 0
        after = starts[place] if place < len(starts) else mark.end
        if before <= mark.start and mark.end <= after:
            kept.insert(place, mark)
            starts.insert(place, mark.start)
    return kept


def _with_words(text: str, marks: list[Mark]) -> Iterator[Mark]:
    """The same marks, each with the stretch of its post's words, after the mark before it."""
    floor = 0
    for mark in marks:
        start, end = mark.words or words_before(text, floor, mark.start)
        start = max(start, floor, _after_others(text, start, end, mark.platform))
        yield replace(mark, words=(min(start, end), end))
        floor = max(floor, mark.end)


def _after_others(text: str, start: int, end: int, platform: str) -> int:
    """Where the words begin behind the media token of a post whose attribution is lost; a post has one."""
    tokens = list(MEDIA.finditer(text, start, end))
    own = {tokens[-1]["slug"]} if tokens and platform == "x" else set()
    return max((match.end() for match in tokens if match["slug"] not in own), default=start)


def _owned(plain: Plain, marks: list[Mark], seen: list[Address]) -> Iterator[tuple[int, Address]]:
    """The address of an attribution's very post, by the mark's start.

    It follows the attribution, or a part of it is the link; on some platforms the words are.
    """
    starts = [plain.inner(address.start) for address in seen]
    for mark in marks:
        place = bisect_right(starts, mark.end)
        first = mark.words[0] if mark.words and mark.platform in LINKED_WORDS else mark.start
        near = list(range(place - 1, bisect_right(starts, first - 1) - 1, -1))
        if place < len(seen) and starts[place] - mark.end <= 4:
            gap = plain.text[mark.end : starts[place]]
            near += [] if gap.strip(" \n\r\t(:[<") else [place]
        for number in near:
            linked = starts[number] > mark.start and not plain.text.startswith(
                "http", starts[number]
            )
            if _same_post(mark, seen[number], linked):
                yield mark.start, seen[number]
                break


def _same_post(mark: Mark, address: Address, linked: bool) -> bool:
    """Whether author and day of an address agree with the attribution, as far as both tell.

    Where the attribution itself is the link, it leads to the post, whatever handle and day it shows.
    """
    known = address.known
    if known.ref is None or known.platform != mark.platform or linked:
        return known.ref is not None and known.platform == mark.platform
    if known.author and mark.handle and not _one_author(known.author, mark.handle):
        return False
    moment = posted_at(known.ref)
    return not (moment and mark.day) or abs(moment.date() - mark.day) <= timedelta(days=1)


def _one_author(author: str, handle: str) -> bool:
    """Whether two handles can be one; a DID can be anyone's, and one may lack its server's name."""
    if author.startswith("did:"):
        return True
    one, other = author.lower().lstrip("@"), handle.lower()
    return one == other or (
        ("@" in one) != ("@" in other) and one.split("@")[0] == other.split("@")[0]
    )


def _quoted_short(plain: Plain, address: Address, marks: list[Mark]) -> bool:
    """Whether a link of unknown target stands in a post's words, where the embed names it already."""
    at = plain.inner(address.start)
    within = bisect_right([mark.words[0] for mark in marks if mark.words], at) - 1
    return address.known.kind == "short" and within >= 0 and at < marks[within].end


def _base(text: str, span: tuple[int, int], platform: str, rule: str, sure: float) -> Embed:
    """An embed over a stretch of the text; its evidence is the end of that stretch."""
    low = max(span[0], span[1] - FRAGMENT)
    proof = Evidence(rule=rule, offset=low, confidence=round(sure, 2), fragment=text[low : span[1]])
    return Embed(
        source="", document=Digest("", ""), role="embed", platform=platform, evidence=(proof,)
    )


def _identified(embed: Embed, known: Recognised, seen: str) -> Embed:
    """The embed with the identity that an address gives it."""
    shown = views(known.ref, known.author, seen) if known.ref else ()
    return replace(
        embed,
        ref=known.ref,
        url=known.url,
        seen_url=seen,
        embed_url=next((view.url for view in shown if view.kind == "embed"), None),
        handle=embed.handle or known.author,
    )


def _of_mark(text: str, plain: Plain, mark: Mark, address: Address | None) -> Embed:
    """The embed of an attribution; `address` is the one that belongs to it, if there is one."""
    start, end = mark.words or (mark.start, mark.start)
    tokens, links = media_tokens(plain.text, start, end), short_urls(plain.text, start, end)
    told = plain.outer(max(mark.end, end))
    span = plain.outer(min(start, mark.start)), max(told, address.end) if address else told
    sure = min(0.99, mark.confidence + (0.04 if tokens or links else 0.0))
    embed = replace(
        _base(text, span, mark.platform, mark.rule, sure),
        handle=mark.handle,
        author_name=mark.name,
        posted_on=mark.day,
        posted_at=mark.at,
        text=words_of(plain.text[start:end]) or None,
        short_urls=links,
        media_tokens=tokens,
    )
    known = address.known if address else recognise(mark.url) if mark.url else None
    if not known or not known.ref or known.platform != mark.platform:
        return embed
    if (
        mark.rule == "text.widget"
        and known.author
        and not _one_author(known.author, mark.handle or "")
    ):
        embed = replace(embed, handle=known.author, author_name=None, text=None)
    return _identified(embed, known, address.seen if address else mark.url or "")


def words_of(piece: str) -> str:
    """A post's words on one line, without media tokens and invisible characters."""
    unquoted = QUOTE_MARKS.sub("", MEDIA.sub(" ", piece) if "pic." in piece else piece)
    return " ".join(INVISIBLE.sub("", unquoted).split())


def _of_address(text: str, plain: Plain, address: Address) -> Iterator[Embed]:
    """An address on a line of its own is an embed (or a widget), elsewhere in the text a link.

    Where a widget was drawn, its time and day are the link.
    """
    known = address.known
    drawn = known.ref is not None and ends_in_time(plain.text, plain.inner(address.start))
    shown = (address.alone or drawn) and known.url.split("/")[2] not in LINK_HUBS
    if known.kind in ("profile", "share") or "pic." in address.seen[:12]:
        return
    if known.kind == "widget" and not shown:
        return
    role = "widget" if known.kind == "widget" else "embed" if shown else "link"
    rule = "text.widget" if drawn else "text.address-alone" if shown else "text.address"
    base = _base(text, (address.start, address.end), known.platform, rule, 0.9)
    embed = _identified(base, known, address.seen)
    yield replace(embed, role=role, short_urls=(known.url,) if known.kind == "short" else ())


def _of_tokens(text: str, plain: Plain, marks: list[Mark]) -> Iterator[Embed]:
    """Media tokens outside every attributed post: its attribution is lost, the token still leads to it."""
    starts = [mark.words[0] for mark in marks if mark.words]
    floor = 0
    for match in MEDIA.finditer(plain.text) if "pic." in text else ():
        place = bisect_right(starts, match.start()) - 1
        if place >= 0 and match.start() < marks[place].end:
            continue
        tokens = media_tokens(plain.text, match.start(), match.end())
        floor = max(floor, marks[place].end if place >= 0 else 0)
        start, end = words_before(plain.text, floor, match.start())
        floor = match.end()
        if tokens:
            span = plain.outer(start), plain.outer(match.end())
            embed = _base(text, span, "x", "text.media-token", 0.6)
            words = words_of(plain.text[start:end]) or None
            links = short_urls(plain.text, start, end)
            yield replace(embed, text=words, media_tokens=tokens, short_urls=links)


def _doubt_later(embed: Embed, dated: str | None) -> Embed:
    """Half the confidence for a post that shows a day after the month of the article."""
    if not dated or not embed.posted_on or embed.posted_on.isoformat()[: len(dated)] <= dated:
        return embed
    proof = embed.evidence[0]
    return replace(embed, evidence=(replace(proof, confidence=round(proof.confidence / 2, 2)),))


def _distinct(found: Iterable[Embed]) -> Iterator[Embed]:
    """Each post once: by its reference, else by author, day and the end of its words."""
    kept: dict[object, Embed] = {}
    for embed in found:
        key = _same(embed)
        before = kept.get(key)
        kept[key] = _joined(before, embed) if before else embed
    attributed = {token for e in kept.values() if e.handle for token in e.media_tokens}
    return (e for e in kept.values() if e.handle or not attributed.intersection(e.media_tokens))


def _joined(first: Embed, second: Embed) -> Embed:
    """One embed of two finds of a post, what is shown before what is only linked."""
    leading = second if first.role != "embed" and second.role == "embed" else first
    return replace(leading, evidence=(first.evidence + second.evidence)[:MOST_CARRIERS])


def _same(embed: Embed) -> PostRef | tuple[object, ...]:
    """What makes two finds one post. Of posts that left no words, or hardly any, each is one of its own."""
    if embed.ref:
        return embed.ref
    tail = "".join((embed.text or "").lower().split())[-SAME_TAIL:]
    told = len(tail) >= LEAST_TAIL or embed.media_tokens or embed.url
    who = (embed.handle or embed.author_name or "").lower()
    return (
        embed.platform,
        embed.role == "link",
        who,
        embed.posted_on,
        embed.media_tokens,
        tail or embed.url,
        None if told else embed.evidence[0].offset,
    )
