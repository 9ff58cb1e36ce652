"""Texts and candidates compared: what agrees, what only looks alike, and what is never taken."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.domain.digest import sha256
from archiver.domain.embed import Embed, Evidence
from archiver.domain.post import PostRef
from archiver.platforms import posted_at
from archiver.platforms.searches.numbers import day_of_x, syndication_token, upper_bound
from archiver.resolution.candidates import Sighting, best, judge
from archiver.resolution.search import prefixes
from archiver.resolution.wayback import Row, rows_in
from archiver.resolution.words import overlap, tokens_of, words

LONG = "The quay is dry again, and the ferry goes at noon from the north side."
SAME = [
    (LONG, LONG + " https://t.co/Ab3dEf7hIj pic.twitter.com/Zz9yX8wV7u"),
    (LONG, LONG.upper().replace(",", " —")),
    ("“Gates & locks” aren’t open", "\"Gates &amp;amp; locks\" aren't open"),
    (LONG, "A headline before it. " + LONG),
    (LONG, LONG[:-30].rsplit(" ", 1)[0] + "…"),
    ("港の灯台、百二十年ぶりに塗り直しが終わりました。", "港の灯台、百二十年ぶりに塗り直しが終わりました。 https://t.co/Ab3dEf7hIj"),
    ("Închis astăzi", "închis  astăzi!"),
    ("عاد الصيادون إلى المرسى بعد العاصفة", "عاد الصيادون إلى المرسى بعد العاصفة pic.twitter.com/Ab3dEf7hIj"),
]  # fmt: skip
OTHER = [
    ("Thank you all for coming", "Dear friends, thank you all for coming: " + 3 * LONG),
    (
        "The ferry goes, the quay is dry, the boats are in, the sun is up and all of us are well again",
        "The ferry that everybody has waited for goes at last, and when we looked down from the hill the quay, with all"
        " its crates and ropes, is so dry that the boats which had been out are brought in, while the sun, late as it"
        " is, stands up above the roofs and all who came with us from the islands say they are quite well again",
    ),
    (LONG, "The ferry goes from the south side when the quay is dry, and not at noon again."),
    ("4.71 m at the old pier at 05:40, rising", "4.72 m at the old pier at 05:40, rising"),
    ("Yes", "Yes, we can and we shall, said the harbour master"),
    ("So it is", "So it is that the north quay will be closed until further notice"),
    ("", LONG),
    ("https://t.co/Ab3dEf7hIj", "https://t.co/Ab3dEf7hIj"),
    (LONG, "Something else entirely was written here on that very day."),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_texts_that_are_the_same(one: str, other: str) -> None:
    assert overlap(one, other) >= 0.9
    assert overlap(other, one) == overlap(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_texts_that_are_not(one: str, other: str) -> None:
    assert overlap(one, other) < 0.9


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_overlap_is_a_share_and_even(one: str, other: str) -> None:
    score = overlap(one, other)
    assert 0.0 <= score <= 1.0
    assert overlap(one, one) == (1.0 if words(one) else 0.0)


def test_tokens_are_one_namespace() -> None:
    text = "a https://t.co/Ab3dEf7hIj b pic.twitter.com/Zz9yX8wV7u— c pic.x.com/Kk4lM5nO6p"
    assert tokens_of(text) == {"Ab3dEf7hIj", "Zz9yX8wV7u", "Kk4lM5nO6p"}


# ---- candidates

REF = PostRef("x", str(day_of_x(date(2022, 1, 5))[0] + (5 << 30)))


def embed(**more: object) -> Embed:
    known: dict[str, object] = {
        "source": "a", "document": sha256(b""), "role": "embed", "platform": "x", "handle": "ana_rail",
        "text": LONG, "posted_on": date(2022, 1, 5), "evidence": (Evidence(rule="text.attribution"),),
    }  # fmt: skip
    return Embed(**{**known, **more})  # type: ignore[arg-type]


def seen(**more: object) -> Sighting:
    known: dict[str, object] = {
        "ref": REF,
        "found_by": "here",
        "weight": 0.97,
        "author": "Ana_Rail",
        "text": LONG,
    }
    return Sighting(**{**known, **more})  # type: ignore[arg-type]


def test_a_candidate_that_fits() -> None:
    judged = judge(embed(), seen(), 0)
    assert judged.candidate.why_not == "" and judged.candidate.score == 1.0
    assert judged.confidence == 0.97
    assert judged.candidate.url == f"https://x.com/Ana_Rail/status/{REF.id}"


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        ({}, {"author": "bo"}, "a post of @bo, not of @ana_rail"),
        ({}, {"author": None}, "its author is not known"),
        ({"handle": None}, {}, "the article does not name the author"),
        ({"posted_on": None}, {}, "the article shows no day"),
        ({"posted_on": date(2022, 1, 6)}, {}, "a post of 2022-01-05, while the article shows 2022-01-06"),
        ({}, {"text": None}, "its words are not known"),
        ({}, {"text": "Nothing like it was ever written by her."}, "other words: "),
    ],
)  # fmt: skip
def test_what_speaks_against_a_candidate(
    ours: dict[str, object], theirs: dict[str, object], why: str
) -> None:
    judged = judge(embed(**ours), seen(**theirs), 0)
    assert judged.candidate.why_not.startswith(why)
    assert best([judged])[0] is None


def test_the_embeds_own_media_link_is_enough_of_its_words() -> None:
    ours = embed(text="cut", media_tokens=("pic.twitter.com/Ab3dEf7hIj",))
    assert judge(ours, seen(tokens=frozenset({"Ab3dEf7hIj"})), 0).candidate.why_not == ""
    assert judge(ours, seen(tokens=frozenset({"Ab3dEf7hIj"}), author="bo"), 0).candidate.why_not


def test_in_another_copy_of_the_article_the_day_may_be_missing() -> None:
    judged = judge(embed(posted_on=None), seen(same_place=True), 0)
    assert judged.candidate.why_not == ""


def test_federated_names_with_and_without_their_server() -> None:
    ref = PostRef("mastodon", "a.example/107600000000000001")
    ours = embed(platform="mastodon", handle="ana@a.example", posted_on=None)
    told = seen(ref=ref, author="ana", same_place=True)
    assert judge(ours, told, 1).candidate.why_not == ""
    other = embed(platform="mastodon", handle="ana@b.example", posted_on=None)
    assert "not of @ana@b.example" in judge(other, told, 1).candidate.why_not


def test_of_two_that_fit_equally_well_neither_is_taken() -> None:
    twin = PostRef("x", str(int(REF.id) + (1 << 22)))
    judged = [judge(embed(), one, 0) for one in (seen(), seen(ref=twin))]
    chosen, listed, why = best(judged)
    assert chosen is None and len(listed) == 2 and why == "2 posts fit equally well"
    better = judge(
        embed(), seen(ref=twin, text=LONG + " Come and see it all with me, friends of the sea"), 0
    )
    assert best([judged[0], better, judged[0]])[0] is None  # both hold all its words
    assert best([judged[0], judged[0]])[0] is judged[0]  # one post seen twice


# ---- numbers and lists


@given(st.dates(date(2011, 1, 1), date(2035, 12, 31)))
def test_the_window_of_a_day(day: date) -> None:
    low, high = day_of_x(day)
    assert posted_at(PostRef("x", str(low))) == datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert posted_at(PostRef("x", str(high - 1))).date() == day  # type: ignore[union-attr]
    found = prefixes(low, high)
    assert 1 <= len(found) <= 2
    assert all(str(n).startswith(found) for n in (low, (low + high) // 2, high - 1))


def test_a_bound_above_the_day_on_mastodon() -> None:
    moment = posted_at(PostRef("mastodon", f"a.example/{upper_bound(date(2022, 1, 5))}"))
    assert moment == datetime(2022, 1, 7, tzinfo=UTC)


def test_the_token_of_the_syndication_endpoint() -> None:
    assert syndication_token("1577719286659006464") == "3tojuiek1l"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b"not json", b"[[1]]", b'[["a"],["b","c"]]', b"[" * 5000]
)
def test_lists_that_hold_nothing(body: bytes) -> None:
    assert list(rows_in(body)) == []


def test_a_list_in_any_order_of_columns() -> None:
    body = b'[["original","timestamp","digest","mimetype","statuscode"],["https://x.com/a","20220105000000","D","text/html","-"]]'
    assert list(rows_in(body)) == [Row("20220105000000", "https://x.com/a", "-", "text/html")]
