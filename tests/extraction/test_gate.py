"""What the gate leaves out, what it lets through, and how far it says that a page has to be read."""

import base64

import pytest

from archiver.extraction.gate import MOST, Scripts, look_over, may_hold
from archiver.extraction.gate_places import field_before
from archiver.extraction.own import NAMES
from archiver.extraction.shapes import ORDINARY, PLAIN, UNASKED, shape_of

POST = "https://x.com/ana/status/1577719286659006464"

NOTHING = [
    "",
    "<p>The bridge is closed.</p>",
    "<a href='https://www.facebook.com/harbournews'>Facebook</a>",
    "<a class='share twitter' href='https://twitter.com/intent/tweet?url=https%3A%2F%2Fharbour.example%2F1'>Tweet</a>",
    "<svg class='icon icon-youtube'><use href='#youtube'/></svg> Follow us on YouTube, Twitter and TikTok",
    "<style>.twitter-tweet{margin:0} blockquote.instagram-media{width:100%}</style>",
    '<script type="application/ld+json">{"@type":"NewsArticle","sameAs":["https://x.com/harbournews"]}</script>',
    '<script>share={"network":"twitter","account":"harbournews"}</script>',
    "<img src='https://img.example/twitter.png'><script src='https://platform.twitter.com/widgets.js'></script>",
    "<p>max.com and fox.company are no hosts of theirs</p>",
    "<div data-post-id='412' class='c-posts'></div>",
    '<meta name="twitter:card" content="summary"><meta property="youtube" content="Zq3x-9Kd_aE">',
]
LINKS = [
    f"<p>as <a href='{POST}'>she wrote</a>.</p>",
    f"<a href='https://www.facebook.com/harbournews'>us</a> <A HREF='{POST}'>x</A>",
]
ALL = [
    f"<blockquote class='twitter-tweet'><a href='{POST}'>June 1</a></blockquote>",
    f"<div class='instagram-embed'><a href='{POST}'>x</a></div>",
    f"<p>{POST}</p>",
    "<iframe src='https://www.youtube.com/embed/Zq3x-9Kd_aE'></iframe>",
    "<iframe src='https://www.facebook.com/harbournews'></iframe>",
    "<div class='youtube' data-id='Zq3x-9Kd_aE'></div>",
    '<youtube-player name="youtube" video="Zq3x-9Kd_aE"></youtube-player>',
    '<div data-name="youtube" data-id="Zq3x-9Kd_aE"></div>',
    '<script>a={"type":"x","id":"1577719286659006464"}</script>',
    '<script>a={"tweetId":"1577719286659006464"}</script>',
    "<p>words — Ana Ruiz (@anaruiz) June 1, 2022</p>",
    "<p>[youtube Zq3x-9Kd_aE]</p>",
    "<a href='https://pier.example/@ana/109876543210987654'>x</a><amp-twitter data-tweetid='1577719286659006464'>",
    f"<div data-html='&lt;a href=&quot;{POST}&quot;&gt;'></div>",
    '<script>self.__next_f.push([1,"4:{\\"url\\":\\"https://twit"])</script>'
    '<script>self.__next_f.push([1,"ter.com/ana/status/1577719286659006464\\"}"])</script>',
]
HIDDEN = [
    "<iframe src='https://www.yout&#117;be.com/embed/Zq3x-9Kd_aE'></iframe>",
    "<iframe src='https://www.yout&#x75;be.com/embed/Zq3x-9Kd_aE'></iframe>",
    "<script>a={\"embedUrl\":\"https://www.yout\\u0075be.com/embed/Zq3x-9Kd_aE\"}</script>",
    "<script>a='https://www.yout\\x75be.com/embed/Zq3x-9Kd_aE'</script>",
    "<iframe src='/embed-proxy?url=https%3A%2F%2Fwww.yout%75be.com%2Fembed%2FZq3x-9Kd_aE'></iframe>",
]  # fmt: skip


@pytest.mark.parametrize("page", NOTHING)
def test_what_names_platforms_and_holds_no_post_is_left_out(page: str) -> None:
    assert look_over(page.encode()).reach == 0


