"""One address that was sent different bodies: a replay gives what came upon this very body, or says 404.

Readers find answers by keys that are cut, unquoted and sorted, and take something similar where they have
nothing; an answer to another body in its place would be one that nobody ever got.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from replay_cases import page
from replay_run import captures_in, shown
from replaying import Kept, replay_all, viewing

pytestmark = pytest.mark.browser
PAGE = page(
    "bodies",
    r"""
const FORM = 'application/x-www-form-urlencoded', JSON_ = 'application/json';
const send = (name, type, bodies, method = 'POST') => bodies.forEach((body, n) => say(name + n,
  fetch('/echo.json?' + name, {method, body, headers: {'Content-Type': type}})
    .then(async r => r.status + ' ' + (r.ok ? sum(await r.arrayBuffer()) : 'none'))));
const long = 'x'.repeat(600), large = 'x'.repeat(100000);
send('plain', JSON_, ['{"id": 1}', '{"id": 2}']);
send('hash', FORM, ['q=x%23one', 'q=x%23two']);
send('ampersand', FORM, ['q=x%26y=one', 'q=x%26y=two', 'q=x&y=two']);
send('plus', FORM, ['q=a%2Bb', 'q=a+b']);
send('graph', FORM, ['query={post(id:1)} %23 a', 'query={post(id:1)} %23 b']);
send('nothing', JSON_, ['{"a": "", "b": null}', '{"b": null}']);
send('kind', JSON_, ['{"a": true}', '{"a": "true"}']);
send('order', JSON_, ['{"a": 1, "b": 2}', '{"b": 2, "a": 1}']);
send('case', JSON_, ['{"a": "Bc"}', '{"a": "bC"}']);
send('long', FORM, [`v=${long}&id=1`, `v=${long}&id=2`]);
send('large', JSON_, [`{"v": "${large}", "id": 1}`, `{"v": "${large}", "id": 2}`]);
send('words', 'text/plain', ['one', 'two']);
send('put', JSON_, ['{"id": 1}', '{"id": 2}'], 'PUT');
for (const n of [1, 2]) say('picky' + n, fetch('/picky.json', {method: 'POST', body: `{"id": ${n}}`})
  .then(async r => r.status + ' ' + (r.ok ? sum(await r.arrayBuffer()) : 'none')));
""",
    held=True,
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Kept]]:
    folder = tmp_path_factory.mktemp("bodies")
    with shown(folder, "http/1.1") as web:
        web.site.pages["/page"] = PAGE
        web.capture("/page")
    return web.exported(), captures_in(folder)


def right(what: str) -> bool:
    """Whether a difference is one that may be: an answer that is there no more, and no other in its place."""
    return what.startswith(("- ", "unanswered: 404 ")) or (
        what.startswith("+ ") and what.endswith(" 404 none")
    )


@pytest.mark.parametrize("reader", ["ReplayWeb.page", "pywb"])
def test_no_body_gets_the_answer_of_another(
    book: tuple[Path, list[Kept]], reader: str, replaywebpage: Path, judges: Path, cut_off: Browser
) -> None:
    wacz, captures = book
    viewer = replaywebpage if reader == "ReplayWeb.page" else judges / "wayback"
    with viewing(wacz, viewer) as address:
        seen = replay_all(address, cut_off, captures, lambda one, said: all(map(right, said)))
    (found,) = seen.values()
    assert [what for what in found if not right(what)] == []
    lost = {what.split()[1] for what in found if what.startswith("+ ")}
    assert "picky2" in lost
    assert not lost & {"plain0", "plain1", "put0", "put1", "picky1"}
