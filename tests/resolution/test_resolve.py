"""Embeds resolved through real servers that stand for the platforms' hosts behind a proxy."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from loopback import Proxy, Web, http, moved

from archiver.domain.digest import sha256
from archiver.domain.embed import Embed, Evidence
from archiver.domain.post import PostRef
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.resolution.resolve import leads_of, resolve

HOSTS = ("t.co", "vm.tiktok.com", "www.reddit.com", "fb.watch", "www.instagram.com", "x.com")


def snowflake(moment: datetime) -> str:
    return str((int(moment.timestamp() * 1000) - 1288834974657) << 22)


NOON = datetime(2022, 1, 5, 12, tzinfo=UTC)
ID = snowflake(NOON)
NEXT_DAY = snowflake(datetime(2022, 1, 6, 0, 5, tzinfo=UTC))
LATER = snowflake(datetime(2022, 1, 9, 12, tzinfo=UTC))


def embed(**more) -> Embed:
    known = {
        "source": "article.txt", "document": sha256(b"x"), "role": "embed", "platform": "x",
        "handle": "ana_rail", "author_name": "Ana", "text": "The night train is back",
        "posted_on": date(2022, 1, 5), "evidence": (Evidence(rule="text.attribution"),),
    }  # fmt: skip
    return Embed(**{**known, **more})


@pytest.fixture
def world(stack: ExitStack, proxied: Callable[..., tuple[Web, Proxy, Path]]) -> tuple[Web, Client]:
    server, proxy, ca_file = proxied(*HOSTS)
    guard = stack.enter_context(EgressGuard(proxy.url))
    return server, Client(guard.lane().proxy_url, ca_file=ca_file, timeout=5)


def test_a_known_post_needs_no_network() -> None:
    found = resolve(embed(ref=PostRef("x", ID), url=f"https://x.com/ana_rail/status/{ID}"), None)
    assert found.post is not None and found.reason == "" and found.exchanges == ()
    assert found.post.ref == PostRef("x", ID)
    assert found.post.url == f"https://x.com/ana_rail/status/{ID}"
    assert found.post.posted_at == NOON and found.post.text == "The night train is back"
    assert found.post.views[0].kind == "embed" and ID in found.post.views[0].url
    assert found.post.views[-1].kind == "page"
    assert found.steps == ()


def test_a_day_that_does_not_fit_a_known_post_is_told() -> None:
    found = resolve(embed(ref=PostRef("x", LATER)), None)
    assert found.post is not None
    assert found.steps == (
        "note: the id is of a post of 2022-01-09, while the article shows 2022-01-05",
    )


def test_media_tokens_come_before_links() -> None:
    seen = embed(
        media_tokens=("pic.twitter.com/MMMMMMMMMM", "pic.x.com/NNNNNNNNNN"),
        short_urls=("https://t.co/LLLLLLLLLL",),
    )
    assert [(lead.url, lead.own) for lead in leads_of(seen)] == [
        ("https://t.co/MMMMMMMMMM", True),
        ("https://t.co/NNNNNNNNNN", True),
        ("https://t.co/LLLLLLLLLL", False),
    ]


def test_a_media_token_by_location(world: tuple[Web, Client]) -> None:
    server, client = world
    server.routes["t.co/MMMMMMMMMM"] = moved(
        f"https://twitter.com/Ana_Rail/status/{ID}/photo/1", 301
    )
    found = resolve(embed(media_tokens=("pic.twitter.com/MMMMMMMMMM",)), client)
    assert found.post is not None and found.post.ref == PostRef("x", ID)
    assert found.post.author == "Ana_Rail" and found.post.author_name == "Ana"
    assert [e.status for e in found.exchanges] == [301]
    assert found.steps == (
        f"t.co/MMMMMMMMMM → twitter.com/Ana_Rail/status/{ID}/photo/1 (HTTP 301)",
    )
    assert "Mozilla" not in (server.hits[0].header("user-agent") or "")


@pytest.mark.parametrize(
    "page",
    [
        '<head><noscript><META http-equiv="refresh" content="0;URL={url}"></noscript></head>',
        "<meta http-equiv=refresh content=\"0; url='{url}'\">",
        '<script>window.opener = null; location.replace("{escaped}")</script>',
        "<script>window.location.href = '{url}';</script>",
    ],
)
def test_a_media_token_by_a_page(world: tuple[Web, Client], page: str) -> None:
    server, client = world
    url = f"https://twitter.com/ana_rail/status/{ID}/video/1"
    html = page.format(url=url, escaped=url.replace("/", "\\/"))
    server.routes["t.co/MMMMMMMMMM"] = http(
        html, 200, "OK", ("Content-Type", "text/html; charset=utf-8")
    )
    found = resolve(embed(media_tokens=("pic.twitter.com/MMMMMMMMMM",)), client)
    assert found.post is not None and found.post.ref.id == ID


def test_a_warning_page_is_seen_through(world: tuple[Web, Client]) -> None:
    server, client = world
    inner = f"https%3A%2F%2Ftwitter.com%2Fana_rail%2Fstatus%2F{ID}"
    server.routes["t.co/MMMMMMMMMM"] = moved(
        f"https://twitter.com/safety/unsafe_link_warning?unsafe_link={inner}"
    )
    assert resolve(embed(media_tokens=("pic.twitter.com/MMMMMMMMMM",)), client).post is not None
    server.routes["t.co/LLLLLLLLLL"] = moved(
        "https://twitter.com/safety/unsafe_link_warning?unsafe_link=https%3A%2F%2Fbad.example%2Fx"
    )
    found = resolve(embed(short_urls=("https://t.co/LLLLLLLLLL",)), client)
    assert found.reason == "t.co/LLLLLLLLLL leads to bad.example/x, not to a post"


# ---- what must never become the identity

WRONG = [
    ("media", f"https://twitter.com/someone_else/status/{ID}/video/1", "a post of @someone_else, not of @ana_rail"),
    ("media", f"https://twitter.com/ana_rail/status/{LATER}/photo/1", "while the article shows 2022-01-05"),
    ("link", "https://example.org/an-article", "leads to example.org, not to a post"),
    ("link", "https://buff.ly/2abc", "leads to buff.ly, not to a post"),
    ("link", f"https://twitter.com/someone_else/status/{ID}", "a post of @someone_else"),
    ("link", f"https://twitter.com/ana_rail/status/{NEXT_DAY}", "a post of 2022-01-06"),
    ("link", f"https://twitter.com/i/web/status/{ID}", "nothing shows"),
    ("link", "https://twitter.com/ana_rail", "a profile of x, not to a post"),
    ("link", "https://www.youtube.com/watch?v=hArb0urF3st", "a post of youtube, not of x"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "to", "words"), WRONG)
def test_wrong_posts_are_refused(
    world: tuple[Web, Client], place: str, to: str, words: str
) -> None:
    server, client = world
    server.routes["t.co/SSSSSSSSSS"] = moved(to, 301)
    links = {"media": {"media_tokens": ("pic.twitter.com/SSSSSSSSSS",)},
             "link": {"short_urls": ("https://t.co/SSSSSSSSSS",)}}  # fmt: skip
    found = resolve(embed(**links[place]), client)
    assert found.post is None
    assert words in found.reason and "\n" not in found.reason
    assert len(server.hits) == 1  # neither the article nor the other post was fetched


def test_a_self_link_in_the_text_is_accepted(world: tuple[Web, Client]) -> None:
    server, client = world
    server.routes["t.co/OOOOOOOOOO"] = moved("https://example.org/story")
    server.routes["t.co/SSSSSSSSSS"] = moved(f"https://twitter.com/ana_rail/status/{ID}")
    both = embed(short_urls=("https://t.co/OOOOOOOOOO", "https://t.co/SSSSSSSSSS"))
    found = resolve(both, client)
    assert found.post is not None and found.post.ref.id == ID
    assert found.steps[0] == "t.co/OOOOOOOOOO → example.org/story (HTTP 302)"
    assert len(found.exchanges) == 2


def test_a_link_in_the_text_needs_handle_and_day(world: tuple[Web, Client]) -> None:
    server, client = world
    server.routes["t.co/SSSSSSSSSS"] = moved(f"https://twitter.com/ana_rail/status/{ID}")
    for less in ({"handle": None}, {"posted_on": None}):
        found = resolve(embed(short_urls=("https://t.co/SSSSSSSSSS",), **less), client)
        assert found.post is None and "shows that this is the post itself" in found.reason


def test_the_readers_day_is_allowed_for_a_media_token(world: tuple[Web, Client]) -> None:
    server, client = world
    server.routes["t.co/MMMMMMMMMM"] = moved(
        f"https://twitter.com/ana_rail/status/{NEXT_DAY}/photo/1"
    )
    assert resolve(embed(media_tokens=("pic.twitter.com/MMMMMMMMMM",)), client).post is not None


def test_a_short_link_that_the_user_named_may_lead_anywhere(world: tuple[Web, Client]) -> None:
    server, client = world
    server.routes["t.co/SSSSSSSSSS"] = moved("https://www.youtube.com/watch?v=hArb0urF3st")
    url = "https://t.co/SSSSSSSSSS"
    named = Embed(
        source=url, document=sha256(b""), role="embed", platform="x", url=url, seen_url=url,
        short_urls=(url,), evidence=(Evidence(rule="argument"),),
    )  # fmt: skip
    found = resolve(named, client)
    assert found.post is not None and found.post.ref == PostRef("youtube", "hArb0urF3st")


# ---- other platforms' short links


@pytest.mark.parametrize(
    ("platform", "url", "to", "ref"),
    [
        ("tiktok", "https://vm.tiktok.com/ZMabc/", "https://www.tiktok.com/@ana/video/7123456789012345678?_r=1",
         "7123456789012345678"),
        ("reddit", "https://www.reddit.com/r/trains/s/abcDEF1234",
         "https://www.reddit.com/r/trains/comments/abc123/night_train/?share_id=x", "abc123"),
        ("facebook", "https://fb.watch/abcDEF/", "https://www.facebook.com/watch/?v=1234567890123", "1234567890123"),
        ("facebook", "https://fb.watch/abcDEF/",
         "https://www.facebook.com/login/?next=https%3A%2F%2Fwww.facebook.com%2Fwatch%2F%3Fv%3D1234567890123",
         "1234567890123"),
        ("instagram", "https://www.instagram.com/share/p/abc", "https://www.instagram.com/p/CabcDEF1234/",
         "CabcDEF1234"),
    ],
)  # fmt: skip
def test_other_short_links(
    world: tuple[Web, Client], platform: str, url: str, to: str, ref: str
) -> None:
    server, client = world
    server.routes[url.removeprefix("https://")] = moved(to)
    known = {
        "platform": platform,
        "handle": None,
        "posted_on": None,
        "url": url,
        "short_urls": (url,),
    }
    found = resolve(embed(**known), client)
    assert found.post is not None, found.reason
    assert found.post.ref == PostRef(platform, ref)


def test_a_page_that_names_its_own_address(world: tuple[Web, Client]) -> None:
    server, client = world
    server.routes["www.instagram.com/share/p/abc"] = http(
        '<meta property="og:url" content="https://www.instagram.com/p/CabcDEF1234/">',
        200, "OK", ("Content-Type", "text/html"),
    )  # fmt: skip
    url = "https://www.instagram.com/share/p/abc"
    found = resolve(embed(platform="instagram", handle=None, posted_on=None, url=url), client)
    assert found.post is not None and found.post.ref.id == "CabcDEF1234"


# ---- no answer


def test_nothing_to_follow() -> None:
    found = resolve(embed(), None)
    assert found.reason == "only its text is known: no link to follow (@ana_rail, 2022-01-05)"
    assert resolve(embed(media_tokens=("pic.twitter.com/MMMMMMMMMM",)), None).reason == (
        "no network in use to follow t.co/MMMMMMMMMM"
    )


def test_without_a_network_the_reason_comes_quickly() -> None:
    def no_dns(name: str) -> list[str]:
        raise OSError(-3, "Temporary failure in name resolution")

    tokens = tuple(f"pic.twitter.com/MMMMMMMMM{n}" for n in range(5))
    with EgressGuard(lookup=no_dns) as guard, guard.lane() as lane:
        began = time.monotonic()
        found = resolve(embed(media_tokens=tokens), Client(lane.proxy_url))
        assert time.monotonic() - began < 2
    assert found.reason == (
        "no network: t.co did not answer (cannot resolve t.co: Temporary failure in name resolution)"
    )
    assert [e.status for e in found.exchanges] == [0, 0]  # t.co, then one other host, then no more
    assert found.steps[1] == "t.co/MMMMMMMMM1: not asked, t.co does not answer"


def test_a_host_that_hangs_takes_no_more_than_the_budget(world: tuple[Web, Client]) -> None:
    server, client = world
    server.routes["t.co/MMMMMMMMMM"] = lambda asked, link: time.sleep(15)
    began = time.monotonic()
    found = resolve(embed(media_tokens=("pic.twitter.com/MMMMMMMMMM",)), client)
    assert time.monotonic() - began < 6
    assert found.reason.startswith("t.co did not answer (no answer in 4 s")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http("", 404, "Not Found"), "t.co/MMMMMMMMMM is not there any more (HTTP 404)"),
        (http("", 429, "Too Many"), "t.co asks us to wait (HTTP 429)"),
        (http("", 500, "Error"), "t.co/MMMMMMMMMM answered HTTP 500 and leads nowhere"),
        (http("<p>hello", 200, "OK", ("Content-Type", "text/html")),
         "t.co/MMMMMMMMMM answered HTTP 200 and leads nowhere"),
        (moved("https://t.co/MMMMMMMMMM"), "t.co/MMMMMMMMMM redirects more than 8 times"),
        (moved("file:///etc/passwd"), "t.co/MMMMMMMMMM answered HTTP 302 and leads nowhere"),
        (moved("http://127.0.0.1/x"), "t.co/MMMMMMMMMM leads to 127.0.0.1, not to a post"),
    ],
)  # fmt: skip
def test_answers_that_lead_nowhere(world: tuple[Web, Client], answer: bytes, reason: str) -> None:
    server, client = world
    server.routes["t.co/MMMMMMMMMM"] = answer
    found = resolve(embed(media_tokens=("pic.twitter.com/MMMMMMMMMM",)), client)
    assert (found.post, found.reason) == (None, reason)
    assert found.exchanges
