"""Posts in what an editor, a forum or a player of its day left: shortcodes, variables of Flash, calls of scripts."""

import pytest
from shown import shown_in_article

NUMBER = "1577719286659006464"
STATUS = f"https://twitter.com/ana_ruiz/status/{NUMBER}"
TWEET = f"x:{NUMBER}"
WATCH = "https://www.youtube.com/watch?v=Zq3x-9Kd_aE"
VIDEO = "youtube:Zq3x-9Kd_aE"
FLASH = "http://www.youtube.com/v/Zq3x-9Kd_aE&amp;fs=1"


LEFT = {
    f'<p>[su_youtube url="{WATCH}" width="600"]</p>': VIDEO,
    f'<p>[vc_video link=&#8221;{WATCH}&#8221;]</p>': VIDEO,
    f'<p>[et_pb_video src="{WATCH}" _builder_version="4"][/et_pb_video]</p>': VIDEO,
    '<p>[youtube]Zq3x-9Kd_aE[/youtube]</p>': VIDEO,
    '<p>[media=youtube]Zq3x-9Kd_aE[/media]</p>': VIDEO,
    f'<p>[MEDIA=twitter]{NUMBER}[/MEDIA]</p>': TWEET,
    f'<p>[blackbirdpie url="{STATUS}"]</p>': TWEET,
    f'<p>[blackbirdpie id="{NUMBER}"]</p>': TWEET,
    '<p>[vimeo 40718292 w=500]</p>': "vimeo:40718292",
    '<p>[vine url="https://vine.co/v/bZ9KdaE3xQp" type="simple"]</p>': "vine:bZ9KdaE3xQp",
    f'<p>{{{{&lt; tweet user="ana_ruiz" id="{NUMBER}" &gt;}}}}</p>': TWEET,
    f'<p>{{{{&lt; x user="ana_ruiz" id="{NUMBER}" &gt;}}}}</p>': TWEET,
    '<p>{{< youtube Zq3x-9Kd_aE >}}</p>': VIDEO,
    '<p>{% youtube Zq3x-9Kd_aE %}</p>': VIDEO,
    '<p>{% include youtube.html id="Zq3x-9Kd_aE" %}</p>': VIDEO,
    f'<p>{{% embed {STATUS} %}}</p>': TWEET,
    f'<script>swfobject.embedSWF("{FLASH}", "v1", "425", "344", "9", "", {{}}, {{a: "b"}});</script>': VIDEO,
    f'<script>var so = new SWFObject("{FLASH}", "v", "425", "344", "8"); so.write("v1");</script>': VIDEO,
    f'<script>jwplayer("p").setup({{flashplayer: "/p.swf", file: "{WATCH}", width: 640}});</script>': VIDEO,
    f'<embed src="/player.swf" flashvars="file={WATCH}&amp;image=x.jpg">': VIDEO,
    '<embed src="/player.swf" flashvars="file=https%3A%2F%2Fyoutu.be%2FZq3x-9Kd_aE">': VIDEO,
    '<object><param name="flashvars" value="document_id=28182845&amp;page=1"></object>': "scribd:28182845",
    '<embed src="/moogaloop.swf" flashvars="clip_id=40718292&amp;server=x">': "vimeo:40718292",
    f'<iframe src="/index.php?app=core&amp;module=system&amp;controller=embed&amp;url={STATUS}"></iframe>': TWEET,
    f'<div data-media-site-id="twitter" data-media-key="{NUMBER}"></div>': TWEET,
    '<figure data-provider="instagram" data-url="https%3A%2F%2Fwww.instagram.com%2Fp%2FCuV9wKmt3Qz%2F"></figure>':
        "instagram:CuV9wKmt3Qz",
    '<iframe src="https://l.lj-toys.com/?auth_token=a%26b&amp;source=youtube&amp;vid=Zq3x-9Kd_aE"></iframe>': VIDEO,
    '<iframe src="https://embedr.flickr.com/photos/28182845904?width=400"></iframe>': "flickr:28182845904",
    f'<iframe src="https://web.archive.org/web/0/{FLASH}"></iframe>': VIDEO,
    f'<p><a href="https://web.archive.org/{STATUS}">https://web.archive.org/{STATUS}</a></p>': TWEET,
}  # fmt: skip


@pytest.mark.parametrize("markup, post", LEFT.items())
def test_what_was_left_names_the_post(markup: str, post: str) -> None:
    assert shown_in_article(markup) == [post]


OTHERS = [
    '<iframe src="https://l.lj-toys.com/?auth_token=a%26b&amp;moduleid=85"></iframe>',
    f'<pre>[su_youtube url="{WATCH}"]</pre>',
    "<p>Write <code>{{&lt; youtube Zq3x-9Kd_aE &gt;}}</code> for it.</p>",
    '<p>[youtube channel="anasbridges"]</p>',
    "<p>[MEDIA=youtube]the bridge[/MEDIA]</p>",
    "<p>[vimeo width=1280]</p>",
    '<script>swfobject.embedSWF("http://www.youtube.com/v/" + id, "v1");</script>',
    f'<script>var one = {{file: "{WATCH}"}};</script>',
    '<embed src="/player.swf" flashvars="clip_id=about&amp;document_id=">',
]


@pytest.mark.parametrize("markup", OTHERS)
def test_what_names_none(markup: str) -> None:
    assert shown_in_article(markup) == []


def test_what_is_read_after_the_walk_has_its_place_among_the_rest() -> None:
    lines = [
        f"<p>{STATUS}</p>",
        f"<p>[youtube {WATCH}]</p>",
        '<iframe src="https://player.vimeo.com/video/40718292"></iframe>',
        "<p>https://www.instagram.com/p/CuV9wKmt3Qz/</p>",
        '<p>&lt;iframe src="https://www.youtube.com/embed/aB3-9Kd_aEx"&gt;&lt;/iframe&gt;</p>',
        '<iframe src="https://player.vimeo.com/video/50718292"></iframe>',
    ]
    posts = [
        TWEET,
        VIDEO,
        "vimeo:40718292",
        "instagram:CuV9wKmt3Qz",
        "youtube:aB3-9Kd_aEx",
        "vimeo:50718292",
    ]
    assert shown_in_article("".join(lines)) == posts
    assert shown_in_article("".join(reversed(lines))) == posts[::-1]
