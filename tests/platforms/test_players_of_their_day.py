"""Addresses by which players were embedded in their day, and which pages still hold."""

import pytest

from archiver.platforms import recognise, views

KAKAO, FILM, HEX = (
    "vb7a9Xk2NQc7Nc",
    "0A1B2C3D4E5F60718293A4B5C6D7E8F90A1B",
    "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
)
KAKAO_AT = "daum.net/embed/player/cliplink"

ADDRESSES = {
    f"https://kakaotv.{KAKAO_AT}/60291823?service=blog": "kakaotv:60291823",
    f"https://kakaotv.{KAKAO_AT}/385538231@my?service=blog": "kakaotv:385538231",
    f"https://kakaotv.{KAKAO_AT}/{KAKAO}@my": f"kakaotv:{KAKAO}",
    f"http://videofarm.daum.net/controller/video/viewer/Video.html?vid={KAKAO}&alert=true": f"kakaotv:{KAKAO}",
    "http://videofarm.daum.net/controller/player/VodPlayer.swf?vid=a1B2c3D4e5%24": "kakaotv:a1B2c3D4e5$",
    "http://tvpot.daum.net/clip/ClipView.do?clipid=52718293": "kakaotv:52718293",
    "http://tvcast.naver.com/v/1837465": "navertv:1837465",
    f"https://serviceapi.nmv.naver.com/flash/convertIframeTag.nhn?vid={FILM}&outKey=V1": f"navertv:{FILM}",
    f"http://serviceapi.rmcnmv.naver.com/flash/outKeyPlayer.nhn?vid={FILM}&outKey=V1": f"navertv:{FILM}",
    "http://player.youku.com/player.php/Type/Folder/Fid/223/Ob/1/sid/XNDk2MTgwNzE2/v.swf": "youku:XNDk2MTgwNzE2",
    "http://static.video.qq.com/TPout.swf?vid=k0192837abc&auto=0": "qqvideo:k0192837abc",
    "https://imgcache.qq.com/tencentvideo_v1/playerv3/TPout.swf?v=1&vid=k0192837abc": "qqvideo:k0192837abc",
    "http://share.acg.tv/flash.swf?aid=2718281": "bilibili:av2718281",
    "https://embed.nicovideo.jp/watch/sm7/script?w=640": "niconico:sm7",
    "https://www.aparat.com/video/video/embed/vt/frame/showvideo/yes/videohash/Qw3rT": "aparat:Qw3rT",
    "https://www.aparat.com/public/public/player/aparatplayer.swf?videohash=Qw3rT": "aparat:Qw3rT",
    f"https://rutube.ru/pl/?pl_id&pl_type=source&pl_video={HEX}/?r=a": f"rutube:{HEX}",
    f"http://video.rutube.ru/{HEX}": f"rutube:{HEX}",
    f"https://rutube.ru/embed/{HEX}": f"rutube:{HEX}",
    "https://videoapi.my.mail.ru/videos/embed/mail/ana.ruiz/_myvideo/12.html": "mymailru:mail/ana.ruiz/_myvideo/12",
    "http://api.video.mail.ru/videos/embed/inbox/ana/31/45.html": "mymailru:inbox/ana/31/45",
    "https://my.mail.ru/mail/ana.ruiz/video/_myvideo/12.html": "mymailru:mail/ana.ruiz/_myvideo/12",
    "https://player.vgtrk.com/iframe/datavideo/id/2718281/sid/x": "smotrim:2718281",
    "http://www.dailymotion.com/swf/x4c2de&related=1": "dailymotion:x4c2de",
    "http://www.facebook.com/v/10150271828182845": "facebook:10150271828182845",
    "https://www.facebook.com/photo.php?v=10150271828182845": "facebook:10150271828182845",
    "https://www.dailymotion.com/embed/fr/video/x4c2de": "dailymotion:x4c2de",
    "https://vk.com/clip_ext.php?oid=-27&id=4562&hash=ab": "vk:-27_4562",
    "https://vimeo.com/user271828/review/40718292/3c257a1b5d": "vimeo:40718292",
    "https://www.youtube.com/embed/shorts/Zq3x-9Kd_aE": "youtube:Zq3x-9Kd_aE",
    "https://www.youtube.com/embed/watch?v=Zq3x-9Kd_aE": "youtube:Zq3x-9Kd_aE",
    "https://www.youtube.com/embed?v=Zq3x-9Kd_aE": "youtube:Zq3x-9Kd_aE",
    "https://www.youtube.com/embed/%22Zq3x-9Kd_aE": "youtube:Zq3x-9Kd_aE",
    "https://www.youtube.com/embed/https://youtu.be/Zq3x-9Kd_aE?t=3": "youtube:Zq3x-9Kd_aE",
    "https://www.youtube.com/embed/https://www.youtube.com/watch?v=Zq3x-9Kd_aE": "youtube:Zq3x-9Kd_aE",
    "https://www.youtube.com/embed/youtu.be/Zq3x-9Kd_aE": "youtube:Zq3x-9Kd_aE",
    "https://www.youtube.com/video/Zq3x-9Kd_aE": "youtube:Zq3x-9Kd_aE",
    "http://www.youtube.com/watch#!v=Zq3x-9Kd_aE&feature=x": "youtube:Zq3x-9Kd_aE",
    "https://static.fc2.com/misc/blog/view/ext_youtube_player.html?id=Zq3x-9Kd_aE&title=x": "youtube:Zq3x-9Kd_aE",
    "http://www.youtube.com/p/0F1E2D3C4B5A6978&hl=en&fs=1": "youtube:playlist:PL0F1E2D3C4B5A6978",
    "https://zen.yandex.ru/media/id/5b1c2d3e4f5061728394a5b6/most-otkryt-60c7c443da18892ebfe85ed7":
        "dzen:60c7c443da18892ebfe85ed7",
}  # fmt: skip


@pytest.mark.parametrize("address, post", ADDRESSES.items())
def test_an_address_of_its_day_names_the_post(address: str, post: str) -> None:
    known = recognise(address)
    assert known is not None and known.ref is not None and known.kind == "post"
    assert f"{known.ref.platform}:{known.ref.id}" == post


@pytest.mark.parametrize("address, post", ADDRESSES.items())
def test_where_it_is_looked_for_names_the_same_post(address: str, post: str) -> None:
    known = recognise(address)
    assert known is not None and known.ref is not None
    places = views(known.ref)
    assert places
    assert {
        f"{k.ref.platform}:{k.ref.id}" for v in places if (k := recognise(v.url)) and k.ref
    } == {post}


@pytest.mark.parametrize(
    "address",
    [
        "http://tvpot.daum.net/mypot/View.do?ownerid=o2scDLIVbHc0",
        "https://videoapi.my.mail.ru/videos/embed/mail/ana.ruiz/",
        "https://www.instagram.com/reels/audio/1234567890123/",
        "https://www.youtube.com/embed/watch?list=x",
        "https://www.dailymotion.com/fr/xboxnews",
        "https://rutube.ru/pl/?pl_id=1234&pl_type=user",
        "https://imgcache.qq.com/open/logo.swf?vid=k0192837abc",
        "https://serviceapi.nmv.naver.com/flash/convertIframeTag.nhn?outKey=V1",
    ],
)
def test_what_names_no_film(address: str) -> None:
    known = recognise(address)
    assert known is None or known.ref is None
