"""Documents from files, folders, tables, feeds and archives, and one clear line for what is none."""

import gzip
import io
import os
import threading
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.domain.document import Document
from archiver.domain.seed import BadSeed, Seed
from archiver.errors import SeedError
from archiver.intake.dated import split_date
from archiver.intake.kinds import kind_of
from archiver.intake.read import read_documents

PAGE = b"<!doctype html><title>T</title><p>Words</p>"


def documents(path: Path, **more: object) -> list[Document]:
    return list(read_documents(Seed(source=str(path), origin="test"), **more))


def one(path: Path, content: bytes | str) -> Document:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (document,) = documents(path)
    return document


def test_an_html_file(tmp_path: Path) -> None:
    document = one(tmp_path / "a.html", PAGE)
    assert (document.kind, document.body, document.url) == ("html", PAGE, None)
    assert document.source == str(tmp_path / "a.html") and document.read_at is not None


@pytest.mark.parametrize(
    ("content", "dated", "body"),
    [
        (" date 2022-01 Words here", "2022-01", "Words here"),
        ("date 2022-01-06\r\nWords", "2022-01-06", "Words"),
        ("\ufeffdate 2022-12-31\n\nWords", "2022-12-31", "\nWords"),
        ("Date: 2022-02 Words", "2022-02", "Words"),
        ("date 2022-13 Words", None, "date 2022-13 Words"),
        ("date 2022-01-45 Words", None, "date 2022-01-45 Words"),
        ("date 2022-011 Words", None, "date 2022-011 Words"),
        ("The date 2022-01 was", None, "The date 2022-01 was"),
        ("update 2022-01 x", None, "update 2022-01 x"),
    ],
)
def test_the_date_header(tmp_path: Path, content: str, dated: str | None, body: str) -> None:
    document = one(tmp_path / "a.txt", content)
    assert (document.kind, document.dated, document.body.decode()) == ("text", dated, body)


@given(st.binary(max_size=80))
def test_the_date_header_never_eats_the_text(body: bytes) -> None:
    dated, rest = split_date(body)
    assert body.endswith(rest) and (dated is None) == (rest == body)


def test_the_seed_articles_of_the_corpus() -> None:
    folder = Path(__file__).parents[2] / "../shared/seeds"
    if not folder.is_dir():
        pytest.skip("no corpus here")
    dated = [d.dated for path in sorted(folder.glob("*.txt")) for d in documents(path)]
    assert dated == ["2022-01", "2022-01-06"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><p>x", "html"), (b"<!-- c --> <html>", "html"), (b"<p>a</p><p>b</p>", "html"),
        (b"<blockquote>x", "html"), (b"Words <and> more < words", "text"), (b"a <p> in prose", "text"),
        (b'{"a": 1}', "json"), (b"[1, 2]", "json"), (b"[a](https://x.example/) is a link", "text"),
        (b"[Photo] A caption", "text"), (b"{not json}", "text"), (b'{"a":1}\n{"a":2}\n', "jsonl"),
        (b"\x00\x01\x02", "binary"), (b"%PDF-1.7", "binary"), (b"\x1f\x8b\x08", "gzip"),
        (b"WARC/1.1\r\n", "warc"), (b"PK\x03\x04", "zip"), (b" \n", "empty"), (b"", "empty"),
        (b'<?xml version="1.0"?><!-- c --><rss version="2.0">', "feed"), (b"<feed xmlns='x'>", "feed"),
        (b"<urlset>", "sitemap"), (b"<sitemapindex xmlns='x'>", "sitemap"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>', "html"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "jsonfeed"),
        ("Слова и слова".encode(), "text"), ("Слова".encode("cp1251"), "text"),
    ],
)  # fmt: skip
def test_kinds_by_their_look(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("content", "media_type", "suffix", "kind"),
    [
        (b"plain words", "text/html", "", "html"), (b"plain words", "", ".html", "html"),
        (b"plain words", "image/png", "", "binary"), (b"<p>a</p><p>b</p>", "text/plain", "", "text"),
        (b"<!doctype html>", "text/plain", ".txt", "html"), (b"a,b", "", ".csv", "table"),
        (b"<rss>", "text/html", ".html", "feed"), (b"a <blockquote>b", "", ".md", "html"),
        (b"# head", "", ".md", "text"), (b"{}", "application/json", "", "json"),
        (b"WARC/1.0", "text/plain", ".txt", "warc"),
    ],
)  # fmt: skip
def test_kinds_by_what_is_said(content: bytes, media_type: str, suffix: str, kind: str) -> None:
    assert kind_of(content, media_type=media_type, suffix=suffix) == kind


