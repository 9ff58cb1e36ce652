"""The leaves of the log as a file: one line a leaf, appended and never changed.

A leaf is the hash of a manifest, of a run's `datapackage-digest.json` (and so of every file of the run), of the
tombstone of a removed capture, of a time-stamp token, or of a statement that keys were replaced. The file holds
hashes and names only; what they are of lies elsewhere in the archive.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from archiver.files import disk_errors, read_errors, sync_folder

Kind = Literal["manifest", "package", "tombstone", "stamp", "keychange"]


class Leaf(Struct, frozen=True, kw_only=True):
    """One leaf: what kind of thing it is the hash of, and which one.

    `name` is the capture's id, the run's, or the file name of a token; `run` is the run of a manifest.
    `hash` is the leaf hash in hexadecimal.
    """

    kind: Kind
    name: str
    run: str = ""
    hash: str

    @property
    def bytes(self) -> bytes:
        """The leaf hash."""
        return bytes.fromhex(self.hash)


class Leaves(Struct, frozen=True):
    """The leaves of a file that can be read, and how many bytes of it they take."""

    all: tuple[Leaf, ...] = ()
    length: int = 0

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The leaf hashes in order."""
        return tuple(leaf.bytes for leaf in self.all)


def each_leaf(path: Path) -> Iterator[tuple[Leaf, int]]:
    """The leaves of the whole lines at the beginning of the file, one after the other, each with the place
    where its line ends; a line cut off by a power cut ends them.

    Raises ArchiveDamaged when the file cannot be read at all. A missing file has no leaves.
    """
    decoder = msgspec.json.Decoder(Leaf)
    length = 0
    if not path.exists():
        return
    with read_errors(path), path.open("rb") as file:
        for line in file:
            leaf = _leaf(decoder, line)
            if leaf is None:
                return
            length += len(line)
            yield leaf, length


def _leaf(decoder: msgspec.json.Decoder[Leaf], line: bytes) -> Leaf | None:
    try:
        leaf = decoder.decode(line)
        return leaf if line == encode_leaf(leaf) and len(leaf.bytes) == 32 else None
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return None


def read_leaves(path: Path) -> Leaves:
    """All leaves of `each_leaf` at once."""
    found: list[Leaf] = []
    length = 0
    for leaf, length in each_leaf(path):  # noqa: B007 - the last one is the length of them all
        found.append(leaf)
    return Leaves(tuple(found), length)


def encode_leaf(leaf: Leaf) -> bytes:
    """The leaf as its line."""
    return msgspec.json.encode(leaf, order="sorted") + b"\n"


def append_leaves(path: Path, length: int, more: Iterable[Leaf]) -> None:
    """Append durably, after cutting off what an interrupted append left behind the known `length` in bytes.

    Raises NoSpace and ArchiverError as every write does.
    """
    with disk_errors(path):
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, 0o640), "wb") as file:
            file.truncate(length)
            file.seek(length)
            file.writelines(map(encode_leaf, more))
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
