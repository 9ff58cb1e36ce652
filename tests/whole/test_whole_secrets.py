"""Secrets planted everywhere: afterwards they are found nowhere, in no spelling, and each removal is listed.

A run with a proxy that asks for a password, a login state, a health check and a time-stamping authority whose
addresses hold tokens, over pages that put secrets into addresses, headers, redirects, requests, sockets and storage.
"""

import base64
import gzip
import html
import json
import os
import re
import socket
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from lantern import CLOSED, SECRETS, Everything, Lantern, storage_state, url_of
from loopback import Asked, Proxy, Web, http, moved
from whole import archiver

pytestmark = pytest.mark.browser

PASSWORD, USER = "pl4nted-pr0xy-pass/1", "pl4nted-user-2"
PING, STAMP, SEED = "pl4nted-ping-3c9f", "pl4nted-stamp-4d17", "pl4nted-seed-5e28"
PARAMETER, FORM, DEEP = "pl4nted-param-6f39", "pl4nted-form-7a4b", "pl4nted-json-8b5c"
ONWARD, TICKET, SET, BEARER = (
    "pl4nted-onward-9c6d", "pl4nted-socket-0d7e", "pl4nted-cookie-1e8f", "pl4nted-bearer-2f90",
)  # fmt: skip
PLANTED = (
    PASSWORD,
    USER,
    PING,
    STAMP,
    SEED,
    PARAMETER,
    FORM,
    DEEP,
    ONWARD,
    TICKET,
    SET,
    BEARER,
    *SECRETS,
)
PAGE = f"http://plain.example/page?access_token={SEED}"


def written(secret: str) -> str:
    """A secret in a script, so that the page's own text does not hold it."""
    return f"[...'{secret[::-1]}'].reverse().join('')"


SCRIPT = f"""<!doctype html><title>A page</title><p>A page that handles secrets</p><script>
  const known = {{headers: {{'Authorization': 'Bearer ' + {written(BEARER)}}}}};
  fetch('/data?n=1&access_token=' + {written(PARAMETER)}, known);
  fetch('/form', {{method: 'POST', body: new URLSearchParams({{a: '1', password: {written(FORM)}}})}});
  fetch('/json', {{method: 'POST', headers: {{'Content-Type': 'application/json'}},
    body: JSON.stringify({{deep: [{{id_token: {written(DEEP)}}}]}})}});
  fetch('/leads');
  try {{ new WebSocket('ws://plain.example/socket?session_id=' + {written(TICKET)}); }} catch (error) {{}}
  localStorage.setItem('kept', {written(PARAMETER)});
</script>"""


def answer(asked: Asked, _link: socket.socket) -> bytes:
    """The plain pages: the page itself, what it asks for, the health check, the authority."""
    path = asked.target.partition("?")[0]
    if path == "/page":
        cookie = ("Set-Cookie", f"sid={SET}; HttpOnly")
        return http(SCRIPT, 200, "OK", ("Content-Type", "text/html"), cookie)
    if path == "/leads":
        return moved(f"/there?n=2#id_token={ONWARD}")
    if path.startswith("/tsa"):
        return http("closed", 503, "Closed")
    return http('{"fine": true}', 200, "OK", ("Content-Type", "application/json"))


