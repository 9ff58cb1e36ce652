"""A URL read into material: redirects followed, the answer judged, everything kept as exchanges."""

import re

from archiver.domain.exchange import Exchange
from archiver.errors import SeedError
from archiver.intake.material import MOST_BYTES, Fetcher, Material
from archiver.net.client import redirect_of
from archiver.net.decode import decoded

MOST_REDIRECTS = 10
CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)


def fetch(url: str, client: Fetcher | None, name: str) -> Material:
    """What a URL answers, its content codings undone.

    Raises SeedError: no network, no answer, an error status, too large, cut off.
    """
    if client is None:
        raise SeedError("needs the network, which is not in use here")
    hops = client.fetch(url, follow=MOST_REDIRECTS)
    last = hops[-1]
    if complaint := wrong_with(last):
        raise SeedError(complaint)
    body = decoded(last, MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise SeedError(f"larger than {MOST_BYTES >> 20} MB, too large for an article")
    charset = CHARSET.search(last.header("content-type") or "")
    return Material(
        name=name,
        content=body,
        url=last.url,
        media_type=last.media_type,
        charset=charset[1] if charset else None,
        read_at=last.started_at,
        exchanges=hops,
    )


def wrong_with(answer: Exchange) -> str:
    """Why an answer is no page to read, in one line; empty when it is one."""
    if answer.status == 0:
        return answer.error
    if onward := redirect_of(answer):
        return f"redirects more than {MOST_REDIRECTS} times, last to {onward[:200]}"
    if answer.status in {301, 302, 303, 307, 308}:
        return f"redirects to {(answer.header('location') or 'nowhere')[:200]!r}, not a web address"
    if not 200 <= answer.status < 300:
        return f"answered HTTP {answer.status} {answer.reason[:60]}".rstrip()
    if answer.truncated == "length":
        return f"larger than {answer.body.size >> 20} MB, too large for an article"
    if answer.truncated:
        return "the connection ended before the page was whole"
    return "" if answer.body.size else "answered with an empty page"
