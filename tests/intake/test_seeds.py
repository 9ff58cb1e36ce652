"""Seeds from arguments, lists and standard input; every bad line is named with file and line."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.domain.seed import BadSeed, Seed
from archiver.intake.read import read_seeds


def test_arguments_of_every_kind(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>hi")
    seeds, bad = read_seeds(["https://example.org/a", str(page), "-"], stdin=io.BytesIO(b"text"))
    assert bad == ()
    assert [(s.source, s.origin, s.content) for s in seeds] == [
        ("https://example.org/a", "argument 1", None),
        (str(page), "argument 2", None),
        ("-", "argument 3", b"text"),
    ]


def test_a_list_with_comments_blanks_and_bad_lines(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("words")
    (tmp_path / "with # hash.txt").write_text("words")
    listed = tmp_path / "list.txt"
    listed.write_bytes(
        b"\xef\xbb\xbf# a comment\r\n\r\nhttps://example.org/a#part\r\n  page.txt   # mine\r\n"
        b"ftp://example.org/x\nhttp://\nmissing.html\nwww.example.org\nexample.org/a\n\xff\xfe\n"
        b"javascript:alert(1)\nhttps://example.org/a\nhttps://EXAMPLE.org:443/b\nhttps://example.org/b\n"
    )
    seeds, bad = read_seeds([], [listed])
    assert [(s.source, s.origin) for s in seeds] == [
        ("https://example.org/a#part", f"{listed}:3"),
        (str(tmp_path / "page.txt"), f"{listed}:4"),
        ("https://EXAMPLE.org:443/b", f"{listed}:13"),
    ]
    assert [(b.origin.rpartition(":")[2], b.reason.split(";")[0].split(":")[0]) for b in bad] == [
        ("5", "only http and https addresses, and files, can be read"),
        ("6", "not an http or https address"),
        ("7", "no such file"),
        ("8", "no such file"),
        ("9", "no such file"),
        ("10", "this line is not UTF-8"),
        ("11", "only http and https addresses, and files, can be read"),
    ]
    assert "write https:// before it" in bad[3].reason and "https://" in bad[4].reason


def test_a_path_in_a_list_may_be_beside_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "a.txt").write_text("a")
    listed = tmp_path / "lists" / "l.txt"
    listed.write_text("a.txt\n")
    monkeypatch.chdir(tmp_path)
    assert [s.source for s in read_seeds([], [listed])[0]] == ["a.txt"]


def test_lists_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    seeds, bad = read_seeds([], [tmp_path / "picture", tmp_path / "gone", tmp_path])
    assert seeds == () and len(bad) == 3
    assert bad[0].reason == "this is not a list of seeds" and bad[0].source.endswith("picture")
    assert "No such file" in bad[1].reason and "directory" in bad[2].reason


def test_a_list_on_standard_input() -> None:
    seeds, bad = read_seeds([], [Path("-")], io.BytesIO(b"https://example.org/\nnope\n"))
    assert seeds[0].origin == "standard input:1" and bad[0].origin == "standard input:2"


def test_standard_input_that_gives_nothing() -> None:
    for stdin in (io.BytesIO(b" \n"), None):
        seeds, bad = read_seeds(["-"], stdin=stdin)
        assert seeds == () and bad[0].source == "-"
    seeds, bad = read_seeds(["-", "-"], stdin=io.BytesIO(b"x"))
    assert len(seeds) == 1 and "already read" in bad[0].reason


def test_duplicates_are_folded(tmp_path: Path) -> None:
    page = tmp_path / "p.txt"
    page.write_text("x")
    seeds, _ = read_seeds(
        [
            str(page),
            f"{tmp_path}/./p.txt",
            "http://a.example",
            "HTTP://A.example/",
            "http://a.example/#x",
        ]
    )
    assert [s.source for s in seeds] == [str(page), "http://a.example"]


@given(st.lists(st.binary(max_size=60), max_size=10))
def test_any_list_is_read(lines: list[bytes]) -> None:
    seeds, bad = read_seeds([], [Path("-")], io.BytesIO(b"\n".join(lines)))
    assert all(isinstance(s, Seed) for s in seeds) and all(isinstance(b, BadSeed) for b in bad)
    assert len(seeds) + len(bad) <= sum(line.count(b"\n") + 1 for line in lines)
    assert all("\n" not in b.reason for b in bad)
