"""Having the newest checkpoint anchored in Bitcoin by the calendars of OpenTimestamps, and fetching what is due."""

from collections.abc import Iterator, Set
from pathlib import Path
from urllib.parse import urlsplit

from archiver.clock import Ids
from archiver.errors import ArchiverError
from archiver.files import write_atomically
from archiver.manifests.anchor import (
    NONCE,
    TYPE,
    commitment,
    complete,
    pending,
    see_installed,
    upgraded,
    waiting,
)
from archiver.net.client import Client, whole_answer
from archiver.storage.layout import LogFolder

SECONDS = 15.0
LONGEST = 1 << 16
MOST = 24
"""Pending proofs that one run asks for: an archive that was offline has many."""


def anchor(
    log: LogFolder,
    calendars: tuple[str, ...],
    client: Client,
    ids: Ids,
    known: Set[str] = frozenset(),
) -> Iterator[str]:
    """Ask each calendar for a proof of the newest checkpoint where there is none of it yet, and for the rest of
    pending ones; `known` are the names of proofs that the log holds, which are complete. Gives the problems, one
    line each; that a proof is still pending is none."""
    if not calendars:
        return
    try:
        see_installed()
    except ArchiverError as error:
        yield error.message
        return
    for path in _asked_for(log, known, ids):
        _upgrade(path, client)
    for size in log.sizes()[-1:]:
        message = log.checkpoint(size).read_bytes()
        for calendar in calendars:
            place = log.anchor(size, calendar)
            if not place.exists():
                try:
                    _ask(calendar, message, place, client, ids)
                except ArchiverError as error:
                    yield f"no proof of {urlsplit(calendar).hostname} yet: {error.message}"


def anchored(log: LogFolder, known: Set[str] = frozenset()) -> Iterator[Path]:
    """The proofs that are complete, and so will never change again, without the `known` names: over the years
    there are as many as checkpoints, and each is read."""
    return (path for path, whole in _proofs(log, known) if whole)


def _proofs(log: LogFolder, known: Set[str]) -> Iterator[tuple[Path, bool]]:
    """The proofs without the `known` names, each with whether it is complete."""
    for path in sorted(log.stamps.glob("*.ots")):
        if path.name not in known:
            try:
                see_installed()
                yield path, complete(path.read_bytes())
            except ArchiverError:  # damaged, or nothing here can read it: `verify` speaks of it
                yield path, False


def _asked_for(log: LogFolder, known: Set[str], ids: Ids) -> list[Path]:
    """The pending proofs that this run asks for: of each calendar as many, drawn by lot. A calendar that is no
    more never completes its proofs, and one may lose some; in any fixed order they would keep the others waiting."""
    by_calendar: dict[str, list[Path]] = {}
    for path, whole in _proofs(log, known):
        if not whole:
            by_calendar.setdefault(path.name.partition("-")[2], []).append(path)
    share = max(MOST // max(len(by_calendar), 1), 1)
    drawn = (sorted(paths, key=lambda _: ids.token(8))[:share] for paths in by_calendar.values())
    return [path for paths in drawn for path in paths]


def _ask(calendar: str, message: bytes, place: Path, client: Client, ids: Ids) -> None:
    nonce = bytes.fromhex(ids.token(2 * NONCE))
    asked = commitment(message, nonce)
    answer = _answer(client, f"{calendar.rstrip('/')}/digest", asked)
    write_atomically(place, pending(message, nonce, answer))


def _upgrade(path: Path, client: Client) -> None:
    """Fetch what a calendar has of a proof by now; what it has not yet is asked for again next time."""
    data = before = path.read_bytes()
    try:
        for calendar, message in waiting(data):
            url = f"{calendar.rstrip('/')}/timestamp/{message.hex()}"
            data = upgraded(data, message, _answer(client, url))
    except ArchiverError:
        pass
    if data != before:
        write_atomically(path, data)


def _answer(client: Client, url: str, body: bytes = b"") -> bytes:
    answer = client.fetch(
        url,
        method="POST" if body else "GET",
        headers=(("Accept", TYPE), ("Content-Type", "application/octet-stream" if body else "")),
        body=body,
        timeout=SECONDS,
        max_bytes=LONGEST,
    )[-1]
    return whole_answer(answer)
