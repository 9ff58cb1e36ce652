"""What the viewer's servers answer: the list and its snapshots, the replay and its packages."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

from archiver.clock import timestamp14
from archiver.errors import ArchiveDamaged
from archiver.viewer.captured import picture
from archiver.viewer.find import FILES
from archiver.viewer.instead import Instead
from archiver.viewer.listing import guard, list_page, replay_page, style
from archiver.viewer.packages import Package
from archiver.viewer.serve import Bytes, Reply
from archiver.viewer.shown import Shown, gathered

LIST_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SNAPSHOT_POLICY = "default-src 'none'; sandbox"
STAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; "
    "frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-scripts allow-same-origin allow-forms"
)
"""For the page that holds the replay; the archived pages get ReplayWeb.page's own policy on top."""
SNAPSHOTS = ("post", "view", "fullPage", "thumbnail", "text")
INSTEAD = {"post": "view", "fullPage": "view"}
"""Taken where the first is not there: of a page no larger than the window there is no picture of all."""
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
SCRIPTS = ("/ui.js", "/sw.js", "/replay/ui.js", "/replay/sw.js")
FRAME = """<!doctype html><title>Replay</title>
<script src="/ui.js"></script><replay-app-main></replay-app-main>"""
"""What stands in the frame of the replay until its service worker answers in our place."""
_SNAPSHOT = re.compile(r"/snapshot/([^/]+)/([^/]+)/(\w+)")
_REPLAY = re.compile(r"/open/([^/]+)/([^/]+)")
_PACKAGE = re.compile(r"/packages/([^/]+)\.wacz")


class Desk:
    """Answers the requests of the list."""

    def __init__(
        self, title: str, packages: Sequence[Package], captures: Sequence[Shown], said: str
    ) -> None:
        self._title = title
        self._said = said
        self._packages = {package.name: package for package in packages}
        self._subjects = gathered(captures)
        self._instead = Instead(captures)
        self._prefix = ""
        self._by_timestamp = False

    def link(self, prefix: str, *, by_timestamp: bool = False) -> None:
        """Where the replay is: captures by package and name, or as pywb has it by instant and URL."""
        self._prefix = prefix
        self._by_timestamp = by_timestamp

    def __call__(self, path: str, query: str) -> Reply | None:
        """The answer to a GET."""
        if path == "/":
            return self._list(query)
        if path == "/style.css":
            return Reply("text/css; charset=utf-8", Bytes(style()))
        if path == "/instead":
            return self._instead(query)
        if match := _SNAPSHOT.fullmatch(path):
            return self._snapshot(unquote(match[1]), unquote(match[2]), match[3])
        return None

    def address(self, one: Shown) -> str | None:
        """Where a capture is replayed; None when no page was received."""
        if one.page_url is None or one.page_at is None:
            return None
        if self._by_timestamp:
            return f"{self._prefix}/{timestamp14(one.page_at)}/{one.page_url}"
        return f"{self._prefix}/{quote(one.package, safe='')}/{quote(one.capture_id, safe='')}"

    def _list(self, query: str) -> Reply:
        asked = parse_qs(query)
        page = asked.get("page", ["1"])[0]
        html = list_page(
            self._title,
            self._subjects,
            self.address,
            self._said,
            wanted=asked.get("status", [""])[0],
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
        )
        return _html(html, LIST_POLICY)

    def _snapshot(self, package: str, capture_id: str, role: str) -> Reply | None:
        if role not in SNAPSHOTS or package not in self._packages:
            return None
        try:
            data = picture(self._packages[package], capture_id, role)
            if data is None and role in INSTEAD:
                data = picture(self._packages[package], capture_id, INSTEAD[role])
        except (ArchiveDamaged, OSError):
            return None
        policy = {"Content-Security-Policy": SNAPSHOT_POLICY}
        return Reply(_kind(data), Bytes(data), policy) if data is not None else None


class Stage:
    """Answers the requests of the replay by ReplayWeb.page, whose files lie in `folder`."""

    def __init__(
        self, folder: Path, packages: Sequence[Package], captures: Sequence[Shown], desk: str
    ) -> None:
        self._files: Mapping[str, bytes] = {name: (folder / name).read_bytes() for name in FILES}
        self._packages = {package.name: package for package in packages}
        self._captures = {(one.package, one.capture_id): one for one in captures}
        self._instead = Instead(captures)
        self._desk = desk

    def __call__(self, path: str, query: str) -> Reply | None:
        """The answer to a GET."""
        if path == "/style.css":
            return Reply("text/css; charset=utf-8", Bytes(style()))
        if path in SCRIPTS:
            return self._script(path.rpartition("/")[2])
        if path == "/instead":
            return self._instead(query)
        if path == "/replay/":
            return _html(FRAME, STAGE_POLICY)
        if match := _PACKAGE.fullmatch(path):
            package = self._packages.get(unquote(match[1]))
            return Reply("application/wacz", package.wacz) if package else None
        if match := _REPLAY.fullmatch(path):
            return self._open(unquote(match[1]), unquote(match[2]))
        return None

    def _script(self, name: str) -> Reply:
        """A file of ReplayWeb.page; the service worker may fetch from here and from nowhere else."""
        policy = "default-src 'self' 'unsafe-eval' 'unsafe-inline' data: blob:"
        data = Bytes((guard() if name == "sw.js" else b"") + self._files[name])
        return Reply("text/javascript", data, {"Content-Security-Policy": policy})

    def _open(self, package: str, capture_id: str) -> Reply | None:
        one = self._captures.get((package, capture_id))
        if one is None or one.page_url is None or one.page_at is None:
            return None
        source = f"/packages/{quote(package, safe='')}.wacz"
        return _html(replay_page(one, source, self._desk), STAGE_POLICY)


def _kind(data: bytes) -> str:
    """What a snapshot is, by its first bytes: a picture, or else plain text whatever it says it is."""
    kinds = (kind for begin, kind in PICTURES.items() if data.startswith(begin))
    return next(kinds, "text/plain; charset=utf-8")


def _html(page: str, policy: str) -> Reply:
    body = Bytes(page.encode("utf-8", "replace"))
    return Reply("text/html; charset=utf-8", body, {"Content-Security-Policy": policy})
