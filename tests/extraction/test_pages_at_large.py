"""Ways of holding a post that were met on pages at large, and things on them that only look like one."""

import json
from base64 import b64encode

import pytest
from shown import shown

STATUS = "https://twitter.com/ana_ruiz/status/1577719286659006464"
TWEET = "x:1577719286659006464"
PLAYER = "https://www.youtube.com/embed/Zq3x-9Kd_aE"
VIDEO = "youtube:Zq3x-9Kd_aE"
THUMBNAIL = "https://i.ytimg.com/vi/Zq3x-9Kd_aE/hqdefault.jpg"


EMBEDS = {
    "an attribute that no table knows": (f'<div class="box" data-resourceurl="{STATUS}"></div>', TWEET),
    "an oEmbed endpoint in such an attribute": (
        '<div data-outside_url="https://graph.facebook.com/v8.0/instagram_oembed?url='
        'https://www.instagram.com/p/CuV9wKmt3Qz/"></div>', "instagram:CuV9wKmt3Qz"),
    "a proxy of the site's own": (
        '<iframe data-src="/embed?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DZq3x-9Kd_aE&amp;id=b1"></iframe>',
        VIDEO),
    "a class that waits in an attribute": (
        f'<blockquote class="later" data-kind="twitter-tweet"><a href="{STATUS}"></a></blockquote>', TWEET),
    "a newsletter's drawing of a post": (
        f'<div class="tweet" data-attrs="{{&quot;username&quot;:&quot;ana_ruiz&quot;}}"><a href="{STATUS}">The bridge'
        f' is open</a><a href="{STATUS}"><p class="tweet-date">June 12th 2022</p></a></div>', TWEET),
    "a thumbnail behind a facade's class": (
        f'<article class="yt-lite" style="background-image:url({THUMBNAIL})"><button></button></article>', VIDEO),
    "a thumbnail with a button": (
        '<div class="youtube item"><div class="play-button"></div>'
        f'<div><img alt="The bridge" src="{THUMBNAIL}"></div></div>', VIDEO),
    "a thumbnail behind an element with nothing in it": (
        f'<span><span style="background:url({THUMBNAIL}) 50% 50% / cover"></span></span>', VIDEO),
    "a forum's frame as names and values": (
        """<span data-media-frame='["allow","autoplay *","src","https:\\/\\/s9e.github.io\\/iframe"""
        """\\/2\\/twitter.min.html#1577719286659006464#theme=auto"]'></span>""", TWEET),
    "a script that is one call": (f'<div><script>drawOutside("{PLAYER}?fs=1")</script></div>', VIDEO),
    "an address alone, in bold": (f"<p><strong><span>{STATUS}</span></strong></p>", TWEET),
    "a link to the player where consent is asked": (
        f'<figure class="iframe-embed"><div><p>See it where it <a href="{PLAYER}">comes from</a>.</p></div></figure>',
        VIDEO),
}  # fmt: skip


@pytest.mark.parametrize("markup, post", EMBEDS.values(), ids=EMBEDS)
def test_what_waits_to_be_shown_is_an_embed(markup: str, post: str) -> None:
    assert shown(f"<body><article><p>The bridge.</p>{markup}</article></body>") == [post]


OTHERS = {
    "an address of something beside": f'<div data-share-url="{STATUS}" data-thumb-src="{THUMBNAIL}"></div>',
    "a link in a pasted table": (
        f'<table><tr><td data-sheets-hyperlink="{STATUS}"><a href="{STATUS}">{STATUS}</a></td></tr></table>'),
    "an address in a sentence, in an element of its own": f"<p>[7] X: <b><span>{STATUS}</span></b></p>",
    "a sample of a shortcode": f"<pre>[embed]{STATUS}[/embed]</pre><p>So: <code>[tweet {STATUS}]</code></p>",
    "a sample of an answer": f"<pre>HTTP/1.1 201 Created\n<span>{STATUS}</span></pre>",
    "a forum entry's name": '<li data-pid="https://pier.example/users/ana/statuses/109876543210987654">Fog</li>',
    "a thumbnail that leads to an article": (
        '<a href="/the-bridge"><div class="youtube embed-item"><i class="play"></i>'
        f'<img src="{THUMBNAIL}"></div></a>'),
    "a thumbnail that opens something": (
        f'<div class="open-youtube-modal"><img src="{THUMBNAIL}"><div class="play-btn"></div></div>'),
    "a thumbnail with the words of a teaser": f'<div style="background:url({THUMBNAIL})">The bridge, 2:10</div>',
    "a list of teasers": '<div class="youtube embed-list"><i class="play"></i>' + "".join(
        f'<img src="https://i.ytimg.com/vi/Zq3x-9Kd_a{n}/0.jpg">' for n in range(3)) + "</div>",
    "an element that is only counted": '<div id="_ytid_39179" class="youtube-prefs">Please agree.</div>',
    "a credit": f'<div class="credits"><a href="{STATUS}">{STATUS}</a></div>',
    "a call with other things": f'<script>track("{PLAYER}"); go(1); function go(x) {{ return x; }}</script>',
    "an argument": f"""<site-call detail='"{STATUS}"'></site-call>""",
    "an element of the platform's own page":
        '<shreddit-post permalink="https://www.reddit.com/r/harbour/comments/12ab3cd/the_bridge/"></shreddit-post>',
    "a feed's item": (
        f'<div class="ctf-item ctf-retweet" id="1577719286659006464"><a href="{STATUS}">2h</a></div>'),
    "a timeline as it was drawn": (
        '<ol><li><div class="timeline-Tweet u-cf" data-tweet-id="1577719286659006464">'
        f'<a href="{STATUS}">June 12</a></div></li></ol>'),
    "a timeline as it was drawn before": (
        '<ol class="h-feed"><li class="h-entry tweet" data-tweet-id="1577719286659006464">'
        f'<a href="{STATUS}">2h</a></li></ol>'),
    "a dialog": '<dialog data-type="youtube" data-video-id="Zq3x-9Kd_aE"></dialog>',
}  # fmt: skip


