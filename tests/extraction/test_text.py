"""Embeds in plain text: attributions in every form, residues, addresses, and what is none of these."""

from datetime import UTC, date, datetime

import pytest

from archiver.domain.digest import sha256
from archiver.domain.embed import Embed
from archiver.domain.post import PostRef
from archiver.extraction.text import find_in_text

WORDS = "The ferry is back in the harbour."


def find(text: str, dated: str | None = None) -> list[Embed]:
    return list(find_in_text(text, "a.txt", sha256(text.encode()), dated))


def embeds(text: str) -> list[Embed]:
    return [embed for embed in find(text) if embed.role == "embed"]


def only(text: str) -> Embed:
    found = embeds(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    "dash",
    ["— ", "—", " — ", "\n— ", "\n\n — ", "– ", "\n– ", "\n- ", " - ", "-- ", "― ", "&mdash; ", "&#8212; ",
     "\\u2014 ", "â€” ", "â€“ ", "вЂ” ", "\x97 ", "  ", "\n"],
)  # fmt: skip
def test_every_dash_and_none(dash: str) -> None:
    found = only(f"{WORDS} pic.twitter.com/AbCdEf1234{dash}Ada Quill (@ada_quill) May 29, 2018")
    assert (found.platform, found.handle, found.author_name) == ("x", "ada_quill", "Ada Quill")
    assert found.posted_on == date(2018, 5, 29)
    assert found.text == WORDS
    assert found.media_tokens == ("pic.twitter.com/AbCdEf1234",)
    assert found.ref is None


@pytest.mark.parametrize(
    "name",
    ["Ada", "Ada J. Quill", "Rene (of the North) Quill", "(เท้ง) (ใหม่)", "Quill-on-Sea", "🚢 Ferry 🚢", "أدا",
     "Dr. Ada Quill, PhD", "ada", "@work Ada"],
)  # fmt: skip
def test_names(name: str) -> None:
    assert only(f"{WORDS}\n— {name} (@quill) May 29, 2018").author_name == name


def test_words_that_begin_like_a_byline_are_words() -> None:
    found = only(
        "Prose.\n\nBy the way, the ferry sails. Come!  Ada Quill (@ada) May 29, 2018Prose goes on."
    )
    assert (found.handle, found.author_name) == ("ada", "Ada Quill")


def test_an_empty_name_and_a_name_on_its_own_line() -> None:
    assert only(f"{WORDS}\n— (@quill) May 29, 2018").author_name is None
    assert only(f"{WORDS}\n— Ada\n(@quill) May 29, 2018").author_name == "Ada"


@pytest.mark.parametrize(
    "when",
    ["29 mai 2018", "29. Mai 2018", "29 de mayo de 2018", "29 мая 2018 г.", "29 мая 2018\nг.", "2018年5月29日",
     "2018. május 29.", "29 Mayıs 2018", "٢٩ مايو ٢٠١٨", "[May 29, 2018](https://example.org/1)"],
)  # fmt: skip
def test_localised_days(when: str) -> None:
    assert only(f"{WORDS}— Ada Quill (@quill) {when}").posted_on == date(2018, 5, 29)


def test_brackets_and_escapes() -> None:
    assert only(f"{WORDS}\n— Ada （＠quill） May 29, 2018").handle == "quill"
    assert only(f"{WORDS}\n— Ada (@ada\\_quill) May 29, 2018").handle == "ada_quill"


def test_several_posts_on_one_line() -> None:
    line = (
        "One pier.pic.twitter.com/AAAAAAAAAA— Ada (@ada) May 29, 2018Two piers.https://t.co/BBBBBBBBBB"
        "— Bo (@bo_b) May 30, 2018Three.— Cy (@cy) 31. Mai 2018"
    )
    found = embeds(line)
    assert [(e.handle, e.text) for e in found] == [
        ("ada", "One pier."), ("bo_b", "Two piers.https://t.co/BBBBBBBBBB"), ("cy", "Three."),
    ]  # fmt: skip
    assert found[0].media_tokens == ("pic.twitter.com/AAAAAAAAAA",)
    assert found[1].short_urls == ("https://t.co/BBBBBBBBBB",)


