"""The keys of an index, under which a reader looks for an address: each leads to the address of its own line.

A key is the address with its host backwards (SURT), in a canonical form of which there are several: in lower case,
its parameters sorted, what names a session left out. A line under the key of another address would show
one post in the place of another.
"""

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes, urlsplit

from surt import surt

WWW = re.compile(r"www\d*\.")
FOLDED = "__wb_method="
"""In the key of what was not asked for by GET: the method and the body follow it."""


def fits(key: str, url: str, *, folded: bool) -> bool:
    """Whether a key is one of the URL; `folded`: it has the method and the body of the request too."""
    if key == url or (not folded and _plain(key) == _plain(url)):
        return True
    host, _, rest = key.partition(")")
    forms = _forms("/".join(url.split("/", 3)[:3]))
    if folded and not forms:
        return True
    at_home = host.partition(":")[0].lower().strip(",") in forms
    whole = url.partition("#")[0]
    wanted = f"/{'/'.join(whole.split('/', 3)[3:])}"
    if folded:
        return at_home and _is_folded(rest, wanted, url)
    return (at_home and _plain(rest) == _plain(wanted)) or key == _canonical(url)


def _is_folded(rest: str, wanted: str, url: str) -> bool:
    """Whether what follows the host is the path of the URL, and a method and a body after it."""
    base, _, asked = rest.partition("?")
    if FOLDED not in asked and "#" not in url:  # a reader looks it up without what follows a `#`
        return False
    path = _canonical(url).partition(")")[2].partition("?")[0]
    return _plain(base) == _plain(wanted.partition("?")[0]) or base == path


def _plain(rest: str) -> tuple[bytes, list[bytes]]:
    """Path and parameters, as far as all canonical forms agree."""
    path, _, asked = rest.partition("?")
    parts = sorted(unquote_to_bytes(part).lower() for part in asked.split("&")) if asked else []
    return unquote_to_bytes(path).lower().rstrip(b"/"), parts


def _canonical(url: str) -> str:
    """The key that the Internet Archive's own function gives; what it cannot digest is its own key."""
    try:
        found = str(surt(url))
    except (ValueError, AssertionError, AttributeError, IndexError, TypeError):
        found = url
    return "".join(
        c if "!" <= c <= "~" else "".join(f"%{b:02x}" for b in c.encode("utf-8", "replace"))
        for c in found
    )


@lru_cache(maxsize=256)
def _forms(url: str) -> frozenset[str]:
    """How the host of a URL may stand in a key; empty where there is no rule."""
    try:
        host = (urlsplit(url).hostname or "") if url.startswith(("http://", "https://")) else ""
    except ValueError:
        return frozenset()
    if not host or not host.isascii() or host.startswith("[") or ":" in host:
        return frozenset()
    names = {host, WWW.sub("", host, count=1)}
    return frozenset({",".join(reversed(name.strip(".").split("."))) for name in names} | names)
