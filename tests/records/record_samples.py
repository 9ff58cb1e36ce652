"""Captures in small, invented for the tests, and a strict look at what was written."""

import gzip
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.domain.capture import BrowserFacts, Capture, Outcome, Snapshot, Status
from archiver.domain.digest import Digest
from archiver.domain.exchange import Body, Exchange, TlsPeer
from archiver.domain.manifest import Software
from archiver.domain.record import WrittenWarc
from archiver.records.warcinfo import WarcInfo
from archiver.records.write import write_capture

START = datetime(2026, 3, 4, 5, 6, 7, 891_234, tzinfo=UTC)
PAGE = "https://social.example/@ada/1001"
HTML = ("<!doctype html><title>Ada</title>" + "<p>A first post, here to stay.</p>" * 60).encode()
PICTURE = bytes(range(256)) * 40

INFO = WarcInfo(
    software=Software(
        archiver="1.2.3",
        python="3.11.9",
        playwright="1.60.0",
        warcio="1.8.1",
        system="Linux x86_64",
    ),
    run_id="20260304T050607Z-beef",
    settings={"timeout_seconds": "90", "locale": "en-GB"},
)
BROWSER = BrowserFacts(
    product="Chromium/150.0.1",
    user_agent="Mozilla/5.0 (X11; Linux x86_64) Example",
    playwright="1.60.0",
    executable="/usr/bin/chromium",
    sandbox=True,
    viewport=(1280, 1024),
    scale=2.0,
    locale="en-GB",
    timezone="UTC",
    arguments=("--one", "--two=2"),
)


class CountedIds:
    """Identifiers that count up: the same in every run of a test."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def uuid(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._count):012x}"

    def token(self, length: int) -> str:
        return f"{next(self._count):0{length}x}"[-length:]


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def exchange(url: str = PAGE, **fields: object) -> Exchange:
    defaults: dict[str, object] = {
        "status": 200,
        "reason": "OK",
        "started_at": START,
        "made_by": "browser",
    }
    return Exchange(url=url, **{**defaults, **fields})


def capture(*exchanges: Exchange, **fields: object) -> Capture:
    defaults: dict[str, object] = {
        "id": "mastodon-social-example-1001-0a1b2c3d-00000001",
        "target": "mastodon:social.example/1001",
        "url": PAGE,
        "started_at": START,
        "ended_at": at(9),
        "outcome": Outcome(status=Status.CAPTURED, reason="the post's text was received"),
        "requested": len(exchanges),
    }
    return Capture(exchanges=exchanges, **{**defaults, **fields})


def sample() -> Capture:
    """One of everything that a capture can hold."""
    tls = TlsPeer(protocol="TLS 1.3", subject="social.example", issuer="Example CA")
    document = exchange(
        request_headers=(
            (":method", "GET"),
            (":authority", "social.example"),
            ("User-Agent", "Mozilla/5.0"),
            ("Cookie", "session=s3cret; theme=dark"),
        ),
        reason="",
        response_headers=(
            ("content-type", "text/html; charset=utf-8"),
            ("content-encoding", "br"),
            ("content-length", "321"),
            ("set-cookie", "session=s3cret; Path=/; HttpOnly"),
            ("set-cookie", "seen=1"),
        ),
        body=Body.of(HTML),
        address="2001:db8:0:0:0:0:0:7",
        protocols=("h2", "tls/1.3"),
        resource_type="document",
        tls=tls,
    )
    picture = exchange(
        "https://files.example/1.jpg?a=b|c",
        response_headers=(("Content-Type", "image/jpeg"), ("Content-Length", str(len(PICTURE)))),
        body=Body.of(PICTURE),
        started_at=at(1),
        address="192.0.2.7",
        protocols=("http/1.1",),
        resource_type="image",
    )
    again = exchange(
        "https://files.example/copy.jpg",
        response_headers=(("Content-Type", "image/jpeg"),),
        body=Body.of(PICTURE),
        started_at=at(2),
        resource_type="image",
    )
    call = exchange(
        "https://social.example/api?access_token=x",
        method="POST",
        request_headers=(("Content-Type", "application/json"), ("Authorization", "Bearer s3cret")),
        request_body=Body.of(b'{"id": 1001, "with": ["media", "author"]}'),
        response_headers=(("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")),
        body=Body.of(b'{"ok":true}'),
        started_at=at(3),
        resource_type="fetch",
        truncated="time",
        error="the body did not end in time",
    )
    lost = exchange("https://ads.example/", status=0, error="net::ERR_BLOCKED_BY_CLIENT")
    text = Snapshot(
        role="text",
        urn=f"urn:text:{PAGE}",
        media_type="text/plain",
        body=Body.of("Ada: grüße".encode()),
        taken_at=at(8),
    )
    return capture(
        document,
        picture,
        again,
        call,
        lost,
        snapshots=(text,),
        page_url=PAGE,
        page_at=START,
        browser=BROWSER,
    )


def nothing_seen(digest: Digest, url: str) -> None:
    return None


def no_defects(path: Path) -> tuple[str, ...]:
    return ()


def write(what: Capture, folder: Path, **doors: object) -> WrittenWarc:
    given = {"seen": nothing_seen, "ids": CountedIds(), "check": no_defects, **doors}
    return write_capture(what, folder, INFO, **given)


class Seen:
    """A record cut out of the file by the offset and length that were noted for it."""

    def __init__(self, folder: Path, record: object) -> None:
        data = (folder / Path(record.file).name).read_bytes()
        member = data[record.offset : record.offset + record.length]
        self.data = gzip.decompress(member)
        header, _, rest = self.data.partition(b"\r\n\r\n")
        assert rest.endswith(b"\r\n\r\n")
        self.version, *self.lines = header.split(b"\r\n")
        self.block = rest[:-4]

    @property
    def fields(self) -> list[tuple[str, str]]:
        pairs = [line.decode("utf-8").split(": ", 1) for line in self.lines]
        return [(name, value) for name, value in pairs]

    def get(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]

    @property
    def http(self) -> list[bytes]:
        return self.block.partition(b"\r\n\r\n")[0].split(b"\r\n")

    @property
    def payload(self) -> bytes:
        return self.block.partition(b"\r\n\r\n")[2]
