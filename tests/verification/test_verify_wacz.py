"""Zip files from strangers: what is unsafe is named and never opened."""

import struct
import warnings
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import made
import pytest

from archiver.clock import parse_iso
from archiver.package.run import PageEntry, write_package
from archiver.verification.verify import verify
from archiver.verification.wacz import ZipTree

Write = Callable[[zipfile.ZipFile], object]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = made.unpackaged_run(tmp_path / made.RUN_ID)
    url, at = "https://social.example/post", parse_iso(made.DATE)
    pages = [
        PageEntry(id=name, url=f"{url}/{name}", at=at, title=f"x:{name}")
        for name in ("aaaa-1", "bbbb-2")
    ]
    created = datetime(2026, 11, 22, 5, tzinfo=UTC)
    write_package(folder, title="A run", created=created, software="a", captures=pages)
    return folder


def zipped(run: Path, extra: Write = lambda bundle: None, *, pack: str = "") -> Path:
    """The run as a zip; files whose path begins with `pack` are deflated if it is given."""
    book = run.parent / "run.wacz"
    with zipfile.ZipFile(book, "w") as bundle:
        for path in sorted(run.rglob("*")):
            name = path.relative_to(run).as_posix()
            if path.is_file():
                deflate = bool(pack) and name.startswith(pack)
                bundle.write(path, name, zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            extra(bundle)
    return book


def said(book: Path) -> list[str]:
    return [str(defect).removeprefix(str(book)) for defect in verify([book]).defects]


def info(name: str, **fields: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    for key, value in fields.items():
        setattr(entry, key, value)
    return entry


def test_whole_also_with_folders_and_deflated_lists(run: Path) -> None:
    assert said(zipped(run)) == []
    assert said(zipped(run, lambda z: z.mkdir("logs/"))) == []
    assert said(zipped(run, pack="manifests/")) == []


UNSAFE: list[tuple[str, Write, str]] = [
    ("parent", lambda z: z.writestr("../x", "x"), "entry ../x: its name has an empty part"),
    ("absolute", lambda z: z.writestr("/etc/x", "x"), "entry /etc/x: its name is absolute"),
    ("drive", lambda z: z.writestr("C:/x", "x"), "its name is absolute"),
    ("backslash", lambda z: z.writestr("logs\\x", "x"), "its name holds a backslash"),
    ("dot", lambda z: z.writestr("logs/./x", "x"), "its name has an empty part"),
    ("control", lambda z: z.writestr("logs/\x1b[2Jx", "x"), "its name holds control characters"),
    ("twice", lambda z: z.writestr("logs/run.jsonl", "x"), "logs/run.jsonl: is there twice"),
    (
        "link",
        lambda z: z.writestr(info("logs/l", external_attr=0o120777 << 16), "/etc/passwd"),
        "is a symbolic link",
    ),
    (
        "bomb",
        lambda z: z.writestr("logs/bomb", b"\0" * 30_000_000, zipfile.ZIP_DEFLATED),
        "expands from",
    ),
    ("method", lambda z: z.writestr("logs/x", "x", zipfile.ZIP_LZMA), "compression method 14"),
    ("comment", lambda z: setattr(z, "comment", b"hello"), "after the end record"),
    ("not listed", lambda z: z.writestr("logs/x", "x"), "!logs/x: is not listed"),
]


@pytest.mark.parametrize(("extra", "words"), [c[1:] for c in UNSAFE], ids=[c[0] for c in UNSAFE])
def test_unsafe_entries(run: Path, extra: Write, words: str) -> None:
    found = said(zipped(run, extra))
    assert any(words in line for line in found), found
    assert all(line.isprintable() for line in found)


def test_unsafe_entries_are_not_among_the_files(run: Path) -> None:
    book = zipped(run, lambda z: [extra(z) for _, extra, _ in UNSAFE[:10]])
    safe = {p.relative_to(run).as_posix() for p in run.rglob("*") if p.is_file()}
    assert set(ZipTree(book).files) <= safe


def test_deflated_warcs(run: Path) -> None:
    found = said(zipped(run, pack="archive/"))
    assert any(
        "archive/aaaa-1.warc.gz: is deflated; WACZ wants it stored" in line for line in found
    )


def test_encrypted_entry(run: Path) -> None:
    book = zipped(run)
    data = bytearray(book.read_bytes())
    for magic, at in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        data[data.index(magic) + at] |= 1
    book.write_bytes(data)
    assert any("is encrypted" in line for line in said(book))


def test_overlapping_entries(run: Path) -> None:
    """Two names for one span, as in David Fifield's zip bombs."""
    book = zipped(run)
    data = bytearray(book.read_bytes())
    first = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", first + 4)
    offset = data[first + 42 : first + 46]
    data[second + 42 : second + 46] = offset
    book.write_bytes(data)
    found = said(book)
    assert any("overlaps" in line or "differs from the directory" in line for line in found), found


@pytest.mark.parametrize("where", ["front", "middle", "back"])
def test_foreign_bytes(run: Path, where: str) -> None:
    book = zipped(run)
    data = book.read_bytes()
    end = data.index(b"PK\5\6")
    directory = struct.unpack_from("<I", data, end + 16)[0]
    at = {"front": 0, "middle": directory, "back": len(data)}[where]
    moved = bytearray(data[:at] + b"foreign" + data[at:])
    if where == "middle":
        struct.pack_into("<I", moved, end + 7 + 16, directory + 7)
    book.write_bytes(moved)
    assert said(book)


def test_every_cut(run: Path) -> None:
    book = zipped(run)
    data = book.read_bytes()
    for cut in [*range(60), *range(60, len(data), 997), *range(len(data) - 60, len(data))]:
        book.write_bytes(data[:cut])
        assert said(book), cut


def test_missing_digest_is_no_unfinished_run(run: Path) -> None:
    (run / "datapackage-digest.json").unlink()
    (line,) = said(zipped(run))
    assert line == "!datapackage-digest.json: is missing"


def test_altered_name_in_the_local_header(run: Path) -> None:
    book = zipped(run)
    data = bytearray(book.read_bytes())
    data[30] ^= 1
    book.write_bytes(data)
    assert any("local header differs" in line for line in said(book))
