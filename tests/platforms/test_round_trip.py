"""Every documented address of every platform: recognised, made canonical, recognised again as the same."""

# ruff: noqa: E501
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.domain.post import PostRef
from archiver.platforms import PLATFORMS, by_name, make_ref, permalink, posted_at, recognise, views

U = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
H = "0123456789abcdef0123456789abcdef"
ADDRESSES = """
x:1577719286659006464 https://twitter.com/ana/status/1577719286659006464/photo/1?s=20
x:1577719286659006464 https://x.com/i/web/status/1577719286659006464
x:1577719286659006464 https://twitter.com/#!/ana/status/1577719286659006464
x:20 https://twitter.com/jack/statuses/20
x:broadcasts:1yoKMabcdEfGh https://x.com/i/broadcasts/1yoKMabcdEfGh
instagram:CuV9wKmt3Qz https://instagr.am/p/CuV9wKmt3Qz/
instagram:CuV9wKmt3Qz https://www.instagram.com/tv/CuV9wKmt3Qz/
instagram:story:ana/3123456789012345678 https://www.instagram.com/stories/ana/3123456789012345678/
facebook:10158765432109876 https://www.facebook.com/harbour/posts/a-long-slug/10158765432109876?__cft__=x
facebook:10158765432109876 https://www.facebook.com/groups/boats/permalink/10158765432109876/
facebook:10158765432109876 https://www.facebook.com/photo.php?fbid=10158765432109876&set=a.1
facebook:10158765432109876 https://developers.facebook.com/harbour/posts/10158765432109876
facebook:10158765432109876 https://de-de.facebook.com/harbour/photos/a.1.2/10158765432109876/
facebook:1015876543210 https://www.facebook.com/watch/live/?v=1015876543210
facebook:99887766_10158765432109876 https://www.facebook.com/99887766_10158765432109876
threads:CuX5aBcDeFg https://www.threads.net/@ana/post/CuX5aBcDeFg
tiktok:7212345678901234567 https://www.tiktok.com/player/v1/7212345678901234567
tiktok:7212345678901234567 https://www.tiktok.com/@/video/7212345678901234567
douyin:7212345678901234567 https://www.iesdouyin.com/share/video/7212345678901234567
youtube:Zq3x-9Kd_aE https://m.youtube.com/watch?feature=x&v=Zq3x-9Kd_aE&t=3
youtube:Zq3x-9Kd_aE https://www.youtube.com/attribution_link?a=1&u=%2Fwatch%3Fv%3DZq3x-9Kd_aE
youtube:playlist:PLabcdefgh12345678 https://www.youtube.com/embed/videoseries?list=PLabcdefgh12345678
ted:116 https://www.ted.com/talks/view/id/116
ted:116 https://www.ted.com/talks/view/lang/spa/id/116
youtube:clip:UgkxAbC-123 https://www.youtube.com/clip/UgkxAbC-123
youtube:post:UgkxAbC-123 https://www.youtube.com/post/UgkxAbC-123
telegram:harbournews/412 https://t.me/HarbourNews/412?single
telegram:harbournews/412 tg://resolve?domain=HarbourNews&post=412
telegram:c/1234567/89 https://t.me/c/1234567/89
vk:-123_456 https://vk.com/harbour?w=wall-123_456%2Fall
vk:-123_456 https://vk.com/video_ext.php?oid=-123&id=456&hash=abc
ok:123456789012 https://ok.ru/videoembed/123456789012
ok:123456789012 https://ok.ru/group/5544332211/topic/123456789012
weibo:5012345678901234 https://m.weibo.cn/status/5012345678901234
weibo:NlAbC1dEf https://weibo.com/1234567890/NlAbC1dEf
bilibili:BV1xx411c7mD https://www.bilibili.com/video/BV1xx411c7mD/?p=2
bilibili:av170001 https://player.bilibili.com/player.html?aid=170001&page=1
reddit:12ab3cd https://old.reddit.com/r/harbour/comments/12ab3cd/the_bridge/?x=1
reddit:12ab3cd https://redd.it/12ab3cd
reddit:12ab3cd https://s9e.github.io/iframe/2/reddit.min.html#harbour/comments/12ab3cd#theme=auto
facebook:10158765432109876 https://s9e.github.io/iframe/2/facebook.min.html#post10158765432109876
facebook:10158765432109876 https://s9e.github.io/iframe/2/facebook.min.html#v10158765432109876
mastodon:pier.example/109876543210987654 https://s9e.github.io/iframe/2/mastodon.min.html#ana@pier.example/109876543210987654
bluesky:did:plc:z72i7hdynmk6/3l2abcdefgh2k https://s9e.github.io/iframe/2/bluesky.min.html#at://did:plc:z72i7hdynmk6/app.bsky.feed.post/3l2abcdefgh2k#embed.bsky.app
telegram:harbournews/412 https://s9e.github.io/iframe/2/telegram.min.html#HarbourNews/412
reddit:12ab3cd/j1k2l3m https://www.reddit.com/r/harbour/comments/12ab3cd/the_bridge/j1k2l3m/
reddit:12ab3cd https://embed.reddit.com/r/harbour/comments/12ab3cd/?embed=true
mastodon:pier.example/109876543210987654 https://pier.example/@ana/109876543210987654
mastodon:pier.example/109876543210987654 https://pier.example/users/ana/statuses/109876543210987654
bluesky:ana.pier.example/3l2abcdefgh2k https://bsky.app/profile/ana.pier.example/post/3l2abcdefgh2k
bluesky:did:plc:z72i7hdynmk6/3l2abcdefgh2k at://did:plc:z72i7hdynmk6/app.bsky.feed.post/3l2abcdefgh2k
bluesky:did:plc:z72i7hdynmk6/3l2abcdefgh2k https://embed.bsky.app/embed/did:plc:z72i7hdynmk6/app.bsky.feed.post/3l2abcdefgh2k?id=1
truthsocial:110123456789012345 https://truthsocial.com/@ana/posts/110123456789012345
gab:110123456789012345 https://gab.com/ana/posts/110123456789012345
gettr:p2abc3d https://gettr.com/post/p2abc3d
parler:{U} https://parler.com/feed/{U}
minds:1234567890123456789 https://www.minds.com/newsfeed/1234567890123456789
linkedin:share:6977777777777777777 https://www.linkedin.com/feed/update/urn:li:share:6977777777777777777/
linkedin:activity:6977777777777777777 https://www.linkedin.com/posts/ana-ruiz_the-bridge-activity-6977777777777777777-aBcD
pinterest:99360735500167749 https://www.pinterest.co.uk/pin/the-bridge--99360735500167749/
tumblr:ana/612345678901234567 https://www.tumblr.com/ana/612345678901234567/the-bridge
tumblr:ana/612345678901234567 https://ana.tumblr.com/post/612345678901234567/the-bridge
snapchat:W7_EDlXWTBiXAEEniNoMPw https://www.snapchat.com/spotlight/W7_EDlXWTBiXAEEniNoMPw
vimeo:123456789 https://vimeo.com/channels/staffpicks/123456789
vimeo:123456789 https://vimeo.com/123456789/0a1b2c3d4e
dailymotion:x7abcde https://geo.dailymotion.com/player/x1.html?video=x7abcde
dailymotion:x7abcde https://dai.ly/x7abcde
twitch:clip:BraveOtterHarbour-abc https://www.twitch.tv/ana/clip/BraveOtterHarbour-abc
twitch:video:1234567890 https://www.twitch.tv/videos/1234567890
rumble:v4abc12 https://rumble.com/v4abc12-the-bridge.html
rumble:v4abc12 https://rumble.com/v4abc12-the-bridge-of-st.-anne.html
odysee:@pier:c/the-bridge:4 https://odysee.com/$/embed/@pier:c/the-bridge:4
bitchute:AbCdEfGhIjKl https://www.bitchute.com/embed/AbCdEfGhIjKl/
streamable:abc12 https://streamable.com/e/abc12
imgur:a/KifbnBa https://imgur.com/gallery/the-bridge-KifbnBa
imgur:KifbnBa https://i.imgur.com/KifbnBa.gifv
giphy:3o7TKBX7vWbc7Dhxcc https://giphy.com/gifs/funny-cat-3o7TKBX7vWbc7Dhxcc
giphy:3o7TKBX7vWbc7Dhxcc https://media.giphy.com/media/3o7TKBX7vWbc7Dhxcc/giphy.gif
gfycat:BraveOtterHarbour https://gfycat.com/ifr/BraveOtterHarbour
redgifs:braveotterharbour https://www.redgifs.com/watch/braveotterharbour
flickr:51234567890 https://www.flickr.com/photos/ana/51234567890/in/album-1/
flickr:51234567890 https://flic.kr/p/2m4qy3N
soundcloud:ana/the-bridge https://soundcloud.com/ana/the-bridge?in=x
soundcloud:tracks:123456789 https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123456789
spotify:episode:4rOoJ6Egrf8K2IrywzwOMk spotify:episode:4rOoJ6Egrf8K2IrywzwOMk
spotify:track:4rOoJ6Egrf8K2IrywzwOMk https://embed.spotify.com/?uri=spotify:track:4rOoJ6Egrf8K2IrywzwOMk
apple:id1200361736 https://podcasts.apple.com/us/podcast/the-bridge/id1200361736
deezer:track:3135556 https://www.deezer.com/fr/track/3135556
mixcloud:ana/the-bridge https://www.mixcloud.com/ana/the-bridge/
bandcamp:album:2345678901 https://bandcamp.com/EmbeddedPlayer/v=2/album=2345678901/size=large/
coub:2abc3d https://coub.com/embed/2abc3d?muted=true
kick:video:{U} https://kick.com/ana/videos/{U}
navertv:1234567 https://tv.naver.com/embed/1234567
niconico:sm12345678 https://nico.ms/sm12345678
aparat:AbC12 https://www.aparat.com/video/video/embed/videohash/AbC12/vt/frame
rutube:{H} https://rutube.ru/play/embed/{H}
dzen:5f0c1f2e3d4c5b6a79880011 https://dzen.ru/video/watch/5f0c1f2e3d4c5b6a79880011
linevoom:1169999999999999999 https://linevoom.line.me/post/1169999999999999999
sharechat:AbC12d https://sharechat.com/post/AbC12d
koo:{U} https://www.kooapp.com/koo/ana/{U}
lemmy:lemmy.world/post/1234567 https://lemmy.world/post/1234567
peertube:pier.example/{U} https://pier.example/videos/watch/{U}
pixelfed:pier.example/512345678901234567 https://pier.example/p/ana/512345678901234567
misskey:misskey.io/9abcdefghi https://misskey.io/notes/9abcdefghi
discord:123456789012345678/123456789012345679/123456789012345680 https://discord.com/channels/123456789012345678/123456789012345679/123456789012345680
periscope:1AbCdEfGhIjKl https://www.pscp.tv/w/1AbCdEfGhIjKl
vine:MdKjXez002d https://vine.co/v/MdKjXez002d/embed/simple
googleplus:AbCdEfGhIjK https://plus.google.com/112233/posts/AbCdEfGhIjK
likee:6789012345678901234 https://likee.video/@ana/video/6789012345678901234
kakaotv:412345678 https://tv.kakao.com/channel/1234/cliplink/412345678
youku:XNDAxMjM0NTY3Ng== https://v.youku.com/v_show/id_XNDAxMjM0NTY3Ng==.html
qqvideo:a0012abcdef https://v.qq.com/txp/iframe/player.html?vid=a0012abcdef
mymailru:1234567890 https://my.mail.ru/video/embed/1234567890
smotrim:1234567 https://player.smotrim.ru/iframe/video/id/1234567/
sibnet:1234567 https://video.sibnet.ru/shell.php?videoid=1234567
storify:ana/the-bridge https://storify.com/ana/the-bridge.js
wakelet:AbCdEfGhIjKlMnOpQrStu https://embed.wakelet.com/wakes/AbCdEfGhIjKlMnOpQrStu/list
scribd:123456789 https://www.scribd.com/embeds/123456789/content
slideshare:7611390 https://www.slideshare.net/slideshow/embed_code/7611390?rel=0
slideshare:DXaxBXJWayYjza https://www.slideshare.net/slideshow/embed_code/key/DXaxBXJWayYjza
issuu:harbour.press/tide_table https://e.issuu.com/embed.html?d=tide_table&u=harbour.press
issuu:harbour.press/tide_table https://issuu.com/harbour.press/docs/tide_table/10
documentcloud:1234567 https://www.documentcloud.org/documents/1234567-the-bridge/
gist:ana/{H} https://gist.github.com/ana/{H}
patreon:12345678 https://www.patreon.com/posts/the-bridge-12345678
boosty:{U} https://boosty.to/ana/posts/{U}
substack:c-12345678 https://substack.com/@ana/note/c-12345678
megaphone:ABC1234567890 https://player.megaphone.fm/ABC1234567890
acast:the-show/the-bridge https://embed.acast.com/the-show/the-bridge
audioboom:7654321 https://audioboom.com/posts/7654321-the-bridge
spreaker:12345678 https://widget.spreaker.com/player?episode_id=12345678
libsyn:1234567 https://html5-player.libsyn.com/embed/episode/id/1234567/height/90/
podbean:abcde-12345f https://www.podbean.com/player-v2/?i=abcde-12345f
ausha:AbC12dEf https://player.ausha.co/?podcastId=AbC12dEf
simplecast:{U} https://player.simplecast.com/{U}
wistia:abc123def4 https://fast.wistia.net/embed/iframe/abc123def4
loom:{H} https://www.loom.com/embed/{H}
ted:ana_ruiz_the_bridge https://embed.ted.com/talks/lang/es/ana_ruiz_the_bridge
""".replace("{U}", U).replace("{H}", H)
ROWS = [tuple(line.split(" ", 1)) for line in ADDRESSES.strip().splitlines()]


