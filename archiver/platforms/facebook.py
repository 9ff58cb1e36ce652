"""Facebook posts, photos, videos and reels. Source: embed-formats A1 rows 3 and 4, A2 section 3–4.

One post has several ids (its number, a pfbid token, the number of its photo or video); they are not
merged by guess.
Never seen live: the plugin and page that say a post is no longer available, the block page.
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

_ID = r"(?P<id>\d{5,20}(?:_\d+)?|pfbid\w{10,})"
_PAGE = r"(?P<author>[^/]+)"
_NUM = r"\d{5,20}"
_POST = (("story_fbid", _ID), ("id", r"(?P<author>\d*)"))
_PLUGIN = r"(?:/[a-z]{2}_[A-Z]{2})?(?:/v\d+\.\d+)?/plugins/(?:post|video|comment_embed)(?:\.php)?"

FACEBOOK = Platform(
    name="facebook",
    label="Facebook",
    hosts=("facebook.com", "fb.com", "facebookwkhpilnemxj7asaniu7vnjjbiltxjqhye3mhbshg7kx5tfyd.onion"),
    short_hosts=("fb.watch", "fb.me"),
    forms=(
        Form(_PLUGIN, query=(("href", r"(?P<to>.+)"),)),
        Form(r".*/plugins/(?:page|group|feed|activity|facepile)(?:\.php)?", kind="widget"),
        Form(r".*/plugins/.*|/sharer.*|/share\.php|/dialog/.*|/tr|/login.*|/x/oauth.*", kind="share"),
        Form(r"/share/(?:[prv]/)?\w+", kind="short"),
        Form(r"/(?:video/embed|(?:video|photo)\.php|watch(?:/live)?)", query=(("v", rf"(?P<video>{_NUM})"),),
             id="{video}"),
        Form(r"/video/embed", query=(("video_id", rf"(?P<video>{_NUM})"),), id="{video}"),
        Form(rf"/reels?/(?P<reel>{_NUM})", id="{reel}"),
        Form(rf"/v/(?P<video>{_NUM})", id="{video}"),
        Form(r"/(?:permalink|story)\.php", query=_POST),
        Form(rf"/{_PAGE}/posts/(?:[^/]+/)?{_ID}"),
        Form(rf"/groups/(?P<group>[^/]+)/(?:permalink|posts)/{_ID}"),
        Form(r"/groups/(?P<group>[^/]+)", query=(("multi_permalinks", rf"{_ID}(?:,.*)?"),)),
        Form(rf"/{_PAGE}/videos/(?:[^/]+/)*(?P<video>{_NUM})", id="{video}"),
        Form(rf"/{_PAGE}/photos/(?:[^/]+/)*(?P<photo>{_NUM})", id="{photo}"),
        Form(r"/photo(?:\.php)?", query=(("fbid", rf"(?P<photo>{_NUM})"),), id="{photo}"),
        Form(rf"/notes/{_PAGE}/[^/]+/(?P<note>{_NUM})", id="{note}"),
        Form(rf"/events/(?P<event>{_NUM})(?:/.*)?", kind="widget"),
        Form(r"/media/set(?:/.*)?|/groups/[^/]+", kind="widget"),
        Form(r"/(?P<id>\d{5,20}_\d{5,20})"),
        Form(r"/(?P<id>pfbid\w{10,})"),
        Form(r"/(?:pages/[^/]+/\d+|profile\.php|people/.+)", kind="profile"),
        Form(rf"/(?:pg/)?{_PAGE}", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=(
                "https://www.facebook.com/reel/{reel}",
                "https://www.facebook.com/watch/?v={video}",
                "https://www.facebook.com/photo/?fbid={photo}",
                "https://www.facebook.com/notes/{author}/note/{note}",
                "https://www.facebook.com/groups/{group}/posts/{id}/",
                "https://www.facebook.com/{author}/posts/{id}",
                "https://www.facebook.com/permalink.php?story_fbid={id}",
            ),
            embed=("https://www.facebook.com/plugins/post.php?href={url}&show_text=true&width=500&locale=en_US",),
        ),
    ),
    markups=(
        Markup("facebook.post", ".fb-post", "url:data-href url:cite link", caption=True),
        Markup("facebook.video", ".fb-video", "url:data-href url:cite link", caption=True),
        Markup("facebook.comment", ".fb-comment-embed", "url:data-href"),
        Markup("facebook.fallback", ".fb-xfbml-parse-ignore", "url:cite link", caption=True),
        Markup("facebook.xfbml", "fb:post", "url:href"),
        Markup("facebook.xfbml", "fb:video", "url:href"),
        Markup("facebook.amp", "amp-facebook", "url:data-href"),
        Markup("facebook.tarteaucitron", ".tac_facebookpost", "url:data-url"),
        Markup("facebook.page", ".fb-page", "url:data-href", role="widget"),
        Markup("facebook.page", ".fb-group", "url:data-href", role="widget"),
        Markup("facebook.page", ".fb-like-box", "url:data-href", role="widget"),
        Markup("facebook.page", "amp-facebook-page", "url:data-href", role="widget"),
    ),
    types=("facebook", "facebookpost", "facebookvideo", "facebookembed"),
    unseen="permalink.php without the page's number was never seen answering.",
    drawn=(
        "[data-testid=post_message]", ".userContent", "[data-ad-preview=message]", "[data-ad-comet-preview=message]",
        ".userContentWrapper", "[role=article]", "video",
    ),
    element=(".userContentWrapper", "[role=article]", "[data-testid=newsFeedStream]", "video"),
    signs=(
        Sign("facebook.browser", Status.BOT_WALL, "url", r"/unsupportedbrowser\b",
             "Facebook sends this kind of visitor away"),
        Sign("facebook.blocked", Status.BOT_WALL, "css", "title :: (?:You.re Temporarily Blocked|Security Check).*",
             "Facebook has blocked this visitor for a while"),
        Sign("facebook.login", Status.LOGIN_WALL, "css", "title :: Log (?:in|into) (?:to )?Facebook.*",
             "Facebook shows this only to visitors who log in"),
        Sign(
            "facebook.plugin", Status.GONE, "text", "post is no longer available|video is no longer available",
            "Facebook's plugin says that it is no longer available, as of private posts too, and of "
            "posts not to be embedded", r"/plugins/", "weak", "plugin",
        ),
        Sign(
            "facebook.unavailable", Status.GONE, "text",
            "(?:This )?(?:content|page) isn.t available (?:right now|at the moment)",
            "Facebook says that the content is not available: deleted, or shown to some only", "", "weak", "page",
        ),
    ),
)  # fmt: skip
