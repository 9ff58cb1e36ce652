"""Exports stand alone: whole runs, one capture with what its revisits need, selections of two runs."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from record_samples import CountedIds, at, capture, exchange, sample

from archiver.clock import RandomIds
from archiver.commit import Commit, finish
from archiver.domain.capture import Capture
from archiver.domain.exchange import Body
from archiver.errors import ArchiveDamaged, ArchiverError, UsageError
from archiver.package.export import Exported, export_wacz
from archiver.package.select import Chosen
from archiver.storage.layout import Archive
from archiver.storage.ledger import Ledger
from archiver.verification.verify import verify
from archiver.viewer.captured import captures
from archiver.viewer.packages import Zipped

ONE, TWO = "20260304T050607Z-beef", "20260305T050607Z-cafe"
FIRST, AGAIN, OTHER = "first-1", "again-2", "other-3"


def write_run(archive: Archive, run_id: str, captures: list[Capture], ids: Any) -> Path:
    with Ledger(archive.ledger) as ledger:
        commit = Commit(archive, ledger, run_id, {}, ids)
        for one in captures:
            commit.save(one)
        folder = commit.open_folder()
        folder.log.write_text('{"event":"begins"}\n')
        finish(folder)
    return folder.path


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """Two runs; in the first, the capture AGAIN holds nothing but revisits of FIRST."""
    archive = Archive(tmp_path / "archives")
    archive.prepare()
    first = replace(sample(), id=FIRST)
    again = replace(first, id=AGAIN, started_at=at(60))
    page = exchange("https://other.example/", body=Body.of(b"<p>Other" * 200))
    other = capture(page, id=OTHER, target="web:x", page_url=page.url, page_at=page.started_at)
    one = write_run(archive, ONE, [first, again], CountedIds())
    return one, write_run(archive, TWO, [other], RandomIds())


def export(out: Path, *chosen: Chosen) -> Exported:
    created = datetime(2026, 3, 6, tzinfo=UTC)
    return export_wacz(chosen, out, title="Chosen", created=created, software="archiver 0")


def see_whole(book: Path) -> dict[str, bytes]:
    """Our verifier and the stock validator agree; the entries are stored, ordered and dated alike."""
    assert [str(defect) for defect in verify([book]).defects] == []
    command = [sys.executable, "-m", "wacz.main", "validate", "-f", str(book)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(book) as bundle:
        assert {e.compress_type for e in bundle.infolist()} == {zipfile.ZIP_STORED}
        assert {e.date_time for e in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_whole_run(runs: tuple[Path, Path], tmp_path: Path) -> None:
    book = tmp_path / "one.wacz"
    done = export(book, Chosen(runs[0]))
    assert (done.captures, done.needed) == ((AGAIN, FIRST), ())
    assert done.bytes == book.stat().st_size
    inside = see_whole(book)
    for path in runs[0].rglob("*"):
        if path.is_file() and path.parent != runs[0] and path.name != "pages.jsonl":
            assert inside[path.relative_to(runs[0]).as_posix()] == path.read_bytes()
    assert verify([book]).records == verify([runs[0]]).records


def test_revisits_bring_along_what_they_point_to(runs: tuple[Path, Path], tmp_path: Path) -> None:
    done = export(tmp_path / "again.wacz", Chosen(runs[0], (AGAIN,)))
    assert (done.captures, done.needed) == ((AGAIN,), (FIRST,))
    inside = see_whole(tmp_path / "again.wacz")
    assert {f"archive/{FIRST}.warc.gz", f"archive/{AGAIN}.warc.gz"} <= set(inside)
    pages = [json.loads(line) for line in inside["pages/pages.jsonl"].splitlines()]
    assert [page["id"] for page in pages[1:]] == [AGAIN]
    assert json.loads(inside["datapackage.json"])["needed"] == [FIRST]
    assert {one.capture_id: one.needed for one in captures(Zipped(tmp_path / "again.wacz"))} == {
        FIRST: True,
        AGAIN: False,
    }
    assert not any(name.startswith("logs/") for name in inside)


def test_one_capture_alone(runs: tuple[Path, Path], tmp_path: Path) -> None:
    done = export(tmp_path / "first.wacz", Chosen(runs[0], (FIRST,)))
    assert (done.captures, done.needed) == ((FIRST,), ())
    inside = see_whole(tmp_path / "first.wacz")
    assert "needed" not in json.loads(inside["datapackage.json"])
    lines = inside["indexes/index.cdxj"].splitlines()
    assert lines == sorted(lines)
    assert {json.loads(line[line.index(b"{") :])["filename"] for line in lines} == {
        f"{FIRST}.warc.gz"
    }


def test_a_selection_of_two_runs(runs: tuple[Path, Path], tmp_path: Path) -> None:
    done = export(tmp_path / "two.wacz", Chosen(runs[1]), Chosen(runs[0], (FIRST,)))
    assert done.captures == (FIRST, OTHER)
    inside = see_whole(tmp_path / "two.wacz")
    assert f"logs/{TWO.lower()}.jsonl" in inside
    package = json.loads(inside["datapackage.json"])
    assert package["title"] == "Chosen"
    assert package["mainPageUrl"].startswith("https://")


def test_the_same_selection_gives_the_same_file(runs: tuple[Path, Path], tmp_path: Path) -> None:
    export(tmp_path / "a.wacz", Chosen(runs[0]), Chosen(runs[1]))
    export(tmp_path / "b.wacz", Chosen(runs[1]), Chosen(runs[0]))
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()


def test_what_cannot_be_exported(runs: tuple[Path, Path], tmp_path: Path) -> None:
    book = tmp_path / "x.wacz"
    with pytest.raises(ArchiverError, match="has no capture none"):
        export(book, Chosen(runs[0], ("none",)))
    with pytest.raises(ArchiverError, match="nothing to export"):
        export(book, Chosen(runs[0], ()))
    with pytest.raises(ArchiverError, match=r"cannot write .*none/x.wacz: No such file"):
        export(tmp_path / "none/x.wacz", Chosen(runs[0]))
    warc = runs[0] / f"archive/{FIRST}.warc.gz"
    data = warc.read_bytes()
    warc.write_bytes(data[:-1] + b"x")
    with pytest.raises(ArchiveDamaged, match="is not the file of its manifest"):
        export(book, Chosen(runs[0], (AGAIN,)))
    warc.unlink()
    with pytest.raises(ArchiveDamaged, match="is missing"):
        export(book, Chosen(runs[0]))
    (runs[0] / f"manifests/{FIRST}.json").unlink()
    with pytest.raises(ArchiveDamaged, match="a revisit of again-2 refers to"):
        export(book, Chosen(runs[0], (AGAIN,)))
    (runs[0] / "datapackage-digest.json").unlink()
    with pytest.raises(ArchiverError, match="is not finished"):
        export(book, Chosen(runs[0]))
    assert [p.name for p in tmp_path.iterdir()] == ["archives"]


def test_addresses_with_braces_are_found_in_the_index(tmp_path: Path) -> None:
    """A key may hold `{` before the JSON of its line begins."""
    archive = Archive(tmp_path / "archives")
    archive.prepare()
    page = exchange('https://api.example/post?variables={"id":"12"}', body=Body.of(b"{}"))
    run = write_run(archive, ONE, [capture(page, id=FIRST, target="web:x")], CountedIds())
    keys = [line.split(" ")[0] for line in (run / "indexes/index.cdxj").read_text().splitlines()]
    assert any("{" in key for key in keys)
    book = tmp_path / "book.wacz"
    export(book, Chosen(run))
    assert see_whole(book)["indexes/index.cdxj"] == (run / "indexes/index.cdxj").read_bytes()


def test_two_exports_to_one_file(runs: tuple[Path, Path], tmp_path: Path) -> None:
    """The one that came first ends as if there were no other, and its file is not written over."""
    out, tried = tmp_path / "book.wacz", list[str]()

    def another(captures: Sequence[str]) -> Iterable[tuple[str, bytes]]:
        with pytest.raises(UsageError, match="is being written by another export") as caught:
            export(out, Chosen(runs[1]))
        tried.append(caught.value.message)
        return ()

    created = datetime(2026, 3, 6, tzinfo=UTC)
    export_wacz([Chosen(runs[0])], out, title="", created=created, software="a", extra=another)
    assert tried and captures_in(out) == {FIRST, AGAIN}
    with pytest.raises(UsageError, match="is there already"):
        export(out, Chosen(runs[1]))
    assert captures_in(out) == {FIRST, AGAIN}
    assert [path.name for path in tmp_path.glob("*.open")] == []


def captures_in(book: Path) -> set[str]:
    return {Path(name).stem for name in see_whole(book) if name.startswith("manifests/")}


def test_what_a_killed_export_left_is_written_over(runs: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "book.wacz.open").write_bytes(b"half" * 1_000_000)
    export(tmp_path / "book.wacz", Chosen(runs[0]))
    export(tmp_path / "other.wacz", Chosen(runs[0]))
    assert (tmp_path / "book.wacz").read_bytes() == (tmp_path / "other.wacz").read_bytes()
