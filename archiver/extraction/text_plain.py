"""Text without the links of Markdown: their labels stay, where they led is kept beside.

Tools that turn a page into Markdown wrap any part of an embed in links: the header, the author, the day.
The rules for plain text are read over the labels alone, as a reader sees them; every place found there
has its place in the text as it is.
"""

import re
from bisect import bisect_right

from msgspec import Struct

LINK = re.compile(
    r"(?<![!\\])\[(?:>\s)?(?P<label>(?:[^\[\]\\]|\\.){0,400})\]"
    r"\(<?https?://[^()\s<>]{1,1000}(?:\([^()\s<>]{0,200}\)[^()\s<>]{0,400})?>?(?:\s\"[^\"\n]{0,300}\")?\)"
)


class Plain(Struct, frozen=True):
    """The text without links, and where each kept piece of it began, here and in the text as it is."""

    text: str
    here: tuple[int, ...]
    there: tuple[int, ...]

    def outer(self, at: int) -> int:
        """The place in the text as it is."""
        piece = bisect_right(self.here, at) - 1
        return self.there[piece] + at - self.here[piece]

    def inner(self, at: int) -> int:
        """The place without links; where a link leads stands at the end of its label."""
        piece = bisect_right(self.there, at) - 1
        end = self.here[piece + 1] if piece + 1 < len(self.here) else len(self.text)
        return min(self.here[piece] + at - self.there[piece], end)


def without_links(text: str) -> Plain:
    """The text with each link of Markdown as its label; a text without any is the same text."""
    pieces: list[str] = []
    here, there = [0], [0]
    size = last = 0
    for link in LINK.finditer(text) if "](" in text else ():
        for start, end in ((last, link.start()), link.span("label")):
            pieces.append(text[start:end])
            size += end - start
            here.append(size)
            there.append(link.start("label") if end == link.start() else link.end())
        last = link.end()
    return Plain("".join((*pieces, text[last:])), tuple(here), tuple(there))
