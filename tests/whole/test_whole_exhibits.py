"""A cross-section of the states, visited in a real browser: one post a state, on all nine platforms."""

import json
from pathlib import Path

import pytest

from archiver.config import Settings
from archiver.demoweb.gallery import Exhibit
from archiver.demoweb.serve import DemoWeb
from archiver.demoweb.tables.exhibits import EXHIBITS
from archiver.net.pace import Pace
from archiver.pipeline import run
from archiver.report import RunReport, RunRequest, Silent

pytestmark = pytest.mark.browser
CHOSEN = {
    ("x", "suspended"), ("x", "age-gated"), ("x", "one-witness"), ("instagram", "login-wall"),
    ("instagram", "embedding-refused"), ("facebook", "deleted"), ("youtube", "unknown"), ("youtube", "geo-withheld"),
    ("youtube", "consent"), ("tiktok", "private"), ("tiktok", "bot-wall"), ("telegram", "geo-withheld"),
    ("telegram", "empty-shell"), ("bluesky", "too-many"), ("mastodon", "deleted"), ("mastodon", "server-error"),
    ("reddit", "private"), ("reddit", "maintenance"),
}  # fmt: skip
SHOWN = [e for e in EXHIBITS if (e.ref.platform, e.state) in CHOSEN]


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunReport, Path]:
    folder = tmp_path_factory.mktemp("exhibits")
    with DemoWeb(folder / "web") as web:
        settings = Settings(
            archive=folder / "archive", proxy=web.proxy_url, ca_file=web.ca_file, allow_no_sandbox=True,
            min_free=1, depth=0,
        )  # fmt: skip
        request = RunRequest(direct_urls=tuple(exhibit.url for exhibit in SHOWN))
        report = run(settings, request, Silent(), pace=Pace(interval=0.0))
        assert web.failures == ()
    return report, folder / "archive"


def test_all_were_chosen() -> None:
    assert len(SHOWN) == len(CHOSEN)
    assert len({exhibit.ref.platform for exhibit in SHOWN}) == 9


@pytest.mark.parametrize("exhibit", SHOWN, ids=lambda e: f"{e.ref.platform}-{e.state}")
def test_each_comes_out_as_it_should(visited: tuple[RunReport, Path], exhibit: Exhibit) -> None:
    report, archive = visited
    row = next(row for row in report.rows if row.target == str(exhibit.ref))
    (path,) = archive.glob(f"runs/*/*/*/*/manifests/{row.capture_id}.json")
    attempts = json.loads(path.read_bytes())["attempts"]
    said = [(a["view"]["url"], a["outcome"]["status"], a["outcome"]["reason"]) for a in attempts]
    assert row.status is exhibit.status, said
    assert row.reason and said
