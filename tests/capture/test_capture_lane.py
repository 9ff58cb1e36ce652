"""Through the egress guard: TLS with a CA of the user's, true addresses, nothing round the lane."""

from pathlib import Path

import pytest
from capture_kit import Authority, visit_page
from torture import Torture

from archiver.capture.browser import BrowserSettings, open_browser
from archiver.capture.limits import CaptureLimits
from archiver.domain.capture import Capture, Status
from archiver.net.addresses import AddressPolicy
from archiver.net.guard import EgressGuard

pytestmark = pytest.mark.browser

LIMITS = CaptureLimits(seconds=20, navigation=5, quiet=3)
HOST = "www.harbour-post.net"
PAGE = """<!doctype html><title>Secure</title><p>words over TLS</p><img src="/picture.bmp">
<iframe src="http://127.0.0.1:CANARY/frame?depth=3"></iframe>
<iframe src="http://localhost:CANARY/frame?depth=3"></iframe>
<img src="http://2130706433:CANARY/picture.bmp"><img src="http://[::1]:CANARY/picture.bmp">
<script>new WebSocket('ws://127.0.0.1:CANARY/ws'); fetch('http://127.0.0.1:CANARY/x.json').catch(() => 0);
navigator.sendBeacon('http://127.0.0.1:CANARY/beacon.json');
try { new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:CANARY'}]}).createOffer() } catch {}
</script>"""


async def through_guard(site: Torture, ca_file: Path | None, spool: Path) -> Capture:
    """Visit the page by a name that only the guard can resolve."""
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", site.port)}))
    settings = BrowserSettings(allow_no_sandbox=True, ca_file=ca_file)
    with (
        EgressGuard(policy=policy, lookup=lambda name: ["127.0.0.1"]) as guard,
        guard.lane() as own,
        guard.lane() as lane,
    ):
        async with open_browser(settings, own.proxy_url) as browser:
            capture = await visit_page(
                browser, site.url("/secure", HOST), spool, limits=LIMITS, lane=lane
            )
        assert own.blocked == ()
    return capture


def test_tls_by_pinned_ca_through_a_lane(run, tmp_path: Path, authority: Authority) -> None:
    with Torture() as canary, Torture(tls=authority.context()) as site:
        site.pages["/secure"] = PAGE.replace("CANARY", str(canary.port))
        capture = run(through_guard(site, authority.file, tmp_path))
        assert canary.hits == []
    assert capture.outcome.status is Status.CAPTURED
    main = next(e for e in capture.exchanges if e.resource_type == "document")
    assert main.address == "127.0.0.1"
    assert main.protocols == ("http/1.1", "tls/1.3")
    assert main.tls is not None
    assert (main.tls.subject, main.tls.issuer) == ("post.example", "archiver test CA")
    assert main.tls.valid_from is not None
    blocked = {(b.host, b.port) for b in capture.blocked}
    assert {("127.0.0.1", canary.port), ("localhost", canary.port)} <= blocked
    lost = [u for u in capture.unrecorded if str(canary.port) in u.url]
    assert len(lost) >= 6
    assert all(u.reason for u in lost)


def test_an_unknown_ca_is_refused(run, tmp_path: Path, authority: Authority) -> None:
    with Torture({"/secure": "<p>words</p>"}, tls=authority.context()) as site:
        capture = run(through_guard(site, None, tmp_path))
        assert site.hits == []
    assert capture.outcome.status is Status.FAILED
    assert "ERR_CERT" in capture.outcome.reason


def test_a_pinned_ca_does_not_excuse_a_stranger(run, tmp_path: Path, authority, tmp_path_factory):
    """Another authority's certificate for the same host is refused as ever."""
    stranger = Authority(tmp_path_factory.mktemp("stranger"))
    with Torture({"/secure": "<p>words</p>"}, tls=stranger.context()) as site:
        capture = run(through_guard(site, authority.file, tmp_path))
        assert site.hits == []
    assert "ERR_CERT" in capture.outcome.reason
