"""The proxy: tunnels with TLS and without, refusals, keep-alive, many at once, the log of hits."""

import hashlib
import signal
import socket
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography import x509

from archiver.demoweb.serve import DemoWeb

PLAYER = "https://www.youtube-nocookie.com/embed/tUrB1nDem0A"


def connect(demo: DemoWeb, target: str) -> tuple[socket.socket, bytes]:
    """A raw tunnel, and the answer to CONNECT."""
    place = urlsplit(demo.proxy_url)
    link = socket.create_connection((place.hostname, place.port), timeout=10)
    link.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += link.recv(1)
    return link, answer


def test_an_unknown_host_is_refused(demo: DemoWeb, client: httpx.Client) -> None:
    with pytest.raises(httpx.ProxyError, match="502"):
        client.get("https://www.nowhere.example/")
    assert client.get("http://www.nowhere.example/").status_code == 502
    refused = [hit for hit in demo.hits if hit.host == "www.nowhere.example"]
    assert [(h.method, h.status) for h in refused] == [("CONNECT", 502), ("GET", 502)]


def test_an_unknown_page_of_a_known_host_is_missing(client: httpx.Client) -> None:
    assert client.get("https://x.com/no/such/page").status_code == 404
    assert client.get("https://ridge-and-river.example/nothing").status_code == 404


def test_plain_requests_are_sent_on_to_tls(client: httpx.Client) -> None:
    got = client.get("http://ridge-and-river.example/stories/electric-ferry")
    assert got.status_code == 301
    assert got.headers["location"] == "https://ridge-and-river.example/stories/electric-ferry"


def test_a_tunnel_may_carry_plain_http(demo: DemoWeb) -> None:
    link, answer = connect(demo, "t.co:80")
    assert b" 200 " in answer
    with link:
        link.sendall(b"GET /Hb0urDemo1 HTTP/1.1\r\nHost: t.co\r\nConnection: close\r\n\r\n")
        received = b""
        while chunk := link.recv(4096):
            received += chunk
    assert received.startswith(b"HTTP/1.1 301 ")
    assert b"https://twitter.com/brackferry_demo/status/" in received


def test_the_chain_ends_with_the_authority(demo: DemoWeb) -> None:
    context = ssl.create_default_context(cafile=str(demo.ca_file))
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # the default from Python 3.13 on
    link, _ = connect(demo, "x.com:443")
    with context.wrap_socket(link, server_hostname="x.com") as tls:
        assert tls.selected_alpn_protocol() in (None, "http/1.1")
        leaf = x509.load_der_x509_certificate(tls.getpeercert(binary_form=True) or b"")
    chain = x509.load_pem_x509_certificates((demo.folder / "x.com.pem").read_bytes())
    authority = x509.load_pem_x509_certificate(demo.ca_file.read_bytes())
    assert chain == [leaf, authority]


def test_a_client_that_does_not_trust_the_authority_leaves(demo: DemoWeb) -> None:
    with (
        httpx.Client(proxy=demo.proxy_url, trust_env=False) as stranger,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        stranger.get("https://x.com/")
    assert demo.failures == ()


def test_one_connection_serves_many_requests(demo: DemoWeb, client: httpx.Client) -> None:
    first = client.get(PLAYER)
    stream = first.extensions["network_stream"].get_extra_info("client_addr")
    for _ in range(5):
        again = client.get(PLAYER)
        assert again.extensions["network_stream"].get_extra_info("client_addr") == stream
        assert again.content == first.content


def test_everything_is_logged_with_the_digest_of_its_body(
    demo: DemoWeb, client: httpx.Client
) -> None:
    got = client.get(PLAYER + "?log=1")
    hit = [hit for hit in demo.hits if hit.path == "/embed/tUrB1nDem0A?log=1"][-1]
    assert got.headers["content-encoding"] == "gzip"
    assert (hit.method, hit.host, hit.status) == ("GET", "www.youtube-nocookie.com", 200)
    assert hit.digest.value == hashlib.sha256(got.content).hexdigest()


def test_cookies_come_one_a_line(client: httpx.Client) -> None:
    got = client.get("https://x.com/mara_demo_0101/status/1")
    assert len(got.headers.get_list("set-cookie")) == 2


def test_many_at_once(demo: DemoWeb) -> None:
    wanted = [r for post in demo.expected.values() for r in post.resources] * 3
    context = ssl.create_default_context(cafile=str(demo.ca_file))

    def fetch(client: httpx.Client, index: int) -> bool:
        resource = wanted[index]
        body = client.get(resource.url).content
        return hashlib.sha256(body).hexdigest() == resource.digest.value

    limits = httpx.Limits(max_connections=48, max_keepalive_connections=48)
    with (
        httpx.Client(proxy=demo.proxy_url, verify=context, limits=limits, trust_env=False) as many,
        ThreadPoolExecutor(16) as pool,
    ):
        assert all(pool.map(lambda i: fetch(many, i), range(len(wanted))))


def test_it_ends_with_connections_open() -> None:
    with DemoWeb() as demo:
        folder = demo.folder
        link, answer = connect(demo, "x.com:443")
        assert b" 200 " in answer
    with link:
        assert link.recv(1) == b""
    assert not folder.exists()


def test_it_can_be_served_alone() -> None:
    command = [sys.executable, "-m", "archiver.demoweb"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        proxy, ca_file = (process.stdout.readline().split()[1] for _ in range(2))
        context = ssl.create_default_context(cafile=ca_file)
        with httpx.Client(proxy=proxy, verify=context, trust_env=False) as stranger:
            assert stranger.get(PLAYER).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
