"""Whatever a hostile server says, two independent readers read back what was received, and no more."""

import tempfile
from pathlib import Path

from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from record_samples import Seen, at, capture, exchange, write
from warcio.archiveiterator import ArchiveIterator

from archiver.domain.exchange import Body, Exchange
from archiver.records import text
from archiver.records.build import REVISIT_FROM

NAMED = {
    "WARC-Type", "WARC-Record-ID", "WARC-Date", "WARC-Target-URI", "WARC-Warcinfo-ID",
    "WARC-Concurrent-To", "WARC-Refers-To", "WARC-Profile", "WARC-Refers-To-Target-URI",
    "WARC-Refers-To-Date", "WARC-IP-Address", "WARC-Protocol", "WARC-Page-ID", "WARC-Resource-Type",
    "WARC-Truncated", "WARC-Block-Digest", "WARC-Payload-Digest", "WARC-Filename", "Content-Type",
    "Content-Length",
}  # fmt: skip

hostile = st.one_of(
    st.text(max_size=40),
    st.text(st.sampled_from("\r\n\0:; \tWARC-TypeHTTP/1.x\x85\u2028\x0b\x1c"), max_size=40),
    st.sampled_from(
        [
            "a\r\nWARC-Type: warcinfo",
            "x\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n",
            "\nSet-Cookie: a=b",
            "\r\n\r\n",
            "a\ud800b",
            "\x00",
            "é\xa0",
        ]
    ),
)
names = st.one_of(
    hostile,
    st.sampled_from(
        [
            "Content-Type",
            "content-length",
            "Content-Encoding",
            "Transfer-Encoding",
            "Set-Cookie",
            "X",
        ]
    ),
)
headers = st.lists(st.tuples(names, hostile), max_size=6).map(tuple)
bodies = st.one_of(
    st.binary(max_size=300),
    st.sampled_from([b"\r\n\r\nWARC/1.1\r\n", b"x" * REVISIT_FROM, b"\x1f\x8b" * 3000]),
).map(Body.of)
urls = st.one_of(
    hostile,
    hostile.map(lambda tail: "https://social.example/" + tail),
    st.sampled_from(["https://a.example", "http://[::1]:80/x?y#z", "data:text/html,<b>", "blob:x"]),
)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    return exchange(
        draw(urls),
        method=draw(st.one_of(st.sampled_from(["GET", "POST", "HEAD"]), hostile)),
        request_headers=draw(headers),
        request_body=draw(bodies),
        status=draw(st.sampled_from([0, 100, 200, 206, 301, 304, 404, 599, 999])),
        reason=draw(hostile),
        response_headers=draw(headers),
        body=draw(bodies),
        started_at=at(draw(st.integers(0, 1000))),
        address=draw(st.one_of(st.none(), st.sampled_from(["192.0.2.1", "fe80::1%eth0"]), hostile)),
        protocols=tuple(draw(st.lists(hostile, max_size=2))),
        resource_type=draw(hostile),
        made_by=draw(st.sampled_from(["browser", "client"])),
        truncated=draw(st.sampled_from([None, "length"])),
    )


FRAMING = {"content-length", "content-encoding", "transfer-encoding"}
TOUCHED = FRAMING | {"set-cookie"} | {f"x-orig-{name}" for name in FRAMING}
TOKEN = set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def percent(character: str) -> str:
    data = character.encode("utf-8", "surrogatepass")
    return "".join(f"%{byte:02X}" for byte in data)


def expected_lines(given: tuple[tuple[str, str], ...]) -> list[bytes]:
    """The header lines that must come out, in order, but for those that shaping and redaction touch."""
    lines = []
    for name, value in given:
        if name.startswith(":") or name.lower() in TOUCHED:
            continue
        token = "".join(c if c in TOKEN else percent(c) for c in name) or "x-unnamed"
        safe = "".join(percent(c) if c in "\r\n\0" else c for c in value)
        line = f"{token}: {safe}"
        wide = any(ord(c) > 0xFF for c in line)
        lines.append(line.encode("utf-8" if wide else "latin-1", "surrogatepass"))
    return lines


INJECTION = exchange(
    "https://a.example/\r\nWARC-Type: warcinfo",
    reason="OK\r\nX: 1\r\n\r\nbody",
    response_headers=(("A\r\nB", "c\r\n d\r\n\r\nHTTP/1.1 200 OK"), ("", "")),
    body=Body.of(b"real"),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([INJECTION])
@given(st.lists(exchanges(), max_size=5))
def test_any_exchanges_survive(found: list[Exchange]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = write(capture(*found, title="x"), folder)
        answered = [one for one in found if one.recordable]
        assert len(written.records) == 2 + 2 * len(answered)
        see_fields(folder, written.records)
        see_heads(folder, written.records, answered)
        see_with_warcio(folder / Path(written.file).name, answered)
        see_with_fastwarc(folder / Path(written.file).name, len(written.records), answered)


def see_fields(folder: Path, records: tuple) -> None:
    """No named field but ours, none twice but the protocols, none with a byte that breaks a line."""
    for record in records:
        seen = Seen(folder, record)
        assert seen.version == b"WARC/1.1"
        present = [name for name, _ in seen.fields]
        assert set(present) <= NAMED
        once = [name for name in present if name != "WARC-Protocol"]
        assert len(once) == len(set(once))
        assert not any(b"\r" in line or b"\n" in line or b"\0" in line for line in seen.lines)


def see_heads(folder: Path, records: tuple, answered: list[Exchange]) -> None:
    """The HTTP heads have the headers as they came, and the bodies are untouched."""
    for index, one in enumerate(answered):
        response, request = (Seen(folder, record) for record in records[1 + 2 * index :][:2])
        assert response.http[0].startswith(b"HTTP/1.1 %d " % one.status)
        for head in (response, request):
            assert not any(b"\r" in line or b"\n" in line or b"\0" in line for line in head.http)
        kept = [
            line
            for line in response.http[1:]
            if line.partition(b":")[0].decode("latin-1").lower() not in TOUCHED
        ]
        assert kept == expected_lines(one.response_headers)
        if response.get("WARC-Type") == ["response"]:
            assert response.payload == one.body.read()
        assert request.payload == one.request_body.read()


def see_with_warcio(path: Path, answered: list[Exchange]) -> None:
    with path.open("rb") as file:
        reader = ArchiveIterator(file, check_digests=True, verify_http=False)
        found = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), body(record))
            for record in reader
        ]
        assert reader.err_count == 0
    responses = [one for one in found if one[0] in ("response", "revisit")]
    assert [uri for _, uri, _ in responses] == [text.target_uri(one.url) for one in answered]
    for (kind, _, payload), one in zip(responses, answered, strict=True):
        assert payload == (one.body.read() if kind == "response" else b"")


def body(record: object) -> bytes:
    """The payload as stored; the reader must have found the end of the HTTP head by itself."""
    data = record.raw_stream.read()
    assert record.digest_checker.passed in (True, None)
    return data


def see_with_fastwarc(path: Path, count: int, answered: list[Exchange]) -> None:
    with path.open("rb") as file:
        records = 0
        payloads = []
        for record in FastIterator(file, parse_http=False, verify_digests=False):
            records += 1
            assert record.verify_block_digest()
            if record.record_type == WarcRecordType.response:
                payloads.append(record.reader.read().partition(b"\r\n\r\n")[2])
        assert records == count
    whole = [one.body.read() for one in answered]
    assert all(payload in whole for payload in payloads)
