"""Tampering with a sealed archive, byte by byte: everything is found, or is proven to mean nothing."""

import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tampering import Tampered, altered, flips

from archiver.manifests.file import read_manifest
from archiver.storage.layout import Archive
from archiver.storage.rebuild import rebuild


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Tampered:
    found = Tampered(tmp_path_factory.mktemp("tampering"))
    assert found.lines() == []
    return found


def in_ledger(path: Path) -> list[object]:
    """What the ledger says of each capture."""
    base = sqlite3.connect(path)
    try:
        captures = base.execute("SELECT * FROM captures ORDER BY rowid").fetchall()
        return captures + base.execute("SELECT * FROM embeds ORDER BY capture_id").fetchall()
    finally:
        base.close()


def found_of(archive: Tampered, count: int, seed: int) -> Counter[tuple[str, bool]]:
    """Flip so many bits; gives by kind how many were found and how many mean nothing. The ledger is a
    cache: what is not found there must leave alone what it says of each capture."""
    told: Counter[tuple[str, bool]] = Counter()
    files = archive.files
    ledger = in_ledger(files["ledger"][0])
    for kind, path, data in flips(files, count, seed):
        with altered(path, data):
            report = archive.check_near(path)
            told[kind, not report.whole] += 1
            if report.whole:
                assert kind == "ledger", f"{path}: a flip was not found"
                assert in_ledger(path) == ledger
            for defect in report.defects:
                assert str(defect).isprintable()
    assert archive.lines() == []
    return told


@pytest.mark.parametrize("seed", range(4))
def test_flips(archive: Tampered, seed: int) -> None:
    told = found_of(archive, 390, seed)
    assert sum(told.values()) == 390
    assert {kind for kind, found in told if not found} <= {"ledger"}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 104))
