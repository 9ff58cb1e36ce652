"""What is a secret by its name, taken out of a capture before anything of it is hashed.

Addresses lose users, passwords and the values of parameters such as `access_token`, wherever they stand: in the
request line, in `Referer` and `Location`, in facts about the page. Bodies of requests lose the fields of these
names. Bodies of responses and snapshots are left as they came: what a page says to every visitor is no secret of
the user's.
Each removal is listed with the record (`Exchange.redacted`).
"""

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from archiver.domain.capture import Capture, Snapshot
from archiver.domain.exchange import Body, Exchange, Headers, Taken
from archiver.domain.secret import secret_parameters, without, without_fields, without_secrets

RULE = "name"
"""The rule that a manifest names for these redactions."""
READ = 32 << 20
"""Bytes of a request's body that are looked at; a longer one is an upload."""


def without_named(capture: Capture) -> Capture:
    """The capture without what is a secret by its name."""
    rest = without(replace(capture, exchanges=(), snapshots=()))
    exchanges = tuple(map(_exchange, capture.exchanges))
    snapshots = tuple(replace(one, urn=without_secrets(one.urn)) for one in capture.snapshots)
    return replace(rest, exchanges=exchanges, snapshots=snapshots)


def without_named_facts(snapshot: Snapshot) -> tuple[Snapshot, int]:
    """Facts about a page, which name every address that it asked for, without secrets in them, and how many
    there were. Other snapshots are the page's own and stay."""
    if snapshot.role != "pageinfo":
        return snapshot, 0
    text = snapshot.body.read().decode("utf-8", "replace")
    count = len(secret_parameters(text))
    body = Body.of(without_secrets(text).encode()) if count else snapshot.body
    return replace(snapshot, body=body), count


def _exchange(exchange: Exchange) -> Exchange:
    body, fields = _request_body(exchange)
    taken = (
        *_taken("request", "url", [name for name, _ in secret_parameters(exchange.url)]),
        *_taken("request", "header", _in_headers(exchange.request_headers)),
        *_taken("request", "body", fields),
        *_taken("response", "url", [name for name, _ in secret_parameters(exchange.url)]),
        *_taken("response", "header", _in_headers(exchange.response_headers)),
    )
    if not taken:
        return exchange
    return replace(
        exchange,
        url=without_secrets(exchange.url),
        error=without_secrets(exchange.error),
        request_headers=without(exchange.request_headers),
        response_headers=without(exchange.response_headers),
        request_body=body,
        redacted=(*exchange.redacted, *taken),
    )


def _taken(side: str, part: str, names: list[str]) -> Iterator[Taken]:
    for name, count in Counter(names).items():
        where = f"{part} {name}"
        yield Taken("request" if side == "request" else "response", where, count)


def _in_headers(headers: Headers) -> list[str]:
    """The headers in which an address with a secret stands, each as often as it holds one."""
    return [name.lower() for name, value in headers for _ in secret_parameters(value)]


def _request_body(exchange: Exchange) -> tuple[Body, list[str]]:
    """The body without secret fields, and their names; one that was compressed is so again."""
    body = exchange.request_body
    if not body.size or body.size > READ:
        return body, []
    coded, data = _plain(exchange, body.read())
    clean, found = without_fields(data)
    if not found:
        return body, []
    clean = gzip.compress(clean, mtime=0) if coded else clean
    return Body.of(clean), [name for name, _ in found]


def _plain(exchange: Exchange, data: bytes) -> tuple[bool, bytes]:
    headers = exchange.request_headers
    coding = next((v.strip().lower() for n, v in headers if n.lower() == "content-encoding"), "")
    if coding != "gzip":
        return False, data
    try:
        return True, gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return False, data
