"""Replay by pywb: its program, started on 127.0.0.1 with an index of all packages.

pywb answers archived pages with a policy of its own that keeps them from loading the live web. Where its program is a
script of Python, which it is unless somebody wrapped it, a guard stands in front of it: it refuses requests that name
another host, and the answers of other addresses or other bodies that the desk refuses.
"""

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from archiver.errors import ArchiverError
from archiver.sorting import sorted_lines
from archiver.viewer.indexes import index_lines
from archiver.viewer.packages import Folder, Package, reading
from archiver.viewer.serve import LOOPBACK

NAME = "archive"
START_LIMIT = 60.0
GUARD = r"""
import hashlib, io, re, sys, urllib.error, urllib.parse, urllib.request
from pywb.apps import cli

HOSTS, DESK = sys.argv[1].split(","), sys.argv[2]
REPLAYED = re.compile(r"/\d{14}[a-z]{2}_/(https?://.*)$")
TEXT = [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]


def replayed(address):
    found = REPLAYED.search(address)
    return found[1].partition("#")[0] if found else ""


def digest(data):
    return hashlib.sha256(data).hexdigest()


def refused(**question):
    query = urllib.parse.urlencode(question)
    try:
        urllib.request.urlopen(f"{DESK}/instead?{query}", timeout=20).close()
    except urllib.error.HTTPError as error:
        return error.read()


def sent(environ):
    data = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(data)
    return data


def close(body):
    if hasattr(body, "close"):
        body.close()


def whole(body):
    try:
        return b"".join(body)
    finally:
        close(body)


class Guarded(cli.WaybackCli):
    def load(self):
        inner = super().load()

        def guarded(environ, start_response):
            if environ.get("HTTP_HOST") not in HOSTS:
                start_response("421 Misdirected Request", TEXT)
                return [b"421 Misdirected Request"]
            method, asked = environ["REQUEST_METHOD"], replayed(environ["REQUEST_URI"])
            if not asked or method in ("HEAD", "OPTIONS"):
                return inner(environ, start_response)
            posted = digest(sent(environ)) if method != "GET" else ""
            answer = []

            def take(status, headers, *more):
                "".join(map("".join, headers)).encode("latin-1")  # or pywb mends them, as it does for a server
                answer[:] = status, headers, *more

            body = inner(environ, take)
            given = dict((name.lower(), value) for name, value in answer[1]).get("content-location", "")
            question = {"asked": asked, "given": replayed(given)}
            if question["given"] == asked:
                question["given"] = ""
            if method != "GET":
                body = [whole(body)]
                got = "" if answer[0].startswith("3") else digest(body[0])
                question.update(method=method, sent=posted, got=got)
            why = refused(**question) if method != "GET" or question["given"] else None
            if why is None:
                start_response(*answer)
                return body
            close(body)
            start_response("404 Not Found", TEXT)
            return [why]

        return guarded


Guarded(sys.argv[3:]).run()
"""
"""Run by pywb's own Python, with the hosts that it answers to, the desk's address, and pywb's arguments."""


@contextmanager
def replayed_by_pywb(
    program: Path, packages: Sequence[Package], desk: str, port: int = 0
) -> Iterator[str]:
    """Run pywb over the packages while the context is open; gives the address of their replay. `desk` is the
    address of the list, which is asked what pywb may show.

    WARC files of WACZ files are unpacked to a folder of their own for as long. Raises ArchiverError when
    pywb does not start.
    """
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="archiver-view-") as name:
        home = Path(name)
        _write_index(home, packages)
        _write_paths(home, packages)
        _write_config(home)
        command = [*_guarded(program, desk, port), "-p", str(port), "-b", LOOPBACK]
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=home, stdout=log, stderr=log)
        try:
            _wait_for(process, port, home / "log")
            yield f"http://{LOOPBACK}:{port}/{NAME}"
        finally:
            _end(process)


def _guarded(program: Path, desk: str, port: int) -> list[str]:
    """The command that starts pywb behind its guard; the program as it is where it is no script of Python."""
    with program.open("rb") as file:
        first = file.readline(500).decode("utf-8", "replace")
    words = first.removeprefix("#!").split() if first.startswith("#!") else []
    if not words or not Path(words[-1]).name.startswith("python"):
        return [str(program)]
    return [*words, "-c", GUARD, f"{LOOPBACK}:{port},localhost:{port}", desk]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _write_index(home: Path, packages: Sequence[Package]) -> None:
    """One index of all, sorted; one package is open at a time, and there may be thousands."""
    with (home / "index.cdxj").open("wb") as merged:
        found = (line for package in packages for line in index_lines(package))
        merged.writelines(sorted_lines(found, home))


def _write_paths(home: Path, packages: Sequence[Package]) -> None:
    """Where each WARC file lies, in the form of pywb's path index: name, tab, path; sorted."""
    lines = []
    for number, package in enumerate(packages):
        for name in package.names:
            folder, _, file = name.rpartition("/")
            if folder == "archive" and file.isprintable():
                lines.append(f"{file}\t{_on_disk(home / str(number), package, name)}\n")
    (home / "paths.txt").write_text("".join(sorted(lines)), encoding="utf-8")


def _on_disk(folder: Path, package: Package, name: str) -> Path:
    if isinstance(package, Folder):
        return (package.path / name).absolute()
    folder.mkdir(exist_ok=True)
    target = folder / f"{len(list(folder.iterdir()))}.warc.gz"
    with reading(package, name) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    return target


def _write_config(home: Path) -> None:
    """The settings of pywb; JSON is YAML too."""
    config = {
        "framed_replay": True,
        "enable_auto_fetch": False,
        "collections": {
            NAME: {
                "index": str(home / "index.cdxj"),
                "archive_paths": str(home / "paths.txt"),
            }
        },
    }
    (home / "config.yaml").write_bytes(msgspec.json.encode(config))


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
            return
        time.sleep(0.1)
    said = log.read_text("utf-8", "replace").strip().splitlines()
    raise ArchiverError(f"pywb did not start: {said[-1] if said else 'it said nothing'}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
