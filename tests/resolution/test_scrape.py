"""snscrape read with our own client, on the demo web and on invented pages, whatever the Python."""

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from loopback import Proxy, Web, http

from archiver.demoweb.catalogue import BY_NAME
from archiver.domain.post import Post, PostRef
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.platforms import permalink
from archiver.resolution.scrape import MODULES, Scraped, load, scrape

HOSTS = ("m.weibo.cn", "vk.com", "old.example", "t.me")


@pytest.fixture
def world(stack: ExitStack, proxied: Callable[..., tuple[Web, Proxy, Path]]) -> tuple[Web, Client]:
    server, proxy, ca_file = proxied(*HOSTS)
    guard = stack.enter_context(EgressGuard(proxy.url))
    return server, Client(guard.lane().proxy_url, ca_file=ca_file, timeout=5)


def look(platform: str, id: str, client: Client, url: str = "") -> Scraped:
    ref = PostRef(platform, id)
    return scrape(Post(ref=ref, url=url or permalink(ref)), client)


def told(found: Scraped) -> dict[str, object]:
    assert found.post is not None, found.said
    names = ("author_handle", "author_id", "author_name", "text", "posted_at")
    return {n: getattr(found.post, n).value for n in names if getattr(found.post, n)} | {
        n: t.value for n, t in found.post.counts.items()
    }


@pytest.mark.parametrize("name", sorted(MODULES.values()))
def test_every_module_can_be_loaded_though_its_package_cannot(name: str) -> None:
    module = load(name)
    assert module is load(name)
    assert module.__file__ is not None and module.__file__.endswith(f"{name}.py")
    assert "snscrape.modules" not in sys.modules


def test_a_telegram_post_of_the_demo_web(web: Client) -> None:
    post = BY_NAME["tg-photo"]
    found = look("telegram", post.id, web)
    assert told(found) == {"text": post.text, "posted_at": "2026-10-14T07:02:41.000Z"}
    assert found.post is not None and found.post.text is not None
    assert found.post.text.path == "snscrape telegram.TelegramPost.content"
    (exchange,) = found.exchanges
    assert exchange.url == f"https://t.me/s/{post.id}" == found.post.text.url
    assert exchange.made_by == "client" and exchange.address is None
    assert not any("Mozilla" in value for _, value in exchange.request_headers)


def test_a_telegram_post_that_is_not_there(web: Client) -> None:
    found = look("telegram", BY_NAME["tg-removed"].id, web)
    assert found.post is None and found.said == "snscrape found no such post"


def test_a_weibo_post(world: tuple[Web, Client]) -> None:
    server, client = world
    user = {"id": 77, "screen_name": "小港", "verified": False, "description": "", "statuses_count": 1,
            "followers_count": 1, "follow_count": 1, "avatar_hd": "https://a.example/a.jpg"}  # fmt: skip
    mblog = {"id": "4720000000000000", "bid": "L9aBcDeFg", "user": user, "created_at": "Thu Jan 06",
             "text": "<b>潮</b>水",
             "reposts_count": 1, "comments_count": 2, "attitudes_count": 3,
             "pics": [{"large": {"url": "https://p.example/1.jpg"}}]}  # fmt: skip
    body = json.dumps({"ok": 1, "data": mblog})
    server.routes["m.weibo.cn/statuses/show?id=4720000000000000"] = http(
        body, 200, "OK", ("Content-Type", "application/json")
    )
    found = look("weibo", "4720000000000000", client)
    assert told(found) == {
        "author_handle": "小港", "author_id": 77, "text": "潮水", "posted_at": "Thu Jan 06",
        "likes": 3, "reposts": 1, "comments": 2,
    }  # fmt: skip
    assert found.post is not None
    assert [m.url.value for m in found.post.media if m.url] == ["https://p.example/1.jpg"]


def test_a_wall_post_of_vk(world: tuple[Web, Client]) -> None:
    server, client = world
    server.routes["vk.com/wall-1_2"] = http(
        '<div class="post"><div class="post_date"><a class="post_link" href="/wall-1_2">'
        '<span class="rel_date">Jan 6, 2022 at 8:26 am</span></a></div>'
        '<div class="wall_text"><div class="wall_post_text">The gates are shut</div></div></div>',
        200, "OK", ("Content-Type", "text/html; charset=utf-8"),
    )  # fmt: skip
    found = look("vk", "-1_2", client)
    assert told(found)["text"] == "The gates are shut"


OLD_TOOT = """<div class="entry"><div class="detailed-status">
<a class="detailed-status__display-name" href="https://old.example/@ana"><img class="u-photo" src="/a.png">
<span class="display-name"><strong>Ana</strong><span>@ana@old.example</span></span></a>
<div class="status__content"><div class="e-content"><p>Low tide</p></div></div>
<div class="detailed-status__meta"><data class="dt-published" value="2022-01-06T08:26:17+00:00"></data>
<a class="detailed-status__datetime" href="https://old.example/@ana/107600000000000001">then</a></div></div></div>"""


def test_a_toot_of_an_old_server_and_none_of_a_new_one(world: tuple[Web, Client]) -> None:
    server, client = world
    page = ("Content-Type", "text/html; charset=utf-8")
    url = "https://old.example/@ana/107600000000000001"
    server.routes["old.example/@ana/107600000000000001"] = http(OLD_TOOT, 200, "OK", page)
    found = look("mastodon", "old.example/107600000000000001", client, url)
    assert told(found) == {
        "author_handle": "ana@old.example", "author_name": "Ana", "text": "Low tide",
        "posted_at": "2022-01-06T08:26:17.000Z",
    }  # fmt: skip
    server.routes["old.example/@ana/107600000000000001"] = http(
        "<div id=mastodon>", 200, "OK", page
    )
    broken = look("mastodon", "old.example/107600000000000001", client, url)
    assert broken.post is None and broken.said.startswith("snscrape cannot read the answer")
    assert len(broken.exchanges) == 1


@pytest.mark.parametrize("status", [404, 403, 500])
def test_a_refusal_is_said(world: tuple[Web, Client], status: int) -> None:
    server, client = world
    server.routes["t.me/s/quay/1"] = http("", status, "No")
    found = look("telegram", "quay/1", client)
    assert found.post is None and f"{status}" in found.said


def test_no_network_is_said_and_quick() -> None:
    def no_dns(name: str) -> list[str]:
        raise OSError(-3, "Temporary failure in name resolution")

    with EgressGuard(lookup=no_dns) as guard, guard.lane() as lane:
        found = look("telegram", "quay/1", Client(lane.proxy_url))
    assert found.post is None and found.said.startswith("snscrape: ")
    assert [e.status for e in found.exchanges] == [0]


def test_other_platforms_are_not_for_it(web: Client) -> None:
    assert look("x", "20", web).exchanges == ()


def test_it_never_talks_on_its_own(
    world: tuple[Web, Client], capfd: pytest.CaptureFixture[str]
) -> None:
    """Its warnings would come through in cron's mail; the reason is in what is said of the post."""
    server, client = world
    url = "https://old.example/@ana/107600000000000009"
    server.routes["old.example/@ana/107600000000000009"] = http("gone", 404, "Not Found")
    assert look("mastodon", "old.example/107600000000000009", client, url).post is None
    assert capfd.readouterr() == ("", "")
