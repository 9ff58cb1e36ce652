"""Posts known by their words alone, found again through every route of the demo web, decoys refused."""

import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from archiver.demoweb.catalogue import BY_NAME
from archiver.demoweb.serve import DemoWeb
from archiver.demoweb.tables.recovery import DECOYS, LOST_ARTICLES, LOST_POSTS
from archiver.demoweb.tables.recovery_more import (
    LOST_MESSAGE,
    MORE_DECOYS,
    MORE_LOST_ARTICLES,
    MORE_LOST_POSTS,
)
from archiver.domain.digest import sha256
from archiver.domain.document import Document
from archiver.domain.embed import Embed, Evidence
from archiver.domain.manifest import Article
from archiver.domain.post import PostRef, Resolution
from archiver.extraction.find import find_embeds
from archiver.intake.dated import dated_text
from archiver.net.client import Client
from archiver.net.guard import EgressGuard
from archiver.resolution.copies import copies_named
from archiver.resolution.resolve import resolve

LOST = (*LOST_POSTS, *MORE_LOST_POSTS)
ALL = {post.name: post for post in (*LOST, *DECOYS, *MORE_DECOYS, LOST_MESSAGE)}
PLACES = {
    block.text: article
    for article in (*LOST_ARTICLES, *MORE_LOST_ARTICLES)
    for block in article.blocks
    if block.kind == "embed"
}


def document_of(demo: DemoWeb, name: str) -> Document:
    """The article that shows a lost post, as the job reads it."""
    article = PLACES[name]
    seed = next(s for s in demo.articles if s == article.url or s.endswith(article.file or "\0"))
    if not article.url:
        return Document(source=seed, kind="text", body=Path(seed).read_bytes())
    with EgressGuard(demo.proxy_url) as guard, guard.lane() as lane:
        answer = Client(lane.proxy_url, ca_file=demo.ca_file).fetch(
            article.url, headers=(("Accept-Encoding", "identity"),)
        )[-1]
    return Document(source=seed, kind="html", body=answer.body.read(), url=article.url)


def lost(document: Document, name: str) -> Embed:
    """The embed of a lost post, known by its words."""
    words = ALL[name].text[:20]
    return next(e for e in find_embeds(document) if e.text and words in e.text)


def found(demo: DemoWeb, web: Client, name: str, **known: object) -> Resolution:
    document = document_of(demo, name)
    embed = replace(lost(document, name), **known)
    assert embed.ref is None
    article = Article(source=document.source, url=document.url, digest=document.digest, embed=embed)
    return resolve(
        embed, web, article=article, find=find_embeds, copies=copies_named(document)
    )  # fmt: skip


ROUTES = [
    ("x-lost-copy", "decoy-copy", "canonical page", "canonical page www.harbour-courier.example"),
    ("x-lost-archive", "decoy-author", "archived copy of 2022-01-10", "archived copy of 2022-01-10"),
    ("x-lost-day", "decoy-figures", "cdn.syndication.twimg.com", "web.archive.org lists 2 posts of the day"),
    ("x-lost-gone", "decoy-same-day", "web.archive.org", "web.archive.org lists 2 posts of the day"),
    ("bs-lost", "decoy-bs", "the author's feed", "app.bsky.feed.getAuthorFeed"),
    ("ma-lost", "decoy-ma", "the author's feed", "/api/v1/accounts/"),
    ("x-lost-amp", "decoy-amp", "AMP page", "AMP page www.harbour-courier.example"),
    ("x-lost-feed", "decoy-feed", "feed", "feed ridge-and-river.example/feed/: 2 posts of x"),
    ("x-lost-xcom", "decoy-xcom", "cdn.syndication.twimg.com",
     "lists 2 posts of the day under x.com/estuarywx_demo/status/"),
    ("x-lost-mobile", "decoy-mobile", "cdn.syndication.twimg.com",
     "lists 2 posts of the day under mobile.twitter.com/ionut_demo_0102/status/"),
    ("x-lost-spelled", "decoy-spelled", "cdn.syndication.twimg.com",
     "lists 2 posts of the day under twitter.com/BRACKFERRY_DEMO/status/"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "decoy", "by", "step"), ROUTES)
