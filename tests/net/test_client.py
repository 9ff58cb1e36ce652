"""Our own client: what it sends and keeps, against a server that says exactly what it is told."""

import gzip
import random
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import Asked, Web, http, moved

from archiver.clock import SystemClock
from archiver.domain.exchange import Body, Exchange
from archiver.errors import ConfigError
from archiver.net.addresses import AddressPolicy
from archiver.net.client import Client, redirect_of
from archiver.net.decode import decoded
from archiver.net.guard import EgressGuard, Lane
from archiver.net.target import NoTarget, read_target


@pytest.fixture
def lane(stack: ExitStack, web: Web) -> Iterator[Lane]:
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", web.port)}))
    guard = stack.enter_context(EgressGuard(policy=policy))
    with guard.lane() as opened:
        yield opened


@pytest.fixture
def client(lane: Lane) -> Client:
    return Client(lane.proxy_url, timeout=5)


def test_headers_stay_as_sent(web: Web, client: Client) -> None:
    web.routes["/"] = http(
        "x", 200, "Quite Fine", ("X-MiXed", "One"), ("Set-Cookie", "a=1"), ("x-mixed", "two"),
        ("Set-Cookie", "b=2"), ("X-Latin", "caf\xe9"),
    )  # fmt: skip
    (answer,) = client.fetch(f"{web.url}/")
    assert answer.reason == "Quite Fine"
    assert answer.response_headers == (
        ("X-MiXed", "One"), ("Set-Cookie", "a=1"), ("x-mixed", "two"), ("Set-Cookie", "b=2"),
        ("X-Latin", "café"), ("Content-Length", "1"),
    )  # fmt: skip
    assert web.hits[0].headers == list(answer.request_headers)
    assert answer.protocols == ("http/1.1",) and answer.address == "127.0.0.1"
    assert answer.made_by == "client" and answer.header("user-agent") is None


def test_no_cookie_is_sent_back(web: Web, client: Client) -> None:
    web.routes["/"] = http("", 302, "F", ("Set-Cookie", "id=1"), ("Location", "/next"))
    web.routes["/next"] = http("y")
    assert [e.status for e in client.fetch(f"{web.url}/", follow=3)] == [302, 200]
    client.fetch(f"{web.url}/next")
    assert all(hit.header("cookie") is None for hit in web.hits)


def test_own_headers_replace_ours(web: Web, client: Client) -> None:
    client.fetch(f"{web.url}/", headers=[("user-agent", "curl/8"), ("Accept", ""), ("X-A", "1")])
    sent = dict(web.hits[0].headers)
    assert sent["user-agent"] == "curl/8" and sent["X-A"] == "1"
    assert "Accept" not in sent and "User-Agent" not in sent


def test_the_default_user_agent_is_honest(web: Web, client: Client) -> None:
    client.fetch(f"{web.url}/")
    assert (web.hits[0].header("user-agent") or "").startswith("archiver/")


def test_header_injection_is_refused(web: Web, client: Client) -> None:
    (answer,) = client.fetch(f"{web.url}/", headers=[("X-A", "1\r\nX-B: 2")])
    assert answer.status == 0 and answer.error
    assert web.hits == []


def test_a_request_body(web: Web, client: Client) -> None:
    web.routes["/"] = moved("/b", 303)
    web.routes["/b"] = http("done")
    first, last = client.fetch(f"{web.url}/", method="POST", body=b"a=b", follow=1)
    assert (web.hits[0].method, web.hits[0].body) == ("POST", b"a=b")
    assert (web.hits[1].method, web.hits[1].body) == ("GET", b"")
    assert first.request_body.data == b"a=b" and last.request_body.data == b""


def test_bodies_stay_coded_and_lose_chunking(web: Web, client: Client) -> None:
    packed = gzip.compress(b"hello " * 50)
    web.routes["/"] = (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    )
    (answer,) = client.fetch(f"{web.url}/")
    assert answer.body.data == packed
    assert decoded(answer, 1000) == b"hello " * 50
    assert decoded(answer, 7) == b"hello h"


