"""Plain text that means harm: every rule stays linear, every input gets an answer."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.domain.digest import sha256
from archiver.extraction.text import find_in_text

SIZE = 100_000
UNITS = [
    "(@a) ", "(@a) May 5, 2020 ", "— A (@a) May 5, 2020\n", "(@a) 5 ", "(@", "@", "— ", "-- ", "—", "\n", " ",
    "a", "A ", "7:31 - ", "7:31 PM - 4 Jun 2015 ", "@a\n7:31 PM - 4 Jun 2015\n", "@a x 7:31 - 4 Jun 2015 ",
    "A post shared by ", "A post shared by A (@a) ", "Ein von A ", "Posted by A on Tuesday, ", "Posted by ",
    "Publicado por A en ", "♬ ", "@a ♬ b ", "by u/abc in ", "by u/abc from discussion ", "Comment by u/abc",
    "Post by @a@", "Post by @aView on Threads", "View on Mastodon Post by @a@b", "https://", "http://t.co/",
    "https://t.co/aaaaaaaaaa", "pic.twitter.com/", "pic.twitter.com/aaaaaaaaaa ", "https://x.com/a/status/12 ",
    "https://x.com/a/status/12\n", "x.com/a/status/1\n", "x.", "a-", "<a href=", "[", "](", "(@a)](", "(@a\\_",
    "View this post on Instagram", "2020年", "5. ", "Tháng 3 ", "2020 2020 ", "(@a) 2020年3月", "\u200f", "(@a)님",
    "(@a) PST", "…", ". A", "https://web.archive.org/web/2020/", "(@a) tháng 3 ", "\x97 (@a) ", "@a 5 May 2020 ",
    "A \u200f@a 5 May 2020\nb\n", "pic.twitter.com/aaaaaaaaaa — a ", "— a @a May 5, 2020\n", "\n>", "� ", "&mdash;",
    "[a](https://a.example/b) ", "[A post shared by A (@a)](https://a.example/b)\n", "[(](https://a.example/", "[a",
    "[\\", "<!--",
    "-->\n— A (@a) May 5, 2020\n", "???", "A post shared by @ a on ", "(@a)'in paylaştığı ", "@a\n> ♬ b\n",
    "— A (@a) [May 5, 2020](https://x.com/a/status/12)\n", "pic.twitter.com/aaaaaaaaaa\n— A (@a) May 5, 2020\n",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_hundred_kilobytes_take_less_than_a_second(unit: str) -> None:
    text = (unit * (SIZE // len(unit) + 1))[:SIZE]
    started = time.process_time()
    find_in_text(text, "a.txt", sha256(b""))
    assert time.process_time() - started < 1.0


@given(
    st.lists(st.sampled_from([*UNITS, "Ada (@ada) May 5, 2020", "some words here "]), max_size=30)
)
@settings(max_examples=150)
def test_any_mixture_is_answered(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = find_in_text(text, "a.txt", sha256(b""))
    offsets = [embed.evidence[0].offset for embed in found]
    assert offsets == sorted(offsets, key=lambda offset: offset or 0)
    for embed in found:
        for proof in embed.evidence:
            assert proof.offset is not None and text.startswith(proof.fragment, proof.offset)
            assert 0 < proof.confidence <= 1


NAME = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
WORDS = st.text(st.characters(categories=["Ll", "Zs"]), max_size=80)


@given(WORDS, NAME, st.from_regex(r"[A-Za-z0-9_]{1,15}", fullmatch=True))
def test_what_an_embed_code_leaves_is_read_back(words: str, name: str, handle: str) -> None:
    written = f"a {words}\n— {name} (@{handle}) May 5, 2020"
    (found,) = find_in_text(written, "a.txt", sha256(b""))
    assert (found.handle, found.author_name) == (handle, name)
    assert found.posted_on is not None and found.posted_on.isoformat() == "2020-05-05"


@given(st.text(max_size=400))
def test_any_text_at_all_is_answered(text: str) -> None:
    for embed in find_in_text(text, "a.txt", sha256(b"")):
        assert embed.platform
