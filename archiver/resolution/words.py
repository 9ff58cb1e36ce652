"""Two texts compared as a reader would: addresses, case, quotes and spacing aside.

An article's copy of a post has lost its links or gained others, has curly quotes, escaped entities and
dropped pictures (embed-formats B4, pitfalls); what must agree are the words, and their numbers.
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from difflib import Match, SequenceMatcher

LINKS = re.compile(
    r"https?://\S+|\b(?:pic\.)?(?:twitter|x)\.com/\S+|\bt\.co/\w+|\bwww\.\S+", re.IGNORECASE
)
NO_SPACES = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
WORD = re.compile(rf"[{NO_SPACES}]|(?:(?![{NO_SPACES}_])\w)+")
MOST_WORDS = 2000
LEAST_SLACK = 4
"""Words that may stand between two that belong together: a name, a link's text."""
FEW_LETTERS = 16
"""A text shorter than this says too little to be found inside another: it must be the same."""
SOME_LETTERS = 60
"""And one shorter than this must be at least half of the other: a remark of the same author on the same day
may stand word for word in a longer post."""


def words(text: str) -> list[str]:
    """The words of a text in their plain form; scripts without spaces give one sign each."""
    plain = html.unescape(html.unescape(text))
    plain = unicodedata.normalize("NFKC", LINKS.sub(" ", plain)).casefold()
    return WORD.findall(plain)[:MOST_WORDS]


def overlap(one: str, other: str) -> float:
    """The share (0 to 1) of the shorter text's words that stand in the other in the same order.

    Numbers that differ keep the texts apart: what repeats daily is told by its figures alone. Words that lie
    strewn over a longer text, far from where most of them stand, do not count.
    """
    first, second = words(one), words(other)
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    shorter, longer = sorted((first, second), key=len)
    letters, others = sum(map(len, shorter)), sum(map(len, longer))
    if letters < FEW_LETTERS or (letters < SOME_LETTERS and 2 * letters < others):
        return 0.0
    matcher = SequenceMatcher(None, longer, shorter, autojunk=False)
    blocks = _together(matcher.get_matching_blocks(), len(shorter))
    score = sum(block.size for block in blocks) / len(shorter)
    kept = {n for block in blocks for n in range(block.b, block.b + block.size)}
    lost = any(word[0].isdigit() for n, word in enumerate(shorter) if n not in kept)
    return min(score, 0.5) if lost else score


def _together(blocks: Sequence[Match], count: int) -> list[Match]:
    """The blocks that stand about where the largest says that they should; `count` words are looked for."""
    largest = max(blocks, key=lambda block: block.size)
    slack = max(LEAST_SLACK, count // 3)
    shift = largest.a - largest.b
    return [block for block in blocks if abs(block.a - block.b - shift) <= slack]


def tokens_of(text: str) -> frozenset[str]:
    """The ten-character names of X's short links in a text (`t.co/S` and `pic.twitter.com/S` are one)."""
    found = re.findall(r"(?:t\.co|pic\.(?:twitter|x)\.com)/([A-Za-z0-9]{10})", text)
    return frozenset(found)
