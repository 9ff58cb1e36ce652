"""Where the parts of an embed in plain text begin: the dash, the author's name, the post's words.

An embed's text is read from right to left: date, `(@handle)`, name, dash, words. What stands left of
the name may be glued to it in any way (embed-formats B1), so each function looks back from a known
place, over a bounded stretch, never before `floor` (where the embed before it ends).
"""

import re

from msgspec import Struct

NAME_REACH = 100
WORDS_REACH = 2400
POST_LENGTH = 330  # 280 characters, and links that count as fewer than they have
LONG_TOKEN = re.compile(r"(?:https?://)?(?:t\.co|pic\.(?:twitter|x)\.com)/[A-Za-z0-9]{1,10}")
STRONG_DASH = re.compile(
    "[\u2014\u2015\u2e3a\u2e3b\ufe58]|&(?:mdash|horbar|#8212|#x2014|#151);|\\\\u2014"
    "|\u00e2\u20ac[\u201d\u201c\u2022\x9d\x94\x93]|\u00e2\x80[\x93\x94\x95]|\u0432\u0402[\u201d\u201c]"
    "|\u201a\u00c4[\u00ec\u00ee\u00ed]|\u0393\u00c7[\u00f6\u00f4]|[\x96\x97]|(?<!-)--(?!-)"
    "|(?<![?])[?]{3}(?=\\s?[^\\s?])|\ufffd{1,3}(?=\\s)"
)
"""Em dashes as they are, as entities, as an escape, as read in a wrong charset, and as lost in one; two hyphens."""

WEAK_DASH = re.compile(
    '(?:^|(?<=[\\s.!?…"”’)\\]\u200b])|(?<=[A-Za-z0-9]{10}))'
    "(?:[\u2010-\u2013\u2212~-]|&ndash;|&#8211;)(?=[\\s\u00a0]|$)",
    re.MULTILINE,
)
GAP = re.compile(r"[^\S\n]{2,}|\n")
SENTENCE_END = re.compile(
    r"(?:(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b[SDM][re][nps.])[.]|[!?…:;”\"»])\s?(?=\S)"
)
GLUED = re.compile(r"(?<=[^\W_])[.!?…:)”\"](?=[A-Z@#“\"'‘¿¡])|(?<=[.!?…)”\"])\s+(?=\S)")
EDGE = (
    " \t\r\n\u00a0\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069\ufeff|>*_•·"
)
QUOTED_LINE = re.compile(r"\n\s{0,8}>[>\s]{0,8}")
QUOTED_BLANK = " \t\r\n\u00a0>|"


class Author(Struct, frozen=True):
    """The name left of a handle: where the attribution begins, and how sure that place is."""

    start: int
    name: str
    sure: float


def read_author(text: str, floor: int, at: int) -> Author:
    """The author's name that ends at `at` (the opening bracket of the handle)."""
    low = max(floor, at - NAME_REACH)
    dash = _last(STRONG_DASH, text, low, at) or _last(WEAK_DASH, text, low, at)
    if dash and text.count("\n", dash.end(), at) <= 1:
        return Author(dash.start(), tidy(text[dash.end() : at]), 1.0)
    end = low + len(text[low:at].rstrip())
    return _without_dash(text, low, end)


def _without_dash(text: str, low: int, end: int) -> Author:
    """The name without a dash before it: from the last gap, link, or end of a sentence on."""
    edges = (GAP, LONG_TOKEN, SENTENCE_END)
    gap, token, sentence = (_last(edge, text, low, end) for edge in edges)
    firm = max((m.end() for m in (gap, token) if m), default=0)
    start = max(firm, sentence.end() if sentence and not gap else 0) or low
    if start == low and low and not text[low - 1 : low].isspace():
        start = _capitals(text, low, end)
    sure = 0.8 if firm and start == firm else 0.6
    return Author(start, tidy(text[start:end]), sure)


def _capitals(text: str, low: int, end: int) -> int:
    """The start of the last run of at most four words with capitals in running text."""
    run = re.search(r"(?:\b[^\W\d_a-zà-ÿ][^\s]{0,20}\s{0,1}){1,4}$", text[low:end])
    return low + run.start() if run else end


def _last(pattern: re.Pattern[str], text: str, low: int, high: int) -> re.Match[str] | None:
    last = None
    for match in pattern.finditer(text, low, high):
        last = match
    return last


def tidy(piece: str) -> str:
    """One line, single spaces, without blanks, bars and direction marks at both ends."""
    return " ".join(QUOTED_LINE.sub(" ", piece).split()).strip(EDGE)


def begins_a_line(text: str, at: int) -> bool:
    """Whether a line begins here, but for the marks of a quotation."""
    before = text[max(0, at - 12) : at].rstrip("> ")
    return not before or before.endswith("\n")


def words_before(text: str, floor: int, at: int) -> tuple[int, int]:
    """The stretch of the post's own words that ends at `at`, where the attribution begins.

    On a line of its own the attribution belongs to the lines above it, as many as fit into a post;
    otherwise to the rest of its line. A comment of HTML that was put between is none of the words.
    """
    low = max(floor, at - WORDS_REACH)
    end = low + len(text[low:at].rstrip(QUOTED_BLANK))
    comment = text.rfind("<!--", low, end) if text.startswith("-->", end - 2) else -1
    if comment >= 0:
        end = low + len(text[low:comment].rstrip(QUOTED_BLANK))
    if end == low:
        return end, end
    start = max(low, text.rfind("\n", low, end) + 1)
    on_its_own_line = "\n" in text[end:at]
    start = _lines_up(text, low, start, end) if on_its_own_line else _cut(text, start, end)
    start += len(text[start:end]) - len(text[start:end].lstrip(QUOTED_BLANK))
    return start, end


def _lines_up(text: str, low: int, start: int, end: int) -> int:
    """Go up line by line while no line is blank and all of them fit into one post."""
    while start > low:
        above = max(low, text.rfind("\n", low, start - 1) + 1)
        if not text[above:start].strip(QUOTED_BLANK) or end - above > POST_LENGTH:
            return start
        start = above
    return start


def _cut(text: str, start: int, end: int) -> int:
    """In a long run of glued text, the last seam from which on a post's length remains."""
    if end - start <= POST_LENGTH:
        return start
    seams = [m.end() for m in GLUED.finditer(text, end - POST_LENGTH, end)]
    return seams[0] if seams else end - POST_LENGTH
