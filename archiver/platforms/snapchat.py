"""Snapchat. Source: embed-formats A1 row 25, A2 section 22–25."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

_ID = r"(?P<id>W7_[\w-]+)"

SNAPCHAT = Platform(
    name="snapchat",
    label="Snapchat",
    hosts=("snapchat.com",),
    forms=(
        Form(rf"/(?:@(?P<author>[\w.-]+)/)?spotlight/{_ID}(?:/embed)?"),
        Form(r"/p/(?P<token>[\w-]+(?:/\d+)?)(?:/embed)?", id="p/{token}"),
        Form(r"/lens/(?P<lens>[0-9a-f]{32})(?:/embed)?", kind="widget"),
        Form(r"/t/\w+", kind="short"),
        Form(r"/(?:scan|share|accounts).*", kind="share"),
        Form(r"/(?:add/|@)(?P<author>[\w.-]+)(?:/embed)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=("https://www.snapchat.com/spotlight/{id}",),
            embed=("https://www.snapchat.com/spotlight/{id}/embed",),
        ),
        Address(id=r"p/(?P<token>[\w/-]+)", permalink=("https://www.snapchat.com/p/{token}",)),
    ),
    markups=(
        Markup("snapchat.blockquote", ".snapchat-embed", "url:data-snapchat-embed-url link", caption=True),
    ),
    types=("snapchat", "snap"),
    signs=(
        Sign("snapchat.state", Status.GONE, "json", "props.pageProps.pageStatusCode=404",
             "Snapchat knows no such story"),
    ),
)  # fmt: skip
