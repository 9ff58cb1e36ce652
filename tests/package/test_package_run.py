"""A packaged run folder: the three files, and what the outside validator says of the zip."""

import hashlib
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import made
import pytest

from archiver.clock import parse_iso
from archiver.errors import ArchiveDamaged
from archiver.package.run import PageEntry, Resource, uniquely_named, write_package

AT = parse_iso(made.DATE)
PAGES = [
    PageEntry(id="bbbb-2", url="https://social.example/post/bbbb-2", at=AT, title="Zweiter – 二"),
    PageEntry(id="aaaa-1", url="https://social.example/post/aaaa-1", at=AT, text="Hello"),
]
SECOND = made.DATE[:19] + "Z"
"""The time of a page as the index tells it: with the fraction ReplayWeb.page opens another capture."""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = made.unpackaged_run(tmp_path / "run")
    package(folder)
    return folder


def package(folder: Path) -> None:
    created = datetime(2026, 11, 22, 5, tzinfo=UTC)
    write_package(folder, title="A run", created=created, software="archiver 0", captures=PAGES)


def test_page_list(run: Path) -> None:
    header, *pages = map(json.loads, (run / "pages/pages.jsonl").read_text().splitlines())
    assert header == {"format": "json-pages-1.0", "id": "pages", "title": "A run"}
    assert [p["id"] for p in pages] == ["aaaa-1", "bbbb-2"]
    assert pages[0] == {
        "id": "aaaa-1",
        "url": PAGES[1].url,
        "ts": SECOND,
        "text": "Hello",
    }
    assert pages[1]["title"] == "Zweiter – 二"


def test_every_file_is_listed(run: Path) -> None:
    data = (run / "datapackage.json").read_bytes()
    package = json.loads(data)
    listed = {r["path"]: r for r in package["resources"]}
    files = {p.relative_to(run).as_posix() for p in run.rglob("*") if p.is_file()}
    assert files - set(listed) == {"datapackage.json", "datapackage-digest.json"}
    for path, entry in listed.items():
        content = (run / path).read_bytes()
        assert entry["bytes"] == len(content)
        assert entry["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert entry["name"] == entry["name"].lower()
    assert len({r["name"] for r in package["resources"]}) == len(listed)
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    assert (package["mainPageUrl"], package["mainPageDate"]) == (PAGES[1].url, SECOND)
    digest = json.loads((run / "datapackage-digest.json").read_bytes())
    assert digest["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()


def test_packaging_again_gives_the_same(run: Path) -> None:
    before = {p: p.read_bytes() for p in run.rglob("*") if p.is_file()}
    package(run)
    assert {p: p.read_bytes() for p in run.rglob("*") if p.is_file()} == before


def test_half_written_files_stop_it(run: Path) -> None:
    leftover = run / "archive/dddd-4.warc.gz.open"
    leftover.touch()
    with pytest.raises(ArchiveDamaged, match=r"dddd-4.warc.gz.open is half-written"):
        package(run)
    leftover.unlink()
    (run / "logs/link").symlink_to("/etc/hostname")
    with pytest.raises(ArchiveDamaged, match="symbolic link"):
        package(run)


def test_names_are_unique() -> None:
    paths = ["a/X.json", "b/x.json", "a/x.JSON", "A/x.json"]
    found = uniquely_named([Resource(name="", path=p, hash="", bytes=0) for p in paths])
    assert [r.name for r in found] == ["x.json", "b-x.json", "a-x.json", "a-x.json-2"]


def test_wacz_validate_accepts_the_zipped_folder(run: Path, tmp_path: Path) -> None:
    book = tmp_path / "run.wacz"
    with zipfile.ZipFile(book, "w") as bundle:
        for path in sorted(run.rglob("*")):
            if path.is_file():
                bundle.write(path, path.relative_to(run).as_posix())
    done = subprocess.run(
        [sys.executable, "-m", "wacz.main", "validate", "-f", str(book)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the passed WACZ is valid" in done.stdout + done.stderr
