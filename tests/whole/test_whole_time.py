"""An archive over time: what is due is taken up without any seed, and compared with what was there."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from whole import archiver

from archiver.demoweb.serve import DemoWeb

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoWeb]:
    with DemoWeb(tmp_path_factory.mktemp("web")) as web:
        yield web


@pytest.fixture(scope="module")
def archive(web: DemoWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posts of one plain-text article."""
    archive = tmp_path_factory.mktemp("time") / "a"
    text = next(seed for seed in web.articles if seed.endswith("2022.txt"))
    said = run(web, archive, text)
    assert said == (0, ""), said
    return archive


def run(web: DemoWeb, archive: Path, *arguments: object) -> tuple[int, str]:
    options = ("--archive", archive, "--proxy", web.proxy_url, "--ca-file", web.ca_file)
    said = archiver(*options, "run", *arguments)
    return said.returncode, said.stderr


def captures(archive: Path) -> int:
    rows = archiver("--archive", archive, "list", "--json").stdout.splitlines()
    return sum(json.loads(row)["captures"] for row in rows)


def test_the_archive_grows_older(web: DemoWeb, archive: Path) -> None:
    before = captures(archive)
    assert run(web, archive) == (0, "")
    assert captures(archive) == before, "nothing is due within the hour"
    time.sleep(1.1)
    assert run(web, archive, "--refetch-after", "1s", "--max-posts", "2") == (0, "")
    assert captures(archive) == before + 2
    assert run(web, archive, "--refetch-after", "1s", "--max-time", "0.001s") == (0, "")
    assert captures(archive) == before + 2, "the time was up before the first visit"
    listed = archiver("--archive", archive, "changes", "--all", "--since", "1h", "--json").stdout
    rows = [json.loads(line) for line in listed.splitlines()]
    assert len(rows) == 2
    assert {row["change"] for row in rows} <= {"same", "counts"}, rows
    assert archiver("--archive", archive, "verify").returncode == 0


def test_seeds_only_leaves_the_rest_alone(web: DemoWeb, archive: Path, tmp_path: Path) -> None:
    before = captures(archive)
    (tmp_path / "empty.txt").write_text("no post in here\n")
    arguments = ("--seeds-only", "--refetch-after", "1s", tmp_path / "empty.txt")
    assert run(web, archive, *arguments) == (0, "")
    assert captures(archive) == before


def test_no_room_no_run(web: DemoWeb, archive: Path) -> None:
    code, said = run(web, archive, "--min-free", "1000000GB")
    assert code == 3 and "--min-free" in said
