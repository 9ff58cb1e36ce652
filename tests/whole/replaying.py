"""Replaying what the demo left: the captures to look at, a browser without a network, comparisons."""

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import ElementHandle, Frame, Page, Request, Response
from whole import Demo, records

TEXT = "() => document.body ? document.body.innerText : ''"
REPLAYED = re.compile(r"/(\d{14})([a-z]{2}_)/(https?://.*)$")
"""A replayed address: 14 digits, a word for the kind of rewriting, what was asked for."""
UNLIKE = 24
"""Steps of 255 from which a pixel's brightness counts as another one: what is drawn
twice the same way differs by less."""
TOLERANCE = 0.005
"""The share of a picture's pixels that may be unlike."""
PATIENCE = 10.0
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
    """One capture of a live post: its page, the words and the picture that were taken of it, and the
    answers below status 400 that the page was given."""

    target: str
    capture_id: str
    url: str
    text: str
    picture: bytes
    answered: frozenset[str]


def kept_posts(demo: Demo) -> list[Kept]:
    """Every live post's last capture."""
    return [
        kept(demo, demo.captures(target)[-1])
        for target, post in demo.web.expected.items()
        if post.status == "captured"
    ]


def kept(demo: Demo, manifest: dict[str, Any]) -> Kept:
    """A capture by its manifest."""
    name, url = str(manifest["capture_id"]), str(manifest["page_url"])
    held = {uri: data for kind, uri, data in records(demo.run / "archive" / f"{name}.warc.gz")}
    answers = [r for r in manifest["records"] if r["type"] in {"response", "revisit"}]
    return Kept(
        target=str(manifest["target"]),
        capture_id=name,
        url=url,
        text=held[f"urn:text:{url}"].decode(),
        picture=held[f"urn:view:{url}"],
        answered=frozenset(r["target_uri"] for r in answers if r["status"] < 400),
    )


@dataclass
class Traffic:
    """What a browser asked for while pages were replayed."""

    given: set[str] = field(default_factory=set)
    failed: dict[str, int] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Listen to the page's whole context."""
        page.context.on("response", self._answered)
        page.context.on("requestfailed", self._broken)
        page.context.on("request", self._asked)

    def clear(self) -> None:
        """Begin anew, for another page."""
        self.given.clear()
        self.failed.clear()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            self.outside.append(request.url)

    def _answered(self, response: Response) -> None:
        match = REPLAYED.search(response.url)
        if match and response.status >= 400:
            self.failed[match[3]] = response.status
        elif match:
            self.given.add(match[3])

    def _broken(self, request: Request) -> None:
        match = REPLAYED.search(request.url)
        if match and "ERR_ABORTED" not in (request.failure or ""):
            self.failed[match[3]] = 0


def below(frame: Frame) -> Iterator[Frame]:
    """A frame and all the frames in it."""
    yield frame
    for child in frame.child_frames:
        yield from below(child)


def words(frame: Frame) -> list[str]:
    """The visible words of a frame and the frames in it."""
    texts = [one.evaluate(TEXT) for one in below(frame) if not one.is_detached()]
    return sorted(" ".join(texts).split())


def wait_for_frame(page: Page, kept: Kept) -> Frame:
    """The frame in which the replay stands."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for frame in page.frames:
            match = REPLAYED.search(frame.url)
            if match and match[2] == "mp_" and match[3] == kept.url:
                return frame
        page.wait_for_timeout(50)
    raise AssertionError(
        f"{kept.target}: no replay of {kept.url} in {[f.url for f in page.frames]}"
    )


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