def test_ten_thousand_flips(
    archive: Tampered, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    told = found_of(archive, 2509, seed)
    with capsys.disabled():
        print()
        for kind in sorted(archive.files):
            found, harmless = told[kind, True], told[kind, False]
            print(
                f"{kind:<15} {found + harmless:5} flips, {found:5} found, {harmless:4} mean nothing"
            )


def members(data: bytes) -> Iterator[int]:
    """Where each gzip member begins."""
    at = 0
    while at < len(data):
        yield at
        engine = zlib.decompressobj(31)
        engine.decompress(data[at:])
        at = len(data) - len(engine.unused_data)


def last_record(kind: str, data: bytes) -> int:
    """Where the last record of an append-only file begins: a gzip member or a line; all of a small file."""
    if kind == "WARC":
        return list(members(data))[-1]
    if kind in ("leaves", "index", "pages", "run log"):
        return data.rstrip(b"\n").rfind(b"\n") + 1
    return 0 if len(data) < 400 else len(data) - 60


@pytest.mark.parametrize(
    "kind", ["WARC", "index", "pages", "run log", "leaves", "checkpoint", "tombstone", "time stamp"]
)
def test_cut_at_every_byte_of_the_last_record(archive: Tampered, kind: str) -> None:
    path = archive.files[kind][-1]
    data = path.read_bytes()
    missed = []
    for cut in range(last_record(kind, data), len(data)):
        with altered(path, data[:cut]):
            if archive.check_near(path).whole:
                missed.append(cut)
    assert missed == []


@pytest.mark.parametrize("kind", ["WARC", "manifest", "index", "package", "leaves", "checkpoint"])
@pytest.mark.parametrize("tail", [b"\0", b"\n", b"\0" * 4096, b"{}\n"])
def test_bytes_after_the_end(archive: Tampered, kind: str, tail: bytes) -> None:
    path = archive.files[kind][0]
    with altered(path, path.read_bytes() + tail):
        assert archive.lines()


def test_every_file_missing_or_empty_or_another_of_its_kind(archive: Tampered) -> None:
    """Each file taken away, emptied, or replaced by another of the same kind. A private key may be kept
    elsewhere, and a checkpoint before the last says nothing that the last does not."""
    free = {archive.sealed.archive.keys.private("log"), archive.sealed.archive.keys.private("wacz")}
    for kind, paths in archive.files.items():
        for path in paths:
            before = path.read_bytes()
            for other in sorted({b"", *(p.read_bytes() for p in paths)} - {before}):
                with altered(path, other):
                    assert archive.lines(), (path, other[:40])
            aside = path.rename(archive.root.parent / "aside")
            last = kind != "checkpoint" or path == paths[-1]
            stamped = path.name == "000000000003.txt"
            assert bool(archive.lines()) == ((last or stamped) and path not in free), path
            aside.rename(path)
    assert archive.lines() == []


def test_a_ledger_with_a_flip_is_made_again(archive: Tampered, tmp_path: Path) -> None:
    """What the ledger says stands in the manifests too: made again it is the same."""
    path = archive.files["ledger"][0]
    before, saying = path.read_bytes(), in_ledger(path)
    path.write_bytes(b"nothing")
    assert archive.lines()
    path.unlink()
    rebuild(Archive(archive.root), read_manifest, archive.sealed.sealer()._clock)
    assert sorted(map(str, in_ledger(path))) == sorted(map(str, saying))
    for left in archive.sealed.archive.quarantine.iterdir():
        left.unlink()
    path.write_bytes(before)
    assert archive.lines() == []


def said_in_ledger(archive: Tampered, statement: str, *values: object) -> list[str]:
    """What verify says when this was done to the ledger."""
    path = archive.files["ledger"][0]
    with altered(path, path.read_bytes()):
        base = sqlite3.connect(path)
        assert base.execute(statement, values).rowcount in (1, -1)  # the latter: no row is changed
        base.commit()
        base.close()
        return archive.lines()


def test_whatever_the_ledger_says_of_a_capture_is_compared(archive: Tampered) -> None:
    """`list` and `show` read the ledger: a date or a reason that only stands there is found."""
    base = sqlite3.connect(archive.files["ledger"][0])
    columns = [row[1] for row in base.execute("PRAGMA table_info(captures)")]
    base.close()
    assert "started_at" in columns
    for column in columns:
        value = 7.5 if column == "retry_after" else "2001-01-01T00:00:00.000000Z"
        statement = f"UPDATE captures SET {column} = ? WHERE rowid = 1"
        assert said_in_ledger(archive, statement, value), column


@pytest.mark.parametrize(
    ("capture", "words"),
    [("capture-0-0", "its articles are others"), ("capture-9-9", "captures that it does not have")],
)
def test_an_article_that_only_the_ledger_knows(archive: Tampered, capture: str, words: str) -> None:
    row = (capture, 90, "x:1", "https://a.example/", "https://a.example/", f"sha256:{'0' * 64}")
    (line,) = said_in_ledger(archive, "INSERT INTO embeds VALUES (?, ?, ?, ?, ?, ?)", *row)
    assert words in line


COPIED = (
    "run_id, kind, platform, post_id, url, reason, started_at, ended_at, manifest, manifest_digest"
)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            f"INSERT INTO captures (rowid, capture_id, target, status, {COPIED})"
            f" SELECT -1, 'forged', 'x:1', 'gone', {COPIED} FROM captures WHERE rowid = 1",
            "has more than one row for runs/",
        ),
        (
            "CREATE TRIGGER later AFTER INSERT ON captures BEGIN UPDATE captures SET status = 'gone'; END",
            "holds the trigger later, which no ledger has",
        ),
        ("CREATE VIEW shown AS SELECT * FROM captures", "holds the view shown"),
        ("UPDATE captures SET retry_after = 'soon' WHERE rowid = 1", "its retry_after is None"),
        (
            "UPDATE captures SET started_at = replace(started_at, '-', '') WHERE rowid = 1",
            "its started_at is",
        ),
        (
            "UPDATE captures SET ended_at = replace(ended_at, 'Z', '+00:00') WHERE rowid = 1",
            "its ended_at is",
        ),
    ],
    ids=["a second row", "a trigger", "a view", "a word for a number", "sorts last", "sorts first"],
)
def test_what_a_ledger_may_hold(archive: Tampered, statement: str, words: str) -> None:
    """A row that no manifest stands behind, and times that are equal and sort otherwise, make another `list`."""
    (line,) = said_in_ledger(archive, statement)
    assert words in line


def test_a_stamp_without_its_checkpoint(archive: Tampered) -> None:
    (stamp,) = archive.files["time stamp"]
    other = stamp.with_name(stamp.name.replace("000000000003", "000000000002"))
    other.write_bytes(stamp.read_bytes())
    (line,) = archive.lines()
    other.unlink()
    assert line == f"log/stamps/{other.name}: is a time stamp of a checkpoint that is not there"


def test_a_tombstone_of_another_run(archive: Tampered) -> None:
    (stone,) = archive.files["tombstone"]
    runs = [run.id.encode() for run in archive.sealed.runs]
    with altered(stone, stone.read_bytes().replace(runs[1], runs[0])):
        found = archive.lines()
    assert any(f"was of the run {runs[0].decode()}, as" in line for line in found), found
