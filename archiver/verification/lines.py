"""A file of lines, read one by one and hashed on the way; gunzipped where it is compressed."""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from archiver.verification.defect import Defect, Unreadable
from archiver.verification.members import Members
from archiver.verification.tree import Tree, reason

READ = 1 << 18
LONGEST = 1 << 20
MOST_PACKED = 1 << 30
"""Bytes of lines that a compressed file may hold."""


class Lines:
    """The lines of a file, without their ends. After the last of them: `defects`, and `digests`, the
    SHA-256 in hexadecimal of the file by its path in the package, where it could be read."""

    def __init__(self, tree: Tree, path: str, *, packed: bool = False) -> None:
        self._tree, self._path, self._packed = tree, path, packed
        self.defects: list[Defect] = []
        self.digests: dict[str, str] = {}

    def __iter__(self) -> Iterator[bytes]:
        try:
            with self._tree.open(self._path) as stream:
                yield from self._split(
                    self._gunzipped(stream) if self._packed else self._all(stream)
                )
        except Unreadable as stop:
            self._say(f"byte {stop.offset}", stop.what)
        except (OSError, ValueError) as error:
            self._say("", f"cannot be read: {reason(error)}")

    def _say(self, where: str, what: str) -> None:
        self.defects.append(Defect(self._tree.shown(self._path), where, what))

    def _all(self, stream: BinaryIO) -> Iterator[bytes]:
        total = hashlib.sha256()
        while piece := stream.read(READ):
            total.update(piece)
            yield piece
        self.digests[self._path] = total.hexdigest()

    def _gunzipped(self, stream: BinaryIO) -> Iterator[bytes]:
        members, size = Members(stream, hashed=True), 0
        while not members.at_end():
            members.flags()
            for piece in members.pieces():
                size += len(piece)
                if size > MOST_PACKED:
                    raise Unreadable(members.offset, f"expands to more than {MOST_PACKED} bytes")
                yield piece
        self.digests[self._path] = members.digest or ""

    def _split(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        rest, number = b"", 0
        for piece in pieces:
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                number += 1
                yield line
            if len(rest) > LONGEST:
                raise Unreadable(number, f"a line of more than {LONGEST} bytes after line {number}")
        if rest:
            self._say("", "the last line has no end")
            yield rest
