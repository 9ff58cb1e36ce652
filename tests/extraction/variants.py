"""Ways to embed a post, each in its smallest honest form, with invented people and posts.

`VARIANTS` are the 47 carriers that embed-formats part C tried on other extractors; `MORE` are the
other carriers of its part A0. A row is a name, the markup, and what must be found: `platform:id`.
"""

# ruff: noqa: E501
import base64
import html
import json
from urllib.parse import quote

X = "1577719286659006464"
X2 = "1600000000000000123"
STATUS = f"https://twitter.com/ana_ruiz/status/{X}"
IG = "CuV9wKmt3Qz"
TT = "7212345678901234567"
YT = "Zq3x-9Kd_aE"
TWEET = (
    f'<blockquote class="twitter-tweet"><p lang="en" dir="ltr">The bridge is open again.</p>'
    f'&mdash; Ana Ruiz (@ana_ruiz) <a href="{STATUS}?ref_src=twsrc%5Etfw">October 5, 2022</a></blockquote>'
)
FRAME = f'<iframe width="560" height="315" src="https://www.youtube.com/embed/{YT}"></iframe>'


def b64(text: str) -> str:
    """Base 64 of a text."""
    return base64.b64encode(text.encode()).decode()


def js(text: str) -> str:
    """A text as scripts write markup: the signs of tags as escapes."""
    return json.dumps(text).replace("<", "\\u003C").replace(">", "\\u003E").replace("/", "\\/")


def parked(name: str) -> str:
    """A frame whose address waits in an attribute."""
    return f'<iframe src="about:blank" {name}="https://www.youtube-nocookie.com/embed/{YT}?rel=0"></iframe>'


ARC = {
    "content_elements": [
        {
            "type": "oembed_response",
            "subtype": "twitter",
            "raw_oembed": {"url": STATUS, "html": TWEET},
        }
    ]
}
x, yt, ig, tt = f"x:{X}", f"youtube:{YT}", f"instagram:{IG}", f"tiktok:{TT}"