@given(st.binary(max_size=300), st.sampled_from(["", ".html", ".txt", ".json", ".xml", ".csv"]))
def test_any_bytes_have_a_kind(content: bytes, suffix: str) -> None:
    assert kind_of(content, suffix=suffix)


@pytest.mark.parametrize(
    "hostile",
    [b"<?xml " * 10000, b"<?x?>" * 10000, b"<!--x-->" * 8000, b"<!--" * 16000, b"<p " * 20000,
     b"[" * 65536, b'{"a":' * 13000, b"<" * 65536, b"<?xml ><!DOCTYPE " * 4000],
    ids=lambda b: b[:10].decode(),
)  # fmt: skip
def test_hostile_heads_take_no_time(hostile: bytes) -> None:
    began = time.monotonic()
    kind_of(hostile)
    assert time.monotonic() - began < 1


def test_stdin_is_sniffed() -> None:
    for content, kind in ((PAGE, "html"), (b" date 2022-01 Words", "text"), (b'{"a": 1}', "json")):
        (document,) = read_documents(Seed(source="-", origin="argument 1", content=content))
        assert (document.source, document.kind) == ("-", kind)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.html", b"", "there is nothing in it"), ("a.txt", b"\x00\x01" * 50, "neither HTML nor text"),
        ("a.pdf", b"%PDF-1.4", "neither HTML nor text"), ("a.gz", b"\x1f\x8b\x08broken", "damaged gzip"),
        ("a.zip", b"PK\x03\x04broken", "damaged zip"), ("a.csv", b"a,b\n1,2\n", "no column of this table"),
        ("a.jsonl", b'{"a":1}\n', "no line of this file"), ("a.rss", b"<rss><channel/></rss>", "no entries"),
        ("b.rss", b"<rss><channel><item></rss>", "broken"), ("a.warc", b"WARC/1.0\r\nbroken", "WARC"),
        ("j.json", b'{"version":"https://jsonfeed.org/version/1"}', "no items"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SeedError) as caught:
        documents(tmp_path / name)
    assert words in caught.value.message and "\n" not in caught.value.message


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    for place, words in ((tmp_path / "gone", "no such file"), (Path("/dev/null"), "not a file")):
        with pytest.raises(SeedError, match=words):
            documents(place)
    with pytest.raises(SeedError, match="nothing in this folder"):
        documents(tmp_path)


def test_a_url_without_a_network() -> None:
    with pytest.raises(SeedError, match="network"):
        list(read_documents(Seed(source="https://example.org/", origin="argument 1")))


def test_a_named_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    pipe = tmp_path / "pipe"
    writer = threading.Thread(target=pipe.write_bytes, args=(PAGE,), daemon=True)
    writer.start()
    assert documents(tmp_path / "pipe")[0].body == PAGE
    writer.join(5)


def test_gzip_is_looked_through(tmp_path: Path) -> None:
    assert one(tmp_path / "a.html.gz", gzip.compress(b"plain words")).kind == "html"
    assert one(tmp_path / "b.txt.gz", gzip.compress(b" date 2022-01 x")).dated == "2022-01"
    nested = gzip.compress(gzip.compress(gzip.compress(PAGE)))
    assert one(tmp_path / "c.gz", nested).body == PAGE
    (tmp_path / "d.gz").write_bytes(nest(PAGE, 9))
    with pytest.raises(SeedError, match="too many containers"):
        documents(tmp_path / "d.gz")


def nest(content: bytes, times: int) -> bytes:
    return nest(gzip.compress(content), times - 1) if times else content


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.html.gz", "wb") as packed:
        for _ in range(70):
            packed.write(bytes([32]) * (1 << 20))
    with pytest.raises(SeedError, match="too large"):
        documents(tmp_path / "a.html.gz")


