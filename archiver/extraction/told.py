"""What the text of a carrier says of its post: author, displayed day, words, media tokens."""

from selectolax.lexbor import LexborNode

from archiver.domain.digest import Digest
from archiver.domain.embed import Embed
from archiver.extraction.text import find_in_text

LONGEST = 6000
MOST = 800
"""Elements and pieces of text in a carrier; what holds more is no carrier of one post."""
_NOWHERE = Digest("", "")
_BREAKS = frozenset({"br", "p", "div"})


def text_of(node: LexborNode) -> str:
    """The words below a node, with a line's end where a block or a break begins; none where they never end."""
    pieces: list[str] = []
    size = 0
    for number, inner in enumerate(node.traverse(include_text=True)):
        if number > MOST:
            return ""
        if inner.is_text_node:
            piece = inner.text_content or ""
            pieces.append(piece)
            size += len(piece)
            if size > LONGEST:
                break
        elif inner.tag in _BREAKS:
            pieces.append("\n")
    return "".join(pieces).strip()


def told_by(node: LexborNode, platform: str) -> Embed | None:
    """The last attribution inside a carrier, read as plain text is; of any platform when `platform` is
    empty."""
    words = text_of(node)
    if not words or len(words) > LONGEST:
        return None
    found = find_in_text(words, "", _NOWHERE)
    fitting = [e for e in found if e.role == "embed" and platform in {"", e.platform}]
    return next((e for e in reversed(fitting) if e.handle or e.author_name), None)