def test_each_route_finds_the_post_and_refuses_the_decoy(
    demo: DemoWeb, web: Client, name: str, decoy: str, by: str, step: str
) -> None:
    resolution = found(demo, web, name)
    post = ALL[name]
    assert resolution.post is not None, resolution
    assert resolution.post.ref == PostRef(post.platform, post.id)
    assert 0.85 <= resolution.confidence < 1
    assert resolution.post.author == post.author.handle or post.platform == "mastodon"
    first, *others = resolution.candidates
    assert first.ref == resolution.post.ref and first.why_not == "" and by in first.found_by
    refused = {other.ref.id: other.why_not for other in others}
    assert refused[ALL[decoy].id]
    assert any(step in line for line in resolution.steps), resolution.steps
    assert any(line.startswith(f"accepted {post.target}") for line in resolution.steps)
    assert any(line.startswith(f"refused {ALL[decoy].target}") for line in resolution.steps)
    assert len(resolution.exchanges) >= 1
    assert all(e.made_by == "client" for e in resolution.exchanges)
    assert resolution.contradictions == ()


def test_a_media_link_that_only_the_archive_follows(demo: DemoWeb, web: Client) -> None:
    resolution = found(demo, web, "x-lost-link")
    assert resolution.post is not None
    assert resolution.post.ref.id == ALL["x-lost-link"].id
    assert resolution.confidence == 0.95
    urls = [e.url for e in resolution.exchanges]
    assert urls[0] == "https://t.co/Los7LinkD1"
    assert urls[-1].startswith("https://web.archive.org/web/2022")
    assert resolution.exchanges[-1].status == 301


def test_an_archived_link_to_somebody_else_is_refused(demo: DemoWeb, web: Client) -> None:
    resolution = found(demo, web, "x-lost-day")
    assert "an archived link leads to a post of @selmouth_port_d, not of @estuarywx_demo" in (
        resolution.steps
    )


def test_a_short_link_that_is_a_page(demo: DemoWeb, web: Client) -> None:
    """t.co answers with a page here; the links of the same form in other texts lead to somebody else."""
    resolution = found(demo, web, "x-lost-page")
    assert resolution.post is not None and resolution.post.ref.id == ALL["x-lost-page"].id
    assert resolution.confidence == 0.98
    (answer,) = resolution.exchanges
    assert answer.url == "https://t.co/Pag3LinkD1" and answer.status == 200


@pytest.mark.parametrize(
    ("name", "form", "status", "said"),
    [
        ("x-lost-xcom", "Pag3Wr0ng1", 200, "a post of @brackferry_demo, not of @estuarywx_demo"),
        ("x-lost-mobile", "Htt9Wr0ng1", 301, "a post of @mara_demo_0101, not of @ionut_demo_0102"),
    ],
)
def test_a_short_link_to_somebody_elses_video_is_refused(
    demo: DemoWeb, web: Client, name: str, form: str, status: int, said: str
) -> None:
    """Although that other post has the very words; the right one is found by its day."""
    resolution = found(demo, web, name)
    first = next(e for e in resolution.exchanges if e.url == f"https://t.co/{form}")
    assert first.status == status
    assert any(step.endswith(f"leads to {said}") for step in resolution.steps), resolution.steps
    assert resolution.post is not None and resolution.post.ref.id == ALL[name].id


def test_a_message_by_its_channels_own_list(demo: DemoWeb, web: Client) -> None:
    """The list's first page shows a decoy alone; the next one, further back, the message."""
    post, decoy = LOST_MESSAGE, ALL["decoy-tg"]
    embed = Embed(
        source="a.txt", document=sha256(b"a"), role="embed", platform="telegram",
        handle=post.author.handle, text=post.text, posted_on=post.at.date(),
        evidence=(Evidence(rule="text.attribution"),),
    )  # fmt: skip
    resolution = resolve(embed, web, find=find_embeds)
    assert resolution.post is not None and resolution.post.ref == PostRef("telegram", post.id)
    assert resolution.confidence == 0.97
    first, second, *_ = [e.url for e in resolution.exchanges]
    assert first == f"https://t.me/s/{post.author.handle}" and second == f"{first}?before=431"
    assert any(step.startswith(f"refused {decoy.target}: other words") for step in resolution.steps)
    wrong = replace(
        embed, text="A text that the channel never had, about another night altogether."
    )
    assert resolve(wrong, web, find=find_embeds).post is None


