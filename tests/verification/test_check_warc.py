"""One WARC file: whole ones pass, altered ones are named with the place and the fault."""

import gzip
import hashlib
import io
import random
import zlib
from pathlib import Path

import made
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.verification.grammar import Heads
from archiver.verification.http import Dechunked
from archiver.verification.warc import check_warc, read_warc, rereader

URL = "https://social.example/post/1"
PICTURE_URL = "https://cdn.example/pic.png"


def check(data: bytes, name: str = "one.warc.gz") -> list[str]:
    found = read_warc(io.BytesIO(data), name, name).defects
    return [f"{d.where}: {d.what}" for d in found]


def packed(records: list[bytes]) -> bytes:
    return b"".join(made.member(one) for one in records)


@pytest.fixture
def records() -> list[bytes]:
    return made.post_records("one", url=URL, picture_url=PICTURE_URL)


def test_whole_file(records: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    made.write_warc(path, records)
    assert check_warc(path) == ()
    unfinished = path.rename(tmp_path / "one.warc.gz.open")
    assert check_warc(unfinished) == ()
    renamed = unfinished.rename(tmp_path / "two.warc.gz")
    assert "warc-filename is 'one.warc.gz'" in check_warc(renamed)[0].what


def test_facts(records: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    places = made.write_warc(path, records)
    with path.open("rb") as stream:
        facts = read_warc(stream, "p", path.name, hashed=True)
        read = [rereader(stream, facts.rows)(row) for row in range(facts.count)]
    assert [(r.offset, r.length) for r in read] == places
    assert facts.digest == made.sha(path.read_bytes()).partition(":")[2]
    assert facts.size == path.stat().st_size
    page, ask = read[1:3]
    assert (page.uri, page.status) == (URL, 200)
    assert (ask.method, ask.concurrent_to) == ("GET", (page.id,))


def test_what_warcio_writes(tmp_path: Path) -> None:
    path = tmp_path / "w.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "warcio"}))
        answer = writer.create_warc_record(
            URL,
            "response",
            payload=io.BytesIO(b"body"),
            http_headers=StatusAndHeaders("200 OK", [("A", "b")], protocol="HTTP/1.1"),
        )
        ask = writer.create_warc_record(
            URL,
            "request",
            warc_headers_dict={"WARC-Date": answer.rec_headers.get_header("WARC-Date")},
            http_headers=StatusAndHeaders(
                "GET /post/1 HTTP/1.1", [("Host", "x")], is_http_request=True
            ),
        )
        writer.write_request_response_pair(ask, answer)
    assert check_warc(path) == ()


def test_every_cut_of_the_last_three_records(records: list[bytes]) -> None:
    data = packed(records)
    start = len(data) - len(packed(records[-3:]))
    missed = [cut for cut in range(start + 1, len(data)) if not check(data[:cut])]
    # A cut at the end of a record leaves a shorter, whole file; the last record is a metadata record
    # and the one before a resource, which nothing in the file itself points to.
    ends = {len(data) - len(packed(records[-n:])) for n in (1, 2)}
    assert set(missed) == ends


def test_cut_is_said_with_its_place(records: list[bytes]) -> None:
    data = packed(records)
    last = len(data) - len(made.member(records[-1]))
    (line,) = check(data[:-1])
    assert line == (
        f"record 7 at byte {last}: cut off: the file ends at byte {len(data) - 1}, inside it"
    )


@pytest.mark.parametrize(
    ("tail", "words"),
    [
        (b"\0", "1 zero bytes up to the end"),
        (b"\0" * 4096, "4096 zero bytes up to the end"),
        (b"garbage" * 100, "700 bytes that are no gzip member"),
        (b"\0" * 300_000 + b"x", "300001 bytes that are no gzip member"),
        (b"\x1f", "cut off: 1 bytes of a gzip header"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "cut off: the file ends at byte"),
    ],
)
def test_tails(records: list[bytes], tail: bytes, words: str) -> None:
    (line,) = check(packed(records) + tail)
    assert words in line
    assert line.startswith(f"record 8 at byte {len(packed(records))}: ")


def test_members_with_more_or_less_than_one_record(records: list[bytes]) -> None:
    joined = records[:1] + [records[1] + records[2]] + records[3:]
    assert any("holds more than one record" in line for line in check(packed(joined)))
    split = b"".join(made.member(half) for half in (records[1][:900], records[1][900:]))
    lines = check(made.member(records[0]) + split)
    assert any("WARC header" in line or "cut short" in line for line in lines)
    whole = made.member(b"".join(records))
    assert any("holds more than one record" in line for line in check(whole))
    assert any("bytes after the block" in line for line in check(made.member(records[0] + b"x")))
    assert any("no WARC header" in line for line in check(made.member(b"")))
    for end in (b"\r\n\r", b"\r\n\r\r", b"\n\n\n\n", b""):
        assert check(made.member(records[0][:-4] + end)), end


def test_gzip_header_with_flags(records: list[bytes]) -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile("named.warc", "wb", fileobj=buffer) as file:
        file.write(records[0])
    assert check(buffer.getvalue()) == [
        "record 1 at byte 0: gzip header with flags 0x08 instead of none"
    ]


def test_no_gzip_at_all(records: list[bytes]) -> None:
    assert "no gzip member" in check(b"".join(records))[0]
    assert check(b"") == [": holds no record"]


def test_every_flip_is_found_or_harmless(records: list[bytes]) -> None:
    """2,000 flips: each is found, or the file still expands to the same bytes, record by record."""
    data, dice = packed(records), random.Random(4)
    places = [0]
    for one in records:
        places.append(places[-1] + len(made.member(one)))
    unnoticed = 0
    for _ in range(2000):
        flipped = bytearray(data)
        flipped[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        if not check(bytes(flipped)):
            unnoticed += 1
            spans = zip(places, places[1:], strict=False)
            assert [zlib.decompress(flipped[a:b], 31) for a, b in spans] == records
    assert 0 < unnoticed < 200


BROKEN = [
    ({"warc_date": ""}, "no warc-date"),
    ({"warc_record_id": ""}, "no warc-record-id"),
    ({"warc_type": "answer"}, "record type 'answer'"),
    ({"warc_date": "2026-11-22"}, "warc-date is '2026-11-22'"),
    ({"warc_date": "2026-13-22T00:00:00Z"}, "is no point in time"),
    ({"warc_record_id": "urn:uuid:1"}, "warc-record-id is 'urn:uuid:1'"),
    ({"warc_target_uri": ""}, "response record without warc-target-uri"),
    ({"warc_target_uri": "https://a.example/a b"}, "warc-target-uri is"),
    ({"warc_target_uri": "https://a.example/é"}, "warc-target-uri is"),
    ({"warc_target_uri": "<https://a.example/>"}, "warc-target-uri is"),
    ({"warc_payload_digest": ""}, "response record without warc-payload-digest"),
    ({"warc_payload_digest": made.sha(b"other")}, "warc-payload-digest says sha256:"),
    ({"warc_payload_digest": "crc:77"}, "cannot be checked: crc"),
    ({"warc_block_digest": made.sha(b"other")}, "warc-block-digest says sha256:"),
    ({"warc_block_digest": ""}, "response record without warc-block-digest"),
    ({"warc_block_digest": "sha256"}, "warc-block-digest says sha256:,"),
    ({"warc_block_digest": ":"}, "algorithm that cannot be checked"),
    ({"content_length": "3"}, "bytes after the block"),
    ({"content_length": "99999"}, "cut short"),
    ({"content_length": "+5"}, "content-length is '+5'"),
    ({"content_type": "text/html"}, "content-type is 'text/html'"),
    ({"warc_refers_to_date": made.DATE}, "no place on a response"),
    ({"warc_filename": "x"}, "warc-filename has no place on a response"),
    ({"warc_truncated": "maybe"}, "warc-truncated is 'maybe'"),
    ({"warc_ip_address": "1.2.3"}, "no IP address"),
    ({"warc_target_uri": "https://a.example/\r\nWARC-Target-URI: https://b.example/"}, "2 times"),
    ({"warc_target_uri": "https://a.example/\r\n folded"}, "no `name: value`"),
    ({"warc_target_uri": "https://a.example/\x1b[2J"}, "no `name: value`"),
    ({"warc_warcinfo_id": "<urn:uuid:none>"}, "not in this file"),
]


@pytest.mark.parametrize(("fields", "words"), BROKEN, ids=[words for _, words in BROKEN])
def test_broken_grammar(fields: dict[str, str], words: str) -> None:
    uri = fields.get("warc_target_uri") or URL
    records = [
        made.warcinfo("one.warc.gz"),
        made.response("page", URL, b"hello", **fields),
        made.request("ask", uri if uri.isprintable() else URL, "page"),
    ]
    lines = check(packed(records))
    assert any(words in line and line.startswith("record 2 at") for line in lines), lines
    assert all(line.isprintable() for line in lines)


TO, ID = {"warc_target_uri": URL}, made.urn("x")
SOUND = {
    "warcinfo": {"warc_filename": "x.warc.gz", "content_type": "application/warc-fields"},
    "response": {**TO, "warc_payload_digest": made.sha(b""), "content_type": "application/http;msgtype=response"},
    "request": {**TO, "warc_concurrent_to": ID, "content_type": "application/http; msgtype=request"},
    "revisit": {**TO, "warc_profile": made.SAME_PAYLOAD, "warc_payload_digest": made.sha(b""),
                "warc_refers_to_target_uri": URL, "warc_refers_to_date": made.DATE},
    "resource": {**TO, "content_type": "image/png"},
    "metadata": {"content_type": "application/json"},
    "conversion": {**TO, "content_type": "image/png"},
}  # fmt: skip
MISPLACED = {
    "warcinfo": ("warc_target_uri", "warc_payload_digest", "warc_profile", "warc_refers_to", "warc_concurrent_to",
                 "warc_refers_to_target_uri", "warc_refers_to_date", "warc_warcinfo_id", "warc_ip_address"),
    "response": ("warc_filename", "warc_profile", "warc_refers_to", "warc_refers_to_target_uri", "warc_refers_to_date"),
    "request": ("warc_filename", "warc_profile", "warc_refers_to", "warc_refers_to_target_uri", "warc_refers_to_date"),
    "revisit": ("warc_filename",),
    "resource": ("warc_filename", "warc_profile", "warc_refers_to", "warc_refers_to_target_uri", "warc_refers_to_date"),
    "metadata": ("warc_filename", "warc_profile", "warc_refers_to_target_uri", "warc_refers_to_date"),
    "conversion": ("warc_filename", "warc_profile", "warc_concurrent_to", "warc_ip_address",
                   "warc_refers_to_target_uri", "warc_refers_to_date"),
}  # fmt: skip
VALUES = {
    "warc_target_uri": (URL, 'https://a.example/"'),
    "warc_payload_digest": (made.sha(b""), "SHA256:00"),
    "warc_profile": (made.SAME_PAYLOAD, "same"),
    "warc_refers_to": (ID, ID[1:]),
    "warc_refers_to_target_uri": (URL, "a"),
    "warc_refers_to_date": (made.DATE, "2026-02-30T00:00:00Z"),
    "warc_concurrent_to": (ID, "<>"),
    "warc_warcinfo_id": (ID, "<x>"),
    "warc_ip_address": ("203.0.113.7", "fe80::1%eth0"),
    "warc_filename": ("x.warc.gz", ""),
}


def problems(kind: str, **fields: str) -> tuple[str, ...]:
    return Heads().read(made.record(kind, "one", b"", **fields).partition(b"\r\n\r\n")[0]).problems


@pytest.mark.parametrize("kind", SOUND)
def test_the_fields_of_every_type(kind: str) -> None:
    """WARC 1.1, section 6: those that it must have, those that have no place on it, and their forms."""
    assert problems(kind, **SOUND[kind]) == ()
    for field in SOUND[kind]:
        missing = f"a {kind} record without {field.replace('_', '-')}"
        assert problems(kind, **SOUND[kind] | {field: ""})[0] == missing
    for field, (sound, broken) in VALUES.items():
        found = problems(kind, **SOUND[kind] | {field: sound})
        name = field.replace("_", "-")
        misplaced = f"{name} has no place on a {kind} record"
        assert found == ((misplaced,) if field in MISPLACED[kind] else ())
        if broken and field not in MISPLACED[kind]:
            assert any(
                line.startswith(name) for line in problems(kind, **SOUND[kind] | {field: broken})
            )
    if kind not in ("resource", "metadata", "conversion"):
        found = problems(kind, **SOUND[kind] | {"content_type": "text/html"})
        assert found == ("content-type is 'text/html'",)


@pytest.mark.parametrize("size", [0, 9, 3_000_000])
def test_a_resource_is_its_own_payload(size: int) -> None:
    """Its digest stands there twice, and each is looked at, in whatever algorithm."""
    body, other = b"p" * size, made.sha(b"other")

    def wrong(**fields: str) -> list[str]:
        one = made.record("resource", "one", body, **SOUND["resource"], **fields)
        lines = check(packed([made.warcinfo("one.warc.gz"), one]))
        return [line.split(": ")[1].split(" says")[0] for line in lines]

    block, payload = "warc-block-digest", "warc-payload-digest"
    assert wrong() == wrong(warc_payload_digest=made.sha(body)) == []
    assert wrong(warc_payload_digest=other) == [payload]
    assert wrong(warc_block_digest=other) == [block]
    assert wrong(warc_block_digest=other, warc_payload_digest=other) == [block, payload]
    assert wrong(warc_block_digest=other, warc_payload_digest=made.sha(body)) == [block]
    for name in ("sha1", "md5", "sha384", "sha512"):
        for right in (True, False):
            said = f"{name}:{hashlib.new(name, body if right else b'other').hexdigest()}"
            assert wrong(warc_payload_digest=said) == ([] if right else [payload])
            assert wrong(warc_block_digest=said) == ([] if right else [block])


def test_ties() -> None:
    info, page = made.warcinfo("one.warc.gz"), made.response("page", URL, b"hello")
    ask = made.request("ask", URL, "page")
    assert check(packed([info, page, ask])) == []
    assert "a response with no request" in check(packed([info, page]))[0]
    assert (
        "a response with 2 request"
        in check(packed([info, page, ask, made.request("b", URL, "page")]))[0]
    )
    assert "not in this file" in check(packed([info, ask]))[0]
    late = made.request("ask", URL, "page", warc_date="2026-11-22T04:06:12Z")
    assert "another date or URI" in check(packed([info, page, late]))[0]
    other = made.request("ask", URL + "2", "page")
    assert "another date or URI" in check(packed([info, page, other]))[0]
    assert any(
        "the record id of record 2" in line for line in check(packed([info, page, ask, page]))
    )
    wrong = made.request("ask", URL, "one.warc.gz")
    assert any("points to a warcinfo" in line for line in check(packed([info, page, ask, wrong])))
    assert "is no warcinfo" in check(packed([page, ask]))[0]


def test_ties_of_what_is_no_answer() -> None:
    info, picture = made.warcinfo("one.warc.gz"), made.resource("pic", URL, b"p")
    again, page = made.resource("pic", URL, b"q"), made.response("page", URL, b"hello")
    assert check(packed([info, picture, again])) == [
        f"record 3 at byte {len(packed([info, picture]))}: has the record id of record 2"
    ]
    for name in ("pic", "nowhere"):
        fields = {"content_type": "application/json", "warc_refers_to": made.urn(name)}
        lines = check(packed([info, picture, made.record("metadata", "m", b"{}", **fields)]))
        assert ["warc-refers-to points to" in line for line in lines] == [True] * (name != "pic")
    unasked = made.revisit("again", URL, b"", "page", URL)
    assert "a revisit with no request" in check(packed([info, unasked]))[0]
    asked = made.request("ask", URL, "pic")
    assert "points to a resource" in check(packed([info, picture, asked]))[0]
    cut = b"\x1f"  # the file ends inside a record: what is not there may have been
    (line,) = check(packed([info, page]) + cut)
    assert "cut off" in line
    asks = [made.request(name, URL, "page") for name in "ab"]
    assert any("with 2 request" in line for line in check(packed([info, page, *asks]) + cut))


def test_http_messages() -> None:
    def answer(head: bytes, body: bytes, payload: bytes | None = None) -> list[str]:
        digest = made.sha(body if payload is None else payload)
        page = made.response("page", URL, body, head=head, warc_payload_digest=digest)
        return check(packed([made.warcinfo("one.warc.gz"), page, made.request("ask", URL, "page")]))

    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    assert (
        answer(chunked, b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nT: 1\r\n\r\n", b"hello world") == []
    )
    assert any("is not chunked" in line for line in answer(chunked, b"hello"))
    assert any("is not chunked" in line for line in answer(chunked, b"5\r\nhello\r\n", b"hello"))
    assert any("HTTP start line" in line for line in answer(b"HTTP/2 200\r\n\r\n", b"x"))
    assert any(
        "no `name: value`" in line for line in answer(b"HTTP/1.1 200 OK\r\nno\r\n\r\n", b"x")
    )
    assert any("has no end" in line for line in answer(b"HTTP/1.1 200 OK\r\n", b"x", b""))
    assert answer(b"HTTP/1.1 999 \r\nX: caf\xe9\r\n\r\n", b"") == []


def test_large_body_in_pieces() -> None:
    body = random.Random(1).randbytes(700_000) + b"\0" * 5_000_000
    page = made.response("page", URL, body)
    records = [made.warcinfo("one.warc.gz"), page, made.request("ask", URL, "page")]
    assert check(packed(records)) == []
    altered = page[:-5] + b"\1" + page[-4:]
    lines = check(packed([records[0], altered, records[2]]))
    assert [line.split(": ")[1].split(" says")[0] for line in lines] == [
        "warc-block-digest",
        "warc-payload-digest",
    ]


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.integers(1, 9))
def test_dechunked_is_the_same_in_any_pieces(chunks: list[bytes], step: int) -> None:
    coded = b"".join(f"{len(c):x}\r\n".encode() + c + b"\r\n" for c in chunks) + b"0\r\n\r\n"
    reader = Dechunked()
    out = b"".join(reader.feed(coded[i : i + step]) for i in range(0, len(coded), step))
    assert reader.whole
    assert out == b"".join(chunks)


@given(st.binary(max_size=400))
def test_any_bytes_give_defects_not_errors(data: bytes) -> None:
    assert check(data)
    assert check(made.member(data))
    assert check(made.member(b"WARC/1.1\r\n" + data + b"\r\n\r\n"))
