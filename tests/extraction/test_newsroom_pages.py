"""Ways in which newsrooms' systems hold a post: JSON in JSON, links behind trackers, placeholders."""

import json
from urllib.parse import quote

import pytest
from shown import shown

from archiver.platforms import recognise

STATUS = "https://twitter.com/ana_ruiz/status/1577719286659006464"
TWEET = "x:1577719286659006464"
PLAYER = "https://www.youtube.com/embed/Zq3x-9Kd_aE"
VIDEO = "youtube:Zq3x-9Kd_aE"


def state(value: object) -> str:
    """A page whose program is given a value as JSON."""
    data = json.dumps(value).replace("<", "\\u003c")
    return f'<article><p>Fog.</p></article><script type="application/json">{data}</script>'


PARTS = [
    {"role": "body", "html": '<p>The <a href="/bridge">bridge</a> is open.</p>'},
    {"role": "embed", "html": f'<div data-embedded-url="{STATUS}"></div>'},
]


def test_json_in_a_string_is_read_as_json_though_markup_is_in_it() -> None:
    assert shown(state({"article": {"parts": json.dumps(PARTS)}})) == [TWEET]
    assert shown(state({"article": {"parts": json.dumps(PARTS) + ";"}})) == []  # which is no JSON


def test_markup_that_begins_like_json_is_read_as_markup() -> None:
    markup = f'[The bridge "is open"] <iframe src="{PLAYER}"></iframe> [seen from the pier]'
    assert shown(state({"article": {"body": markup}})) == [VIDEO]


def test_an_answer_to_oembed_beside_its_role() -> None:
    answer = {"type": "rich", "url": STATUS, "html": "<div></div>"}
    assert shown(state({"parts": [{"type": "oembed", "oembed": answer}]})) == [TWEET]


def test_a_shortcode_of_a_tree_of_tags() -> None:
    held = {"shortcode-id": "social-media", "shortcode-url": STATUS}
    assert shown(state({"tag": "div", "value": {"type": "shortcode", "element": held}})) == [TWEET]


@pytest.mark.parametrize("key", ["homepage[0]", "pier_blogroll-7"])
def test_what_a_payload_keeps_of_other_pages_is_not_shown_here(key: str) -> None:
    name, _, listed = key.partition("[")
    held: object = {"content": f'<iframe src="{PLAYER}"></iframe>'}
    assert shown(state({"islands": {name: [held] if listed else held}})) == []


INNER = quote(STATUS, safe="")
WRAPPED = {
    "skimlinks": f"https://go.redirectingat.com/?id=1X2&url={STATUS}?ref_src=twsrc%5Etfw&xcust=3",
    "skimlinks, encoded": f"https://go.skimresources.com/?id=1&xs=1&url={INNER}",
    "linkshare": f"https://click.linksynergy.com/deeplink?id=a&mid=1&murl={INNER}",
    "awin": f"https://www.awin1.com/cread.php?awinmid=1&ued={INNER}",
    "a mail filter": f"https://nam12.safelinks.protection.outlook.com/?url={INNER}&data=05%7C01",
    "another": f"https://urldefense.com/v3/__{STATUS}__;!!Pier!abc$",
    "its older form": "https://urldefense.proofpoint.com/v2/url?u=https-3A__twitter.com_ana-5Fruiz_status"
                      "_1577719286659006464-3Fs-3D20&d=DwMF",
    "a third": f"https://linkprotect.cudasvc.com/url?a={INNER}&c=E,1",
}  # fmt: skip


@pytest.mark.parametrize("url", WRAPPED.values(), ids=WRAPPED)
def test_links_are_seen_through_what_sells_or_checks_them(url: str) -> None:
    known = recognise(url)
    assert known is not None and known.ref is not None and known.author == "ana_ruiz"
    assert f"{known.platform}:{known.ref.id}" == TWEET
    quoted = f'<blockquote class="twitter-tweet"><p>Fog.</p>— Ana <a href="{url}">May 1, 2022</a></blockquote>'
    assert shown(quoted) == [TWEET]


def test_a_mail_filter_that_hides_the_address_is_nothing() -> None:
    assert recognise("https://urldefense.com/v3/opaque/abc") is None
    assert recognise("https://urldefense.proofpoint.com/v2/url?x=1") is None


def test_a_quotations_link_behind_a_tracker_that_nobody_knows() -> None:
    link = f"https://track.harbour.example/c/77/?dest={INNER}%3Fref_src%3Dtwsrc&sub=1"
    quoted = f'<blockquote class="twitter-tweet"><p>Fog.</p>— Ana <a href="{link}">May 1, 2022</a></blockquote>'
    assert shown(quoted) == [TWEET]
    assert shown(f'<p>They share <a href="{link}">it</a> here.</p>') == []


