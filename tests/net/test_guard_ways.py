"""Every spelling by every way that a page has: the canary on loopback is never connected to.

The page stands on a port of 127.0.0.1 that the policy allows: service workers need a place that counts as secure.
"""

import json
from contextlib import ExitStack

import pytest
from browsing import launched
from loopback import Web, http
from playwright.sync_api import Browser, sync_playwright
from test_addresses import SPELLINGS

from archiver.net.addresses import AddressPolicy
from archiver.net.guard import EgressGuard, Lane

pytestmark = pytest.mark.browser

SCRIPT = ("Content-Type", "text/javascript")
HTML = ("Content-Type", "text/html; charset=utf-8")
WAYS = """
const origin = host => { try { return [new URL('http://' + host + ':PORT').origin] } catch { return [] } };
const places = HOSTS.flatMap(origin);
const quiet = make => { try { const made = make(); if (made?.catch) made.catch(() => 0) } catch {} };
const common = (place, who) => {
  quiet(() => fetch(place + '/fetch-' + who, {mode: 'no-cors'}));
  quiet(() => fetch(place + '/post-' + who, {mode: 'no-cors', method: 'POST', body: 'x', keepalive: true}));
  quiet(() => new WebSocket(place.replace('http', 'ws') + '/socket-' + who));
  quiet(() => new EventSource(place + '/events-' + who));
  quiet(() => import(place + '/import-' + who));
  quiet(() => caches.open('x').then(kept => kept.add(new Request(place + '/cache-' + who, {mode: 'no-cors'}))));
  quiet(() => importScripts(place + '/scripts-' + who));
};
"""
IN_WORKER = WAYS + "for (const place of places) common(place, 'WHO');"
IN_PAGE = (
    WAYS
    + """
const put = (name, more) => document.body.append(Object.assign(document.createElement(name), more));
const links = ['prefetch', 'preload', 'modulepreload', 'preconnect', 'dns-prefetch', 'icon', 'manifest',
  'stylesheet', 'prerender', 'alternate stylesheet', 'pingback', 'search'];
async function all() {
  for (const place of places) {
    common(place, 'page');
    for (const rel of links) put('link', {rel, as: 'image', href: place + '/link-' + rel.replace(/ /g, '')});
    quiet(() => navigator.sendBeacon(place + '/beacon', 'x'));
    quiet(() => { const asked = new XMLHttpRequest(); asked.open('GET', place + '/xhr'); asked.send() });
    put('img', {src: place + '/img', srcset: place + '/srcset 2x'});
    put('iframe', {src: place + '/frame'});
    put('script', {src: place + '/script'});
    put('video', {src: place + '/video', poster: place + '/poster', preload: 'auto'});
    put('object', {data: place + '/object'});
    put('embed', {src: place + '/embed'});
    put('style', {textContent: `@import url(${place}/imported); @font-face { font-family: f; src: url(${place}/font) }
      p { font-family: f; background: url(${place}/background); cursor: url(${place}/cursor), auto }`});
    put('script', {type: 'speculationrules', textContent: JSON.stringify({
      prefetch: [{source: 'list', urls: [place + '/ahead'], eagerness: 'immediate'}],
      prerender: [{source: 'list', urls: [place + '/drawn-ahead'], eagerness: 'immediate'}]})});
    put('a', {href: '#x', ping: place + '/ping'});
    document.body.lastChild.click();
    put('iframe', {name: 'elsewhere'});
    put('a', {href: place + '/download', download: 'x', target: 'elsewhere'});
    document.body.lastChild.click();
    put('div', {innerHTML: `<svg><use href="${place}/use#x"/><image href="${place}/svg"/></svg>`});
    quiet(() => new RTCPeerConnection({iceServers: [{urls: 'stun:' + place.slice(7)}]}).createOffer());
    quiet(() => new WebTransport(place.replace('http', 'https') + '/transport'));
    await new Promise(done => setTimeout(done, 40));
  }
  new Worker('/worker');
  new SharedWorker('/shared');
  await navigator.serviceWorker.register('/service');
  await navigator.serviceWorker.ready;
  await new Promise(done => setTimeout(done, 3000));
  document.title = 'done ' + places.length;
}
all().catch(error => { document.title = 'done 0 ' + error });
"""
)
MAP = "\n//# sourceMappingURL=http://127.0.0.1:PORT/map"


