"""Imgur. Source: embed-formats A1 row 34, A2 table 26–51."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

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
    signs=(
        Sign("imgur.removed", Status.GONE, "url", r"//i\.imgur\.com/removed\.png",
             "Imgur shows its picture for removed posts"),
        Sign("imgur.api", Status.GONE, "status", "404", "Imgur does not know it",
             r"//api\.imgur\.com/post/.*{id}", witness="api"),
        Sign("imgur.oembed-404", Status.GONE, "status", "404", "Imgur does not know it", r"//api\.imgur\.com/oembed",
             witness="oembed"),
    ),
)  # fmt: skip
