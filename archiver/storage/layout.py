"""Where everything lies in an archive. Every path is made here, and only from names that are safe.

Nothing from a page ever becomes part of a path as it is: run and capture ids are our own, and what is
readable in them is reduced to a strict slug. Below the archive's folder no symbolic link is followed:
one would lead what is written somewhere else.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from archiver.clock import Ids, compact
from archiver.errors import ArchiverError
from archiver.files import disk_errors, make_folders, sync_folder

FOLDER_MODE = 0o750
PARTS = ("archive", "indexes", "pages", "manifests", "logs")
"""The folders of a run, by the layout of WACZ 1.1.1 and two of our own one level deep."""

_RUN_ID = re.compile(r"(\d{4})(\d\d)(\d\d)T\d{6}Z-[0-9a-f]{4,32}")
_CAPTURE_ID = re.compile(r"[a-z0-9][a-z0-9\-]{0,119}")
_CHECKPOINT = re.compile(r"\d{12}\.txt")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def new_run_id(now: datetime, ids: Ids) -> str:
    """`20261122T040611Z-3f9a`."""
    return f"{compact(now)}-{ids.token(4)}"


def new_capture_id(target: str, ids: Ids) -> str:
    """A fresh name for a capture of `target`: readable, safe on every file system, never met twice.

    The slug tells a person what it is; the digest keeps apart what the slug makes equal (`a_B`, `a-b`);
    the random part keeps apart the captures of one post.
    """
    slug = _NOT_SLUG.sub("-", target.lower()).strip("-")[:48].strip("-") or "post"
    digest = hashlib.sha256(target.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug}-{digest}-{ids.token(8)}"


class RunFolder(Struct, frozen=True):
    """The folder of one run: an unpacked WACZ."""

    path: Path

    @property
    def id(self) -> str:
        """The run's id."""
        return self.path.name

    @property
    def archive(self) -> Path:
        """The folder of WARC files."""
        return self.path / "archive"

    @property
    def manifests(self) -> Path:
        """The folder of manifests."""
        return self.path / "manifests"

    @property
    def index(self) -> Path:
        """The CDXJ index of the run."""
        return self.path / "indexes" / "index.cdxj"

    @property
    def log(self) -> Path:
        """The log of the run, one JSON object a line."""
        return self.path / "logs" / "run.jsonl"

    @property
    def seal(self) -> Path:
        """The digest of the run's package, signed; it is written last."""
        return self.path / "datapackage-digest.json"

    @property
    def finished(self) -> bool:
        """Whether the run was packaged to its end."""
        return self.seal.is_file()

    def warc(self, capture_id: str) -> Path:
        """The WARC file of a capture. Raises ArchiverError for an id that is no name of ours."""
        return self.archive / f"{_checked(capture_id)}.warc.gz"

    def manifest(self, capture_id: str) -> Path:
        """The manifest of a capture. Raises ArchiverError for an id that is no name of ours."""
        return self.manifests / f"{_checked(capture_id)}.json"

    def prepare(self) -> None:
        """Make the folders of the run that are not there yet. Raises ArchiverError as `Archive.prepare` does."""
        _own_folder(self.path)
        for part in PARTS:
            _own_folder(self.path / part)

    def captures(self) -> tuple[str, ...]:
        """The ids of all captures that have a manifest here, sorted."""
        return tuple(sorted(path.stem for path in self.manifests.glob("*.json")))


