"""Manifests in small, invented for the tests."""

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from archiver.domain.capture import (
    Attempt,
    Blocked,
    BrowserFacts,
    Capture,
    Outcome,
    Signal,
    Status,
    Unrecorded,
)
from archiver.domain.digest import sha256
from archiver.domain.embed import Embed, Evidence
from archiver.domain.exchange import Body, Exchange, TlsPeer
from archiver.domain.manifest import Article, Manifest, Software
from archiver.domain.post import Post, PostRef, View
from archiver.domain.record import Record, Redaction, WrittenWarc
from archiver.manifests.assemble import assemble

START = datetime(2026, 3, 4, 5, 6, 7, 891_234, tzinfo=UTC)
END = START + timedelta(seconds=9)
SOFTWARE = Software(
    archiver="1.2.3", python="3.11.9", playwright="1.60.0", warcio="1.8.1", system="Linux",
    revision="5eed" * 10 + "-dirty",
)  # fmt: skip
ARCHIVE = "archiver/" + "0a1b" * 8
VIEW = View("embed", "https://social.example/@ada/1001/embed")
POST = Post(
    ref=PostRef("mastodon", "social.example/1001"),
    url="https://social.example/@ada/1001",
    views=(VIEW,),
    author="ada",
    posted_at=START,
    posted_on=date(2026, 3, 4),
)
EMBED = Embed(
    source="article.html",
    document=sha256(b"<article>"),
    role="embed",
    platform="mastodon",
    ref=POST.ref,
    url=POST.url,
    handle="ada",
    text="grüße, 世界 \U0001f30d",
    evidence=(Evidence(rule="mastodon.iframe", offset=12, confidence=0.85, fragment="<iframe>"),),
)
ARTICLE = Article(
    source="article.html", url=None, digest=sha256(b"<article>"), title="News", read_at=START, embed=EMBED
)  # fmt: skip
RECORD = Record(
    file="archive/x.warc.gz",
    offset=0,
    length=321,
    type="response",
    id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    target_uri=POST.url,
    date=START.replace(microsecond=891_000),
    content_type="application/http;msgtype=response",
    media_type="text/html",
    status=200,
    method="GET",
    block_digest=sha256(b"block"),
    payload_digest=sha256(b"payload"),
    truncated="unspecified",
    truncated_because="2000 of 5000 bytes came",
)
WRITTEN = WrittenWarc(
    file="archive/x.warc.gz",
    size=321,
    digest=sha256(b"file"),
    records=(RECORD,),
    redactions=(Redaction(record_id=RECORD.id, header="cookie", rule="cookie"),),
    notes=("a note of the writer",),
)
TLS = TlsPeer(protocol="TLS 1.3", subject="social.example", certificates=(sha256(b"der"),))


def exchange(url: str, **fields: object) -> Exchange:
    defaults: dict[str, object] = {"status": 200, "started_at": START, "made_by": "browser"}
    return Exchange(url=url, **{**defaults, **fields})


def capture(**fields: object) -> Capture:
    outcome = Outcome(
        status=Status.CAPTURED,
        reason="the author is named in the page",
        signals=(Signal(rule="mastodon.author", points_to=Status.CAPTURED, url=POST.url),),
        retry_after=30.0,
    )
    defaults: dict[str, object] = {
        "id": "mastodon-1001-00000001",
        "target": str(POST.ref),
        "url": POST.url,
        "started_at": START,
        "ended_at": END,
        "outcome": outcome,
        "attempts": (Attempt(view=VIEW, started_at=START, ended_at=END, outcome=outcome),),
        "exchanges": (
            exchange(POST.url, body=Body.of(b"x"), address="192.0.2.1", protocols=("h2",), tls=TLS),
            exchange(POST.url, address="192.0.2.1", protocols=("h2",), tls=TLS),
            exchange("https://user@Files.example:8443/1.jpg", address="192.0.2.2"),
            exchange("https://ads.example/", status=0, error="blocked"),
            exchange("https://slow.example/", status=0),
            exchange("data:text/html,x"),
        ),
        "page_url": POST.url,
        "page_at": START,
        "title": "Ada",
        "requested": 7,
        "unrecorded": (Unrecorded(url="wss://social.example/", method="GET", reason="WebSocket"),),
        "blocked": (Blocked(host="10.0.0.1", port=80, reason="private address", at=START),),
        "notes": ("a note of the visit",),
        "browser": BrowserFacts(
            product="Chromium/150", user_agent="Mozilla/5.0", playwright="1.60.0",
            executable="/usr/bin/chromium", sandbox=True, viewport=(1280, 1024), scale=2.0,
            locale="en-GB", timezone="UTC", fonts=sha256(b"fonts"),
        ),
        "visit_ms": 8_765,
    }  # fmt: skip
    return Capture(**{**defaults, **fields})


def manifest(
    what: Capture | None = None, written: WrittenWarc | None = WRITTEN, **fields: object
) -> Manifest:
    defaults: dict[str, object] = {
        "post": POST,
        "articles": (ARTICLE,),
        "run_id": "20260304T050607Z-beef",
        "resolution_steps": ("the URL names the post",),
        "software": SOFTWARE,
        "settings": {"locale": "en-GB", "timeout_seconds": "90"},
    }
    made = assemble(what or capture(), written, **{**defaults, **fields})
    return replace(made, archive_id=ARCHIVE)
