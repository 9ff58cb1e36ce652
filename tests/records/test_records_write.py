"""What stands in the WARC: records, fields, digests, order, durability."""

import gzip
import json
import os
import resource
import subprocess
import sys
import tracemalloc
from contextlib import contextmanager
from pathlib import Path

import pytest
from record_samples import (
    HTML,
    PAGE,
    PICTURE,
    START,
    Seen,
    at,
    capture,
    exchange,
    no_defects,
    sample,
    write,
)

from archiver.clock import iso
from archiver.domain.capture import Unrecorded
from archiver.domain.digest import Digest, sha256
from archiver.domain.exchange import Body
from archiver.domain.record import StoredPayload
from archiver.errors import ArchiveDamaged, ArchiverError, NoSpace
from archiver.records.gzip import PIECE, STORED_BLOCK
from archiver.verification.warc import check_warc

GOLDEN = Path(__file__).parent / "golden.warc"


def test_golden_bytes(tmp_path: Path) -> None:
    """Every byte of the uncompressed file; a wanted change is made by writing the golden file anew."""
    written = write(sample(), tmp_path)
    found = b"".join(Seen(tmp_path, record).data for record in written.records)
    assert found.split(b"\r\n") == GOLDEN.read_bytes().split(b"\r\n")


def test_the_same_capture_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert write(sample(), tmp_path / "one").digest == write(sample(), tmp_path / "two").digest


def test_records_come_in_order_and_fill_the_file(tmp_path: Path) -> None:
    written = write(sample(), tmp_path)
    assert [record.type for record in written.records] == [
        "warcinfo", "response", "request", "response", "request", "revisit", "request",
        "response", "request", "resource", "metadata", "metadata",
    ]  # fmt: skip
    end = 0
    for record in written.records:
        assert record.offset == end
        end += record.length
    path = tmp_path / Path(written.file).name
    assert end == written.size == path.stat().st_size
    assert written.digest == sha256(path.read_bytes())
    assert written.file == f"{tmp_path.name}/{path.name}"


def test_digests_are_over_what_is_there(tmp_path: Path) -> None:
    for record in write(sample(), tmp_path).records:
        seen = Seen(tmp_path, record)
        assert (
            seen.get("WARC-Block-Digest") == [str(sha256(seen.block))] == [str(record.block_digest)]
        )
        assert seen.get("Content-Length") == [str(len(seen.block))]
        if record.type in ("response", "request") and record.payload_digest:
            assert sha256(seen.payload) == record.payload_digest


def test_a_pair_shares_date_and_target(tmp_path: Path) -> None:
    written = write(sample(), tmp_path)
    response, request = written.records[1:3]
    seen = Seen(tmp_path, request)
    assert request.concurrent_to == response.id
    assert seen.get("WARC-Concurrent-To") == [response.id]
    assert seen.get("WARC-Date") == Seen(tmp_path, response).get("WARC-Date")
    assert seen.get("WARC-Date") == ["2026-03-04T05:06:07.891Z"]
    assert response.date.microsecond == 891_000
    assert seen.http[0] == b"GET /@ada/1001 HTTP/1.1"
    assert seen.http[1] == b"Host: social.example"
    assert not any(line.startswith(b":") for line in seen.http)


def test_a_decoded_body_no_longer_claims_its_coding(tmp_path: Path) -> None:
    seen = Seen(tmp_path, write(sample(), tmp_path).records[1])
    assert seen.payload == HTML
    assert seen.http[0] == b"HTTP/1.1 200 OK"
    assert b"x-orig-content-encoding: br" in seen.http
    assert b"x-orig-content-length: 321" in seen.http
    assert f"content-length: {len(HTML)}".encode() in seen.http
    assert not any(line.lower().startswith(b"content-encoding") for line in seen.http)
    assert seen.get("WARC-IP-Address") == ["2001:db8::7"]
    assert seen.get("WARC-Protocol") == ["h2", "tls/1.3"]


def test_what_our_client_fetched_keeps_its_coding(tmp_path: Path) -> None:
    headers = (
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "5"),
    )
    made = exchange(made_by="client", response_headers=headers, body=Body.of(b"12345"))
    seen = Seen(tmp_path, write(capture(made), tmp_path).records[1])
    assert seen.http[1:] == [
        b"Content-Encoding: gzip",
        b"x-orig-transfer-encoding: chunked",
        b"Content-Length: 5",
    ]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 304), ("GET", 204)])
def test_a_length_without_a_body_is_left_alone(tmp_path: Path, method: str, status: int) -> None:
    made = exchange(method=method, status=status, response_headers=(("Content-Length", "99"),))
    seen = Seen(tmp_path, write(capture(made), tmp_path).records[1])
    assert seen.http[1:] == [b"Content-Length: 99"]