def test_tokens_are_cut_at_ten_and_cut_off_ones_left_out() -> None:
    found = only(
        "Seen https://t.co/abcdefghijpic.twitter.com/ABCDEFGHIJMore— Ada (@ada) May 29, 2018"
    )
    assert found.short_urls == ("https://t.co/abcdefghij",)
    assert found.media_tokens == ("pic.twitter.com/ABCDEFGHIJ",)
    assert only("Seen https://t.co/abc… — Ada (@ada) May 29, 2018").short_urls == ()


def test_two_posts_of_a_day_are_two_and_the_same_twice_is_one() -> None:
    one = "First words.\n— Ada (@ada) May 29, 2018\n"
    two = "Second words.\n— Ada (@ada) May 29, 2018\n"
    assert len(embeds(one + "\n" + two)) == 2
    again = only(one + "\nSome prose.\n\n" + one)
    assert len(again.evidence) == 2


@pytest.mark.parametrize("left", ["", "On it.\n"])
def test_posts_that_left_hardly_a_word_are_one_each(left: str) -> None:
    residue = f"{left}— Ada (@ada) May 29, 2018\n\nSome prose.\n\n"
    assert len(embeds(residue + residue)) == 2
    shared = "View this post on Instagram\n\nA post shared by Ada (@ada.quill)\n\nSome prose.\n\n"
    assert len(embeds(shared + shared)) == 2


def test_words_on_the_lines_above() -> None:
    long_prose = "The council met for hours. " * 20
    found = only(f"{long_prose}\n\nFirst line.\nSecond line.\n\n— Ada (@ada) May 29, 2018")
    assert found.text == "First line. Second line."


def test_evidence_points_into_the_text() -> None:
    text = f"Prose before.\n\n{WORDS} — Ada (@ada) May 29, 2018\nProse after."
    proof = only(text).evidence[0]
    assert proof.offset is not None
    assert text.startswith(proof.fragment, proof.offset)
    assert proof.fragment == f"{WORDS} — Ada (@ada) May 29, 2018"
    assert proof.rule == "text.attribution"
    assert proof.confidence >= 0.95


def test_a_later_day_than_the_article_is_doubted() -> None:
    text = f"{WORDS} — Ada (@ada) May 29, 2018"
    (early,), (late,) = find(text, "2018-06"), find(text, "2018-04-30")
    assert early.evidence[0].confidence > 0.9 > 0.5 > late.evidence[0].confidence


@pytest.mark.parametrize(
    "prose",
    [
        "The harbour master (@harbour) said on Monday that nothing had changed.",
        "Ask Ada Quill (@ada) or Bo Mast (@bo).",
        "— Ada Quill (@ada)",
        "By Ada Quill (@ada) May 29, 2018\nThe council met.",
        "Ada Quill @ada 29 May 2018\nThe council met.",
        "The council — as @ada May 29, 2018 was told — met.",
        "The council met.\nBy Ada Quill (@ada) May 29, 2018",
        "Ada Quill (@ada) May 29, 2018",
        "The council met.\nBy Bo Mast (@bo) and Ada Quill (@ada) May 29, 2018",
        "The pier closes\n\nAda Quill (@ada)\n\nMay 29, 2018\n\nThe council met.",
        "The pier closes\n\nAda Quill (@ada) | May 29, 2018\n\nThe council met.",
        "The pier closes\n\nPublished by Ada Quill (@ada) May 29, 2018\n\nThe council met.",
        "The pier closed. Ada Quill is a reporter (@ada). May 29, 2018 was a good day.",
        "Speakers:\n- Ada Quill (@ada), May 29, 2018\n- Bo Mast (@bo), May 30, 2018",
        "May 28, 2018\n\n- On piers by Ada Quill (@ada)\n\nMay 29, 2018\n\n- On ferries by Bo Mast (@bo)",
        "Thanks to\n@ada\nfor the pier.\n\npier-12.0.13 - 03 September 2024\n",
        "Photo: Instagram/@ada, 2018",
        "Foto: Ada (@ada_pics) 29. Mai 2018",
        "Posted by admin on May 29, 2018",
        "The bridge is open.\nAna Ruiz paylaştı: 9 Ocak 2017 tarihinde",
        "Posted by admin on Tuesday, May 29, 2018",
        "The bridge is open.\nPosted by Ana Ruiz on Sunday March 08, 2026\nMore.",
        "At 7:31 PM - 4 Jun 2015 was a long time ago - the pier closed.",
        "He posted it by u/someone in r/boats and moved on.",
        "♬ la la la",
        "mail@example.org — May 29, 2018",
        "https://example.org/a/status/1",
        "twitter.com/i/web/status/1…",
        "https://twitter.com/ada/status/1001234567…",
        "pic.twitter.com/AbC…",
    ],
)
def test_what_is_no_embed(prose: str) -> None:
    assert embeds(prose) == []


