"""A fault of ours in writing one capture costs that capture, and neither the run nor the archive."""

from pathlib import Path

import pytest
from lantern import HOST, OPEN, QUOTED, Lantern, url_of

from archiver.clock import RandomIds
from archiver.config import Settings
from archiver.net.pace import Pace
from archiver.pipeline import run
from archiver.report import RunReport, RunRequest, Silent
from archiver.verification.verify import verify

pytestmark = pytest.mark.browser
FIRST, SECOND = (f"mastodon:{HOST}/{post}" for post in (OPEN, QUOTED))


class Faulty(RandomIds):
    """Fails once, in the middle of the first WARC file."""

    def __init__(self) -> None:
        self._left = 3

    def uuid(self) -> str:
        self._left -= 1
        if self._left == 0:
            raise ValueError("no more numbers")
        return super().uuid()


class Warned(Silent):
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warning(self, text: str) -> None:
        self.warnings.append(text)


def two_posts(web: Lantern, archive: Path, watch: Silent) -> RunReport:
    settings = Settings(
        archive=archive, proxy=web.proxy.url, ca_file=web.ca_file, allow_no_sandbox=True, min_free=1,
        depth=0, concurrency=1,
    )  # fmt: skip
    request = RunRequest(direct_urls=(url_of(OPEN), url_of(QUOTED)))
    return run(settings, request, watch, ids=Faulty(), pace=Pace(interval=0.0))


def test_what_cannot_be_written_costs_one_post(tmp_path: Path) -> None:
    archive, watch = tmp_path / "archive", Warned()
    with Lantern(tmp_path) as web:
        report = two_posts(web, archive, watch)
    assert {row.target: row.status.value for row in report.rows} == {
        FIRST: "failed",
        SECOND: "captured",
    }
    assert report.exit_code == 1
    assert any("ValueError: no more numbers" in line for line in watch.warnings)
    reasons = {row.target: row.reason for row in report.rows}
    why = "what the visit received could not be written (ValueError: no more numbers)"
    assert reasons[FIRST] == why
    assert len(list(archive.glob("runs/*/*/*/*/manifests/*.json"))) == 2
    (half,) = (path for path in (archive / "quarantine").rglob("*") if path.is_file())
    assert half.name.endswith(".warc.gz.open")
    assert verify([archive]).whole
