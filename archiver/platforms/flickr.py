"""Flickr. Source: embed-formats A1 row 38, A2 table 26–51. A short link holds the photo id in base 58."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

_ID = r"(?P<id>\d{6,12})"
_USER = r"(?P<author>[\w@-]+)"
BASE58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def from_base58(token: str) -> str | None:
    """The id itself, or the number behind a token of `flic.kr/p/` (given as `58:token`)."""
    if not token.startswith("58:"):
        return token
    number = 0
    for letter in token[3:15]:
        place = BASE58.find(letter)
        if place < 0:
            return None
        number = number * 58 + place
    return str(number)


FLICKR = Platform(
    name="flickr",
    label="Flickr",
    hosts=("flickr.com", "flic.kr"),
    forms=(
        Form(r"/p/(?P<token>[1-9A-Za-z]{4,9})", host=r"flic\.kr", id="58:{token}"),
        Form(rf"/(?:photos/)?{_USER}/(?:sets|albums)/(?P<set>\d+)(?:/.*)?", id="set:{set}"),
        Form(rf"/photos/{_ID}", host=r"embedr\.flickr\.com"), Form(rf"/photos/{_USER}/{_ID}(?:/.*)?"),
        Form(rf"/(?:photos|people)/{_USER}", kind="profile"),
    ),
    addresses=(
        Address(
            id=r"set:(?P<set>\d+)",
            permalink=(
                "https://www.flickr.com/photos/{author}/albums/{set}",
                "https://www.flickr.com/photos/_/sets/{set}",
            ),
        ),
        Address(
            id=_ID,
            permalink=(
                "https://www.flickr.com/photos/{author}/{id}/",
                "https://www.flickr.com/photos/_/{id}/",
            ),
            embed=("https://www.flickr.com/photos/{author}/{id}/player/",),
        ),
    ),
    markups=(Markup("flickr.link", "a[data-flickr-embed]", "url:href"),),
    tidy=from_base58,
    endpoints=("https://www.flickr.com/services/oembed/?url={url}",),
    types=("flickr",),
    id_keys=("flickrid",),
    signs=(
        Sign("flickr.oembed-404", Status.GONE, "status", "404", "Flickr does not know the photo", r"/services/oembed",
             witness="oembed"),
        Sign("flickr.oembed-401", Status.PRIVATE, "status", "401|403", "the photo is private, or may not be embedded",
             r"/services/oembed"),
    ),
)  # fmt: skip
