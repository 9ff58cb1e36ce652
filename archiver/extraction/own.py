"""A platform's own page, saved: what it holds of that platform is the page itself, not embedded in it.

A post's own page carries the post (and the answers to it, and others like it) in its markup and its
structured data as an article carries an embed. Its canonical address tells it from an article.
"""

import html
import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from archiver.extraction.page import Finding
from archiver.platforms import recognise

WITHIN = 600_000
"""Characters of a page in which its own address is looked for."""
_NAMES = ("canonical", "og:url")
_TAG = re.compile(r"<(?:link|meta)\b[^<>]*\Z", re.I)
_ADDRESS = re.compile(r"(?:href|content|value)\s*=\s*[\"']?(https?://[^\s\"'<>]{4,1000})", re.I)
_HOST = re.compile(r"https?://(?:(?:www|m|mobile|old)\.)?[\w-]+\.[\w-]+(?=[/:?#]|$)")
LONGEST = 1500
"""Characters of such a tag before and behind what it is told by."""


def without_own(findings: Sequence[Finding], text: str, url: str | None) -> Sequence[Finding]:
    """The findings, those of the platform whose page the document is as links. `url` is where it was read."""
    if not any(f.role == "embed" for f in findings):
        return findings
    own = {_platform_of(address) for address in _own_addresses(text, url)} - {""}
    if not own:
        return findings
    return [
        replace(f, role="link") if f.role == "embed" and f.platform in own else f for f in findings
    ]


def _platform_of(address: str) -> str:
    """The platform that an address is a page of: a post's, or one of authors and lists on its main host (the
    company's blogs are articles)."""
    known = recognise(address)
    if known is None or (known.kind != "post" and not _HOST.match(address)):
        return ""
    return known.platform


def _own_addresses(text: str, url: str | None) -> Iterator[str]:
    if url:
        yield url
    for name in _NAMES:
        at = text.find(name, 0, WITHIN)
        while at >= 0:
            begun = _TAG.search(text, max(text.rfind("<", 0, at), at - LONGEST), at)
            held = (
                _ADDRESS.search(begun[0] + text[at : at + LONGEST].partition(">")[0])
                if begun
                else None
            )
            if held:
                yield html.unescape(held[1])
            at = text.find(name, at + 1, WITHIN)
