"""WARC writing against warcio's own writer: the same exchanges, interleaved, in one process.

    python benchmarks/records.py [--pairs 5] [--exchanges 1000] [--bar 6]

Half of the bodies are text of 9 to 75 KB, half are incompressible pictures of 8 to 60 KB; both writers
write response and request with digests, one gzip member a record. The figure is CPU time, so that other
work on the machine bears on both alike. Exit status 1 when the median ratio is below the bar.
"""

import argparse
import io
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.clock import RandomIds, iso
from archiver.domain.capture import Capture, Outcome, Status
from archiver.domain.exchange import Body, Exchange
from archiver.domain.manifest import Software
from archiver.records.warcinfo import WarcInfo
from archiver.records.write import write_capture

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
INFO = WarcInfo(
    software=Software(archiver="0", python="3", playwright="1", warcio="1", system="Linux"),
    run_id="20260102T030405Z-0000",
)


def bodies(count: int, chance: random.Random) -> list[tuple[str, bytes]]:
    """Media type and bytes, text and pictures in turn."""
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(3000)]
    found = []
    for number in range(count):
        if number % 2:
            found.append(("image/jpeg", chance.randbytes(chance.randint(8_000, 60_000))))
            continue
        size, parts = chance.randint(9_000, 75_000), ["<!doctype html>"]
        while len(parts) * 7 < size:
            parts.append(
                f'<p class="{chance.choice(words)}">'
                if len(parts) % 9 == 0
                else chance.choice(words)
            )
        found.append(("text/html", " ".join(parts).encode()))
    return found


def exchange(number: int, media_type: str, data: bytes) -> Exchange:
    return Exchange(
        url=f"https://social.example/item/{number}?v=1",
        request_headers=(
            ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0"),
            ("Accept", "*/*"),
            ("Referer", "https://social.example/"),
        ),
        status=200,
        reason="OK",
        response_headers=(
            ("Content-Type", media_type),
            ("Content-Length", str(len(data))),
            ("Cache-Control", "public, max-age=31536000"),
            ("Server", "example"),
        ),
        body=Body.of(data),
        started_at=WHEN,
        made_by="client",
        address="192.0.2.1",
        protocols=("h2", "tls/1.3"),
    )


def with_ours(exchanges: Sequence[Exchange]) -> int:
    """Write the exchanges with `write_capture` and give the size of the file."""
    capture = Capture(
        id="benchmark",
        target="x:1",
        url=None,
        started_at=WHEN,
        ended_at=WHEN,
        outcome=Outcome(status=Status.CAPTURED, reason=""),
        exchanges=tuple(exchanges),
    )
    with tempfile.TemporaryDirectory() as folder:
        written = write_capture(
            capture,
            Path(folder),
            INFO,
            seen=lambda digest, url: None,
            ids=RandomIds(),
            check=lambda path: (),
        )
    return written.size


def with_warcio(exchanges: Sequence[Exchange]) -> int:
    """Write the same exchanges with warcio's writer and give the size of the file."""
    with tempfile.TemporaryFile() as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for one in exchanges:
            named = {"WARC-Date": iso(one.started_at), "WARC-IP-Address": one.address}
            response = writer.create_warc_record(
                one.url,
                "response",
                payload=io.BytesIO(one.body.data),
                length=one.body.size,
                http_headers=StatusAndHeaders(
                    "200 OK", list(one.response_headers), protocol="HTTP/1.1"
                ),
                warc_headers_dict=dict(named),
            )
            request = writer.create_warc_record(
                one.url,
                "request",
                payload=io.BytesIO(b""),
                length=0,
                http_headers=StatusAndHeaders(
                    "GET /item HTTP/1.1", list(one.request_headers), is_http_request=True
                ),
                warc_headers_dict=dict(named),
            )
            writer.write_request_response_pair(request, response)
        return file.tell()


def timed(
    write: Callable[[Sequence[Exchange]], int], exchanges: Sequence[Exchange]
) -> tuple[float, int]:
    before = time.process_time()
    size = write(exchanges)
    return time.process_time() - before, size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--exchanges", type=int, default=1000)
    parser.add_argument("--bar", type=float, default=6.0)
    chosen = parser.parse_args()
    made = bodies(chosen.exchanges, random.Random(1))
    exchanges = [exchange(number, *one) for number, one in enumerate(made)]
    megabytes = sum(one.body.size for one in exchanges) / 1e6
    ratios, ours, theirs = [], [], []
    for _ in range(chosen.pairs):
        (mine, size), (stock, stock_size) = (
            timed(with_ours, exchanges),
            timed(with_warcio, exchanges),
        )
        ratios.append(stock / mine)
        ours.append(megabytes / mine)
        theirs.append(megabytes / stock)
    print(
        f"{len(exchanges)} exchanges, {megabytes:.1f} MB, {chosen.pairs} interleaved pairs, CPU time"
    )
    print(f"archiver {statistics.median(ours):7.1f} MB/s   file {size / 1e6:.1f} MB")
    print(f"warcio   {statistics.median(theirs):7.1f} MB/s   file {stock_size / 1e6:.1f} MB")
    print(
        f"ratio    {statistics.median(ratios):7.2f}   ({min(ratios):.2f} to {max(ratios):.2f}), bar {chosen.bar}"
    )
    return 0 if statistics.median(ratios) >= chosen.bar else 1


if __name__ == "__main__":
    sys.exit(main())
