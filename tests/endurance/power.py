"""A disk on paper: what a power cut may leave of the files that a program wrote.

Fed with the calls that the shim noted down. A file's bytes are safe up to its last fsync, a folder's
names up to the last fsync of the folder (a rename is one step, whichever of its two folders is synced);
everything younger may have reached the disk or not, whole or in part, in any order.
"""

import hashlib
import random
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from endurance_kit import CLOSE, CUT, LINK, MARK, MKDIR, OPEN, RENAME, SYNC, UNLINK, WRITE

HEAD = struct.Struct("<IiqII")
CREATE, TRUNCATE = 0o100, 0o1000
SECTOR = 512
POLICIES = ("lost", "kept", "names", "zeros", "torn", "shuffled")
"""What became of the younger things: all lost · all there · names without bytes · names with zeros for
bytes · names with torn bytes · any of the names with torn bytes."""


class Call:
    """One call as the shim noted it."""

    def __init__(self, kind: int, fd: int, offset: int, first: bytes, second: bytes) -> None:
        self.kind = kind
        self.fd = fd
        self.offset = offset
        self.first = first
        self.second = second


def read_calls(log: Path) -> list[Call]:
    """Every call of the log, in order."""
    data, place, found = log.read_bytes(), 0, []
    while place < len(data):
        kind, fd, offset, a, b = HEAD.unpack_from(data, place)
        place += HEAD.size
        found.append(Call(kind, fd, offset, data[place : place + a], data[place + a :][:b]))
        place += a + b
    return found


class File:
    """Bytes that are safe, and the younger writes and cuts in order: (offset, bytes) or (size, None)."""

    def __init__(self, safe: bytes = b"", mode: int = 0o644) -> None:
        self.safe = safe
        self.mode = mode
        self.young: list[tuple[int, bytes | None]] = []

    def sync(self) -> None:
        """All of it is safe now."""
        self.safe, self.young = self.left("kept", random.Random()), []

    def left(self, policy: str, chance: random.Random) -> bytes:
        """What a power cut leaves of it."""
        data = bytearray(self.safe)
        if policy in ("lost", "names"):
            return bytes(data)
        for offset, piece in self.young:
            if piece is None:
                if policy == "kept" or chance.random() < 0.5:
                    data[offset:] = bytes(max(0, offset - len(data)))
            elif policy == "kept":
                _put(data, offset, piece)
            elif policy == "zeros":
                _put(data, max(offset, len(data)), bytes(max(0, offset + len(piece) - len(data))))
            else:
                for at in range(0, len(piece), SECTOR):
                    if chance.random() < 0.5:
                        _put(data, offset + at, piece[at : at + SECTOR])
        return bytes(data)


class Folder:
    """Its safe names."""

    def __init__(self) -> None:
        self.safe: dict[str, File | Folder] = {}
        self.now: dict[str, File | Folder] = {}


Change = list[tuple[Folder, str, "File | Folder | None"]]
"""Names that change in one step; None takes the name away."""


State = dict[str, tuple[bytes, int] | None]
"""What is on a disk: the path → the bytes and the mode of a file; None for a folder."""