class Watched(threading.Thread):
    """What the process list showed of a program and all its children while it ran.

    A child that has not begun its own program yet (vfork) shows the line and the environment of its parent.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.seen, self.own, self.ended = pid, set[bytes](), b"", threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.05):
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    stat = (folder / "stat").read_text().rpartition(")")[2].split()
                    line = (folder / "cmdline").read_bytes()
                    inner = (folder / "environ").read_bytes()
                except (OSError, IndexError):
                    continue
                if int(folder.name) == self.pid:
                    self.own = line  # its environment is what it was started with
                elif line != self.own and (int(stat[3]) == self.pid or self._below(int(stat[1]))):
                    self.seen |= {line, inner}

    def _below(self, parent: int) -> bool:
        for _ in range(20):
            if parent == self.pid:
                return True
            try:
                stat = Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                return False
            parent = int(stat[1])
            if parent <= 1:
                return False
        return False


class Done:
    """The run: what it said, its folders, and what was seen of its processes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.archive = folder, folder / "a"
        with Lantern(folder / "lantern") as lantern, Web() as plain:
            plain.routes = Everything(answer)
            place = lambda host, port: plain.address if port == 80 else lantern.web.address  # noqa: E731
            with Proxy(place, auth=f"{USER}:{PASSWORD}") as proxy:
                self.call(lantern, proxy)
            self.asked = list(plain.hits)

    def call(self, lantern: Lantern, proxy: Proxy) -> None:
        state = self.folder / "private" / "state.json"
        state.write_text(json.dumps(storage_state()))
        state.chmod(0o600)
        address = f"http://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{proxy.port}"
        command = [
            sys.executable, "-m", "archiver", "-v", "--archive", self.archive, "--proxy", address,
            "--ca-file", lantern.ca_file, "--log-file", self.folder / "log.jsonl", "capture",
            url_of(CLOSED), PAGE, "--storage-state", state, "--timeout", "60s",
            "--healthcheck", f"http://hc.example/ping/{PING}", "--tsa", f"http://tsa.example/tsa?key={STAMP}",
            "--metrics", self.folder / "archiver.prom",
        ]  # fmt: skip
        environment = {
            **os.environ, "ARCHIVER_ALLOW_NO_SANDBOX": "1", "TMPDIR": str(self.folder / "tmp"),
        }  # fmt: skip
        running = subprocess.Popen(
            list(map(str, command)), env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.watched = Watched(running.pid)
        self.watched.start()
        self.out, self.err = running.communicate(timeout=240)
        self.watched.ended.set()
        self.watched.join()
        self.code = running.returncode

    def manifests(self) -> list[dict[str, object]]:
        paths = self.archive.glob("runs/*/*/*/*/manifests/*.json")
        return [json.loads(path.read_bytes()) for path in paths]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("secrets")
    for name in ("lantern", "private", "tmp"):
        (folder / name).mkdir()
    return Done(folder)


def everything(done: Done) -> Iterator[tuple[str, bytes]]:
    """All that the run left or said: files, file names, members of gzip files, bodies in them, output."""
    yield "stdout", done.out
    yield "stderr", done.err
    for number, seen in enumerate(done.watched.seen):
        yield f"process {number}", seen
    yield "command line", done.watched.own
    for path in done.folder.rglob("*"):
        yield "file name", str(path.relative_to(done.folder)).encode()
        if path.is_file() and not {"private", "lantern"} & set(path.parts):
            data = path.read_bytes()
            yield path.name, data
            if data[:2] == b"\x1f\x8b":
                plain = gzip.decompress(data)
                yield f"{path.name}, decompressed", plain
                for match in re.finditer(rb"\x1f\x8b\x08", plain):
                    inner = zlib.decompressobj(31)
                    yield f"{path.name}, inner", _tried(inner, plain[match.start() :])


def _tried(inner: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return inner.decompress(data)
    except zlib.error:
        return b""


def spellings(secret: str) -> Iterator[bytes]:
    """Written apart from the program's own."""
    quoted = quote(secret, safe="")
    texts = {secret, quoted, quoted.lower(), quote(quoted, safe=""), html.escape(secret)}
    texts |= {json.dumps(secret)[1:-1], secret.replace("/", "\\/"), secret[::1]}
    raw = secret.encode()
    yield from (text.encode() for text in texts)
    yield from (raw.hex().encode(), raw.hex().upper().encode())
    for pad in (b"", b"x", b"xx"):  # the part of Base64 that is the secret's alone
        coded = base64.b64encode(pad + raw)
        start, cut = {0: 0, 1: 2, 2: 3}[len(pad)], -4 if (len(pad) + len(raw)) % 3 else None
        yield coded[start:cut]
        yield coded[start:cut].translate(bytes.maketrans(b"+/", b"-_"))


def test_the_secrets_were_used(done: Done) -> None:
    """Otherwise nothing is shown by not finding them."""
    asked = {hit.target.partition("?")[0]: hit for hit in done.asked}
    assert SEED in asked["/page"].target and PARAMETER in asked["/data"].target
    assert BEARER in (asked["/data"].header("authorization") or "")
    assert FORM.encode() in asked["/form"].body and DEEP.encode() in asked["/json"].body
    assert SET in (asked["/data"].header("cookie") or "")
    assert TICKET in asked["/socket"].target and STAMP in asked["/tsa"].target
    assert {f"/ping/{PING}/start", f"/ping/{PING}/{done.code}"} <= asked.keys()
    assert done.code == 1 and b"no time stamp of tsa.example yet" in done.out + done.err


def test_no_secret_is_found_anywhere(done: Done) -> None:
    found = [
        f"{form.decode()} in {name}"
        for name, data in everything(done)
        for secret in PLANTED
        for form in spellings(secret)
        if form in data
        and (name, secret) != ("command line", SEED)  # what the user typed as an argument
    ]
    assert found == [], "\n".join(found)


def test_the_page_is_known_without_its_secret(done: Done) -> None:
    listed = archiver("--archive", done.archive, "list", "--json").stdout.splitlines()
    targets = {json.loads(line)["url"]: json.loads(line)["status"] for line in listed}
    assert targets[PAGE.replace(SEED, "redacted")] == "captured"
    assert targets[url_of(CLOSED)] == "captured"


def test_every_removal_is_listed(done: Done) -> None:
    (page,) = [m for m in done.manifests() if str(m["target"]).startswith("web:")]
    listed = {(one["header"], one["rule"]) for one in page["redactions"]}  # type: ignore[attr-defined]
    assert {
        ("url access_token", "name"), ("referer", "name"), ("body password", "name"),
        ("body id_token", "name"), ("location", "name"), ("set-cookie", "cookie"),
        ("cookie", "cookie"), ("authorization", "authorization"),
    } <= listed  # fmt: skip
    records = {record["id"] for record in page["records"]}  # type: ignore[attr-defined]
    assert all(one["record_id"] in records for one in page["redactions"])  # type: ignore[attr-defined]


def test_what_was_written_is_whole_and_nothing_is_left_behind(done: Done) -> None:
    said = archiver("--archive", done.archive, "verify")
    assert said.returncode == 0, said.stdout
    assert list((done.folder / "tmp").iterdir()) == []
