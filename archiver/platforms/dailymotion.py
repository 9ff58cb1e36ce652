"""Dailymotion. Source: embed-formats A1 row 27, A2 table 26–51."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Call, Form, Markup, Platform
from archiver.platforms.signs import Sign

_ID = r"(?P<id>[xk][a-zA-Z0-9]{4,20})"
_DATA = r"/(?:player/metadata|video)/(?:.*/)?{id}"
_OPTIONS = rf".{{0,300}}?\bvideo['\"]?\s*:\s*['\"]{_ID}['\"]"

DAILYMOTION = Platform(
    name="dailymotion",
    label="Dailymotion",
    hosts=("dailymotion.com", "dai.ly"),
    forms=(
        Form(r"/player(?:/[\w-]+)?\.html", query=(("video", _ID),)),
        Form(rf"/(?:(?:embed|swf|widget)/)?(?:[a-z]{{2}}/(?=video/))?(?:video/)?{_ID}(?:[_&].*)?",
             host=r"(?:[\w-]+\.)?dailymotion\.com"),
        Form(rf"/{_ID}", host=r"dai\.ly"),
        Form(r"/(?:embed/)?playlist/\w+(?:/.*)?|/player(?:/.*)?", kind="widget"),
        Form(r"/(?P<author>[\w-]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=("https://www.dailymotion.com/video/{id}",),
            embed=("https://geo.dailymotion.com/player.html?video={id}",),
        ),
    ),
    markups=(
        Markup("dailymotion.amp", "amp-dailymotion", "id:data-videoid"),
        Markup("dailymotion.lite", "lite-dailymotion", "id:videoid"),
        Markup("dailymotion.script", "script[data-video]", "id:data-video", when=r"src=.*\bdailymotion\.com/player/.*"),
        Markup("dailymotion.tarteaucitron", ".dailymotion_player", "id:videoid id:data-videoid"),
    ),
    calls=(
        Call("dailymotion.script", "dailymotion.createPlayer", r"\.createPlayer\(" + _OPTIONS),
        Call("dailymotion.script", "DM.player", r"DM\.player\(" + _OPTIONS),
    ),
    endpoints=("https://www.dailymotion.com/services/oembed?url={url}",),
    types=("dailymotion", "dailymotionvideo", "videodailymotion"),
    id_keys=("dailymotionid", "dailymotion_id"),
    signs=(
        Sign("dailymotion.country", Status.WITHHELD, "json", "error.code=DM007",
             "the video is not shown in this country",
             _DATA, "authoritative"),
        Sign("dailymotion.error", Status.GONE, "json", r"error.code=DM\d+",
             "Dailymotion's player says that it cannot have the video", _DATA, "weak", "player"),
        Sign("dailymotion.private", Status.PRIVATE, "json", "id={id}; private=true", "the video is private"),
        Sign("dailymotion.oembed-404", Status.GONE, "status", "404", "Dailymotion does not know the video",
             r"/services/oembed", witness="oembed"),
        Sign("dailymotion.oembed-403", Status.FAILED, "status", "403", "the owner lets no other site show it",
             r"/services/oembed"),
    ),
)  # fmt: skip
