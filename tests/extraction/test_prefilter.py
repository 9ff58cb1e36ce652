"""The prefilter: the same marks by either engine, and none missing that a reader needs."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.extraction.prefilter import SHORTCODES, Marks, marks, marks_by_re

PIECES = [
    "(@", "&lt;blockquote", "&lt;iframe", "[embed]", "[tweet", "<!-- wp:embed", ">", "\n", " ", "<",
    "https://x.com/a/status/1", "\u2028", "\x85", "text", "é", '"', "JSON.parse(", "createTweet",
    "<b x=1>", "<FONT a>", "<big>", "reddit.com", '"x"', "Tik-Tok", "tweet_id", "/@", "/w/",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_both_engines_agree(text: str) -> None:
    data = text.encode()
    assert marks(data) == marks_by_re(data)


@settings(deadline=None)
@given(st.sampled_from(SHORTCODES.split("|")))
def test_every_shortcode_is_a_mark(name: str) -> None:
    assert "shortcode" in marks(f"<p>[{name} id=1]</p>".encode()).held


def test_words_are_their_own_marks() -> None:
    assert {"createTweet", "JSON.parse("} <= marks(
        b"<script>createTweet(JSON.parse(''))</script>"
    ).held
    assert marks(b"<p>nothing</p>") == Marks(set(), 0)


def test_an_address_alone_in_its_block_is_bare() -> None:
    for page in (
        "<p>https://x.com/a/status/1</p>",
        "<p>\n   https://x.com/a/status/1 \n</p>",
        "https://x.com/a/status/1",
        "<p>one<br>https://x.com/a/status/1<br>",
    ):
        assert "bare" in marks(page.encode()).held
    assert (
        "bare"
        not in marks(b'<p>see https://x.com/a/status/1 <a href="https://x.com/">x</a></p>').held
    )


def test_threads_share_the_compiled_patterns() -> None:
    pages = [f"<p>{piece}</p>".encode() * 200 for piece in PIECES]
    alone = [marks(page) for page in pages]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            assert list(pool.map(marks, pages)) == alone
