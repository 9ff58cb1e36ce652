"""Tumblr. Source: embed-formats A1 row 24, A2 section 22–25. The embed view needs a hash of the carrier."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

_ID = r"(?P<id>\d{8,19})"
_BLOG = r"(?P<author>[\w-]+)"

TUMBLR = Platform(
    name="tumblr",
    label="Tumblr",
    hosts=("tumblr.com",),
    short_hosts=("tmblr.co",),
    forms=(
        Form(r"/(?:share|widgets|login|register|upload).*|/follow/.*", kind="share"),
        Form(rf"/embed/post/(?P<hash>[\w:-]+)/{_ID}(?:/.*)?", id="{hash}/{id}"),
        Form(rf"/(?:post|image|private)/{_ID}(?:/.*)?", host=r"(?P<author>(?!www\.)[\w-]+)\.tumblr\.com",
            id="{author}/{id}"),
        Form(rf"/(?:dashboard/)?(?:blog/(?:view/)?)?{_BLOG}/{_ID}(?:/.*)?", id="{author}/{id}"),
        Form(r"/(?:tagged|search|explore|docs|about|policy)(?:/.*)?", kind="share"),
        Form("", host=r"(?P<author>(?!(?:www|platform|assets|embed|api|media)\.)[\w-]+)\.tumblr\.com", kind="profile"),
        Form(rf"/(?:blog/view/)?@?{_BLOG}", host=r"(?:www\.)?tumblr\.com", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"(?P<hash>(?=[\w:-]*[A-Z_:])[\w:-]{{16,}})/{_ID}",
            permalink=("https://embed.tumblr.com/embed/post/{hash}/{id}",),
            embed=("https://embed.tumblr.com/embed/post/{hash}/{id}",),
        ),
        Address(
            id=rf"{_BLOG}/{_ID}",
            permalink=("https://{author}.tumblr.com/post/{id}",),
        ),
    ),
    markups=(
        Markup("tumblr.post", ".tumblr-post", "link url:data-href", caption=True),
        Markup("tumblr.post", "[data-tumblr-post]", "url:data-href"),
    ),
    endpoints=("https://www.tumblr.com/oembed/1.0?url={url}",),
    types=("tumblr", "tumblrpost"),
    signs=(
        Sign("tumblr.oembed-404", Status.GONE, "status", "404", "Tumblr does not know the post", r"tumblr\.com/oembed",
             witness="oembed"),
        Sign("tumblr.login", Status.LOGIN_WALL, "url", r"tumblr\.com/(?:safe-mode|login_required)",
             "the blog is shown only to visitors who log in"),
    ),
)  # fmt: skip
