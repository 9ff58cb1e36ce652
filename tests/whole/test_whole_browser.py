"""A run whose browser is not to be had ends with exit code 6; what it had received by then is kept and signed."""

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from lantern import GONE, HOST, HTML, OLD, OPEN, Lantern, page, url_of
from loopback import Asked, http
from whole import archiver, records

from archiver.capture.chromium import find_chromium

pytestmark = pytest.mark.browser
ARTICLE = f"https://{OLD}/an-article"
WAITING = f"https://{OLD}/waiting"
EMBED = f"{url_of(OPEN)}/embed"


class Deadly(Lantern):
    """The browser is killed once both pages have been drawn as far as they come; `pid` is the file that holds
    its process."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.pid = folder / "pid"
        self._waiting, self._over = threading.Event(), threading.Event()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        super().__exit__()

    def answer(self, asked: Asked) -> bytes:
        if asked.target == "/waiting":
            return http("<p>half of it</p><img src=/never>", 200, "OK", HTML)
        if asked.target == "/an-article":
            embed = f"<iframe src='{EMBED}'></iframe>"
            return http(f"<article><p>words</p>{embed}</article>", 200, "OK", HTML)
        if asked.target == "/never":
            self._waiting.set()
            self._over.wait(60)
        if asked.target.startswith("/api/"):
            return http("", 503, "Service Unavailable")
        if asked.target == "/end":
            assert self._waiting.wait(60)
            os.killpg(int(self.pid.read_text()), signal.SIGKILL)
        if asked.target.endswith("/embed"):
            return http(page(OPEN, "<img src=/end>"), 200, "OK", HTML)
        return super().answer(asked)


def startable_once(folder: Path, browser: str | Path) -> Path:
    """A Chromium that starts one time only, and leaves the number of its process in `pid`."""
    script = folder / "chromium-once"
    script.write_text(f"""#!/bin/sh
case "$*" in *--version*) exec '{browser}' "$@" ;; esac
test -e '{folder}/pid' && exit 1
echo $$ > '{folder}/pid'
exec '{browser}' "$@"
""")
    script.chmod(0o755)
    return script


def manifests(archive: Path) -> dict[str, dict[str, Any]]:
    found = [
        json.loads(path.read_bytes()) for path in archive.glob("runs/*/*/*/*/manifests/*.json")
    ]
    return {manifest["target"]: manifest for manifest in found}


def received(archive: Path) -> set[str | None]:
    """The addresses of every response in the archive."""
    warcs = archive.glob("runs/*/*/*/*/archive/*.warc.gz")
    return {url for warc in warcs for kind, url, _ in records(warc) if kind == "response"}


def test_without_a_browser_the_article_is_kept_and_signed(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with Deadly(tmp_path) as web:
        options = ["--archive", archive, "--proxy", web.proxy.url, "--ca-file", web.ca_file]
        said = archiver(*options, "run", ARTICLE, "--browser", "/bin/false")
    assert said.returncode == 6, said.stderr
    assert [*manifests(archive)] == [f"web:{ARTICLE}"]
    assert received(archive) == {ARTICLE}
    checked = archiver("--archive", archive, "verify")
    assert checked.returncode == 0, checked.stdout
    assert archiver("--archive", archive, "status", "--max-age", "1d").returncode == 1


def test_a_browser_that_does_not_come_back_takes_nothing_with_it(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with Deadly(tmp_path) as web:
        options = ["--archive", archive, "--proxy", web.proxy.url, "--ca-file", web.ca_file]
        posts = [url_of(OPEN), WAITING, url_of(GONE)]
        once = startable_once(tmp_path, find_chromium().path)
        said = archiver(*options, "capture", *posts, "--browser", once, "--concurrency", 2)
    assert said.returncode == 6, said.stderr
    assert "chromium-once did not start" in said.stderr
    found = manifests(archive)
    assert len(found) == 2, [*found]
    assert all(m["outcome"]["status"] in {"failed", "partial"} for m in found.values())
    assert "chromium-once did not start" in json.dumps(found[f"mastodon:{HOST}/{OPEN}"])
    assert {EMBED, WAITING} <= received(archive)
    checked = archiver("--archive", archive, "verify")
    assert checked.returncode == 0, checked.stdout
