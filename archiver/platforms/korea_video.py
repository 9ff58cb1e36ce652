"""Naver TV and the films of Naver's blogs, KakaoTV and Daum before it. Source: embed-formats A1 rows 47, 65."""

from archiver.platforms.contract import Address, Form, Platform

_VID = r"(?P<vid>[A-Za-z][A-Za-z0-9]{8,24}\$?|\w{10}\$)"
"""The other id of a film at Kakao, which blogs embed."""
_KAKAO = "https://play-tv.kakao.com/embed/player/cliplink/"
_NAVER = "https://serviceapi.nmv.naver.com/flash/convertIframeTag.nhn?vid={vid}"

NAVERTV = Platform(
    name="navertv", label="Naver TV",
    types=("navertv", "navertvvideo", "navervideo"), id_keys=("navertvid", "navertv_id"), short_hosts=("naver.me",),
    hosts=("tv.naver.com", "tvcast.naver.com", "nmv.naver.com", "rmcnmv.naver.com"),
    forms=(
        Form(r"/(?:v|embed|h)/(?P<id>\d+)"),
        Form(r"/flash/\w+\.(?:nhn|naver)", query=(("vid", r"(?P<vid>[0-9A-F]{20,60})"),), id="{vid}"),
        Form(r"/(?:l|c)/.*", kind="widget"),
    ),
    addresses=(
        Address(id=r"(?P<id>\d+)", permalink=("https://tv.naver.com/v/{id}",),
                embed=("https://tv.naver.com/embed/{id}",)),
        Address(id=r"(?P<vid>[0-9A-F]{20,60})", permalink=(_NAVER,), embed=(_NAVER,)),
    ),
    unseen="A film in a blog is shown only with a key of the page it is in.",
)  # fmt: skip

KAKAOTV = Platform(
    name="kakaotv", label="KakaoTV", types=("kakaotv", "kakaotvvideo"), id_keys=("kakaotvid", "kakaotv_id"),
    hosts=("tv.kakao.com", "play-tv.kakao.com", "kakaotv.daum.net", "tvpot.daum.net", "videofarm.daum.net"),
    forms=(
        Form(r"/(?:v|channel/\d+/cliplink|embed/player/cliplink)/(?P<id>\d+)(?:@my)?(?:/.*)?"),
        Form(rf"/(?:v|embed/player/cliplink)/{_VID}(?:@my)?", id="{vid}"),
        Form(r"/(?:clip|mypot)/\w+\.(?:do|tv)", query=(("clipid", r"(?P<id>\d+)"),)),
        Form(r"/controller/(?:video/viewer|player)/.*", query=(("vid", _VID),), id="{vid}"),
    ),
    addresses=(
        Address(id=r"(?P<id>\d+)", permalink=("https://tv.kakao.com/v/{id}",), embed=(_KAKAO + "{id}",)),
        Address(id=_VID, permalink=(_KAKAO + "{vid}@my",), embed=(_KAKAO + "{vid}@my",)),
    ),
    endpoints=("https://tv.kakao.com/oembed?url={url}",),
    unseen="Known by its addresses only.",
)  # fmt: skip

KOREA_VIDEO = (NAVERTV, KAKAOTV)
