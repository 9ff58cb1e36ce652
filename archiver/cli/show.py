"""`archiver show`: everything the archive holds of one post."""

import json
from collections.abc import Iterator
from typing import Any

import click
import msgspec

from archiver.cli.explained import explained
from archiver.cli.holdings import archive_of, history_of, ledger_of
from archiver.cli.options import takes
from archiver.cli.statement import stated
from archiver.cli.text import as_json, one_line, printable
from archiver.config import Settings
from archiver.errors import ArchiveDamaged
from archiver.manifests.file import read_manifest
from archiver.storage.layout import Archive
from archiver.storage.shown import PostHistory


@takes("manifest", "json", arguments=[click.Argument(["post"], metavar="POST")])
def command(settings: Settings, post: str, manifest: bool) -> int:
    """Show what the archive holds of one post.

    POST is platform:id as 'archiver list' prints it, or the post's URL. --manifest tells all that the manifest
    of its last capture says; with --json it is printed as it is on disk.
    """
    archive = archive_of(settings)
    with ledger_of(archive) as ledger:
        history = history_of(archive, ledger, post)
    last = history.captures[-1]["manifest"]
    if manifest and settings.json:
        click.echo(manifest_text(archive, last))
    elif manifest:
        for line in stated(read_manifest(archive.absolute(last))):
            click.echo(line)
    elif settings.json:
        for capture in history.captures:
            click.echo(as_json(capture))
    else:
        for line in described(archive, history):
            click.echo(line)
    return 0


def manifest_text(archive: Archive, path: str) -> str:
    """A manifest as it is on disk, laid out for reading. Raises ArchiveDamaged when it is gone."""
    file = archive.absolute(path)
    try:
        return printable_json(msgspec.json.format(file.read_bytes(), indent=2).decode())
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise ArchiveDamaged(f"cannot read the manifest {file}: {error}") from error


def printable_json(text: str) -> str:
    """JSON text without characters that steer a terminal (inside strings they may stand raw)."""
    return "\n".join(
        "".join(c if printable(c) == c else json.dumps(c)[1:-1] for c in line)
        for line in text.split("\n")
    )


def described(archive: Archive, history: PostHistory) -> Iterator[str]:
    """The post and its captures in lines for people, the last capture at the end."""
    yield f"{one_line(history.target)}: {history.status}"
    if history.url:
        yield f"  {one_line(history.url)}"
    for article in history.articles:
        yield f"  embedded in {one_line(article)}"
    for capture in history.captures:
        yield ""
        yield from _capture(archive, capture)
    yield from _last(archive, history)


def _last(archive: Archive, history: PostHistory) -> Iterator[str]:
    """The last capture in plain words; a manifest that is gone is left to `verify`."""
    try:
        yield from explained(read_manifest(archive.absolute(history.captures[-1]["manifest"])))
    except ArchiveDamaged as error:
        yield f"    {printable(error.message)}"


def _capture(archive: Archive, row: dict[str, Any]) -> Iterator[str]:
    when = str(row["ended_at"])[:19].replace("T", " ")
    yield f"  {when} UTC  {row['status']}: {one_line(str(row['reason']))}"
    for name in ("warc", "manifest"):
        if row[name]:
            yield f"    {name:<9} {printable(str(archive.absolute(row[name])))}"
