"""A URL read into material: redirects followed, the answer judged, everything kept as exchanges."""

from archiver.domain.exchange import Exchange
from archiver.errors import SeedError
from archiver.intake.material import MOST_BYTES, Fetcher, Known, Material, Reach, charset_of
from archiver.net.client import redirect_of
from archiver.net.decode import decoded

MOST_REDIRECTS = 10
NOT_MODIFIED = 304


def fetch(url: str, reach: Reach, name: str) -> Material:
    """What a URL answers, its content codings undone; what an earlier run was given, where the server says
    that it still holds.

    Raises SeedError: no network, no answer, an error status, too large, cut off.
    """
    if reach.client is None:
        raise SeedError("needs the network, which is not in use here")
    known = reach.before.known(url) if reach.before else None
    hops = asked(url, reach.client, known)
    last = hops[-1]
    if known and reach.before and last.status == NOT_MODIFIED:
        reach.before.unchanged(hops)
        return known.material(name, url, last.started_at)
    if complaint := wrong_with(last):
        raise SeedError(complaint)
    body = decoded(last, MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise SeedError(f"larger than {MOST_BYTES >> 20} MB, too large for an article")
    return Material(
        name=name,
        content=body,
        url=last.url,
        media_type=last.media_type,
        charset=charset_of(last.header("content-type") or ""),
        read_at=last.started_at,
        exchanges=hops,
    )


def asked(url: str, client: Fetcher, known: Known | None) -> tuple[Exchange, ...]:
    """The hops to an answer. Validators go to the address that they are of, and not where it redirects to:
    another page's date says nothing."""
    if known is None:
        return client.fetch(url, follow=MOST_REDIRECTS)
    headers = [("If-None-Match", known.etag), ("If-Modified-Since", known.modified)]
    hops = client.fetch(url, headers=[pair for pair in headers if pair[1]])
    onward = redirect_of(hops[-1])
    return (*hops, *client.fetch(onward, follow=MOST_REDIRECTS - 1)) if onward else hops


def known_by(material: Material) -> Known:
    """What a later run may ask about: the bytes, and the validators of the answer that brought them."""
    answer = material.exchanges[-1]
    return Known(
        content=material.read(),
        media_type=material.media_type,
        charset=material.charset,
        etag=answer.header("etag") or "",
        modified=answer.header("last-modified") or "",
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
