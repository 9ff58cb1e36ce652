"""Posts that captured ones lead to and that a run did not come to visit: the next run takes them up.

What a captured post quotes, answers or passes on is named in its manifest, and visited in the same run. A run
that is killed, or whose time or number of posts is up, leaves some of them. A small file of the archive names
the runs that may have; what they left is read from their manifests, so nothing is kept twice, and the
file may be lost with no more harm than that such posts wait until the post that names them is captured again.
"""

from collections.abc import Iterator, Set
from itertools import islice

import msgspec
from msgspec import Struct

from archiver.domain.manifest import Manifest
from archiver.errors import ArchiveDamaged, ArchiverError
from archiver.files import UNREADABLE, write_atomically
from archiver.manifests.file import read_manifest
from archiver.targets import Target, related, remembered
from archiver.tools import Tools

NAME = "following.json"
MOST_RUNS = 50
"""Runs that are remembered, the newest."""
MOST = 10_000
"""Posts that one run takes up."""


class Unfollowed(Struct, frozen=True):
    """What the file holds: ids of runs, oldest first."""

    runs: tuple[str, ...] = ()


class Following:
    """The file, from the beginning of a run to its end."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._path = tools.archive.root / NAME
        self._before = self._read() if tools.settings.depth else ()
        self._taken = False

    def begin(self) -> None:
        """Remember this run, before its first visit. Raises NoSpace, ArchiverError."""
        if self._tools.settings.depth:
            self._write((*self._before, self._tools.run_id))

    def left(self, asked: Set[str]) -> tuple[Target, ...]:
        """What earlier runs left, without what this one visits anyway."""
        found = (one for run in self._before for one in self._of(run) if one.key not in asked)
        each = tuple(islice({one.key: one for one in found}.values(), MOST))
        self._taken = len(each) < MOST
        if each:
            posts = "1 post" if len(each) == 1 else f"{len(each)} posts"
            self._tools.watch.note(f"{posts} that others lead to, left by an earlier run")
        return each

    def end(self, whole: bool) -> None:
        """Forget the runs of which nothing is left. `whole` says that this one came to its own end, neither
        stopped nor limited. Raises NoSpace, ArchiverError."""
        if not self._tools.settings.depth:
            return
        before = () if whole and self._taken else self._before
        runs = before if whole else (*before, self._tools.run_id)
        self._write(tuple(run for run in runs if next(self._of(run), None)))

    def _of(self, run: str) -> Iterator[Target]:
        """The posts that captures of a run lead to, and of which the archive has no capture."""
        tools = self._tools
        for manifest in self._manifests(run):
            depth = remembered(manifest).depth + 1
            for found in related(manifest, depth) if depth <= tools.settings.depth else ():
                known = tools.ledger.state_of(found.key) or tools.ledger.target_of(found.key)
                if not known and not tools.is_barred(found.key):
                    yield found

    def _manifests(self, run: str) -> Iterator[Manifest]:
        try:
            folder = self._tools.archive.run(run)
        except ArchiverError:
            return
        for capture in folder.captures():
            try:
                yield read_manifest(folder.manifest(capture))
            except ArchiveDamaged:  # the verifier's matter
                continue

    def _read(self) -> tuple[str, ...]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Unfollowed).runs
        except FileNotFoundError:
            return ()
        except UNREADABLE as error:
            said = f"{self._path} cannot be read, what earlier runs left is forgotten: {error}"
            self._tools.watch.warning(said)
            return ()

    def _write(self, runs: tuple[str, ...]) -> None:
        if runs:
            kept = Unfollowed(runs[-MOST_RUNS:])
            write_atomically(self._path, msgspec.json.encode(kept))
        elif self._path.is_file():
            self._path.unlink()
