"""The fold: lists of DevTools events in, Exchanges out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.capture.recorder_fold import Fold
from archiver.domain.exchange import Body

URL = "https://www.harbour-post.net/a"


def nowhere(host: str, port: int) -> str | None:
    return None


def announced(
    name="1", url=URL, session="s", redirect=None, method="GET", wall=1_700_000_000.25, **request
):
    event = {
        "requestId": name,
        "request": {"url": url, "method": method, "headers": {"Accept": "*/*"}, **request},
        "wallTime": wall,
        "type": "Document",
        "frameId": "F",
    }
    if redirect:
        event["redirectResponse"] = redirect
    return session, "Network.requestWillBeSent", event


def answered(name="1", status=200, session="s", **more):
    response = {"url": URL, "status": status, "statusText": "Fine", "headers": {"A": "1"}}
    event = {"requestId": name, "response": {**response, "protocol": "h2", **more}}
    return session, "Network.responseReceived", event


def fold_of(*events) -> Fold:
    fold = Fold()
    for session, method, event in events:
        fold.feed(session, method, event)
    return fold


def paused(status=200, url=URL, headers=(), **more):
    listed = [{"name": n, "value": v} for n, v in headers]
    request = {"url": url, "method": "GET", "headers": {"Cookie": "never=sent", "X-True": "1"}}
    event = {"request": request, "responseStatusCode": status, "responseHeaders": listed}
    return {**event, "resourceType": "Script", "frameId": "F", "seenAt": 1_700_000_001.0, **more}


BLAMELESS = {True: ", and the browser named no error", False: ", and it named no error"}


def test_one_request_one_answer() -> None:
    fold = fold_of(announced(), answered(), ("s", "Network.loadingFinished", {"requestId": "1"}))
    fold.got_body("1", Body.of(b"body"), None)
    (exchange,) = fold.exchanges(lambda host, port: f"{host}:{port}")
    assert (exchange.url, exchange.status, exchange.reason) == (URL, 200, "Fine")
    assert exchange.body.read() == b"body"
    assert exchange.truncated is None
    assert exchange.address == "www.harbour-post.net:443"
    assert exchange.protocols == ("h2",)
    assert exchange.started_at == datetime(2023, 11, 14, 22, 13, 20, 250000, tzinfo=UTC)
    assert fold.requested == 1
    assert fold.waiting() == ()


@pytest.mark.parametrize(
    ("headers", "size", "cut"),
    [
        ({"Content-Length": "5000"}, 2000, True),
        ({"content-length": "5000"}, 0, True),
        ({"Content-Length": "2000"}, 2000, False),
        ({"Content-Length": "1999"}, 2000, False),
        ({"Content-Length": "5000", "Content-Encoding": "br"}, 2000, False),
        ({"Content-Length": "5000", "Transfer-Encoding": "chunked"}, 2000, False),
        ({"Content-Length": "5000\n5001"}, 2000, False),
        ({"Content-Length": "\N{SUPERSCRIPT TWO}"}, 2000, False),
        ({"Content-Length": "9" * 5000}, 2000, False),
        ({}, 2000, False),
    ],
)
def test_a_body_that_is_shorter_than_was_told_is_not_whole(
    headers: dict[str, str], size: int, cut: bool
) -> None:
    """Whatever the browser says of it: an early end is now and then taken for the end."""
    received = {"requestId": "1", "headers": headers, "statusCode": 200}
    fold = fold_of(announced(), answered(), ("s", "Network.responseReceivedExtraInfo", received))
    fold.feed("s", "Network.loadingFinished", {"requestId": "1"})
    fold.got_body("1", Body.of(b"b" * size), None)
    (exchange,) = fold.exchanges(nowhere)
    assert exchange.body.size == size
    assert exchange.truncated == ("unspecified" if cut else None)
    words = f"{size} of 5000 bytes came, and the browser named no error"
    assert exchange.error == (words if cut else "")


@pytest.mark.parametrize(
    ("length", "size", "wire", "why"),
    [
        ("5000", 9000, 3000, "3000 bytes came, headers among them, of a coded body of 5000"),
        ("5000", 9000, 5040, ""),
        ("5000", 9000, 0, ""),
        ("5000", 0, 5040, "of a coded body of 5000 bytes the browser could read nothing"),
        ("", 0, 5040, "of a coded body of 5000 bytes the browser could read nothing"),
        ("20", 0, 60, ""),
        ("", 0, 60, ""),
    ],
)
def test_a_coded_body_is_held_against_what_came_over_the_wire(
    length: str, size: int, wire: int, why: str
) -> None:
    headers = {"Content-Encoding": "zstd", "Vary": "x" * 40, "Content-Length": length}
    received = {"requestId": "1", "headers": headers, "statusCode": 200}
    fold = fold_of(
        announced(),
        answered(encodedDataLength=40),
        ("s", "Network.responseReceivedExtraInfo", received),
        ("s", "Network.loadingFinished", {"requestId": "1", "encodedDataLength": wire}),
    )
    fold.got_body("1", Body.of(b"b" * size), None)
    (exchange,) = fold.exchanges(nowhere)
    assert exchange.body.size == size
    assert exchange.truncated == ("unspecified" if why else None)
    assert exchange.error == (f"{why}{BLAMELESS[bool(size)]}" if why else "")


@pytest.mark.parametrize(
    ("kind", "form", "wire", "headers", "cut"),
    [
        ("Image", "image/png", 9, {}, True),
        ("Image", "image/png", 209, {}, False),
        ("Image", "image/png", 9, {"Content-Length": "9"}, False),
        ("Image", "image/svg+xml", 9, {"Content-Encoding": "br"}, False),
        ("Fetch", "image/png", 9, {"Content-Encoding": "br"}, False),
    ],
)
def test_a_picture_that_its_page_calls_ended_is_not_called_whole(
    kind: str, form: str, wire: int, headers: dict[str, str], cut: bool
) -> None:
    """Then its page tells the length of what it was handed for that of what came over the wire."""
    asked = announced()[2] | {"type": kind}
    fold = fold_of(
        ("s", "Network.requestWillBeSent", asked),
        ("s", "Network.responseReceivedExtraInfo", {"requestId": "1", "headers": headers}),
        answered(mimeType=form),
        ("s", "Network.dataReceived", {"requestId": "1", "dataLength": 9}),
        ("s", "Network.loadingFinished", {"requestId": "1", "encodedDataLength": wire}),
    )
    fold.got_body("1", Body.of(b"no pixels"), None)
    (exchange,) = fold.exchanges(nowhere)
    assert exchange.truncated == ("unspecified" if cut else None)
    assert ("did not wait for its end" in exchange.error) is cut


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "9", "Content-Encoding": "gzip"}])
@pytest.mark.parametrize(
    ("said", "why"),
    [
        (None, "what asked for it went away, or hung"),
        ("closed", "what asked for it was closed"),
        ("Network.loadingFailed", "net::ERR_ABORTED"),
        ("Network.loadingFinished", ""),
    ],
)
def test_a_body_whose_end_nobody_told_is_not_called_whole(
    headers: dict[str, str], said: str | None, why: str
) -> None:
    received = {"requestId": "1", "headers": headers, "statusCode": 200}
    fold = fold_of(announced(), answered(), ("s", "Network.responseReceivedExtraInfo", received))
    fold.got_body("1", Body.of(b"half"), None)
    if said == "closed":
        fold.closed("s")
    elif said:
        fold.feed("s", said, {"requestId": "1", "errorText": "net::ERR_ABORTED"})
    (exchange,) = fold.exchanges(nowhere)
    assert exchange.body.read() == b"half"
    assert exchange.truncated == ("unspecified" if why else None)
    assert exchange.error.endswith(why)
    assert bool(exchange.error) == bool(why)


def test_what_is_said_after_a_look_is_seen_at_the_next() -> None:
    fold = fold_of(announced())
    looks = [fold.exchanges(nowhere)]
    for say in (
        lambda: fold.feed(*answered(status=201)),
        lambda: fold.paused("1", paused(200)),
        lambda: fold.feed(*announced("2", URL + "2")),
        lambda: fold.feed(*answered("2")),
        lambda: fold.got_body("1", Body.of(b"body"), None),
        lambda: fold.feed("s", "Network.loadingFinished", {"requestId": "1"}),
        lambda: fold.got_post("2", b"asked"),
        lambda: fold.watched("2"),
        lambda: fold.closed("s"),
    ):
        say()
        looks.append(fold.exchanges(nowhere))
        assert looks[-1] == fold.exchanges(nowhere)
    assert [[e.status for e in seen] for seen in looks[:5]] == [[], [201], [200], [200], [200, 200]]
    assert looks[5][0].body.read() == b"body"
    assert [e.truncated for e in looks[6]] == [None, "unspecified"]
    assert [e.error for e in looks[9]] == ["", "what asked for it was closed"]
    assert [e.url for e in fold.exchanges(nowhere, since=1)] == [URL + "2"]
    assert {e.address for e in fold.exchanges(lambda host, port: host)} == {"www.harbour-post.net"}


def test_each_hop_of_a_redirect_is_an_exchange_of_its_own() -> None:
    extras = [
        ("s", "Network.responseReceivedExtraInfo", {
            "requestId": "1", "headers": {}, "statusCode": code,
            "headersText": f"HTTP/1.1 {code} {word}\r\nSet-Cookie: n={code}\r\n\r\n",
        })
        for code, word in ((302, "Found"), (301, "Moved"), (200, "OK"))
    ]  # fmt: skip
    fold = fold_of(
        announced(),
        announced(url=URL + "2", redirect={"status": 302, "headers": {}}),
        announced(url=URL + "3", redirect={"status": 301, "headers": {}}),
        *extras,
        answered(),
    )
    fold.got_body("1", Body.of(b"end"), None)
    exchanges = fold.exchanges(nowhere)
    assert [(e.url, e.status, e.reason, e.body.size) for e in exchanges] == [
        (URL, 302, "Found", 0),
        (URL + "2", 301, "Moved", 0),
        (URL + "3", 200, "OK", 3),
    ]
    assert exchanges[1].response_headers == (("Set-Cookie", "n=301"),)
    assert fold.requested == 3


def test_a_second_session_neither_doubles_nor_shifts() -> None:
    sent = [
        (session, "Network.requestWillBeSentExtraInfo", {"requestId": "1", "headers": {"X": "y"}})
        for session in ("other", "s")
    ]
    fold = fold_of(
        announced(), announced(session="other"), *sent, answered(), answered(session="other")
    )
    (exchange,) = fold.exchanges(nowhere)
    assert exchange.request_headers == (("X", "y"),)
    assert fold.requested == 1


def test_set_cookie_comes_from_extra_info_and_order_from_the_pause() -> None:
    fold = fold_of(
        announced(),
        ("s", "Network.responseReceivedExtraInfo", {
            "requestId": "1", "statusCode": 200,
            "headers": {"b": "2", "set-cookie": "one=1\ntwo=2", ":status": "200", "a": "1"},
        }),
        answered(),
    )  # fmt: skip
    fold.paused("1", paused(headers=[("b", "2"), ("a", "1"), ("a", "3")]))
    (exchange,) = fold.exchanges(nowhere)
    assert exchange.response_headers == (
        ("b", "2"), ("a", "1"), ("a", "3"), ("set-cookie", "one=1"), ("set-cookie", "two=2"),
    )  # fmt: skip


def test_a_request_seen_only_by_its_pause_is_kept_without_invented_cookies() -> None:
    fold = Fold()
    fold.paused("9", paused(headers=[("Content-Type", "text/javascript")]))
    fold.got_body("9", Body.of(b"x"), None)
    (exchange,) = fold.exchanges(nowhere)
    assert (exchange.status, exchange.resource_type, exchange.body.read()) == (200, "script", b"x")
    assert exchange.request_headers == (("X-True", "1"),)
    assert fold.requested == 1


def later(name: str, url: str = URL):
    _, method, event = announced(name, url)
    return "s", method, {**event, "type": "Fetch", "loaderId": name}


def test_a_pause_that_names_no_request_is_of_the_deferred_fetch_that_it_fits() -> None:
    """Of two that fit, the first that has no answer; of a redirected one, by the pause before; of no other fetch."""
    fold = fold_of(announced("0"), later("1"), later("2"), later("3", URL + "3"))
    failed = paused(None, requestId="p0", responseErrorReason="Failed")
    first, second = paused(302, requestId="p1"), paused(requestId="p2")
    led = paused(url=URL + "led", requestId="p3", redirectedRequestId="p1")
    third = paused(url=URL + "3", requestId="p4")
    seen = []
    for event in (failed, first, second, led, third):
        seen.append(fold.paused_of(event))
        fold.paused(seen[-1], event)
    assert seen == ["1", "1", "2", "1", "3"]
    for other in (paused(requestId="p5"), paused(requestId="p6", frameId="G")):
        assert fold.paused_of(other) == ""
    assert fold.paused_of(paused(networkId="9")) == "9"


def test_reasons_for_what_is_not_recorded() -> None:
    fold = fold_of(
        announced("a"),
        announced("b"),
        ("s", "Network.loadingFailed", {"requestId": "b", "errorText": "net::ERR_X", "blockedReason": "csp"}),
        announced("c"),
        ("s", "Network.requestServedFromCache", {"requestId": "c"}),
        answered("c"),
        announced("d"),
        answered("d", fromServiceWorker=True),
        announced("e"),
        answered("e", fromDiskCache=True),
        ("s", "Network.webSocketCreated", {"requestId": "f", "url": "wss://h/ws"}),
        announced("g", url="data:text/plain,x"),
    )  # fmt: skip
    assert [u.reason for u in fold.unrecorded()] == [
        "no answer before the visit ended",
        "net::ERR_X, csp",
        "answered from the browser's cache",
        "answered by the page's service worker",
        "answered from the browser's cache",
        "a socket: what passes through it is not kept",
    ]
    assert fold.exchanges(nowhere) == ()
    assert fold.requested == 6


def test_what_came_over_the_wire_is_kept_whatever_gave_it_to_the_page() -> None:
    wire = (
        "s",
        "Network.responseReceivedExtraInfo",
        {"requestId": "c", "headers": {}, "statusCode": 200},
    )
    session, method, prefetched = announced("c", URL + "3")
    fold = fold_of(
        announced("a"),
        answered("a", fromDiskCache=True, fromEarlyHints=True),
        announced("b", URL + "2"),
        answered("b", fromServiceWorker=True),
        (session, method, {**prefetched, "type": "Prefetch"}),
        answered("c", fromPrefetchCache=True),
        announced("d", URL + "4"),
        answered("d", fromPrefetchCache=True),
    )  # fmt: skip
    fold.paused("b", paused(url=URL + "2"))
    assert [u.url for u in fold.unrecorded()] == [URL + "3", URL + "4"]
    fold.feed(*wire)
    assert [e.url for e in fold.exchanges(nowhere)] == [URL, URL + "2", URL + "3"]
    assert [u.reason for u in fold.unrecorded()] == ["answered from the browser's cache"]


def test_why_a_request_that_nobody_announced_has_no_answer() -> None:
    fold = Fold()
    fold.paused("9", paused(None))
    fold.feed("s", "Network.loadingFailed", {"requestId": "9", "errorText": NET + "FAILED"})
    assert [u.reason for u in fold.unrecorded()] == [NET + "FAILED"]


def test_bodies_that_are_not_whole_say_so() -> None:
    failed = (
        "s",
        "Network.loadingFailed",
        {"requestId": "1", "errorText": "net::ERR_CONTENT_LENGTH_MISMATCH"},
    )
    fold = fold_of(announced(), answered(), failed)
    fold.got_body("1", Body.of(b"half"), None)
    (exchange,) = fold.exchanges(nowhere)
    assert (exchange.truncated, exchange.body.size) == ("disconnect", 4)
    unread = fold_of(announced(), answered()).exchanges(nowhere)[0]
    assert (unread.truncated, unread.body.size) == ("unspecified", 0)
    for method, status in (("HEAD", 200), ("GET", 204), ("GET", 304)):
        (empty,) = fold_of(announced(method=method), answered(status=status)).exchanges(nowhere)
        assert (empty.truncated, empty.body.size) == (None, 0)


CAME, NOT_READ = Body.of(b"came"), (None, None, "")
NET = "net::ERR_"
BROKEN = ("CONTENT_LENGTH_MISMATCH", "INCOMPLETE_CHUNKED_ENCODING", "HTTP2_PROTOCOL_ERROR",
          "QUIC_PROTOCOL_ERROR", "CONNECTION_RESET", "EMPTY_RESPONSE")  # fmt: skip
UNREADABLE = ("CONTENT_DECODING_FAILED", "INVALID_CHUNKED_ENCODING", "ZSTD_WINDOW_SIZE_TOO_BIG")
AHEAD = "fetched ahead of a navigation: the browser gives out no body"
PRELOADED = "fetched for a service worker (navigation preload): the browser gives out no body"


@pytest.mark.parametrize(
    ("got", "error", "cut", "why"),
    [
        *(((CAME, None, ""), NET + sign, "disconnect", NET + sign) for sign in BROKEN),
        *(((CAME, None, ""), NET + sign, "unspecified", NET + sign) for sign in UNREADABLE),
        ((CAME, "length", "cut by us"), NET + "CONNECTION_RESET", "length", "cut by us"),
        ((CAME, "unspecified", "not its end"), NET + "CONNECTION_RESET", "disconnect", "not its end"),
        ((CAME, "unspecified", "not its end"), NET + "ABORTED", "unspecified", "not its end"),
        ((CAME, "time", "too slow"), "", "time", "too slow"),
        ((None, "time", "too slow"), "", "time", "too slow"),
        (NOT_READ, NET + "ABORTED", "disconnect", NET + "ABORTED"),
        ((None, None, "no text"), "", "unspecified", "no text"),
        (NOT_READ, "", "unspecified", "the body was not read"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_body(got, error: str, cut: str, why: str) -> None:
    fold = fold_of(announced(), answered())
    fold.got_body("1", *got)
    end = "Network.loadingFailed" if error else "Network.loadingFinished"
    fold.feed("s", end, {"requestId": "1", "errorText": error})
    (exchange,) = fold.exchanges(nowhere)
    assert (exchange.truncated, exchange.error) == (cut, why)
    assert exchange.body.size == (4 if got[0] else 0)


def test_why_a_body_was_not_had() -> None:
    preload = {"headers": {"Service-Worker-Navigation-Preload": "true"}}
    session, method, prefetched = announced("2")
    fold = fold_of(announced(**preload), (session, method, {**prefetched, "type": "Prefetch"}))
    for name in "12":
        fold.feed(*answered(name))
    assert [e.error for e in fold.exchanges(nowhere)] == [PRELOADED, AHEAD]
    for watched in (False, True):
        fold = fold_of(announced(), answered())
        if watched:
            fold.watched("1")
        fold.got_body("1", CAME, None)
        fold.feed("s", "Network.loadingFailed", {"requestId": "1", "errorText": NET + "FAILED"})
        (exchange,) = fold.exchanges(nowhere)
        assert (exchange.truncated, exchange.body.size) == ("unspecified", 4)
        assert exchange.error.endswith(NET + "FAILED")
        assert (exchange.error == NET + "FAILED") is watched


@pytest.mark.parametrize(
    "status", [103, 200, 204, 205, 300, 301, 302, 303, 304, 305, 307, 308, 404]
)
@pytest.mark.parametrize("headers", [{}, {"location": "/there"}, {"A": "b", "Location": "/there"}])
def test_which_answers_have_a_body(status: int, headers: dict[str, str]) -> None:
    """Of a redirect that leads somewhere the browser gives out none."""
    fold = fold_of(announced(), answered(status=status, headers=headers))
    fold.got_body("1", CAME, None)
    fold.feed("s", "Network.loadingFinished", {"requestId": "1"})
    (exchange,) = fold.exchanges(nowhere)
    leads = status in (301, 302, 303, 307, 308) and len(headers) > 0
    assert exchange.body.size == (0 if leads or status in (103, 204, 205, 304) else 4)
    assert (exchange.truncated, exchange.error) == (None, "")


@pytest.mark.parametrize(
    ("received", "body", "said"),
    [
        (None, None, "the browser told neither"),
        (None, Body.of(b""), "the browser told neither"),
        ({"Content-Type": "text/html"}, None, "the browser hides it"),
        ({}, None, "the body was not read"),
        ({"Content-Type": "text/html"}, CAME, ""),
    ],
)
def test_what_the_browser_emptied_is_not_called_empty(
    received, body: Body | None, said: str
) -> None:
    fold = fold_of(announced(), answered(headers={}))
    if received is not None:
        told = {"requestId": "1", "headers": received, "statusCode": 200}
        fold.feed("s", "Network.responseReceivedExtraInfo", told)
    fold.paused("1", paused())
    fold.got_body("1", body, None)
    fold.feed("s", "Network.loadingFinished", {"requestId": "1"})
    (exchange,) = fold.exchanges(nowhere)
    assert exchange.error.startswith(said) and bool(exchange.error) == bool(said)
    assert exchange.truncated == ("unspecified" if said else None)


def test_what_is_told_of_an_answer_comes_from_the_wire_first() -> None:
    """Status and length by ExtraInfo, else by the pause, else by what the page was given."""
    told = {"requestId": "1", "headers": {}, "statusCode": 418}
    fold = fold_of(announced(), answered(), ("s", "Network.responseReceivedExtraInfo", told))
    fold.paused("1", paused(201))
    assert [e.status for e in fold.exchanges(nowhere)] == [418]
    fold = fold_of(
        announced(), answered(statusText=""), ("s", "Network.loadingFinished", {"requestId": "1"})
    )
    fold.paused("1", paused(201, headers=[("Content-Length", "5")], responseStatusText="Made"))
    fold.got_body("1", CAME, None)
    (exchange,) = fold.exchanges(nowhere)
    assert (exchange.status, exchange.reason, exchange.truncated) == (201, "Made", "unspecified")
    assert exchange.error == "4 of 5 bytes came, and the browser named no error"


def test_request_bodies() -> None:
    entries = [{"bytes": "AP8="}, {"bytes": "IQ=="}]
    binary = announced("1", method="POST", hasPostData=True, postData="?", postDataEntries=entries)
    text = announced("2", method="POST", hasPostData=True, postData="caf\u00e9")
    fold = fold_of(binary, text, announced("3", method="POST"), *(answered(n) for n in "123"))
    fold.got_post("3", b"later")
    bodies = [e.request_body.read() for e in fold.exchanges(nowhere)]
    assert bodies == [b"\x00\xff!", "caf\u00e9".encode(), b"later"]
    assert fold.without_body() == ()


def test_request_bodies_of_which_only_a_part_is_told() -> None:
    """Of a form with files the pause alone names the parts; where it does not either, the body is lost."""
    file = {"hasPostData": True, "postDataEntries": [{"bytes": "AP8="}, {}]}
    fold = fold_of(
        *(announced(n, URL + n, method="POST", **file) for n in "12"),
        announced("3", URL + "3", method="POST"),
        announced("4", URL + "4", method="POST", **file),
        *(answered(n) for n in "1234"),
    )
    asked = {
        "url": URL + "2",
        "method": "POST",
        "postDataEntries": [{"bytes": "AP8="}, {"bytes": "IQ=="}],
    }
    fold.paused("2", {**paused(url=URL + "2"), "request": asked})
    fold.got_post("4", b"")
    assert [e.request_body.read() for e in fold.exchanges(nowhere)] == [b"", b"\x00\xff!", b"", b""]
    assert fold.without_body() == (URL + "1",)


def test_a_body_as_long_as_was_told_is_whole_before_its_end_is() -> None:
    fold = fold_of(announced(), answered())
    fold.paused("1", paused(headers=[("Content-Length", "4")]))
    fold.got_body("1", CAME, None)
    (exchange,) = fold.exchanges(nowhere)
    assert (exchange.truncated, exchange.error) == (None, "")


def test_extra_info_goes_past_a_hop_that_the_browser_answered_itself() -> None:
    """The browser's cache keeps permanent redirects, and tells nothing of the wire for them."""
    hops = [URL, URL + "2", URL + "3"]
    cached = {"status": 301, "headers": {"location": hops[2]}, "connectionId": 0}
    moved = {"status": 302, "headers": {"location": hops[1]}, "connectionId": 7}
    first, second, third = (announced(url=url) for url in hops)
    second[2].update(redirectResponse=moved, redirectHasExtraInfo=True)
    third[2].update(redirectResponse=cached, redirectHasExtraInfo=False)
    last = answered(connectionId=7)
    last[2]["hasExtraInfo"] = True
    told = [
        (
            "s",
            f"Network.{name}ExtraInfo",
            {"requestId": "1", "headers": {"N": n}, "statusCode": code},
        )
        for n, code in (("1", 302), ("3", 200))
        for name in ("requestWillBeSent", "responseReceived")
    ]
    fold = fold_of(first, second, third, last, *told)
    fold.got_body("1", Body.of(b"x"), None)
    found = [
        (e.url, e.status, e.request_headers, e.response_headers) for e in fold.exchanges(nowhere)
    ]
    assert found[0] == (hops[0], 302, (("N", "1"),), (("N", "1"),))
    assert found[-1] == (hops[2], 200, (("N", "3"),), (("N", "3"),))
    assert (found[1][1], found[1][2]) == (301, (("Accept", "*/*"),))


