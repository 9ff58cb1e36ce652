"""What the recorder knows of one request: the chain of its hops, and all that was said of them."""

from datetime import UTC, datetime
from typing import Any

from archiver.domain.exchange import Body, Truncation

Fields = dict[str, Any]


class Hop:
    """One request of a chain and what is known of its response. `order` is its place among all requests of
    the capture as they became known; `at` is the time of day, by a clock that may have been set meanwhile.
    `extra_due` is whether the browser said that ExtraInfo comes for it; None where it said nothing.
    `deferred`: a `fetchLater`, which the browser announces and sends itself, for a page that may have gone."""

    def __init__(self, announced: Fields) -> None:
        self.request: Fields = announced["request"]
        self.kind = str(announced.get("type") or "Other").lower()
        self.frame = str(announced.get("frameId") or "")
        self.at = datetime.fromtimestamp(announced["wallTime"], UTC)
        self.order = int(announced["order"])
        self.deferred = announced.get("loaderId", "") == announced.get("requestId") and (
            self.kind == "fetch"
        )
        self.response: Fields | None = None
        self.cached = False
        self.redirected = False
        self.extra_due: bool | None = None

    @property
    def shared(self) -> bool:
        """Whether the answer was read off another request's connection, through the browser's cache: nothing
        of its own went over the wire, although the browser does not call it cached."""
        own = self.response or {"connectionId": 1}
        wire = own.get("connectionId") or own.get("encodedDataLength")
        return self.extra_due is False and not wire and not own.get("fromServiceWorker")

    @property
    def hinted(self) -> bool:
        """Whether the answer lay in the browser's cache because an early hint (103) of the page's server made
        the browser ask for it before there was a page: of that request nothing is told but its answer."""
        return not self.cached and bool((self.response or {}).get("fromEarlyHints"))

    @property
    def borrowed(self) -> bool:
        """Whether the answer came over the wire for another request, of which this one's length says nothing."""
        return self.shared or self.hinted

    @property
    def url(self) -> str:
        """The address as requested, without fragment."""
        return str(self.request["url"]).partition("#")[0]

    @property
    def method(self) -> str:
        """The request's method."""
        return str(self.request["method"])


class Chain:
    """All hops of one request id.

    `owner` is the session that announced the request first; `sent` and `received` hold the
    ExtraInfo events in order, one list a session; `paused` the response-stage pauses in order.
    `endless` marks a body that is watched while it streams instead of being waited for; `passed` are the
    bytes of it that the page was handed, `wire` those that came for the answer, headers and all, as told at its end.
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.announced: list[Hop] = []
        self.sent: dict[str, list[Fields]] = {}
        self.received: dict[str, list[Fields]] = {}
        self.paused: list[Fields] = []
        self.post: bytes | None = None
        self.body: Body | None = None
        self.truncated: Truncation | None = None
        self.note = ""
        self.endless = False
        self.passed = 0
        self.wire = 0
        self.finished = False
        self.error = ""

    @property
    def whole(self) -> bool:
        """Whether the body is held to its end."""
        return self.body is not None and self.truncated is None

    @property
    def goes_on(self) -> bool:
        """Whether what was said to be ended is the first part of a picture in parts (`multipart/x-mixed-replace`).
        Then nothing is told as come over the wire; that is told, and the end once more, when the last part is there."""
        last = self.announced[-1] if self.announced else None
        if last is None or last.kind != "image" or self.wire or not self.passed:
            return False
        return (last.response or {}).get("mimeType") == "multipart/x-mixed-replace"

    @property
    def disowned(self) -> bool:
        """Whether a page called a picture ended, whose beginning it could not read, before it had come to its end.

        What is told as come over the wire is then the length of what the page was handed, for it knows no other;
        else headers come on top. Drawings are read only once they are there, and where they were sent in a coding
        both lengths may be the same by chance.
        """
        last = self.announced[-1] if self.announced else None
        if last is None or last.kind != "image" or not self.passed:
            return False
        drawing = (last.response or {}).get("mimeType") == "image/svg+xml"
        return self.wire == self.passed and not drawing

    @property
    def hops(self) -> list[Hop]:
        """The hops; where only the Fetch domain saw the request, those made from its pauses.

        A pause names cookies that were never sent (it looks them up when it happens), so the
        request headers of such a hop stay empty.
        """
        if self.announced:
            return self.announced
        return [Hop(_announcement(event)) for event in self.paused]

    def pauses(self, event: Fields) -> bool:
        """Whether a pause that names no request is of this one: of a deferred fetch no pause does."""
        if not (self.announced and self.announced[0].deferred):
            return False
        if before := event.get("redirectedRequestId"):
            return any(pause["requestId"] == before for pause in self.paused)
        first, asked = self.announced[0], event["request"]
        return (
            not any(pause.get("responseStatusCode") for pause in self.paused)
            and first.frame == event.get("frameId")
            and (first.url, first.method) == (asked["url"].partition("#")[0], asked["method"])
            and first.request.get("postData") == asked.get("postData")
        )

    def take(self, pause: Fields) -> None:
        """Take a response-stage pause. Of a deferred fetch that was redirected it alone names the address: the
        browser announces the one before once more."""
        self.paused.append(pause)
        if self.announced and self.announced[-1].deferred:
            last = self.announced[-1]
            last.request = {**pause["request"], "headers": last.request["headers"]}

    def extra(self, table: dict[str, list[Fields]], hop: int) -> Fields | None:
        """The ExtraInfo of a hop: the owner's when it has one, else another session's."""
        for session in (self.owner, *table):
            found = table.get(session, [])
            place = self._place(hop, len(found))
            if 0 <= place < len(found):
                return found[place]
        return None

    def _place(self, hop: int, had: int) -> int:
        """Which of the ExtraInfo events that were had belongs to a hop; -1 for none of them.

        There are fewer than hops where one was answered by the browser itself: that one gets none.
        """
        hops = self.hops
        if had >= len(hops):
            return hop
        if hops[hop].extra_due is False:
            return -1
        return hop - sum(one.extra_due is False for one in hops[:hop])

    def pause(self, number: int) -> Fields | None:
        """The response-stage pause of a hop: the next one with its address, if it had an answer."""
        hops = self.hops
        same = [n for n, hop in enumerate(hops) if hop.url == hops[number].url]
        paused = [
            event
            for event in self.paused
            if event["request"]["url"].partition("#")[0] == hops[number].url
            and event.get("responseStatusCode") is not None
        ]
        place = same.index(number)
        return paused[place] if place < len(paused) else None


def _announcement(event: Fields) -> Fields:
    return {
        "request": {**event["request"], "headers": {}},
        "type": event.get("resourceType"),
        "frameId": event.get("frameId"),
        "wallTime": event["seenAt"],
        "order": event["order"],
    }
