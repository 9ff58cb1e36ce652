"""A small threaded web server that does everything a page can do, and remembers each byte it sent.

The server listens on 127.0.0.1 only. Names below `.localhost` reach it in any browser without DNS
and count as sites of their own, so `a.localhost` and `b.localhost` make cross-site frames.
"""

import functools
import gzip
import io
import json
import random
import ssl
import struct
import threading
import time
import wave
import zlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import zstandard

JS = "text/javascript"
CODINGS = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw-deflate": ("deflate", lambda data: zlib.compress(data, wbits=-15)),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.ZstdCompressor().compress),
    "twice": ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    "identity": ("identity", bytes),
}
HTML = "text/html; charset=utf-8"
HELD_SECONDS = 15
"""How long a page may keep the network from rest; a visit waits for that twice, eight seconds each."""


def filler(name: str, size: int) -> bytes:
    """Bytes that depend on the name alone, not compressible."""
    return random.Random(name).randbytes(size)


@functools.cache
def large(megabytes: int) -> bytes:
    """So many megabytes that no coding makes shorter, the same each time."""
    return filler(f"large {megabytes}", megabytes << 20)


@functools.cache
def bomb(coding: str, megabytes: int) -> bytes:
    """So many megabytes of nothing, coded: a thousandth of that and less."""
    part = bytes(16 << 20)
    if coding == "gzip":
        squeeze = zlib.compressobj(9, wbits=31)
        start = squeeze.compress(b" ") + squeeze.flush(zlib.Z_FULL_FLUSH)
        again = squeeze.compress(part) + squeeze.flush(zlib.Z_FULL_FLUSH)
        return start + again * (megabytes // 16) + squeeze.flush()
    if coding == "zstd":
        return zstandard.ZstdCompressor().compress(part) * (megabytes // 16)
    brotler = brotli.Compressor(quality=1)
    return b"".join(brotler.process(part) for _ in range(megabytes // 16)) + brotler.finish()


def wav(seconds: float) -> bytes:
    """A quiet mono WAV file, 88,200 bytes a second, which every Chromium can play."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(44100)
        noise = random.Random(7).randbytes(1 << 16)
        frames = int(seconds * 44100)
        out.writeframes((noise * (frames * 2 // len(noise) + 1))[: frames * 2])
    return buffer.getvalue()


def bmp(width: int = 8, height: int = 8) -> bytes:
    """A valid uncompressed picture."""
    pixels = filler("bmp", width * height * 4)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 32, 0, len(pixels), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(pixels), 0, 0, 54) + header + pixels


@dataclass
class Hit:
    """One request as the server saw it, and the entity body it sent for it (not content-coded)."""

    method: str
    host: str
    path: str
    headers: list[tuple[str, str]]
    request_body: bytes
    status: int = 0
    sent: bytes = b""
    sent_headers: list[tuple[str, str]] = field(default_factory=list)
    whole: bool = False


class Torture:
    """The server; use it as a context manager. `pages` maps paths to HTML given by a test, `files` to
    media type and bytes, which may be asked for in ranges, `answers` to status, headers and body.

    With `tls` it speaks https only. `domain` and `shown` (scheme, port) say by which names and where it is
    to be reached, if it stands behind something.
    """

    def __init__(
        self, pages: dict[str, str] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.scheme = "https" if tls else "http"
        self.domain = "localhost"
        self.shown: tuple[str, int] | None = None
        self.pages = dict(pages or {})
        self.files: dict[str, tuple[str, bytes]] = {}
        self.answers: dict[str, tuple[int, list[tuple[str, str]], bytes]] = {}
        self.hits: list[Hit] = []
        self.mutex = threading.Lock()
        self.stopping = threading.Event()
        outer = self

        class Handler(_Handler):
            site = outer

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        if tls:
            plain = self.server.socket
            self.server.socket = tls.wrap_socket(
                plain, server_side=True, do_handshake_on_connect=False
            )

    def __enter__(self) -> "Torture":
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def url(self, path: str, host: str = "a.localhost") -> str:
        """An address of this server, or of the front it stands behind, under one of its names."""
        return self.linked(f"http://{host}:PORT{path}")

    def linked(self, page: str) -> str:
        """A page whose links to `http://….localhost:PORT` lead to where this server is to be reached."""
        scheme, port = self.shown or (self.scheme, self.port)
        place = "" if (scheme, port) == ("https", 443) else f":{port}"
        named = page.replace("http://", f"{scheme}://").replace(":PORT", place)
        return named.replace(".localhost", f".{self.domain}")

    def hits_of(self, path: str) -> list[Hit]:
        with self.mutex:
            return [hit for hit in self.hits if hit.path.partition("?")[0] == path]

    def times(self, path: str) -> int:
        """How often this very path, its query included, has been asked for."""
        with self.mutex:
            return sum(hit.path == path for hit in self.hits)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request, client_address) -> None:
        """A browser that goes away in the middle of a body is part of the game."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Torture

    def log_message(self, *_: object) -> None:
        pass

    def parse_request(self) -> bool:
        known = super().parse_request()
        self.hit = None
        return known

    def __getattr__(self, name: str):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        host = (self.headers.get("Host") or "").partition(":")[0]
        self.hit = Hit(self.command, host, self.path, self.headers.items(), body)
        with self.site.mutex:
            self.site.hits.append(self.hit)
        path = self.path.partition("?")[0]
        name = "get_" + path.strip("/").replace("/", "_").replace(".", "_").replace("-", "_")
        special = getattr(type(self), name, None)
        if self.command == "OPTIONS":
            self.send(204, None, extra=[("Access-Control-Allow-Methods", "PUT, POST, GET")])
        elif path in self.site.pages:
            self.send(200, HTML, self.site.linked(self.site.pages[path]).encode())
        elif path in self.site.files:
            kind, body = self.site.files[path]
            self.ranged(body, kind)
        elif path in self.site.answers:
            status, headers, body = self.site.answers[path]
            self.send(status, None, body, headers)
        elif special:
            special(self)
        else:
            self.default(path)

    def default(self, path: str) -> None:
        kind = path.rpartition(".")[2]
        if kind == "js":
            self.send(200, JS, b"/* " + filler(self.path, 900).hex().encode() + b" */")
        elif kind == "css":
            self.send(200, "text/css", b"/* " + filler(self.path, 500).hex().encode() + b" */")
        elif kind in {"bmp", "ico"}:
            self.send(200, "image/bmp", bmp())
        elif kind == "json":
            self.send(200, "application/json", json.dumps({"path": self.path}).encode())
        elif kind == "bin":
            self.send(200, "application/octet-stream", filler(self.path, 2008))
        else:
            self.send(404, "text/plain", b"there is no " + self.path.encode())

    def head(self, status: int, kind: str | None, extra: list[tuple[str, str]]) -> None:
        self.hit.status = status
        headers = [("Date", self.date_time_string()), ("X-Order", "first"), *extra]
        if kind:
            headers.append(("Content-Type", kind))
        headers += [
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Allow-Headers", "*"),
            ("X-Order", "last"),
        ]
        self.hit.sent_headers = headers
        lines = [f"HTTP/1.1 {status} {self.responses.get(status, ('Odd',))[0]}"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        self.wfile.flush()

    def send(self, status: int, kind: str | None, body: bytes = b"", extra=(), coded=None) -> None:
        wire = body if coded is None else coded
        length = [] if status in {204, 304} else [("Content-Length", str(len(wire)))]
        self.head(status, kind, [*extra, *length])
        self.hit.sent = body if self.command != "HEAD" else b""
        if self.command != "HEAD":
            self.wfile.write(wire)
            self.wfile.flush()
        self.hit.whole = True

    # --- odd answers -------------------------------------------------------------------------

    def get_hop1(self) -> None:
        self.send(302, "text/plain", b"moved", [("Location", "/hop2"), ("Set-Cookie", "hop=1")])

    def get_hop2(self) -> None:
        self.send(301, "text/plain", b"moved", [("Location", "/landed.json")])

    def get_moved(self) -> None:
        """`/moved?http://…`: a redirect to there."""
        self.send(302, None, extra=[("Location", self.path.partition("?")[2])])

    def get_chain(self) -> None:
        """`/chain?3`: so many redirects."""
        left = int(self.path.partition("?")[2])
        self.send(302, None, extra=[("Location", f"/chain?{left - 1}" if left else "/landed.json")])

    def get_gate(self) -> None:
        """Leads back to itself until its cookie comes along."""
        if "gate=1" in (self.headers.get("Cookie") or ""):
            self.send(200, "text/plain", b"through the gate")
        else:
            self.send(302, None, extra=[("Location", "/gate"), ("Set-Cookie", "gate=1; Path=/")])

    def get_check(self) -> None:
        """A page that gives a cookie and loads itself again; whoever has the cookie gets another page."""
        if "checked=1" in (self.headers.get("Cookie") or ""):
            self.send(200, HTML, b"<title>x</title><h1>the post itself</h1>")
        else:
            again = b"<script>document.cookie = 'checked=1'; location.reload()</script>"
            self.send(200, HTML, b"<title>x</title><h1>checking</h1>" + again)

    def get_count(self) -> None:
        """Another answer each time."""
        self.send(200, "text/plain", f"answer {len(self.site.hits_of('/count'))}".encode())

    def get_echo_json(self) -> None:
        """Says what it was asked: the method, and the body with its multipart boundary made plain."""
        kind = self.headers.get("Content-Type") or ""
        bound = kind.partition("boundary=")[2].encode() or b"----"
        body = self.hit.request_body.replace(bound, b"----").decode("latin-1")
        told = {"method": self.command, "kind": kind.partition(";")[0], "body": body}
        self.send(200, "application/json", json.dumps(told).encode())

    def get_picky_json(self) -> None:
        """Hangs up on whoever does not send a one."""
        if b"1" in self.hit.request_body:
            self.get_echo_json()
        else:
            self.close_connection = True

    def get_echo(self) -> None:
        self.send(200, HTML, b"<!doctype html><p>posted: " + self.hit.request_body + b"</p>")

    def get_jsonp(self) -> None:
        name = self.path.partition("callback=")[2].partition("&")[0]
        self.send(200, JS, f"{name}({{'said': 'called back'}})".encode())

    def get_ws(self) -> None:
        self.send(400, "text/plain", b"no sockets here")

    def get_nothing(self) -> None:
        self.send(204, None)

    def get_same(self) -> None:
        self.send(304, None, extra=[("ETag", '"same"')])

    def get_big(self) -> None:
        self.send(200, "application/octet-stream", filler("big", 20 << 20))

    def get_large(self) -> None:
        """`/large?60,image/bmp,3`: so many megabytes of a media type; what follows makes it unique."""
        size, _, rest = self.path.partition("?")[2].partition(",")
        kind = rest.partition(",")[0] or "application/octet-stream"
        self.hit.sent = b""  # not kept twice: it is `large(size)`
        self.head(200, kind, [("Content-Length", str(int(size) << 20))])
        self.wfile.write(large(int(size)))
        self.wfile.flush()
        self.hit.whole = True

    def get_bomb(self) -> None:
        """`/bomb?gzip,text/html`: four gigabytes that come as some megabytes or less."""
        coding, _, kind = self.path.partition("?")[2].partition(",")
        told = [("Content-Encoding", coding)]
        body = bomb(coding, 4096 if coding != "br" else 1024)
        self.send(200, kind or "text/plain", b"", told, body)

    def get_slow_head(self) -> None:
        """Half a head, and then a header letter by letter."""
        self.hit.status = 200
        self.wfile.write(b"HTTP/1.1 200 Fine\r\nContent-Type: text/html\r\nX-Long: ")
        while not self.site.stopping.wait(0.5):
            self.wfile.write(b"x")
            self.wfile.flush()

    def get_slow_body(self) -> None:
        """`/slow-body?text/html`: names its length and comes letter by letter."""
        kind = self.path.partition("?")[2].partition(",")[0]
        self.head(200, kind, [("Content-Length", "5000")])
        self.wfile.write(b"<p>The beginning of a long tale.")
        while not self.site.stopping.wait(0.5):
            self.wfile.write(b"x")
            self.wfile.flush()

    def get_cookies(self) -> None:
        pair = [("Set-Cookie", "one=1; Path=/"), ("Set-Cookie", "two=2; Path=/; HttpOnly")]
        self.send(200, "application/json", b"{}", pair)

    def get_gzipped(self) -> None:
        body = filler("gz", 300).hex().encode() * 20
        coded = gzip.compress(body)
        self.send(200, "text/plain", body, [("Content-Encoding", "gzip")], coded)

    def get_coded(self) -> None:
        """`/coded?br`: one of CODINGS; `twice` is gzip in gzip, `false` says gzip and is not."""
        name = self.path.partition("?")[2]
        body = filler(name, 300).hex().encode() * 20
        told, code = CODINGS[name]
        self.send(200, "text/plain", body, [("Content-Encoding", told)], code(body))

    def get_umlaut(self) -> None:
        """Bytes outside of ASCII, written here as one character each: Latin-1, UTF-8, windows-1252, and a mixture."""
        wide = "caf\u00e9 \u0436".encode().decode("latin-1")
        names = ("caf\u00e9 \u00ff", wide, "\u0080 \u0093x\u0094", f"{wide} \u00e9")
        self.send(200, "application/json", b"{}", [(f"X-Name-{n}", v) for n, v in enumerate(names)])

    def get_hints(self) -> None:
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </hinted.css>; rel=preload\r\n\r\n")
        self.send(200, "application/json", b'{"after":"hints"}')

    def get_early(self) -> None:
        """A page before which a hint names two styles: the page uses one of them."""
        links = ", ".join(
            f"</early-{each}.css>; rel=preload; as=style" for each in ("used", "unused")
        )
        self.wfile.write(f"HTTP/1.1 103 Early Hints\r\nLink: {links}\r\n\r\n".encode())
        self.send(
            200, HTML, b"<title>early</title><link rel=stylesheet href=/early-used.css><p>words</p>"
        )

    def get_chunked(self) -> None:
        self.head(200, "text/plain", [("Transfer-Encoding", "chunked")])
        for number in range(5):
            part = filler(f"chunk{number}", 1000)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.flush()
            self.hit.sent += part
            time.sleep(0.02)
        self.wfile.write(b"0\r\n\r\n")
        self.hit.whole = True

    def get_unsized_wav(self) -> None:
        """A sound of nine megabytes, of which a player takes a part; nothing says how long it is."""
        self.head(200, "audio/wav", [("Transfer-Encoding", "chunked")])
        data = wav(100)
        for start in range(0, len(data), 1 << 16):
            part = data[start : start + (1 << 16)]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def get_signed_mp4(self) -> None:
        """`/signed.mp4` leads to an address that is good for one request."""
        number = len(self.site.hits_of("/signed.mp4"))
        self.send(302, None, extra=[("Location", f"/once.mp4?sig={number}")])

    def get_once_mp4(self) -> None:
        if self.site.times(self.path) > 1:
            self.send(403, "text/plain", b"expired")
        else:
            self.ranged(filler("signed", 50_000), "video/mp4")

    def get_radio_wav(self) -> None:
        """A sound that goes on; nobody knows for how long."""
        self.endless("audio/wav", wav(100)[:4000], 0.02)

    def endless(self, kind: str, part: bytes, pause: float) -> None:
        self.head(200, kind, [("Transfer-Encoding", "chunked")])
        while not self.site.stopping.wait(pause):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.flush()
            self.hit.sent += part

    def get_events(self) -> None:
        self.endless("text/event-stream", b"data: a line\n\n", 0.1)

    def get_endless(self) -> None:
        self.endless("application/octet-stream", b"x" * 1000, 0.05)

    def get_drip_txt(self) -> None:
        self.endless("text/plain", b"drip " * 200, 0.1)

    def get_sticking_bmp(self) -> None:
        """A picture that names its length and stops halfway for good."""
        self.head(200, "image/bmp", [("Content-Length", "5000")])
        self.wfile.write(filler("bmp", 2000))
        self.wfile.flush()
        self.site.stopping.wait(60)

    def get_sticking(self) -> None:
        self.send(200, HTML, b"<title>x</title><p>A quay.</p><img src=/sticking.bmp>")

    def get_loop(self) -> None:
        self.send(302, None, extra=[("Location", "/loop")])

    def get_slow(self) -> None:
        self.site.stopping.wait(3)
        self.send(200, "text/plain", b"late")

    def get_slow_json(self) -> None:
        self.site.stopping.wait(3)
        self.send(200, "application/json", b'"late"')

    def get_stall(self) -> None:
        self.site.stopping.wait(120)

    def get_held(self) -> None:
        """`/held?name`: answered once `/said?name` has been asked for as often, or after HELD_SECONDS."""
        said, turn = self.path.replace("held", "said", 1), self.site.times(self.path)
        until = time.monotonic() + HELD_SECONDS
        while self.site.times(said) < turn and time.monotonic() < until:
            if self.site.stopping.wait(0.02):
                break
        self.send(200, "text/plain", b"held until all was said")

    def get_parts_bmp(self) -> None:
        """A picture in four parts, each in place of the one before; after the first one waits for `/said?parts`."""
        self.head(200, "multipart/x-mixed-replace; boundary=PART", [("Connection", "close")])
        parts = (
            b"--PART\r\nContent-Type: image/bmp\r\n\r\n" + bmp() + b"\r\n"
        ) * 4 + b"--PART--\r\n"
        for piece in (parts[:500], parts[500:]):  # the first one ends where the second is seen
            self.wfile.write(piece)
            self.wfile.flush()
            self.hit.sent += piece
            until = time.monotonic() + HELD_SECONDS
            while not self.site.times("/said?parts") and time.monotonic() < until:
                self.site.stopping.wait(0.02)
        self.close_connection = True

    def get_said(self) -> None:
        self.send(200, "text/plain", b"all is said")

    def get_cut(self) -> None:
        """Promises 5,000 bytes, sends 2,000 and hangs up."""
        self.head(200, "application/octet-stream", [("Content-Length", "5000")])
        self.hit.sent = filler("cut", 2000)
        self.wfile.write(self.hit.sent)
        self.wfile.flush()
        self.close_connection = True

    def get_broken_off(self) -> None:
        """A page that hangs up before its second half."""
        self.head(200, HTML, [("Content-Length", "5000")])
        self.wfile.write(b"<!doctype html><title>tale</title><p>He said:</p>")
        self.wfile.flush()
        self.close_connection = True

    def ranged(self, body: bytes, kind: str, most: int = 1 << 40) -> None:
        """Answers a range with at most `most` bytes of it, as players' servers do."""
        wanted = self.headers.get("Range")
        if not wanted:
            self.send(200, kind, body, [("Accept-Ranges", "bytes")])
            return
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start = int(first)
        end = min(int(last or len(body) - 1), len(body) - 1, start + most - 1)
        extra = [("Accept-Ranges", "bytes"), ("Content-Range", f"bytes {start}-{end}/{len(body)}")]
        self.send(206, kind, body[start : end + 1], extra)

    def get_tone_wav(self) -> None:
        self.ranged(wav(3), "audio/wav")

    def get_long_wav(self) -> None:
        self.ranged(wav(40), "audio/wav")

    def get_parts_wav(self) -> None:
        self.ranged(wav(40), "audio/wav", 1 << 20)

    # --- the torture page ----------------------------------------------------------------------

    def get_torture(self) -> None:
        self.send(200, HTML, self.site.linked(TORTURE).encode())

    def get_frame(self) -> None:
        depth = int(self.path.partition("depth=")[2].partition("&")[0] or 0)
        inner = ""
        if depth < 3:
            host = "bcd"[depth]
            inner = (
                f'<iframe src="{self.site.url(f"/frame?depth={depth + 1}", f"{host}.localhost")}">'
            )
            inner += "</iframe>"
        page = f"""<!doctype html><title>frame {depth}</title><p>frame text {depth}</p>
<link rel=stylesheet href="/frame{depth}.css"><img src="/frame{depth}.bmp">
<script src="/frame{depth}.js"></script>
<script>fetch('/frame{depth}.json').then(r => r.text())</script>{inner}"""
        self.send(200, HTML, page.encode(), [("Set-Cookie", f"frame{depth}=1; Path=/")])

    def get_worker_js(self) -> None:
        code = """importScripts('/imported.js');
const nested = new Worker('/nested.js');
nested.onmessage = e => fetch('/worker.json').then(r => r.text()).then(postMessage);"""
        self.send(200, JS, code.encode())

    def get_asks_js(self) -> None:
        code = b"onconnect = () => 0; fetch('/large?20,text/plain').then(r => r.arrayBuffer())"
        self.send(200, JS, code)

    def get_passes_js(self) -> None:
        code = b"""self.addEventListener('install', () => skipWaiting());
self.addEventListener('activate', e => e.waitUntil(clients.claim()));
self.addEventListener('fetch', e => { if (e.request.url.includes('/large')) e.respondWith(fetch(e.request)) });"""
        self.send(200, JS, code)

    def get_nested_js(self) -> None:
        self.send(200, JS, b"fetch('/nested.json').then(r => r.text()).then(postMessage);")

    def get_shared_js(self) -> None:
        code = b"""const early = fetch('/shared.json').then(r => r.text());
onconnect = e => early.then(t => e.ports[0].postMessage(t));"""
        self.send(200, JS, code)

    def get_sw_js(self) -> None:
        code = b"""importScripts('/swimported.js');
self.addEventListener('install', e => e.waitUntil(fetch('/install.json').then(() => skipWaiting())));
self.addEventListener('activate', e => e.waitUntil(clients.claim()));
self.addEventListener('fetch', e => {
  if (e.request.url.includes('/made')) e.respondWith(new Response('made by the worker'));
  else if (e.request.url.includes('/through')) e.respondWith(fetch('/origin.json'));
});"""
        self.send(200, JS, code)

    def get_popup(self) -> None:
        page = b"""<!doctype html><title>popup</title><script src="/popup.js"></script>
<script>fetch('/popup.json').then(r => r.text())</script>"""
        self.send(200, HTML, page, [("Set-Cookie", "popup=1; Path=/")])


TORTURE = """<!doctype html><html><head><title>Torture</title>
<link rel="stylesheet" href="/style.css"><link rel="preload" href="/preload.js" as="script">
<link rel="prefetch" href="/prefetch.js"><script src="/plain.js"></script></head><body>
<p>The visible text</p><img src="/picture.bmp"><img src="/missing.png">
<iframe src="http://b.localhost:PORT/frame?depth=1"></iframe>
<iframe srcdoc="<img src='http://a.localhost:PORT/srcdoc.bmp'>"></iframe>
<iframe name="posted"></iframe>
<form id="form" method="post" action="/form.json" target="posted"><input name="q" value="1"></form>
<script type="module" src="/module.js"></script>
<audio id="tone" src="/tone.wav" preload="auto" muted></audio>
<script>
const text = (path, options) => fetch(path, options).then(r => r.text()).catch(e => String(e));
const message = target => new Promise(done => { target.onmessage = e => done(e.data); });
async function all() {
  const jobs = [
    text('/hop1'), text('/nothing'), text('/cookies'), text('/gzipped'), text('/chunked'),
    text('/umlaut'), text('/hints'), text('/same', {headers: {'If-None-Match': '"same"'}}),
    text('/posted.json', {method: 'POST', body: 'a=1&b=2'}),
    text('/posted2.json', {method: 'POST', body: new Blob(['from a blob'])}),
    text('http://e.localhost:PORT/put.json', {method: 'PUT', headers: {'X-Own': 'y'}, body: 'put body'}),
    text('/head.json', {method: 'HEAD'}), text('/nostore.bin', {cache: 'no-store'}),
    fetch('/blob.bin').then(r => r.blob()), text('/cut'), text('/big'),
    fetch('/part.wav', {headers: {Range: 'bytes=0-99'}}).then(r => r.arrayBuffer()),
    message(new Worker('/worker.js')), message(new SharedWorker('/shared.js').port),
  ];
  const stop = new AbortController();
  text('/stall', {signal: stop.signal});
  const reading = new AbortController();
  fetch('/endless?abort', {signal: reading.signal}).then(r => r.body.getReader().read()).catch(() => 0)
    .then(() => reading.abort());
  let count = 0;
  const events = new EventSource('/events');
  jobs.push(new Promise(done => { events.onmessage = () => { if (++count == 3) done(); }; }));
  const registration = await navigator.serviceWorker.register('/sw.js');
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise(r => setTimeout(r, 20));
  jobs.push(text('/made.json'), text('/through.json'), text('/passed.json'));
  document.getElementById('form').submit();
  // A popup opened while frames still load can leave them unfinished for good, recorder or not.
  while (document.readyState != 'complete') await new Promise(r => setTimeout(r, 20));
  window.open('http://f.localhost:PORT/popup');
  await Promise.all(jobs);
  events.close(); stop.abort();
  navigator.sendBeacon('/beacon.json', 'beacon body');
  fetch('/keepalive.json', {method: 'POST', body: 'alive', keepalive: true});
  await text('/after.json');
  document.title = 'done';
}
all();
</script></body></html>"""
