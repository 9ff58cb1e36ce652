"""The guard connects to judged public addresses and to nothing else."""

import socket
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from loopback import Authority, Proxy, SocksProxy, Web, exactly, http, moved
from test_addresses import SPELLINGS

from archiver.clock import SystemClock
from archiver.errors import ConfigError
from archiver.net.addresses import AddressPolicy
from archiver.net.client import Client
from archiver.net.guard import EgressGuard, Lane


def names(**known: str | list[str]):
    """A resolver that knows these names (`_` for `.`) and no others."""
    table = {k.replace("_", "."): [v] if isinstance(v, str) else v for k, v in known.items()}

    def lookup(name: str) -> Sequence[str]:
        if name not in table:
            raise OSError(-2, "Name or service not known")
        return table[name]

    return lookup


def allowing(*places: tuple[str, int]) -> AddressPolicy:
    return AddressPolicy(allowed=frozenset(places))


def ask_lane(lane: Lane, host: str, port: int, *, raw: bytes | None = None) -> tuple[int, str]:
    """CONNECT through a lane by hand; gives the reply code, and the text of a refusal."""
    place = ("127.0.0.1", int(lane.proxy_url.rpartition(":")[2]))
    with socket.create_connection(place, timeout=10) as link:
        link.sendall(b"\x05\x01\x00")
        assert exactly(link, 2) == b"\x05\x00"
        name = host.encode("utf-8", "surrogateescape")[:255]
        link.sendall(raw or bytes([5, 1, 0, 3, len(name)]) + name + port.to_bytes(2, "big"))
        _, code, _, kind = exactly(link, 4)
        text = exactly(link, exactly(link, 1)[0]).decode("latin-1") if kind == 3 else ""
        return code, text


def test_no_spelling_reaches_a_server(web: Web) -> None:
    with EgressGuard(lookup=lambda _: ["127.0.0.1"]) as guard, guard.lane() as lane:
        for host in SPELLINGS:
            code, reason = ask_lane(lane, host, web.port)
            assert code == 2 and reason, host
        assert len(lane.blocked) == len(SPELLINGS)
    assert web.connections == 0


def test_literal_address_types_are_judged(web: Web) -> None:
    port = web.port.to_bytes(2, "big")
    with EgressGuard() as guard, guard.lane() as lane:
        assert ask_lane(lane, "", 0, raw=b"\x05\x01\x00\x01\x7f\x00\x00\x01" + port)[0] == 2
        six = socket.inet_pton(socket.AF_INET6, "::ffff:127.0.0.1")
        assert ask_lane(lane, "", 0, raw=b"\x05\x01\x00\x04" + six + port)[0] == 2
        assert ask_lane(lane, "", 0, raw=b"\x05\x02\x00\x01\x7f\x00\x00\x01" + port)[0] == 7
        assert ask_lane(lane, "", 0, raw=b"\x05\x01\x00\x09\x7f\x00\x00\x01" + port)[0] == 8
    assert web.connections == 0


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["::1"], ["fd00:ec2::254"],
     ["::ffff:127.0.0.1"], ["169.254.169.254"], ["8.8.8.8", "64:ff9b::7f00:1"], ["fe80::1%eth0"]],
    ids=str,
)  # fmt: skip
def test_names_that_lead_inside(web: Web, answers: list[str]) -> None:
    with EgressGuard(lookup=names(evil_example=answers)) as guard, guard.lane() as lane:
        code, reason = ask_lane(lane, "evil.example", web.port)
        assert code == 2 and reason.startswith("evil.example (")
        assert [b.host for b in lane.blocked] == ["evil.example"]
    assert web.connections == 0


class Movable(SystemClock):
    """A clock whose monotonic time stands still until it is moved."""

    time = 1000.0

    def monotonic(self) -> float:
        return self.time


def test_rebinding_between_two_questions(web: Web) -> None:
    """The name is good at first and bad later: each answer is judged before it is used."""
    canary = socket.create_server(("127.0.0.2", web.port))
    canary.settimeout(0.3)
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    clock = Movable()
    policy = allowing(("127.0.0.1", web.port))
    with canary, EgressGuard(policy=policy, lookup=lambda _: next(answers), clock=clock) as guard:
        lane = guard.lane()
        assert ask_lane(lane, "flip.example", web.port)[0] == 0
        clock.time += 20
        assert ask_lane(lane, "flip.example", web.port)[0] == 0  # remembered
        clock.time += 20
        code, reason = ask_lane(lane, "flip.example", web.port)
        assert (code, reason) == (2, "flip.example (127.0.0.2) is refused: loopback")
        with pytest.raises(TimeoutError):
            canary.accept()


