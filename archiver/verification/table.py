"""All records of a run: the columns of its files, one after the other."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from archiver.verification.columns import Columns, moment_of
from archiver.verification.defect import Defect
from archiver.verification.members import Members
from archiver.verification.opening import Place, open_place
from archiver.verification.prints import Print
from archiver.verification.record import RecordFacts, place
from archiver.verification.tree import Tree
from archiver.verification.warc import WarcFacts, reread


class Table:
    """The rows of every WARC file of a run, with where they are, so that any record can be read again."""

    def __init__(self, tree: Tree, fingerprint: Print) -> None:
        self._tree = tree
        self.fingerprint = fingerprint
        self.rows = Columns()
        self.seen = bytearray()
        self.names: list[str] = []
        self.shown: list[str] = []
        self.stopped: list[int | None] = []
        self._starts = array("Q")
        self._by_name: dict[str, int] = {}

    def add(self, warc: WarcFacts) -> None:
        """Append the rows of a file."""
        self._by_name[warc.name] = len(self.names)
        self.names.append(warc.name)
        self.shown.append(warc.path)
        self.stopped.append(warc.stopped_at)
        self._starts.append(len(self.rows.offsets))
        self.rows.extend(warc.rows)
        self.seen.extend(bytes(len(warc.rows.offsets)))

    def file(self, name: str) -> int | None:
        """The number of a file by its name."""
        return self._by_name.get(name)

    def span(self, file: int) -> tuple[int, int]:
        """First row of a file, and the one after its last."""
        after = self._starts[file + 1] if file + 1 < len(self._starts) else len(self.rows.offsets)
        return self._starts[file], after

    def row(self, file: int, offset: int) -> int | None:
        """The row of the record that begins at this byte of the file."""
        first, after = self.span(file)
        row = bisect_left(self.rows.offsets, offset, first, after)
        return row if row < after and self.rows.offsets[row] == offset else None

    def file_of(self, row: int) -> int:
        """The number of the file that a row is of."""
        return bisect_right(self._starts, row) - 1

    def at(self, row: int, what: str) -> Defect:
        """A defect of the record of a row."""
        file = self.file_of(row)
        number = row - self._starts[file] + 1
        return Defect(self.shown[file], place(number, self.rows.offsets[row]), what)

    def place(self, file: int) -> Place:
        """Where the bytes of a file are. Raises OSError."""
        return self._tree.place(f"archive/{self.names[file]}")

    def again(self, row: int) -> RecordFacts:
        """Read a record again. Raises OSError."""
        file = self.file_of(row)
        offset = self.rows.offsets[row]
        with open_place(self.place(file)) as stream:
            stream.seek(offset)
            return reread(Members(stream, at=offset), row - self._starts[file], offset)

    def moment(self, uri: str | None, date: str | None) -> int:
        """The fingerprint of a URI at a time."""
        return moment_of(self.fingerprint, uri, date)

    def unseen(self, types: frozenset[str]) -> Iterator[int]:
        """The rows of these types that were never marked as seen."""
        for row, seen in enumerate(self.seen):
            if not seen and self.rows.type_of(row) in types:
                yield row