def test_a_body_over_the_cap(web: Web, lane: Lane) -> None:
    web.routes["/"] = http(b"z" * 5000)
    (answer,) = Client(lane.proxy_url, max_bytes=1000).fetch(f"{web.url}/")
    assert (answer.body.size, answer.truncated) == (1000, "length")
    (exact,) = Client(lane.proxy_url, max_bytes=5000).fetch(f"{web.url}/")
    assert (exact.body.size, exact.truncated) == (5000, None)
    (less,) = Client(lane.proxy_url).fetch(f"{web.url}/", max_bytes=10)
    assert (less.body.size, less.truncated) == (10, "length")


def dripping(head: bytes) -> object:
    def drip(asked: Asked, link: socket.socket) -> None:
        link.sendall(head)
        for _ in range(200):
            link.sendall(b"a")
            time.sleep(0.05)

    return drip


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_a_head_that_drips(web: Web, lane: Lane, head: bytes) -> None:
    web.routes["/"] = dripping(head)
    began = time.monotonic()
    (answer,) = Client(lane.proxy_url, timeout=0.6).fetch(f"{web.url}/")
    assert time.monotonic() - began < 3
    assert answer.status == 0 and "0.6 s" in answer.error


def test_a_body_that_drips(web: Web, lane: Lane) -> None:
    web.routes["/"] = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    (answer,) = Client(lane.proxy_url, timeout=0.6).fetch(f"{web.url}/")
    assert (answer.status, answer.truncated) == (200, "time")
    assert 0 < answer.body.size < 50


def test_a_body_that_breaks_off(web: Web, client: Client) -> None:
    web.routes["/"] = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"
    (answer,) = client.fetch(f"{web.url}/")
    assert (answer.status, answer.truncated, answer.body.data) == (200, "disconnect", b"half")


@pytest.mark.parametrize(
    "raw",
    [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"],
)
def test_what_is_not_http(web: Web, client: Client, raw: bytes) -> None:
    web.routes["/"] = lambda asked, link: raw or None
    (answer,) = client.fetch(f"{web.url}/")
    assert answer.status == 0 and answer.error and "\n" not in answer.error


@pytest.mark.parametrize("status", [204, 304, 404, 429, 500, 999])
def test_any_status_is_an_answer(web: Web, client: Client, status: int) -> None:
    web.routes["/"] = f"HTTP/1.1 {status} S\r\nContent-Length: 0\r\n\r\n".encode()
    assert client.fetch(f"{web.url}/")[-1].status == status


def test_following_stops(web: Web, client: Client) -> None:
    web.routes["/loop"] = moved("/loop")
    assert len(client.fetch(f"{web.url}/loop", follow=4)) == 5
    assert len(client.fetch(f"{web.url}/loop")) == 1
    for place in (
        "file:///etc/passwd",
        "data:text/html,x",
        "javascript:alert(1)",
        "http://[",
    ):
        web.routes["/away"] = moved(place)
        hops = client.fetch(f"{web.url}/away", follow=4)
        assert [h.status for h in hops] == [302]
        assert redirect_of(hops[0]) is None


@pytest.mark.parametrize(
    "url",
    ["", "nothing", "file:///etc/passwd", "ftp://h/", "http://", "http://[::1", "http://h:x/"],
)
def test_what_is_no_address(client: Client, url: str) -> None:
    (answer,) = client.fetch(url)
    assert answer.status == 0 and "web address" in answer.error or "http" in answer.error


def test_facts_of_tls(proxied) -> None:
    server, proxy, ca_file = proxied("site.example")
    server.routes["/"] = http("s")
    with EgressGuard(proxy.url) as guard:
        (answer,) = Client(guard.lane().proxy_url, ca_file=ca_file).fetch("https://site.example/")
    assert answer.protocols == ("http/1.1", "tls/1.3")
    assert answer.tls is not None
    assert answer.tls.issuer == "commonName=Test Authority"
    assert answer.tls.valid_from is not None and answer.tls.valid_to is not None
    assert answer.tls.valid_from < SystemClock().now() < answer.tls.valid_to
    assert len(answer.tls.certificates) == 1 and answer.tls.cipher


def test_a_bad_ca_file(lane: Lane, tmp_path) -> None:
    (tmp_path / "bad.pem").write_text("not a certificate")
    for name in ("bad.pem", "missing.pem"):
        with pytest.raises(ConfigError, match="--ca-file .*(holds no certificate|No such file)"):
            Client(lane.proxy_url, ca_file=tmp_path / name)


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("HTTP://EXAMPLE.org", None, "http://example.org/"),
        ("http://example.org:80/a#frag", None, "http://example.org/a"),
        ("http://user:pw@example.org/", None, "http://example.org/"),
        (" http://example.org/a b\n", None, "http://example.org/a%20b"),
        ("http:\\\\example.org\\a", None, "http://example.org/a"),
        ("//other.example/x", "https://example.org/", "https://other.example/x"),
        ("?q=1", "https://example.org/a/b", "https://example.org/a/b?q=1"),
        ("../c", "https://example.org/a/b/", "https://example.org/a/c"),
        ("https://bücher.example/ü", None, "https://xn--bcher-kva.example/%C3%BC"),
    ],
)
def test_addresses_as_a_browser_reads_them(url: str, base: str | None, expected: str) -> None:
    target = read_target(url, base)
    again = read_target(expected)
    assert (target.scheme, target.host, target.port, target.path) == (
        again.scheme, again.host, again.port, again.path,
    )  # fmt: skip
    assert "@" not in target.url and "#" not in target.url


