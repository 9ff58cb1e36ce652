"""NicoNico, Aparat, Youku, QQ, Sina, Likee. Source: embed-formats A1 rows 48, 49, 64, 66."""

import re
from datetime import datetime

from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.tail import player
from archiver.platforms.engine.times import instant, snowflake


def niconico_time(post_id: str) -> datetime | None:
    """A bare ten-digit id of a channel's video is the second it was made."""
    return instant(int(post_id) * 1000) if re.fullmatch(r"1\d{9}", post_id) else None


_NICO = r"(?P<id>(?:sm|nm|so|nl)\d{1,12}|\d{3,12})"

NICONICO = Platform(
    name="niconico",
    label="NicoNico",
    hosts=("nicovideo.jp", "nico.ms"),
    forms=(
        Form(rf"/{_NICO}", host=r"nico\.ms"),
        Form(rf"/(?:watch|thumb|thumb_watch|embed)/{_NICO}(?:/script)?"),
        Form(r"/(?:user|mylist|series|channel)/.*", kind="widget"),
    ),
    addresses=(
        Address(
            id=_NICO,
            permalink=("https://www.nicovideo.jp/watch/{id}",),
            embed=("https://embed.nicovideo.jp/watch/{id}",),
        ),
    ),
    time=niconico_time,
    types=("niconico", "nicovideo"),
    id_keys=("niconicoid",),
)

LIKEE = Platform(
    name="likee",
    label="Likee",
    hosts=("likee.video", "likee.com"),
    short_hosts=("l.likee.video",),
    forms=(
        Form(r"/@(?P<author>[\w.-]+)/video/(?P<id>\d{19})"),
        Form(r"/(?:embed|v|video)/(?P<id>\d{19})"),
        Form(r"/@(?P<author>[\w.-]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=r"(?P<id>\d{19})",
            permalink=("https://likee.video/@{author}/video/{id}", "https://likee.video/v/{id}"),
            embed=("https://likee.video/embed/{id}",),
        ),
    ),
    time=snowflake(32, scale=1000),
    types=("likee",),
    unseen="The embed view was never seen live.",
)

ASIA_VIDEO = (
    NICONICO,
    LIKEE,
    player(
        "aparat", "Aparat", "aparat.com",
        (
            r"/v/(?P<id>[A-Za-z0-9]{5,7})(?:/.*)?", r"/embed/(?P<id>[A-Za-z0-9]{5,7})",
            r"/video/video/embed/(?:\w+/\w+/)*videohash/(?P<id>[A-Za-z0-9]{5,7})(?:/.*)?",
            Form(r"/public/(?:public/)?player/.*", query=(("videohash", r"(?P<id>[A-Za-z0-9]{5,7})"),)),
        ),
        "https://www.aparat.com/v/{id}",
        "https://www.aparat.com/video/video/embed/videohash/{id}/vt/frame",
        markups=(Markup("aparat.iframe", ".h_iframe-aparat_embed_frame", "link"),),
    ),
    player(
        "youku", "Youku", "youku.com",
        (r"/v_show/id_(?P<id>[A-Za-z0-9=]+)(?:\.html)?", r"/embed/(?P<id>[A-Za-z0-9=]+)",
         r"/player\.php/(?:\w+/\w+/)*sid/(?P<id>[A-Za-z0-9=]+)/.*"),
        "https://v.youku.com/v_show/id_{id}.html", "https://player.youku.com/embed/{id}",
        id=r"(?P<id>[A-Za-z0-9=]{8,40})",
    ),
    player(
        "qqvideo", "Tencent Video", "v.qq.com video.qq.com imgcache.qq.com",
        (
            r"/x/(?:page|cover/\w+)/(?P<id>[a-z0-9]{11})(?:\.html)?",
            Form(r"/(?:txp/)?iframe/(?:player|preview)\.html|/(?:\w+/)*TPout\.swf",
                 query=(("vid", r"(?P<id>\w{11})"),)),
        ),
        "https://v.qq.com/x/page/{id}.html", "https://v.qq.com/txp/iframe/player.html?vid={id}",
        id=r"(?P<id>\w{11})",
    ),
    player(
        "sinavideo", "Sina Video", "video.sina.com.cn",
        (r"/share/video/(?P<id>\d+)\.swf", r"/view/(?P<id>\d+)\.html"),
        "https://video.sina.com.cn/view/{id}.html",
    ),
)  # fmt: skip
"""Video sites of Japan, China and Iran, one row each."""
