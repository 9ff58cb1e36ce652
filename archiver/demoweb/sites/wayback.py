"""The web archive: CDX lists, a TimeGate, copies with their Memento headers, redirects to the nearest copy.

Shapes: an address that is not held is 404; a moment between two copies is a 302 to the nearest; an
archived redirect keeps its status, and its Location leads into the archive; the TimeGate (an address
without a moment) answers with a 302 to the copy nearest to Accept-Datetime.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from archiver.demoweb.model import Answer, Memento, Request
from archiver.demoweb.render import data, plain, redirect

HOST = "web.archive.org"
COPY = re.compile(r"/web/(\d{1,14})([a-z]{2}_)?/(.+)")
GATE = re.compile(r"/web/(https?:/{1,2}.+)")
FIELDS = ("timestamp", "original", "statuscode", "mimetype")


def key_of(url: str) -> str:
    """An address as the archive files it: no scheme, no `www.`, lower case."""
    return re.sub(r"^https?:/{1,2}(?:www\.)?", "", url).lower().rstrip("/")


class Wayback:
    """The copies, each of them rendered when it is asked for."""

    def __init__(self, mementos: Sequence[Memento], body_of: Callable[[Memento], str]) -> None:
        self._mementos = tuple(mementos)
        self._body_of = body_of

    def answer(self, request: Request) -> Answer | None:
        """A list or a copy."""
        if request.path == "/cdx/search/cdx":
            return self._list(request)
        found = COPY.fullmatch(request.target)
        if found:
            return self._copy(found[1], found[2] or "", found[3])
        asked = GATE.fullmatch(request.target)
        return self._gate(asked[1], request.headers.get("accept-datetime", "")) if asked else None

    def _held(self, url: str) -> list[Memento]:
        return [one for one in self._mementos if key_of(one.url) == key_of(url)]

    def _gate(self, url: str, wanted: str) -> Answer:
        """Datetime negotiation (RFC 7089, section 4.1, pattern 2.1); without a moment the newest copy."""
        held = self._held(url)
        if not held:
            return plain("The archive has no copy of this address.\n", status=404)
        moment = parsedate_to_datetime(wanted) if wanted else datetime.max.replace(tzinfo=UTC)
        nearest = min(held, key=lambda one: abs(one.at - moment))
        headers = (("Vary", "Accept-Datetime"), ("Link", f'<{nearest.url}>; rel="original"'))
        return redirect(
            f"https://{HOST}/web/{nearest.at:%Y%m%d%H%M%S}/{nearest.url}", headers=headers
        )

    def _list(self, request: Request) -> Answer:
        key = key_of(request.parameter("url"))
        prefix = request.parameter("matchType") == "prefix"
        held = [
            one
            for one in self._mementos
            if (key_of(one.url).startswith(key) if prefix else key_of(one.url) == key)
        ]
        if not held:
            return data([])
        fields = tuple((request.parameter("fl") or ",".join(FIELDS)).split(","))
        rows = [dict(zip(FIELDS, _row(one), strict=True)) for one in held]
        return data([fields, *([row.get(name, "-") for name in fields] for row in rows)])

    def _copy(self, stamp: str, modifier: str, url: str) -> Answer:
        held = self._held(url)
        if not held:
            return plain("The archive has no copy of this address.\n", status=404)
        wanted = datetime.strptime(stamp.ljust(4, "0").ljust(14, "0"), "%Y%m%d%H%M%S") if (
            len(stamp) == 14
        ) else datetime(2026, 11, 1)  # fmt: skip
        nearest = min(held, key=lambda one: abs(one.at - wanted.replace(tzinfo=UTC)))
        exact = f"https://{HOST}/web/{nearest.at:%Y%m%d%H%M%S}{modifier}/"
        if stamp != f"{nearest.at:%Y%m%d%H%M%S}":
            return redirect(exact + nearest.url)
        headers = (
            ("Memento-Datetime", format_datetime(nearest.at, usegmt=True)),
            ("Link", f'<{nearest.url}>; rel="original"'),
        )
        if nearest.goal:
            return redirect(exact + nearest.goal, status=301, headers=headers)
        body = self._body_of(nearest).encode()
        return Answer(body=body, headers=headers, compress=True)


def _row(one: Memento) -> tuple[str, str, str, str]:
    return f"{one.at:%Y%m%d%H%M%S}", one.url, "301" if one.goal else "200", "text/html"