@given(st.text(max_size=80), st.sampled_from([None, "https://example.org/a/b?c"]))
def test_any_text_is_an_address_or_none(url: str, base: str | None) -> None:
    try:
        target = read_target(url, base)
    except NoTarget:
        return
    assert target.scheme in {"http", "https"} and target.host
    assert b" " not in target.path and b"\n" not in target.path


# ---- content codings


def exchange(body: bytes, *codings: str, made_by: str = "client") -> Exchange:
    headers = tuple(("Content-Encoding", coding) for coding in codings)
    return Exchange(
        url="http://x.example/", response_headers=headers, body=Body.of(body),
        started_at=SystemClock().now(), made_by=made_by,
    )  # fmt: skip


PACK = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "identity": bytes,
    "zstd-unknown": bytes,
}


@given(st.binary(max_size=3000), st.lists(st.sampled_from(list(PACK)), max_size=3))
@settings(deadline=None)
def test_codings_round_trip(data: bytes, codings: list[str]) -> None:
    body = data
    for coding in codings:
        body = PACK[coding](body)
    if data:
        assert decoded(exchange(body, ", ".join(codings)), 10**6) == data
        assert decoded(exchange(body, *codings), 10**6) == data


@given(st.binary(max_size=2000), st.sampled_from(list(PACK)))
@settings(deadline=None)
def test_wrong_codings_never_raise(data: bytes, coding: str) -> None:
    assert isinstance(decoded(exchange(data, coding), 100), bytes)


def test_raw_deflate_and_several_members() -> None:
    machine = zlib.compressobj(wbits=-15)
    raw = machine.compress(b"raw") + machine.flush()
    assert decoded(exchange(raw, "deflate"), 100) == b"raw"
    twice = gzip.compress(b"one ") + gzip.compress(b"two") + b"\x00\x00"
    assert decoded(exchange(twice, "gzip"), 100) == b"one two"


def test_uncoded_bodies_with_a_coding_header() -> None:
    assert decoded(exchange(b"<p>plain", "gzip"), 100) == b"<p>plain"
    assert decoded(exchange(b"<p>plain", "br"), 100) == b"<p>plain"


def test_a_damaged_body_gives_what_came_before() -> None:
    data = random.Random(1).randbytes(50000)
    packed = gzip.compress(data)[:30000]
    got = decoded(exchange(packed, "gzip"), 10**6)
    assert len(got) > 20000 and data.startswith(got)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_bombs_stay_small(coding: str) -> None:
    bomb = PACK[coding](bytes(30_000_000))
    began = time.monotonic()
    assert decoded(exchange(bomb, coding), 1000) == bytes(1000)
    assert time.monotonic() - began < 1
    assert len(decoded(exchange(PACK[coding](bomb), f"{coding}, {coding}"), 5000)) == 5000


def test_browser_bodies_are_decoded_already() -> None:
    assert decoded(exchange(b"text", "gzip", made_by="browser"), 100) == b"text"