class Disk:
    """The files below `root`, which is there and safe."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._top = Folder()
        self._open: dict[int, File | Folder] = {}
        self._young: list[Change] = []
        self.said = b""
        self._take_in(root, self._top)

    def _take_in(self, path: Path, folder: Folder) -> None:
        for child in path.iterdir():
            if child.is_dir():
                made: File | Folder = Folder()
                self._take_in(child, made)  # type: ignore[arg-type]
            else:
                made = File(child.read_bytes(), child.stat().st_mode & 0o7777)
            folder.safe[child.name] = folder.now[child.name] = made

    def _find(self, path: bytes) -> tuple[Folder, str]:
        """The folder of a path as it is now, and the name in it."""
        parts = path.decode().removeprefix(self._root).strip("/").split("/")
        folder = self._top
        for part in parts[:-1]:
            inner = folder.now[part]
            assert isinstance(inner, Folder)
            folder = inner
        return folder, parts[-1]

    def _change(self, change: Change) -> None:
        for folder, name, what in change:
            _set(folder.now, name, what)
        self._young.append(change)

    def play(self, call: Call) -> None:
        """One more call."""
        if call.kind == MARK:
            self.said += call.first
        elif call.kind == OPEN:
            self._opened(call)
        elif call.kind == CLOSE:
            self._open.pop(call.fd, None)
        elif call.kind == WRITE:
            self._file(call).young.append((call.offset, call.first))
        elif call.kind == CUT:
            self._file(call).young.append((call.offset, None))
        elif call.kind == SYNC:
            self._sync(self._open[call.fd])
        elif call.kind == MKDIR:
            self._change([(*self._find(call.first), Folder())])
        elif call.kind == UNLINK:
            self._change([(*self._find(call.first), None)])
        else:
            self._moved(call)

    def _opened(self, call: Call) -> None:
        if call.first.decode() == self._root:
            self._open[call.fd] = self._top
            return
        folder, name = self._find(call.first)
        if name not in folder.now and call.offset & CREATE:
            self._change([(folder, name, File(mode=int.from_bytes(call.second, sys.byteorder)))])
        self._open[call.fd] = folder.now[name]
        if call.offset & TRUNCATE:
            self._file(call).young.append((0, None))

    def _moved(self, call: Call) -> None:
        assert call.kind in (RENAME, LINK)
        old, new = self._find(call.first), self._find(call.second)
        what = old[0].now[old[1]]
        self._change([(*old, None), (*new, what)] if call.kind == RENAME else [(*new, what)])

    def _file(self, call: Call) -> File:
        found = self._open[call.fd]
        assert isinstance(found, File)
        return found

    def _sync(self, what: File | Folder) -> None:
        if isinstance(what, File):
            what.sync()
            return
        waiting = []
        for change in self._young:
            if any(folder is what for folder, _, _ in change):
                for folder, name, made in change:
                    _set(folder.safe, name, made)
            else:
                waiting.append(change)
        self._young = waiting

    def after_a_cut(self, policy: str, chance: random.Random) -> "State":
        """What is left."""
        names: dict[int, dict[str, File | Folder]] = {}
        for change in self._young:
            if policy == "lost" or policy == "shuffled" and chance.random() < 0.5:
                continue
            for folder, name, what in change:
                _set(names.setdefault(id(folder), dict(folder.safe)), name, what)
        return dict(_walk(self._top, "", names, policy, chance))


def _walk(
    folder: Folder,
    path: str,
    names: dict[int, dict[str, File | Folder]],
    policy: str,
    chance: random.Random,
) -> Iterator[tuple[str, tuple[bytes, int] | None]]:
    for name, what in sorted(names.get(id(folder), folder.safe).items()):
        if isinstance(what, Folder):
            yield path + name, None
            yield from _walk(what, f"{path}{name}/", names, policy, chance)
        else:
            yield path + name, (what.left(policy, chance), what.mode)


def _put(data: bytearray, offset: int, piece: bytes) -> None:
    data.extend(bytes(max(0, offset - len(data))))
    data[offset : offset + len(piece)] = piece


def _set(names: "dict[str, File | Folder]", name: str, what: "File | Folder | None") -> None:
    if what is None:
        names.pop(name, None)
    else:
        names[name] = what


def fingerprint(state: State) -> str:
    """Equal states have equal fingerprints."""
    digest = hashlib.sha256()
    for path, left in state.items():
        data, mode = left or (b"", None)
        digest.update(repr((path, mode, hashlib.sha256(data).digest())).encode())
    return digest.hexdigest()


def lay_out(state: State, folder: Path) -> None:
    """Make the state real."""
    folder.mkdir()
    for path, left in state.items():
        if left is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(left[0])
            (folder / path).chmod(left[1])
