"""The HTTP/1.1-shaped head of a request or response record.

HTTP/2 and HTTP/3 have no form of their own in WARC; every tool writes the HTTP/1.1 form and names the
real protocol in WARC-Protocol, and readers refuse anything else. So pseudo-headers go (`:authority`
becomes Host, RFC 9113 section 8.3.1), and the reason phrase that HTTP/2 does not have is the
registered one. Nothing else is added but the framing that the stored bytes need.

A body that reaches us decoded no longer fits the headers that describe its coding. Those are kept under
`x-orig-…` (the custom of browsertrix), and Content-Length says the stored length.
"""

import re
from http import HTTPStatus

from msgspec import Struct

from archiver.domain.exchange import Exchange, Headers
from archiver.records import text
from archiver.records.redact import redact

PHRASES = {status.value: status.phrase for status in HTTPStatus}
BODYLESS = {204, 304}
GONE_BY_READING = {
    "browser": frozenset({"content-encoding", "transfer-encoding"}),
    "client": frozenset({"transfer-encoding"}),
}
"""The headers that no longer hold for a body as its maker hands it over."""


_ADDRESS = re.compile(r"[^:/?#]+://([^/?#]*)([^#]*)")


class Head(Struct, frozen=True):
    """The bytes from the first line to the empty line; (header, rule, count) of what was redacted;
    whether something in it had to be percent-encoded."""

    data: bytes
    redacted: tuple[tuple[str, str, int], ...] = ()
    escaped: bool = False


def response_head(exchange: Exchange) -> Head:
    """Status line and headers of the response, fitting the stored body."""
    reason = exchange.reason or PHRASES.get(exchange.status, "")
    headers = _without_pseudo(exchange.response_headers)
    gone = GONE_BY_READING[exchange.made_by]
    bodyless = exchange.method == "HEAD" or exchange.status in BODYLESS
    length = None if bodyless else exchange.body.size
    return _head(f"HTTP/1.1 {exchange.status} {reason}", _stored(headers, gone, length))


def request_head(exchange: Exchange) -> Head:
    """Request line and headers of the request, fitting the stored body."""
    authority, path = _split(text.target_uri(exchange.url))
    headers = list(_without_pseudo(exchange.request_headers))
    names = {name.lower() for name, _ in headers}
    if "host" not in names and (host := _authority(exchange) or authority):
        headers.insert(0, ("Host", host))
    size = exchange.request_body.size
    if size and "content-length" not in names:
        headers.append(("Content-Length", str(size)))
    stored = _stored(tuple(headers), GONE_BY_READING["client"], size)
    return _head(f"{text.token(exchange.method, 'GET')} {path} HTTP/1.1", stored)


def _split(uri: str) -> tuple[str, str]:
    """Host with port, and path with query, as they stand in a request."""
    match = _ADDRESS.match(uri)
    if match is None:
        return "", uri
    path = match[2] if match[2].startswith("/") else "/" + match[2]
    return match[1].rpartition("@")[2], path


def _authority(exchange: Exchange) -> str | None:
    return next((v for n, v in exchange.request_headers if n.lower() == ":authority"), None)


def _without_pseudo(headers: Headers) -> Headers:
    return tuple(header for header in headers if not header[0].startswith(":"))


def _stored(headers: Headers, gone: frozenset[str], length: int | None) -> Headers:
    """Headers that describe bytes other than the stored ones, renamed; `length` None: no body is due."""
    kept: list[tuple[str, str]] = []
    said = False
    for name, value in headers:
        lower = name.lower()
        wrong_length = lower == "content-length" and length is not None and value != str(length)
        if lower not in gone and not wrong_length:
            kept.append((name, value))
            continue
        kept.append((f"x-orig-{lower}", value))
        if wrong_length and not said:
            kept.append((name, str(length)))
            said = True
    return tuple(kept)


def _head(first: str, headers: Headers) -> Head:
    clean = redact(headers)
    lines = [text.escaped(first)]
    lines += [f"{text.token(name)}: {text.escaped(value)}" for name, value in clean.headers]
    before = len(first) + sum(len(name) + len(value) + 2 for name, value in clean.headers)
    changed = sum(map(len, lines)) != before
    whole = "\r\n".join(lines) + "\r\n\r\n"
    if whole.isascii():
        return Head(whole.encode("ascii"), clean.taken, changed)
    data = b"".join(text.raw(one + "\r\n") for one in lines) + b"\r\n"
    return Head(data, clean.taken, changed)
