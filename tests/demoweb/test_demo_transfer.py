"""Ranges, entity tags, compression and chunks, for any body."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.demoweb.model import Answer, Request
from archiver.demoweb.transfer import to_wire
from archiver.domain.digest import sha256


def ask(method: str = "GET", **headers: str) -> Request:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method=method, scheme="https", host="a.example", path="/", headers=names)


def unchunk(body: bytes) -> bytes:
    out = b""
    while True:
        size, _, body = body.partition(b"\r\n")
        if size == b"0":
            assert body == b"\r\n"
            return out
        length = int(size, 16)
        out, body = out + body[:length], body[length + 2 :]


@given(body=st.binary(min_size=1, max_size=9000), data=st.data())
def test_a_range_is_the_slice_it_names(body: bytes, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(body) - 1))
    last = data.draw(st.integers(first, len(body) + 5))
    wire = to_wire(Answer(body=body, etag=True), ask(range=f"bytes={first}-{last}"))
    assert wire.status == 206
    assert wire.body == body[first : last + 1]
    assert dict(wire.headers)["Content-Range"].startswith(f"bytes {first}-")
    assert wire.digest == sha256(wire.body)


@given(body=st.binary(min_size=1, max_size=300), count=st.integers(1, 400))
def test_a_range_from_the_end(body: bytes, count: int) -> None:
    wire = to_wire(Answer(body=body, etag=True), ask(range=f"bytes=-{count}"))
    assert wire.body == body[-count:]


@pytest.mark.parametrize("wanted", ["bytes=9-", "bytes=5-2", "bytes=-", "lines=1-2"])
def test_a_range_that_cannot_be(wanted: str) -> None:
    wire = to_wire(Answer(body=b"12345", etag=True), ask(range=wanted))
    assert (wire.status, wire.body) == (416, b"")
    assert ("Content-Range", "bytes */5") in wire.headers


def test_an_entity_tag_saves_the_body() -> None:
    answer = Answer(body=b"picture", etag=True)
    tag = dict(to_wire(answer, ask()).headers)["ETag"]
    wire = to_wire(answer, ask(if_none_match=tag))
    assert (wire.status, wire.body) == (304, b"")
    assert "Content-Length" not in dict(wire.headers)


@given(body=st.binary(max_size=20_000), chunked=st.booleans())
def test_codings_undo_to_the_same_body(body: bytes, chunked: bool) -> None:
    answer = Answer(body=body, compress=True, chunked=chunked)
    wire = to_wire(answer, ask(accept_encoding="gzip, br"))
    sent = unchunk(wire.body) if chunked else wire.body
    assert (gzip.decompress(sent) if body else sent) == body
    assert wire.digest == sha256(body)


def test_no_gzip_for_those_who_do_not_take_it_and_no_body_for_head() -> None:
    answer = Answer(body=b"words " * 50, compress=True)
    assert to_wire(answer, ask()).body == answer.body
    wire = to_wire(answer, ask("HEAD"))
    assert wire.body == b""
    assert dict(wire.headers)["Content-Length"] == str(len(answer.body))
