"""Pages that Safari saved in one file: what is in them, and one clear line for what is not."""

import plistlib
from pathlib import Path
from typing import Any

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
DRAWN = "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=2110259880918667265"
NAMED = "https://www.youtube.com/embed/3vLr3l7fRsQ?rel=0&start=3"
PAGE = (
    "<!doctype html><title>Wäves</title><p>Words"
    f'<iframe src="{NAMED.replace("&", "&amp;")}"></iframe>'
    '<blockquote class="twitter-tweet"><a href="https://twitter.com/a/status/1478655579913867265">'
    "January 5, 2022</a></blockquote>"
)


def resource(url: str, data: bytes = b"<p>a frame", kind: str = "text/html") -> dict[str, Any]:
    return {
        "WebResourceData": data,
        "WebResourceURL": url,
        "WebResourceMIMEType": kind,
        "WebResourceTextEncodingName": "UTF-8",
        "WebResourceFrameName": "",
    }


def frame(url: str, *inner: dict[str, Any]) -> dict[str, Any]:
    return {"WebMainResource": resource(url), "WebSubframeArchives": list(inner)}


def saved(*frames: dict[str, Any], page: bytes = PAGE.encode(), kind: str = "text/html") -> bytes:
    archive = {
        "WebMainResource": resource(ADDRESS, page, kind),
        "WebSubresources": [resource("https://paper.example/a.css", b"p {}", "text/css")],
        "WebSubframeArchives": list(frames),
    }
    return plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)


def read(folder: Path, content: bytes) -> Document:
    path = folder / "Waves.webarchive"
    path.write_bytes(content)
    (document,) = read_documents(Seed(source=str(path), origin="test"))
    return document


def test_a_saved_page_has_its_address_its_charset_and_its_bytes(tmp_path: Path) -> None:
    document = read(tmp_path, saved())
    assert (document.kind, document.url, document.charset) == ("html", ADDRESS, "UTF-8")
    assert document.body == PAGE.encode()


def test_frames_that_scripts_had_drawn_follow_at_its_end_once(tmp_path: Path) -> None:
    content = saved(frame(NAMED), frame("about:blank", frame(DRAWN)), frame(DRAWN), frame(""))
    document = read(tmp_path, content)
    drawn = f'\n<iframe src="{DRAWN.replace("&", "&amp;")}"></iframe>'
    assert document.body.decode() == PAGE + drawn
    ids = [embed.ref.id for embed in find_embeds(document) if embed.ref and embed.role == "embed"]
    assert ids == ["3vLr3l7fRsQ", "1478655579913867265", "2110259880918667265"]


def test_it_is_known_by_its_look_and_found_in_a_folder(tmp_path: Path) -> None:
    xml = plistlib.dumps(plistlib.loads(saved()), fmt=plistlib.FMT_XML)
    assert kind_of(saved()) == kind_of(xml) == "webarchive"
    assert read(tmp_path, xml).body == PAGE.encode()
    (document,) = read_documents(Seed(source=str(tmp_path), origin="test"))
    assert document.url == ADDRESS


def test_an_address_cannot_leave_its_attribute(tmp_path: Path) -> None:
    body = read(tmp_path, saved(frame('https://x.example/"><script>alert(1)</script>é'))).body
    added = body.removeprefix(PAGE.encode())
    assert b"<script>" not in added and b"&quot;&gt;&lt;script&gt;" in added and b"&#233;" in added


def test_a_page_in_utf_16_stays_as_it_is(tmp_path: Path) -> None:
    page = PAGE.encode("utf-16")
    assert read(tmp_path, saved(frame(DRAWN), page=page)).body == page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (saved(kind="application/pdf"), "there is no HTML in this web archive of Safari"),
        (plistlib.dumps({"Other": 1}, fmt=plistlib.FMT_BINARY), "there is no HTML"),
        (plistlib.dumps([1], fmt=plistlib.FMT_XML), "there is no HTML"),
        (saved()[:-9], "a damaged web archive of Safari"),
        (b"bplist00", "a damaged web archive of Safari"),
        (b"<?xml version='1.0'?><plist><dict>", "a damaged web archive of Safari"),
        (b"<?xml version='1.0' encoding='UVF-8'?><plist/>", "a damaged web archive of Safari"),
        (b"<?xml version='1.0'?><plist></dict></plist>", "a damaged web archive of Safari"),
        (b"<?xml version='1.0'?><plist><array><key>a</key></array></plist>", "a damaged"),
    ],
)
def test_what_holds_no_page_is_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(SeedError, match=said):
        read(tmp_path, content)


SOUND = saved(frame(DRAWN))


@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=6))
def test_damage_gives_a_page_or_one_line(place: int, wrong: bytes) -> None:
    damaged = SOUND[:place] + wrong + SOUND[place + len(wrong) :]
    try:
        list(read_documents(Seed(source="stdin", origin="test", content=damaged)))
    except SeedError as error:
        assert "\n" not in error.message