def test_rendered_widgets() -> None:
    older = only("Ada Quill\n✔@ada\nThe pier is open.\n7:31 PM - 4 Jun 2015\n12 Retweets")
    assert (older.handle, older.posted_on, older.text) == (
        "ada",
        date(2015, 6, 4),
        "The pier is open.",
    )
    newer = only("Ada Quill\n@ada\n·\nFollow\nThe pier is open.\n7:31 PM · Jun 4, 2015\nReply")
    assert (newer.handle, newer.posted_on) == ("ada", date(2015, 6, 4))
    assert only("Ada Quill @ada The pier is open. 19:31 - 4. Juni 2015").handle == "ada"


def test_forms_changed_by_hand() -> None:
    bare = only(f"{WORDS}\n— Ada Quill @ada March 3, 2019")
    assert (bare.handle, bare.author_name, bare.posted_on) == ("ada", "Ada Quill", date(2019, 3, 3))
    lost = only(f"{WORDS} pic.twitter.com/AbCdEf1234 — Ada Quill March 3, 2019")
    assert (lost.handle, lost.author_name, lost.posted_on) == (None, "Ada Quill", date(2019, 3, 3))
    assert lost.media_tokens == ("pic.twitter.com/AbCdEf1234",)
    for token in ("pic.twitter.com/AbCdEf1234", "https://t.co/AbCdEf1234"):
        undated = only(f"{WORDS} {token}\n— Ada Quill (@ada)\n\nProse.")
        assert (undated.handle, undated.author_name, undated.posted_on) == (
            "ada",
            "Ada Quill",
            None,
        )
        assert all(e.handle is None for e in find(f"{WORDS} {token} — Ada (@ada) said so.\n"))
    old = only(f"Ada Quill \u200f@ada  3 Mar 2019\n{WORDS}\n\nProse.")
    assert (old.handle, old.text) == ("ada", WORDS)


def test_marks_of_direction_around_a_handle() -> None:
    found = only(f"{WORDS} — \u200fAda\u200f (@\u200eada\u200e)\u200f May 29, 2018")
    assert (found.platform, found.handle, found.posted_on) == ("x", "ada", date(2018, 5, 29))
    shared = only(
        "تمت مشاركة منشور بواسطة \u200f\u200eAda\u200e\u200f (@\u200f\u200eada.quill\u200e\u200f)\u200f"
    )
    assert (shared.platform, shared.handle) == ("instagram", "ada.quill")


def test_markdown_quotes() -> None:
    found = only(f"Prose.\n\n> {WORDS}\n>\n> — Ada (@ada) [May 28, 2018]({STATUS})\n\nProse.")
    assert (found.text, found.ref) == (WORDS, PostRef("x", "1001234567890123456"))


@pytest.mark.parametrize(
    "form",
    [
        "> — Ada\n> Quill (@ada) May\n> 28, 2018",
        "> > — Ada Quill (@ada)\n> > May 28,\n> > 2018",
        "> — Ada Quill (@ada) 28\\. Mai 2018",
        f"— Ada Quill (@ada)\n{' ' * 34}[May\n{' ' * 46}28, 2018](https://x.com/ada)",
    ],
)
def test_markdown_that_is_wrapped_indented_or_escaped(form: str) -> None:
    found = only(f"Prose.\n\n{form}\n\nProse.")
    assert (found.author_name, found.posted_on) == ("Ada Quill", date(2018, 5, 28))


