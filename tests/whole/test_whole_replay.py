"""What was kept is what is shown: every capture of the demo, replayed in a browser without a network.

Live posts and dead ones, walls, articles. By ReplayWeb.page and by pywb, through `archiver view` of the run
exported as a WACZ file. Words must be equal, pictures alike within `replaying.TOLERANCE`, and whatever the
live page was given must be given again.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from replaying import Kept, captures_of, replay_all, viewing
from whole import Demo, archiver

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def wacz(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's first run as one file."""
    file = tmp_path_factory.mktemp("wacz") / "demo.wacz"
    said = archiver("--archive", demo.archive, "export", "--wacz", file, "--run", demo.run.name)
    assert said.returncode == 0, said.stderr
    return file


@pytest.fixture(scope="module")
def captures(demo: Demo) -> list[Kept]:
    """All of them that have a page: every article of the web, and every post but those that never answered."""
    found = captures_of(demo.run)
    targets = {one.target for one in found}
    assert targets >= {
        target for target, post in demo.web.expected.items() if post.status == "captured"
    }
    assert targets >= {f"web:{url}" for url in demo.web.articles if "://" in url}
    return found


def test_replayweb_page(
    wacz: Path, captures: list[Kept], cut_off: Browser, replaywebpage: Path
) -> None:
    with viewing(wacz, replaywebpage) as address:
        assert replay_all(address, cut_off, captures) == {}


def test_pywb(wacz: Path, captures: list[Kept], cut_off: Browser, judges: Path) -> None:
    with viewing(wacz, judges / "wayback") as address:
        assert replay_all(address, cut_off, captures) == {}
