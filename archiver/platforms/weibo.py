"""Weibo. Source: embed-formats A1 row 13, A2 section 13–15. A bid in base 62 and a number name one post."""

from archiver.platforms.contract import Address, Form, Platform
from archiver.platforms.engine.times import weibo

_ID = r"(?P<id>\d{16}|[0-9A-Za-z]{9})"

WEIBO = Platform(
    name="weibo",
    label="Weibo",
    hosts=("weibo.com", "weibo.cn"),
    short_hosts=("t.cn",),
    forms=(
        Form(r"/share/.*|/relationship/.*|/login.*|/signup.*", kind="share"),
        Form(r"/weiboshow.*", kind="widget"),
        Form(rf"/(?:status|detail|statuses|ttarticle/p/show)/{_ID}"),
        Form(r"/tv/show/(?P<id>\d+:\w+)"),
        Form(r"/show", query=(("fid", r"(?P<id>\d+:\w+)"),)),
        Form(rf"/(?P<author>\d{{5,12}})/{_ID}"),
        Form(r"/(?:u/)?(?P<author>[\w.-]+)", kind="profile"),
    ),
    addresses=(
        Address(id=r"(?P<id>\d+:\w+)", permalink=("https://weibo.com/tv/show/{id}",)),
        Address(
            id=_ID,
            permalink=("https://weibo.com/{author}/{id}", "https://m.weibo.cn/status/{id}"),
            embed=("https://m.weibo.cn/status/{id}",),
        ),
    ),
    time=weibo,
    types=("weibo",),
    id_keys=("weiboid",),
    unseen="The epoch rests on two posts; the visitor wall was never passed.",
)
