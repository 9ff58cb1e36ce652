"""A post that was taken out on request stays out, whoever shows it, until somebody insists."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lantern import LAST, OPEN, Lantern, url_of
from whole import archiver

pytestmark = pytest.mark.browser
ARTICLE = f"""<!doctype html><title>The lanterns</title><p>On the quay tonight.</p>
<iframe class="mastodon-embed" src="{url_of(OPEN)}/embed"></iframe>"""


@pytest.fixture(scope="module")
def lantern(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lantern]:
    with Lantern(tmp_path_factory.mktemp("lantern")) as running:
        yield running


def call(lantern: Lantern, archive: Path, *arguments: object) -> str:
    """One call of the command line that must end well; gives what it said."""
    options = ("--archive", archive, "--proxy", lantern.proxy.url, "--ca-file", lantern.ca_file)
    said = archiver(*options, *arguments)
    assert said.returncode == 0, said.stderr
    return said.stdout + said.stderr


def manifests(archive: Path) -> list[dict[str, Any]]:
    paths = sorted(archive.glob("runs/*/*/*/*/manifests/*.json"))
    return [json.loads(path.read_bytes()) for path in paths]


def captures(archive: Path, post: str) -> list[dict[str, Any]]:
    return [m for m in manifests(archive) if m["target"].endswith(f"/{post}")]


def asked_for(lantern: Lantern, post: str) -> int:
    return sum(post in target for _, target in lantern.asked)


def test_a_removed_post_is_not_captured_again_unasked(lantern: Lantern, tmp_path: Path) -> None:
    archive, article = tmp_path / "a", tmp_path / "article.html"
    article.write_text(ARTICLE)
    call(lantern, archive, "run", article, "--depth", "0")
    (before,) = captures(archive, OPEN)
    assert before["outcome"]["status"] == "captured"
    call(lantern, archive, "remove", before["target"], "--reason", "asked", "--destroy")
    assert captures(archive, OPEN) == []
    asked = asked_for(lantern, OPEN)
    call(lantern, archive, "run", article, "--depth", "0")
    call(lantern, archive, "run", article, "--refetch-after", "1s", "--depth", "0")
    call(lantern, archive, "run")
    assert asked_for(lantern, OPEN) == asked, "the platform is not even asked"
    call(lantern, archive, "run", url_of(LAST), "--depth", "1")
    assert captures(archive, LAST), "which quotes the removed one"
    assert captures(archive, OPEN) == []
    shown = [warc for warc in archive.glob("runs/*/*/*/*/archive/*") if OPEN in warc.name]
    assert shown == []
    call(lantern, archive, "verify")
    call(lantern, archive, "run", article, "--force", "--depth", "0")
    (after,) = captures(archive, OPEN)
    assert after["outcome"]["status"] == "captured"
    assert after["capture_id"] != before["capture_id"]
    call(lantern, archive, "verify")


def test_a_visit_names_its_archive_and_its_length(lantern: Lantern, tmp_path: Path) -> None:
    """Two runs, one archive; the visit is no longer than the two times of the manifest say."""
    archive = tmp_path / "a"
    for post in (OPEN, LAST):
        call(lantern, archive, "capture", url_of(post), "--depth", "0")
    found = manifests(archive)
    (origin,) = {manifest["archive_id"] for manifest in found}
    assert (archive / "keys" / "log.vkey").read_text().startswith(f"{origin}+")
    assert all(0 < manifest["visit_ms"] < 600_000 for manifest in found)
    shown = call(lantern, archive, "show", found[0]["target"], "--manifest")
    assert f"of the archive {origin}" in shown and "by a clock that nobody sets" in shown
