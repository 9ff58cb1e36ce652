"""The journal of a run: every event as one JSON object a line, for the log and for machines."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from archiver.clock import Clock, iso
from archiver.domain.capture import Status
from archiver.domain.secret import Hider, without
from archiver.domain.sound import sound
from archiver.files import disk_errors
from archiver.report import PostRow, Watcher


class Journal:
    """A watcher that hands each event to `write` as one line of JSON; `event` says which it is.

    With a clock each line begins with its time. Characters outside ASCII are escaped, so that no page
    can forge a line or move a cursor.
    """

    def __init__(self, write: Callable[[str], object], clock: Clock | None = None) -> None:
        self._write = write
        self._clock = clock

    def run_started(self, run_id: str, at: datetime) -> None:
        """`{"event": "run_started", "run": …, "at": …}`"""
        self._say("run_started", run=run_id, at=iso(at))

    def document_read(self, source: str, embeds: int) -> None:
        """`{"event": "document_read", "source": …, "embeds": …}`"""
        self._say("document_read", source=source, embeds=embeds)

    def posts_known(self, due: int, standing: int) -> None:
        """`{"event": "posts_known", "due": …, "standing": …}`"""
        self._say("posts_known", due=due, standing=standing)

    def post_started(self, target: str, url: str | None) -> None:
        """`{"event": "post_started", "target": …, "url": …}`"""
        self._say("post_started", target=target, url=url)

    def attempted(self, target: str, view: str, status: Status, reason: str) -> None:
        """`{"event": "attempted", "target": …, "view": …, "status": …, "reason": …}`"""
        self._say("attempted", target=target, view=view, status=status, reason=reason)

    def post_finished(self, row: PostRow) -> None:
        """`{"event": "post_finished", …}` with the fields of PostRow."""
        self._say("post_finished", **msgspec.structs.asdict(row))

    def note(self, text: str) -> None:
        """`{"event": "note", "text": …}`"""
        self._say("note", text=text)

    def warning(self, text: str) -> None:
        """`{"event": "warning", "text": …}`"""
        self._say("warning", text=text)

    def _say(self, event: str, **fields: object) -> None:
        time = {"time": iso(self._clock.now())} if self._clock else {}
        self._write(_ascii(msgspec.json.encode(sound({**time, "event": event, **fields}))))


class LogFile:
    """Lines for a file that may not exist yet: kept until `open` names it, then appended at once."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._waiting: list[str] = []

    def open(self, path: Path) -> None:
        """From now on lines go to `path`; those that waited go first."""
        self._path = path
        waiting, self._waiting = self._waiting, []
        for line in waiting:
            self.write(line)

    def write(self, line: str) -> None:
        """Append one line."""
        if self._path is None:
            self._waiting.append(line)
            return
        with disk_errors(self._path), open(self._path, "a", encoding="ascii") as file:
            file.write(line + "\n")


class Together:
    """Several watchers as one, told in order, one event at a time: posts end in several threads."""

    def __init__(self, watchers: Sequence[Watcher]) -> None:
        self._watchers = tuple(watchers)
        self._lock = threading.Lock()

    def _each(self) -> Iterator[Watcher]:
        with self._lock:
            yield from self._watchers

    def run_started(self, run_id: str, at: datetime) -> None:
        """Told to each."""
        for watcher in self._each():
            watcher.run_started(run_id, at)

    def document_read(self, source: str, embeds: int) -> None:
        """Told to each."""
        for watcher in self._each():
            watcher.document_read(source, embeds)

    def posts_known(self, due: int, standing: int) -> None:
        """Told to each."""
        for watcher in self._each():
            watcher.posts_known(due, standing)

    def post_started(self, target: str, url: str | None) -> None:
        """Told to each."""
        for watcher in self._each():
            watcher.post_started(target, url)

    def attempted(self, target: str, view: str, status: Status, reason: str) -> None:
        """Told to each."""
        for watcher in self._each():
            watcher.attempted(target, view, status, reason)

    def post_finished(self, row: PostRow) -> None:
        """Told to each."""
        for watcher in self._each():
            watcher.post_finished(row)

    def note(self, text: str) -> None:
        """Told to each."""
        for watcher in self._each():
            watcher.note(text)

    def warning(self, text: str) -> None:
        """Told to each."""
        for watcher in self._each():
            watcher.warning(text)


class Discreet:
    """Hands on what it is told without the secrets in it."""

    def __init__(self, watch: Watcher, hider: Hider) -> None:
        self._watch = watch
        self._hide = hider.text

    def run_started(self, run_id: str, at: datetime) -> None:
        """Handed on."""
        self._watch.run_started(run_id, at)

    def document_read(self, source: str, embeds: int) -> None:
        """Handed on."""
        self._watch.document_read(self._hide(source), embeds)

    def posts_known(self, due: int, standing: int) -> None:
        """Handed on."""
        self._watch.posts_known(due, standing)

    def post_started(self, target: str, url: str | None) -> None:
        """Handed on."""
        self._watch.post_started(self._hide(target), url and self._hide(url))

    def attempted(self, target: str, view: str, status: Status, reason: str) -> None:
        """Handed on."""
        self._watch.attempted(self._hide(target), view, status, self._hide(reason))

    def post_finished(self, row: PostRow) -> None:
        """Handed on."""
        self._watch.post_finished(without(row, self._hide))

    def note(self, text: str) -> None:
        """Handed on."""
        self._watch.note(self._hide(text))

    def warning(self, text: str) -> None:
        """Handed on."""
        self._watch.warning(self._hide(text))


def _ascii(line: bytes) -> str:
    """The same JSON with every character outside printable ASCII escaped."""
    text = line.decode()
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if " " <= c <= "~" else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
