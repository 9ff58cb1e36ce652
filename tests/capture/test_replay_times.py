"""One address that was answered otherwise at another time: what a reader opens is what was captured then.

At another visit, or in the same second: a page that checks its visitor loads itself again.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from replay_run import captures_in, shown
from replaying import Kept, replay_all, viewing
from torture import HTML, JS

pytestmark = pytest.mark.browser
VISITS = 3


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Kept]]:
    """A page that says something else at each visit, and so does its script: all visits in one WACZ file."""
    folder = tmp_path_factory.mktemp("times")
    with shown(folder, "h2") as web:
        for number in range(VISITS):
            page = f"<title>x</title><h1>visit {number}</h1><script src=/said.js></script>"
            said = f"document.write('<p>script of visit {number}</p>')"
            web.site.answers["/page"] = 200, [("Content-Type", HTML)], page.encode()
            web.site.answers["/said.js"] = 200, [("Content-Type", JS)], said.encode()
            web.capture("/page", force=True)
        web.capture("/check")
    captures = captures_in(folder)
    words = [" ".join(one.text.split()[:2]) for one in captures]
    assert words == [*(f"visit {number}" for number in range(VISITS)), "the post"]
    return web.exported(), captures


@pytest.mark.parametrize("reader", ["ReplayWeb.page", "pywb"])
def test_each_visit_is_opened_as_it_ended(
    book: tuple[Path, list[Kept]], reader: str, replaywebpage: Path, judges: Path, cut_off: Browser
) -> None:
    wacz, captures = book
    viewer = replaywebpage if reader == "ReplayWeb.page" else judges / "wayback"
    with viewing(wacz, viewer) as address:
        assert replay_all(address, cut_off, captures) == {}
