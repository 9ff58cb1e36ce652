"""Runs without a network, and the two articles that the project started from."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from whole import ROOT, archiver

SEEDS = ROOT.parent / "shared" / "seeds"
TEXT = """ date 2022-01-06 Two ferries waited for the tide, and one did not.

The quay is dry again, thank you all for the sandbags.pic.twitter.com/Ab3dEf7hIj — Quay Watch (@quay_watch_demo)\
 January 5, 2022
"""
FOUND = [
    ("steve_hanke", "2022-01-05", [], ["pic.twitter.com/ys8UFkYr6M"]),
    ("disclosetv", "2022-01-05", [], ["pic.twitter.com/MfzpKNPsA8"]),
    ("worldcrunch", "2022-01-06", ["https://t.co/EijG9lLM6i"], []),
    ("monot0ne", "2022-01-06", ["https://t.co/svnSY77bOJ"], []),
    ("edreeskakar", "2022-01-06", ["https://t.co/z2ehq95Nl1"], []),
]


def rows(*arguments: object) -> list[dict[str, object]]:
    said = archiver("extract", "--format", "jsonl", *arguments)
    assert said.returncode == 0, said.stderr
    return [json.loads(line) for line in said.stdout.splitlines()]


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the first articles are not here")
def test_the_first_articles() -> None:
    first, second = sorted(SEEDS.glob("*.txt"))
    found = [(r["handle"], r["posted_on"], r["short_urls"], r["media_tokens"]) for r in rows(first)]
    assert found == FOUND
    assert rows(second) == []


def of_posts(archive: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in archive.rglob("manifests/x-*.json")]


def test_what_cannot_be_resolved_is_archived_as_that(tmp_path: Path) -> None:
    """No proxy, no network: the run ends in order, with manifests that say why."""
    article = tmp_path / "article.txt"
    article.write_text(TEXT)
    archive = tmp_path / "archive"
    said = archiver("--archive", archive, "run", article)
    assert said.returncode == 1 and "unresolved" in said.stderr
    (manifest,) = of_posts(archive)
    outcome = manifest["outcome"]
    assert outcome["status"] == "unresolved" and "t.co" in outcome["reason"]
    listed = json.loads(archiver("--archive", archive, "list", "--json").stdout)
    assert listed["status"] == "unresolved" and listed["post_id"] is None
    assert archiver("--archive", archive, "verify").returncode == 0


def test_what_cannot_be_resolved_is_left_alone_for_a_while(tmp_path: Path) -> None:
    """A run of every hour neither asks for it each time nor says so each time."""
    article, archive = tmp_path / "article.txt", tmp_path / "archive"
    article.write_text(TEXT)
    archiver("--archive", archive, "run", article)
    again = archiver("--archive", archive, "run", article)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert len(of_posts(archive)) == 1
    assert archiver("--archive", archive, "run", "--force", article).returncode == 1
    assert len(of_posts(archive)) == 2


def test_pages_whose_names_are_no_utf_8_are_archived_like_others(tmp_path: Path) -> None:
    """As they come out of an old archive; two that differ in such bytes only stay two."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in (b"caf\xe8.txt", b"caf\xe9.txt"):
        Path(os.fsdecode(os.fsencode(pages) + b"/" + name)).write_text(TEXT)
    archive = tmp_path / "archive"
    said = archiver("--archive", archive, "run", "--json", pages)
    assert said.returncode == 1, said.stderr
    events = [json.loads(line) for line in said.stdout.splitlines()]
    read = [event["source"] for event in events if event["event"] == "document_read"]
    assert [Path(source).name for source in read] == ["caf\\xe8.txt", "caf\\xe9.txt"]
    (manifest,) = of_posts(archive)
    assert [article["source"] for article in manifest["articles"]] == read
    assert archiver("--archive", archive, "list").returncode == 0
    assert archiver("--archive", archive, "verify").returncode == 0


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(TEXT)
    said = archiver("--archive", tmp_path / "archive", "run", "--dry-run", article)
    assert said.returncode == 0, said.stderr
    assert not (tmp_path / "archive").exists()
