"""`archiver extract` of everything that holds articles, from end to end, with the articles on a web of ours."""

import gzip
import io
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loopback import Proxy, Web, http
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HOST = "http://news.example"
HTML = ("Content-Type", "text/html; charset=utf-8")
Extract = Callable[..., tuple[int, list[tuple[str, str]], list[str]]]


def frame(number: int) -> str:
    """A page that shows one video, whose id tells the page."""
    return f'<!doctype html><p>Words</p><iframe src="https://www.youtube.com/embed/{post(number)}"></iframe>'


def post(number: int) -> str:
    return f"video-id-{number:02d}"


@pytest.fixture
def news(stack, web: Web) -> Web:
    """Articles 1 to 9 of a news site."""
    for number in range(1, 10):
        web.routes[f"/{number}"] = http(frame(number), 200, "OK", HTML)
    return web


@pytest.fixture
def extract(stack, news: Web, call, own_place: Path) -> Extract:
    """Call it behind a proxy that leads to the news site; gives exit code, (source, post) and stderr."""
    proxy = stack.enter_context(Proxy(lambda host, port: news.address))

    def calling(*sources: str) -> tuple[int, list[tuple[str, str]], list[str]]:
        said = call("extract", "--json", "--proxy", proxy.url, *sources)
        rows = map(json.loads, said.out.splitlines())
        return said.code, [(r["source"], r["post_id"]) for r in rows], said.err.splitlines()

    return calling


def asked(news: Web) -> list[str]:
    return [hit.target.removeprefix(HOST) for hit in news.hits]


RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>F</title>
<item><link>{HOST}/1</link><content:encoded><![CDATA[{frame(91)}]]></content:encoded></item>
<item><link>{HOST}/2</link><description>Only &lt;b&gt;words&lt;/b&gt;</description></item>
<item><link>{HOST}/404</link><description>{frame(93).replace("<", "&lt;")}</description></item>
<item><link>{HOST}/405</link><description>Nothing here</description></item>
<item><link>{HOST}/406</link><media:player url="https://www.youtube.com/embed/{post(94)}"/></item>
</channel></rss>"""


def test_a_feed_gives_what_it_holds_whole_and_the_rest_is_fetched(extract, news) -> None:
    Path("f.rss").write_text(RSS)
    code, found, err = extract("f.rss")
    assert found == [
        ("f.rss#1", post(91)), (f"{HOST}/2", post(2)), ("f.rss#3", post(93)), ("f.rss#5", post(94)),
    ]  # fmt: skip
    assert asked(news) == ["/2", "/404", "/405", "/406"]
    (line,) = err
    assert "f.rss#4" in line and "HTTP 404" in line
    assert code == 4


def test_an_atom_feed_with_xhtml(extract, news) -> None:
    Path("f.atom").write_text(
        f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>
        <entry><link href="{HOST}/1"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
          <p>Words</p><iframe src="https://www.youtube.com/embed/{post(81)}"></iframe></div></content></entry>
        <entry><link rel="alternate" href="{HOST}/3"/><summary>words</summary></entry></feed>"""
    )
    assert extract("f.atom") == (0, [("f.atom#1", post(81)), (f"{HOST}/3", post(3))], [])