def test_header_bytes_come_out_as_they_came_in(tmp_path: Path) -> None:
    headers = (("X-Latin", "caf\xe9"), ("X-Wide", "Привет"), ("X-Lone", "a\udcffb"), ("X-Two", " "))
    made = exchange(response_headers=headers)
    seen = Seen(tmp_path, write(capture(made), tmp_path).records[1])
    assert seen.http[1] == b"X-Latin: caf\xe9"
    assert seen.http[2] == "X-Wide: Привет".encode()
    assert len(seen.http) == 5


def test_an_exchange_without_response_is_no_record(tmp_path: Path) -> None:
    lost = exchange("https://ads.example/", status=0, error="net::ERR_FAILED")
    written = write(capture(lost), tmp_path)
    assert [record.type for record in written.records] == ["warcinfo", "metadata"]
    outcome = json.loads(Seen(tmp_path, written.records[1]).block)
    assert outcome["without_record"] == [
        {"error": "net::ERR_FAILED", "method": "GET", "url": "https://ads.example/"}
    ]


def test_truncation_is_marked(tmp_path: Path) -> None:
    written = write(sample(), tmp_path)
    cut = [record for record in written.records if record.truncated == "time"]
    assert len(cut) == 1
    assert Seen(tmp_path, cut[0]).get("WARC-Truncated") == ["time"]
    assert cut[0].truncated_because == "the body did not end in time"


@pytest.mark.parametrize(
    ("cut", "error", "because"),
    [
        ("disconnect", "", None),
        ("unspecified", "at https://a.example/?access_token=abc", "at https://a.example/?access_token=redacted"),
        ("unspecified", "x" * 200, "x" * 200),
        ("unspecified", "x" * 5000, "x" * 199 + "…"),
        (None, "it was whole all the same", None),
    ],
)  # fmt: skip
def test_the_reason_of_a_cut_is_short_and_holds_no_secret(
    tmp_path: Path, cut: str | None, error: str, because: str | None
) -> None:
    made = capture(exchange(body=Body.of(b"half"), truncated=cut, error=error))
    _, response, request, _ = write(made, tmp_path).records
    assert (response.truncated, response.truncated_because) == (cut, because)
    assert request.truncated_because is None


