"""The recorder's core: DevTools events go in, Exchanges come out. No input or output happens here.

A request is known by its id and its hop: redirects keep the id, and each of them counts. Events of
one request may arrive in several sessions (the page's and a worker's); the session that announced
it first owns it, ExtraInfo events are taken from any. Bodies come in by `got_body`, read by the
listener while the browser held the response.

Every request announced anywhere ends either as an Exchange or as an Unrecorded with its reason:
`requested` is the sum of both.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from archiver.capture import recorder_build as build
from archiver.capture import recorder_headers as read
from archiver.capture.recorder_build import AddressOf
from archiver.capture.recorder_chain import Chain, Fields, Hop
from archiver.domain.capture import Unrecorded
from archiver.domain.exchange import Body, Exchange, Truncation

REFUSED = "a download, which was refused"


class Fold:
    """What one capture has seen. `feed` takes protocol events, `exchanges` gives the result."""

    def __init__(self) -> None:
        self._chains: dict[str, Chain] = {}
        self._sockets: dict[str, str] = {}
        self._refused: list[str] = []
        self._hints: list[str] = []
        self._seen = 0
        self._built: dict[tuple[AddressOf, int], tuple[Exchange, ...]] = {}
        self._takes: dict[str, Callable[[str, Fields], None]] = {
            "Network.requestWillBeSent": self._announced,
            "Network.requestWillBeSentExtraInfo": self._sent,
            "Network.responseReceived": self._answered,
            "Network.responseReceivedExtraInfo": self._received,
            "Network.responseReceivedEarlyHints": self._hinted,
            "Network.requestServedFromCache": self._cached,
            "Network.loadingFinished": self._finished,
            "Network.loadingFailed": self._failed,
            "Network.webSocketCreated": self._socket,
            "Network.webTransportCreated": self._socket,
        }

    def feed(self, session: str, method: str, event: Fields) -> None:
        """Take one event of the Network domain; events that say nothing to us are passed over."""
        if method == "Network.dataReceived":  # of this no exchange says anything
            chain = self._chain(event["requestId"])
            chain.passed += event["dataLength"] if session == chain.owner else 0
        take = self._takes.get(method)
        if take is not None:
            self._built.clear()
            take(session, event)

    def paused(self, request_id: str, event: Fields) -> None:
        """Take a `Fetch.requestPaused` of the response stage, with `seenAt` in seconds since 1970."""
        self._changed(request_id).take(self._numbered(event))

    def paused_of(self, event: Fields) -> str:
        """The request that a `Fetch.requestPaused` is of; empty where none was announced."""
        named = str(event.get("networkId") or "")
        return named or next((n for n, chain in self._chains.items() if chain.pauses(event)), "")

    def watched(self, request_id: str) -> None:
        """Say that the body of this request is endless and is not waited for."""
        self._changed(request_id).endless = True

    def got_body(
        self, request_id: str, body: Body | None, truncated: Truncation | None, note: str = ""
    ) -> None:
        """Take the body of the last hop, as the listener read it; `note` says what went wrong."""
        chain = self._changed(request_id)
        chain.body, chain.truncated, chain.note = body, truncated, note

    def got_post(self, request_id: str, data: bytes) -> None:
        """Take a request body that the announcement did not hold."""
        self._changed(request_id).post = data

    def closed(self, session: str) -> None:
        """Say that a page, frame or worker has gone: nothing more is told of what it asked for."""
        self._built.clear()
        for chain in self._chains.values():
            if chain.owner == session and not chain.finished:
                chain.finished = True
                chain.error = chain.error or "what asked for it was closed"

    def refused(self, url: str) -> None:
        """Say that the browser began a download, which was refused."""
        if url[:5].lower() in {"http:", "https"}:
            self._refused.append(url.partition("#")[0])

    def knows(self, request_id: str) -> bool:
        """Whether the request was announced in this capture."""
        return request_id in self._chains

    def owner(self, request_id: str) -> str:
        """The session that announced the request first; empty where none did."""
        chain = self._chains.get(request_id)
        return chain.owner if chain is not None else ""

    def passed(self, request_id: str) -> int:
        """The bytes of the body that the page was handed, content-decoded."""
        chain = self._chains.get(request_id)
        return chain.passed if chain is not None else 0

    def broken_off(self, request_id: str) -> str:
        """Why the request ended without its whole answer; empty when it did not, or has not ended."""
        chain = self._chains.get(request_id)
        return chain.error if chain is not None and chain.finished else ""

    def ended(self, request_id: str) -> bool:
        """Whether the request has ended."""
        return self._chains[request_id].finished

    def waiting(self) -> tuple[str, ...]:
        """The requests that have neither ended nor are endless, and whose body is not held whole yet: what
        network quiet is judged by. Of what a frame or a worker had asked for that is no more, no end is told."""
        return tuple(
            name
            for name, chain in self._chains.items()
            if chain.announced and not (chain.finished or chain.endless or chain.whole)
        )

    @property
    def reached(self) -> int:
        """How far the order of requests has come: what begins from now on has this place or a later one.

        Views are told apart by it and not by the time of day, which somebody may set while they are played.
        """
        return self._seen

    @property
    def requested(self) -> int:
        """The requests seen, each hop counted."""
        hops = sum(len(chain.hops) for chain in self._chains.values())
        return hops + len(self._sockets) + len(self._downloads())

    def exchanges(self, address_of: AddressOf, since: int = 0) -> tuple[Exchange, ...]:
        """Every answered request from the place `since` on, in the order in which they became known."""
        asked = (address_of, since)
        if asked not in self._built:
            found = [
                (chain.hops[number].order, build.exchange(chain, number, address_of))
                for chain, number in self._hops()
                if chain.hops[number].order >= since and not self._missing(chain, number)
            ]
            found.sort(key=lambda pair: pair[0])
            self._built[asked] = tuple(exchange for _, exchange in found)
        return self._built[asked]

    def unrecorded(self) -> tuple[Unrecorded, ...]:
        """Every request without a recorded response, with the reason."""
        lost = [
            Unrecorded(url=chain.hops[number].url, method=chain.hops[number].method, reason=reason)
            for chain, number in self._hops()
            if (reason := self._missing(chain, number))
        ]
        why = "a socket: what passes through it is not kept"
        return (
            *lost,
            *(Unrecorded(url=u, method="GET", reason=why) for u in self._sockets.values()),
            *(Unrecorded(url=u, method="GET", reason=REFUSED) for u in self._downloads()),
        )

    def _downloads(self) -> list[str]:
        """The downloads that no other event told of: those of links that are marked as such."""
        if not self._refused:
            return []
        seen = Counter(chain.hops[number].url for chain, number in self._hops())
        return list((Counter(self._refused) - seen).elements())

    def announced_only(self) -> tuple[str, ...]:
        """The addresses whose request headers are those announced, not those known to be sent."""
        return tuple(
            chain.hops[number].url
            for chain, number in self._hops()
            if chain.extra(chain.sent, number) is None and not self._missing(chain, number)
        )

    def without_body(self) -> tuple[str, ...]:
        """The addresses to which bodies were sent that are not known."""
        return tuple(
            chain.hops[number].url
            for chain, number in self._hops()
            if build.lost_request_body(chain, number) and not self._missing(chain, number)
        )

    def hinted(self) -> tuple[str, ...]:
        """The addresses that early hints named: what the browser asked for then was told to nobody."""
        return tuple(dict.fromkeys(self._hints))

    def documents(self, frame: str, since: int = 0) -> tuple[str, ...]:
        """The ids of the documents asked for in a frame from the place `since` on, in order."""
        return tuple(
            name
            for name, chain in self._chains.items()
            for hop in chain.hops[-1:]
            if hop.frame == frame and hop.kind == "document" and hop.order >= since
        )

    def exchange_of(self, request_id: str, address_of: AddressOf) -> Exchange | None:
        """The last hop of one request, or of the one that was made ahead for it, or whose answer the browser's cache
        gave once more; None when there is no answer."""
        chain = self._chains[self.ahead_of(request_id) or request_id]
        place = len(chain.hops) - 1
        if place >= 0 and build.missing(chain, place) == build.CACHED:
            chain, place = self._given_before(chain.hops[place])
        if place < 0 or build.missing(chain, place):
            return None
        return build.exchange(chain, place, address_of)

    def _given_before(self, hop: Hop) -> tuple[Chain, int]:
        """The last answer with a body that came over the wire for the address of a hop before it; place -1 for none."""
        found = [
            (chain.hops[place].order, chain, place)
            for chain, place in self._hops()
            if chain.hops[place].url == hop.url
            and chain.hops[place].order < hop.order
            and _whole(chain, place)
        ]
        _, chain, place = max(found, key=lambda each: each[0], default=(0, Chain(""), -1))
        return chain, place

    def by_workers(self, frame: str) -> tuple[str, ...]:
        """The addresses of the documents of a frame that a service worker answered."""
        return tuple(
            self._chains[name].hops[-1].url
            for name in self.documents(frame)
            if build.missing(self._chains[name], len(self._chains[name].hops) - 1)
            == build.BY_WORKER
        )

    def ahead_of(self, request_id: str) -> str:
        """The request that fetched ahead what this one, a navigation, was answered with; empty for none."""
        chain = self._chains.get(request_id)
        hop = chain.hops[-1] if chain is not None and chain.hops else None
        if (
            hop is None
            or hop.kind != "document"
            or not (hop.response or {}).get("fromPrefetchCache")
        ):
            return ""
        same = (n for n, one in self._chains.items() if one.hops and one.hops[0].url == hop.url)
        return next((n for n in same if build.fetched_ahead(self._chains[n], 0)), "")

    def _missing(self, chain: Chain, number: int) -> str:
        """Why a hop has no response of its own to record; empty when it has one.

        An answer that came through another request's connection is that one's, as long as it is held whole.
        One that an early hint had brought is the first one's to which it was given.
        """
        hop = chain.hops[number]
        if (hop.shared or hop.hinted) and any(
            _whole(other, place)
            for other, place in self._hops()
            if other.hops[place].url == hop.url
            and (hop.shared or other.hops[place].order < hop.order)
        ):
            return build.CACHED
        return build.missing(chain, number)

    def _hops(self) -> Iterator[tuple[Chain, int]]:
        for chain in self._chains.values():
            for number in range(len(chain.hops)):
                yield chain, number

    def _numbered(self, event: Fields) -> Fields:
        """The event of a request with its place in the order of all."""
        self._seen += 1
        return {**event, "order": self._seen - 1}

    def _chain(self, request_id: str) -> Chain:
        return self._chains.setdefault(request_id, Chain(""))

    def _changed(self, request_id: str) -> Chain:
        """The chain of a request of which something is said now: what was built before holds no more."""
        self._built.clear()
        return self._chain(request_id)

    def _last(self, event: Fields) -> Hop | None:
        chain = self._chains.get(event["requestId"])
        return chain.announced[-1] if chain is not None and chain.announced else None

    # --- events ------------------------------------------------------------------------------

    def _announced(self, session: str, event: Fields) -> None:
        if event["request"]["url"][:5].lower() not in {"http:", "https"}:
            return
        chain = self._chain(event["requestId"])
        chain.owner = chain.owner or session
        redirect = event.get("redirectResponse")
        if session != chain.owner or (chain.announced and not redirect):
            return  # announced again: a worker's script is, by the page and by the worker itself
        if redirect and chain.announced:
            chain.announced[-1].response = redirect
            chain.announced[-1].redirected = True
            chain.announced[-1].extra_due = event.get("redirectHasExtraInfo")
        chain.announced.append(Hop(self._numbered(event)))

    def _sent(self, session: str, event: Fields) -> None:
        self._chain(event["requestId"]).sent.setdefault(session, []).append(event)

    def _received(self, session: str, event: Fields) -> None:
        self._chain(event["requestId"]).received.setdefault(session, []).append(event)

    def _hinted(self, session: str, event: Fields) -> None:
        hop = self._last(event)
        self._hints += read.hinted(event["headers"], hop.url if hop is not None else "")

    def _answered(self, session: str, event: Fields) -> None:
        hop = self._last(event)
        if hop is not None:
            hop.response = event["response"]
            hop.extra_due = event.get("hasExtraInfo")

    def _cached(self, session: str, event: Fields) -> None:
        hop = self._last(event)
        if hop is not None:
            hop.cached = True

    def _finished(self, session: str, event: Fields) -> None:
        chain = self._chain(event["requestId"])
        chain.wire = int(event.get("encodedDataLength") or 0)
        chain.finished = not chain.goes_on

    def _failed(self, session: str, event: Fields) -> None:
        chain = self._chain(event["requestId"])
        chain.finished = True
        cors = (event.get("corsErrorStatus") or {}).get("corsError")
        said = (event.get("errorText"), event.get("blockedReason"), cors)
        chain.error = ", ".join(str(part) for part in said if part) or "failed"

    def _socket(self, session: str, event: Fields) -> None:
        self._sockets[str(event.get("requestId") or event.get("transportId"))] = event["url"]


def _whole(chain: Chain, number: int) -> bool:
    """Whether a hop has an answer that came over the wire for it, to its end."""
    hop = chain.hops[number]
    if hop.shared or build.missing(chain, number):
        return False
    return hop.redirected or not (chain.truncated or chain.error)