def test_bluesky_and_mastodon_by_the_shape_of_the_handle() -> None:
    sky = only(f"{WORDS}[image or embed]— Ada (@ada.example.social) 3:17 PM · Jul 3, 2023")
    assert (sky.platform, sky.handle) == ("bluesky", "ada.example.social")
    exact = only(f"{WORDS}\n— Ada (@ada.bsky.social) 2023-07-03T15:17:00.000Z")
    assert exact.posted_at == datetime(2023, 7, 3, 15, 17, tzinfo=UTC)
    toot = only("Post by @ada@boats.socialView on Mastodon")
    assert (toot.platform, toot.handle) == ("mastodon", "ada@boats.social")


@pytest.mark.parametrize(
    "residue",
    [
        "A post shared by Ada Quill (@ada.q)",
        "A post shared by\nAda Quill\n (@ada.q) on\nSep 3, 2018 at 3:55pm PDT",
        "View this post on Instagram\n\nOur pier.\n\nA post shared by Ada Quill (@ada.q)",
        "Una publicación compartida por Ada Quill (@ada.q)",
        "Une publication partagée par Ada Quill (@ada.q) le 3 Sept. 2018 à 3 :55 PDT",
        "Ein Beitrag geteilt von Ada Quill (@ada.q)",
        "Ein von Ada Quill (@ada.q) gepostetes Foto",
        "Un post condiviso da Ada Quill (@ada.q)",
        "Sieh dir diesen Beitrag auf Instagram an\n\nEin Beitrag geteilt von Ada Quill (@ada.q) am 23. Okt 2017",
        "Публикация от Ada Quill (@ada.q) Дек 20, 2017 at 1:04 PST",
        "Ada Quill (@ada.q)'in paylaştığı bir gönderi",
        "Ada Quill(@ada.q)がシェアした投稿",
        "Ada Quill(@ada.q)님의 공유 게시물",
        "Ada Quill (@ada.q) 分享的帖子",
        "Bài viết do Ada Quill (@ada.q) chia sẻ",
        "Ett filmklipp publicerat av Ada Quill (@ada.q) Nov 9, 2013 kl. 2:42 PST",
        "Ein ganz neuer Wortlaut: Ada Quill (@ada.q) on Sep 3, 2018 at 3:55pm PDT",
    ],
)
def test_instagram(residue: str) -> None:
    found = only(f"Some prose about it.\n{residue}\nMore prose.")
    assert (found.platform, found.handle) == ("instagram", "ada.q")


@pytest.mark.parametrize(
    "residue",
    [
        "Ada Quill(@ada.q)님의 공유 게시물님, 2020 6월 12 6:50오전 PDT",
        "Ada Quillさん(@ada.q)がシェアした投稿 - 2020年 6月月12日午前9時06分PDT",
        "Ada Quillさん(@ada.q)がシェアした投稿 - 2020  6月 12 9:28午後 PST",
        "Ada Quillさん(@ada.q)がシェアした投稿 - 6月 12, 2020 at 3:06午後 PST",
        "@ada.qがシェアした投稿 - 2020年 6月月12日午前2時44分PDT",
        "Ada Quill (@ada.q) által megosztott bejegyzés, Jún 12., 2020, időpont: 1:48 (PDT időzóna szerint)",
        "โพสต์ที่แชร์โดย Ada Quill (@ada.q) เมื่อ มิ.ย. 12, 2020 เวลา 8:33 PDT",
        "Ada Quill (@ada.q) jakama julkaisu Kesä 12, 2020 kello 11.37 PDT",
        "Un post condiviso da Ada Quill (@ada.q) in data: 12 Giu 2020 alle ore 05:36 PDT",
    ],
)
def test_the_day_of_instagram_whatever_words_lead_to_it(residue: str) -> None:
    found = only(f"Some prose about it.\n{residue}\nMore prose.")
    assert (found.platform, found.handle) == ("instagram", "ada.q")
    assert found.posted_on == date(2020, 6, 12)


def test_the_time_of_instagram_on_the_next_line_of_its_markup() -> None:
    found = only("A post shared by Ada (@ada) on Apr 16, 2018 at\n\t\t\t\t\t\t11:12pm PDT\n")
    assert found.posted_at == datetime(2018, 4, 17, 6, 12, tzinfo=UTC)


