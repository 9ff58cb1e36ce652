"""A hostile page in a real browser behind a lane: nothing that it tries reaches a canary on loopback."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from browsing import launched
from loopback import Web, http, moved
from playwright.sync_api import Playwright, sync_playwright

from archiver.net.addresses import AddressPolicy
from archiver.net.guard import EgressGuard

pytestmark = pytest.mark.browser

HOSTS = (
    "127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "localhost", "0.0.0.0",
    "[::1]", "[::ffff:127.0.0.1]", "127。0。0。1", "１２７.0.0.1", "%31%32%37.0.0.1", "user@127.0.0.1",
    "127.0.0.1.nip.io", "rebind.example", "mixed.example", "localhost.", "a.localhost",
)  # fmt: skip

PAGE = """<!doctype html><meta charset=utf-8><title>hostile</title>
<link rel="icon" href="{c}/icon"><link rel="preload" as="script" href="{c}/preload">
<link rel="prefetch" href="{c}/prefetch"><link rel="preconnect" href="{c}"><link rel="dns-prefetch" href="{c}">
<link rel="stylesheet" href="{c}/css"><style>@import url("{c}/import"); body {{ background: url("{c}/bg") }}
@font-face {{ font-family: f; src: url("{c}/font") }} p {{ font-family: f }}</style><p>text</p>
<img src="{c}/img" srcset="{c}/img2 2x"><video src="{c}/video" autoplay></video><audio src="{c}/audio"></audio>
<iframe src="{c}/frame"></iframe><iframe src="/hop0?{n}"></iframe><object data="{c}/object"></object>
<embed src="{c}/embed"><script src="{c}/script"></script><iframe srcdoc="<img src='{c}/srcdoc'>"></iframe>
<iframe src="/refresh?{n}"></iframe><form id=f action="{c}/form" method=post target=t></form><iframe name=t></iframe>
<script>
const quiet = (make) => {{ try {{ const r = make(); if (r && r.catch) r.catch(() => 0) }} catch (e) {{}} }}
quiet(() => fetch("{c}/fetch", {{mode: "no-cors"}}))
quiet(() => fetch("/hop0?{n}", {{mode: "no-cors"}}))
quiet(() => {{ const x = new XMLHttpRequest(); x.open("GET", "{c}/xhr"); x.send() }})
quiet(() => navigator.sendBeacon("{c}/beacon", "x"))
quiet(() => new WebSocket("{w}/socket"))
quiet(() => new EventSource("{c}/events"))
quiet(() => new Worker(URL.createObjectURL(new Blob(["importScripts('{c}/worker')"]))))
quiet(() => new Worker(URL.createObjectURL(new Blob(["fetch('{c}/wfetch', {{mode: 'no-cors'}})"]))))
quiet(() => import("{c}/module"))
quiet(() => open("{c}/popup"))
quiet(() => document.getElementById("f").submit())
quiet(() => {{ const p = new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.1:{udp}"}},
  {{urls: "turn:127.0.0.1:{port}?transport=tcp", username: "u", credential: "p"}}]}});
  p.createDataChannel("x"); p.createOffer().then(o => p.setLocalDescription(o)) }})
</script>"""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


def hostile(server: Web, canary: Web, udp: int) -> list[str]:
    """One page for each spelling of the canary's address; gives their paths."""
    for number, host in enumerate(HOSTS):
        place = f"http://{host}:{canary.port}"
        text = PAGE.format(
            c=place, w=place.replace("http", "ws", 1), n=number, udp=udp, port=canary.port
        )
        html = ("Content-Type", "text/html; charset=utf-8")
        server.routes[f"/{number}"] = http(text, 200, "OK", html)
        server.routes[f"/hop0?{number}"] = moved(f"/hop1?{number}")
        server.routes[f"/hop1?{number}"] = moved(f"/hop2?{number}", 307)
        wire = place.replace("。", "%E3%80%82").replace("１２７", "%EF%BC%91%EF%BC%92%EF%BC%97")
        server.routes[f"/hop2?{number}"] = moved(f"{wire}/redirected", 301)
        refresh = f'<meta charset=utf-8><meta http-equiv=refresh content="0;url={place}/refreshed">'
        server.routes[f"/refresh?{number}"] = http(refresh, 200, "OK", html)
    return [f"/{number}" for number in range(len(HOSTS))]


def test_no_page_reaches_the_canary(playwright: Playwright, stack: ExitStack, web: Web) -> None:
    canary = stack.enter_context(Web())
    datagrams = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    datagrams.bind(("127.0.0.1", 0))
    datagrams.settimeout(0.2)
    answers = {
        "evil.example": ["127.0.0.1"], "rebind.example": ["127.0.0.1"],
        "mixed.example": ["8.8.8.8", "127.0.0.1"],
    }  # fmt: skip

    def lookup(name: str) -> list[str]:
        if name in answers:
            return answers[name]
        raise OSError(-2, "Name or service not known")

    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", web.port)}))
    guard = stack.enter_context(EgressGuard(policy=policy, lookup=lookup))
    lane = guard.lane()
    paths = hostile(web, canary, datagrams.getsockname()[1])
    page = launched(playwright, stack, lane.proxy_url).new_page()
    for path in paths:
        page.goto(f"http://evil.example:{web.port}{path}", wait_until="load", timeout=20000)
        page.wait_for_timeout(250)
    seen = {hit.target for hit in web.hits}
    assert {
        f"/hop2?{n}" for n in range(len(HOSTS))
    } <= seen  # the redirects were followed to the brink
    assert canary.connections == 0, [hit.target for hit in canary.hits]
    with pytest.raises(TimeoutError):
        datagrams.recv(100)
    refused = [b for b in lane.blocked if b.port == canary.port]
    assert len(refused) > 5 * len(HOSTS)
    assert {"rebind.example", "mixed.example"} <= {b.host for b in refused}
    assert lane.address_of("evil.example", web.port) == "127.0.0.1"


def test_without_the_guard_the_same_page_does_reach_it(
    playwright: Playwright, stack: ExitStack, web: Web
) -> None:
    """The canary sings when nothing holds the page back: the test above can fail."""
    canary = stack.enter_context(Web())
    hostile(web, canary, 9)
    page = launched(playwright, stack, None).new_page()
    page.goto(f"{web.url}/0", wait_until="load", timeout=20000)
    page.wait_for_timeout(500)
    assert {"/img", "/frame", "/fetch", "/socket", "/redirected"} <= {h.target for h in canary.hits}
