"""Facts about a capture that are kept in its WARC as JSON: the outcome, and the servers' certificates."""

from collections.abc import Iterable

import msgspec

from archiver.domain.capture import Capture
from archiver.domain.exchange import Exchange
from archiver.domain.sound import sound
from archiver.records.draft import Draft


def outcome_facts(capture: Capture) -> bytes:
    """What was asked, what it came to, every view tried, and what has no record here."""
    return _json(
        {
            "capture_id": capture.id,
            "target": capture.target,
            "url": capture.url,
            "started_at": capture.started_at,
            "ended_at": capture.ended_at,
            "outcome": capture.outcome,
            "attempts": capture.attempts,
            "requested": capture.requested,
            "unrecorded": capture.unrecorded,
            "without_record": [
                {"url": exchange.url, "method": exchange.method, "error": exchange.error}
                for exchange in capture.exchanges
                if not exchange.recordable
            ],
            "blocked": capture.blocked,
            "limits_hit": capture.limits_hit,
            "notes": capture.notes,
        }
    )


def tls_facts(capture: Capture, responses: Iterable[tuple[Exchange, Draft]]) -> bytes | None:
    """Each certificate seen, with the host, the address and the records that came over it."""
    peers: dict[bytes, tuple[dict[str, object], list[str]]] = {}
    for exchange, draft in responses:
        if exchange.tls is None:
            continue
        facts = {"tls": exchange.tls, "host": _host(exchange.url), "address": exchange.address}
        peers.setdefault(_json(facts), (facts, []))[1].append(draft.id)
    if not peers:
        return None
    return _json({"peers": [{**facts, "records": ids} for facts, ids in peers.values()]})


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()


def _json(value: object) -> bytes:
    try:
        return msgspec.json.encode(value, order="sorted")
    except UnicodeEncodeError:
        return msgspec.json.encode(sound(msgspec.to_builtins(value)), order="sorted")
