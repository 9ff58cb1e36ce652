"""TikTok. Source: embed-formats A1 row 6, A2 section 6. The id is minted seconds before publishing.

Never seen live: the embed view, and any answer for a video that cannot be seen. Embed view and page draw one
state of one server, which is also that of a video blocked in the visitor's region: one witness (`state`).
The oEmbed service answers apart from that and whatever the region: the other witness.
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.times import snowflake
from archiver.platforms.signs import Sign

_ID = r"(?P<id>\d{15,20})"
_USER = r"@(?P<author>[\w.-]*)"

TIKTOK = Platform(
    name="tiktok",
    label="TikTok",
    hosts=("tiktok.com", "tiktokv.com", "vxtiktok.com", "tnktok.com", "tiktxk.com"),
    host_shapes=(r"proxitok\..+",),
    short_hosts=("vm.tiktok.com", "vt.tiktok.com"),
    forms=(
        Form(rf"/{_USER}/(?P<what>video|photo)/{_ID}(?:/.*)?"),
        Form(rf"/(?:embed|player)(?:/v\d)?/{_ID}"),
        Form(rf"/(?:share/video|v|i18n/share/video|video)/{_ID}(?:\.html)?(?:/.*)?"),
        Form(r"/t/\w+", kind="short"),
        Form(r"/embed/(?:@.+|curated.*|tag.*)|/(?:tag|music|discover)/.+", kind="widget"),
        Form(r"/(?:share|login|upload).*", kind="share"),
        Form(rf"/{_USER}(?:/live)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=(
                "https://www.tiktok.com/@{author}/{what}/{id}",
                "https://www.tiktok.com/@{author}/video/{id}",
                "https://www.tiktok.com/@/video/{id}",
            ),
            embed=("https://www.tiktok.com/embed/v2/{id}?lang=en",),
        ),
    ),
    markups=(
        Markup(
            "tiktok.creator", ".tiktok-embed", "url:cite", role="widget",
            when="data-embed-type=creator|curated|trending|tag|music",
        ),
        Markup("tiktok.blockquote", ".tiktok-embed", "id:data-video-id url:cite link", caption=True),
        Markup("tiktok.amp", "amp-tiktok", "id:data-src url:data-src"),
    ),
    time=snowflake(32, scale=1000), one_id=True,
    endpoints=("https://www.tiktok.com/oembed?url={url}",),
    types=("tiktok", "tiktokvideo", "tiktokembed"),
    id_keys=("tiktokid", "tiktok_id"),
    drawn=(
        "[data-e2e=browse-video-desc]", "[data-e2e=video-desc]", "[data-e2e*=VideoDescription]",
        "[data-e2e=Player-index-Wrapper]",
        "[data-e2e=feed-video]", "video[src]",
    ),
    element=("[data-e2e=Player-index-Wrapper]", "[data-e2e=browse-video]", "[data-e2e=feed-video]", "video"),
    signs=(
        Sign("tiktok.private", Status.PRIVATE, "json", "statusCode=(?:10216|10222)", "the video is private",
             "{main}|/item/detail/.*{id}", "authoritative"),
        Sign("tiktok.captcha", Status.BOT_WALL, "css",
             ".captcha_verify_container, #captcha_container, #captcha-verify-image",
             "TikTok asks visitors to prove that they are no robot"),
        Sign("tiktok.login", Status.LOGIN_WALL, "url", r"tiktok\.com/login\b",
             "TikTok shows this only to visitors who log in"),
        Sign("tiktok.missing", Status.GONE, "json", "statusCode=10204; statusMsg=.*(?:exist|delet|removed).*",
             "TikTok says that the video does not exist", witness="state"),
        Sign("tiktok.unavailable", Status.GONE, "json", "statusCode=10204",
             "TikTok does not show the video: removed, or not shown in this region", strength="weak",
             witness="state"),
        Sign("tiktok.unavailable-shown", Status.GONE, "css", "[data-e2e=Player-index-Unavailable]",
             "TikTok says that the video is currently unavailable", strength="weak", witness="state"),
        Sign("tiktok.oembed", Status.GONE, "status", "404", "TikTok does not know the video",
             r"tiktok\.com/oembed", witness="oembed"),
        Sign("tiktok.oembed-400", Status.GONE, "status", "400", "TikTok does not know the video",
             r"tiktok\.com/oembed\?url=[^&]*(?:@|%40)\w", witness="oembed"),
    ),
)  # fmt: skip
