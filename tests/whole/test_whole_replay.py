"""What was kept is what is shown: every live post of the demo, replayed in a browser without a network.

By ReplayWeb.page and by pywb, through `archiver view` of the run exported as a WACZ file. Words must be equal,
pictures alike within `replaying.TOLERANCE`, and whatever the live page was given must be given again.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, sync_playwright
from replaying import (
    PATIENCE,
    TOLERANCE,
    Kept,
    Traffic,
    kept_posts,
    places,
    plays,
    unlike,
    videos,
    viewing,
    wait_for_frame,
    words,
)
from whole import Demo, archiver

from archiver.capture.chromium import find_chromium
from archiver.errors import BrowserUnavailable

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 1280, 1600
CUT_OFF = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        found = find_chromium()
    except BrowserUnavailable as error:
        pytest.skip(error.message)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=found.path, args=["--no-sandbox", CUT_OFF]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def wacz(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's first run as one file."""
    file = tmp_path_factory.mktemp("wacz") / "demo.wacz"
    said = archiver("--archive", demo.archive, "export", "--wacz", file, "--run", demo.run.name)
    assert said.returncode == 0, said.stderr
    return file


def replay_all(address: str, browser: Browser, posts: list[Kept]) -> list[str]:
    """Open every post from the list, and say what is not as it was."""
    wrong = []
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page, traffic = context.new_page(), Traffic()
    traffic.attach(page)
    page.goto(address)
    links = page.eval_on_selector_all("h3 a", "all => all.map(one => one.href)")
    for post in posts:
        found = [one for one in links if post.capture_id in one or one.endswith("/" + post.url)]
        assert found, post
        traffic.clear()
        page.goto(found[0], wait_until="commit")
        wrong += [f"{post.target}: {what}" for what in differences(page, post)]
        assert post.url in traffic.given
        lost = traffic.failed.keys() & post.answered
        wrong += [f"{post.target}: unanswered: {url}" for url in sorted(lost)]
    assert not traffic.outside
    context.close()
    return wrong


def fit(page: Page, frame: Frame) -> None:
    """Make the window so large that the replay has the size that the capture had."""
    box, size = frame.frame_element().bounding_box(), page.viewport_size
    assert box is not None and size is not None
    width, height = size["width"] + WIDTH - box["width"], size["height"] + HEIGHT - box["height"]
    if (width, height) != (size["width"], size["height"]):
        page.set_viewport_size({"width": round(width), "height": round(height)})


def differences(page: Page, post: Kept) -> list[str]:
    """Wait until words and picture are as they were; else say what is different."""
    frame = wait_for_frame(page, post)
    fit(page, frame)
    wanted, until = sorted(post.text.split()), time.monotonic() + PATIENCE
    found = ["nothing was drawn"]
    while found and time.monotonic() < until:
        page.wait_for_timeout(50)
        found = list(looked_at(frame, post, wanted))
    return found + ["a video does not play" for video in videos(frame) if not plays(video)]


def looked_at(frame: Frame, post: Kept, wanted: list[str]) -> Iterator[str]:
    """What is different at this moment."""
    seen = words(frame)
    if seen != wanted:
        yield f"words: {sorted(set(seen) ^ set(wanted))[:20]}"
        return
    share = unlike(post.picture, frame.frame_element().screenshot(), places(frame))
    if share > TOLERANCE:
        yield f"picture: {share:.2%} of it is different"


def test_replayweb_page(demo: Demo, wacz: Path, browser: Browser, replaywebpage: Path) -> None:
    with viewing(wacz, replaywebpage) as address:
        assert replay_all(address, browser, kept_posts(demo)) == []


def test_pywb(demo: Demo, wacz: Path, browser: Browser, judges: Path) -> None:
    with viewing(wacz, judges / "wayback") as address:
        assert replay_all(address, browser, kept_posts(demo)) == []
