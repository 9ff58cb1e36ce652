"""Embeds as rows: JSON lines, CSV for a spreadsheet, a table for eyes."""

import csv
import io
from collections.abc import Iterable

import msgspec

from archiver.cli.text import one_line, shortened, table
from archiver.clock import iso
from archiver.domain.embed import Embed

COLUMNS = (
    "source", "role", "platform", "post_id", "url", "embed_url", "author", "author_name",
    "posted_at", "posted_on", "text", "found_by", "offset", "confidence", "handle", "short_urls",
    "media_tokens", "seen_url", "seen_by",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def row(embed: Embed) -> dict[str, object]:
    """The embed as one flat object; its first carrier says how and where it was found."""
    first = embed.evidence[0]
    return {
        "source": embed.source,
        "role": embed.role,
        "platform": embed.platform,
        "post_id": embed.ref.id if embed.ref else None,
        "url": embed.url,
        "embed_url": embed.embed_url,
        "author": embed.handle,
        "author_name": embed.author_name,
        "posted_at": iso(embed.posted_at) if embed.posted_at else None,
        "posted_on": str(embed.posted_on) if embed.posted_on else None,
        "text": embed.text,
        "found_by": first.rule,
        "offset": first.offset,
        "confidence": max(item.confidence for item in embed.evidence),
        "handle": embed.handle,
        "short_urls": embed.short_urls,
        "media_tokens": embed.media_tokens,
        "seen_url": embed.seen_url,
        "seen_by": embed.seen_by,
    }


def json_line(embed: Embed) -> str:
    """One JSON object with every carrier under `evidence`."""
    return msgspec.json.encode({**row(embed), "evidence": embed.evidence}).decode()


def csv_lines(embeds: Iterable[Embed], *, header: bool) -> str:
    """CSV (RFC 4180) of the columns; lists are joined with spaces."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    if header:
        writer.writerow(COLUMNS)
    for embed in embeds:
        values = row(embed)
        writer.writerow([_cell(values[column]) for column in COLUMNS])
    return sheet.getvalue()


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: a quote before what may start one)."""
    text = " ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    return "'" + text if text.startswith(FORMULA) else text


def table_lines(embeds: Iterable[Embed], width: int | None) -> list[str]:
    """Aligned columns under each source; lines are cut at `width` unless it is None."""
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for embed in embeds:
        grouped.setdefault(embed.source, []).append(_cells(embed))
    found = []
    for source, rows in grouped.items():
        found += [one_line(source), *table(rows, indent="  ")]
    return [cut(line, width) for line in found]


def _cells(embed: Embed) -> tuple[str, ...]:
    day = embed.posted_on or (embed.posted_at.date() if embed.posted_at else "")
    post = (
        embed.ref.id
        if embed.ref
        else embed.seen_url or " ".join(embed.short_urls + embed.media_tokens) or "?"
    )
    author = f"@{embed.handle}" if embed.handle else embed.author_name or ""
    cells = (embed.role, embed.platform, post, str(day), author, embed.text or "")
    limits = (8, 20, 60, 10, 30, 60)
    return tuple(shortened(cell, limit) for cell, limit in zip(cells, limits, strict=True))


def cut(line: str, width: int | None) -> str:
    """A line that is already printable, cut at `width` unless it is None."""
    return line if width is None or len(line) <= width else line[: width - 1] + "…"