def test_a_point_in_a_name_before_the_verb() -> None:
    assert only("Prose.\n渡し船－L.Jc（@l.jc）分享的貼文").author_name == "渡し船－L.Jc"


def test_pacific_time_alone_makes_no_post() -> None:
    assert not embeds("Ada Quill (@ada.q) opens the pier at 5pm PDT.")


def test_instagram_time_is_pacific_and_the_caption_stands_under_the_header() -> None:
    found = only(
        "View this post on Instagram\nOur pier.\nA post shared by Ada (@ada) on Sep 3, 2018 at 3:55pm PDT"
    )
    assert found.posted_at == datetime(2018, 9, 3, 22, 55, tzinfo=UTC)
    assert found.posted_on == date(2018, 9, 3)
    assert found.text == "Our pier."


@pytest.mark.parametrize(
    ("residue", "platform", "handle"),
    [
        ("Prose.\n@ada.q look at this pier #boats ♬ original sound - Ada", "tiktok", "ada.q"),
        ("Prose.\n@ada.q look at this ♬ оригинальный звук - Ada", "tiktok", "ada.q"),
        ("My new boatbyu/ada_q inboats", "reddit", "ada_q"),
        ("My new boat\nby u/ada_q in boats\nProse.", "reddit", "ada_q"),
        ("Comment by u/ada_q from discussion My new boat in boats", "reddit", "ada_q"),
        ("Post by @ada.q View on Threads", "threads", "ada.q"),
        ("Post by @ada.qView on Threads", "threads", "ada.q"),
    ],
)
def test_other_platforms(residue: str, platform: str, handle: str) -> None:
    found = only(residue)
    assert (found.platform, found.handle) == (platform, handle)


@pytest.mark.parametrize(
    "residue",
    [
        "Our new ferry!Posted by Harbour Board on Tuesday, March 17, 2020",
        "Our new ferry!Harbour Board paylaştı: 17 Mart 2020 Salı",
        "Our new ferry!โพสต์โดย Harbour Board เมื่อ วันอังคารที่ 17 มีนาคม  2020",
        "Our new ferry!\nPublicado por Harbour Board en Martes, 17 de marzo de 2020",
        "Our new ferry!Publicado por Harbour Board em Terça, 17 de março de 2020",
        "Our new ferry!Publiée par Harbour Board sur Mardi 17 mars 2020",
        "Our new ferry!Опубликовано Harbour Board Вторник, 17 марта 2020 г.",
    ],
)
def test_facebook(residue: str) -> None:
    found = only(residue)
    assert (found.platform, found.author_name) == ("facebook", "Harbour Board")
    assert (found.posted_on, found.text) == (date(2020, 3, 17), "Our new ferry!")


STATUS = "https://twitter.com/ada/status/1001234567890123456"  # an id of 28 May 2018


def test_an_address_alone_on_its_line_is_an_embed_and_in_a_sentence_a_link() -> None:
    assert only(f"Prose.\n\n{STATUS}?s=20\n\nProse.").ref == PostRef("x", "1001234567890123456")
    (link,) = find(f"She wrote it in a post ({STATUS}) today.")
    assert (link.role, link.ref) == ("link", PostRef("x", "1001234567890123456"))
    assert find("Follow https://twitter.com/ada today") == []


def test_an_address_after_the_attribution_gives_it_its_identity() -> None:
    found = find(f"{WORDS} — Ada (@ada) May 28, 2018 {STATUS}\nProse.")
    assert [(e.role, e.ref) for e in found] == [("embed", PostRef("x", "1001234567890123456"))]
    mailed = find(f"{WORDS} — Ada (@ada) May 28, 2018 <{STATUS}>\nProse.")
    assert [(e.role, e.ref) for e in mailed] == [("embed", PostRef("x", "1001234567890123456"))]
    linked = only(f"{WORDS} — Ada (@ada) [May 28, 2018]({STATUS})")
    assert linked.ref == PostRef("x", "1001234567890123456")
    other = find(f"{WORDS} — Bo (@bo) May 28, 2018\n{STATUS}")
    assert [e.handle for e in other] == ["bo", "ada"]


