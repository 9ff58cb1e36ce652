"""From a chain of hops to Exchanges, or to the reason why there is none. Pure functions."""

from collections.abc import Callable
from urllib.parse import urlsplit

from archiver.capture import recorder_headers as read
from archiver.capture.devtools import from_base64
from archiver.capture.recorder_chain import Chain, Fields, Hop
from archiver.domain.exchange import EMPTY, Body, Exchange, Headers, Truncation

AddressOf = Callable[[str, int], str | None]
"""Host and port → the IP address really connected to, where it is known."""

BODILESS = frozenset({204, 205, 304})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BROKEN = ("CONTENT_LENGTH", "INCOMPLETE", "HTTP2", "QUIC", "CONNECTION", "EMPTY_RESPONSE")
UNREADABLE = ("CONTENT_DECODING", "INVALID_CHUNKED", "ZSTD_WINDOW")
"""Signs of a body that came, and that the browser could not read: not coded as its headers say."""
PORTS = {"http": 80, "https": 443}
EMPTIEST = 100
"""Bytes that an empty body may take in any coding, chunked or in frames."""
PRELOAD = "Service-Worker-Navigation-Preload"
NO_END = "the browser did not tell whether the body is whole"
NO_PICTURE = "the page could not read it as a picture, and did not wait for its end"
BY_WORKER = "answered by the page's service worker"
CACHED = "answered from the browser's cache"
UNTOLD = (
    "the browser told neither headers nor a body, as of what it hides from a page of another site"
)
HIDDEN = "the browser hides it from the page, which is of another site, and so from the recorder"


def missing(chain: Chain, number: int) -> str:
    """Why a hop has no response to record; empty when it has one."""
    hop = chain.hops[number]
    response = hop.response or {}
    if hop.cached or (response.get("fromDiskCache") and not hop.hinted):
        return CACHED
    if response.get("fromPrefetchCache") and not fetched_ahead(chain, number):
        return CACHED
    paused = chain.pause(number) is not None
    if response.get("fromServiceWorker") and not paused:
        return BY_WORKER
    if hop.response is not None or paused:
        return ""
    if chain.error and number == len(chain.hops) - 1:
        return chain.error
    return "no answer before the visit ended"


def fetched_ahead(chain: Chain, number: int) -> bool:
    """Whether a hop is the browser's own request ahead of a navigation (speculation rules), with its answer."""
    asked = chain.hops[number].kind == "prefetch"
    return asked and chain.extra(chain.received, number) is not None


def exchange(chain: Chain, number: int, address_of: AddressOf) -> Exchange:
    """The Exchange of a hop that has a response."""
    hop, paused = chain.hops[number], chain.pause(number) or {}
    extra = chain.extra(chain.received, number) or {}
    response, text = hop.response or {}, extra.get("headersText")
    codes = (extra.get("statusCode"), paused.get("responseStatusCode"), response.get("status"))
    status = int(next((code for code in codes if code), 0))
    headers = read.response_headers(
        text, paused.get("responseHeaders"), extra.get("headers"), response.get("headers")
    )
    leads = any(name.lower() == "location" and value for name, value in headers)
    body, truncated, error = _content(chain, number, bodiless(hop.method, status, leads))
    return Exchange(
        url=hop.url,
        method=hop.method,
        request_headers=_request_headers(chain, number),
        request_body=_request_body(chain, number),
        status=status,
        reason=_reason(text, response, paused),
        response_headers=headers,
        body=body,
        started_at=hop.at,
        address=address_of(*_host_port(hop.url)),
        protocols=read.protocols(response),
        resource_type=hop.kind,
        truncated=truncated,
        error=error,
        made_by="browser",
        tls=read.tls_peer(response),
    )


def _reason(text: str | None, response: Fields, paused: Fields) -> str:
    """The reason phrase, with one character for each byte that came."""
    told = str(response.get("statusText") or "")
    if text:
        return read.reason(read.from_text(text)[0], told)
    return read.reason(str(paused.get("responseStatusText") or ""), told) or read.narrow(told)


def bodiless(method: str, status: int, leads: bool) -> bool:
    """Whether such an answer has no entity body, or (a redirect's) none the browser gives out.

    `leads`: it has a Location that names something. Without one it is no redirect, and the page gets what it holds.
    """
    gone = status in REDIRECTS and leads
    return method == "HEAD" or status in BODILESS or gone or status // 100 == 1


def _hidden(chain: Chain, number: int) -> str:
    """What is to be said where the browser emptied the answer before anyone saw it, headers and body (opaque
    response blocking); nothing of others.

    So it does where a page asks another site, without its leave, for what no element could use, such as JSON.
    """
    paused, received = chain.pause(number), chain.extra(chain.received, number)
    if paused is None or paused.get("responseHeaders") or (chain.body and chain.body.size):
        return ""
    if received is None:
        return UNTOLD
    return HIDDEN if received.get("headers") else ""


