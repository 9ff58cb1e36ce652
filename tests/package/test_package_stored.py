"""Zip files as they are written, read by Python's own reader."""

import zipfile
from pathlib import Path

import pytest

from archiver.package.stored import WIDE, StoredZip

ENTRIES = {"a.txt": b"", "archive/b.warc.gz": b"b" * 5000, "logs/ünd.jsonl": b"{}\n"}


@pytest.mark.parametrize("wide_from", [WIDE, 3000, 1])
def test_zipfile_reads_it(tmp_path: Path, wide_from: int) -> None:
    """ZIP64 is told by the numbers, so small bounds stand for large files."""
    book = tmp_path / "book.zip"
    with book.open("wb") as file, StoredZip(file, tmp_path, wide_from=wide_from) as bundle:
        for name, data in ENTRIES.items():
            bundle.copy(name, len(data), (data[:100], data[100:]))
        size = bundle.close()
    assert size == book.stat().st_size
    with zipfile.ZipFile(book) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == ENTRIES
        assert {entry.compress_type for entry in found.infolist()} == {zipfile.ZIP_STORED}
    assert list(tmp_path.iterdir()) == [book]


def test_more_entries_than_sixteen_bits_count(tmp_path: Path) -> None:
    book = tmp_path / "book.zip"
    with book.open("wb") as file, StoredZip(file, tmp_path) as bundle:
        for number in range(70_000):
            bundle.put(f"{number}", b"")
        bundle.close()
    with zipfile.ZipFile(book) as found:
        assert len(found.namelist()) == 70_000


@pytest.mark.parametrize("size", [2, 4])
def test_a_size_that_is_not_kept_is_an_error(tmp_path: Path, size: int) -> None:
    with (tmp_path / "book.zip").open("wb") as file, StoredZip(file, tmp_path) as bundle:
        with pytest.raises(ValueError, match="3 bytes instead of"):
            bundle.copy("a", size, (b"abc",))
        bundle.close()