VARIANTS: list[tuple[str, str, str]] = [
    ("tweet blockquote", TWEET, x),
    ("twitter-video", TWEET.replace("twitter-tweet", "twitter-video"), x),
    ("two classes", TWEET.replace('"twitter-tweet"', '"embed twitter-tweet"'), x),
    ("minimal blockquote", f'<blockquote class="twitter-tweet"><a href="{STATUS}"></a></blockquote>', x),
    ("noscript twin", f"<noscript>{TWEET}</noscript>", x),
    ("template", f"<template>{TWEET}</template>", x),
    ("x.com host", TWEET.replace("twitter.com", "x.com"), x),
    ("i/web path", f'<blockquote class="twitter-tweet"><a href="https://mobile.twitter.com/i/web/status/{X}">d</a></blockquote>', x),
    ("rendered iframe", f'<iframe src="https://platform.twitter.com/embed/Tweet.html?dnt=true&amp;id={X}" data-tweet-id="{X}"></iframe>', x),
    ("linked bare address", f'<p><a href="{STATUS}">{STATUS}</a></p>', x),
    ("bare address", f"<p>{STATUS}</p>", x),
    ("wordpress figure", f'<figure class="wp-block-embed is-provider-twitter"><div class="wp-block-embed__wrapper">\n{STATUS}\n</div></figure>', x),
    ("twitter-widget", f'<twitter-widget class="twitter-tweet" data-tweet-id="{X}"></twitter-widget>', x),
    ("amp-twitter", f'<amp-twitter width="375" height="472" data-tweetid="{X}"></amp-twitter>', x),
    ("embetty-tweet", f'<embetty-tweet status="{X}"></embetty-tweet>', x),
    ("escaped attribute", f'<div data-embed="{html.escape(TWEET)}"></div>', x),
    ("arc json", f"<script>Fusion.globalContent={json.dumps(ARC)};Fusion.x=1</script>", x),
    ("next data", f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": ARC})}</script>', x),
    ("createTweet", f"<script>twttr.widgets.createTweet('{X}', document.getElementById('a'))</script>", x),
    ("instagram blockquote", f'<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/{IG}/?utm_source=ig_embed"></blockquote>', ig),
    ("instagram old blockquote", f'<blockquote class="instagram-media"><p><a href="https://instagram.com/p/{IG}/">Words</a></p></blockquote>', ig),
    ("instagram reel iframe", f'<iframe src="https://www.instagram.com/reel/{IG}/embed/captioned/?cr=1&v=14"></iframe>', ig),
    ("amp-instagram", f'<amp-instagram data-shortcode="{IG}"></amp-instagram>', ig),
    ("facebook post", '<div class="fb-post" data-href="https://www.facebook.com/harbour.news/posts/10158765432109876"></div>', "facebook:10158765432109876"),
    ("facebook iframe", '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fharbour.news%2Fposts%2Fpfbid02Qx7Yz1AbCdEfGh&width=500"></iframe>', "facebook:pfbid02Qx7Yz1AbCdEfGh"),
    ("tiktok blockquote", f'<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@lena/video/{TT}" data-video-id="{TT}"><section></section></blockquote>', tt),
    ("tiktok iframe", f'<iframe src="https://www.tiktok.com/embed/v2/{TT}?lang=en"></iframe>', tt),
    ("youtube iframe", FRAME, yt),
    ("youtube data-src", parked("data-src"), yt),
    ("youtube cookiebot", parked("data-cookieblock-src"), yt),
    ("lite-youtube", f'<lite-youtube videoid="{YT}"></lite-youtube>', yt),
    ("amp-youtube", f'<amp-youtube data-videoid="{YT}"></amp-youtube>', yt),
    ("telegram script", '<script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="HarbourNews/412"></script>', "telegram:harbournews/412"),
    ("bluesky blockquote", '<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:z72i7hdynmk6/app.bsky.feed.post/3l2abcdefgh2k"><p>Hi</p></blockquote>', "bluesky:did:plc:z72i7hdynmk6/3l2abcdefgh2k"),
    ("mastodon iframe", '<iframe src="https://pier.example/@ana/109876543210987654/embed" class="mastodon-embed"></iframe>', "mastodon:pier.example/109876543210987654"),
    ("mastodon blockquote", '<blockquote class="mastodon-embed" data-embed-url="https://pier.example/@ana/109876543210987654/embed"><a href="https://pier.example/@ana/109876543210987654">Post by @ana</a></blockquote>', "mastodon:pier.example/109876543210987654"),
    ("threads blockquote", '<blockquote class="text-post-media" data-text-post-permalink="https://www.threads.net/@ana/post/CuX5aBcDeFg"></blockquote>', "threads:CuX5aBcDeFg"),
    ("reddit blockquote", '<blockquote class="reddit-embed-bq"><a href="https://www.reddit.com/r/harbour/comments/12ab3cd/the_bridge/">The bridge</a><br> by <a href="https://www.reddit.com/user/ana/">u/ana</a> in <a href="https://www.reddit.com/r/harbour/">harbour</a></blockquote>', "reddit:12ab3cd"),
    ("vk post", "<div id='vk_post_-123_456'></div><script>VK.Widgets.Post(\"vk_post_-123_456\", -123, 456, 'hAsH');</script>", "vk:-123_456"),
    ("pinterest pin", '<a data-pin-do="embedPin" href="https://www.pinterest.com/pin/99360735500167749/"></a>', "pinterest:99360735500167749"),
    ("embedly iframe", f'<iframe class="embedly-embed" src="https://cdn.embedly.com/widgets/media.html?src=https%3A%2F%2Fwww.youtube.com%2Fembed%2F{YT}&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{YT}&schema=youtube"></iframe>', yt),
    ("iframely card", f'<div class="iframely-embed"><div class="iframely-responsive"><a href="{STATUS}" data-iframely-url="//cdn.iframe.ly/abc12"></a></div></div>', x),
    ("borlabs base64", f'<div class="brlbs-cmpnt-container brlbs-cmpnt-content-blocker" data-borlabs-cookie-content-blocker-id="x" data-borlabs-cookie-content="{b64(TWEET)}"></div>', x),
    ("ckeditor oembed", f'<figure class="media"><oembed url="https://www.youtube.com/watch?v={YT}"></oembed></figure>', yt),
    ("srcdoc", f'<iframe srcdoc="{html.escape(TWEET)}"></iframe>', x),
    ("vimeo iframe", '<iframe src="https://player.vimeo.com/video/123456789?h=0a1b2c3d4e"></iframe>', "vimeo:123456789"),
    ("linkedin iframe", '<iframe src="https://www.linkedin.com/embed/feed/update/urn:li:share:6977777777777777777 "></iframe>', "linkedin:share:6977777777777777777"),
]  # fmt: skip

PARKED = [
    "data-lazy-src", "data-original-src", "data-opt-src", "data-litespeed-src", "data-mce-src",
    "data-tf-src", "data-embed-src", "data-pym-src", "data-frame-src", "data-uc-src", "uc-src",
    "data-src-cmplz", "src-consent", "consent-original-src-_", "consent-click-original-src-_",
    "data-cmp-src", "suppressedsrc", "data-suppressedsrc", "data-consent-src", "data-wpconsent-src",
    "data-gdpr-iframesrc", "data-faz-src", "data-privacy-src", "data-ep-src", "data-cookie-consent-src",
    "data-url", "data-orig", "data-lazy-load",
]  # fmt: skip

FLIGHT_ROW = [
    "$",
    "section",
    None,
    {"children": ["$", "iframe", None, {"src": f"https://www.youtube.com/embed/{YT}"}]},
]
FLIGHT = "4:" + json.dumps(FLIGHT_ROW) + "\n"
NUXT = [
    ["Reactive", 1],
    {"data": 2},
    {"block": 3},
    {"__typename": 4, "provider": 5, "url": 6},
    "SocialEmbed",
    "Instagram",
    f"https://www.instagram.com/p/{IG}/",
    "words",
    "more",
]
EDITOR = {
    "blocks": [
        {
            "type": "embed",
            "data": {
                "service": "twitter",
                "source": STATUS,
                "embed": "https://twitframe.com/show?url=x",
            },
        }
    ]
}

MORE: list[tuple[str, str, str]] = [
    *[(f"parked {name}", parked(name), yt) for name in PARKED],
    ("object", f'<object><param name="movie" value="https://www.youtube.com/v/{YT}?fs=1"></object>', yt),
    ("embed", f'<embed src="//www.youtube.com/v/{YT}&hl=en">', yt),
    ("data document", f'<iframe src="data:text/html,{quote(TWEET)}"></iframe>', x),
    ("data document base64", f'<iframe src="data:text/html;base64,{b64(TWEET)}"></iframe>', x),
    ("blockquote in iframe", f'<figure class="op-interactive"><iframe>{TWEET}</iframe></figure>', x),
    ("textarea", f"<textarea>{html.escape(TWEET)}</textarea>", x),
    ("template script", f'<script type="text/template">{TWEET}</script>', x),
    ("template script base64", f'<script type="text/template">{b64(FRAME)}</script>', yt),
    ("escaped script", f'<script type="text/x-cookie-consented">{html.escape(FRAME)}</script>', yt),
    ("document.write", f"<script>document.write({js(TWEET)})</script>", x),
    ("hex escapes", "<script>var h='" + FRAME.replace("<", "\\x3C") + "'</script>", yt),
    ("doubly escaped", f'<div data-html="{html.escape(html.escape(TWEET))}"></div>', x),
    ("half escaped", f"<p>{TWEET.replace('<', '&lt;').replace('>', '&gt;')}</p>", x),
    ("shadow template", f'<twitter-widget><template shadowrootmode="open"><blockquote class="Tweet" cite="{STATUS}"></blockquote></template></twitter-widget>', x),
    ("flight chunk", f"<script>self.__next_f.push([1,{json.dumps(FLIGHT)}])</script>", yt),
    ("flight in two chunks", f"<script>self.__next_f.push([1,{json.dumps(FLIGHT[:60])}])</script><script>self.__next_f.push([1,{json.dumps(FLIGHT[60:])}])</script>", yt),
    ("nuxt flat payload", f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(NUXT)}</script>', ig),
    ("nuxt function", f'<script>window.__NUXT__=(function(a){{return {{h:{js(TWEET)},b:a}}}})("q")</script>', x),
    ("initial state", f"<script>window.__INITIAL_STATE__ = {json.dumps(EDITOR)};</script>", x),
    ("json parse", f"<script>window.__S__=JSON.parse({json.dumps(json.dumps(EDITOR))})</script>", x),
    ("portable text", '<script type="application/json">' + json.dumps({"body": [{"_type": "youtube", "url": f"https://youtu.be/{YT}"}]}) + "</script>", yt),
    ("lexical tweet", '<script type="application/json">' + json.dumps({"root": {"children": [{"type": "tweet", "id": X}]}}) + "</script>", x),
    ("typename", '<script type="application/json">' + json.dumps({"__typename": "TweetBlockElement", "html": "", "id": X}) + "</script>", x),
    ("json-ld video", '<script type="application/ld+json">' + json.dumps({"@type": "NewsArticle", "video": {"@type": "VideoObject", "embedUrl": f"https://www.youtube.com/embed/{YT}"}}) + "</script>", yt),
    ("microdata", f'<span itemprop="video"><meta itemprop="embedUrl" content="https://www.youtube.com/embed/{YT}"></span>', yt),
    ("substack", f"""<div class="tweet" data-attrs='{json.dumps({"url": STATUS, "type": "tweet"})}'></div>""", x),
    ("oembed url", f'<div data-oembed-url="https://www.youtube.com/watch?v={YT}"></div>', yt),
    ("oembed proxy", f'<iframe src="/media/oembed?url=https%3A//www.youtube.com/watch%3Fv%3D{YT}&amp;max_width=0&amp;hash=abc"></iframe>', yt),
    ("iframely api", f'<iframe src="https://cdn.iframe.ly/api/iframe?url={quote(STATUS, safe="")}&key=abc"></iframe>', x),
    ("embedly card", f'<blockquote class="embedly-card"><h4><a href="{STATUS}">Ana</a></h4></blockquote>', x),
    ("onebox", f'<aside class="onebox twitterstatus" data-onebox-src="{STATUS}"></aside>', x),
    ("wayback iframe", f'<iframe src="https://web.archive.org/web/20200101000000if_/https://www.youtube.com/embed/{YT}"></iframe>', yt),
    ("wayback relative", f'<iframe src="/web/20200101000000if_/https://www.youtube.com/embed/{YT}"></iframe>', yt),
    ("wayback blockquote", TWEET.replace("https://twitter", "https://web.archive.org/web/20200101000000/https://twitter"), x),
    ("block comment", f'<!-- wp:embed {{"url":"{STATUS}","providerNameSlug":"twitter"}} -->', x),
    ("core-embed comment", f'<!-- wp:core-embed/twitter {{"url":"{STATUS}","type":"rich"}} -->', x),
    ("shortcode embed", f"<p>[embed]{STATUS}[/embed]</p>", x),
    ("shortcode tweet", f"<p>[tweet {X}]</p>", x),
    ("shortcode instagram", f"<p>[instagram url=https://www.instagram.com/p/{IG}/]</p>", ig),
    ("tarteaucitron youtube", f'<div class="youtube_player" videoID="{YT}" width="100%"></div>', yt),
    ("tarteaucitron instagram", f'<div class="instagram_post" postId="{IG}"></div>', ig),
    ("tarteaucitron tweet", f'<div class="twitterembed-canvas" tweetid="{X}"></div>', x),
    ("tarteaucitron facebook", '<div class="tac_facebookpost" data-url="https://www.facebook.com/harbour.news/posts/10158765432109876"></div>', "facebook:10158765432109876"),
    ("iframemanager", f'<div data-service="youtube" data-id="{YT}"></div>', yt),
    ("usercentrics", f'<uc-embed uc-id="a" uc-src="https://www.youtube.com/embed/{YT}"></uc-embed>', yt),
    ("embetty video", f'<embetty-video type="youtube" video-id="{YT}"></embetty-video>', yt),
    ("embetty mastodon", '<embetty-mastodon status="https://pier.example/@ana/109876543210987654"></embetty-mastodon>', "mastodon:pier.example/109876543210987654"),
    ("rll facade", f'<div class="rll-youtube-player" data-src="https://www.youtube.com/embed/{YT}" data-id="{YT}"></div>', yt),
    ("lyte", f'<div class="lyte-wrapper"><div id="WYL_{YT}"></div><a href="https://youtu.be/{YT}">x</a></div>', yt),
    ("amp-iframe", f'<amp-iframe src="https://www.youtube.com/embed/{YT}"></amp-iframe>', yt),
    ("amp-facebook", '<amp-facebook data-href="https://www.facebook.com/harbour.news/videos/1015876543210/" data-embed-as="video"></amp-facebook>', "facebook:1015876543210"),
    ("amp-vk", '<amp-vk data-embedtype="post" data-owner-id="-1" data-post-id="45616" data-hash="ZMk4b98xp"></amp-vk>', "vk:-1_45616"),
    ("amp-tiktok", f'<amp-tiktok data-src="{TT}"></amp-tiktok>', tt),
    ("amp-reddit", '<amp-reddit data-embedtype="post" data-src="https://www.reddit.com/r/harbour/comments/12ab3cd/the_bridge/"></amp-reddit>', "reddit:12ab3cd"),
    ("amp-vimeo", '<amp-vimeo data-videoid="123456789"></amp-vimeo>', "vimeo:123456789"),
    ("dailymotion script", '<script src="https://geo.dailymotion.com/player/x1.js" data-video="x7abcde"></script>',
     "dailymotion:x7abcde"),
    ("dailymotion call", '<script>dailymotion.createPlayer("p", {params: {mute: true}, video: "x7abcde"})</script>',
     "dailymotion:x7abcde"),
    ("telegram script with options", '<script src="https://telegram.org/js/telegram-widget.js?22"'
     ' data-telegram-post="pier/123?single"></script>', "telegram:pier/123"),
    ("facebook group by parameter", '<div class="fb-post" data-href="https://www.facebook.com/groups/pier/'
     '?multi_permalinks=456789012345678&amp;ref=share"></div>', "facebook:456789012345678"),
    ("amp-dailymotion", '<amp-dailymotion data-videoid="x7abcde"></amp-dailymotion>', "dailymotion:x7abcde"),
    ("amp-soundcloud", '<amp-soundcloud data-trackid="123456789"></amp-soundcloud>', "soundcloud:tracks:123456789"),
    ("amp-pinterest", '<amp-pinterest data-do="embedPin" data-url="https://www.pinterest.com/pin/99360735500167749/"></amp-pinterest>', "pinterest:99360735500167749"),
    ("amp-imgur", '<amp-imgur data-imgur-id="a/KifbnBa"></amp-imgur>', "imgur:a/KifbnBa"),
    ("amp-vine", '<amp-vine data-vineid="MdKjXez002d"></amp-vine>', "vine:MdKjXez002d"),
    ("quotation", f'<blockquote><p>The bridge is open again.</p>— Ana Ruiz (@ana_ruiz) <a href="{STATUS}">October 5, 2022</a></blockquote>', x),
    ("old rendered tweet", f'<div class="root standalone-tweet twitter-tweet"><blockquote class="tweet" data-tweet-id="{X}" cite="{STATUS}"></blockquote></div>', x),
    ("provider pair", f'<div class="player" data-provider="YouTube" data-video-id="{YT}"></div>', yt),
    ("class and link", f'<div class="c-embed c-embed--instagram"><a href="https://www.instagram.com/p/{IG}/">See it</a></div>', ig),
    ("attribute alone", f'<div class="w" data-tweet-id="{X}"></div>', x),
    ("embed privacy", '<div class="embed-privacy-container" data-embed-provider="youtube"></div><script>var _oembed_a = ' + json.dumps(json.dumps({"embed": html.escape(FRAME)})) + ";</script>", yt),
    ("borlabs 2", f'<div class="BorlabsCookie"><div class="borlabs-hide" data-borlabs-cookie-type="content-blocker"><script type="text/template">{b64(TWEET)}</script></div></div>', x),
    ("real cookie banner", f'<iframe consent-required="1" consent-by="services" consent-original-src-_="https://www.youtube.com/embed/{YT}"></iframe>', yt),
    ("unknown parked attribute of a frame", f'<iframe data-harbour-src="https://www.youtube.com/embed/{YT}"></iframe>', yt),
    ("unknown parked attribute elsewhere", f'<div data-facadesrc="https://www.youtube.com/embed/{YT}?enablejsapi=1"></div>', yt),
    ("custom element with an address", f'<harbour-tweet url="{STATUS}"></harbour-tweet>', x),
    ("custom element with an id", f'<tweet-embed tid="{X}"></tweet-embed>', x),
    ("tarteaucitron vimeo", '<div class="vimeo_player" videoID="123456789"></div>', "vimeo:123456789"),
    ("tarteaucitron spotify", '<div class="spotify_player" spotifyID="spotify:track:4rOoJ6Egrf8K2IrywzwOMk"></div>', "spotify:track:4rOoJ6Egrf8K2IrywzwOMk"),
    ("guardian element", '<script>window.guardian = {"config": ' + json.dumps({"elements": [{"_type": "model.dotcomrendering.pageElements.YoutubeBlockElement", "assetId": YT}]}) + "};</script>", yt),
    ("apollo state", "<script>window.__APOLLO_STATE__=" + json.dumps({"SocialEmbed:1": {"__typename": "SocialEmbed", "url": STATUS}}) + "</script>", x),
    ("raw html", f"<script>Fusion.globalContent={json.dumps({'content_elements': [{'type': 'raw_html', 'content': FRAME}]})};</script>", yt),
    ("unquoted and unclosed", f"<blockquote class=twitter-tweet><a href={STATUS}>d</a>", x),
    ("elementor", f"""<div class="elementor-widget-video" data-settings='{json.dumps({"youtube_url": "https://youtu.be/" + YT, "video_type": "youtube"})}'></div>""", yt),
    ("light youtube", f'<div class="youtube" data-embed="{YT}"><div class="play-button"></div></div>', yt),
    ("plyr", f'<div class="js-player" data-plyr-provider="youtube" data-plyr-embed-id="{YT}"></div>', yt),
    ("video source", f'<video><source type="video/youtube" src="https://www.youtube.com/watch?v={YT}"></video>', yt),
    ("relative post", '<div class="fb-post" data-href="/harbour.news/posts/10158765432109876"></div>', "facebook:10158765432109876"),
    ("telegram rendered", '<iframe id="telegram-post-HarbourNews-412" src="https://t.me/HarbourNews/412?embed=1&mode=tme"></iframe>', "telegram:harbournews/412"),
    ("twitch player", '<iframe src="https://player.twitch.tv/?video=v1234567890&parent=pier.example"></iframe>', "twitch:video:1234567890"),
    ("twitch script", '<script>new Twitch.Player("a", {width: 1, video: "1234567890"})</script>', "twitch:video:1234567890"),
    ("rumble script", '<script>Rumble("play", {"video":"v4abc12","div":"rumble_v4abc12"});</script>', "rumble:v4abc12"),
    ("gist", '<script src="https://gist.github.com/ana/0123456789abcdef0123456789abcdef.js"></script>', "gist:ana/0123456789abcdef0123456789abcdef"),
    ("niconico script", '<script src="https://embed.nicovideo.jp/watch/sm12345678/script?w=320"></script>', "niconico:sm12345678"),
    ("truth social", '<iframe class="truthsocial-embed" src="https://truthsocial.com/@ana/110123456789012345/embed"></iframe>', "truthsocial:110123456789012345"),
    ("tumblr", '<div class="tumblr-post" data-href="https://embed.tumblr.com/embed/post/AbCdEf0123456789_-x/612345678901234567"><a href="https://ana.tumblr.com/post/612345678901234567">x</a></div>', "tumblr:ana/612345678901234567"),
    ("soundcloud", '<iframe src="https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123456789&color=ff"></iframe>', "soundcloud:tracks:123456789"),
    ("spotify", '<iframe src="https://open.spotify.com/embed/episode/4rOoJ6Egrf8K2IrywzwOMk?si=x"></iframe>', "spotify:episode:4rOoJ6Egrf8K2IrywzwOMk"),
    ("peertube", '<iframe src="https://tube.pier.example/videos/embed/9c9de5e8-0a1e-484a-b099-e80766180a6d"></iframe>', "peertube:tube.pier.example/9c9de5e8-0a1e-484a-b099-e80766180a6d"),
    ("pixelfed", '<iframe class="pixelfed__embed" src="https://pics.pier.example/p/ana/512345678901234567/embed?caption=true"></iframe>', "pixelfed:pics.pier.example/512345678901234567"),
    ("bandcamp", '<iframe src="https://bandcamp.com/EmbeddedPlayer/album=2345678901/size=large/tracklist=false/"></iframe>', "bandcamp:album:2345678901"),
    ("flickr", '<a data-flickr-embed="true" href="https://www.flickr.com/photos/ana/51234567890/"><img src="x.jpg"></a>', "flickr:51234567890"),
    ("xfbml", '<fb:post href="https://www.facebook.com/harbour.news/posts/10158765432109876"></fb:post>', "facebook:10158765432109876"),
    ("single-file page", f'<iframe src="data:text/html;charset=utf-8,{quote("<html><body>" + FRAME)}"></iframe>', yt),
]  # fmt: skip

NOTHING: list[tuple[str, str]] = [
    ("share button", '<a class="twitter-share-button" href="https://twitter.com/intent/tweet?text=x&url=y">Tweet</a>'),
    ("share with status", f'<a href="https://twitter.com/intent/retweet?tweet_id={X}">Retweet</a>'),
    ("follow icon", '<a rel="me" href="https://twitter.com/ana_ruiz"><img src="t.svg"></a>'),
    ("profile links", '<p>On <a href="https://www.instagram.com/ana/">Instagram</a> and <a href="https://www.youtube.com/@ana">YouTube</a></p>'),
    ("loader alone", '<script async src="https://platform.twitter.com/widgets.js"></script><script async src="//www.instagram.com/embed.js"></script>'),
    ("sharer", '<a href="https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fpier.example%2F1">Share</a>'),
    ("like button", '<iframe src="https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fpier.example"></iframe>'),
    ("sameAs", '<script type="application/ld+json">{"@type":"NewsArticle","publisher":{"@type":"Organization","sameAs":["https://twitter.com/ana_ruiz","https://www.youtube.com/@ana"]}}</script>'),
    ("link in a sentence", f'<p>He <a href="{STATUS}">wrote</a> that it was late.</p>'),
    ("share element", f'<share-button url="{STATUS}"></share-button>'),
    ("reference list", f'<ol><li><a href="{STATUS}">{STATUS}</a></li></ol>'),
    ("comment", f'<ul class="comment-list"><li class="comment"><div class="c"><p><a href="{STATUS}">{STATUS}</a></p></div></li></ul>'),
    ("address in a sentence", f"<p>He wrote {STATUS} that it was late.</p>"),
    ("timeline", '<a class="twitter-timeline" href="https://twitter.com/ana_ruiz">Tweets</a>'),
    ("amp timeline", '<amp-twitter data-timeline-source-type="profile" data-timeline-screen-name="ana"></amp-twitter>'),
    ("instagram profile", '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/ana/?utm_source=ig_embed"></blockquote>'),
    ("tiktok creator", '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@ana" data-unique-id="ana" data-embed-type="creator"></blockquote>'),
    ("pinterest board", '<a data-pin-do="embedBoard" href="https://www.pinterest.com/ana/boats/"></a>'),
    ("page plugin", '<div class="fb-page" data-href="https://www.facebook.com/harbour.news"></div>'),
    ("live channel", '<iframe src="https://www.youtube.com/embed/live_stream?channel=UCabcdefghijklmnopqrstuv"></iframe>'),
    ("twitch channel", '<iframe src="https://player.twitch.tv/?channel=ana&parent=pier.example"></iframe>'),
    ("discord server", '<iframe src="https://discord.com/widget?id=123456789012345678"></iframe>'),
    ("photo credit", "<figcaption>Photo: Instagram/@ana</figcaption>"),
    ("commented out", f"<!-- {TWEET} -->"),
    ("settings", '<script>var s={"network":"twitter","id":"14159148"},p={"type":"instagram","id":"harbour_news"};</script>'),
    ("templates of addresses", "<script>var y='//www.youtube.com/embed/%id%',v='https://player.vimeo.com/video/$1';</script>"),
    ("theme class", '<div class="instagram-media post"><p>' + "Long words. " * 300 + f'<a href="https://www.instagram.com/p/{IG}/">x</a></p></div>'),
    ("pixel", '<noscript><img src="https://www.facebook.com/tr?id=123&ev=PageView"></noscript>'),
    ("wordpress card", '<blockquote class="wp-embedded-content" data-secret="a"><a href="https://pier.example/other/">Other</a></blockquote><iframe class="wp-embedded-content" src="https://pier.example/other/embed/"></iframe>'),
]  # fmt: skip
"""Look-alikes: nothing here is an embedded post."""
