"""WACZ files that other tools made: all their pages are listed and replayed, and none takes the machine's memory."""

import base64
import gzip
import hashlib
import io
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.errors import ArchiveDamaged
from archiver.viewer.captured import captures, picture
from archiver.viewer.desk import Desk
from archiver.viewer.indexes import index_lines
from archiver.viewer.packages import Zipped
from archiver.viewer.pywb import replayed_by_pywb
from archiver.viewer.serve import served

SITE = "https://other.example"
FIRST, LATER = "2026-11-01T10:00:00Z", "2026-11-01T10:01:00Z"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
DIGEST = "sha1:" + base64.b32encode(hashlib.sha1(PICTURE).digest()).decode()
MANIFEST = "manifests/x-1.json"
PAGES = "pages/pages.jsonl"


def a_warc(path: Path, *, compressed: bool, date: str, answers: dict[str, bytes]) -> None:
    """A WARC file as other tools write it: responses without requests; in the later one a revisit."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=compressed)
        for url, body in answers.items():
            kind = "image/png" if body == PICTURE else "text/html; charset=utf-8"
            writer.write_record(
                writer.create_warc_record(
                    SITE + url,
                    "response",
                    payload=io.BytesIO(body),
                    http_headers=StatusAndHeaders("200 OK", [("Content-Type", kind)], "HTTP/1.1"),
                    warc_headers_dict={"WARC-Date": date},
                )
            )
        if date == LATER:
            record = writer.create_revisit_record(
                f"{SITE}/again.png", DIGEST, f"{SITE}/first.png", FIRST,
                http_headers=StatusAndHeaders("200 OK", [("Content-Type", "image/png")], "HTTP/1.1"),
                warc_headers_dict={"WARC-Date": date},
            )  # fmt: skip
            writer.write_record(record)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By py-wacz: a compressed index, two WARC files of which one is not, a revisit across them, two lists of pages."""
    folder = tmp_path_factory.mktemp("foreign")
    first = {"/": b"<p>first words</p>", "/first.png": PICTURE}
    a_warc(folder / "a.warc.gz", compressed=True, date=FIRST, answers=first)
    a_warc(folder / "b.warc", compressed=False, date=LATER, answers={"/b": b"<p>more</p>"})
    pages = {"pages": (f"{SITE}/", FIRST), "extra": (f"{SITE}/b", LATER)}
    for name, (url, at) in pages.items():
        head = {"format": "json-pages-1.0", "id": name, "title": "Pages"}
        page = {"id": name, "url": url, "ts": at, "title": None, "text": "words " * 1000}
        (folder / name).write_text(f"{json.dumps(head)}\n{json.dumps(page)}\n")
    subprocess.run(
        [Path(sys.executable).with_name("wacz"), "create", "-o", "book.wacz", "-p", "pages", "-e", "extra",
         "a.warc.gz", "b.warc"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder / "book.wacz"


def test_every_page_is_listed(foreign: Path) -> None:
    """Those beside the chief list too; nobody has judged what they show."""
    found = list(captures(Zipped(foreign)))
    assert [(one.page_url, one.status) for one in found] == [
        (f"{SITE}/", "listed"), (f"{SITE}/b", "listed"),
    ]  # fmt: skip
    assert len({one.capture_id for one in found}) == 2


def test_pywb_replays_by_a_compressed_index(foreign: Path, judges: Path) -> None:
    book = Zipped(foreign)
    with (
        served(Desk("T", [book], list(captures(book)), "said")) as desk,
        replayed_by_pywb(judges / "wayback", [book], desk) as address,
        httpx.Client(base_url=f"{address}/20261101100000mp_/{SITE}", timeout=60) as client,
    ):
        assert "first words" in client.get("/").text and "more" in client.get("/b").text
        assert client.get("/first.png").content == PICTURE
        assert client.get("/again.png").content == PICTURE
        assert client.get("/nothing").status_code == 404


def packed(path: Path, files: dict[str, bytes], *, deflated: bool = True) -> Zipped:
    kind = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", kind) as bundle:
        for name, data in files.items():
            bundle.writestr(name, data)
    return Zipped(path)


def test_lists_of_pages_as_they_come(tmp_path: Path) -> None:
    """Without a first line about themselves, or with one that says little; with empty lines, and with a page that is
    in all of them."""
    one, two, three = (json.dumps({"url": f"{SITE}/{n}", "ts": FIRST}) for n in "123")
    files = {
        PAGES: f"{one}\r\n\n",
        "pages/extraPages.jsonl": f'{{"format": "x"}}\n{one}\n{two}',
        "pages/more.jsonl": f'{{"title": "All"}}\n{one}\n{three}',
    }
    book = packed(tmp_path / "a.wacz", {name: text.encode() for name, text in files.items()})
    assert [one.page_url for one in captures(book)] == [f"{SITE}/1", f"{SITE}/2", f"{SITE}/3"]


@pytest.mark.parametrize("line", ["{}", "[]", '{"url": "https://x.example/"}', "no JSON"])
def test_a_line_that_names_no_page_is_named(tmp_path: Path, line: str) -> None:
    book = packed(tmp_path / "a.wacz", {PAGES: f'{{"format": "x"}}\n{line}\n'.encode()})
    with pytest.raises(ArchiveDamaged, match=r"^pages/pages\.jsonl of .*a\.wacz, line 2"):
        list(captures(book))


def test_plain_indexes_are_read_whatever_their_name(tmp_path: Path) -> None:
    files = {
        "indexes/index.cdx": b"!meta 0 {}\nb 1 {}\r\n", "indexes/more.cdxj": b"a 1 {}",
        "indexes/index.idx": b"not a line", "indexes/index.cdx.gz": gzip.compress(b"c 1 {}\n") * 2,
    }  # fmt: skip
    lines = index_lines(packed(tmp_path / "a.wacz", files))
    assert sorted(lines) == [b"a 1 {}\n", b"b 1 {}\n", b"c 1 {}\n", b"c 1 {}\n"]


@pytest.mark.parametrize(
    ("name", "deflated", "why"),
    [
        (MANIFEST, True, "expands from"),
        (MANIFEST, False, "larger than"),
        ("datapackage.json", True, "expands from"),
        ("datapackage.json", False, "larger than"),
        (PAGES, True, "expands from"),
        (PAGES, False, "a line of more than"),
    ],
)
def test_what_is_larger_than_any_is_not_read(
    tmp_path: Path, name: str, deflated: bool, why: str
) -> None:
    bomb = b"{" + b" " * (80 << 20) + b"}"
    book = packed(tmp_path / "a.wacz", {name: bomb}, deflated=deflated)
    with pytest.raises(ArchiveDamaged, match=rf"^{name} (in|of) .*{why}"):
        list(captures(book))


def test_manifests_that_expand_together_are_not_read(tmp_path: Path) -> None:
    """By what the directory says; none of them is read to see."""
    book = packed(tmp_path / "a.wacz", {f"manifests/x-{n}.json": b"{}" for n in range(5)})
    data = bytearray(book.path.read_bytes())
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = struct.pack("<I", 60 << 20)
        at = data.find(b"PK\x01\x02", at + 1)
    book.path.write_bytes(data)
    with pytest.raises(ArchiveDamaged, match=r"the manifests of .* expand to more than 256 MiB"):
        list(captures(Zipped(book.path)))


@pytest.mark.parametrize("name", ["indexes/index.cdx.gz", "indexes/index.cdx"])
def test_an_index_that_never_ends_is_not_unpacked(tmp_path: Path, name: str) -> None:
    data = b"a 1 {}\n" * (12 << 20)
    data = gzip.compress(data, 9) if name.endswith("gz") else data
    book = packed(tmp_path / "a.wacz", {name: data}, deflated=not name.endswith("gz"))
    with pytest.raises(ArchiveDamaged, match=rf"^{name} in .*(beyond measure)"):
        for _ in index_lines(book):
            pass


@pytest.mark.parametrize("offset", [-1, 1 << 70])
def test_a_picture_that_lies_nowhere(tmp_path: Path, offset: int) -> None:
    record = {"file": "archive/x-1.warc.gz", "offset": offset, "length": 5, "type": "resource"}
    manifest = {"records": [record | {"target_uri": "urn:view:x"}]}
    files = {MANIFEST: json.dumps(manifest).encode(), "archive/x-1.warc.gz": b"12345"}
    with pytest.raises(ArchiveDamaged):
        picture(packed(tmp_path / "a.wacz", files), "x-1", "view")