class LogFolder(Struct, frozen=True):
    """The folder of the archive's Merkle log."""

    path: Path

    @property
    def leaves(self) -> Path:
        """The leaves, one a line."""
        return self.path / "leaves.jsonl"

    @property
    def checkpoints(self) -> Path:
        """The folder of signed checkpoints."""
        return self.path / "checkpoints"

    @property
    def stamps(self) -> Path:
        """The folder of time-stamp tokens."""
        return self.path / "stamps"

    @property
    def tombstones(self) -> Path:
        """The folder of statements about removed captures."""
        return self.path / "tombstones"

    @property
    def key_changes(self) -> Path:
        """The folder of statements by which keys were replaced."""
        return self.path / "keychanges"

    def key_change(self, size: int) -> Path:
        """The statement that is the leaf after the first `size` ones."""
        return self.key_changes / f"{size:012}.txt"

    def checkpoint(self, size: int) -> Path:
        """The checkpoint of the tree with `size` leaves."""
        return self.checkpoints / f"{size:012}.txt"

    def sizes(self) -> tuple[int, ...]:
        """The sizes of all checkpoints, the smallest first."""
        names = (path.name for path in self.checkpoints.glob("*.txt"))
        return tuple(sorted(int(name[:12]) for name in names if _CHECKPOINT.fullmatch(name)))

    def stamp(self, size: int, authority: str) -> Path:
        """The answer of a time-stamping authority, by its URL, for the tree with `size` leaves. Of the URL only
        the host can be read in the name: the rest may hold a token."""
        return self._of_another(size, authority, "tsr")

    def anchor(self, size: int, calendar: str) -> Path:
        """The proof of a calendar of OpenTimestamps, as `stamp`."""
        return self._of_another(size, calendar, "ots")

    def _of_another(self, size: int, authority: str, suffix: str) -> Path:
        place = urlsplit(authority)
        host = _NOT_SLUG.sub("-", (place.hostname or "").lower()).strip("-")[:40]
        digest = hashlib.sha256(authority.encode()).hexdigest()[:8]
        return self.stamps / f"{size:012}-{host or 'tsa'}-{digest}.{suffix}"

    def tombstone(self, capture_id: str) -> Path:
        """The statement about a removed capture. Raises ArchiverError for no id of ours."""
        return self.tombstones / f"{_checked(capture_id)}.json"

    def prepare(self) -> None:
        """Make the folders if need be. Raises ArchiverError as `Archive.prepare` does."""
        own = (self.path, self.checkpoints, self.stamps, self.tombstones, self.key_changes)
        for folder in own:
            _own_folder(folder)


class Keys(Struct, frozen=True):
    """The folder of an archive's keys: `<name>.key` is private, `<name>.pub` public."""

    path: Path

    def private(self, name: str) -> Path:
        """The private part of a key."""
        return self.path / f"{name}.key"

    def next(self, name: str) -> Path:
        """The private part of a key that is about to take the place of another."""
        return self.path / f"{name}.key.next"

    def public(self, name: str) -> Path:
        """The public part of a key."""
        return self.path / f"{name}.pub"

    @property
    def verifier(self) -> Path:
        """The public part of the log's key, on one line as note tools read it."""
        return self.path / "log.vkey"

    def prepare(self) -> None:
        """Make the folder if need be. Raises ArchiverError as `Archive.prepare` does."""
        with disk_errors(self.path):
            make_folders(self.path.parent, FOLDER_MODE)
        _own_folder(self.path)