def through_another(name: str, **more: object):
    """An answer that came through another request's connection."""
    event = answered(name, connectionId=0, encodedDataLength=0, fromDiskCache=False, **more)
    event[2]["hasExtraInfo"] = False
    return event


def test_an_answer_shared_by_two_requests_is_one_exchange() -> None:
    fold = fold_of(
        announced("1"), announced("2"), answered("1", connectionId=7), through_another("2")
    )
    for name in "12":
        fold.got_body(name, Body.of(b"once"), None)
    assert len(fold.exchanges(nowhere)) == 1
    assert [u.reason for u in fold.unrecorded()] == ["answered from the browser's cache"]


def test_a_shared_answer_stands_for_one_that_was_broken_off() -> None:
    fold = fold_of(
        announced("1"), announced("2"), answered("1", connectionId=7), through_another("2")
    )
    fold.feed("s", "Network.loadingFailed", {"requestId": "1", "errorText": "net::ERR_ABORTED"})
    fold.got_body("2", Body.of(b"whole"), None)
    assert [e.body.read() for e in fold.exchanges(nowhere)] == [b"", b"whole"]


def test_announced_headers_are_told_from_sent_ones() -> None:
    extra = ("s", "Network.requestWillBeSentExtraInfo", {"requestId": "1", "headers": {"X": "y"}})
    fold = fold_of(
        announced("1"), extra, answered("1"), announced("2", url=URL + "2"), answered("2")
    )
    assert fold.announced_only() == (URL + "2",)