def test_redirects_are_judged_hop_by_hop(stack: ExitStack) -> None:
    web, canary = stack.enter_context(Web()), stack.enter_context(Web())
    for number in range(4):
        web.routes[f"/{number}"] = moved(f"/{number + 1}")
    web.routes["/4"] = moved(f"http://0x7f.1:{canary.port}/secret")
    guard = stack.enter_context(EgressGuard(policy=allowing(("127.0.0.1", web.port))))
    lane = stack.enter_context(guard.lane())
    hops = Client(lane.proxy_url).fetch(f"{web.url}/0", follow=10)
    assert [h.status for h in hops] == [302] * 5 + [0]
    assert hops[-1].error == "0x7f.1 (127.0.0.1) is refused: loopback"
    assert lane.blocked[0].port == canary.port
    assert canary.connections == 0


def test_addresses_are_logged(web: Web) -> None:
    web.routes["/"] = http("hello")
    policy = allowing(("127.0.0.1", web.port))
    with (
        EgressGuard(policy=policy, lookup=names(site_example="127.0.0.1")) as guard,
        guard.lane() as lane,
    ):
        (answer,) = Client(lane.proxy_url).fetch(f"http://site.example:{web.port}/")
        assert (answer.status, answer.body.data, answer.address) == (200, b"hello", "127.0.0.1")
        assert lane.address_of("SITE.example.", web.port) == "127.0.0.1"
        assert lane.address_of("site.example", 1) is None
        assert lane.blocked == ()
        with guard.lane() as other:
            assert other.address_of("site.example", web.port) is None


def test_the_next_address_is_tried(web: Web) -> None:
    web.routes["/"] = http("hello")
    places = allowing(("127.0.0.1", web.port), ("127.0.0.9", web.port))
    lookup = names(site_example=["127.0.0.9", "127.0.0.1"])
    with EgressGuard(policy=places, lookup=lookup) as guard, guard.lane() as lane:
        assert Client(lane.proxy_url).fetch(f"http://site.example:{web.port}/")[0].status == 200
        assert lane.address_of("site.example", web.port) == "127.0.0.1"


def test_failures_have_words(web: Web) -> None:
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    with EgressGuard(policy=allowing(("127.0.0.1", port)), lookup=names()) as guard:
        client = Client(guard.lane().proxy_url)
        assert "Connection refused" in client.fetch(f"http://127.0.0.1:{port}/")[0].error
        assert "cannot resolve no.example" in client.fetch("http://no.example/")[0].error


def test_a_slow_resolver_has_a_limit() -> None:
    release = threading.Event()

    def hangs(name: str) -> Sequence[str]:
        release.wait(20)
        return ["8.8.8.8"]

    with EgressGuard(lookup=hangs) as guard, guard.lane() as lane:
        guard.resolver._timeout = 0.2
        began = time.monotonic()
        error = Client(lane.proxy_url).fetch("http://slow.example/")[0].error
        assert "no DNS answer for slow.example" in error
        assert time.monotonic() - began < 5
        release.set()


def test_large_bodies_pass_whole_at_the_readers_pace(web: Web) -> None:
    body = bytes(range(256)) * 40000
    web.routes["/big"] = http(body)
    with EgressGuard(policy=allowing(("127.0.0.1", web.port))) as guard, guard.lane() as lane:
        (answer,) = Client(lane.proxy_url).fetch(f"{web.url}/big")
        assert answer.body.data == body


def test_closing_cuts_and_is_repeatable(web: Web) -> None:
    web.routes["/hang"] = lambda asked, link: time.sleep(20)
    guard = EgressGuard(policy=allowing(("127.0.0.1", web.port)))
    with guard:
        lane = guard.lane()
        results: list[str] = []
        client = Client(lane.proxy_url, timeout=15)
        worker = threading.Thread(
            target=lambda: results.append(client.fetch(f"{web.url}/hang")[0].error)
        )
        worker.start()
        while not web.hits:
            time.sleep(0.01)
        lane.close()
        lane.close()
        worker.join(10)
        assert results and results[0]
        assert "closed" in client.fetch(f"{web.url}/")[0].error
    guard.close()
    lane.close()


