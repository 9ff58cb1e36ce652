"""The fifteen ways in which other extractors fail (embed-formats part C), a test each or more."""

# ruff: noqa: E501
import json

import pytest
from test_variants import embedded, found_in
from variants import FRAME, IG, STATUS, TT, TWEET, X2, YT, X

QUOTED = TWEET.replace(
    "The bridge is open again.",
    f'As she said: <a href="https://twitter.com/bo_lind/status/{X2}">twitter.com/bo_lind/…</a>',
)


def test_a_carrier_is_not_markup() -> None:
    payload = {"a": [{"b": json.dumps({"html": TWEET})}]}
    assert embedded(f"<script type='application/json'>{json.dumps(payload)}</script>") == [f"x:{X}"]


def test_b_parked_address_wins_over_a_placeholder() -> None:
    markup = FRAME.replace(
        "src=", 'src="https://pier.example/assets/video/youtube-placeholder.mp4" data-src-cmplz='
    )
    assert embedded(markup) == [f"youtube:{YT}"]


@pytest.mark.parametrize(
    "css", ["my twitter-tweet", "social_twitter embed-tools", "update-date comment"]
)
def test_c_no_class_hides_an_embed(css) -> None:
    assert embedded(f'<div class="{css}">{TWEET}</div>') == [f"x:{X}"]


def test_d_embeds_between_sections_are_found() -> None:
    markup = (
        f"</article><aside>{TWEET}</aside><section><div><div>{FRAME}</div></div></section><article>"
    )
    assert embedded(markup) == [f"x:{X}", f"youtube:{YT}"]


@pytest.mark.parametrize(
    "markup",
    [
        f"<IFRAME HEIGHT=1 SRC=//www.youtube.com/embed/{YT}></IFRAME>",
        f"<iframe\n src = 'HTTPS://WWW.YouTube.com/embed/{YT}?a=1&amp;b'>",
        f'<iframe allowfullscreen frameborder="0" src="  https://www.youtube.com/embed/{YT}  "/>',
    ],
)
def test_e_order_case_and_quotes_do_not_matter(markup) -> None:
    assert embedded(markup) == [f"youtube:{YT}"]


@pytest.mark.parametrize(
    "host",
    [
        "x.com",
        "www.x.com",
        "mobile.twitter.com",
        "m.twitter.com",
        "fxtwitter.com",
        "vxtwitter.com",
        "nitter.pier.example",
    ],
)
def test_f_hosts_of_one_platform(host) -> None:
    assert embedded(TWEET.replace("twitter.com", host)) == [f"x:{X}"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"https://www.instagram.com/reel/{IG}/", f"instagram:{IG}"),
        (f"https://www.instagram.com/ana.ruiz/p/{IG}/?img_index=1", f"instagram:{IG}"),
        ("https://www.threads.com/t/CuX5aBcDeFg", "threads:CuX5aBcDeFg"),
        ("https://vkvideo.ru/video-123_456", "vk:-123_456"),
        (f"https://m.tiktok.com/v/{TT}.html", f"tiktok:{TT}"),
        (f"https://www.tiktok.com/@ana/photo/{TT}", f"tiktok:{TT}"),
        (f"https://youtube.com/shorts/{YT}?feature=share", f"youtube:{YT}"),
        (f"https://www.youtube.com/live/{YT}", f"youtube:{YT}"),
        ("https://www.facebook.com/reel/1234567890123456", "facebook:1234567890123456"),
        (
            "https://m.facebook.com/story.php?story_fbid=1234567890&id=99887766",
            "facebook:1234567890",
        ),
        ("https://t.me/s/HarbourNews/412", "telegram:harbournews/412"),
    ],
)
def test_g_paths_of_one_platform(address, expected) -> None:
    assert embedded(f"<p>{address}</p>") == [expected]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<iframe src="https://rumble.com/embed/upub7.v4abc12/?pub=7"></iframe>',
            ["rumble:v4abc12"],
        ),
        (
            '<iframe src="https://www.linkedin.com/embed/feed/update/urn:li:ugcPost:6977777777777777777"></iframe>'
            '<iframe src="https://www.linkedin.com/embed/feed/update/urn:li:activity:6977777777777777777"></iframe>',
            ["linkedin:ugcPost:6977777777777777777", "linkedin:activity:6977777777777777777"],
        ),
        ('<iframe src="https://cdn.iframe.ly/abc12?v=1"></iframe>', []),
    ],
)
def test_h_wrappers_have_ids_of_their_own(markup, expected) -> None:
    assert embedded(markup) == expected