def test_the_documents_of_a_frame() -> None:
    fold = fold_of(announced("1"), announced("2", url=URL + "2"), answered("1"))
    assert fold.documents("F") == ("1", "2")
    assert fold.exchange_of("2", nowhere) is None
    found = fold.exchange_of("1", nowhere)
    assert found is not None
    assert found.url == URL


def test_a_clock_that_is_set_back_changes_no_order() -> None:
    later, earlier = 1_700_000_000.0, 1_600_000_000.0
    fold = fold_of(announced("1", wall=later), answered("1"))
    place = fold.reached
    fold.paused("2", paused(url=URL + "2", seenAt=earlier))
    for event in (announced("3", url=URL + "3", wall=earlier), answered("3")):
        fold.feed(*event)
    urls = [exchange.url for exchange in fold.exchanges(nowhere)]
    assert urls == [URL, URL + "2", URL + "3"]
    assert [exchange.url for exchange in fold.exchanges(nowhere, place)] == urls[1:]
    assert fold.documents("F", place) == ("3",)
    assert fold.documents("F", fold.reached) == ()


STEPS = st.sampled_from(
    [
        announced, answered,
        lambda name: ("s", "Network.loadingFinished", {"requestId": name}),
        lambda name: ("s", "Network.loadingFailed", {"requestId": name, "errorText": "E"}),
        lambda name: ("s", "Network.requestServedFromCache", {"requestId": name}),
        lambda name: announced(name, redirect={"status": 302, "headers": {}}),
        lambda name: announced(name, session="t"),
        lambda name: ("t", "Network.responseReceivedExtraInfo", {"requestId": name, "headers": {"a": "b"}}),
    ]
)  # fmt: skip


@given(st.lists(st.tuples(STEPS, st.sampled_from("abc")), max_size=25))
def test_whatever_comes_in_whatever_order_every_request_is_accounted_for(steps) -> None:
    fold = fold_of(*(make(name) for make, name in steps))
    assert fold.requested == len(fold.exchanges(nowhere)) + len(fold.unrecorded())