def test_lanes_need_a_running_guard() -> None:
    guard = EgressGuard()
    with pytest.raises(RuntimeError, match="with"):
        guard.lane()
    guard.close()
    with EgressGuard() as running:
        for _ in range(30):
            running.lane().close()
    with pytest.raises(RuntimeError, match="with"):
        running.lane()


def test_nonsense_on_the_lane_is_dropped() -> None:
    with EgressGuard() as guard, guard.lane() as lane:
        place = ("127.0.0.1", int(lane.proxy_url.rpartition(":")[2]))
        for noise in (b"GET / HTTP/1.1\r\n\r\n", b"\x04\x01\x00\x50", b"\x05\x00", b""):
            with socket.create_connection(place, timeout=5) as link:
                link.sendall(noise)
                link.shutdown(socket.SHUT_WR)
                link.recv(100)


# ---- behind a user's proxy


def test_through_an_http_proxy(stack: ExitStack, web: Web) -> None:
    web.routes["/"] = http("by proxy")
    proxy = stack.enter_context(Proxy(lambda host, port: web.address))
    guard = stack.enter_context(EgressGuard(proxy.url, lookup=names()))
    lane = guard.lane()
    (answer,) = Client(lane.proxy_url).fetch("http://site.example/")
    assert (answer.status, answer.body.data, answer.address) == (200, b"by proxy", None)
    assert proxy.asked == [("site.example", 80)]
    assert lane.address_of("site.example", 80) is None


def test_a_proxy_is_not_asked_for_what_is_refused(stack: ExitStack, web: Web) -> None:
    proxy = stack.enter_context(Proxy(lambda host, port: web.address))
    guard = stack.enter_context(EgressGuard(proxy.url))
    lane = guard.lane()
    for host in SPELLINGS:
        assert ask_lane(lane, host, 80)[0] == 2, host
    assert (proxy.connections, web.connections) == (0, 0)
    assert len(lane.blocked) == len(SPELLINGS)


def test_https_through_an_http_proxy(proxied) -> None:
    server, proxy, ca_file = proxied("site.example")
    server.routes["/"] = http("secret")
    with EgressGuard(proxy.url) as guard, guard.lane() as lane:
        (answer,) = Client(lane.proxy_url, ca_file=ca_file).fetch("https://site.example/")
        assert answer.body.data == b"secret"
        assert answer.tls is not None and answer.tls.subject == "commonName=site.example"
        (other,) = Client(lane.proxy_url).fetch("https://site.example/")
        assert other.status == 0 and "certificate is not accepted" in other.error
        (wrong,) = Client(lane.proxy_url, ca_file=ca_file).fetch("https://other.example/")
        assert wrong.status == 0 and "certificate is not accepted" in wrong.error


@pytest.mark.parametrize("kind", [Proxy, SocksProxy])
def test_user_name_and_password(stack: ExitStack, web: Web, kind: type) -> None:
    web.routes["/"] = http("ok")
    proxy = stack.enter_context(kind(lambda host, port: web.address, auth="me:sesame"))
    guard = stack.enter_context(EgressGuard(proxy.url))
    assert Client(guard.lane().proxy_url).fetch("http://site.example/")[0].status == 200
    bad = stack.enter_context(EgressGuard(proxy.url.replace("sesame", "wrong")))
    error = Client(bad.lane().proxy_url).fetch("http://site.example/")[0].error
    assert "user name or password" in error and "wrong" not in error
    none = stack.enter_context(EgressGuard(proxy.url.replace("me:sesame@", "")))
    assert "user name" in Client(none.lane().proxy_url).fetch("http://site.example/")[0].error


def test_through_a_socks_proxy(stack: ExitStack, web: Web) -> None:
    web.routes["/"] = http("ok")
    proxy = stack.enter_context(SocksProxy(lambda host, port: web.address))
    guard = stack.enter_context(EgressGuard(proxy.url))
    client = Client(guard.lane().proxy_url)
    assert client.fetch("http://site.example/")[0].body.data == b"ok"
    assert client.fetch("http://[2606:4700::1]:8080/")[0].status == 200
    assert proxy.asked == [("site.example", 80), ("2606:4700::1", 8080)]