def _content(chain: Chain, number: int, none: bool) -> tuple[Body, Truncation | None, str]:
    """The body of a hop, whether it was cut, and what went wrong with it. `none`: such an answer has no body."""
    hop = chain.hops[number]
    if none or number < len(chain.hops) - 1:
        return EMPTY, None, ""
    if hidden := _hidden(chain, number):
        return EMPTY, "unspecified", hidden
    if chain.endless and chain.error:
        return chain.body or EMPTY, "unspecified", chain.error
    broken = any(sign in chain.error for sign in BROKEN)
    if chain.truncated:
        lost = broken and chain.truncated == "unspecified"
        return chain.body or EMPTY, "disconnect" if lost else chain.truncated, chain.note
    if chain.body is None:
        cut: Truncation = "disconnect" if chain.error else "unspecified"
        return EMPTY, cut, chain.error or chain.note or _unread(hop)
    if any(sign in chain.error for sign in UNREADABLE):
        return chain.body, "unspecified", chain.error
    if broken:
        return chain.body, "disconnect", chain.error
    doubt = _doubt(chain, number, chain.body)
    return chain.body, "unspecified" if doubt else None, doubt


def _unread(hop: Hop) -> str:
    """Why a body was not had of which nothing else is told."""
    if hop.kind == "prefetch":
        return "fetched ahead of a navigation: the browser gives out no body"
    if PRELOAD in hop.request["headers"]:
        return "fetched for a service worker (navigation preload): the browser gives out no body"
    return "the body was not read"


def _doubt(chain: Chain, number: int, body: Body) -> str:
    """Why a body that was handed out may not be the whole; nothing where the browser told its end, or its length
    shows it.

    The stream of a body may end before the reason comes why it did: then the browser hands out what there is
    as whole, to the page too (seen rarely, over HTTP/2 on a busy machine). And where the page, or what else asked
    for it, has gone or hangs by then, or wants no more of a picture that it cannot read, the reason is told to nobody.
    """
    headers = _headers_told(chain, number)
    if short := _short(chain, number, body, headers):
        return short
    if body.size == read.length_of(headers):
        return ""
    if chain.finished and not chain.error:
        return f"{NO_END}: {NO_PICTURE}" if chain.disowned else ""
    return f"{NO_END}: {chain.error or 'what asked for it went away, or hung'}"


def _short(chain: Chain, number: int, body: Body, headers: dict[str, str]) -> str:
    """What shows a body to be less than what the server sent or was about to; empty where nothing does.

    The browser holds no coded body over HTTP/2 against the length told; and one whose coding breaks off, or never
    began, it takes as ended there, if need be as empty.
    """
    length = read.length_of(headers)
    if body.size < length:
        return f"{body.size} of {length} bytes came, and the browser named no error"
    if chain.hops[number].borrowed or chain.disowned or not read.coded(headers):
        return ""
    sent = read.length_sent(headers)
    if 0 < chain.wire < sent:
        return f"{chain.wire} bytes came, headers among them, of a coded body of {sent}, and the browser named no error"
    came = max(sent, chain.wire - _head_size(chain.hops[number], headers))
    if not body.size and came > EMPTIEST:
        return (
            f"of a coded body of {came} bytes the browser could read nothing, and it named no error"
        )
    return ""


def _head_size(hop: Hop, headers: dict[str, str]) -> int:
    """The bytes that an answer's headers took on the wire, at most. What is told may have some of the body's in it
    over HTTP/2, where they are no longer than they are written out."""
    written = sum(
        len(f"{name}: {part}\r\n") for name, v in headers.items() for part in v.split("\n")
    )
    return min(int((hop.response or {}).get("encodedDataLength") or 0), written)


def _headers_told(chain: Chain, number: int) -> dict[str, str]:
    """The headers by which a body's length and coding are told, named in lower case."""
    received = (chain.extra(chain.received, number) or {}).get("headers") or {}
    headers = {name.lower(): str(value) for name, value in received.items()}
    return headers or read.known(chain.pause(number) or {})


def _request_headers(chain: Chain, number: int) -> Headers:
    """The headers really sent. Where no ExtraInfo came: those announced, or those of the pause.

    A pause also names cookies, but it looks them up when it happens: they were never sent.
    """
    extra = chain.extra(chain.sent, number)
    announced = chain.hops[number].request.get("headers")
    if extra is not None:
        return read.one_a_byte(extra["headers"])
    if announced:
        return read.from_dictionary(announced)
    paused = (chain.pause(number) or {}).get("request", {}).get("headers") or {}
    return tuple(p for p in read.from_dictionary(paused) if p[0].lower() != "cookie")


def _request_body(chain: Chain, number: int) -> Body:
    """The request body: the one fetched for us, the parts that an event names, or the text of it."""
    if chain.hops[number].method in {"GET", "HEAD"}:
        return EMPTY
    if chain.post is not None:
        return Body.of(chain.post)
    told = _told(chain, number)
    for request in told:
        parts = [part.get("bytes") for part in request.get("postDataEntries") or ()]
        if parts and all(parts):
            return Body.of(b"".join(map(from_base64, parts)))
    text = next((str(r["postData"]) for r in told if r.get("postData")), "")
    return Body.of(text.encode("utf-8", "replace"))


def _told(chain: Chain, number: int) -> tuple[Fields, Fields]:
    """A request as announced, and as its pause tells of it: of a form with files only that one names the parts."""
    return chain.hops[number].request, (chain.pause(number) or {}).get("request") or {}


def lost_request_body(chain: Chain, number: int) -> bool:
    """Whether a request had a body of which nothing is known."""
    had = any(request.get("hasPostData") for request in _told(chain, number))
    return had and chain.post is None and not _request_body(chain, number).size


def _host_port(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    return parts.hostname or "", port or PORTS.get(parts.scheme, 0)
