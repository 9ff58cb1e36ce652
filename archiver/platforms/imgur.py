"""Imgur. Source: embed-formats A1 row 34, A2 table 26–51."""

from archiver.platforms.contract import Address, Form, Markup, Platform

_ID = r"(?P<id>[A-Za-z0-9]{5,7})"

IMGUR = Platform(
    name="imgur",
    label="Imgur",
    hosts=("imgur.com", "imgur.io"),
    forms=(
        Form(r"/(?:t|user|r|signin|register|upload|search)(?:/.*)?", kind="share"),
        Form(rf"/(?:a|gallery)/(?:[^/]*-)?{_ID}(?:/.*)?", id="a/{id}"),
        Form(rf"/{_ID}(?:/embed)?(?:\.gifv)?", host=r"(?:(?:m|i)\.)?imgur\.(?:com|io)"),
    ),
    addresses=(
        Address(
            id=rf"a/{_ID}",
            permalink=("https://imgur.com/a/{id}",),
            embed=("https://imgur.com/a/{id}/embed?pub=true",),
        ),
        Address(
            id=_ID,
            permalink=("https://imgur.com/{id}",),
            embed=("https://imgur.com/{id}/embed?pub=true",),
        ),
    ),
    markups=(
        Markup("imgur.blockquote", ".imgur-embed-pub", "id:data-id link", caption=True),
        Markup("imgur.amp", "amp-imgur", "id:data-imgur-id"),
    ),
    endpoints=("https://api.imgur.com/oembed?url={url}",),
    types=("imgur",),
    id_keys=("imgurid",),
)
