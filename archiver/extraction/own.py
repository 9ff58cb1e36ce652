"""A platform's own page, saved: what it holds of that platform is the page itself, not embedded in it. So is what a
site holds that only looks like a post of software which runs on any host.

A post's own page carries the post (and the answers to it, and others like it) in its markup and its
structured data as an article carries an embed. Its canonical address tells it from an article.
"""

import html
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile

from msgspec.structs import replace

from archiver.extraction.page import Finding
from archiver.platforms import PLATFORMS, recognise
from archiver.platforms.engine.urls import split

WITHIN = 600_000
"""Bytes of a page in which its own address is looked for."""
_TAG = re.compile(rb"<(?:link|meta)\b[^<>]*\Z", re.I)
_ADDRESS = re.compile(r"(?:href|content|value)\s*=\s*[\"']?(https?://[^\s\"'<>]{4,1000})", re.I)
_HOST = re.compile(r"https?://(?:(?:www|m|mobile|old)\.)?[\w-]+\.[\w-]+(?=[/:?#]|$)")
_BY_SHAPE = frozenset(p.name for p in PLATFORMS if any(form.any_host for form in p.forms))
LONGEST = 1500
"""Bytes of such a tag before and behind what it is told by."""


def without_own(
    findings: Sequence[Finding], data: bytes, url: str | None, ends: Iterable[int] | None = None
) -> Sequence[Finding]:
    """The findings, those of the platform (or the server) whose page the document is as links.

    `data` is the document in UTF-8, `url` where it was read, `ends` where `NAMES` end in it, if at hand.
    """
    if not any(f.role == "embed" for f in findings):
        return findings
    addresses = set(_own_addresses(data, url, ends))
    own = {_platform_of(address) for address in addresses} - {""}
    hosts = {parts.host for address in addresses if (parts := split(address))}
    return [
        replace(f, role="link")
        if f.role == "embed" and (f.platform in own or _is_here(f, hosts))
        else f
        for f in findings
    ]


def _is_here(found: Finding, hosts: Collection[str]) -> bool:
    """Whether a post that is known by the shape of its address alone is on the page's own host: its own article
    or player, whatever the site runs on."""
    if found.ref is None or found.platform not in _BY_SHAPE:
        return False
    return found.ref.id.partition("/")[0] in hosts


def _platform_of(address: str) -> str:
    """The platform that an address is a page of: a post's, or one of authors and lists on its main host (the
    company's blogs are articles)."""
    known = recognise(address)
    if known is None or (known.kind != "post" and not _HOST.match(address)):
        return ""
    return known.platform


def _own_addresses(data: bytes, url: str | None, ends: Iterable[int] | None) -> Iterator[str]:
    if url:
        yield url
    if ends is None:
        ends = sorted(found.end() for told in _TOLD for found in told.finditer(data, 0, WITHIN))
    for end in takewhile(WITHIN.__ge__, ends):
        begun = _TAG.search(data, max(data.rfind(b"<", 0, end), end - LONGEST, 0), end)
        if begun:
            tag = begun[0] + data[end : end + LONGEST].partition(b">")[0]
            held = _ADDRESS.search(tag.decode("utf-8", "replace"))
            if held:
                yield html.unescape(held[1])


NAMES = (b"canonical", b"og:url")
"""The words by which a page tells its own address."""
_TOLD = tuple(map(re.compile, NAMES))
