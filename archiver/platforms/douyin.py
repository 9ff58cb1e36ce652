"""Douyin. Source: embed-formats A1 row 7, A2 section 6–7."""

from archiver.platforms.contract import Address, Form, Platform
from archiver.platforms.engine.times import snowflake

_ID = r"(?P<id>\d{15,20})"

DOUYIN = Platform(
    name="douyin",
    label="Douyin",
    hosts=("douyin.com", "iesdouyin.com"),
    short_hosts=("v.douyin.com",),
    forms=(
        Form(r"/player/video", query=(("vid", _ID),)),
        Form(rf"/(?:video|note|share/video)/{_ID}(?:/.*)?"),
        Form(query=(("modal_id", _ID),)),
        Form(r"/user/(?P<author>[\w-]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=("https://www.douyin.com/video/{id}",),
            embed=("https://open.douyin.com/player/video?vid={id}&autoplay=0",),
        ),
    ),
    time=snowflake(32, scale=1000),
    types=("douyin",),
    id_keys=("douyinid",),
)
