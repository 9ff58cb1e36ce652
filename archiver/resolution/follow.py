"""Following one short link, hop by hop, until an address that a platform knows as a post.

The post itself is not fetched: its address is enough. Nor is a page outside the platforms: where the
link leaves them is the answer. Every request is kept as an exchange.
"""

from urllib.parse import urlsplit

from msgspec import Struct

from archiver.domain.exchange import Exchange
from archiver.net.client import redirect_of
from archiver.net.decode import decoded
from archiver.platforms import Recognised, recognise
from archiver.resolution.asking import NO_NETWORK, Asking
from archiver.resolution.forms import named_address, page_targets, wrapped

MOST_HOPS = 8
HOP_SECONDS = 4.0
MOST_BYTES = 300_000


class Followed(Struct, frozen=True, kw_only=True):
    """Where a link led: to a post (`known`), or nowhere, with the reason in one line."""

    known: Recognised | None = None
    reason: str = ""


def follow(url: str, asking: Asking) -> Followed:
    """Follow `url`, hop by hop; requests and steps are noted in `asking`."""
    at = url
    for _ in range(MOST_HOPS):
        if asking.left() <= 0:
            return Followed(reason=f"no time was left to follow {short(at)}")
        answer, why = _hop(at, asking)
        if answer is None:
            return Followed(reason=why)
        onward = next_of(answer)
        asking.steps.append(_step(answer, onward))
        if onward is None:
            return Followed(reason=_silent(answer))
        if ended := _judge(url, at, onward):
            return ended
        at = onward
    return Followed(reason=f"{short(url)} redirects more than {MOST_HOPS} times")


def _hop(url: str, asking: Asking) -> tuple[Exchange | None, str]:
    """One request; without an answer the reason why there is none."""
    began = len(asking.exchanges)
    answer = asking.ask(url, seconds=HOP_SECONDS)
    if answer is not None:
        return answer, ""
    host = urlsplit(url).hostname or url
    error = asking.exchanges[-1].error if len(asking.exchanges) > began else "not asked again"
    lost = any(sign in error for sign in NO_NETWORK)
    return None, f"{'no network: ' if lost else ''}{host} did not answer ({error})"


def _judge(start: str, here: str, onward: str) -> Followed | None:
    """Whether the walk ends at `onward`: at a post, or where it leaves what may be followed."""
    known = recognise(onward)
    if known is not None and known.kind == "post":
        return Followed(known=known)
    for inner in wrapped(onward):
        meant = recognise(inner)
        if meant is not None and meant.kind == "post":
            return Followed(known=meant)
        if meant is None:
            return Followed(reason=f"{short(start)} leads to {short(inner)}, not to a post")
    if known is not None and known.kind == "short" or _same_host(here, onward):
        return None
    what = f"a {known.kind} of {known.platform}" if known else f"{urlsplit(onward).hostname}"
    return Followed(reason=f"{short(start)} leads to {what}, not to a post")


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
