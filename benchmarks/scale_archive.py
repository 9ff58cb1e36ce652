"""Large archives and WARC files of invented posts, made by the program's own writers.

    python benchmarks/scale_archive.py FOLDER [--captures 100000] [--per-run 100] [--big-run 10000]
    python benchmarks/scale_archive.py FILE.warc.gz --records 1000000

Every capture goes through `Commit.save` (WARC, read back, manifest, ledger row), every run through `finish` and
the sealing of the log. The bodies are tiny: what is measured on such an archive is the number of things.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.clock import RandomIds, compact
from archiver.commit import Commit, finish
from archiver.domain.capture import Capture, Outcome, Status
from archiver.domain.digest import sha256
from archiver.domain.embed import Embed, Evidence
from archiver.domain.exchange import Body, Exchange
from archiver.domain.manifest import Article, Software
from archiver.domain.metadata import PostMetadata, Told
from archiver.domain.post import Post, PostRef, Resolution
from archiver.records.build import drafts
from archiver.records.gzip import Sink
from archiver.records.warcinfo import WarcInfo
from archiver.records.write import write_record
from archiver.sealing import extend_log, package_signer
from archiver.storage.layout import Archive
from archiver.storage.ledger import Ledger

START = datetime(2025, 1, 1, tzinfo=UTC)
VISITS = 3
"""How often each post was captured, as a round."""
ENDPOINT = "https://social.example/api"


def moment(number: int, per_run: int) -> datetime:
    """Runs are six hours apart, captures of a run a second."""
    return START + timedelta(hours=6 * (number // per_run), seconds=number % per_run)


def exchange(url: str, body: bytes, at: datetime) -> Exchange:
    return Exchange(
        url=url,
        request_headers=(("User-Agent", "Mozilla/5.0"), ("Accept", "*/*")),
        status=200,
        reason="OK",
        response_headers=(("Content-Type", "text/html"), ("Content-Length", str(len(body)))),
        body=Body.of(body),
        started_at=at,
        made_by="browser",
        address="192.0.2.1",
        protocols=("h2", "tls/1.3"),
        resource_type="document",
    )


def capture(name: str, post: Post, at: datetime, text: str, *, gone: bool) -> Capture:
    status, why = (
        (Status.GONE, "two answers say so") if gone else (Status.CAPTURED, "its text came")
    )
    body = f"<!doctype html><title>A post</title><p>{text}</p>".encode()
    return Capture(
        id=name,
        target=str(post.ref),
        url=post.url,
        started_at=at,
        ended_at=at + timedelta(seconds=1),
        outcome=Outcome(status=status, reason=why),
        exchanges=(exchange(post.url, body, at),),
        requested=1,
        page_url=post.url,
        page_at=at,
        title="A post",
    )


def told(post: Post, text: str, likes: int) -> PostMetadata:
    return PostMetadata(
        ref=post.ref,
        text=Told(text, ENDPOINT, "$.text"),
        counts={"likes": Told(likes, ENDPOINT, "$.likes")},
    )


def article(post: Post, number: int) -> Article:
    source = f"https://news.example/article/{number}"
    digest = sha256(source.encode())
    embed = Embed(
        source=source,
        document=digest,
        role="embed",
        platform=post.ref.platform,
        ref=post.ref,
        url=post.url,
        evidence=(Evidence(rule="mastodon.iframe", offset=number),),
    )
    return Article(source=source, url=source, digest=digest, embed=embed)


def save(commit: Commit, number: int, posts: int, per_run: int) -> None:
    """Capture `number` of the archive: every post in turn, some edited, some gone and back."""
    which, visit = number % posts, number // posts
    ref = PostRef("mastodon", f"social.example/{which}")
    post = Post(ref=ref, url=f"https://social.example/@ada/{which}")
    text = f"Post {which} of the day, version {visit if which % 7 == 0 else 0}"
    made = capture(
        f"mastodon-{which}-{number:08x}",
        post,
        moment(number, per_run),
        text,
        gone=visit == 1 and which % 11 == 0,
    )
    commit.save(
        made,
        resolution=Resolution(post=post, steps=("the article names it",)),
        metadata=told(post, text, visit if which % 3 else 0),
        articles=(article(post, which // 5),),
    )


def run(archive: Archive, first: int, count: int, posts: int, per_run: int) -> None:
    """One run of `count` captures, finished, signed and in the log."""
    at = moment(first, per_run)
    run_id = f"{compact(at)}-{first & 0xFFFF:04x}"
    with Ledger(archive.ledger) as ledger:
        commit = Commit(archive, ledger, run_id, {"locale": "en"}, RandomIds())
        for number in range(first, first + count):
            save(commit, number, posts, per_run)
        finish(commit.open_folder(), package_signer(archive, archive.keys), created=at)
    extend_log(archive, archive.keys)


def make_archive(root: Path, captures: int, per_run: int, big_run: int) -> float:
    """An archive of so many captures, the last `big_run` of them in one run. Gives captures a second."""
    archive = Archive(root)
    archive.prepare()
    began = time.monotonic()
    posts = max(captures // VISITS, 1)
    for first in range(0, captures - big_run, per_run):
        run(archive, first, min(per_run, captures - big_run - first), posts, per_run)
    if big_run:
        run(archive, captures - big_run, big_run, posts, per_run)
    return captures / (time.monotonic() - began)


def make_warc(path: Path, records: int) -> int:
    """One WARC file of at least so many records, response and request in turn. Gives their number."""
    info = WarcInfo(
        software=Software(archiver="0", python="3", playwright="1", warcio="1", system="Linux"),
        run_id=f"{compact(START)}-0000",
    )
    count = 0
    with path.open("wb") as file:
        sink = Sink(file)
        warcinfo: str | None = None
        for one in _captures(records // 2):
            for draft in drafts(one, info, path.name, seen=lambda *_: None, ids=RandomIds()):
                if draft.type == "warcinfo" and warcinfo:
                    continue
                written = write_record(sink, draft, f"archive/{path.name}", warcinfo)
                warcinfo = warcinfo or written.id
                count += 1
    return count


def _captures(exchanges: int) -> Iterator[Capture]:
    """Captures of a thousand exchanges each, as many as are needed."""
    for first in range(0, exchanges, 1000):
        made = tuple(
            exchange(f"https://social.example/item/{n}", b"<p>item %d</p>" % n, START)
            for n in range(first, min(first + 1000, exchanges))
        )
        yield Capture(
            id="large",
            target="web:https://social.example/",
            url=None,
            started_at=START,
            ended_at=START,
            outcome=Outcome(status=Status.CAPTURED, reason="its text came"),
            exchanges=made,
            requested=len(made),
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("place", type=Path)
    parser.add_argument("--captures", type=int, default=100_000)
    parser.add_argument("--per-run", type=int, default=100)
    parser.add_argument("--big-run", type=int, default=0)
    parser.add_argument("--records", type=int)
    chosen = parser.parse_args()
    if chosen.records:
        print(f"{make_warc(chosen.place, chosen.records)} records")
        return 0
    os.makedirs(chosen.place, exist_ok=True)
    speed = make_archive(chosen.place, chosen.captures, chosen.per_run, chosen.big_run)
    print(f"{chosen.captures} captures at {speed:.0f} a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
