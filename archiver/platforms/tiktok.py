"""TikTok. Source: embed-formats A1 row 6, A2 section 6. The id is minted seconds before publishing."""

from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.times import snowflake

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
    time=snowflake(32, scale=1000),
    endpoints=("https://www.tiktok.com/oembed?url={url}",),
    types=("tiktok", "tiktokvideo", "tiktokembed"),
    id_keys=("tiktokid", "tiktok_id"),
)  # fmt: skip
