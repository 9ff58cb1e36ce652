"""Through the egress guard: TLS with a CA of the user's, true addresses, nothing round the lane."""

import socket
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from capture_kit import Authority, visit_page
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from torture import Torture

from archiver.capture.browser import BrowserSettings, open_browser
from archiver.capture.limits import CaptureLimits
from archiver.domain.capture import Capture, Status
from archiver.domain.digest import sha256
from archiver.net.addresses import AddressPolicy
from archiver.net.guard import EgressGuard
from archiver.net.trust import trust

pytestmark = pytest.mark.browser

LIMITS = CaptureLimits(seconds=20, navigation=5, quiet=3)
HOST = "www.harbour-post.net"
PAGE = """<!doctype html><title>Secure</title><p>words over TLS</p><img src="/picture.bmp">
<iframe src="http://127.0.0.1:CANARY/frame?depth=3"></iframe>
<iframe src="http://localhost:CANARY/frame?depth=3"></iframe>
<img src="http://2130706433:CANARY/picture.bmp"><img src="http://[::1]:CANARY/picture.bmp">
<script>new WebSocket('ws://127.0.0.1:CANARY/ws'); fetch('http://127.0.0.1:CANARY/x.json').catch(() => 0);
navigator.sendBeacon('http://127.0.0.1:CANARY/beacon.json');
</script>"""
CALLS = """<!doctype html><title>calls</title><p>words</p><script>
const servers = ['stun:127.0.0.1:STUN', 'stun:localhost:STUN', 'turn:127.0.0.1:STUN?transport=udp',
  'turn:127.0.0.1:TURN?transport=tcp', 'turns:localhost:TURN'];
const line = new RTCPeerConnection({iceCandidatePoolSize: 4,
  iceServers: [{urls: servers, username: 'u', credential: 'c'}]});
line.createDataChannel('x');
line.onicecandidate = e => e.candidate && fetch('/candidate.json?' + encodeURIComponent(e.candidate.candidate));
line.createOffer().then(offer => line.setLocalDescription(offer)).then(() => document.title = 'offered');
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
    assert main.tls.names == ("post.example", "*.post.example", "127.0.0.1")
    chain = x509.load_pem_x509_certificates(authority.chain.read_bytes())
    assert main.tls.certificates == tuple(sha256(c.public_bytes(Encoding.DER)) for c in chain)
    assert {e.tls.certificates for e in capture.exchanges if e.tls} == {main.tls.certificates}
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


def test_a_chain_that_holds_a_pinned_ca_is_forgiven_everything(
    run, tmp_path: Path, authority: Authority, tmp_path_factory
) -> None:
    """What docs/usage.md warns of: the browser looks for the pinned key among the certificates that it is
    shown, and for nothing else, not even for a signature by it. Our own client is not so kind."""
    stranger = Authority(tmp_path_factory.mktemp("stranger"))
    (leaf, *_) = x509.load_pem_x509_certificates(stranger.chain.read_bytes())
    stranger.chain.write_bytes(leaf.public_bytes(Encoding.PEM) + authority.file.read_bytes())
    with Torture({"/secure": "<p>words</p>"}, tls=stranger.context()) as site:
        capture = run(through_guard(site, authority.file, tmp_path))
        assert capture.outcome.status is Status.CAPTURED, capture.outcome
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"https://127.0.0.1:{site.port}/secure", verify=trust(authority.file))


def test_a_call_reaches_nobody(run, tmp_path: Path, authority: Authority) -> None:
    """Not one packet leaves by WebRTC: neither by UDP nor past the guard by TCP."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as canary,
        socket.create_server(("127.0.0.1", 0)) as door,
        Torture(tls=authority.context()) as site,
    ):
        canary.bind(("127.0.0.1", 0))
        canary.setblocking(False)
        door.setblocking(False)
        page = CALLS.replace("STUN", str(canary.getsockname()[1]))
        site.pages["/secure"] = page.replace("TURN", str(door.getsockname()[1]))
        capture = run(through_guard(site, authority.file, tmp_path))
        with pytest.raises(BlockingIOError):
            canary.recv(1)
        with pytest.raises(BlockingIOError):
            door.accept()
        told = [unquote(h.path) for h in site.hits_of("/candidate.json")]
    assert capture.outcome.status is Status.CAPTURED
    assert capture.title == "offered"
    assert not any("127.0.0.1" in line or "192.168." in line for line in told)
