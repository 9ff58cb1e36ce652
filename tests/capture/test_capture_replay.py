"""Every case of the torture site, captured by the command line and replayed without a network.

By ReplayWeb.page and by pywb, through `archiver view` of a run exported as one WACZ file. What a page got from each
answer stands in its own words (`replay_cases`), so words that are equal mean bodies that are equal. Where a
reader shows something else by its own making, `replay_limits` says what and why, and it must be seen.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from replay_cases import EVERY, OFTEN, prepare
from replay_limits import LIMITS, SOMETIMES
from replay_run import captures_in, shown
from replaying import Kept, replay_all, viewing

pytestmark = pytest.mark.browser


def captured(folder: Path, paths: Sequence[str], protocol: str) -> tuple[Path, list[Kept]]:
    """These pages of the torture site in one run: the run as a WACZ file, and its captures."""
    with shown(folder, protocol) as web:
        prepare(web.site)
        web.capture(*paths)
    wacz = web.exported()
    captures = captures_in(folder)
    assert len(captures) == len(paths), [one.target for one in captures]
    return wacz, captures


@pytest.fixture(scope="module")
def often(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Kept]]:
    return captured(tmp_path_factory.mktemp("often"), OFTEN, "h2")


def replay(book: tuple[Path, list[Kept]], viewer: Path, browser: Browser) -> None:
    """Hold the replay of all captures to what is known of this reader: no more is different, and no less."""
    reader = "pywb" if viewer.name == "wayback" else "ReplayWeb.page"

    def problems(one: Kept, said: Sequence[str]) -> list[str]:
        path = path_of(one)
        return [f"{path}: {what}" for what in unexpected(said, LIMITS[reader].get(path, {}))]

    wacz, captures = book
    with viewing(wacz, viewer) as address:
        seen = replay_all(address, browser, captures, lambda one, said: not problems(one, said))
    found = [what for one in captures for what in problems(one, seen.get(one.target, []))]
    assert found == [], "\n".join(found)


def unexpected(said: Sequence[str], limits: dict[str, str]) -> list[str]:
    """What is different and not known to be, and what is known to be different and is not."""
    strange = [what for what in said if not any(sign in what for sign in limits)]
    due = (sign for sign, why in limits.items() if why not in SOMETIMES)
    never = (sign for sign in due if not any(sign in what for what in said))
    return strange + [f"not seen any more: {sign}" for sign in never]


def path_of(one: Kept) -> str:
    """The path of the page that was to be captured."""
    return "/" + one.target.split("/", 3)[3]


def test_replayweb_page(often, replaywebpage: Path, cut_off: Browser) -> None:
    replay(often, replaywebpage, cut_off)


def test_pywb(often, judges: Path, cut_off: Browser) -> None:
    replay(often, judges / "wayback", cut_off)


@pytest.mark.soak
@pytest.mark.parametrize("protocol", ["http/1.1", "h2"])
def test_all_of_them(
    tmp_path: Path, protocol: str, replaywebpage: Path, judges: Path, cut_off: Browser
) -> None:
    book = captured(tmp_path, tuple(dict.fromkeys((*OFTEN, *EVERY))), protocol)
    for viewer in (replaywebpage, judges / "wayback"):
        replay(book, viewer, cut_off)
