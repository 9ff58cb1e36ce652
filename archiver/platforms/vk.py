"""VK: wall posts, videos, clips. Source: embed-formats A1 rows 10 and 11, A2 section 10–12.

An id is `owner_post`, negative for communities; a video's begins with `video`, since both count anew.
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Call, Form, Markup, Platform
from archiver.platforms.signs import Sign

_ID = r"(?P<id>-?\d+_\d+)"
_VIDEO = r"(?P<id>(?P<oid>-?\d+)_(?P<vid>\d+))"
_TOLD = "#video_ext_msg, .video_layer_message, .message_page_body"
_W = rf"wall{_ID}.*"

VK = Platform(
    name="vk",
    label="VK",
    hosts=("vk.com", "vk.ru", "vkvideo.ru", "vkontakte.ru", "daxab.com"),
    short_hosts=("vk.cc",),
    forms=(
        Form(r"/(?:share\.php|js/.*|widget_(?:like|auth|comments|subscribe|recommended).*|login.*)", kind="share"),
        Form(r"/widget_(?:group|community|poll|article).*", kind="widget"),
        Form(r"/(?:video_ext|clip_ext)\.php|/video_embed", query=(("oid", r"(?P<oid>-?\d+)"), ("id", r"(?P<vid>\d+)")),
             id="{oid}_{vid}"),
        Form(r"/widget_post\.php", query=(("owner_id", r"(?P<oid>-?\d+)"), ("post_id", r"(?P<vid>\d+)")),
            id="{oid}_{vid}"),
        Form("", query=(("w", _W),)),
        Form(query=(("z", rf"(?P<what>video|clip){_VIDEO}.*"),)),
        Form(rf"/wall{_ID}(?:/.*)?"),
        Form(rf"/(?:[\w.]+/)?(?P<what>video|clip){_VIDEO}(?:/.*)?"),
        Form(r"/(?:playlist|video/playlist|clips/|videos).*", kind="widget"),
        Form(r"/(?P<author>[\w.]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=(
                "https://vk.com/{what}{id}",
                "https://vk.com/video{oid}_{vid}",
                "https://vk.com/wall{id}",
            ),
            embed=("https://vk.com/video_ext.php?oid={oid}&id={vid}",),
        ),
    ),
    markups=(
        Markup("vk.amp", "amp-vk[data-post-id]", "id:data-post-id={data-owner-id}_{}", when=r"data-owner-id=-?\d+"),
        Markup("vk.group", "[data-vk-group]", role="widget"),
    ),
    calls=(
        Call(
            "vk.script", "VK.Widgets",
            r"VK\.Widgets\.Post\(\s*['\"][^'\"]*['\"]\s*,\s*['\"]?(?P<oid>-?\d+)['\"]?\s*,\s*['\"]?(?P<post>\d+)",
            "{oid}_{post}",
        ),
        Call("vk.script", "VK.Widgets", r"VK\.Widgets\.Group\(", role="widget"),
    ),
    types=("vk", "vkpost", "vkontakte", "vkvideo"),
    id_keys=("vkpostid",),
    unseen="widget_post.php needs a hash from the page, so a wall post is looked at on its own page.",
    drawn=(".wall_post_text", ".wi_body", ".videoplayer_ui", ".videoplayer_title", "[class*=vkitPostText]"),
    element=(".wall_item", "._post", ".videoplayer", "[class*=vkitPost]"),
    signs=(
        Sign("vk.rights", Status.WITHHELD,
             "css", _TOLD + " :: .*(?:правообладател|нарушени|rightholder|copyright|breach).*",
             "VK has taken it down for somebody's rights or its rules"),
        Sign("vk.blocked", Status.WITHHELD, "css", _TOLD + " :: .*(?:был заблокирован|is blocked|has been blocked).*",
             "VK has blocked the author"),
        Sign("vk.login", Status.LOGIN_WALL, "css", _TOLD + " :: .*(?:log in|авториз|войд).*",
             "VK shows it only to visitors who log in"),
        Sign("vk.private", Status.PRIVATE,
             "css", _TOLD + " :: .*(?:доступ (?:ограничен|запрещ)|access denied|private|приватн).*",
             "VK shows it to some only"),
        Sign("vk.error", Status.GONE, "css", _TOLD, "VK shows a message instead: deleted, hidden, or never there",
             "", "weak"),
        Sign("vk.browser", Status.BOT_WALL, "url", r"/badbrowser\.php", "VK sends this kind of visitor away"),
    ),
)  # fmt: skip
