"""What the capture tests share: an event loop that stays, a visit, certificates."""

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from archiver.capture.browser import Browser, BrowserSettings
from archiver.capture.limits import CaptureLimits
from archiver.capture.visit import visit
from archiver.clock import RandomIds, SystemClock
from archiver.domain.capture import Capture, Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.post import Post, PostRef, View

SETTINGS = BrowserSettings(allow_no_sandbox=True)


class Runner:
    """An event loop that lives as long as the browser in it."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()

    def __call__(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)


def post_of(url: str, *others: str) -> Post:
    """A page as a post, with the views named."""
    views = tuple(View("page", each) for each in (url, *others))
    return Post(ref=PostRef("web", url), url=url, views=views)


async def visit_page(
    browser: Browser, url: str, spool: Path, *, limits: CaptureLimits | None = None, lane=None
) -> Capture:
    """Visit one page as a post."""
    return await visit(
        browser,
        post_of(url),
        lane=lane,
        limits=limits or CaptureLimits(seconds=40, quiet=4),
        capture_id="c1",
        spool=spool,
        clock=SystemClock(),
        ids=RandomIds(),
    )


def kept(capture: Capture, role: str) -> str:
    """What the one snapshot of a role holds, as text; it bears the address of the page."""
    (found,) = (s for s in capture.snapshots if s.role == role)
    assert found.urn == f"urn:{role}:{capture.page_url}"
    return found.body.read().decode()


def whole(capture: Capture) -> dict[str, list[bytes]]:
    """Each address below `/v/` with the bodies of the answers that hold it whole."""
    found: dict[str, list[bytes]] = {}
    for exchange in capture.exchanges:
        path = "/" + exchange.url.split("/", 3)[3].partition("?")[0]
        if path.startswith("/v/") and exchange.status == 200 and exchange.truncated is None:
            found.setdefault(path, []).append(exchange.body.read())
    return found


def see_kept_once(
    capture: Capture, files: Mapping[str, tuple[str, bytes]], wanted: set[str]
) -> None:
    """A captured stream: of the `files` of the site those `wanted`, as they are, none asked for twice."""
    assert capture.outcome.status is Status.CAPTURED, (capture.outcome, capture.notes)
    assert capture.limits_hit == ()
    got = whole(capture)
    assert {path: set(bodies) for path, bodies in got.items()} == {p: {files[p][1]} for p in got}
    assert set(got) == wanted
    assert all(len(bodies) == 1 for bodies in got.values()), "nothing is asked for twice"
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)


def answer(url: str, data: bytes, kind: str, status: int = 200) -> Exchange:
    """An answer as the browser received it."""
    return Exchange(
        url=url,
        status=status,
        response_headers=(("Content-Type", kind),),
        body=Body.of(data),
        started_at=SystemClock().now(),
        made_by="browser",
    )


class Authority:
    """A certificate authority of our own and one leaf certificate for any test host."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "ca.pem"
        self.chain = folder / "chain.pem"
        self.key = folder / "key.pem"
        ca_key, ca = _certificate("archiver test CA", None, None)
        key, leaf = _certificate("post.example", ca, ca_key)
        pem = serialization.Encoding.PEM
        self.file.write_bytes(ca.public_bytes(pem))
        self.chain.write_bytes(leaf.public_bytes(pem) + ca.public_bytes(pem))
        self.key.write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )

    def context(self) -> ssl.SSLContext:
        """The TLS context of a server that presents leaf and CA."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


def _certificate(name: str, issuer: x509.Certificate | None, issuer_key: Any):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer is not None:
        names = [x509.DNSName("post.example"), x509.DNSName("*.post.example")]
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return key, made.sign(issuer_key or key, hashes.SHA256())