@pytest.mark.parametrize("page", LINKS)
def test_ordinary_links_alone_need_no_more_than_links(page: str) -> None:
    seen = look_over(page.encode())
    assert (seen.reach, len(seen.links)) == (1, 1)


@pytest.mark.parametrize("page", ALL)
def test_what_may_be_an_embed_is_read_whole(page: str) -> None:
    assert look_over(page.encode()).reach == 2


@pytest.mark.parametrize("page", HIDDEN)
def test_letters_written_otherwise_hide_nothing(page: str) -> None:
    assert may_hold(page.encode())


@pytest.mark.parametrize("lead", ["", "\n", " ", "<!-- x -->"])
def test_markup_in_base_64_is_seen(lead: str) -> None:
    packed = base64.b64encode(
        f"{lead}<iframe src='https://www.youtube.com/embed/Zq3x-9Kd_aE'>".encode()
    )
    assert may_hold(b"<div data-x='" + packed + b"'></div>")


def test_a_picture_in_base_64_is_none() -> None:
    packed = base64.b64encode(
        b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0h24v24H0z'/></svg>"
    )
    assert not may_hold(b"<img src='data:image/svg+xml;base64," + packed + b"'>")


def test_a_page_with_very_many_finds_is_read_rather_than_looked_through() -> None:
    link = b"<a href='https://www.facebook.com/harbournews'>f</a>"
    assert not may_hold(link * 100)
    assert may_hold(link * (MOST + 1))


TELLING = 'var a={"embedUrl":"https://www.youtube.com/embed/Zq3x-9Kd_aE"};\n'
SILENT = "var facebook={'share':'twitter'};\n"
AROUND = [
    "<script>{}</script>",
    "<SCRIPT>{}</SCRIPT>",
    "<script data-x='a>b'>{}</script>",
    "<!-- <script>x</script> --><script>{}</script>",
    "<script src='a.js'></script><script>{}</script>",
    "<script>{}",
    "<p>no script</p>",
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_script_is_judged_by_what_was_found_where_it_stands(around: str, end: str) -> None:
    frame = "<iframe src='https://www.youtube.com/embed/Zq3x-9Kd_aE'></iframe>"
    page = frame + "".join(around.replace("{}", text) for text in (SILENT, TELLING, SILENT))
    data = page.replace("\n", end).encode()
    scripts = Scripts(data, look_over(data).finds)
    held = [scripts.may_hold(text.encode()) for text in (SILENT, TELLING, SILENT, TELLING)]
    assert held == [False, True, False, True]


FIELDS = {
    '<p data-Type="': ("data-type", "="),
    "<p\n:x='": (":x", "="),
    '<p x = "': ("x", "="),
    '<p a="b"c="': ("c", "="),
    'data-x="<p class="': ("class", "="),
    'a=b="': ("?", "="),
    '<p ="': ("p", "="),
    'if (name =="': ("", ""),
    "{&quot;a&quot;:&quot;": ("a", ":"),
    '{\\"a\\":\\"': ("a", ":"),
    '["': ("[", ""),
    "<p>": ("", ""),
}


@pytest.mark.parametrize(("before", "field"), FIELDS.items())
def test_the_name_before_a_value_is_read_however_it_is_written(before: str, field) -> None:
    data = f"{before}twitter".encode()
    assert field_before(data, len(data) - len("twitter")) == field


@pytest.mark.parametrize("name", sorted(UNASKED - PLAIN))
def test_an_attribute_that_is_passed_over_promises_nothing(name: str) -> None:
    for tag in ORDINARY:
        shape = shape_of(tag, (name,))
        assert not (shape.css or shape.shows or shape.speaking), tag


def test_where_a_page_names_itself_is_seen_in_the_same_pass() -> None:
    post = f"<blockquote class='twitter-tweet'><a href='{POST}'>June 1</a></blockquote>"
    page = f'<link rel="canonical" href="/1"><meta property="og:url" content="/1">{post}'.encode()
    assert look_over(page).own == [page.find(name) + len(name) for name in NAMES]
