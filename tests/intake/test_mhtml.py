"""Pages that a browser saved in one file: what is in them, and one clear line for what is not."""

import base64
import quopri
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.domain.document import Document
from archiver.domain.seed import Seed
from archiver.errors import SeedError
from archiver.extraction.find import find_embeds
from archiver.intake.kinds import kind_of
from archiver.intake.read import read_documents

ADDRESS = "https://paper.example/2026/waves"
FRAME = "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=2110259880918667265"
HEAD = f"""From: <Saved by Blink>
Snapshot-Content-Location: {ADDRESS}
Subject: =?utf-8?Q?Waves?=
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----Line--x9----"

"""
PAGE = (
    "<!doctype html><title>Wäves</title><p>Words = words, and a long line that is folded where it is saved.</p>"
    '<iframe src="cid:frame-1@mhtml.blink"></iframe><img src="cid:frame-9@mhtml.blink">'
    '<blockquote class="twitter-tweet"><a href="https://twitter.com/a/status/1478655579913867265">'
    "January 5, 2022</a></blockquote>"
)


def part(content: bytes, *headers: str) -> bytes:
    return b"------Line--x9----\n" + "".join(f"{h}\n" for h in headers).encode() + b"\n" + content


def saved(*parts: bytes, end: bytes = b"\n------Line--x9------\n") -> bytes:
    return (HEAD.encode() + b"\n".join(parts) + end).replace(b"\n", b"\r\n")


def page(content: str = PAGE, coding: str = "quoted-printable") -> bytes:
    raw = content.encode()
    packed = {
        "quoted-printable": quopri.encodestring(raw),
        "base64": base64.encodebytes(raw),
        "binary": raw,
    }
    return part(
        packed[coding],
        "Content-Type: text/html; charset=utf-8",
        "Content-ID: <frame-0@mhtml.blink>",
        f"Content-Transfer-Encoding: {coding}",
        f"Content-Location: {ADDRESS}",
    )


def frame(location: str = FRAME) -> bytes:
    kind, name = "Content-Type: text/html", "Content-ID: <frame-1@mhtml.blink>"
    return part(b"<p>a frame", kind, name, f"Content-Location: {location}")


def style() -> bytes:
    return part(b"p { color: red }", "Content-Type: text/css", f"Content-Location: {ADDRESS}.css")


def read(tmp_path: Path, content: bytes, name: str = "saved.mhtml") -> Document:
    path = tmp_path / name
    path.write_bytes(content)
    (document,) = read_documents(Seed(source=str(path), origin="test"))
    return document


def refused(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(SeedError) as error:
        read(tmp_path, content)
    return error.value.message


@pytest.mark.parametrize("coding", ["quoted-printable", "base64", "binary"])
def test_a_saved_page(tmp_path: Path, coding: str) -> None:
    document = read(tmp_path, saved(page(coding=coding), frame(), style()))
    assert (document.kind, document.url, document.charset) == ("html", ADDRESS, "utf-8")
    wanted = PAGE.replace("cid:frame-1@mhtml.blink", FRAME.replace("&", "&amp;"))
    assert document.body.decode().rstrip() == wanted


def test_its_posts_are_found_also_those_in_frames(tmp_path: Path) -> None:
    document = read(tmp_path, saved(page(), frame(), style()))
    ids = [embed.ref.id for embed in find_embeds(document) if embed.ref and embed.role == "embed"]
    assert ids == ["2110259880918667265", "1478655579913867265"]


def test_it_is_known_by_its_look_and_its_name_leads_it_out_of_a_folder(tmp_path: Path) -> None:
    content = saved(page(), frame())
    assert kind_of(content) == kind_of(content, suffix=".html") == "mhtml"
    for name in ("a.mhtml", "b.mht", "c.html", "d.css"):
        (tmp_path / name).write_bytes(content)
    found = list(read_documents(Seed(source=str(tmp_path), origin="test")))
    assert [Path(document.source).name for document in found] == ["a.mhtml", "b.mht", "c.html"]
    assert {document.url for document in found} == {ADDRESS}


def test_a_page_named_mhtml_that_is_none_is_what_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, b"<!doctype html><p>Words").body == b"<!doctype html><p>Words"


def test_other_line_ends_and_no_quotes(tmp_path: Path) -> None:
    content = saved(page(), frame()).replace(b"\r\n", b"\n")
    content = content.replace(b'boundary="----Line--x9----"', b"boundary=----Line--x9----")
    assert FRAME.replace("&", "&amp;").encode() in read(tmp_path, content).body


def test_a_frame_without_an_address_of_the_web_stays_as_it_is(tmp_path: Path) -> None:
    body = read(tmp_path, saved(page(), frame("javascript:alert(1)"))).body
    assert b'src="cid:frame-1@mhtml.blink"' in body and b"javascript" not in body


def test_an_address_cannot_leave_its_attribute(tmp_path: Path) -> None:
    hostile = 'https://x.example/"><script>alert(1)</script>'
    body = read(tmp_path, saved(page(), frame(hostile))).body
    assert b"<script>" not in body and b"&quot;&gt;&lt;script&gt;" in body


def test_what_is_no_page_is_one_line(tmp_path: Path) -> None:
    assert refused(tmp_path, saved(style())) == "there is no HTML in this MHTML file"
    nameless = re.sub(rb";\s+boundary=\S+", b"", saved(page()))
    assert "does not say where its parts begin" in refused(tmp_path, nameless)


def test_a_file_that_ends_in_the_middle_of_its_page_gives_what_came_and_says_so(
    tmp_path: Path,
) -> None:
    path = tmp_path / "cut.mhtml"
    path.write_bytes(saved(page(), end=b"")[:-40])
    found = []
    with pytest.raises(SeedError, match="ends in the middle of its page"):
        for document in read_documents(Seed(source=str(path), origin="test")):
            found.append(document)
    assert b"twitter-tweet" in found[0].body


def test_a_file_cut_behind_its_page_is_a_whole_page(tmp_path: Path) -> None:
    assert b"January 5, 2022" in read(tmp_path, saved(page(), frame(), end=b"")).body


@given(st.binary(max_size=400), st.sampled_from(["quoted-printable", "base64", "8bit", "x"]))
def test_any_content_gives_a_page_or_one_line(content: bytes, coding: str) -> None:
    headers = ("Content-Type: text/html", f"Content-Transfer-Encoding: {coding}")
    message = saved(part(content, *headers)) + content
    try:
        found = list(read_documents(Seed(source="-", origin="test", content=message)))
    except SeedError:
        return
    assert [document.kind for document in found] == ["html"]


@pytest.mark.parametrize(
    "hostile",
    [
        b"Content-Type: multipart/related; boundary=b\n\n" + b"--b" * 40_000,
        b"Content-Type: multipart/related; boundary=b\n\n" + b"\n--b\n" * 25_000,
        b"Content-Type: multipart/related; boundary=b\n\n" + b"\n--b" + b" \t" * 60_000 + b"x",
        b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n" + b"cid:" * 30_000,
        b"Content-Type: multipart/related; boundary=b\n\n--b\n" + b"a: b\n " * 20_000,
        b"Content-Type: multipart/related; x=y" + b"\n b" * 40_000,
    ],
)  # fmt: skip
def test_hostile_files_end_at_once(hostile: bytes) -> None:
    with pytest.raises(SeedError):
        list(read_documents(Seed(source="-", origin="test", content=hostile)))