def test_every_text_of_the_demo_web_resolves_to_the_right_posts(demo: DemoWeb, web: Client) -> None:
    """Five files in the form of text extractors, each embed by its own route, none wrongly."""
    texts = [seed for seed in demo.articles if seed.endswith(".txt")]
    assert len(texts) == 5
    for seed in texts:
        document = Document(source=seed, kind="text", body=Path(seed).read_bytes())
        embeds = [e for e in find_embeds(dated_text(document)) if e.role == "embed"]
        answers = [resolve(embed, web, find=find_embeds) for embed in embeds]
        refs = [str(answer.post.ref) for answer in answers if answer.post]
        assert sorted(refs) == sorted(demo.embeds[seed]), seed
        assert all(0.9 <= answer.confidence < 1 and answer.steps for answer in answers)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("x-lost-day", {"handle": "selmouth_port_d"}),
        ("x-lost-day", {"text": "A text that nobody ever wrote about this gauge at all."}),
        ("x-lost-day", {"text": "5.03 m at the old pier at 17:40, nine centimetres above the forecast."}),
        ("x-lost-gone", {"handle": "kenji_demo_0104"}),
        ("bs-lost", {"text": "The last sandbag is a novel in which a fire station plays no part."}),
        ("ma-lost", {"handle": "pegel_demo_01@social.demo-instance.example"}),
    ],
)  # fmt: skip
def test_what_does_not_fit_stays_unresolved(
    demo: DemoWeb, web: Client, name: str, known: dict[str, object]
) -> None:
    resolution = found(demo, web, name, media_tokens=(), **known)
    assert resolution.post is None
    assert resolution.reason and "\n" not in resolution.reason
    assert all(candidate.why_not for candidate in resolution.candidates)


def test_the_decoy_of_the_next_day_is_never_looked_at(demo: DemoWeb, web: Client) -> None:
    """It has the very words, and its id is of another day: the window leaves it out."""
    resolution = found(demo, web, "x-lost-day")
    decoy = ALL["decoy-next-day"]
    assert decoy.id not in {candidate.ref.id for candidate in resolution.candidates}


def test_the_link_in_a_text_that_leads_outside_is_not_it(demo: DemoWeb, web: Client) -> None:
    (seed,) = demo.unresolvable
    document = Document(source=seed, kind="text", body=Path(seed).read_bytes())
    (embed,) = [e for e in find_embeds(document) if e.role == "embed"]
    resolution = resolve(embed, web, find=find_embeds)
    assert resolution.post is None and "leads to" in resolution.reason


def test_the_older_texts_are_found_by_their_links(demo: DemoWeb, web: Client) -> None:
    seeds = [s for s in demo.articles if s.endswith("-2022.txt")]
    documents = [Document(source=s, kind="text", body=Path(s).read_bytes()) for s in seeds]
    embeds = [e for d in documents for e in find_embeds(d) if e.role == "embed"]
    refs = {
        resolve(e, web).post.ref.id  # type: ignore[union-attr]
        for e in embeds
    }
    assert refs == {p.id for p in BY_NAME.values() if p.name.startswith("x-text-")}


def test_five_texts_without_a_network_take_no_time() -> None:
    def no_dns(name: str) -> list[str]:
        raise OSError(-3, "Temporary failure in name resolution")

    texts = [f"The night train number {n} is back on its old line" for n in range(5)]
    document = Document(
        source="a.txt", kind="text",
        body="".join(f"{t} pic.twitter.com/MMMMMMMMM{n} — Ana (@ana_rail) January 5, 2022\n\n"
                     for n, t in enumerate(texts)).encode(),
    )  # fmt: skip
    embeds = find_embeds(document)
    assert len(embeds) == 5
    with EgressGuard(lookup=no_dns) as guard, guard.lane() as lane:
        client = Client(lane.proxy_url)
        began = time.monotonic()
        for embed in embeds:
            assert "no network" in resolve(embed, client, find=find_embeds).reason
        assert time.monotonic() - began < 2
