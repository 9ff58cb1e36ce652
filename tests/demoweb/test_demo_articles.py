"""Articles hold the embeds that the truth table says they hold, and nothing pretends to be one."""

import html
import json
import re
from pathlib import Path

import httpx
import pytest

from archiver.demoweb.catalogue import ARTICLES, BY_NAME, embedded
from archiver.demoweb.model import Article, DemoPost
from archiver.demoweb.render import english_day
from archiver.demoweb.serve import DemoWeb

SEEDED = list(enumerate(ARTICLES))


def text_of(seed: str, client: httpx.Client) -> str:
    if "://" not in seed:
        return Path(seed).read_text(encoding="utf-8")
    got = client.get(seed)
    assert got.status_code == 200
    return got.text


def marks(post: DemoPost) -> tuple[str, ...]:
    """Whatever may name a post: its number, or what is left of it in plain text."""
    number = post.id.rpartition("/")[2]
    return tuple(mark for mark in (number, post.slug, post.text) if mark)


@pytest.mark.parametrize(("index", "article"), SEEDED, ids=lambda v: getattr(v, "name", ""))
def test_an_article_names_its_posts(
    demo: DemoWeb, client: httpx.Client, index: int, article: Article
) -> None:
    seed = demo.articles[index]
    text = html.unescape(text_of(seed, client))
    assert demo.embeds[seed] == embedded(article)
    for post in (p for p in BY_NAME.values() if p.target in demo.embeds[seed]):
        assert any(mark in text for mark in marks(post)), post.name
    for post in (p for p in BY_NAME.values() if p.target not in demo.embeds[seed]):
        assert not any(mark in text for mark in marks(post) if len(mark) > 3), post.name


def test_there_are_a_dozen_articles_in_many_styles_and_languages() -> None:
    assert len(ARTICLES) >= 12
    assert {a.style for a in ARTICLES} >= {"wordpress", "amp", "consent", "next", "fusion", "text"}
    assert {a.lang for a in ARTICLES} >= {"en", "de", "es", "ro", "ar", "ja"}


def test_one_article_has_no_embed_but_many_things_that_look_like_one(
    demo: DemoWeb, client: httpx.Client
) -> None:
    seed = next(s for s, held in demo.embeds.items() if not held)
    text = text_of(seed, client)
    for look in (
        "twitter-share-button",
        "twitter-follow-button",
        "sharer.php",
        "fb-page",
        "sameAs",
    ):
        assert look in text


@pytest.mark.parametrize(
    ("url", "carrier"),
    [
        ("https://www.harbour-courier.example/2026/10/14/the-day-the-barrier-closed/", "is-provider-twitter"),
        ("https://amp.ridge-observer.example/2026/11/gull-point-lighthouse.amp.html", "<amp-tiktok"),
        ("https://www.elbufer-blatt.example/region/deichbau-nach-der-flut-4711.html", "data-cookieblock-src"),
        ("https://diario-del-estuario.example/2026/10/el-primer-ferry-electrico/", "<noscript><iframe"),
        ("https://www.sahifat-almarsa.example/2026/10/21/after-the-storm", 'dir="rtl"'),
        ("https://www.minato-shimpo.example/articles/20261109-toudai", 'lang="ja"'),
    ],
)  # fmt: skip
def test_the_carriers_of_each_style(client: httpx.Client, url: str, carrier: str) -> None:
    assert carrier in client.get(url).text


def test_page_data_is_json(client: httpx.Client) -> None:
    page = client.get("https://www.tidewire.example/2026/11/what-a-flood-costs").text
    found = re.search(r'__NEXT_DATA__" type="application/json">(.*?)</script>', page)
    assert found
    blocks = json.loads(found[1])["props"]["pageProps"]["article"]["blocks"]
    assert {"__typename": "TweetBlock", "tweetId": BY_NAME["x-chart"].id, "caption": None} in blocks
    page = client.get("https://www.lowland-ledger.example/news/2026/10/18/paper-waves/").text
    found = re.search(r"Fusion\.globalContent=(\{.*?\});Fusion", page)
    assert found
    kinds = [e["type"] for e in json.loads(found[1])["content_elements"]]
    assert kinds.count("oembed_response") == 3


def test_texts_begin_with_their_date_and_hold_attributions_in_several_glues(demo: DemoWeb) -> None:
    first, second = (Path(s) for s in demo.articles if s.endswith("-2022.txt"))
    night = first.read_text(encoding="utf-8")
    assert night.startswith("date 2022-01-06 ")
    assert second.read_text(encoding="utf-8").startswith("date 2022-01 ")
    names = ("x-text-ferry", "x-text-port", "x-text-mara", "x-text-weather")
    for post in (BY_NAME[name] for name in names):
        assert f"{post.author.name} (@{post.author.handle}) {english_day(post.at)}" in night
    assert "notice.pic.twitter.com/Hb0urDemo2— Selmouth" in night
    assert "January 5, 2022Crews worked" in night


def test_the_unresolvable_text_leads_outside(demo: DemoWeb, client: httpx.Client) -> None:
    (seed,) = demo.unresolvable
    text = Path(seed).read_text(encoding="utf-8")
    found = re.search(r"https://t\.co/\w{10}", text)
    assert found
    got = client.get(found[0], headers={"User-Agent": "curl/8"})
    assert got.status_code == 301
    assert "/status/" not in got.headers["location"]
    assert client.get(got.headers["location"]).status_code == 200
    assert seed not in demo.articles


def test_documents_are_the_same_at_each_start(
    demo: DemoWeb, own: tuple[DemoWeb, httpx.Client]
) -> None:
    other, _ = own
    for ours, theirs in zip(demo.articles, other.articles, strict=True):
        if "://" not in ours:
            assert Path(ours).read_bytes() == Path(theirs).read_bytes()
    assert demo.expected == other.expected
