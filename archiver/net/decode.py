"""Content codings undone (RFC 9110, section 8.4.1), to a limit: a bomb costs no more than the limit."""

import zlib
from collections.abc import Callable, Sequence

import brotli

from archiver.domain.exchange import Exchange

PIECE = 4096
MOST_CODINGS = 5
GZIP, ZLIB, RAW = 31, 15, -15
"""Window bits of zlib: with a gzip header, with a zlib header, with none."""

CODED_BY = "content-encoding"
CODINGS = "gzip, deflate, br"
"""What our client offers in Accept-Encoding."""


def decoded(exchange: Exchange, max_bytes: int) -> bytes:
    """The body without its content codings, at most its first `max_bytes`.

    What a browser recorded is decoded already. Never raises: a body that breaks off gives what came
    before, one that is not coded at all although its header says so is given as it is.
    """
    body = exchange.body.read()
    return (
        uncoded(body, codings(exchange), max_bytes)
        if exchange.made_by == "client"
        else body[:max_bytes]
    )


def uncoded(body: bytes, applied: Sequence[str], max_bytes: int) -> bytes:
    """A body without the codings that were applied to it in this order, to `max_bytes`; see `decoded`."""
    for coding in reversed(applied):
        body = DECODERS.get(coding, unchanged)(body, max_bytes)
    return body[:max_bytes]


def codings(exchange: Exchange) -> tuple[str, ...]:
    """The content codings that the headers name, in the order in which they were applied."""
    return codings_in(",".join(v for k, v in exchange.response_headers if k.lower() == CODED_BY))


def codings_in(named: str) -> tuple[str, ...]:
    """The content codings of a Content-Encoding header, at most the last five."""
    return tuple(c.strip().lower() for c in named.split(",") if c.strip())[-MOST_CODINGS:]


def expand(body: bytes, bits: int, max_bytes: int) -> bytes:
    """All members of a zlib stream as far as they are sound, up to `max_bytes`."""
    got = bytearray()
    machine = zlib.decompressobj(bits)
    view = memoryview(body)
    place = 0
    while place < len(view) and len(got) < max_bytes:
        piece = view[place : place + PIECE]
        try:
            got += machine.decompress(piece, max_bytes - len(got))
        except zlib.error:
            break
        place += len(piece) - len(machine.unused_data)
        if machine.eof:
            machine = zlib.decompressobj(bits)
    return bytes(got)


def gunzip(body: bytes, max_bytes: int) -> bytes:
    """`gzip`; a body without its magic number is given back unchanged."""
    return expand(body, GZIP, max_bytes) if body[:2] == b"\x1f\x8b" else body


def inflate(body: bytes, max_bytes: int) -> bytes:
    """`deflate`: zlib as the standard says, or the raw form that some servers send."""
    return expand(body, ZLIB, max_bytes) or expand(body, RAW, max_bytes) or body


def unbrotli(body: bytes, max_bytes: int) -> bytes:
    """`br`; a body that is not Brotli is given back unchanged."""
    machine = brotli.Decompressor()
    got = bytearray()
    feed = body
    try:
        while len(got) < max_bytes and not machine.is_finished():
            piece = machine.process(feed, output_buffer_limit=16 * PIECE)
            if not piece and machine.can_accept_more_data():
                break
            got += piece
            feed = b""
    except brotli.error:
        return bytes(got) or body
    return bytes(got)


def unchanged(body: bytes, max_bytes: int) -> bytes:
    """A coding that we do not know stays."""
    return body


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": gunzip,
    "x-gzip": gunzip,
    "deflate": inflate,
    "br": unbrotli,
}
