"""Articles by URL, from a real server through the guard: redirects, errors, feeds, sitemaps."""

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from loopback import Proxy, Web, http, moved

from archiver.domain.document import Document
from archiver.domain.seed import BadSeed, Seed
from archiver.errors import SeedError
from archiver.intake.read import read_documents
from archiver.net.addresses import AddressPolicy
from archiver.net.client import Client
from archiver.net.guard import EgressGuard

HTML = ("Content-Type", "text/html; charset=iso-8859-2")
PAGE = "<!doctype html><p>words"


@pytest.fixture
def client(stack: ExitStack, web: Web) -> Iterator[Client]:
    policy = AddressPolicy(allowed=frozenset({("127.0.0.1", web.port)}))
    guard = stack.enter_context(EgressGuard(policy=policy))
    yield Client(guard.lane().proxy_url, timeout=5)


def read(url: str, client: Client, **more: object) -> list[Document]:
    return list(read_documents(Seed(source=url, origin="argument 1"), client, **more))


def test_a_page_behind_redirects(web: Web, client: Client) -> None:
    web.routes["/start"] = moved("/middle", 301)
    web.routes["/middle"] = moved("end?x=1#part")
    web.routes["/end?x=1"] = http(
        gzip.compress(PAGE.encode()), 200, "OK", HTML, ("Content-Encoding", "gzip")
    )
    (document,) = read(f"{web.url}/start", client)
    assert document.source == f"{web.url}/start"
    assert document.url == f"{web.url}/end?x=1"
    assert document.body == PAGE.encode()
    assert (document.kind, document.charset, document.media_type) == (
        "html",
        "iso-8859-2",
        "text/html",
    )
    assert [e.status for e in document.exchanges] == [301, 302, 200]
    assert document.read_at == document.exchanges[-1].started_at


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (http("gone", 410, "Gone"), "answered HTTP 410 Gone"), (http("", 200), "an empty page"),
        (http("x", 302, "Found"), "redirects to 'nowhere'"), (moved("/x"), "more than 10 times"),
        (moved("file:///etc/passwd"), "not a web address"), (moved("http://127.0.0.1:9/"), "loopback"),
        (http("%PDF", 200, "OK", ("Content-Type", "application/pdf")), "(application/pdf)"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", "before the page was whole"),
        (b"", "Server disconnected"),
    ],
)  # fmt: skip
def test_answers_that_are_no_page(web: Web, client: Client, answer: bytes, words: str) -> None:
    web.routes["/x"] = lambda asked, link: answer or None
    with pytest.raises(SeedError) as caught:
        read(f"{web.url}/x", client)
    assert words in caught.value.message and "\n" not in caught.value.message


def test_a_page_over_the_cap(web: Web, client: Client) -> None:
    bomb = gzip.compress(b" " * (65 << 20))
    web.routes["/x"] = http(bomb, 200, "OK", HTML, ("Content-Encoding", "gzip"))
    with pytest.raises(SeedError, match="too large"):
        read(f"{web.url}/x", client)


def test_text_with_a_date_by_url(web: Web, client: Client) -> None:
    web.routes["/a.txt"] = http(" date 2022-03 Words", 200, "OK", ("Content-Type", "text/plain"))
    (document,) = read(f"{web.url}/a.txt", client)
    assert (document.kind, document.dated, document.body) == ("text", "2022-03", b"Words")


def test_a_feed_leads_to_its_articles(web: Web, client: Client) -> None:
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>
      <entry><link rel="self" href="/self"/><link rel="alternate" href="/1"/><title>One</title></entry>
      <entry><link href="{web.url}/1"/></entry>
      <entry><link href="/gone"/><content type="html">&lt;p&gt;kept&lt;/p&gt;</content></entry>
      <entry><link href="/lost"/></entry>
      <entry><link href="javascript:alert(1)"/></entry></feed>"""
    web.routes["/feed"] = http(feed, 200, "OK", ("Content-Type", "application/atom+xml"))
    web.routes["/1"] = http(PAGE, 200, "OK", HTML)
    bad: list[BadSeed] = []
    first, second = read(f"{web.url}/feed", client, report=bad.append)
    assert (first.source, first.body) == (f"{web.url}/1", PAGE.encode())
    assert (second.source, second.body) == (f"{web.url}/feed#3", b"<p>kept</p>")
    assert [(b.source, b.reason) for b in bad] == [
        (f"{web.url}/lost", "answered HTTP 404 Not Found"),
        (f"{web.url}/feed#5", "this entry has no address"),
    ]


def test_a_json_feed(web: Web, client: Client) -> None:
    web.routes["/feed.json"] = http(
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/1"}, 7,'
        ' {"content_html": "<p>in the feed</p>", "title": "Two", "date_published": "2024-05-06T00:00:00Z"}]}'
    )
    web.routes["/1"] = http(PAGE, 200, "OK", HTML)
    first, second = read(f"{web.url}/feed.json", client)
    assert first.url == f"{web.url}/1"
    assert (second.body, second.title, second.dated) == (b"<p>in the feed</p>", "Two", "2024-05-06")


def test_sitemaps_inside_a_sitemap(web: Web, client: Client) -> None:
    web.routes["/sitemap.xml"] = http(
        f"<sitemapindex><sitemap><loc>{web.url}/s1.xml.gz</loc></sitemap></sitemapindex>"
    )
    inner = f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <url><loc>{web.url}/1</loc><lastmod>2024-05-06</lastmod></url><url><loc>{web.url}/2</loc></url></urlset>"""
    web.routes["/s1.xml.gz"] = http(gzip.compress(inner.encode()))
    web.routes["/1"] = web.routes["/2"] = http(PAGE, 200, "OK", HTML)
    assert [d.source for d in read(f"{web.url}/sitemap.xml", client)] == [
        f"{web.url}/1",
        f"{web.url}/2",
    ]


