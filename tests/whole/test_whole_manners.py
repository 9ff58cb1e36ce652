"""Manners from run to run: a host that asked for an hour, a robots.txt, articles that have not changed."""

import json
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from loopback import Asked, Authority, Proxy, Web, http

from archiver import __version__
from archiver.clock import SystemClock
from archiver.config import Settings
from archiver.domain.seed import Seed
from archiver.net.pace import Pace
from archiver.pipeline import run
from archiver.report import RunReport, RunRequest, Silent
from archiver.verification.verify import verify

PAPER, TUBE = "paper.example", "vk.com"
ETAG, DATE = '"ferry-7"', "Sun, 01 Mar 2026 12:00:00 GMT"
POSTS = ("-77_101", "-77_102")
HTML = ("Content-Type", "text/html; charset=utf-8")


class Later(SystemClock):
    """The machine's clock, some seconds ahead."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return super().now() + self._ahead


def frame(post: str) -> str:
    owner, _, number = post.partition("_")
    return f'<iframe src="https://{TUBE}/video_ext.php?oid={owner}&id={number}"></iframe>'


def article(*posts: str, words: str = "The ferry is back.") -> str:
    return f"<!doctype html><title>Ferries</title><article><p>{words}</p>{''.join(map(frame, posts))}</article>"


def unless_known(page: str, *headers: tuple[str, str]) -> Callable[[Asked, socket.socket], bytes]:
    """A route that answers 304 to who has it already."""

    def answer(asked: Asked, link: socket.socket) -> bytes:
        if asked.header("if-none-match") == ETAG or asked.header("if-modified-since") == DATE:
            return http(b"", 304, "Not Modified", *headers)
        return http(page, 200, "OK", HTML, *headers)

    return answer


class Town:
    """A newspaper and a video site behind one proxy, and an archive that is filled run by run."""

    def __init__(self, stack: ExitStack, authority: Authority, folder: Path) -> None:
        self.web = stack.enter_context(Web(authority.context(PAPER, TUBE)))
        self.proxy = stack.enter_context(Proxy(lambda host, port: self.web.address))
        self.ca_file = authority.ca_file
        self.archive = folder / "archive"

    def run(self, *seeds: str, later: float = 0.0, **more: Any) -> RunReport:
        settings = Settings(
            archive=self.archive, proxy=self.proxy.url, ca_file=self.ca_file, allow_no_sandbox=True,
            min_free=1, no_articles=True, **more,
        )  # fmt: skip
        request = RunRequest(seeds=tuple(Seed(source=s, origin="argument 1") for s in seeds))
        clock = Later(later)
        return run(settings, request, Silent(), clock=clock, pace=Pace(interval=0.0, clock=clock))

    def asked(self, host: str, target: str = "") -> list[Asked]:
        hits = [hit for hit in self.web.hits if hit.header("host") == host]
        return [hit for hit in hits if not target or hit.target.startswith(target)]

    def manifests(self, start: str) -> list[dict[str, Any]]:
        """The manifests of targets that begin so, oldest run first."""
        paths = sorted(self.archive.glob("runs/*/*/*/*/manifests/*.json"))
        found = [json.loads(path.read_bytes()) for path in paths]
        return [one for one in found if one["target"].startswith(start)]


@pytest.fixture
def town(stack: ExitStack, authority: Authority, tmp_path: Path) -> Iterator[Town]:
    town = Town(stack, authority, tmp_path)
    yield town
    if town.archive.is_dir():
        assert list(verify([town.archive]).defects) == []


def rows(report: RunReport) -> dict[str, tuple[str, str]]:
    return {row.target: (row.status.value, row.reason) for row in report.rows}


def in_an_hour() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)


@pytest.mark.browser
@pytest.mark.parametrize("asked_for", [lambda: "3600", in_an_hour])
def test_an_hours_rest_is_kept_by_the_next_run(town: Town, asked_for: Callable[[], str]) -> None:
    one, two = (f"vk:{post}" for post in POSTS)
    town.web.routes[f"{PAPER}/first"] = http(article(POSTS[0]), 200, "OK", HTML)
    town.web.routes[f"{PAPER}/second"] = http(article(POSTS[1]), 200, "OK", HTML)
    owner, number = POSTS[0].split("_")
    busy = http("slow down", 429, "Too Many", HTML, ("Retry-After", asked_for()))
    town.web.routes[f"{TUBE}/video_ext.php?oid={owner}&id={number}"] = busy
    assert rows(town.run(f"https://{PAPER}/first"))[one][0] == "rate-limited"
    assert town.asked(TUBE)
    hosts = json.loads((town.archive / "hosts.json").read_bytes())
    assert TUBE in [rest["host"] for rest in hosts["resting"]]

    town.web.hits.clear()
    status, reason = rows(town.run(f"https://{PAPER}/second", later=600))[two]
    assert status == "rate-limited" and "asked to be left alone" in reason
    assert not town.asked(TUBE)
    (waiting,) = town.manifests(two)
    assert 2900 < waiting["outcome"]["retry_after"] <= 3000
    assert [attempt["outcome"]["status"] for attempt in waiting["attempts"]][:1] == ["rate-limited"]

    report = town.run(f"https://{PAPER}/second", later=900)  # it is not due
    assert len(town.manifests(two)) == 1 and not town.asked(TUBE) and two in rows(report)

    late = rows(town.run(f"https://{PAPER}/first", f"https://{PAPER}/second", later=5000))
    assert town.asked(TUBE) and late[two][0] != "rate-limited"


@pytest.mark.browser
def test_the_rest_is_no_longer_than_the_cap(town: Town) -> None:
    town.web.routes[f"{PAPER}/first"] = http(article(POSTS[0]), 200, "OK", HTML)
    town.web.routes[f"{TUBE}/video_ext.php?oid=-77&id=101"] = http(
        "slow down", 429, "Too Many", HTML, ("Retry-After", "99999999999")
    )
    town.run(f"https://{PAPER}/first")
    (rest,) = json.loads((town.archive / "hosts.json").read_bytes())["resting"]
    assert datetime.fromisoformat(rest["until"]) <= datetime.now(UTC) + timedelta(days=1)


@pytest.mark.browser
def test_robots_txt_is_kept_when_wanted(town: Town) -> None:
    rules = http("User-agent: *\nDisallow: /\n", 200, "OK")
    town.web.routes[f"{TUBE}/robots.txt"] = rules
    town.web.routes[f"{PAPER}/robots.txt"] = http("", 404, "Not Found")
    town.web.routes[f"{PAPER}/first"] = http(article(*POSTS), 200, "OK", HTML)
    report = town.run(f"https://{PAPER}/first", respect_robots=True, contact="desk@paper.example")
    for post in POSTS:
        status, reason = rows(report)[f"vk:{post}"]
        assert status == "failed" and reason.startswith(f"robots: https://{TUBE}/robots.txt")
    assert {hit.target for hit in town.asked(TUBE)} == {"/robots.txt"}
    assert len(town.asked(TUBE)) == 1 and len(town.asked(PAPER, "/robots.txt")) == 1
    one = town.manifests("vk:-77_101")[0]
    assert one["attempts"][0]["outcome"]["signals"][0]["rule"] == "robots"
    recorded = [
        r["target_uri"] for m in town.manifests("") for r in m["records"] if r["type"] == "response"
    ]
    assert recorded.count(f"https://{TUBE}/robots.txt") == 1
    assert recorded.count(f"https://{PAPER}/robots.txt") == 1
    agents = {hit.header("user-agent") for hit in town.web.hits}
    assert agents == {
        f"archiver/{__version__} (preserves public posts embedded in articles; contact: desk@paper.example)"
    }


def test_an_article_that_robots_txt_forbids_is_not_read(town: Town) -> None:
    town.web.routes[f"{PAPER}/robots.txt"] = http("User-agent: archiver\nDisallow: /", 200, "OK")
    report = town.run(f"https://{PAPER}/first", respect_robots=True)
    assert [bad.reason.startswith("robots: ") for bad in report.bad_seeds] == [True]
    assert [hit.target for hit in town.web.hits] == ["/robots.txt"]


@pytest.mark.parametrize("validator", [("ETag", ETAG), ("Last-Modified", DATE)])
def test_an_article_that_did_not_change_is_not_sent_again(
    town: Town, validator: tuple[str, str]
) -> None:
    seed = f"https://{PAPER}/first"
    town.web.routes[f"{PAPER}/first"] = unless_known(article(words="No post."), validator)
    town.run(seed)
    town.run(seed)
    last = town.asked(PAPER, "/first")[-1]
    assert (last.header("if-none-match") or last.header("if-modified-since")) == validator[1]
    assert len(town.manifests("web:")) == 1 and not rows(town.run(seed))


@pytest.mark.browser
def test_posts_of_an_unchanged_article_are_found_again_and_304_is_recorded(town: Town) -> None:
    seed = f"https://{PAPER}/first"
    town.web.routes[f"{PAPER}/first"] = unless_known(article(POSTS[0]), ("ETag", ETAG))
    town.web.routes[f"{TUBE}/video_ext.php?oid=-77&id=101"] = http("", 500, "Down", HTML)
    assert rows(town.run(seed))["vk:-77_101"][0] == "failed"
    again = town.run(seed, later=7300)
    assert again.documents == 1 and "vk:-77_101" in rows(again)
    first, second = town.manifests("vk:-77_101")
    assert second["articles"][0]["digest"] == first["articles"][0]["digest"]
    answers = [r for r in second["records"] if r["type"] == "response" and r["target_uri"] == seed]
    assert [r["status"] for r in answers] == [304]


def test_a_changed_article_is_read_anew(town: Town) -> None:
    seed = f"https://{PAPER}/first"
    town.web.routes[f"{PAPER}/first"] = unless_known(article(words="Old."), ("ETag", ETAG))
    town.run(seed)
    town.web.routes[f"{PAPER}/first"] = http(
        article(words="New.") + '<a href="https://t.me/harbour/5">x</a>', 200, "OK", HTML
    )
    assert town.run(seed).documents == 1
    assert len(town.manifests("web:")) == 2


def test_a_redirect_to_another_page_gets_no_validators(town: Town) -> None:
    seed = f"https://{PAPER}/first"
    town.web.routes[f"{PAPER}/first"] = unless_known(article(words="Old."), ("ETag", ETAG))
    town.web.routes[f"{PAPER}/second"] = unless_known(article(words="New."), ("ETag", ETAG))
    town.run(seed)
    town.web.routes[f"{PAPER}/first"] = http("", 302, "Moved", ("Location", "/second"))
    report = town.run(seed)
    assert report.documents == 1 and not report.bad_seeds
    assert town.asked(PAPER, "/second")[-1].header("if-none-match") is None


def test_force_asks_for_all_of_it(town: Town) -> None:
    seed = f"https://{PAPER}/first"
    town.web.routes[f"{PAPER}/first"] = unless_known(article(words="Old."), ("ETag", ETAG))
    town.run(seed)
    request = RunRequest(seeds=(Seed(source=seed, origin="argument 1"),), force=True)
    settings = Settings(
        archive=town.archive,
        proxy=town.proxy.url,
        ca_file=town.ca_file,
        min_free=1,
        no_articles=True,
    )
    run(settings, request, Silent(), pace=Pace(interval=0.0))
    assert town.asked(PAPER, "/first")[-1].header("if-none-match") is None


FEED = (
    "<?xml version='1.0'?><rss version='2.0'><channel><title>Paper</title>"
    "<item><link>https://paper.example/first</link></item></channel></rss>"
)


def test_a_feed_that_did_not_change_still_leads_to_its_articles(town: Town) -> None:
    xml = ("Content-Type", "application/rss+xml")

    def feed(asked: Asked, link: socket.socket) -> bytes:
        if asked.header("if-none-match") == ETAG:
            return http(b"", 304, "Not Modified")
        return http(FEED, 200, "OK", xml, ("ETag", ETAG))

    town.web.routes[f"{PAPER}/feed"] = feed
    town.web.routes[f"{PAPER}/first"] = http(article(words="Old."), 200, "OK", HTML)
    assert town.run(f"https://{PAPER}/feed").documents == 1
    assert town.run(f"https://{PAPER}/feed").documents == 1
    assert [h.header("if-none-match") for h in town.asked(PAPER, "/feed")] == [None, ETAG]
    for kept in (town.archive / "feeds").iterdir():
        kept.write_bytes(b"{half")
    assert town.run(f"https://{PAPER}/feed").documents == 1
    shutil.rmtree(town.archive / "feeds")
    assert town.run(f"https://{PAPER}/feed").documents == 1
