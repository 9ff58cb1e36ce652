"""One address that was answered otherwise at another time: what a reader opens is what was captured then."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from replay_run import captures_in, shown
from replaying import Kept, replay_all, viewing
from torture import HTML, JS

pytestmark = pytest.mark.browser
VISITS = 3


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Kept]]]:
    """A page that says something else at each visit, and so does its script: all visits in one WACZ file."""
    folder = tmp_path_factory.mktemp("times")
    with shown(folder, "h2") as web:
        for number in range(VISITS):
            page = f"<title>x</title><h1>visit {number}</h1><script src=/said.js></script>"
            said = f"document.write('<p>script of visit {number}</p>')"
            web.site.answers["/page"] = 200, [("Content-Type", HTML)], page.encode()
            web.site.answers["/said.js"] = 200, [("Content-Type", JS)], said.encode()
            web.capture("/page", force=True)
    captures = captures_in(folder)
    assert [one.text.split()[1] for one in captures] == [str(n) for n in range(VISITS)]
    yield web.exported(), captures


@pytest.mark.parametrize("reader", ["ReplayWeb.page", "pywb"])
def test_each_visit_is_opened_as_it_was(
    book: tuple[Path, list[Kept]], reader: str, replaywebpage: Path, judges: Path, cut_off: Browser
) -> None:
    wacz, captures = book
    viewer = replaywebpage if reader == "ReplayWeb.page" else judges / "wayback"
    with viewing(wacz, viewer) as address:
        assert replay_all(address, cut_off, captures) == {}
