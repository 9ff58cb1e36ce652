"""The certificates that servers showed: as the browser holds them, asked once for each origin.

What DevTools tells with a response names the certificate but does not hold it. The chain is asked for
when the views have been played; no server is asked again for it. A chain is taken for an exchange only
if its first certificate has the very dates that the browser told with the response.
"""

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from cryptography import x509
from msgspec import Struct
from msgspec.structs import replace

from archiver.capture.devtools import from_base64
from archiver.capture.stage import TROUBLE, Stage
from archiver.domain.digest import Digest, sha256
from archiver.domain.exchange import Exchange

LIMIT = 5.0
"""Seconds for all origins of a visit."""
MOST = 40


class Chain(Struct, frozen=True):
    """The certificates of one origin, the server's own first: their digests, and what the first says."""

    digests: tuple[Digest, ...]
    first: x509.Certificate


def origin_of(url: str) -> str:
    """`https://host:port` as it stands in the URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


async def certificates(stage: Stage, exchanges: Sequence[Exchange]) -> dict[str, Chain]:
    """The chains of the origins that answered over TLS; what cannot be had is left out."""
    origins = tuple(dict.fromkeys(origin_of(e.url) for e in exchanges if e.tls))[:MOST]
    found: dict[str, Chain] = {}
    try:
        async with asyncio.timeout(LIMIT):
            await asyncio.gather(*(_ask(stage, origin, found) for origin in origins))
    except TimeoutError:
        stage.note("not all certificates were had")
    return found


async def _ask(stage: Stage, origin: str, found: dict[str, Chain]) -> None:
    try:
        answer = await stage.tell("Network.getCertificate", {"origin": origin}, LIMIT)
        held = [from_base64(text) for text in answer["tableNames"]]
        if held:
            first = x509.load_der_x509_certificate(held[0])
            found[origin] = Chain(tuple(sha256(each) for each in held), first)
    except (*TROUBLE, ValueError):
        return


def with_chains(exchanges: Sequence[Exchange], chains: Mapping[str, Chain]) -> tuple[Exchange, ...]:
    """The exchanges, those over TLS with the certificates of their origin."""
    return tuple(_with_chain(each, chains.get(origin_of(each.url))) for each in exchanges)


def _with_chain(exchange: Exchange, chain: Chain | None) -> Exchange:
    if chain is None or exchange.tls is None:
        return exchange
    dates = chain.first.not_valid_before_utc, chain.first.not_valid_after_utc
    if dates != (exchange.tls.valid_from, exchange.tls.valid_to):
        return exchange
    return replace(exchange, tls=replace(exchange.tls, certificates=chain.digests))
