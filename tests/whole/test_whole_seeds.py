"""Runs without a network, and the two articles that the project started from."""

import json
from pathlib import Path

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


def test_what_cannot_be_resolved_is_archived_as_that(tmp_path: Path) -> None:
    """No proxy, no network: the run ends in order, with manifests that say why."""
    article = tmp_path / "article.txt"
    article.write_text(TEXT)
    archive = tmp_path / "archive"
    for runs in (1, 2):
        said = archiver("--archive", archive, "run", article)
        assert said.returncode == 1, said.stderr
        assert "unresolved" in said.stderr
        manifests = [json.loads(p.read_bytes()) for p in archive.rglob("manifests/x-*.json")]
        assert len(manifests) == runs
    outcome = manifests[0]["outcome"]
    assert outcome["status"] == "unresolved" and "t.co" in outcome["reason"]
    listed = json.loads(archiver("--archive", archive, "list", "--json").stdout)
    assert listed["status"] == "unresolved" and listed["post_id"] is None
    assert archiver("--archive", archive, "verify").returncode == 0


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(TEXT)
    said = archiver("--archive", tmp_path / "archive", "run", "--dry-run", article)
    assert said.returncode == 0, said.stderr
    assert not (tmp_path / "archive").exists()
