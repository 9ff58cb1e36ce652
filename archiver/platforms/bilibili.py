"""Bilibili. Source: embed-formats A1 row 14, A2 section 13–15."""

from archiver.platforms.contract import Address, Form, Platform

_BV = r"(?P<id>BV1[0-9A-Za-z]{9})"

BILIBILI = Platform(
    name="bilibili",
    label="Bilibili",
    hosts=("bilibili.com", "hdslb.com", "acg.tv"),
    short_hosts=("b23.tv",),
    forms=(
        Form(r"(?:/blackboard)?/(?:html5mobile)?player\.html", query=(("bvid", _BV),)),
        Form(r"(?:/blackboard)?/(?:html5mobile)?player\.html|/(?:miniloader|flash)\.swf", query=(("aid",
            r"(?P<av>\d+)"),), id="av{av}"),
        Form(r"/player\.html", query=(("ep_id", r"(?P<ep>\d+)"),), id="ep{ep}"),
        Form(rf"/(?:s/)?video/{_BV}(?:/.*)?"),
        Form(r"/(?:s/)?video/(?P<id>av\d+)(?:/.*)?"),
        Form(r"/bangumi/play/(?P<id>(?:ep|ss)\d+)"),
        Form(r"/opus/(?P<id>\d+)", id="opus:{id}"),
        Form(r"/(?P<id>\d{15,20})", host=r"t\.bilibili\.com", id="opus:{id}"),
        Form(r"/(?P<author>\d+)(?:/.*)?", host=r"(?:space|live)\.bilibili\.com", kind="profile"),
    ),
    addresses=(
        Address(
            id=_BV,
            permalink=("https://www.bilibili.com/video/{id}",),
            embed=("https://player.bilibili.com/player.html?bvid={id}&autoplay=0",),
        ),
        Address(
            id=r"(?P<id>av(?P<n>\d+))",
            permalink=("https://www.bilibili.com/video/{id}",),
            embed=("https://player.bilibili.com/player.html?aid={n}&autoplay=0",),
        ),
        Address(id=r"(?P<id>(?:ep|ss)\d+)", permalink=("https://www.bilibili.com/bangumi/play/{id}",)),
        Address(id=r"opus:(?P<id>\d+)", permalink=("https://www.bilibili.com/opus/{id}",)),
    ),
    types=("bilibili",),
    id_keys=("bvid", "bilibiliid"),
)  # fmt: skip