def test_a_media_token_alone_is_a_post_of_unknown_author() -> None:
    found = only(f"Prose about it.\n\n{WORDS} pic.twitter.com/AbCdEf1234\n\nProse.")
    assert (found.handle, found.text) == (None, WORDS)
    assert found.evidence[0].confidence < 0.7


LINKED = {
    "instagram": (
        "> [View this post on Instagram](https://www.instagram.com/p/BgA0aBcDeFg/?utm_source=ig_embed)\n>\n"
        "> [A post shared by Ada Quill (@ada\\_quill)](https://www.instagram.com/p/BgA0aBcDeFg/)",
        "ada_quill",
        "BgA0aBcDeFg",
    ),
    "reddit": (
        "> [Back at the pier](https://www.reddit.com/r/pier/comments/abc123/back_at_the_pier/)\n"
        "> by[u/ada](https://www.reddit.com/user/ada/) in[pier](https://www.reddit.com/r/pier/)",
        "ada",
        "abc123",
    ),
    "facebook": (
        f"> {WORDS}\n>\n> Posted by [Ferry Line](https://www.facebook.com/ferryline/) on [Tuesday, March 17,"
        " 2020](https://www.facebook.com/ferryline/posts/10157000000000001)",
        "ferryline",
        "10157000000000001",
    ),
    "mastodon": (
        "> [Post by @ada@pier.example](https://pier.example/@ada/110000000000000001)\n"
        "> [View on Mastodon](https://pier.example/@ada/110000000000000001)",
        "ada@pier.example",
        "pier.example/110000000000000001",
    ),
    "threads": (
        "> [Post by @ada](https://www.threads.net/@ada/post/CuXFPIeLLod)\n>\n"
        "> [View on Threads](https://www.threads.net/@ada/post/CuXFPIeLLod)",
        "ada",
        "CuXFPIeLLod",
    ),
    "bluesky": (
        f"> {WORDS}\n>\n> — Ada ([@ada.example](https://bsky.app/profile/did:plc:abc)) [November 22, 2024 at"
        " 3:17 PM](https://bsky.app/profile/did:plc:abc/post/3lbfqtb6mlk2y)",
        "ada.example",
        "did:plc:abc/3lbfqtb6mlk2y",
    ),
    "x": (
        f"> {WORDS}\n>\n> — [Ada (@ada)](https://twitter.com/ada) [> May 29, 2018]"
        "(https://twitter.com/ada/status/1001461234567890123)",
        "ada",
        "1001461234567890123",
    ),
}


@pytest.mark.parametrize("platform", LINKED)
def test_embeds_turned_into_markdown_keep_their_identity(platform: str) -> None:
    form, handle, post_id = LINKED[platform]
    text = f"Prose before.\n\n{form}\n\nProse after."
    found = only(text)
    assert (found.platform, found.handle) == (platform, handle)
    assert found.ref == PostRef(platform, post_id)
    assert "](" not in (found.text or "")
    for proof in found.evidence:
        low = proof.offset or 0
        assert text[low : low + len(proof.fragment or "")] == proof.fragment
    assert not [link for link in find(text) if link.role == "link"]


def test_a_video_of_tiktok_in_markdown() -> None:
    tag = "[#pier](https://www.tiktok.com/tag/pier?refer=embed)"
    found = only(
        f"Prose.\n\n> [@ada](https://www.tiktok.com/@ada?refer=embed) {WORDS} {tag}"
        " [♬ original sound - Ada](https://www.tiktok.com/music/original-sound-68?refer=embed)\n\nProse."
    )
    assert (found.platform, found.handle, found.text) == ("tiktok", "ada", f"{WORDS} #pier")
    lines = only(
        f'Prose.\n\n> [@ada](https://www.tiktok.com/@ada?refer=embed "@ada")\n>\n> {WORDS}\n>\n'
        '> [♬ original sound - Ada](https://www.tiktok.com/music/original-sound-68 "♬ original sound")'
    )
    assert (lines.handle, lines.text, lines.evidence[0].confidence) == ("ada", WORDS, 0.8)


