"""The viewer's server: ranges, other hosts' names, nothing outside of this machine."""

import socket
import struct
from collections.abc import Iterator

import httpx
import pytest

from archiver.viewer.serve import Bytes, Reply, served

DATA = bytes(range(200))


def answer(path: str, query: str) -> Reply | None:
    if path == "/away":
        raise FileNotFoundError(path)
    return Reply("application/wacz", Bytes(DATA), {"X-Query": query}) if path == "/data" else None


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with served(answer) as address, httpx.Client(base_url=address) as client:
        yield client


def test_the_whole(client: httpx.Client) -> None:
    got = client.get("/data?a=b%20c")
    assert (got.status_code, got.content, got.headers["x-query"]) == (200, DATA, "a=b%20c")
    assert got.headers["x-content-type-options"] == "nosniff"
    head = client.head("/data")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "200")


@pytest.mark.parametrize(
    ("asked", "part", "shown"),
    [
        ("bytes=0-0", DATA[:1], "bytes 0-0/200"),
        ("bytes=10-19", DATA[10:20], "bytes 10-19/200"),
        ("bytes=190-", DATA[190:], "bytes 190-199/200"),
        ("bytes=-7", DATA[-7:], "bytes 193-199/200"),
        ("bytes=190-900", DATA[190:], "bytes 190-199/200"),
    ],
)
def test_a_range(client: httpx.Client, asked: str, part: bytes, shown: str) -> None:
    got = client.get("/data", headers={"Range": asked})
    assert (got.status_code, got.content, got.headers["content-range"]) == (206, part, shown)


@pytest.mark.parametrize("asked", ["bytes=200-", "bytes=9-3", "bytes=-0"])
def test_no_such_range(client: httpx.Client, asked: str) -> None:
    got = client.get("/data", headers={"Range": asked})
    assert (got.status_code, got.headers["content-range"]) == (416, "bytes */200")


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,4-5", "lines=1-2", "bytes=-", "nonsense", f"bytes={'9' * 5000}-"]
)
def test_what_is_no_single_range_gets_all(client: httpx.Client, asked: str) -> None:
    got = client.get("/data", headers={"Range": asked})
    assert (got.status_code, got.content) == (200, DATA)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]:80"])
def test_another_host_is_refused(client: httpx.Client, host: str) -> None:
    got = client.get("/data", headers={"Host": host})
    assert got.status_code == 421
    assert DATA not in got.content


def test_what_is_not_there(client: httpx.Client) -> None:
    assert client.get("/other").status_code == 404
    assert client.get("/away").status_code == 404
    assert client.post("/data").status_code == 501


def test_a_visitor_that_goes_away_is_no_fault(
    client: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither in the middle of a request nor before the answer."""
    place = client.base_url.host, client.base_url.port
    for asked in ("GET /da", f"GET /data HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\n\r\n"):
        for _ in range(20):
            with socket.create_connection(place) as visitor:
                visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                visitor.sendall(asked.encode())
        assert client.get("/data").content == DATA
    assert capfd.readouterr().err == ""


def test_it_listens_on_loopback_only() -> None:
    with served(answer) as address:
        port = int(address.rpartition(":")[2])
        with socket.socket(socket.AF_INET) as other:
            other.settimeout(2)
            with pytest.raises(OSError):
                other.connect(("127.0.0.2", port))


def test_a_port_that_is_taken() -> None:
    with (
        served(answer) as address,
        pytest.raises(OSError),
        served(answer, int(address.rpartition(":")[2])),
    ):
        pass
