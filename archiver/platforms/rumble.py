"""Rumble. Source: embed-formats A1 row 30, A2 table 26–51. The embed id is not the page's id.

Both look the same and run over one range: the page's id in the address of an embed view is another video's. So
a video is only looked at where it was seen, at its page or in its embed view.
"""

from archiver.platforms.contract import Address, Call, Form, Platform

_ID = r"(?P<id>v[a-z0-9]{4,8})"
_PAGE = ("https://rumble.com/{slug}{rest}.html", "https://rumble.com/{slug}.html")
_EMBED = ("https://rumble.com/embed/{id}/",)

RUMBLE = Platform(
    name="rumble",
    label="Rumble",
    hosts=("rumble.com",),
    forms=(
        Form(rf"/embed(?:JS)?/(?:[a-z0-9]+\.)?{_ID}(?:/.*)?", id="{id}"),
        Form(r"/(?P<slug>v[a-z0-9]{4,8})(?P<rest>-[^/]*?)?(?:\.html)?", id="{slug}"),
        Form(r"/(?:c|user)/(?P<author>[^/]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=_PAGE + _EMBED,
            embed=_PAGE + _EMBED,
        ),
    ),
    calls=(
        Call(
            "rumble.script", "Rumble(",
            r"Rumble\(\s*['\"]play['\"]\s*,\s*\{[^}]{0,200}?video['\"]?\s*:\s*['\"](?:\w+\.)?(?P<id>v[a-z0-9]+)",
        ),
    ),
    endpoints=("https://rumble.com/api/Media/oembed.json?url={url}",),
    types=("rumble",),
    id_keys=("rumbleid",),
)  # fmt: skip
