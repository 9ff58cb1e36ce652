"""The leaves of the log as a file: one line a leaf, appended and never changed.

A leaf is the hash of a manifest, of a run's `datapackage-digest.json` (and so of every file of the run), of the
tombstone of a removed capture, or of a time-stamp token. The file holds hashes and names only; what they are
of lies elsewhere in the archive.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from archiver.errors import ArchiveDamaged
from archiver.files import disk_errors, sync_folder

Kind = Literal["manifest", "package", "tombstone", "stamp"]


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


def read_leaves(path: Path) -> Leaves:
    """The whole lines at the beginning of the file; a line cut off by a power cut ends them.

    Raises ArchiveDamaged when the file cannot be read at all. A missing file has no leaves.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Leaves()
    except OSError as error:
        raise ArchiveDamaged(f"cannot read the log {path}: {error.strerror}") from error
    found: list[Leaf] = []
    length = 0
    decoder = msgspec.json.Decoder(Leaf)
    for line in data.splitlines(keepends=True):
        try:
            leaf = decoder.decode(line)
            whole = line == encode_leaf(leaf) and len(leaf.bytes) == 32
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
            whole = False
        if not whole:
            break
        found.append(leaf)
        length += len(line)
    return Leaves(tuple(found), length)


def encode_leaf(leaf: Leaf) -> bytes:
    """The leaf as its line."""
    return msgspec.json.encode(leaf, order="sorted") + b"\n"


def append_leaves(path: Path, known: Leaves, more: Sequence[Leaf]) -> Leaves:
    """Append durably, after cutting off what an interrupted append left behind `known`.

    Raises NoSpace and ArchiverError as every write does.
    """
    data = b"".join(encode_leaf(leaf) for leaf in more)
    with disk_errors(path):
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        with os.fdopen(os.open(path, flags, 0o640), "wb") as file:
            file.truncate(known.length)
            file.seek(known.length)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    return Leaves((*known.all, *more), known.length + len(data))