@pytest.mark.parametrize(
    "markup",
    [
        '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/ana/"></blockquote>',
        '<blockquote class="tiktok-embed" data-unique-id="ana" data-embed-type="creator" cite="https://www.tiktok.com/@ana"></blockquote>',
        '<a data-pin-do="embedUser" href="https://www.pinterest.com/ana/">Ana</a>',
        '<a class="twitter-timeline" href="https://twitter.com/ana/lists/boats">Boats</a>',
        '<iframe src="https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Fharbour"></iframe>',
    ],
)
def test_i_widgets_are_widgets(markup) -> None:
    assert [(e.role, e.ref) for e in found_in(markup)] == [("widget", None)]


def test_j_one_post_however_many_carriers() -> None:
    twins = (
        f'<amp-twitter data-tweetid="{X}"></amp-twitter>{TWEET}<noscript>{TWEET}</noscript>'
        f"<script type='application/json'>{json.dumps({'h': TWEET})}</script>"
    )
    (found,) = found_in(twins)
    assert str(found.ref) == f"x:{X}"
    assert {"x.amp", "x.blockquote"} <= {piece.rule for piece in found.evidence}
    assert len(found.evidence) >= 3


def test_k_a_quoted_post_is_a_link() -> None:
    assert [(str(e.ref), e.role) for e in found_in(QUOTED)] == [
        (f"x:{X}", "embed"),
        (f"x:{X2}", "link"),
    ]


def test_l_the_words_of_a_carrier_are_read() -> None:
    (found,) = found_in(TWEET)
    assert found.handle == "ana_ruiz"
    assert found.author_name == "Ana Ruiz"
    assert str(found.posted_on) == "2022-10-05"
    assert "bridge is open" in (found.text or "")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            '<iframe class="vine-embed" src="https://vine.co/v/MdKjXez002d/embed/simple"></iframe>',
            "vine:MdKjXez002d",
        ),
        (
            '<div class="g-post" data-href="https://plus.google.com/112233/posts/AbCdEfGhIjK"></div>',
            "googleplus:AbCdEfGhIjK",
        ),
        ('<iframe src="https://www.pscp.tv/w/1AbCdEfGhIjKl"></iframe>', "periscope:1AbCdEfGhIjKl"),
    ],
)
def test_m_platforms_that_are_gone(markup, expected) -> None:
    assert embedded(markup) == [expected]


@pytest.mark.parametrize(
    "host", ["pier.example", "social.pier.example", "mastodon.pier.example:8443"]
)
def test_n_federated_servers_by_shape(host) -> None:
    markup = f'<iframe src="https://{host}/@ana@far.example/109876543210987654/embed"></iframe>'
    assert embedded(markup) == [f"mastodon:{host.partition(':')[0]}/109876543210987654"]


def test_o_embeds_outside_the_article_count_links_there_do_not() -> None:
    markup = f'</article><footer>{FRAME}<a href="https://www.instagram.com/p/{IG}/"><img src="a.jpg"></a></footer><article>'
    assert embedded(markup) == [f"youtube:{YT}"]


def test_order_of_appearance() -> None:
    payload = f"<script type='application/json'>{json.dumps({'x': [FRAME, TWEET]})}</script>"
    markup = payload + TWEET + f'<iframe src="{STATUS.replace(X, X2)}"></iframe>' + FRAME
    assert embedded(markup) == [f"x:{X}", f"x:{X2}", f"youtube:{YT}"]


def test_offset_points_at_the_carrier() -> None:
    (found,) = found_in("<p>é</p>" + TWEET)
    assert found.evidence[0].fragment.startswith('<blockquote class="twitter-tweet"')


@pytest.mark.parametrize("tag", ["p", 'blockquote class="twitter-tweet"', "blockquote"])
def test_words_without_a_link_are_an_embed_to_be_resolved(tag) -> None:
    words = "The bridge is open. pic.twitter.com/AbCdEf1234 — Ana Ruiz (@ana_ruiz) October 5, 2022"
    (found,) = found_in(f"<{tag}>{words}</{tag.split()[0]}>")
    assert (found.role, found.ref, found.handle) == ("embed", None, "ana_ruiz")
    assert str(found.posted_on) == "2022-10-05"
    assert found.media_tokens == ("pic.twitter.com/AbCdEf1234",)


def test_a_handle_in_prose_is_nothing() -> None:
    assert found_in("<p>Ana Ruiz (@ana_ruiz) spoke on October 5, 2022 at the bridge.</p>") == ()


def test_words_of_a_known_post_are_not_another_one() -> None:
    words = "<p>The bridge is open again. — Ana Ruiz (@ana_ruiz) October 5, 2022</p>"
    assert [str(e.ref) for e in found_in(TWEET + words)] == [f"x:{X}"]