@pytest.mark.parametrize("markup", OTHERS.values(), ids=OTHERS)
def test_what_only_looks_like_one_is_none(markup: str) -> None:
    assert shown(f"<body><article><p>The bridge.</p>{markup}</article></body>") == []


@pytest.mark.parametrize(
    "own", ("showing-comments", "has-comments", "category-commentary tag-comments")
)
def test_that_an_article_has_comments_says_nothing_of_its_lines(own: str) -> None:
    for line in (STATUS, f'<a href="{STATUS}">{STATUS}</a>'):
        page = f'<body class="{own}"><article class="{own}"><div>{{}}<p>Fog.</p></div></article></body>'
        assert shown(page.format(f"<p>{line}</p>")) == [TWEET]
        assert shown(page.format(f'<div class="comment"><p>{line}</p></div>')) == []
        assert shown(page.format(f'<ol id="responses"><li><p>{line}</p></li></ol>')) == []


BLOCKS = {
    "a frame's type": {"type": "videoIframe", "url": PLAYER},
    "a frame as parsed markup": {
        "type": "iframe",
        "subtype": "youtube",
        "attribs": {"src": PLAYER},
    },
    "a block of any video": {"__typename": "VideoBlockRecord", "id": "a1", "videoUrl": PLAYER},
}


def test_an_id_may_be_an_address_and_stand_in_a_model() -> None:
    def page(block: dict[str, object]) -> str:
        return f'<script type="application/json">{json.dumps({"blocks": [block]})}</script>'

    assert shown(page({"type": "tweet", "model": {"id": STATUS}})) == [TWEET]
    assert shown(page({"component": "Tweet", "props": {"id": STATUS}})) == [TWEET]
    assert shown(page({"type": "reply", "model": {"id": STATUS}})) == []
    assert shown(page({"type": "youtube", "id": STATUS})) == []


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_blocks_of_payloads(block: dict[str, object]) -> None:
    def page(**payload: object) -> str:
        return f'<script type="application/json">{json.dumps(payload)}</script>'

    assert shown(page(article={"blocks": [block]})) == [VIDEO]
    for other in (
        "sidebarPosts",
        "moreOnThisArticles",
        "trending",
        "related_stories",
        "videoRelated",
    ):
        assert shown(page(**{other: [{"blocks": [block]}]})) == []


OWN = (
    '<link rel="canonical" href="{}">',
    "<link href='{}' rel=canonical>",
    '<meta property="og:url" content="{}">',
    '<meta content="{}" property="og:url">',
)


@pytest.mark.parametrize("own", OWN)
def test_a_platforms_own_page_embeds_nothing_of_itself(own: str) -> None:
    page = "https://harbour.tumblr.com/post/96439224994/the-bridge"
    data = json.dumps({"@type": "SocialMediaPosting", "url": page})
    body = f'<script type="application/ld+json">{data}</script><iframe src="{PLAYER}"></iframe>'
    assert shown(body) == ["tumblr:harbour/96439224994", VIDEO]
    assert shown(own.format(page) + body) == [VIDEO]
    assert shown(own.format("https://harbour.example/the-bridge") + body) == [
        "tumblr:harbour/96439224994",
        VIDEO,
    ]
    assert shown(body, page) == [VIDEO]


def test_a_list_on_the_platform_is_its_own_and_a_companys_blog_is_an_article() -> None:
    post = f'<div data-tweet-id="{TWEET.partition(":")[2]}"></div>'
    assert shown('<link rel="canonical" href="https://mobile.twitter.com/ana_ruiz">' + post) == []
    assert shown('<link rel="canonical" href="https://blog.twitter.com/the-bridge">' + post) == [
        TWEET
    ]


def test_the_items_beside_a_player_are_chosen_from() -> None:
    items = "".join(
        f'<div class="side-youtube-video" data-video="Zq3x-9Kd_a{n}"></div>' for n in "EFG"
    )
    player = '<div class="side-youtube-player" data-video="Zq3x-9Kd_aE"></div>'
    assert shown(f'{player}<div class="side-youtube-list">{items}</div>') == [VIDEO]


def test_a_text_in_a_flight_payload_does_not_hide_the_row_behind_it() -> None:
    text = "Fog on the pier, née brume"
    block = json.dumps({"__typename": "VideoBlock", "videoUrl": PLAYER})
    payload = f"1:T{len(text.encode()):x},{text}2:{block}\n3:[]\n"
    assert shown(f"<script>self.__next_f.push([1,{json.dumps(payload)}])</script>") == [VIDEO]


@pytest.mark.parametrize("script", ['state = "{}";', "start(JSON.parse(atob('{}')))"])
def test_the_state_of_a_page_in_base_64(script: str) -> None:
    markup = f'<blockquote class="twitter-tweet"><a href="{STATUS}">June 12</a></blockquote>'
    held = {
        "elements": [
            {"type": "text", "text": "The bridge. " * 20},
            {"type": "post", "html": markup},
        ]
    }
    packed = b64encode(json.dumps(held).encode()).decode()
    assert shown(
        f"<body><article><p>The bridge.</p></article><script>{script.format(packed)}</script></body>"
    ) == [TWEET]


def test_the_other_host_of_thumbnails() -> None:
    picture = '<img src="https://img.youtube.com/vi/Zq3x-9Kd_aE/0.jpg">'
    assert shown(f'<div class="youtube item"><div class="play-button"></div>{picture}</div>') == [
        VIDEO
    ]
