"""Giphy. Source: embed-formats A1 row 35, A2 table 26–51."""

from archiver.platforms.contract import Address, Form, Platform

_ID = r"(?P<id>[A-Za-z0-9]{8,24})"

GIPHY = Platform(
    name="giphy",
    label="Giphy",
    hosts=("giphy.com",),
    short_hosts=("gph.is",),
    forms=(
        Form(rf"/(?:embed|gifs|clips|stickers|videos)/(?:[^/]*-)?{_ID}(?:/.*)?"),
        Form(r"/media/(?:[\w.]+/)?(?P<id>[A-Za-z0-9]{8,24})/[^/]*"),
        Form(r"/(?:search|explore|upload|login).*", kind="share"),
        Form(r"/(?:channel/)?(?P<author>[\w.-]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=("https://giphy.com/gifs/{id}",),
            embed=("https://giphy.com/embed/{id}",),
        ),
    ),
    endpoints=("https://giphy.com/services/oembed?url={url}",),
    types=("giphy", "gif"),
    id_keys=("giphyid",),
)
