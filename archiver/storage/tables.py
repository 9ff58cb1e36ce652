"""The ledger's tables, and a manifest as their rows.

Only what a manifest says stands in them, so that they can be made again from the manifests alone. Whatever is
changed here needs a new version and its step in `migrations.py`.
Instants are text of one width in UTC (`2026-11-22T04:06:11.123456Z`), so that they sort as they are.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sql

from archiver.domain.digest import Digest
from archiver.domain.manifest import Manifest

METADATA = sql.MetaData()

CAPTURES = sql.Table(
    "captures",
    METADATA,
    sql.Column("capture_id", sql.Text, primary_key=True),
    sql.Column("run_id", sql.Text, nullable=False),
    sql.Column("target", sql.Text, nullable=False),
    sql.Column("kind", sql.Text, nullable=False),
    sql.Column("platform", sql.Text, nullable=False),
    sql.Column("post_id", sql.Text),
    sql.Column("url", sql.Text),
    sql.Column("status", sql.Text, nullable=False),
    sql.Column("reason", sql.Text, nullable=False),
    sql.Column("retry_after", sql.Float),
    sql.Column("started_at", sql.Text, nullable=False),
    sql.Column("ended_at", sql.Text, nullable=False),
    sql.Column("manifest", sql.Text, nullable=False),
    sql.Column("manifest_digest", sql.Text, nullable=False),
    sql.Column("warc", sql.Text),
    sql.Column("compared", sql.Text),
    sql.Column("differences", sql.Text),
    sql.Index("captures_by_target", "target", "started_at"),
    sql.Index("captures_by_run", "run_id"),
    sql.Index("captures_by_start", "started_at", "capture_id"),
)
"""One row a capture; `kind` is `post`, `article` or `kept`. The row is the commit point of a capture."""

EMBEDS = sql.Table(
    "embeds",
    METADATA,
    sql.Column(
        "capture_id",
        sql.Text,
        sql.ForeignKey("captures.capture_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sql.Column("position", sql.Integer, primary_key=True),
    sql.Column("key", sql.Text, nullable=False),
    sql.Column("source", sql.Text, nullable=False),
    sql.Column("article_url", sql.Text),
    sql.Column("article_digest", sql.Text, nullable=False),
    sql.Index("embeds_by_key", "key"),
    sql.Index("embeds_by_source", "source"),
)
"""Where a captured post was found: one row for each article of each capture."""

Row = dict[str, Any]


def capture_row(manifest: Manifest, path: str, digest: Digest) -> Row:
    """The row of `captures`; `path` is the manifest's, below the archive's folder."""
    platform, _, rest = manifest.target.partition(":")
    ref = manifest.post.ref if manifest.post else None
    known = None if rest.startswith("?") or manifest.document else rest
    run = path.rpartition("/manifests/")[0]
    compared = manifest.compared
    return {
        "capture_id": manifest.capture_id,
        "run_id": manifest.run_id,
        "target": manifest.target,
        "kind": _kind(manifest),
        "platform": ref.platform if ref else platform,
        "post_id": ref.id if ref else known,
        "url": manifest.post.url if manifest.post else manifest.page_url,
        "status": manifest.outcome.status.value,
        "reason": manifest.outcome.reason,
        "retry_after": manifest.outcome.retry_after,
        "started_at": instant(manifest.started_at),
        "ended_at": instant(manifest.ended_at),
        "manifest": path,
        "manifest_digest": str(digest),
        "warc": f"{run}/{manifest.warc_file}" if manifest.warc_file else None,
        "compared": compared.verdict if compared else None,
        "differences": "; ".join(compared.what) if compared else None,
    }


def _kind(manifest: Manifest) -> str:
    """`kept` is what removed captures left for others."""
    if manifest.document:
        return "article"
    return "kept" if manifest.target.startswith("kept:") else "post"


def embed_rows(manifest: Manifest) -> list[Row]:
    """The rows of `embeds`."""
    return [
        {
            "capture_id": manifest.capture_id,
            "position": position,
            "key": article.embed.key,
            "source": article.source,
            "article_url": article.url,
            "article_digest": str(article.digest),
        }
        for position, article in enumerate(manifest.articles)
    ]


def instant(moment: datetime) -> str:
    """UTC to the microsecond, always of the same width."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
