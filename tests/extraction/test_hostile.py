"""Hostile and broken input: always an answer, never an exception, never more than a second for 100 kB."""

# ruff: noqa: E501
import time

import pytest
from depth import depth_of
from hypothesis import given, settings
from hypothesis import strategies as st
from variants import MORE, TWEET, VARIANTS

from archiver.domain.document import Document
from archiver.extraction.find import find_embeds
from archiver.extraction.nesting import DEEPEST, flattened

SIZE = 100_000


def filled(piece: str) -> str:
    return (piece * (SIZE // len(piece) + 1))[:SIZE]


HOSTILE = {
    "nested div": filled("<div>"),
    "nested blockquote": filled('<blockquote class="twitter-tweet">'),
    "nested formatting": "".join(f"<b i={n}>" for n in range(6000)) + "<p>" * 8000,
    "nested template": filled("<template>"),
    "nested iframe": filled("<iframe srcdoc='"),
    "nested quotes": filled("<iframe srcdoc='&lt;iframe srcdoc=&amp;quot;"),
    "open brackets in a script": "<script>embed=" + filled("[") + "</script>",
    "open braces in a script": "<script>" + filled("embed={") + "</script>",
    "assignments": "<script>" + filled('embed={"a":') + "</script>",
    "backslashes": "<script>embed iframe " + filled("\\") + "</script>",
    "json nested": '<script type="application/json">"embed"' + filled("[") + "</script>",
    "json nested objects": '<script type="application/json">' + filled('{"embed":') + "</script>",
    "unclosed call": "<script>" + filled("VK.Widgets.Post('a',") + "</script>",
    "unclosed player": "<script>" + filled("new Twitch.Player(") + "</script>",
    "keyed": "<script>" + filled('embedUrl: "') + "</script>",
    "shortcodes": filled("[embed "),
    "closed shortcodes": filled("[embed][embed]https://x.com/"),
    "block comments": filled('<!-- wp:embed {"a":"url":"http'),
    "spaces in an address": "<p>https://twitter.com/" + filled(" ") + "</p>",
    "long address": '<iframe src="https://www.youtube.com/embed/' + filled("a/") + '">',
    "long query": '<a href="https://www.facebook.com/plugins/post.php?href='
    + filled("%2525")
    + '">',
    "wrapped addresses": '<a href="' + filled("https://web.archive.org/web/2020/") + '">',
    "wrapped proxies": '<iframe src="'
    + filled("https://cdn.embedly.com/widgets/media.html?url=")
    + '">',
    "many links": filled('<a href="https://x.com/a/status/1">x</a>'),
    "many tweets": filled(
        '<blockquote class="twitter-tweet"><a href="https://x.com/a/status/123">x</a></blockquote>'
    ),
    "unclosed tweets": filled(
        '<blockquote class="twitter-tweet"><a href="https://x.com/a/status/123">x'
    ),
    "many classes": '<div class="' + filled("embed-twitter ") + '">',
    "many attributes": "<div " + filled("data-src=a b=c ") + ">",
    "entities": filled("&lt;blockquote&gt;"),
    "escaped frames": "<p>" + filled("&lt;iframe ") + "</p>",
    "base64": f'<div data-borlabs-cookie-content="{filled("PGlm")}">',
    "percent": f'<div data-code="{filled("%3Ciframe ")}">',
    "addresses": filled("http\n"),
    "addresses after tags": filled(">http"),
    "bare addresses": filled("<p>https://x.com/a/status/12</p>"),
    "quotations": filled("<blockquote>— A (@a) </blockquote>"),
    "open quotations": filled("<blockquote>— A (@a) "),
    "flight": "<script>" + filled('self.__next_f.push([1,"') + "</script>",
    "flight rows": "<script>self.__next_f.push([1," + '"' + filled("1:[\\n") + '"])</script>',
    "nul": filled("\0<a\0href=x>"),
    "surrogates in json": '<script type="application/json">{"embed":"\\ud83d<iframe src=\\"//youtu.be/a\\">"}</script>',
}


@pytest.mark.parametrize("text", [pytest.param(t, id=n) for n, t in HOSTILE.items()])
@pytest.mark.parametrize("kind", ["html", "json"])
def test_a_hundred_kilobytes_take_less_than_a_second(text, kind) -> None:
    document = Document(source="h", kind=kind, body=text.encode("utf-8", "replace"))
    find_embeds(document)
    begin = time.process_time()
    find_embeds(document)
    assert time.process_time() - begin < 1.0


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=4000), st.sampled_from(["html", "json", "text"]))
def test_any_bytes_have_an_answer(body, kind) -> None:
    assert isinstance(find_embeds(Document(source="b", kind=kind, body=body)), tuple)


PIECES = [markup for _, markup, _ in VARIANTS + MORE] + [
    "<div>", "</div>", '"', "'", "\\", "<!--", "-->", "<script>", "</script>", "{", "}", "[", "]", "&lt;", "\0", "\ud83d",
    "<template>", "<textarea>", "<svg>", "<math>", "<table>", "<select>", "<title>", "<plaintext>",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PIECES), st.integers(0, 60), st.booleans()), max_size=12))
def test_broken_mixtures_have_an_answer(parts) -> None:
    text = "".join(
        piece[cut:] if front else piece[: len(piece) - cut] for piece, cut, front in parts
    )
    body = text.encode("utf-8", "surrogatepass")
    for found in find_embeds(Document(source="m", kind="html", body=body)):
        assert found.evidence


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-16", "shift_jis", "nonsense", "hex", "idna", ""]),
)
def test_any_charset_has_an_answer(body, charset) -> None:
    find_embeds(Document(source="c", kind="html", body=TWEET.encode() + body, charset=charset))


def test_what_is_too_deep_is_flattened_and_still_read() -> None:
    deep = "<div>" * 5000 + TWEET
    assert depth_of(flattened(deep)) <= DEEPEST + 1
    (found,) = find_embeds(Document(source="d", kind="html", body=deep.encode()))
    assert found.role == "embed"