def test_a_repeated_payload_is_a_revisit(tmp_path: Path) -> None:
    written = write(sample(), tmp_path)
    original, revisit = written.records[3], written.records[5]
    seen = Seen(tmp_path, revisit)
    assert seen.get("WARC-Profile") == [
        "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    ]
    assert seen.get("WARC-Refers-To") == [original.id]
    assert seen.get("WARC-Refers-To-Target-URI") == [original.target_uri]
    assert seen.get("WARC-Refers-To-Date") == [iso(original.date)]
    assert seen.get("WARC-Payload-Digest") == [str(sha256(PICTURE))]
    assert seen.get("WARC-Truncated") == ["length"]
    assert seen.payload == b"" and seen.http[0] == b"HTTP/1.1 200 OK"


def test_revisits_only_of_what_is_whole_and_large_enough(tmp_path: Path) -> None:
    small, cut = Body.of(b"a" * 1023), Body.of(b"b" * 5000)
    made = capture(
        exchange(body=small),
        exchange(body=small),
        exchange(body=cut, truncated="length"),
        exchange(body=cut, truncated="length"),
    )
    assert {record.type for record in write(made, tmp_path).records[1:9:2]} == {"response"}


def test_seen_is_asked_by_digest_and_url(tmp_path: Path) -> None:
    asked: list[tuple[Digest, str]] = []
    known = StoredPayload(record_id="<urn:uuid:1>", target_uri="https://a.example/", date=START)

    def seen(digest: Digest, url: str) -> StoredPayload:
        asked.append((digest, url))
        return known

    written = write(capture(exchange(body=Body.of(PICTURE))), tmp_path, seen=seen)
    assert asked == [(sha256(PICTURE), PAGE)]
    assert written.records[1].refers_to == "<urn:uuid:1>"


def test_secrets_are_taken_out_and_listed(tmp_path: Path) -> None:
    written = write(sample(), tmp_path)
    everything = b"".join(Seen(tmp_path, record).data for record in written.records)
    assert b"s3cret" not in everything
    assert b"set-cookie: session=redacted; Path=/; HttpOnly" in everything
    assert b"Cookie: session=redacted; theme=redacted" in everything
    assert b"Authorization: Bearer redacted" in everything
    listed = {(r.record_id, r.header, r.rule, r.count) for r in written.redactions}
    document, request, call = written.records[1], written.records[2], written.records[8]
    assert listed == {
        (document.id, "set-cookie", "cookie", 2),
        (request.id, "cookie", "cookie", 1),
        (call.id, "authorization", "authorization", 1),
        (call.id, "url access_token", "name", 1),
        (written.records[7].id, "url access_token", "name", 1),
    }


def test_what_is_a_secret_by_its_name_is_taken_out_and_listed(tmp_path: Path) -> None:
    """In the address, in headers that hold one, in the body of the request, in facts; not in the answer."""
    url = "https://ada:s3cret@social.example/api?id=1&access_token=s3cret"
    form = b"note=a%20b&password=s3cret"
    asked = exchange(
        url,
        method="POST",
        status=302,
        request_headers=(
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", str(len(form))),
            ("Referer", "https://social.example/?jwt=s3cret"),
        ),
        request_body=Body.of(form),
        response_headers=(("Location", "/next#id_token=s3cret"), ("Content-Type", "text/html")),
        body=Body.of(b'<form action="/?access_token=s3cret">'),
    )
    lost = Unrecorded(
        url="wss://social.example/?session_id=s3cret", method="GET", reason="a socket"
    )
    written = write(capture(asked, unrecorded=(lost,), page_url=url, page_at=START), tmp_path)
    _, response, request, outcome = written.records
    assert b"s3cret" not in Seen(tmp_path, request).data + Seen(tmp_path, outcome).data
    assert Seen(tmp_path, response).data.count(b"s3cret") == 1, "the answer's body is as it came"
    assert request.target_uri == "https://social.example/api?id=1&access_token=redacted"
    assert b"POST /api?id=1&access_token=redacted HTTP/1.1" in Seen(tmp_path, request).http
    assert Seen(tmp_path, request).payload == b"note=a%20b&password=redacted"
    assert request.payload_digest == sha256(b"note=a%20b&password=redacted")
    assert response.request_body == "note=a b&password=redacted"
    assert outcome.refers_to == response.id, "the page is found although its address was changed"
    listed = {(r.record_id, r.header) for r in written.redactions if r.rule == "name"}
    assert listed == {
        (request.id, "url access_token"), (request.id, "url user"), (request.id, "referer"),
        (request.id, "body password"), (response.id, "url access_token"), (response.id, "url user"),
        (response.id, "location"),
    }  # fmt: skip
    assert not check_warc(tmp_path / Path(written.file).name)


def test_a_compressed_request_is_looked_into(tmp_path: Path) -> None:
    coded = (("Content-Encoding", "gzip"), ("Content-Type", "application/json"))
    body = Body.of(gzip.compress(b'{"access_token": "s3cret"}'))
    asked = exchange(method="POST", request_headers=coded, request_body=body)
    torn = exchange(method="POST", request_headers=coded, request_body=Body.of(body.data[:-9]))
    written = write(capture(asked, torn), tmp_path)
    clean = Seen(tmp_path, written.records[2]).payload
    assert gzip.decompress(clean) == b'{"access_token": "redacted"}'
    assert Seen(tmp_path, written.records[4]).payload == body.data[:-9]


def test_metadata_refer_to_the_main_document(tmp_path: Path) -> None:
    written = write(sample(), tmp_path)
    tls, outcome = written.records[-2:]
    assert tls.refers_to == outcome.refers_to == written.records[1].id
    peers = json.loads(Seen(tmp_path, tls).block)["peers"]
    assert [(p["host"], p["records"]) for p in peers] == [
        ("social.example", [written.records[1].id])
    ]
    facts = json.loads(Seen(tmp_path, outcome).block)
    assert facts["outcome"]["status"] == "captured" and facts["target"] == sample().target


def test_warcinfo_says_who_and_how(tmp_path: Path) -> None:
    block = Seen(tmp_path, write(sample(), tmp_path).records[0]).block.decode()
    for line in (
        "software: archiver/1.2.3 warcio/1.8.1",
        "format: WARC File Format 1.1",
        "isPartOf: 20260304T050607Z-beef",
        "http-header-user-agent: Mozilla/5.0 (X11; Linux x86_64) Example",
        "viewport: 1280x1024 scale 2",
        "setting-timeout_seconds: 90",
    ):
        assert f"{line}\r\n" in block


@pytest.mark.parametrize("size", [PIECE - 1, PIECE, PIECE + 1, 3 * STORED_BLOCK + 7])
@pytest.mark.parametrize("kind", ["video/mp4", "text/plain"])
def test_spooled_bodies_of_awkward_sizes(tmp_path: Path, size: int, kind: str) -> None:
    spool = tmp_path / "spool"
    data = (os.urandom(997) * (size // 997 + 1))[:size]
    spool.write_bytes(data)
    body = Body(spool=str(spool), size=size, digest=sha256(data))
    made = exchange(response_headers=(("Content-Type", kind),), body=body)
    assert Seen(tmp_path, write(capture(made), tmp_path).records[1]).payload == data


@pytest.mark.parametrize("spooled", [False, True])
@pytest.mark.parametrize(
    ("data", "kind", "shrinks"),
    [
        (os.urandom(400_000), "audio/wav", False),
        (os.urandom(400_000), "video/mp4", False),
        (b"words and words " * 25_000, "audio/wav", True),
        (os.urandom(200_000) + b"words and words " * 12_500, "audio/wav", True),
        (os.urandom(100) * 1_000, "application/x-made-up", True),
    ],
    ids=["noise", "packed by its type", "words", "noise, then words", "short"],
)
def test_what_does_not_shrink_is_stored(
    tmp_path: Path, data: bytes, kind: str, shrinks: bool, spooled: bool
) -> None:
    body = Body.of(data)
    if spooled:
        (tmp_path / "spool").write_bytes(data)
        body = Body(spool=str(tmp_path / "spool"), size=len(data), digest=body.digest)
    made = exchange(response_headers=(("Content-Type", kind),), body=body)
    record = write(capture(made), tmp_path).records[1]
    member = Seen(tmp_path, record)
    assert member.payload == data
    stored = (tmp_path / Path(record.file).name).read_bytes()
    assert (data[:STORED_BLOCK] in stored) is not shrinks
    assert record.length < len(data) if shrinks else record.length > len(data)


def test_a_large_body_is_never_held_whole(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    with spool.open("wb") as file:
        file.truncate(60_000_000)
    with spool.open("rb") as file:
        digest = sha256(file.read())
    body = Body(spool=str(spool), size=60_000_000, digest=digest)
    made = exchange(response_headers=(("Content-Type", "video/mp4"),), body=body)
    tracemalloc.start()
    written = write(capture(made), tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written.size > 60_000_000
    assert peak < 10_000_000


def test_stock_tools_accept_the_file(tmp_path: Path) -> None:
    path = tmp_path / Path(write(sample(), tmp_path).file).name
    tools = Path(sys.executable).parent
    for command in ([tools / "warcio", "check", "-v"], [tools / "fastwarc", "check"]):
        done = subprocess.run([*command, path], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "fail" not in (done.stdout + done.stderr).replace("0 failed", "")


def test_nothing_is_left_open(tmp_path: Path) -> None:
    write(sample(), tmp_path)
    assert [path.suffixes for path in tmp_path.iterdir()] == [[".warc", ".gz"]]


def test_the_check_reads_the_unfinished_file(tmp_path: Path) -> None:
    found: list[tuple[str, bool]] = []

    def check(path: Path) -> tuple[str, ...]:
        found.append((path.name, path.stat().st_size > 0))
        return ("record 3 at byte 1024: block digest differs",)

    with pytest.raises(ArchiveDamaged, match="block digest differs"):
        write(sample(), tmp_path, check=check)
    assert found == [(f"{sample().id}.warc.gz.open", True)]
    assert [path.name for path in tmp_path.iterdir()] == [f"{sample().id}.warc.gz.open"]


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    write(sample(), tmp_path)
    before = next(tmp_path.iterdir()).read_bytes()
    with pytest.raises(ArchiverError, match="never overwritten"):
        write(sample(), tmp_path)
    assert next(tmp_path.iterdir()).read_bytes() == before


@pytest.mark.parametrize("name", ["../escape", "", "a/b", ".hidden", "a\n", "a\0", "x" * 200])
def test_ids_that_are_no_file_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiverError, match="cannot be the name"):
        write(capture(id=name), tmp_path / "inside")
    assert not list(tmp_path.iterdir())


@contextmanager
def file_size_limit(size: int):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 100, 5000, 12000])
def test_a_full_disk_is_no_space(tmp_path: Path, size: int) -> None:
    with file_size_limit(size), pytest.raises(NoSpace):
        write(sample(), tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".open"]


def test_a_missing_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiverError, match="No such file or directory"):
        write(sample(), tmp_path / "nowhere")


def test_dates_are_in_utc_and_main_document_is_found_by_them(tmp_path: Path) -> None:
    first, second = exchange(body=Body.of(b"1")), exchange(body=Body.of(b"2"), started_at=at(5))
    made = capture(first, second, page_url=PAGE, page_at=at(5))
    written = write(made, tmp_path, check=no_defects)
    assert written.records[-1].refers_to == written.records[3].id