def test_a_file_too_large(tmp_path: Path) -> None:
    with (tmp_path / "a.html").open("wb") as file:
        file.write(PAGE.ljust(8192))
        file.truncate(65 << 20)
    with pytest.raises(SeedError, match="larger than 64 MB"):
        documents(tmp_path / "a.html")


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b.html", "a.txt", "sub/c.htm", ".hidden/d.html", "picture.png", ".e.html"):
        (tmp_path / name).write_bytes(PAGE)
    (tmp_path / "sub" / "broken.gz").write_bytes(b"\x1f\x8b")
    bad: list[BadSeed] = []
    found = documents(tmp_path, report=bad.append)
    assert [d.source for d in found] == [
        str(tmp_path / n) for n in ("a.txt", "b.html", "sub/c.htm")
    ]
    assert [Path(b.source).name for b in bad] == ["broken.gz"]
    with pytest.raises(SeedError, match=r"broken\.gz: a damaged gzip"):
        documents(tmp_path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables(tmp_path: Path, delimiter: str) -> None:
    rows = [["Title", "HTML", "Text", "URL", "Date"],
            ["One", '"<p>a</p>\n<p>b</p>"', "", "https://example.org/1", "2024-05-06T10:00:00Z"],
            ["Two", "", " date 2022-01 plain", "", ""],
            ["Three", "", "", "", ""]]  # fmt: skip
    (tmp_path / "t.csv").write_text("\ufeff" + "\n".join(delimiter.join(row) for row in rows))
    bad: list[BadSeed] = []
    first, second = documents(tmp_path / "t.csv", report=bad.append)
    assert (first.kind, first.url, first.dated, first.title) == (
        "html", "https://example.org/1", "2024-05-06", "One")  # fmt: skip
    assert (second.kind, second.dated, second.body) == ("text", "2022-01", b"plain")
    assert second.source.endswith("t.csv#2")
    assert [b.reason for b in bad] == ["this row holds no html, text or url"]


def test_json_lines(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text(
        '{"text": "Some words", "url": "https://example.org/1"}\nnot json\n\n'
        '{"Body": "<p>x</p><p>y</p>", "n": 3}\n{"html": "<p>x</p>"}\n[1]\n'
    )
    kinds = [(d.source.rpartition("#")[2], d.kind) for d in documents(tmp_path / "t.jsonl")]
    assert kinds == [("1", "text"), ("4", "text"), ("5", "html")]


RSS = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Feed</title><link>https://example.org/</link>
<item><title>One</title><link>https://example.org/1</link><pubDate>Mon, 06 May 2024 10:00:00 GMT</pubDate>
<description>short</description><content:encoded><![CDATA[<p>full &amp; whole</p>]]></content:encoded></item>
<item><title>Two</title><description>&lt;p&gt;escaped&lt;/p&gt;</description></item>
<item><title>Three</title><link>https://example.org/3</link><description>summary only</description></item>
</channel></rss>"""


def test_a_feed_without_a_network_gives_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "f.xml").write_bytes(RSS)
    bad: list[BadSeed] = []
    first, second = documents(tmp_path / "f.xml", report=bad.append)
    assert (first.body, first.url, first.title) == (
        b"<p>full &amp; whole</p>", "https://example.org/1", "One")  # fmt: skip
    assert (second.body, second.url) == (b"<p>escaped</p>", None)
    assert [b.source for b in bad] == ["https://example.org/3"]


def test_the_picture_of_a_channel_is_no_entry_of_the_feed(tmp_path: Path) -> None:
    picture = b"<image><url>https://example.org/icon.png</url></image><item><title>One"
    (tmp_path / "f.xml").write_bytes(RSS.replace(b"<item><title>One", picture))
    bad: list[BadSeed] = []
    read = documents(tmp_path / "f.xml", report=bad.append)
    assert [d.source.rpartition("#")[2] for d in read] == ["1", "2"]
    assert [b.source for b in bad] == ["https://example.org/3"]


def test_a_feed_with_entities_is_refused(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b"><!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>'
    (tmp_path / "f.rss").write_bytes(bomb)
    with pytest.raises(SeedError, match="entities"):
        documents(tmp_path / "f.rss")


def test_a_feed_that_breaks_off_gives_its_entries(tmp_path: Path) -> None:
    (tmp_path / "f.rss").write_bytes(RSS[: RSS.index(b"<item><title>Three")])
    assert len(documents(tmp_path / "f.rss")) == 2


# ---- web archives


def warc(*pages: tuple[str, str, str, bytes, str]) -> bytes:
    """Responses of (url, status, content type, body, date)."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    for url, status, media_type, body, date in pages:
        headers = StatusAndHeaders(status, [("Content-Type", media_type)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url, "response", io.BytesIO(body), http_headers=headers,
                warc_headers_dict={"WARC-Date": date},
            )
        )  # fmt: skip
    return out.getvalue()


PAGES = (
    (
        "https://example.org/a",
        "200 OK",
        "text/html; charset=windows-1251",
        PAGE,
        "2021-02-03T04:05:06Z",
    ),
    ("https://example.org/b", "404 Not Found", "text/html", PAGE, "2021-02-03T04:05:06Z"),
    ("https://example.org/c.png", "200 OK", "image/png", b"png", "2021-02-03T04:05:06Z"),
    ("https://example.org/d", "200 OK", "text/html", b"<p>d</p>", "2021-02-03T04:05:07Z"),
    ("https://example.org/e", "200 OK", "text/html", b"", "2021-02-03T04:05:07Z"),
)


def expect_pages(found: list[Document], path: Path) -> None:
    assert [d.source for d in found] == [f"{path}#https://example.org/{n}" for n in "ad"]
    assert found[0].body == PAGE and found[0].charset == "windows-1251"
    assert (
        found[0].read_at is not None and found[0].read_at.isoformat() == "2021-02-03T04:05:06+00:00"
    )
    assert found[1].url == "https://example.org/d"


def test_a_warc(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc(*PAGES))
    expect_pages(documents(tmp_path / "a.warc.gz"), tmp_path / "a.warc.gz")
    (tmp_path / "b.warc").write_bytes(gzip.decompress(warc(*PAGES)))
    expect_pages(documents(tmp_path / "b.warc"), tmp_path / "b.warc")


def test_compressed_bodies_in_a_warc(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    headers = StatusAndHeaders(
        "200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], protocol="HTTP/1.1"
    )
    body = io.BytesIO(gzip.compress(PAGE))
    writer.write_record(
        writer.create_warc_record("http://x.example/", "response", body, http_headers=headers)
    )
    (tmp_path / "a.warc").write_bytes(out.getvalue())
    assert documents(tmp_path / "a.warc")[0].body == PAGE


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wacz(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w", method) as packed:
        packed.writestr("datapackage.json", "{}")
        packed.writestr("archive/data.warc.gz", warc(*PAGES))
    expect_pages(documents(path), path)


def test_a_zip_that_is_no_wacz(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("a.html", PAGE)
    with pytest.raises(SeedError, match="no WACZ"):
        documents(tmp_path / "a.zip")


@given(st.binary(min_size=1, max_size=200))
def test_any_file_gives_documents_or_one_line(content: bytes) -> None:
    seed = Seed(source="-", origin="test", content=content)
    try:
        for document in read_documents(seed):
            assert document.kind in {"html", "text", "json"}
    except SeedError as error:
        assert "\n" not in error.message


def coded(*bodies: tuple[str, str, bytes]) -> bytes:
    """A WARC whose responses have a header and a body that may not fit it."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    for number, (name, value, body) in enumerate(bodies):
        named = [("Content-Type", "text/html"), (name, value)]
        headers = StatusAndHeaders("200 OK", named, protocol="HTTP/1.1")
        url = f"http://x.example/{number}"
        record = writer.create_warc_record(url, "response", io.BytesIO(body), http_headers=headers)
        writer.write_record(record)
    return out.getvalue()


def test_a_body_that_is_not_coded_as_its_header_says_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    path.write_bytes(
        coded(
            ("Content-Encoding", "gzip", PAGE),
            ("Content-Encoding", "br", PAGE),
            ("Content-Encoding", "nonsense", PAGE),
            ("Transfer-Encoding", "chunked", PAGE),
            ("Transfer-Encoding", "chunked", chunked),
            ("Content-Encoding", "gzip", gzip.compress(PAGE)[:-8]),
            ("X-Last", "1", PAGE),
        )
    )
    assert [document.body for document in documents(path)] == [PAGE] * 7


def test_a_warc_that_breaks_off_gives_what_came_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(coded(("X-First", "1", PAGE), ("X-Last", "1", PAGE))[:-20])
    found = []
    with pytest.raises(SeedError, match="in the middle of a record"):
        for document in read_documents(Seed(source=str(path), origin="test")):
            found.append(document.body)
    assert found == [PAGE, PAGE[:-16]]
