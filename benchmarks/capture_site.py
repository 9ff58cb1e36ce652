"""The site of the capture benchmark: posts of nine resources, about 3.5 MB each, on loopback.

A post is HTML of 27 KB, two scripts of 100 KB and a style sheet of 29 KB (the same in all posts, sent
with gzip), three pictures of about 102 KB, a video of 3 MB (a sound of that size where no ffmpeg is
there to make one; the range of a request is answered) and a JSON answer. What is not shared differs from
post to post. `/heavy/N` asks for a body of 60 MB besides. Most of the HTML is the page's state
as JSON, and the post is drawn about 600 by 1,000 pixels large, as embed views are. Every byte written to a
socket is counted.
"""

import gzip
import io
import json
import random
import shutil
import struct
import subprocess
import threading
import wave
import zlib
from contextlib import suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

RESOURCES = 9
HEAVY = 60 << 20

PAGE = """<!doctype html><html lang=en><head><meta charset=utf-8><title>Post {n}</title>
<link rel=stylesheet href=/shared/style.css><script src=/shared/one.js defer></script>
<script src=/shared/two.js defer></script></head><body>
<article style="width:600px;margin:20px"><h1>Post {n}</h1><p id=told></p>
<img src=/picture/{n}-1.png><img src=/picture/{n}-2.png><img src=/picture/{n}-3.png>
<video id=film src=/film/{n}.mp4 muted preload=auto width=480 height=270></video></article>
<script type=application/json>{words}</script>
<script>
const film = document.getElementById('film');
const told = fetch('/api/{n}.json').then(r => r.json()).then(j => document.getElementById('told').textContent = j.text);
const ready = new Promise(done => {{
  film.oncanplaythrough = film.onerror = done; setTimeout(done, 4000);
  if (film.readyState == 4) done();
}});
const loaded = new Promise(done => onload = done);
const heavy = {heavy} ? fetch('/big/{n}.bin').then(r => r.arrayBuffer()) : 0;
Promise.all([told, ready, loaded, heavy]).then(() => window.ready = true);
</script></body></html>"""


def words(name: str, size: int) -> str:
    """Text of about `size` bytes that compresses as text does."""
    chance = random.Random(name)
    known = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(900)]
    return " ".join(chance.choices(known, k=size // 6))


def picture(name: str) -> bytes:
    """A PNG of noise, 220 by 155 pixels, about 102 KB."""
    noise = random.Random(name).randbytes(220 * 3 * 155)
    rows = b"".join(b"\0" + noise[n * 660 : n * 660 + 660] for n in range(155))

    def part(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = part(b"IHDR", struct.pack(">IIBBBBB", 220, 155, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(rows, 1)) + part(b"IEND", b"")


@cache
def film() -> tuple[str, bytes]:
    """Media type and bytes of the video."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        sound = io.BytesIO()
        with wave.open(sound, "wb") as out:
            out.setparams((1, 2, 44100, 0, "NONE", ""))
            out.writeframes(random.Random("film").randbytes(3 << 20))
        return "audio/wav", sound.getvalue()
    with TemporaryDirectory() as folder:
        made = Path(folder) / "film.mp4"
        source = "testsrc2=size=640x360:rate=25,noise=alls=20:allf=t"
        subprocess.run(
            [ffmpeg, "-v", "error", "-f", "lavfi", "-i", source, "-t", "10", "-c:v", "libx264",
             "-b:v", "2400k", "-maxrate", "2400k", "-bufsize", "2400k", "-pix_fmt", "yuv420p",
             "-movflags", "+faststart", str(made)], check=True,
        )  # fmt: skip
        return "video/mp4", made.read_bytes()


@cache
def shared(name: str) -> bytes:
    """One of the resources that all posts have in common."""
    if name.endswith("css"):
        return "".join(
            f".c{n} {{ margin: {n % 7}px; color: #{n:06x} }}\n" for n in range(800)
        ).encode()
    lines = (f"function {name[:3]}{n}(a) {{ return '{w}' + a * {n}; }}" for n, w in
             enumerate(words(name, 18_000).split()))  # fmt: skip
    return "\n".join(lines).encode()[:100_000].rpartition(b"\n")[0]


@cache
def heavy() -> bytes:
    return random.Random("heavy").randbytes(HEAVY)


def content(path: str) -> tuple[str, bytes] | None:
    """Media type and body of an address."""
    _, kind, name = path.split("/", 2)
    if kind in {"post", "heavy"}:
        page = PAGE.format(
            n=name,
            words=json.dumps(words(f"{name}-state", 25_000)),
            heavy="true" if kind == "heavy" else "false",
        )
        return "text/html; charset=utf-8", page.encode()
    if kind == "shared":
        return ("text/css" if name.endswith("css") else "text/javascript"), shared(name)
    if kind == "picture":
        return "image/png", picture(name)
    if kind == "film":
        media_type, data = film()
        return media_type, data + struct.pack(">I4s8s", 16, b"free", name[:8].rjust(8).encode())
    if kind == "api":
        return "application/json", json.dumps({"post": name, "text": words(name, 600)}).encode()
    return ("application/octet-stream", heavy()) if kind == "big" else None


class Site:
    """The server, a context manager; `wire` counts the bytes it sent, `asked` the requests."""

    def __init__(self) -> None:
        self.wire = 0
        self.asked = 0
        self._mutex = threading.Lock()
        outer = self

        class Handler(_Handler):
            site = outer

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def count(self, size: int) -> None:
        with self._mutex:
            self.wire += size
            self.asked += 1

    def __enter__(self) -> "Site":
        film(), shared("one.js"), shared("two.js"), shared("style.css")
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        found = None if self.path == "/favicon.ico" else content(self.path)
        media_type, body = found or ("text/plain", b"nothing here")
        status, extra = (200 if found else 404), ""
        if self.path.startswith("/shared/"):
            body, extra = gzip.compress(body, 6), "Content-Encoding: gzip\r\n"
        wanted = self.headers.get("Range")
        if wanted and self.path.startswith("/film/"):
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, end = int(first), min(int(last or len(body) - 1), len(body) - 1)
            extra = f"Accept-Ranges: bytes\r\nContent-Range: bytes {start}-{end}/{len(body)}\r\n"
            status, body = 206, body[start : end + 1]
        head = (
            f"HTTP/1.1 {status} OK\r\nDate: {self.date_time_string()}\r\nServer: bench\r\n"
            f"Content-Type: {media_type}\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
        ).encode()
        self.site.count(len(head) + len(body))
        try:
            self.wfile.write(head + body)
        except OSError:
            self.close_connection = True
