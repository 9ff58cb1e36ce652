"""Where in the source of a page each carrier begins.

The parser gives no offsets, so the token that a carrier holds (the post's id) is looked for in the text.
The walk goes through a page from its beginning to its end: what it read after a carrier stands behind it,
so each search begins where the last one ended. That is quicker than to begin with the page each time, and
an id that its head names too is not taken for the carrier below.
"""

from collections.abc import Sequence

from archiver.extraction.page import Finding

BEFORE = 2000
"""How far before an id the beginning of its carrier is looked for, in characters."""


class _Tokens:
    """The places of tokens in a text, each given once. No token is looked for again where it was missed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._after: dict[str, int] = {}
        self._none: dict[str, int] = {}

    def next(self, token: str, floor: int) -> int | None:
        """The next place from `floor` on, else the next at all, else the last one given."""
        low = self._after.get(token, 0)
        at = self._find(token, max(low, floor))
        if at < 0 and low < floor:
            at = self._find(token, low)
        if at < 0:
            return low - 1 if low else None
        self._after[token] = at + 1
        return at

    def _find(self, token: str, low: int) -> int:
        if low >= self._none.get(token, len(self._text)):
            return -1
        at = self._text.find(token, low)
        if at < 0:
            self._none[token] = low
        return at


def places(findings: Sequence[Finding], text: str, ordered: int) -> list[int | None]:
    """Where each carrier begins, in characters; None for one that is nowhere in the text.

    The first `ordered` findings are in the order of the page.
    """
    tokens, floor = _Tokens(text), 0
    found: list[int | None] = []
    for number, finding in enumerate(findings):
        low = floor if number < ordered else 0
        at = tokens.next(finding.token, low) if finding.token else None
        if at is None or not finding.tag or finding.path:
            found.append(at)
            continue
        begin = text.rfind("<" + finding.tag, max(0, at - BEFORE), at)
        if begin >= low and text.find(">", begin, at) < 0:  # the tag itself holds the token
            floor = begin
        found.append(begin if begin >= 0 else at)
    return found
