"""Instagram. Source: embed-formats A1 row 2, A2 section 2. Posts, reels and tv share one id space.

Its card without data may show the first picture of several (others' notes): such a capture is partial.
Never seen live: the embed view's elements and its broken card (by its documentation and others' notes).
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.times import instagram
from archiver.platforms.signs import Sign

_CODE = r"(?P<id>[\w-]{5,50})"

INSTAGRAM = Platform(
    name="instagram",
    label="Instagram",
    hosts=(
        "instagram.com", "instagr.am", "ddinstagram.com", "kkinstagram.com", "vxinstagram.com",
        "instagramez.com", "imginn.com",
    ),
    forms=(
        Form(r"/(?:accounts|explore|direct|oauth|developer|about|legal|web|static)(?:/.*)?", kind="share"),
        Form(r"/share/(?:p|reel|r)/[\w-]+|/share/[\w-]+", kind="short"),
        Form(rf"(?:/(?P<author>[\w.]+))?/(?P<what>p|reel|tv)/{_CODE}(?:/.*)?"),
        Form(rf"/(?P<w>reels|videos)/(?!audio/){_CODE}(?:/.*)?"),
        Form(r"/stories/(?P<author>[\w.]+)/(?P<story>\d+)", id="story:{author}/{story}"),
        Form(r"/(?P<author>[\w.]{1,30})(?:/(?:embed|reels|tagged|channel))?", kind="profile"),
    ),
    addresses=(
        Address(
            id=_CODE,
            permalink=("https://www.instagram.com/{what}/{id}/", "https://www.instagram.com/p/{id}/"),
            embed=(
                "https://www.instagram.com/{what}/{id}/embed/captioned/",
                "https://www.instagram.com/p/{id}/embed/captioned/",
            ),
        ),
        Address(id=r"story:(?P<author>[\w.]+)/(?P<story>\d+)",
        permalink=("https://www.instagram.com/stories/{author}/{story}/",)),
    ),
    markups=(
        Markup(
            "instagram.blockquote", "blockquote.instagram-media",
            "url:data-instgrm-permalink link url:cite", caption=True,
        ),
        Markup("instagram.placeholder", ".instagram-media", "url:data-instgrm-permalink url:src link"),
        Markup("instagram.placeholder", "[data-instgrm-permalink]", "url:data-instgrm-permalink"),
        Markup("instagram.tarteaucitron", ".instagram_post", "id:postid url:data-instgrm-permalink"),
        Markup("instagram.amp", "amp-instagram", "id:data-shortcode"),
        Markup("instagram.embetty", "embetty-instagram", "id:status url:url"),
    ),
    time=instagram, one_id=True,
    types=("instagram", "instagrampost", "instagramblockelement", "instagramembed"),
    id_keys=("shortcode", "instagramid", "instagram_id"),
    unseen="The share and stories addresses were never seen answering without an account.",
    drawn=(".EmbeddedMedia", ".EmbeddedMediaImage", ".Embed .Caption", "main article", "article[role=presentation]"),
    element=(".Embed", "main article", "article"),
    signs=(
        Sign("instagram.login", Status.LOGIN_WALL, "json", "require_login=true",
             "Instagram shows this only to visitors who log in"),
        Sign("instagram.shell", Status.FAILED, "json", "contextJSON=null",
             "Instagram sent an empty card instead of the post"),
        Sign("instagram.card-only", Status.PARTIAL, "json", "contextJSON=null",
             "Instagram sent a card without the post's data; there may be more pictures than it shows",
             strength="weak"),
        Sign(
            "instagram.broken", Status.FAILED, "css", ".EmbedIsBroken, .ebmMessage",
            "Instagram says that the link may be broken or the post removed, as it also does of private posts and of "
            "posts not to be embedded", strength="weak", witness="embed",
        ),
        Sign("instagram.title", Status.GONE, "css", "title :: (?:Page|Post|Content) (?:not found|isn.t available).*",
             "Instagram says that the page does not exist", strength="weak"),
        Sign("instagram.sorry", Status.GONE, "text", r"Sorry, this page isn.t available\.",
             "Instagram says that the page is not available", strength="weak"),
    ),
)  # fmt: skip