class Archive(Struct, frozen=True):
    """An archive by its folder."""

    root: Path

    @property
    def ledger(self) -> Path:
        """The ledger's database."""
        return self.root / "ledger.sqlite3"

    @property
    def lock(self) -> Path:
        """The file that a run locks."""
        return self.root / "lock"

    @property
    def hosts(self) -> Path:
        """What is remembered of hosts that asked to be left alone."""
        return self.root / "hosts.json"

    @property
    def last_run(self) -> Path:
        """When a run last came to its end."""
        return self.root / "last-run.json"

    @property
    def feeds(self) -> Path:
        """Feeds as they were read last, by the digest of their address."""
        return self.root / "feeds"

    @property
    def runs(self) -> Path:
        """The folder of all runs."""
        return self.root / "runs"

    @property
    def removed(self) -> Path:
        """Where captures go that were taken out on request and not destroyed."""
        return self.root / "removed"

    @property
    def log(self) -> LogFolder:
        """The Merkle log of all manifests."""
        return LogFolder(self.root / "log")

    @property
    def keys(self) -> Keys:
        """The keys that sign; the public parts are always here."""
        return Keys(self.root / "keys")

    @property
    def quarantine(self) -> Path:
        """Where leftovers of interrupted runs go; nothing is ever deleted."""
        return self.root / "quarantine"

    def prepare(self) -> None:
        """Make the archive's folders if need be, and see that they can be written to.

        Raises ArchiverError (one clear line) for a file where a folder should be, a symbolic link below
        the archive's own folder, or a folder that is not writable; NoSpace on a full disk.
        """
        with disk_errors(self.root):
            if self.root.exists() and not self.root.is_dir():
                raise ArchiverError(f"the archive {self.root} is not a folder")
            make_folders(self.root, FOLDER_MODE)
        _see_writable(self.root)
        for folder in (self.runs, self.quarantine):
            _own_folder(folder)
        for file in (self.ledger, self.lock, self.hosts, self.last_run):
            if file.is_symlink() or (file.exists() and not file.is_file()):
                raise ArchiverError(
                    f"{file} is not a plain file", hint="move it out of the archive"
                )
            if file.exists():
                _see_writable(file)

    def create_run(self, run_id: str) -> RunFolder:
        """Make the folders of a new run; its name must not be taken. Errors as in `prepare`."""
        folder = self.run(run_id)
        if folder.path.exists():
            raise ArchiverError(f"the run {run_id} is there already")
        for parent in reversed(folder.path.parents[:3]):
            _own_folder(parent)
        folder.prepare()
        return folder

    def run(self, run_id: str) -> RunFolder:
        """The folder of a run by its id. Raises ArchiverError for an id that is no name of ours."""
        match = _RUN_ID.fullmatch(run_id)
        if match is None:
            raise ArchiverError(f"{run_id!r} is no run id")
        return RunFolder(self.runs / match[1] / match[2] / match[3] / run_id)

    def run_folders(self) -> Iterator[RunFolder]:
        """All runs, oldest first; whatever else lies about in `runs` is passed over."""
        for path in sorted(self.runs.glob("[0-9]*/[0-9]*/[0-9]*/*")):
            if _RUN_ID.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
                yield RunFolder(path)

    def relative(self, path: Path) -> str:
        """The path below the archive's folder, with `/`, as the ledger keeps it."""
        return path.relative_to(self.root).as_posix()

    def absolute(self, relative: str) -> Path:
        """The path of what the ledger names. Raises ArchiverError when it would lead elsewhere."""
        parts = relative.split("/")
        if not relative or any(part in ("", ".", "..") or "\0" in part for part in parts):
            raise ArchiverError(f"{relative!r} is no path inside the archive {self.root}")
        return self.root.joinpath(*parts)


def _checked(capture_id: str) -> str:
    if not _CAPTURE_ID.fullmatch(capture_id):
        raise ArchiverError(f"{capture_id!r} is no capture id")
    return capture_id


def _own_folder(path: Path) -> None:
    """Make the folder, or see that it is one of ours: a real folder that can be written to.

    Its name is made durable also when it is there: a run may have been killed right after it made it.
    """
    with disk_errors(path):
        try:
            path.mkdir(mode=FOLDER_MODE)
        except FileExistsError:
            if not stat.S_ISDIR(path.lstat().st_mode):
                what = "a symbolic link" if path.is_symlink() else "not a folder"
                raise ArchiverError(
                    f"{path} is {what}", hint="move it out of the archive, then run again"
                ) from None
        sync_folder(path.parent)
    _see_writable(path)


def _see_writable(path: Path) -> None:
    wanted = os.W_OK | os.X_OK if path.is_dir() else os.R_OK | os.W_OK
    if not os.access(path, wanted):
        if os.statvfs(path).f_flag & os.ST_RDONLY:
            raise ArchiverError(f"cannot write to {path}: its file system is read-only")
        raise ArchiverError(
            f"cannot write to {path}: it belongs to user {path.stat().st_uid}, mode "
            f"{stat.S_IMODE(path.stat().st_mode):04o}",
            hint="run as that user, or name another folder with --archive",
        )
