"""Replaying what was kept: the captures to look at, a browser without a network, comparisons."""

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import (
    Browser,
    ElementHandle,
    Error,
    Frame,
    Page,
    Request,
    Response,
)
from warcio.archiveiterator import ArchiveIterator

from archiver.capture.snapshot import TEXT

REPLAYED = re.compile(r"/(\d{14})([a-z]{2}_)/(https?://.*)$")
"""A replayed address: 14 digits, a word for the kind of rewriting, what was asked for."""
UNLIKE = 24
"""Steps of 255 from which a pixel's brightness counts as another one: what is drawn
twice the same way differs by less."""
TOLERANCE = 0.005
"""The share of a picture's pixels that may be unlike."""
PATIENCE = 20.0
WIDTH, HEIGHT = 1280, 1600
CUT_OFF = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""For a browser that knows no other machine."""
PLAY = """(video, limit) => {
  video.muted = true;
  video.play().catch(() => 0);
  return new Promise(done => {
    const look = setInterval(() => {
      if (video.currentTime > 0) { clearInterval(look); done(true); }
    }, 50);
    setTimeout(() => { clearInterval(look); done(false); }, limit);
  });
}"""
Place = tuple[float, float, float, float]
"""Left, top, width and height in pixels."""


@dataclass(frozen=True)
class Kept:
    """One capture with a page: its words and its picture, and the answers below status 400 that it got."""

    target: str
    capture_id: str
    url: str
    instant: str
    text: str
    picture: bytes
    answered: frozenset[str]

    def shown_at(self, link: str) -> bool:
        """Whether a link of the viewer's list leads to this capture."""
        return self.capture_id in link or link.endswith(f"/{self.instant}/{self.url}")


def kept(run: Path, manifest: dict[str, Any]) -> Kept:
    """A capture of the run by its manifest."""
    name, url = str(manifest["capture_id"]), str(manifest["page_url"])
    resources = dict(_resources(run / "archive" / f"{name}.warc.gz"))
    answers = [r for r in manifest["records"] if r["type"] in {"response", "revisit"}]
    return Kept(
        target=str(manifest["target"]),
        capture_id=name,
        url=url,
        instant=re.sub(r"\D", "", manifest["page_at"])[:14],
        text=resources[f"urn:text:{url}"].decode(),
        picture=resources[f"urn:view:{url}"],
        answered=frozenset(r["target_uri"] for r in answers if r["status"] < 400),
    )


def _resources(warc: Path) -> Iterator[tuple[str, bytes]]:
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "resource":
                yield (
                    record.rec_headers.get_header("WARC-Target-URI"),
                    record.content_stream().read(),
                )


def captures_of(run: Path) -> list[Kept]:
    """Every capture of a run that has a page."""
    manifests = [json.loads(path.read_bytes()) for path in sorted(run.glob("manifests/*.json"))]
    return [kept(run, manifest) for manifest in manifests if manifest["page_url"]]


@dataclass
class Traffic:
    """What a browser asked for while pages were replayed; `outside`: of a name, which it cannot resolve."""

    given: set[str] = field(default_factory=set)
    failed: dict[str, int] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Listen to the page's whole context."""
        page.context.on("response", self._answered)
        page.context.on("requestfailed", self._broken)

    def clear(self) -> None:
        """Begin anew, for another page."""
        self.given.clear()
        self.failed.clear()
        self.outside.clear()

    def wrong(self, one: Kept) -> Iterator[str]:
        """What the capture had been answered and the replay was not, and what was asked of the live web."""
        lost = sorted(self.failed.keys() & one.answered)
        yield from (f"unanswered: {self.failed[url]} {url}" for url in lost)
        yield from (f"asked of the live web: {url}" for url in self.outside)
        if one.url not in self.given and one.url in one.answered:
            yield "the page itself was not given"

    def _answered(self, response: Response) -> None:
        match = REPLAYED.search(response.url)
        if match and response.status >= 400:
            self.failed[match[3]] = response.status
        elif match:
            self.given.add(match[3])

    def _broken(self, request: Request) -> None:
        if "ERR_NAME_NOT_RESOLVED" in (request.failure or ""):
            self.outside.append(request.url)
        match = REPLAYED.search(request.url)
        if match and "ERR_ABORTED" not in (request.failure or ""):
            self.failed[match[3]] = 0


def below(frame: Frame) -> Iterator[Frame]:
    """A frame and all the frames in it."""
    yield frame
    for child in frame.child_frames:
        yield from below(child)


def text_of(frame: Frame) -> str:
    """The visible words of a frame and the frames in it."""
    return "\n".join(one.evaluate(TEXT) for one in below(frame) if not one.is_detached())


