"""Weibo. Source: embed-formats A1 row 13, A2 section 13–15. A bid in base 62 and a number name one post."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Platform
from archiver.platforms.engine.times import weibo
from archiver.platforms.signs import Sign

_ID = r"(?P<id>\d{16}|[0-9A-Za-z]{9})"

WEIBO = Platform(
    name="weibo",
    label="Weibo",
    hosts=("weibo.com", "weibo.cn"),
    short_hosts=("t.cn",),
    forms=(
        Form(r"/share/.*|/relationship/.*|/login.*|/signup.*", kind="share"),
        Form(r"/weiboshow.*", kind="widget"),
        Form(rf"/(?:status|detail|statuses|comment|repost|mblog/picAll|ttarticle/p/show)/{_ID}"),
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
    drawn=(".weibo-text", ".WB_text", "[class*=detail_wbtext]", ".c .ctt"),
    element=(".weibo-main", ".WB_detail", "article"),
    signs=(
        Sign("weibo.visitor", Status.BOT_WALL, "url", r"//passport\.weibo\.(?:com|cn)/visitor",
             "Weibo sends visitors through a gate of scripts"),
        Sign("weibo.login", Status.LOGIN_WALL, "json", "$.ok=-100", "Weibo shows it only to visitors who log in"),
        Sign("weibo.permission", Status.PRIVATE, "json", "$.errno=2011[02]",
             "the author shows it to some only"),
        Sign("weibo.none", Status.GONE, "json", "$.errno=20101", "Weibo says that there is no such post",
             r"/statuses/(?:show|extend)", "strong", "api"),
        Sign("weibo.none-code", Status.GONE, "json", "$.error_code=20101", "Weibo says that there is no such post",
             r"/statuses/(?:show|extend)", "strong", "api"),
        Sign("weibo.not-ok", Status.GONE, "json", "$.ok=0",
             "Weibo does not show the post: deleted, or not for everybody",
             r"/statuses/(?:show|extend)", "weak", "api"),
        Sign("weibo.error-page", Status.GONE, "css", ".h5-4box .h5-4con, .page_error .note, .errorPage, .emptyCon",
             "Weibo shows an error page instead of the post", "", "weak"),
    ),
)  # fmt: skip