@pytest.mark.parametrize(("ref", "url"), ROWS)
def test_round_trip(ref, url) -> None:
    known = recognise(url)
    assert known is not None
    assert known.kind == "post"
    assert str(known.ref) == ref
    again = recognise(known.url)
    assert again is not None, known.url
    assert again.ref == known.ref
    assert again.url == known.url


@pytest.mark.parametrize(("ref", "url"), ROWS)
def test_identity_alone_is_enough_for_a_page_to_look_at(ref, url) -> None:
    platform, _, post_id = ref.partition(":")
    link = permalink(PostRef(platform, post_id))
    shown = views(PostRef(platform, post_id), None, url)
    assert shown
    assert all(view.url.startswith("https://") and "{" not in view.url for view in shown)
    if link:
        again = recognise(link)
        assert again is not None, link
        assert str(again.ref) == ref


def test_a_player_made_for_a_page_is_asked_for_as_that_page_does() -> None:
    ref = PostRef("twitch", "clip:BraveFerryKappa")
    player = "https://clips.twitch.tv/embed?clip=BraveFerryKappa&parent="
    assert views(ref)[0].url == player + "localhost"
    assert (
        views(ref, None, permalink(ref), player + "news.example&muted=true")[0].url
        == player + "news.example"
    )


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        ("https://rumble.com/v7b3y1w-the-bridge.html", "https://rumble.com/v7b3y1w-the-bridge.html"),
        ("https://rumble.com/v7b3y1w-st.-anne.html?mref=1", "https://rumble.com/v7b3y1w-st.-anne.html"),
        ("https://rumble.com/v7b3y1w", "https://rumble.com/v7b3y1w.html"),
        ("https://rumble.com/embed/v78xa1o/?pub=7", "https://rumble.com/embed/v78xa1o/"),
    ],
)  # fmt: skip
def test_an_id_of_a_page_is_never_asked_for_as_one_of_an_embed_view(seen, asked) -> None:
    known = recognise(seen)
    assert known is not None and known.ref is not None
    assert known.url == asked
    assert {view.url for view in views(known.ref, None, known.url, seen)} == {asked}
    assert {view.url for view in views(known.ref, None, known.url)} == {asked}


