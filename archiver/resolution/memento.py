"""Public web archives as RFC 7089 (Memento) knows them: a TimeGate gives the copy nearest to a moment, a
TimeMap lists all of them, and each copy says itself when it was made and of what.

An archive is known by the address of its TimeGate, to which the address looked for is added: the Wayback
Machine's is `https://web.archive.org/web/`, that of pywb (arquivo.pt, vefsafn.is and others) the collection
itself (`https://arquivo.pt/wayback/`), that of archive.today `https://archive.today/timegate/`. Where the
addresses of copies are of the customary form `/20220113020009/https://…`, the copy is asked for as it was
received (`id_`), without what the archive adds to it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from archiver.domain.exchange import Exchange
from archiver.net.client import redirect_of
from archiver.net.decode import decoded
from archiver.resolution.asking import Asking
from archiver.resolution.wayback import HOST, archived_at, copy_url, instant_of, listed

WAYBACK = f"https://{HOST}/web/"
DATED = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/(?=[a-z]+:/{1,2})", re.IGNORECASE)
LINK = re.compile(
    r"<([^<>]{1,4000})>((?:\s*;\s*[\w!#$%&'*+.^`|~-]+\*?\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))*)"
)
PARAMETER = re.compile(r";\s*([\w-]+)\*?\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))")
MOST_HOPS = 5
MOST_LISTED = 5000
MOST_BYTES = 4_000_000


class Listed(Struct, frozen=True):
    """A copy that an archive names: its address and when it was made."""

    url: str
    at: datetime


class Link(Struct, frozen=True):
    """A link of a Link header or of a TimeMap (RFC 8288): where to, as what, and its `datetime`."""

    url: str
    rel: frozenset[str]
    at: datetime | None = None


def links_in(text: str, base: str) -> Iterator[Link]:
    """The links of a header or of a body of the type application/link-format."""
    for found in LINK.finditer(text):
        said = {m[1].lower(): m[2] or m[3] for m in PARAMETER.finditer(found[2])}
        rel = frozenset(said.get("rel", "").lower().split())
        yield Link(urljoin(base, found[1].strip()), rel, instant_of(said.get("datetime")))


def links_of(answer: Exchange) -> tuple[Link, ...]:
    """The links that an answer's headers name."""
    headers = (v for k, v in answer.response_headers if k.lower() == "link")
    return tuple(link for value in headers for link in links_in(value, answer.url))


def nearest(asking: Asking, gate: str, url: str, near: datetime) -> tuple[Exchange | None, str]:
    """The copy that a TimeGate gives for a moment, and the TimeMap it names (empty where none).

    The copy may be that of an error page: the caller looks at its status. None where the archive holds
    none, or does not answer.
    """
    wanted = (("Accept-Datetime", format_datetime(near.astimezone(UTC), usegmt=True)),)
    at, timemap = gate + url, ""
    for _ in range(MOST_HOPS):
        answer = asking.ask(at, headers=wanted)
        if answer is None:
            return None, timemap
        timemap = next((k.url for k in links_of(answer) if "timemap" in k.rel), timemap)
        onward = redirect_of(answer)
        if archived_at(answer) is not None and not (onward and DATED.search(onward)):
            return as_received(asking, answer), timemap
        if onward is None:
            return None, timemap
        if DATED.search(onward):
            return copy_at(asking, onward), timemap
        at = onward
    return None, timemap


def as_received(asking: Asking, answer: Exchange) -> Exchange:
    """The same copy without the archive's additions, where it has such a form; else the copy itself."""
    where = urljoin(answer.url, answer.header("content-location") or answer.url)
    same_host = urlsplit(where).hostname == urlsplit(answer.url).hostname
    if "id_/" in answer.url or not same_host or not DATED.search(where):
        return answer
    return _raw(asking, where) or answer


def copy_at(asking: Asking, url: str) -> Exchange | None:
    """The copy at an address, as it was received if the archive gives it so."""
    if (raw := _raw(asking, url)) is not None:
        return raw
    answer = asking.ask(url, follow=2)
    return answer if answer is not None and archived_at(answer) is not None else None


def _raw(asking: Asking, url: str) -> Exchange | None:
    if not DATED.search(url):
        return None
    answer = asking.ask(DATED.sub(r"/\1id_/", url, count=1), follow=4)
    return answer if answer is not None and archived_at(answer) is not None else None


def original_of(copy: Exchange) -> str:
    """What a copy is a copy of: as its Link header says, else as its own address does; empty if neither."""
    said = next((link.url for link in links_of(copy) if "original" in link.rel), "")
    return said or (copy.url[found.end() :] if (found := DATED.search(copy.url)) else "")


def others(asking: Asking, gate: str, url: str, timemap: str, near: datetime) -> tuple[Listed, ...]:
    """The other copies that an archive lists of an address, the nearest to a moment first: from the
    Wayback Machine's CDX those that are no error pages, of others from their TimeMap."""
    found: Iterable[Listed]
    if urlsplit(gate).hostname == HOST:
        rows = listed(asking, url) or ()
        good = (row for row in rows if row.status in {"200", "-"})
        found = [
            Listed(copy_url(row.timestamp, row.original), moment)
            for row in good
            if (moment := _stamped(row.timestamp))
        ]
    else:
        found = _mapped(asking, timemap) if timemap else ()
    return tuple(sorted(found, key=lambda one: abs(one.at - near)))


def _mapped(asking: Asking, timemap: str) -> tuple[Listed, ...]:
    answer = asking.ask(timemap, follow=2)
    if answer is None or answer.status != 200:
        return ()
    text = decoded(answer, MOST_BYTES).decode("utf-8", "replace")
    known = (link for link in links_in(text, answer.url) if "memento" in link.rel and link.at)
    found = (Listed(link.url, link.at) for link in known if link.at)
    return tuple(one for one, _ in zip(found, range(MOST_LISTED), strict=False))


def _stamped(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
