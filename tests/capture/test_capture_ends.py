"""How a body ended: nothing is let go to the page before the browser itself has been told."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pybase64
import pytest
from capture_kit import Authority, visit_page
from front import Front
from torture import Torture

from archiver.capture.browser import BrowserSettings, open_browser
from archiver.capture.devtools import DevTools
from archiver.capture.limits import CaptureLimits
from archiver.capture.packing import HEADER, packed, unpacked
from archiver.capture.recorder_flow import Backlog, Turns
from archiver.capture.recorder_held import Held
from archiver.capture.recorder_recording import Recording
from archiver.domain.capture import Capture

BODY = b"what came"
Answers = Callable[[str], dict[str, Any] | None]


class Scripted:
    """The browser's ends of a pipe: what is asked, and answers as `answers` gives them, or none."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        (self.reading, self._out), (self._into, self.writing) = os.pipe(), os.pipe()
        self.asked: list[str] = []

    def serve(self) -> None:
        """Take the next command, and answer it."""
        head = os.read(self._into, HEADER)
        message = unpacked(os.read(self._into, int.from_bytes(head[-4:])))
        self.asked.append(message["method"])
        if (answer := self._answers(message["method"])) is not None:
            os.write(self._out, packed({"id": message["id"], **answer}))

    def close(self) -> None:
        for end in (self._out, self._into):
            os.close(end)


def paused(**headers: str) -> dict[str, Any]:
    listed = [{"name": n.replace("_", "-"), "value": v} for n, v in headers.items()]
    request = {"url": "https://post.example/x", "method": "GET", "headers": {}}
    return {
        "requestId": "pause", "networkId": "1", "request": request, "resourceType": "Fetch",
        "responseStatusCode": 200, "responseHeaders": listed,
    }  # fmt: skip


async def read(
    answers: Answers, spool: Path, asks: int, **headers: str
) -> tuple[list[str], bool, bool]:
    """What is asked about a held body in `asks` commands; whether the pause may end then, and the body is whole."""
    scripted, road = Scripted(answers), asyncio.Event()
    devtools = await DevTools.open(scripted.reading, scripted.writing, lambda *_: None, road)
    recording = Recording("context", CaptureLimits(), spool, "name", Backlog(road), Turns())
    event = paused(**headers)
    recording.fold.feed(
        "s", "Network.requestWillBeSent", {**event, "requestId": "1", "wallTime": 0}
    )
    held = asyncio.ensure_future(Held(devtools, recording, event, 0).record(False))
    for _ in range(asks):
        await asyncio.to_thread(scripted.serve)
    done, _ = await asyncio.wait({held}, timeout=0.3)
    whole = not recording.fold.waiting()
    held.cancel()
    await asyncio.wait({held})
    await devtools.close()
    scripted.close()
    return scripted.asked, held in done, whole


def answering(last: dict[str, Any] | None) -> Answers:
    body = {"body": pybase64.b64encode(BODY).decode(), "base64Encoded": True}
    return lambda method: {"result": body} if method == "Fetch.getResponseBody" else last


WAITED = ["Fetch.getResponseBody", "Storage.getCookies"]
TOLD = {"result": {"cookies": []}}
REFUSED = {"error": {"code": -32000, "message": "no"}}


@pytest.mark.parametrize(
    ("headers", "last", "asked", "ends"),
    [
        ({}, TOLD, WAITED, True),
        ({}, None, WAITED, False),
        ({}, REFUSED, WAITED, True),
        ({"content_length": "9", "content_encoding": "gzip"}, None, WAITED, False),
        ({"content_length": "10"}, None, WAITED, False),
        ({"content_length": "9"}, None, WAITED[:1], True),
    ],
)
def test_a_body_of_which_its_length_shows_nothing_waits_for_the_word_of_its_end(
    run, tmp_path: Path, headers: dict[str, str], last: dict[str, Any] | None, asked: list[str],
    ends: bool,
) -> None:  # fmt: skip
    found = run(read(answering(last), tmp_path, len(asked), **headers))
    assert found == (asked, ends, ends)


@contextmanager
def busy(number: int) -> Iterator[None]:
    """So many processes that do nothing but work."""
    with ExitStack() as stack:
        for _ in range(number):
            loop = stack.enter_context(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            stack.callback(loop.kill)
        yield


PARTS = """<title>parts</title><p>words</p><script>
const seen = new Image();
seen.onload = () => { document.title = 'first'; fetch('/said?parts') };
seen.src = '/parts.bmp';
document.body.append(seen);</script>"""


@pytest.mark.browser
def test_a_picture_in_parts_does_not_end_with_its_first(run, browser, tmp_path: Path) -> None:
    """Its page calls it ended then, and the browser hands out no more of it."""
    with Torture({"/parts": PARTS}) as site:
        limits = CaptureLimits(seconds=40, navigation=10, drawn=1, quiet=4)
        capture = run(visit_page(browser, site.url("/parts"), tmp_path, limits=limits))
        (hit,) = site.hits_of("/parts.bmp")
    (parts,) = [e for e in capture.exchanges if e.url.endswith("/parts.bmp")]
    assert capture.title == "first"
    assert hit.sent.startswith(parts.body.read()) or "give out its beginning" in parts.error
    assert parts.body.size < len(hit.sent)
    assert parts.truncated in {"unspecified", "time"}


CUTS = """<title>cuts</title><p id=p>words</p><script>(async () => {
const seen = {}, cut = n => fetch('/cut?' + n).then(r => r.arrayBuffer()).then(() => 'whole', () => 'cut');
for (let n = 0; n < 600; n += 10)
  for (const end of await Promise.all([...Array(10).keys()].map(k => cut(n + k)))) seen[end] = (seen[end] || 0) + 1;
document.title = JSON.stringify(seen) })()</script>"""


async def cut_often(site: Torture, spool: Path, authority: Authority) -> Capture:
    settings = BrowserSettings(allow_no_sandbox=True, ca_file=authority.file)
    async with open_browser(settings, None) as browser:
        limits = CaptureLimits(seconds=150, quiet=100)
        return await visit_page(browser, site.url("/cuts"), spool, limits=limits)


@pytest.mark.soak
@pytest.mark.browser
def test_what_was_cut_is_no_success_on_a_busy_machine(
    run, authority: Authority, tmp_path: Path
) -> None:
    with Torture({"/cuts": CUTS}) as site, Front(site, authority.context(), "h2"), busy(2):
        capture = run(cut_often(site, tmp_path, authority))
    assert capture.title == '{"cut":600}'
    assert {e.truncated for e in capture.exchanges if "/cut?" in e.url} == {"disconnect"}