@pytest.mark.parametrize(("ref", "url"), ROWS)
def test_archived_and_tracked_copies_are_the_same_post(ref, url) -> None:
    if not url.startswith("http"):
        return
    for wrapped in (
        f"https://web.archive.org/web/20200102030405if_/{url}",
        "https://l.facebook.com/l.php?h=x&u="
        + url.replace("&", "%26").replace("#", "%23").replace("?", "%3F"),
    ):
        known = recognise(wrapped)
        assert known is not None, wrapped
        assert str(known.ref) == ref


def test_every_platform_has_an_address_here() -> None:
    missing = {p.name for p in PLATFORMS} - {ref.partition(":")[0] for ref, _ in ROWS}
    assert missing <= {
        "publisher-video",
        "internetarchive",
        "cloudflarestream",
        "viqeo",
        "izlesene",
        "moj",
        "sinavideo",
        "buzzsprout",
    }


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://t.co/AbCdEf1234", "short"),
        ("https://pic.twitter.com/AbCdEf1234", "short"),
        ("https://vm.tiktok.com/ZMabcdef/", "short"),
        ("https://www.tiktok.com/t/ZTabcdef/", "short"),
        ("https://fb.watch/abcdef/", "short"),
        ("https://www.facebook.com/share/p/AbCdEf12/", "short"),
        ("https://www.reddit.com/r/boats/s/AbCdEf1234", "short"),
        ("https://pin.it/abcdef", "short"),
        ("https://lnkd.in/abcdef", "short"),
        ("https://twitter.com/intent/tweet?text=x", "share"),
        ("https://www.facebook.com/sharer/sharer.php?u=x", "share"),
        ("https://t.me/share/url?url=x", "share"),
        ("https://pinterest.com/pin/create/button/?url=x", "share"),
        ("https://twitter.com/ana_ruiz", "profile"),
        ("https://www.youtube.com/@ana", "profile"),
        ("https://t.me/harbour", "profile"),
        ("https://www.youtube.com/embed/live_stream?channel=UCx", "widget"),
        ("https://twitter.com/ana/lists/boats", "widget"),
    ],
)
def test_what_is_not_a_post(url, kind) -> None:
    known = recognise(url)
    assert known is not None
    assert (known.kind, known.ref) == (kind, None)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "https://",
        "//",
        "https://pier.example/a",
        "javascript:1",
        "http://[::1",
        "mailto:a@b.c",
        "https://x.com",
    ],
)
def test_what_is_nothing(url) -> None:
    assert recognise(url) is None


