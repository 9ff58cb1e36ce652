"""Following one short link, hop by hop, until an address that a platform knows as a post.

The post itself is not fetched: its address is enough. Nor is a page outside the platforms: where the
link leaves them is the answer. Every request is kept as an exchange.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct

from archiver.domain.exchange import Exchange
from archiver.net.client import Client, redirect_of
from archiver.net.decode import decoded
from archiver.platforms import Recognised, recognise
from archiver.resolution.forms import named_address, page_targets, wrapped

MOST_HOPS = 8
HOP_SECONDS = 4.0
MOST_BYTES = 300_000
NO_NETWORK = ("cannot resolve", "no DNS answer", "Network is unreachable", "the egress guard")


class Followed(Struct, frozen=True, kw_only=True):
    """Where a link led: to a post (`known`), or nowhere, with the reason in one line.

    `dead_host` names a host that did not answer at all, so that it need not be asked again.
    """

    known: Recognised | None = None
    reason: str = ""
    dead_host: str = ""
    steps: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()


def follow(url: str, client: Client, left: Callable[[], float]) -> Followed:
    """Follow `url`; `left` gives the seconds that may still be spent."""
    trail = Trail(url)
    for _ in range(MOST_HOPS):
        seconds = min(HOP_SECONDS, left())
        if seconds <= 0:
            return trail.end(f"no time was left to follow {short(trail.url)}")
        (answer,) = client.fetch(trail.url, timeout=seconds, max_bytes=MOST_BYTES)
        trail.exchanges.append(answer)
        if answer.status == 0:
            return trail.unanswered(answer)
        onward = next_of(answer)
        trail.steps.append(_step(answer, onward))
        if onward is None:
            return trail.end(_silent(answer))
        if ended := _judge(trail, onward):
            return ended
        trail.url = onward
    return trail.end(f"{short(url)} redirects more than {MOST_HOPS} times")


class Trail:
    """What a walk along redirects has seen so far."""

    def __init__(self, url: str) -> None:
        self.start = url
        self.url = url
        self.steps: list[str] = []
        self.exchanges: list[Exchange] = []

    def end(self, reason: str, known: Recognised | None = None, dead_host: str = "") -> Followed:
        """The walk is over."""
        return Followed(
            known=known,
            reason=reason,
            dead_host=dead_host,
            steps=tuple(self.steps),
            exchanges=tuple(self.exchanges),
        )

    def unanswered(self, answer: Exchange) -> Followed:
        """The host gave no answer."""
        host = urlsplit(answer.url).hostname or answer.url
        lost = any(sign in answer.error for sign in NO_NETWORK)
        reason = f"{'no network: ' if lost else ''}{host} did not answer ({answer.error})"
        self.steps.append(f"{short(answer.url)}: no answer ({answer.error})")
        return self.end(reason, dead_host=host)


def _judge(trail: Trail, onward: str) -> Followed | None:
    """Whether the walk ends at `onward`: at a post, or where it leaves what may be followed."""
    known = recognise(onward)
    if known is not None and known.kind == "post":
        return trail.end("", known)
    for inner in wrapped(onward):
        meant = recognise(inner)
        if meant is not None and meant.kind == "post":
            return trail.end("", meant)
        if meant is None:
            return trail.end(f"{short(trail.start)} leads to {short(inner)}, not to a post")
    if known is not None and known.kind == "short" or _same_host(trail.url, onward):
        return None
    what = f"a {known.kind} of {known.platform}" if known else f"{urlsplit(onward).hostname}"
    return trail.end(f"{short(trail.start)} leads to {what}, not to a post")


def next_of(answer: Exchange) -> str | None:
    """Where an answer sends its reader: Location, a redirecting page, or the address it says it has."""
    if location := redirect_of(answer):
        return location
    if answer.status != 200 or "html" not in answer.media_type:
        return None
    html = decoded(answer, MOST_BYTES)
    if onward := next(page_targets(html, answer.url), None):
        return onward
    own = (url for url in named_address(html, answer.url) if url != answer.url)
    return next((url for url in own if _is_post(url)), None)


def _is_post(url: str) -> bool:
    known = recognise(url)
    return known is not None and known.kind == "post"


def _same_host(first: str, second: str) -> bool:
    return urlsplit(first).hostname == urlsplit(second).hostname and first != second


def _silent(answer: Exchange) -> str:
    if answer.status in {404, 410}:
        return f"{short(answer.url)} is not there any more (HTTP {answer.status})"
    if answer.status == 429:
        return f"{urlsplit(answer.url).hostname} asks us to wait (HTTP 429)"
    return f"{short(answer.url)} answered HTTP {answer.status} and leads nowhere"


def _step(answer: Exchange, onward: str | None) -> str:
    return f"{short(answer.url)} → {short(onward) if onward else 'nothing'} (HTTP {answer.status})"


def short(url: str) -> str:
    """An address for a message: without scheme, not longer than 120 characters."""
    bare = url.partition("://")[2] or url
    return bare if len(bare) <= 120 else bare[:119] + "…"