def test_a_sitemap_of_itself_ends(web: Web, client: Client) -> None:
    web.routes["/s.xml"] = http(
        f"<sitemapindex><sitemap><loc>{web.url}/s.xml</loc></sitemap></sitemapindex>"
    )
    with pytest.raises(SeedError, match="too many containers"):
        read(f"{web.url}/s.xml", client)
    assert len(web.hits) < 10


def test_a_table_of_addresses(web: Web, client: Client) -> None:
    web.routes["/list.csv"] = http(
        f"url\n{web.url}/1\n{web.url}/2\n", 200, "OK", ("Content-Type", "text/csv")
    )
    web.routes["/1"] = http(PAGE, 200, "OK", HTML)
    bad: list[BadSeed] = []
    (document,) = read(f"{web.url}/list.csv", client, report=bad.append)
    assert document.url == f"{web.url}/1"
    assert [(b.source, b.origin) for b in bad] == [(f"{web.url}/2", f"{web.url}/list.csv#2")]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_of_addresses_is_a_list_of_pages(
    web: Web, client: Client, tmp_path: Path, coding: str, end: str
) -> None:
    for name in "ab":
        web.routes[f"/{name}"] = http(f"{PAGE} {name}", 200, "OK", HTML)
    lines = ["# articles", f"{web.url}/a", "", f"  {web.url}/b ", f"{web.url}/a", f"{web.url}/none"]
    listed = tmp_path / "articles.txt"
    listed.write_bytes(end.join(lines).encode(coding))
    bad: list[BadSeed] = []
    documents = read(str(listed), client, report=bad.append)
    assert [d.source for d in documents] == [f"{web.url}/a", f"{web.url}/b"]
    assert [d.kind for d in documents] == ["html", "html"]
    assert [(one.origin, one.source) for one in bad] == [(f"{listed}:6", f"{web.url}/none")]
    assert "404" in bad[0].reason


def test_a_text_sitemap(web: Web, client: Client) -> None:
    web.routes["/sitemap.txt"] = http(f"{web.url}/a\n", 200, "OK", ("Content-Type", "text/plain"))
    web.routes["/a"] = http(PAGE, 200, "OK", HTML)
    assert [d.source for d in read(f"{web.url}/sitemap.txt", client)] == [f"{web.url}/a"]


POST = "http://x.com/someone/status/1791835276543210987"


@pytest.fixture
def anywhere(stack: ExitStack, web: Web) -> Client:
    """A client for which every host is that server."""
    proxy = stack.enter_context(Proxy(lambda host, port: web.address))
    return Client(stack.enter_context(EgressGuard(proxy.url)).lane().proxy_url, timeout=5)


def told(documents: list[Document]) -> list[tuple[str, str]]:
    return [(document.kind, document.source) for document in documents]


@pytest.mark.parametrize("there", [True, False])
def test_the_address_of_a_post_is_the_post_and_its_page(
    web: Web, anywhere: Client, there: bool
) -> None:
    if there:
        web.routes["/someone/status/1791835276543210987"] = http(PAGE, 200, "OK", HTML)
    bad: list[BadSeed] = []
    first, *page = read(POST, anywhere, report=bad.append)
    assert (first.kind, first.source, first.body) == ("text", POST, POST.encode())
    assert told(page) == ([("html", POST)] if there else [])
    assert bad == []


@pytest.mark.parametrize(
    "url",
    ["http://x.com/someone", f"http://web.archive.org/web/2024/{POST}", "http://site.example/1"],
)
def test_other_addresses_are_pages_alone(web: Web, anywhere: Client, url: str) -> None:
    with pytest.raises(SeedError, match="404"):
        read(url, anywhere)
    web.routes["/" + url.partition("//")[2].partition("/")[2]] = http(PAGE, 200, "OK", HTML)
    assert told(read(url, anywhere)) == [("html", url)]


def test_the_entries_of_a_feed_may_be_posts(web: Web, anywhere: Client, tmp_path: Path) -> None:
    feed = f"""<rss xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel>
      <item><link>{POST}</link><c:encoded>&lt;p&gt;all of it&lt;/p&gt;</c:encoded></item></channel></rss>"""
    web.routes["/feed"] = http(feed, 200, "OK", ("Content-Type", "application/rss+xml"))
    assert told(read("http://site.example/feed", anywhere)) == [("text", POST)]
    (tmp_path / "feed.xml").write_text(feed)
    (post, entry) = read(str(tmp_path / "feed.xml"), anywhere)
    assert (post.kind, post.source) == ("text", POST)
    assert entry.body == b"<p>all of it</p>"


def test_posts_in_a_list_are_posts_of_the_list(web: Web, client: Client, tmp_path: Path) -> None:
    web.routes["/a"] = http(PAGE, 200, "OK", HTML)
    listed = tmp_path / "both.txt"
    listed.write_text(f"{POST}\n{web.url}/a\n")
    assert told(read(str(listed), client)) == [("text", str(listed)), ("html", f"{web.url}/a")]


@pytest.mark.parametrize(
    "text",
    ["Words.\nhttps://site.invalid/a\n", f"{POST}\n", "https://site.invalid/a and more\n", "# a\n"],
)
def test_any_other_text_is_one_text(client: Client, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    (document,) = read(str(tmp_path / "a.txt"), client)
    assert (document.kind, document.body) == ("text", text.encode())
