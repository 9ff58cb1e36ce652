"""CDXJ lines: as the stock indexer makes them from the file, sorted, and made from Records alone."""

import io
import json
import warnings
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_samples import PAGE, START, capture, exchange, sample, write

from archiver.domain.exchange import Body, Exchange
from archiver.records.fold import LONGEST, fold, folded_url
from archiver.records.index import cdxj_lines, key, write_index

with warnings.catch_warnings():  # what it imports is old
    warnings.simplefilter("ignore", DeprecationWarning)
    from cdxj_indexer.main import CDXJIndexer
    from cdxj_indexer.postquery import append_method_query


def parsed(line: str) -> tuple[str, str, dict[str, str]]:
    name, stamp, facts = line.split(" ", 2)
    return name, stamp, json.loads(facts)


def stock_lines(path: Path) -> list[tuple[str, str, dict[str, str]]]:
    out = io.StringIO()
    indexer = CDXJIndexer(
        out, [str(path)], post_append=True, sort=True, fields="req.http:method", replace_fields=None
    )
    indexer.process_all()
    return [parsed(line) for line in out.getvalue().splitlines()]


def test_lines_are_those_of_the_stock_indexer(tmp_path: Path) -> None:
    written = write(sample(), tmp_path)
    write_index(tmp_path / "index.cdxj", cdxj_lines(written.records))
    ours = [parsed(line) for line in (tmp_path / "index.cdxj").read_text("ascii").splitlines()]
    stock = stock_lines(tmp_path / Path(written.file).name)
    for _, _, facts in stock:
        if facts.get("method") == "GET":
            del facts["method"]
    assert ours == stock
    assert len(ours) == 7


FILM = "https://files.example/film.mp4"


def listed_of(tmp_path: Path, *made: object) -> list[tuple[str, str]]:
    """URL and status of the lines of a capture of these exchanges."""
    lines = cdxj_lines(write(capture(*made), tmp_path).records)
    facts = [parsed(line)[2] for line in lines if '"urn:' not in line]
    return [(one["url"], one["status"]) for one in facts]


def page(second: float, **more: object) -> Exchange:
    """An answer from the address of a page, so many seconds after the first."""
    at = START.replace(microsecond=0) + timedelta(seconds=second)
    return exchange(PAGE, started_at=at, body=Body.of(f"page of {second}".encode()), **more)


@pytest.mark.parametrize(
    ("earlier", "listed"),
    [(page(0.1), False), (page(0.1, status=403), False), (page(-1), True),
     (page(0.1, method="POST", request_body=Body.of(b"q=1")), True)],
    ids=["of the same second", "refused then", "of another second", "of a POST"],
)  # fmt: skip
def test_what_the_page_itself_followed_in_the_same_second_has_no_line(
    tmp_path: Path, earlier: Exchange, listed: bool
) -> None:
    other = exchange(FILM, started_at=earlier.started_at, body=Body.of(b"other"))
    last = page(0.9)
    records = write(capture(earlier, other, last), tmp_path).records
    found = [parsed(line)[2]["digest"] for line in cdxj_lines(records, PAGE, last.started_at)]
    assert (str(earlier.body.digest) in found) == listed
    assert {str(last.body.digest), str(other.body.digest)} <= set(found)
    assert len(list(cdxj_lines(records))) == len(found) + (not listed)


def part(url: str = FILM) -> object:
    return exchange(url, status=206, body=Body.of(b"part"))


def test_a_part_has_no_line_beside_the_whole(tmp_path: Path) -> None:
    other = part(FILM + "?other")
    found = listed_of(tmp_path, part(), exchange(FILM, body=Body.of(b"whole")), other, part())
    assert found == [(FILM, "200"), (FILM + "?other", "206")]


def test_a_part_is_listed_where_the_whole_was_cut_or_is_no_answer_to_a_get(tmp_path: Path) -> None:
    cut = exchange(FILM, body=Body.of(b"who"), truncated="length")
    sent = exchange(FILM, method="POST", body=Body.of(b"posted"))
    assert [status for _, status in listed_of(tmp_path, part(), cut, sent)] == ["206", "200", "200"]


def test_one_word_then_fourteen_digits(tmp_path: Path) -> None:
    made = exchange("https://social.example/a b\u00e9?q=\u041f \u0442")
    line = next(cdxj_lines(write(capture(made), tmp_path).records))
    name, stamp, facts = parsed(line)
    assert name == "example,social)/a%20b%c3%a9?q=%d0%9f%20%d1%82"
    assert stamp == "20260304050607" == START.strftime("%Y%m%d%H%M%S")
    assert facts["url"] == "https://social.example/a%20b%C3%A9?q=%D0%9F%20%D1%82"


