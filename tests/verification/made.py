"""WARC files and run folders made by hand for the tests, with none of the archive's own writers."""

import gzip
import hashlib
import json
import uuid
import zlib
from pathlib import Path
from typing import Any

DATE = "2026-11-22T04:06:11.123Z"
STAMP = "20261122040611"
RUN_ID = "20261122T040611Z-3f9a"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


def sha(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def urn(seed: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}>"


def member(data: bytes, level: int = 6) -> bytes:
    engine = zlib.compressobj(level, zlib.DEFLATED, 31)
    return engine.compress(data) + engine.flush()


def record(kind: str, name: str, block: bytes, **fields: str) -> bytes:
    """One record, uncompressed. Keyword names become fields: `warc_target_uri` → WARC-Target-URI."""
    head = {
        "WARC-Type": kind,
        "WARC-Record-ID": urn(name),
        "WARC-Date": DATE,
        "Content-Length": str(len(block)),
        "WARC-Block-Digest": sha(block),
    } | {
        "-".join(
            p.upper() if p in ("warc", "uri", "id", "ip") else p.title() for p in k.split("_")
        ): v
        for k, v in fields.items()
    }
    lines = "".join(f"{key}: {value}\r\n" for key, value in head.items() if value)
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def warcinfo(file_name: str) -> bytes:
    return record(
        "warcinfo",
        file_name,
        b"software: made by hand\r\nformat: WARC File Format 1.1\r\n",
        content_type="application/warc-fields",
        warc_filename=file_name,
    )


def response(name: str, url: str, body: bytes, *, head: bytes = b"", **fields: str) -> bytes:
    head = head or b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    return record(
        "response",
        name,
        head + body,
        **{
            "warc_target_uri": url,
            "content_type": "application/http;msgtype=response",
            "warc_ip_address": "203.0.113.7",
            "warc_protocol": "h2",
            "warc_payload_digest": sha(body),
        }
        | fields,
    )


def request(name: str, url: str, answer: str, **fields: str) -> bytes:
    return record(
        "request",
        name,
        b"GET /post/1 HTTP/1.1\r\nHost: social.example\r\n\r\n",
        **{
            "warc_target_uri": url,
            "warc_concurrent_to": urn(answer),
            "content_type": "application/http;msgtype=request",
        }
        | fields,
    )


def revisit(name: str, url: str, body: bytes, target: str, target_url: str) -> bytes:
    return record(
        "revisit",
        name,
        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n",
        warc_target_uri=url,
        warc_payload_digest=sha(body),
        warc_profile=SAME_PAYLOAD,
        warc_truncated="length",
        warc_refers_to=urn(target),
        warc_refers_to_target_uri=target_url,
        warc_refers_to_date=DATE,
        content_type="application/http;msgtype=response",
    )


def resource(name: str, uri: str, body: bytes, media: str = "image/png") -> bytes:
    return record(
        "resource",
        name,
        body,
        warc_target_uri=uri,
        warc_payload_digest=sha(body),
        content_type=media,
    )


def metadata(name: str, url: str, answer: str, body: bytes = b'{"status":"captured"}') -> bytes:
    return record(
        "metadata",
        name,
        body,
        warc_target_uri=url,
        warc_concurrent_to=urn(answer),
        content_type="application/json",
    )


PICTURE = bytes(range(256)) * 12


def post_records(capture: str, *, url: str, picture_url: str, again_of: str = "") -> list[bytes]:
    """The records of one capture; with `again_of` (a capture) its picture is a revisit of that one's."""
    page = b"<!doctype html><title>A post</title><p>Hello from the harbour, " + capture.encode()
    picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"
    return [
        warcinfo(f"{capture}.warc.gz"),
        response(f"{capture}/page", url, page),
        request(f"{capture}/ask", url, f"{capture}/page"),
        revisit(f"{capture}/pic", picture_url, PICTURE, f"{again_of}/pic", picture_url)
        if again_of
        else response(f"{capture}/pic", picture_url, PICTURE, head=picture),
        request(f"{capture}/askpic", picture_url, f"{capture}/pic"),
        resource(f"{capture}/view", f"urn:view:{url}", b"\x89PNG" + capture.encode()),
        metadata(f"{capture}/outcome", url, f"{capture}/page"),
    ]


def write_warc(path: Path, records: list[bytes]) -> list[tuple[int, int]]:
    """Write the records, a member each; (offset, length) of every one comes back."""
    data, places = b"", []
    for one in records:
        packed = member(one)
        places.append((len(data), len(packed)))
        data += packed
    path.write_bytes(data)
    return places


def fields_of(raw: bytes) -> dict[str, str]:
    lines = raw.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines)


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _digest(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    algorithm, _, value = text.partition(":")
    return {"algorithm": algorithm, "value": value}


def _listed(file: str, raw: bytes, place: tuple[int, int]) -> dict[str, Any]:
    fields = fields_of(raw)
    return {
        "file": file,
        "offset": place[0],
        "length": place[1],
        "type": fields["WARC-Type"],
        "id": fields["WARC-Record-ID"],
        "target_uri": fields.get("WARC-Target-URI"),
        "date": fields["WARC-Date"],
        "content_type": fields.get("Content-Type"),
        "media_type": None,
        "status": 200 if fields["WARC-Type"] in ("response", "revisit") else None,
        "method": "GET" if fields["WARC-Type"] == "request" else None,
        "block_digest": _digest(fields["WARC-Block-Digest"]),
        "payload_digest": _digest(fields.get("WARC-Payload-Digest")),
        "concurrent_to": fields.get("WARC-Concurrent-To"),
        "refers_to": fields.get("WARC-Refers-To"),
        "truncated": fields.get("WARC-Truncated"),
    }


def manifest(capture: str, warc: Path | None, records: list[bytes], places: list) -> dict[str, Any]:
    """A manifest as plain JSON; only what a verifier reads of it, in the writers' layout."""
    file = f"archive/{capture}.warc.gz" if warc else None
    data = warc.read_bytes() if warc else b""
    page = next((fields_of(raw) for raw in records if b"WARC-Type: response" in raw), {})
    return {
        "schema": "archiver/manifest/1",
        "capture_id": capture,
        "run_id": RUN_ID,
        "target": f"x:{capture}",
        "outcome": {
            "status": "captured" if warc else "failed",
            "reason": "",
            "signals": [],
            "retry_after": None,
        },
        "page_url": page.get("WARC-Target-URI"),
        "page_at": page.get("WARC-Date"),
        "title": None,
        "warc_file": file,
        "warc_size": len(data),
        "warc_digest": _digest(sha(data)) if warc else None,
        "records": [_listed(str(file), r, p) for r, p in zip(records, places, strict=True)],
        "redactions": [],
    }


def index_lines(warc: Path, records: list[bytes], places: list[tuple[int, int]]) -> list[str]:
    lines = []
    for raw, (offset, length) in zip(records, places, strict=True):
        fields = fields_of(raw)
        if fields["WARC-Type"] not in ("response", "revisit", "resource"):
            continue
        url = fields["WARC-Target-URI"]
        value = {
            "url": url,
            "digest": fields["WARC-Payload-Digest"],
            "mime": "warc/revisit" if fields["WARC-Type"] == "revisit" else "text/html",
            "filename": warc.name,
            "offset": str(offset),
            "length": str(length),
            "status": "200",
            "recordDigest": sha(warc.read_bytes()[offset : offset + length]),
        }
        lines.append(f"{_key(url)} {STAMP} {json.dumps(value)}")
    return lines


def _key(url: str) -> str:
    if not url.startswith("http"):
        return url
    host, _, path = url.partition("://")[2].partition("/")
    return ",".join(reversed(host.split("."))) + ")/" + path


def unpackaged_run(folder: Path) -> Path:
    """A run of three captures (one with a revisit of another's picture, one failed), without the
    files of the package."""
    for name in ("archive", "indexes", "manifests", "logs"):
        (folder / name).mkdir(parents=True)
    (folder / "logs/run.jsonl").write_text('{"event":"run begins"}\n')
    lines: list[str] = []
    for capture, again in (("aaaa-1", ""), ("bbbb-2", "aaaa-1"), ("cccc-3", None)):
        warc, records, places = None, [], []
        if again is not None:
            warc = folder / f"archive/{capture}.warc.gz"
            url = f"https://social.example/post/{capture}"
            records = post_records(
                capture, url=url, picture_url="https://cdn.example/pic.png", again_of=again
            )
            places = write_warc(warc, records)
            lines += index_lines(warc, records, places)
        statement = manifest(capture, warc, records, places)
        (folder / f"manifests/{capture}.json").write_bytes(canonical(statement))
    (folder / "indexes/index.cdxj").write_text("".join(f"{line}\n" for line in sorted(lines)))
    return folder


def whole(path: Path) -> list[bytes]:
    """The gunzipped members of a WARC, by Python's gzip: only for whole files."""
    return gzip.decompress(path.read_bytes()).split(b"\r\n\r\nWARC/1.1")
