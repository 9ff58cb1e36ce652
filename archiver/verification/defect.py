"""A defect: one thing that is not as it was written, said in one line."""

from msgspec import Struct

SHOWN = 160
"""How many characters of a foreign value a line quotes at most."""


class Defect(Struct, frozen=True, order=True):
    """What is wrong, and where.

    `path` names the file (inside a WACZ: `book.wacz!archive/x.warc.gz`), `where` the place in it
    (`record 3 at byte 1024`, `line 7`, or empty for the whole file), `what` says what is wrong. `passing`
    says that it is also what a program at work in the archive leaves until it has ended: no damage while
    one is. That is for `verify` itself, and in nothing that it prints.
    """

    path: str
    where: str
    what: str
    passing: bool = False

    def __str__(self) -> str:
        place = f", {self.where}" if self.where else ""
        return f"{quoted(self.path)}{place}: {self.what}"


class Unreadable(Exception):
    """Reading a file cannot go on past byte `offset`; `what` says why. Never leaves this room."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(what)
        self.offset = offset
        self.what = what


def quoted(value: object) -> str:
    """A value from a file, safe for a terminal and a log: nothing that moves, colours or reorders.

    Control, format and private characters, and spaces other than the usual one, are written as escapes;
    long values are cut.
    """
    text = str(value)
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)