def test_the_index_is_sorted_bytewise_and_each_line_stands_once(tmp_path: Path) -> None:
    path = tmp_path / "index.cdxj"
    write_index(path, ["b)/ 2 {}", "a)/ 1 {}", "a,b)/ 1 {}", "b)/ 2 {}"])
    assert path.read_bytes() == b"a)/ 1 {}\na,b)/ 1 {}\nb)/ 2 {}\n"
    assert [one.name for one in tmp_path.iterdir()] == ["index.cdxj"]


@given(st.text())
def test_any_url_has_a_key_and_a_line(url: str) -> None:
    assert isinstance(key(url), str)


@pytest.mark.parametrize(
    ("kind", "body", "wanted"),
    [
        ("application/x-www-form-urlencoded", b"a=1&b=c%20d+e", "a=1&b=c d e"),
        ("application/x-www-form-urlencoded", b"\xff", "__wb_post_data=/w=="),
        ("application/json", b'{"a": {"b": [1, true, null]}, "b": "x y"}', "b=1&b.2_=true&b.3_=null&b.4_=x+y"),
        ("application/json", b"no json", ""),
        ("application/json", b"[" * 5000, ""),
        ("text/plain; charset=utf-8", b'{"a":1}', "a=1"),
        ("text/plain", b"hello", "__wb_post_data=aGVsbG8="),
        ("", b"hello", "__wb_post_data=aGVsbG8="),
        ("application/json", b"", ""),
        ("application/json", b'{"a": [2.0, 2.5, true, null], "b": "", "c": {"a": false}}',
         "a=2&a.2_=2.5&a.3_=true&a.4_=null&b=&a.5_=false"),
        ("application/json", b'[{"a": 1}, "nameless"]', "a=1"),
        ("application/json", b'{"a": 1}\n{"a": 2}', ""),
        ("text/plain", b'{"a":1}\n{"a":2}', "__wb_post_data=eyJhIjoxfQp7ImEiOjJ9"),
        ("application/json", b'{"a": 1e999}', "a=inf"),
        ("multipart/form-data", b"no boundary", "__wb_post_data=bm8gYm91bmRhcnk="),
    ],
)  # fmt: skip
def test_bodies_fold_into_queries(kind: str, body: bytes, wanted: str) -> None:
    made = exchange(
        method="POST", request_headers=(("Content-Type", kind),), request_body=Body.of(body)
    )
    assert fold(made) == wanted


FORM = (
    b"--XX\r\nContent-Disposition: form-data; name=\"q\"\r\n\r\nsome text\r\n"
    b"--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\n"
    b"Content-Type: application/octet-stream\r\n\r\n\x00\xff\r\n--XX--\r\n"
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=XX", FORM),
        ("application/json", b'{"id": 44, "v": ["x", 4.5], "s": {"id": "a+b&c= d"}}'),
        ("application/octet-stream", bytes(range(256)) * 40),
        ("application/x-www-form-urlencoded", b"x=" + b"y" * 6000),
    ],
)
def test_folding_agrees_with_the_stock_indexer(kind: str, body: bytes) -> None:
    made = exchange(
        method="POST", request_headers=(("Content-Type", kind),), request_body=Body.of(body)
    )
    url = "https://a.example/x?y=1"
    query, appended = append_method_query("POST", kind, str(len(body)), io.BytesIO(body), url)
    assert fold(made) == query
    assert folded_url(url, "POST", fold(made) or "") == url + appended
    assert len(fold(made) or "") <= LONGEST


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_methods_fold_as_the_stock_indexer_folds_them(method: str) -> None:
    """Readers look at the body of POST and PUT only."""
    made = exchange(method=method, request_body=Body.of(b"any"))
    assert fold(made) == append_method_query(method, "", "3", io.BytesIO(b"any"), "https://a/")[0]


def test_a_get_is_not_folded_and_other_methods_are() -> None:
    assert fold(exchange(request_body=Body.of(b"x"))) is None
    assert fold(exchange(method="OPTIONS")) == ""
    assert (
        folded_url("https://a.example/", "OPTIONS", "") == "https://a.example/?__wb_method=OPTIONS"
    )