@pytest.mark.parametrize(
    ("ref", "moment"),
    [
        (PostRef("x", "1460323737035677698"), "2021-11-15T19:08:05"),
        (PostRef("instagram", "CA_zAbCdEfG"), "2020-06-04"),
        (PostRef("tiktok", "7212345678901234567"), "2023-03-19"),
        (PostRef("mastodon", "pier.example/109876543210987654"), "2023-02-16"),
        (PostRef("bluesky", "did:plc:a/3l2abcdefgh2k"), "2024-08-21"),
        (PostRef("linkedin", "share:6977777777777777777"), "2022-09-19"),
        (PostRef("kick", "video:0190a6e1-7c5e-7d3a-8f00-0123456789ab"), "2024-07-12"),
    ],
)
def test_time_in_the_id(ref, moment) -> None:
    found = posted_at(ref)
    assert found is not None
    assert found.isoformat().startswith(moment)


@pytest.mark.parametrize(
    "ref",
    [
        PostRef("x", "20"),
        PostRef("youtube", "Zq3x-9Kd_aE"),
        PostRef("nowhere", "1"),
        PostRef("x", "a" * 99),
    ],
)
def test_no_time_in_the_id(ref) -> None:
    assert posted_at(ref) is None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLATFORMS), st.text(max_size=40))
def test_any_id_is_safe(platform, post_id) -> None:
    ref = make_ref(platform.name, post_id)
    posted_at(PostRef(platform.name, post_id))
    if ref is not None:
        assert views(ref)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([url for _, url in ROWS]), st.text(max_size=30), st.integers(0, 60))
def test_any_address_is_safe(url, more, cut) -> None:
    for text in (url[:cut] + more + url[cut:], url[: len(url) - cut], more + url, url + more):
        known = recognise(text)
        assert known is None or by_name(known.platform) is not None