def replay_frame(page: Page) -> Frame | None:
    """The outermost frame that shows what was kept, if there is one by now."""
    return next((f for f in page.frames if (m := REPLAYED.search(f.url)) and m[2] == "mp_"), None)


def videos(frame: Frame) -> Iterator[ElementHandle]:
    """The video elements of a frame and the frames in it."""
    for one in below(frame):
        yield from one.query_selector_all("video")


def plays(video: ElementHandle) -> bool:
    """Whether a video comes so far as to show something of itself."""
    return bool(video.evaluate(PLAY, PATIENCE * 1000))


def places(frame: Frame) -> list[Place]:
    """Where the videos stand in the frame's picture: which of their images is shown is chance."""
    origin = frame.frame_element().bounding_box()
    boxes = [video.bounding_box() for video in videos(frame)]
    return [
        (b["x"] - origin["x"], b["y"] - origin["y"], b["width"], b["height"])
        for b in boxes
        if b and origin
    ]


def unlike(kept: bytes, seen: bytes, left_out: list[Place]) -> float:
    """The share of pixels that differ between two pictures of one size, some places left out."""
    before, after = (Image.open(io.BytesIO(data)).convert("L") for data in (kept, seen))
    assert before.size == after.size, (before.size, after.size)
    for x, y, width, height in left_out:
        for picture in (before, after):
            picture.paste(0, (int(x), int(y), int(x + width) + 1, int(y + height) + 1))
    histogram = ImageChops.difference(before, after).histogram()
    return sum(histogram[UNLIKE:]) / sum(histogram)


@contextmanager
def viewing(place: Path, viewer: Path) -> Iterator[str]:
    """`archiver view` in a process of its own; gives the address of its list."""
    command = [sys.executable, "-m", "archiver", "view", place, "--viewer", viewer, "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield json.loads(line)["url"]
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0


Settled = Callable[[Kept, list[str]], bool]
"""Whether a replay needs no more waiting for if this is what is different about it."""


def replay_all(
    address: str,
    browser: Browser,
    captures: list[Kept],
    settled: Settled = lambda one, said: not said,
) -> dict[str, list[str]]:
    """Open every capture from the viewer's list, and say by target what is not as it was when that was `settled`,
    or patience at its end."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page, traffic = context.new_page(), Traffic()
    traffic.attach(page)
    page.goto(address)
    links = page.eval_on_selector_all("h3 a, details a", "all => all.map(one => one.href)")
    wrong: dict[str, list[str]] = {}
    for one in captures:
        found = [link for link in links if one.shown_at(link)]
        assert found, (one.target, links)
        traffic.clear()
        page.goto(found[0], wait_until="commit")
        if said := differences(page, one, traffic, settled):
            wrong[one.target] = said
    context.close()
    return wrong


def fit(page: Page, frame: Frame) -> None:
    """Make the window so large that the replay has the size that the capture had."""
    box, size = frame.frame_element().bounding_box(), page.viewport_size
    assert box is not None and size is not None
    width, height = size["width"] + WIDTH - box["width"], size["height"] + HEIGHT - box["height"]
    if (width, height) != (size["width"], size["height"]):
        page.set_viewport_size({"width": round(width), "height": round(height)})


def differences(page: Page, one: Kept, traffic: Traffic, settled: Settled) -> list[str]:
    """Wait until words, picture and answers are as they were, or as is known; else say what is different."""
    until = time.monotonic() + PATIENCE
    found = ["nothing was drawn"]
    while not settled(one, [*found, *traffic.wrong(one)]) and time.monotonic() < until:
        page.wait_for_timeout(50)
        try:
            frame = replay_frame(page)
            if frame is not None:
                fit(page, frame)
                found = list(looked_at(frame, one))
        except Error as error:
            found = [f"the page went away: {error.message.splitlines()[0]}"]
    played = videos(frame) if frame is not None and found == [] else ()
    found += ["a video does not play" for video in played if not plays(video)]
    return [*found, *traffic.wrong(one)]


def looked_at(frame: Frame, one: Kept) -> Iterator[str]:
    """What is different at this moment: lines that were and are not, lines that are and were not."""
    seen = text_of(frame)
    if sorted(seen.split()) != sorted(one.text.split()):
        before, after = lines(one.text), lines(seen)
        yield from (f"- {line[:200]}" for line in before if line not in after)
        yield from (f"+ {line[:200]}" for line in after if line not in before)
        if set(before) == set(after):
            yield "words: some stand there more often, or not as often"
        return
    share = unlike(one.picture, frame.frame_element().screenshot(), places(frame))
    if share > TOLERANCE:
        yield f"picture: {share:.2%} of it is different"


def lines(text: str) -> list[str]:
    """The lines of a text that hold anything, without space around them."""
    return [line for line in map(str.strip, text.splitlines()) if line]