def hostile(server: Web, canary: Web, hosts: list[str]) -> None:
    """A page and its workers, each of which asks the canary for everything under all its names."""
    known = {"HOSTS": json.dumps(hosts), "PORT": str(canary.port)}

    def filled(text: str, **more: str) -> str:
        for name, value in {**known, **more}.items():
            text = text.replace(name, value)
        return text

    csp = (
        "Content-Security-Policy-Report-Only",
        f"script-src 'none'; report-uri {canary.url}/report",
    )
    ends = ("Reporting-Endpoints", f'default="{canary.url}/reports"')
    hints = ("Link", f"<{canary.url}/header>; rel=preload; as=script")
    page = f"<!doctype html><title>hostile</title><p>words</p><script>{IN_PAGE}{MAP}</script>"
    server.routes["/"] = http(filled(page), 200, "OK", HTML, csp, ends, hints)
    for who in ("worker", "shared", "service"):
        server.routes[f"/{who}"] = http(filled(IN_WORKER, WHO=who), 200, "OK", SCRIPT)


def done(browser: Browser, url: str, seconds: int = 60) -> int:
    """Load the page; gives how many places it has tried once it is through."""
    page = browser.new_page(accept_downloads=False)
    page.goto(url, wait_until="commit")
    page.wait_for_function("document.title.startsWith('done')", timeout=seconds * 1000)
    title = page.title()
    page.close()
    assert title.split()[1] != "0", title
    return int(title.split()[1])


@pytest.mark.parametrize("part", range(3))
def test_no_way_leads_to_the_canary(stack: ExitStack, web: Web, part: int) -> None:
    """A third of the spellings each: a lane's log holds 2,000 refusals, and the browser tries often."""
    canary = stack.enter_context(Web())
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", web.port)}))
    guard = stack.enter_context(EgressGuard(policy=policy, lookup=lambda name: ["127.0.0.1"]))
    lane: Lane = guard.lane()
    hostile(web, canary, SPELLINGS[part::3])
    tried = done(
        launched(stack.enter_context(sync_playwright()), stack, lane.proxy_url), web.url + "/"
    )
    assert tried >= 20
    assert canary.connections == 0, [hit.target for hit in canary.hits]
    assert {"/", "/worker", "/shared", "/service"} <= {hit.target for hit in web.hits}
    refused = [b for b in lane.blocked if b.port == canary.port]
    assert len(refused) > 10 * tried
    assert len({b.host for b in refused}) >= 20


def test_without_the_guard_these_ways_do_lead_there(stack: ExitStack, web: Web) -> None:
    """The test above can fail: nearly every way is taken when nothing holds the page back."""
    canary = stack.enter_context(Web())
    hostile(web, canary, ["127.0.0.1"])
    done(launched(stack.enter_context(sync_playwright()), stack, None), web.url + "/")
    missed = {
        f"/{way}-{who}"
        for way in ("fetch", "post", "socket", "events")
        for who in ("page", "worker", "shared")
    } | {
        "/fetch-service", "/socket-service", "/scripts-worker", "/cache-page", "/import-page", "/img",
        "/frame", "/script", "/video", "/poster", "/object", "/embed", "/imported", "/font", "/beacon",
        "/xhr", "/link-prefetch", "/link-stylesheet", "/ahead", "/ping", "/download", "/svg", "/header",
        "/background",
    }  # fmt: skip
    assert missed <= {hit.target for hit in canary.hits}, missed - {h.target for h in canary.hits}