def test_an_embedders_frame_under_the_sites_own_name() -> None:
    frame = (
        f"https://frames.harbour.example/widgets/media.html?src={quote(PLAYER, safe='')}%3Ffeature"
        "%3Doembed&amp;display_name=YouTube&amp;schema=youtube"
    )
    assert shown(f'<hb-frame iframe-src="{frame}"></hb-frame>') == [VIDEO]
    assert shown(f'<iframe src="{frame}"></iframe>') == [VIDEO]


def placeholder(platform: str, *links: str) -> str:
    held = "".join(f'<a href="{link}">View full post</a>' for link in links)
    return f'<p>Fog.</p><div data-embed="{platform}"><div><img src="/logo.svg">{held}</div></div>'


def test_a_placeholder_that_says_what_it_embeds_is_of_the_post_it_leads_to() -> None:
    assert shown(placeholder("youtube", PLAYER)) == [VIDEO]
    assert shown(placeholder("youtube", "https://www.youtube.com/@ana")) == []
    assert shown(placeholder("instagram", PLAYER)) == []
    other = PLAYER.replace("aE", "aF")
    assert shown(placeholder("youtube", PLAYER, other)) == []
    assert shown(placeholder("youtube", PLAYER, other), role="link") == [
        VIDEO,
        VIDEO.replace("aE", "aF"),
    ]


@pytest.mark.parametrize(
    "archive",
    [
        "https://web-beta.archive.org/web/20131125001709if_/",
        "https://webarchive.harbour.example/ukgwa/20130419231552mp_/",
        "//pages.harbour.example/20130419231552/",
    ],
)
def test_an_archives_copy_is_known_by_its_instant(archive: str) -> None:
    assert shown(f'<iframe src="{archive}{PLAYER}"></iframe>') == [VIDEO]
    assert shown(f'<p>She <a href="{archive}{STATUS}">said so</a> there.</p>', role="link") == [
        TWEET
    ]
    assert shown(f'<iframe src="{archive.replace("0", "")}{PLAYER}"></iframe>') == []


@pytest.mark.parametrize("css", ["b-teaser__content", "post excerpt", "Teaser"])
def test_an_address_in_a_teaser_is_part_of_another_article(css: str) -> None:
    words = f"<p>The bridge is open.<br>{STATUS}<br>More of it next week.</p>"
    link = f'<p><a href="{STATUS}">{STATUS}</a></p>'
    assert shown(words) == shown(link) == [TWEET]
    held = f'<div class="{css}">%s</div>'
    assert shown(held % words) == shown(held % link) == []
    assert shown(held % link, role="link") == [TWEET]
    assert shown(held.replace(css, "steaser-box") % words) == [TWEET]


TUBE = "/videos/embed/9c9de5e8-0a1e-484a-b099-e80766180a6d"


def test_a_player_of_the_sites_own_is_on_no_server_of_others() -> None:
    frame = (
        '<link rel="canonical" href="https://www.pier.example/a/bridge"><iframe src="%s"></iframe>'
    )
    assert shown(frame % f"https://tube.example{TUBE}") == [f"peertube:tube.example{TUBE[13:]}"]
    assert shown(frame % f"//pier.example{TUBE}") == []
    assert shown(frame % f"//pier.example{TUBE}", role="link") == [
        f"peertube:pier.example{TUBE[13:]}"
    ]
    assert shown(frame % TUBE) == shown(frame % TUBE, role="link") == []


def test_a_frame_that_a_payload_tells_of() -> None:
    proxy = f"https://cdn.embedly.com/widgets/media.html?schema=twitter&url={INNER}"
    assert shown(state({"MediaResource:6a": {"iframeSrc": proxy, "title": "Ana on Twitter"}})) == [
        TWEET
    ]
    assert shown(state({"MediaResource:6a": {"posterSrc": proxy}})) == []


def test_a_frame_that_shows_only_a_link_to_its_player() -> None:
    link = f'<style>a{{}}</style><a href="{PLAYER}?autoplay=1"><img src="/a.jpg"><b>Play</b></a>'
    held = link.replace("&", "&amp;").replace('"', "&quot;")
    assert shown(f'<iframe srcdoc="{held}"></iframe>') == [VIDEO]
    assert shown(f"<div>{link}</div>") == []
    assert shown(f'<iframe srcdoc="{"The bridge is open. " * 30}{held}"></iframe>') == []
    held = held.replace("embed/", "watch?v=")
    assert shown(f'<iframe srcdoc="{held}"></iframe>') == []


def test_markup_that_a_click_puts_in_and_in_an_object_of_a_script() -> None:
    frame = f"'<iframe src=&quot;{PLAYER}&quot;></iframe>'"
    assert shown(f'<div class="box" onclick="this.innerHTML={frame}"><img src="/a.jpg"></div>') == [
        VIDEO
    ]
    assert shown(f'<div class="box" onclick="copy({frame})">Copy</div>') == []
    assert shown(f'<div data-options="{{wide: true, code: {frame}}}"></div>') == [VIDEO]
