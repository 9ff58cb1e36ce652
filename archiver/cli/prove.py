"""`archiver prove`: proofs out of the log, for somebody who does not have the archive."""

from collections.abc import Iterator
from pathlib import Path

import click

from archiver.cli.holdings import archive_of, history_of, ledger_of
from archiver.cli.options import takes
from archiver.cli.text import as_json
from archiver.config import Settings
from archiver.errors import ArchiveDamaged, UsageError
from archiver.manifests.note import read_checkpoint
from archiver.proofs import Consistency, Proofs
from archiver.storage.layout import Archive


@takes(
    "consistency",
    "json",
    arguments=[click.Argument(["post"], required=False, metavar="[POST]")],
)
def command(settings: Settings, post: str | None, consistency: str | None) -> int:
    """Prove that the last capture of a post is in the log, or that the log only ever grew.

    POST is platform:id or a URL; what is printed is a proof that stands without the archive (C2SP
    tlog-proof). --consistency takes an earlier checkpoint, a file or its number of leaves, and proves that
    the log of today begins with it.
    """
    if (post is None) == (consistency is None):
        raise UsageError("name a post, or an earlier checkpoint with --consistency")
    archive = archive_of(settings)
    proofs = Proofs(archive)
    if consistency is not None:
        proof = proofs.consistency(earlier(proofs, consistency))
        text = as_json(proof) + "\n" if settings.json else said(proof)
        click.echo(text, nl=False)
        return 0
    for capture in captures_of(archive, str(post), every=settings.json):
        inclusion = proofs.inclusion(capture, proofs.checkpoint_for([capture]))
        if settings.json:
            click.echo(as_json(inclusion))
        else:
            click.echo(inclusion.text, nl=False)
    return 0


def captures_of(archive: Archive, post: str, *, every: bool) -> Iterator[str]:
    """The ids of the post's captures, oldest first, or of the last one only."""
    with ledger_of(archive) as ledger:
        history = history_of(archive, ledger, post)
    for row in history.captures[0 if every else -1 :]:
        yield row["capture_id"]


def earlier(proofs: Proofs, named: str) -> int:
    """The size of an earlier tree: a number, or what a checkpoint's file says, seen to be of this log."""
    if named.isdecimal():
        return int(named)
    try:
        checkpoint = read_checkpoint(Path(named).read_bytes())
    except (OSError, ArchiveDamaged) as error:
        raise UsageError(f"{named} is neither a number nor a checkpoint") from error
    proofs.see_same(checkpoint)
    return checkpoint.size


def said(proof: Consistency) -> str:
    """The proof in lines: both trees, the hashes, and the checkpoint of the newer one."""
    lines = [
        f"old {proof.old} {proof.old_root}",
        f"new {proof.size} {proof.root}",
        *proof.hashes,
        "",
        proof.checkpoint,
    ]
    return "\n".join(lines)
