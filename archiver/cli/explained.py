"""A capture in plain words: what the post is, how that is known, what was tried, why the status is so."""

from collections.abc import Iterator

from archiver.cli.text import one_line, plural
from archiver.domain.manifest import Manifest
from archiver.domain.metadata import PostMetadata, Told

VIEWS = {
    "embed": "embed view",
    "page": "page",
    "metadata": "endpoint",
    "login": "page, logged in",
    "archive": "web archive",
}
ACTIVE = {"quoted": "quotes", "replied-to": "answers", "reposted": "passes on"}
PASSIVE = {"quoted": "quoted by", "replied-to": "answered by", "reposted": "passed on by"}
"""How the post that led to this one stands to it."""
LONGEST = 300
MOST_SIGNALS = 4
MOST_MEDIA = 8


def explained(manifest: Manifest) -> Iterator[str]:
    """The lines of `archiver show` for one capture; everything in them is from its manifest."""
    if manifest.metadata:
        yield from _told(manifest.metadata)
    yield from _identity(manifest)
    for one in manifest.context:
        yield f"    found as  {PASSIVE[one.relation]} {_line(str(one.by))}"
    for attempt in manifest.attempts:
        where = VIEWS.get(attempt.view.kind, attempt.view.kind)
        outcome = attempt.outcome
        status = "" if attempt.view.kind == "archive" else f"{outcome.status}, "
        yield f"    tried     {where}: {status}{_line(outcome.reason)}"
        yield f"              {_line(attempt.view.url)}"
    for signal in manifest.outcome.signals[:MOST_SIGNALS]:
        said = f" says {_line(signal.detail)}" if signal.detail else ""
        yield f"    because   {_line(signal.url)}{said} ({signal.rule})"
    for copy in manifest.copies:
        yield f"    copy      of {copy.at:%Y-%m-%d %H:%M} UTC from {_line(copy.archive)}: {_line(copy.url)}"
    for note in manifest.notes:
        yield f"    note      {_line(note)}"


def _told(told: PostMetadata) -> Iterator[str]:
    who = [_value(told.author_name), f"@{_value(told.author_handle)}" if told.author_handle else ""]
    author = " ".join(part for part in who if part)
    if author:
        yield f"    author    {author}{_from(told.author_handle or told.author_name)}"
    if told.posted_at:
        yield f"    posted    {_value(told.posted_at)}{_from(told.posted_at)}"
    for name, one in (("title", told.title), ("text", told.text)):
        if one:
            yield f"    {name:<9} {_value(one)}{_from(one)}"
    if told.counts:
        yield "    counts    " + ", ".join(f"{c.value} {name}" for name, c in told.counts.items())
    if told.media:
        yield f"    media     {plural(len(told.media), 'item')}"
    for medium in told.media[:MOST_MEDIA]:
        words = f": {_value(medium.alt)}" if medium.alt else ""
        yield f"              {_value(medium.kind or medium.url or medium.preview)}{words}"
    for name, one in (("language", told.language), ("edited", told.edited_at)):
        if one:
            yield f"    {name:<9} {_value(one)}{_from(one)}"
    if told.labels:
        yield "    labels    " + ", ".join(_value(label) for label in told.labels)
    if len(told.edits) > 1:
        yield f"    edits     {plural(len(told.edits), 'version')}"
    for other in told.related:
        yield f"    {ACTIVE[other.relation]:<9} {_line(str(other.ref or other.told.value))}"


def _identity(manifest: Manifest) -> Iterator[str]:
    if manifest.confidence is not None and manifest.resolution:
        yield f"    identity  {manifest.confidence:.0%} sure, after these steps:"
        yield from (f"              {_line(step)}" for step in manifest.resolution)
    elif manifest.post and manifest.articles:
        yield "    identity  the article names the post"
    for candidate in manifest.candidates:
        if candidate.why_not:
            yield f"    not it    {candidate.ref}: {_line(candidate.why_not)}"


def _from(told: Told | None) -> str:
    return f"  [{_line(told.url)} {_line(told.path)}]" if told else ""


def _value(told: Told | None) -> str:
    return _line(str(told.value)) if told else ""


def _line(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
