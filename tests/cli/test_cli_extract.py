"""`archiver extract`: three forms of output, broken sources, and nothing written."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.cli.rows import COLUMNS, csv_lines, json_line, table_lines
from archiver.domain.digest import sha256
from archiver.domain.embed import Embed, Evidence
from archiver.domain.post import PostRef

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
CONTRACT = {
    "source", "role", "platform", "post_id", "url", "embed_url", "author", "author_name", "posted_at",
    "posted_on", "text", "found_by", "offset", "confidence", "handle", "short_urls", "media_tokens",
    "seen_url", "seen_by", "evidence",
}  # fmt: skip


def embed(**more) -> Embed:
    known = {
        "source": "a.html", "document": sha256(b""), "role": "embed", "platform": "x",
        "evidence": (Evidence(rule="x.blockquote", offset=7), Evidence(rule="x.link", confidence=0.5)),
    }  # fmt: skip
    return Embed(**{**known, **more})


def test_json_lines_follow_the_contract(call) -> None:
    said = call("extract", "--format", "jsonl", str(SEEDS / "harbour-festival.html"))
    first, second = map(json.loads, said.out.splitlines())
    assert said.code == 0
    assert set(first) == CONTRACT
    assert (first["platform"], first["post_id"]) == ("x", "1791835276543210987")
    assert first["author"] == first["handle"] == "harbour_office_x"
    assert first["posted_on"] == "2024-05-18"
    assert first["evidence"][0]["rule"] == first["found_by"]
    assert second["url"] == "https://www.youtube.com/watch?v=hArb0urF3st"


def test_text_form_has_no_id_but_what_is_left(call) -> None:
    (line,) = call("extract", "--json", str(SEEDS / "night-train.txt")).out.splitlines()
    found = json.loads(line)
    assert found["post_id"] is None
    assert found["handle"] == "ada_on_rails_x"
    assert found["posted_on"] == "2022-03-05"
    assert found["media_tokens"] == ["pic.twitter.com/nGhTtRa1n0"]


def test_a_list_names_files_beside_it(call) -> None:
    said = call("extract", "--json", "--seeds", str(SEEDS / "articles.txt"))
    assert said.code == 0, said.err
    assert len(said.out.splitlines()) == 3


def test_nothing_is_written(call, own_place: Path) -> None:
    call("extract", str(SEEDS / "harbour-festival.html"))
    assert list(own_place.iterdir()) == []


def test_broken_sources_are_named_and_the_others_go_on(call, own_place: Path) -> None:
    Path("list.txt").write_text(f"{SEEDS / 'night-train.txt'}\nftp://odd.example/\n")
    Path("folder.html").mkdir()
    said = call("extract", "gone.html", "--seeds", "list.txt", "--json")
    assert said.code == 4
    assert len(said.out.splitlines()) == 1
    lines = said.err.splitlines()
    assert len(lines) == 2
    assert any("gone.html" in line and "argument 1" in line for line in lines)
    assert any("list.txt:2" in line and "ftp://odd.example/" in line for line in lines)


def test_standard_input_is_read(process) -> None:
    page = (SEEDS / "harbour-festival.html").read_bytes()
    said = process(["extract", "-", "--json"], stdin=page)
    assert said.code == 0, said.err
    assert [json.loads(line)["source"] for line in said.out.splitlines()] == ["-", "-"]


def test_links_and_widgets_are_printed_on_request_only(call, own_place: Path) -> None:
    Path("a.html").write_text(
        "<p>As <a href='https://x.com/harbour_office_x/status/1791835276543210987'>they</a> wrote "
        "at length, in a sentence that is plainly running text.</p>"
    )
    assert call("extract", "--json", "a.html").out == ""
    (line,) = call("extract", "--json", "--all", "a.html").out.splitlines()
    assert json.loads(line)["role"] == "link"


def test_the_text_of_a_page_cannot_steer_a_terminal(call, own_place: Path) -> None:
    Path("a\x1b[31m.txt").write_text(
        "Intro.\n\nHello \x9b2J\u202e you pic.twitter.com/aB3dE5fG7h — Eve (@eve_x) March 5, 2022\n"
    )
    said = call("extract", "a\x1b[31m.txt")
    assert "eve_x" in said.out
    assert not set(said.out) & {"\x1b", "\x9b", "\u202e"}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(start: str) -> None:
    sheet = csv_lines([embed(text=start, author_name=start)], header=True)
    (row,) = csv.DictReader(io.StringIO(sheet, newline=""))
    assert row["text"] == row["author_name"] == "'" + start


def test_csv_has_one_row_an_embed(call) -> None:
    said = call("extract", "--format", "csv", str(SEEDS / "harbour-festival.html"))
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["platform"] for row in rows] == ["x", "youtube"]


def test_table_has_the_source_once_and_fits(call) -> None:
    made = [
        embed(ref=PostRef("x", "1" * 19), text="word " * 50, posted_on=date(2022, 3, 5)),
        embed(author_name="Ada", posted_at=datetime(2022, 3, 5, 23, 59, tzinfo=UTC)),
    ]
    lines = table_lines(made, 80)
    assert lines[0] == "a.html"
    assert len(lines) == 3
    assert max(map(len, lines)) <= 80
    assert all("2022-03-05" in line for line in lines[1:])


TEXT = st.text(st.characters(codec=None, exclude_categories=["Cs"]), max_size=40)


@given(TEXT, TEXT, st.lists(TEXT, max_size=3), st.none() | TEXT)
def test_whatever_a_page_says_is_one_line_of_json_and_one_row(text, name, tokens, seen) -> None:
    made = embed(text=text, author_name=name, media_tokens=tuple(tokens), seen_url=seen)
    line = json_line(made)
    assert "\n" not in line
    assert json.loads(line)["text"] == text
    (row,) = csv.DictReader(io.StringIO(csv_lines([made], header=True), newline=""))
    assert row["text"].removeprefix("'") == text.removeprefix("'")
    assert len(table_lines([made], 80)) == 2


def test_file_names_that_are_no_utf_8_are_printed(call, own_place: Path) -> None:
    name = b"caf\xe9.txt".decode("utf-8", "surrogateescape")
    Path(name).write_bytes((SEEDS / "night-train.txt").read_bytes())
    for form in ("jsonl", "csv", "table"):
        said = call("extract", "--format", form, name)
        assert said.code == 0, said.err
        assert "caf\\xe9.txt" in said.out.replace("\\\\", "\\")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real articles are not here")
def test_real_articles_in_plain_text(call) -> None:
    first, second = sorted(SHARED.glob("*.txt"))
    found = [json.loads(line) for line in call("extract", "--json", str(first)).out.splitlines()]
    assert len(found) == 5
    assert {item["platform"] for item in found} == {"x"}
    assert all(item["handle"] and item["posted_on"] and item["text"] for item in found)
    assert all(item["short_urls"] or item["media_tokens"] for item in found)
    assert call("extract", "--json", str(second)).out == ""