def test_a_proxy_that_tunnels_to_443_alone(stack: ExitStack, web: Web) -> None:
    """Plain HTTP then goes as requests in absolute form, with the host that was judged."""
    web.routes["/a?b=1"] = http("plain", 200, "OK", ("X-Own", "1"))
    proxy = stack.enter_context(
        Proxy(lambda host, port: web.address, refuse=(80, 81), auth="me:sesame")
    )
    guard = stack.enter_context(EgressGuard(proxy.url))
    client = Client(guard.lane().proxy_url)
    for _ in range(2):
        (answer,) = client.fetch("http://site.example/a?b=1", headers=[("Host", "other.example")])
        assert (answer.status, answer.body.data, answer.header("x-own")) == (200, b"plain", "1")
    client.fetch("http://site.example/post", method="POST", body=b"x" * 100)
    assert proxy.asked == [("site.example", 80)]  # a tunnel was asked for once
    assert [f.target for f in proxy.forwarded] == [
        "http://site.example/a?b=1", "http://site.example/a?b=1", "http://site.example/post",
    ]  # fmt: skip
    assert proxy.forwarded[2].body == b"x" * 100
    assert [v for k, v in proxy.forwarded[0].headers if k.lower() == "connection"] == ["close"]
    assert "(403)" in client.fetch("http://site.example:81/")[0].error


@pytest.mark.parametrize(
    "noise", [b"\x16\x03\x01", b"SSH-2.0\r\n\r\n", b"GET http://x/ HTTP/1.1\r\n\r\n"]
)
def test_only_requests_are_forwarded(stack: ExitStack, web: Web, noise: bytes) -> None:
    proxy = stack.enter_context(Proxy(lambda host, port: web.address, refuse=(80,)))
    guard = stack.enter_context(EgressGuard(proxy.url))
    place = ("127.0.0.1", int(guard.lane().proxy_url.rpartition(":")[2]))
    with socket.create_connection(place, timeout=5) as link:
        link.sendall(b"\x05\x01\x00\x05\x01\x00\x03\x0csite.example\x00\x50")
        assert exactly(link, 12)[3] == 0
        link.sendall(noise)
        assert link.recv(10) == b""
    assert proxy.forwarded == [] and web.connections == 0


def test_a_proxy_that_is_not_there() -> None:
    with EgressGuard("http://127.0.0.1:9") as guard, guard.lane() as lane:
        error = Client(lane.proxy_url).fetch("http://site.example/")[0].error
        assert "the proxy http://127.0.0.1:9 cannot be reached" in error


def test_a_proxy_that_talks_nonsense(stack: ExitStack, web: Web) -> None:
    web.routes["site.example:80"] = b"220 mail.example ready\r\n\r\n"
    guard = stack.enter_context(EgressGuard(f"http://127.0.0.1:{web.port}"))
    assert (
        "did not connect" in Client(guard.lane().proxy_url).fetch("http://site.example/")[0].error
    )


def test_an_https_proxy(stack: ExitStack, authority: Authority, web: Web) -> None:
    """A proxy reached by TLS is held to its certificate."""
    front = stack.enter_context(Web(authority.context("localhost")))
    front.routes["site.example:443"] = http("", 502, "Bad Gateway")
    url = f"https://localhost:{front.port}"
    trusting = stack.enter_context(EgressGuard(url, ca_file=authority.ca_file))
    error = Client(trusting.lane().proxy_url).fetch("https://site.example/")[0].error
    assert "(502)" in error
    doubting = stack.enter_context(EgressGuard(url))
    error = Client(doubting.lane().proxy_url).fetch("https://site.example/")[0].error
    assert "cannot be reached" in error
    assert len(front.hits) == 1


@pytest.mark.parametrize(
    "url",
    ["ftp://x:1", "127.0.0.1:8080", "http://", "http://h:99999", "http://h/path", "socks4://h:1"],
)
def test_bad_proxy_addresses(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        EgressGuard(url)
    assert caught.value.hint


def test_bad_ca_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--ca-file .*(holds no certificate|No such file)"):
        EgressGuard("https://proxy.example:1", ca_file=tmp_path / "none.pem")