def test_a_json_feed(extract, news) -> None:
    items = [
        {"url": f"{HOST}/1", "content_html": frame(71)},
        {"url": f"{HOST}/4", "content_text": "words"},
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": items}
    Path("f.json").write_text(json.dumps(feed))
    assert extract("f.json") == (0, [("f.json#1", post(71)), (f"{HOST}/4", post(4))], [])


def test_sitemaps_of_all_sorts(extract, news) -> None:
    Path("index.xml").write_text(
        f"<sitemapindex><sitemap><loc>{HOST}/s.xml.gz</loc></sitemap></sitemapindex>"
    )
    listed = f"<urlset><url><loc>{HOST}/5</loc></url><url><loc>{HOST}/6</loc></url></urlset>"
    packed = gzip.compress(listed.encode())
    news.routes["/s.xml.gz"] = http(packed, 200, "OK", ("Content-Type", "application/gzip"))
    assert extract("index.xml") == (0, [(f"{HOST}/5", post(5)), (f"{HOST}/6", post(6))], [])
    Path("news.xml").write_text(
        f"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{HOST}/7</loc><news:news>
        <news:publication_date>2024-05-06</news:publication_date><news:title>T</news:title></news:news>
        </url></urlset>"""
    )
    assert extract("news.xml") == (0, [(f"{HOST}/7", post(7))], [])


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_tables(extract, news, delimiter: str) -> None:
    name = "t.csv" if delimiter == "," else "t.tsv"
    rows = [["id", "html", "url"], ["a", frame(61).replace('"', "'"), ""], ["b", "", f"{HOST}/8"],
            ["c", "", ""]]  # fmt: skip
    Path(name).write_text("\n".join(delimiter.join(row) for row in rows))
    code, found, err = extract(name)
    assert (code, found) == (4, [(f"{name}#1", post(61)), (f"{HOST}/8", post(8))])
    assert len(err) == 1 and f"{name}#3" in err[0]


def test_json_lines(extract, news) -> None:
    text = "Intro.\n\nHello you pic.twitter.com/aB3dE5fG7h — Eve (@eve_x) March 5, 2022\n"
    rows = [{"html": frame(51)}, {"url": f"{HOST}/9"}, {"text": text}]
    Path("t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    wanted = [("t.jsonl#1", post(51)), (f"{HOST}/9", post(9)), ("t.jsonl#3", None)]
    assert extract("t.jsonl") == (0, wanted, [])


def test_a_folder_with_archives_in_it(extract) -> None:
    Path("all/deep").mkdir(parents=True)
    Path("all/a.html").write_text(frame(41))
    Path("all/broken.warc").write_bytes(b"WARC/1.0\r\nnothing")
    Path("all/deep/b.html.gz").write_bytes(gzip.compress(frame(42).encode()))
    Path("all/deep/c.warc.gz").write_bytes(b"".join(archived(43)))
    Path("all/deep/image.png").write_bytes(b"\x89PNG")
    code, found, err = extract("all")
    assert found == [
        ("all/a.html", post(41)), ("all/deep/b.html.gz", post(42)),
        ("all/deep/c.warc.gz#http://old.example/43", post(43)),
    ]  # fmt: skip
    assert code == 4 and len(err) == 1 and "all/broken.warc" in err[0]


def archived(number: int) -> Iterator[bytes]:
    out = io.BytesIO()
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    body, writer = io.BytesIO(frame(number).encode()), WARCWriter(out, gzip=True)
    url = f"http://old.example/{number}"
    writer.write_record(writer.create_warc_record(url, "response", body, http_headers=headers))
    yield out.getvalue()


def test_files_alone_need_no_network(extract, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.html").write_text(frame(31))
    Path("f.json").write_text(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1",
                "items": [{"content_html": frame(32)}],
            }
        )
    )
    monkeypatch.setattr(socket, "socket", lambda *a, **k: pytest.fail("a socket was opened"))
    assert extract("a.html", "f.json")[1] == [("a.html", post(31)), ("f.json#1", post(32))]


@pytest.mark.parametrize("rehearsed", [True, False])
def test_a_run_names_the_bad_items_of_a_seed_one_by_one(call, own_place: Path, rehearsed) -> None:
    lines = ['{"html": "<p>no post</p>"}', '{"html": ""}', '{"text": "no post"}', '{"n": 1}']
    Path("t.jsonl").write_text("\n".join(lines))
    said = call("run", *(["--dry-run"] if rehearsed else []), "--json", "t.jsonl")
    summary = json.loads(said.out.splitlines()[-1])
    assert summary["documents"] == 2
    assert [bad["source"] for bad in summary["bad_seeds"]] == ["t.jsonl#2", "t.jsonl#4"]
    assert said.code == 1