def test_widgets_turned_into_markdown() -> None:
    post = "https://x.com/ada/status/1696944713708757065"
    head = f"[Ada Quill]({post})\n\n· [Follow](https://x.com/intent/follow?screen_name=ada)\n\n"
    foot = f"[1:55 PM · Aug 30, 2023]({post}) [Privacy](https://help.x.com/en/x-for-websites)"
    for words in ("The ferry is back.", "The ferry of [@bea](https://x.com/bea) is back."):
        found = only(f"Prose.\n\n{head}{words}\n\n{foot}\n\nProse.")
        assert (found.ref, found.handle) == (PostRef("x", "1696944713708757065"), "ada")


def test_links_in_the_words_are_no_identity() -> None:
    quoted = "[Bea's](https://twitter.com/bea/status/1001461234567890123)"
    found = only(f"Prose.\n\n> As {quoted} words say.\n>\n> — Ada (@ada) May 29, 2018\n\nProse.")
    assert (found.handle, found.ref, found.text) == ("ada", None, "As Bea's words say.")


def test_a_post_has_one_media_token() -> None:
    first, second = embeds(
        "One pier. pic.twitter.com/AAAAAAAAAA\nTwo. pic.twitter.com/BBBBBBBBBB\n— Ada (@ada) May 29, 2018"
    )
    assert (first.text, first.handle, first.media_tokens) == (
        "One pier.",
        None,
        ("pic.twitter.com/AAAAAAAAAA",),
    )
    assert (second.text, second.handle, second.media_tokens) == (
        "Two.",
        "ada",
        ("pic.twitter.com/BBBBBBBBBB",),
    )
    token, picture = embeds(
        f"{WORDS} pic.twitter.com/AAAAAAAAAA\nPiers.\nA post shared by Ada (@ada) on May 29, 2018"
    )
    assert (token.platform, picture.platform, picture.text) == ("x", "instagram", "Piers.")


def test_the_words_of_a_token_begin_behind_the_one_before() -> None:
    found = embeds(
        "One. https://t.co/CCCCCCCCCC pic.twitter.com/AAAAAAAAAA\nTwo. pic.twitter.com/BBBBBBBBBB\nProse."
    )
    assert [(e.text, e.short_urls) for e in found] == [
        ("One. https://t.co/CCCCCCCCCC", ("https://t.co/CCCCCCCCCC",)),
        ("Two.", ()),
    ]


def test_instagram_s_handle_alone_is_not_passed_over_for_a_later_one() -> None:
    first, second = embeds(
        "A post shared by @ ada.quill on Jan 5, 2020 at 1:08pm PST\n\n"
        "A post shared by Bea (@bea) on Jan 4, 2020 at 3:10pm PST"
    )
    assert (first.handle, first.posted_on) == ("ada.quill", date(2020, 1, 5))
    assert (second.handle, second.author_name, second.posted_on) == ("bea", "Bea", date(2020, 1, 4))
    assert only("A post shared by @ada on May 3, 2020. Bea (@bea) liked it.").handle == "ada"


def test_the_header_is_no_part_of_a_name_on_its_line() -> None:
    found = only("Sepette Bu gönderiyi Instagram'da gör Ada Tüy (@ada)'in paylaştığı bir gönderi")
    assert (found.handle, found.author_name, found.text) == ("ada", "Ada Tüy", None)


def test_a_day_left_out_leaves_no_word_to_the_next_post() -> None:
    _, second = embeds(
        "A post shared by Ada (@ada) on\n\nPiers.\nA post shared by Bea (@bea) on May 3, 2020\n"
    )
    assert second.text == "Piers."
    assert only("A post shared by Ada (@ada) on\nA post shared by\n").text is None


@pytest.mark.parametrize("dash", [" ??? ", "??? ", " \ufffd ", "\ufffd\ufffd\ufffd "])
def test_a_dash_lost_in_a_charset_is_no_part_of_the_name(dash: str) -> None:
    found = only(f"{WORDS} pic.twitter.com/AbCdEf1234{dash}Ada Quill (@ada) May 29, 2018")
    assert (found.author_name, found.text) == ("Ada Quill", WORDS)


def test_a_comment_between_the_words_and_their_author() -> None:
    found = only(f"{WORDS}\n\n<!--\nads = 1;\n//-->\n\n— Ada (@ada) May 29, 2018")
    assert found.text == WORDS
