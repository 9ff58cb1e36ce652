"""Answers written by hand, byte by byte: what is called whole was whole, and a status line is the one that was sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import brotli
import pytest
import zstandard
from capture_kit import SETTINGS, Authority, visit_page
from front import Front
from torture import bmp, filler

from archiver.capture.browser import BrowserSettings, open_browser
from archiver.capture.limits import CaptureLimits
from archiver.domain.capture import Capture
from archiver.domain.exchange import Exchange

pytestmark = pytest.mark.browser

LIMITS = CaptureLimits(seconds=40, navigation=10, drawn=1, quiet=8)
TALE = b"".join(b"line %d of a tale\n" % number for number in range(3000))
NOISE, PICTURE = filler("noise", 9000), bmp(60, 60)
ZSTD = zstandard.ZstdCompressor().compress(TALE)


class Wire:
    """Answers each request with the bytes that `answers` has for its path, and hangs up. A context manager, which
    a Front may stand before."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.answers = answers
        self.shown: tuple[str, int] | None = None
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> "Wire":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def url(self, path: str) -> str:
        scheme, port = self.shown or ("http", self.port)
        return f"{scheme}://a.localhost:{port}{path}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                asking, _ = self._socket.accept()
                threading.Thread(target=self._answer, args=(asking,), daemon=True).start()

    def _answer(self, asking: socket.socket) -> None:
        with suppress(OSError), asking:
            head = b""
            while b"\r\n\r\n" not in head and (part := asking.recv(1 << 16)):
                head += part
            path = (head.split(b" ", 2)[1:2] or [b""])[0].decode()
            asking.sendall(self.answers.get(path, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"))
            asking.shutdown(socket.SHUT_WR)
            while asking.recv(1 << 16):
                pass


def reply(body: bytes, kind: str = "text/plain", first: bytes = b"200 OK", **more: str) -> bytes:
    headers = {"Content-Type": kind, **{n.replace("_", "-"): v for n, v in more.items()}}
    lines = [f"{name}: {value}\r\n".encode() for name, value in headers.items()]
    return b"HTTP/1.1 " + first + b"\r\n" + b"".join(lines) + b"\r\n" + body


def sized(body: bytes, kind: str = "text/plain", **more: str) -> bytes:
    return reply(body, kind, Content_Length=str(len(body)), **more)


def chunks(body: bytes, kind: str = "text/plain", end: bytes = b"0\r\n\r\n", **more: str) -> bytes:
    """In one chunk; without the last one if `end` is empty."""
    coded = b"%x\r\n%s\r\n" % (len(body), body) + end
    return reply(coded, kind, Transfer_Encoding="chunked", **more)


PICTURES = {
    "/none-cut.png": chunks(NOISE[:4500], "image/png", b""),
    "/none-sized.png": sized(NOISE, "image/png"),
    "/cut.bmp": chunks(PICTURE[:9000], "image/bmp", b""),
    "/whole.bmp": chunks(PICTURE, "image/bmp"),
}
WORDS = {
    "/cut": chunks(TALE[:4500], end=b""),
    "/whole": chunks(TALE),
    "/zstd": chunks(ZSTD, Content_Encoding="zstd"),
    "/zstd-half": chunks(ZSTD[: len(ZSTD) // 2], Content_Encoding="zstd"),
    "/zstd-half-sized": sized(ZSTD[: len(ZSTD) // 2], Content_Encoding="zstd"),
    "/no-brotli": chunks(TALE, Content_Encoding="br"),
    "/empty": chunks(brotli.compress(b""), Content_Encoding="br"),
    "/nothing": reply(b"", Content_Encoding="br"),
    "/nowhere": reply(b"one or the other", first=b"302 Found", Location=""),
    "/narrow": reply(b"no", first=b"404 Non trouv\xe9"),
    "/wide": reply(b"no", first="404 Non trouvé".encode()),
    "/mixed": reply(b"no", first=b"404 \xc3\xa9 \xe9"),
}
CUT = {"/none-cut.png", "/cut.bmp", "/cut"}
PAGE = f"""<!doctype html><title>wire</title><p>words</p>{"".join(f"<img src={p}>" for p in PICTURES)}<script>
onload = () => Promise.allSettled({list(WORDS)}.map(p => fetch(p).then(r => r.text())))
  .then(() => {{ document.title = 'done' }})</script>"""


async def shoot(wire: Wire, spool: Path, settings: BrowserSettings) -> Capture:
    async with open_browser(settings, None) as browser:
        return await visit_page(browser, wire.url("/"), spool, limits=LIMITS)


@pytest.fixture(scope="module", params=["http/1.1", "h2"])
def protocol(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def found(
    run, protocol: str, authority: Authority, tmp_path_factory
) -> Iterator[dict[str, Exchange]]:
    spool, settings = tmp_path_factory.mktemp("wire"), SETTINGS
    with Wire({"/": sized(PAGE.encode(), "text/html"), **PICTURES, **WORDS}) as wire:
        if protocol == "h2":
            settings = BrowserSettings(allow_no_sandbox=True, ca_file=authority.file)
            with Front(wire, authority.context(), "h2"):
                capture = run(shoot(wire, spool, settings))
        else:
            capture = run(shoot(wire, spool, settings))
    assert capture.title == "done", (capture.outcome, capture.notes)
    assert capture.requested == len(capture.exchanges) + len(capture.unrecorded)
    lost = {path_of(u.url) for u in capture.unrecorded}
    assert lost <= (CUT if protocol == "h2" else set()), (
        "a stream may be reset before its head was read"
    )
    yield {path_of(e.url): e for e in capture.exchanges}


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def kept(exchange: Exchange) -> tuple[bytes, bool]:
    """The body, and whether it is called whole."""
    return exchange.body.read(), exchange.truncated is None


def test_a_cut_picture_that_nobody_can_read_is_not_whole(found: dict[str, Exchange]) -> None:
    """A page calls a picture ended as soon as it cannot read it; only a length shows that one whole."""
    if cut := found.get("/none-cut.png"):
        assert cut.truncated is not None
        assert NOISE.startswith(cut.body.read())
    assert kept(found["/none-sized.png"]) == (NOISE, True)


def test_a_picture_is_whole_or_said_to_be_cut(found: dict[str, Exchange]) -> None:
    assert "/cut.bmp" not in found or found["/cut.bmp"].truncated == "disconnect"
    assert kept(found["/whole.bmp"]) == (PICTURE, True)


def test_chunks_without_a_last_one_are_cut(found: dict[str, Exchange]) -> None:
    assert "/cut" not in found or found["/cut"].truncated == "disconnect"
    assert kept(found["/whole"]) == (TALE, True)


@pytest.mark.parametrize("path", ["/zstd-half", "/zstd-half-sized", "/no-brotli"])
def test_a_coded_body_of_which_nothing_could_be_read_was_not_empty(
    found: dict[str, Exchange], path: str
) -> None:
    """The browser takes it for an empty one, and names no error."""
    assert (found[path].body.size, found[path].truncated) == (0, "unspecified")
    assert "could read nothing" in found[path].error


def test_coded_bodies_that_are_whole_or_empty_are_called_so(found: dict[str, Exchange]) -> None:
    assert kept(found["/zstd"]) == (TALE, True)
    assert kept(found["/empty"]) == (b"", True)


def test_a_location_that_names_nothing_leads_nowhere(
    found: dict[str, Exchange], protocol: str
) -> None:
    """A page gets the body of such an answer. (Over HTTP/2 the one before the front ends it at once.)"""
    if protocol == "h2":
        pytest.skip("the front reads bodies by their length")
    assert kept(found["/nowhere"]) == (b"one or the other", True)


def test_a_reason_phrase_has_the_bytes_that_were_sent(
    found: dict[str, Exchange], protocol: str
) -> None:
    if protocol == "h2":
        pytest.skip("HTTP/2 has none")
    reasons = [found[path].reason for path in ("/narrow", "/wide", "/mixed")]
    assert [reason.encode("latin-1") for reason in reasons] == [
        b"Non trouv\xe9", "Non trouvé".encode(), b"\xc3\xa9 \xe9",
    ]  # fmt: skip
