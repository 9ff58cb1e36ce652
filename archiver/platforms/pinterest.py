"""Pinterest. Source: embed-formats A1 row 23, A2 section 22–25."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

_ID = r"(?P<id>\d{6,20}|A[\w-]{30,})"
_LANDS = (
    "com at be ca ch cl co co.in co.kr co.uk com.au com.bo com.ec com.mx com.pe com.py com.uy com.vn"
    " cz de dk ec es fi fr hu id ie in info it jp kr mx nl no nz pe ph pl pt ru se sk th tw uk uy vn"
)

PINTEREST = Platform(
    name="pinterest",
    label="Pinterest",
    hosts=tuple(f"pinterest.{land}" for land in _LANDS.split()),
    short_hosts=("pin.it",),
    forms=(
        Form(r"/pin/create.*|/pin/find.*|/js/.*|/login.*", kind="share"),
        Form(r"/ext/embed\.html", query=(("id", _ID),)),
        Form(rf"/pin/(?:[^/]*--)?{_ID}(?:/.*)?"),
        Form(r"/(?P<author>[\w-]+)/[^/]+", kind="widget"),
        Form(r"/(?P<author>[\w-]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=("https://www.pinterest.com/pin/{id}/",),
            embed=("https://assets.pinterest.com/ext/embed.html?id={id}",),
        ),
    ),
    markups=(
        Markup(
            "pinterest.pin", "[data-pin-do=embedPin]", "url:href url:data-url id:data-pin-id link"
        ),
        Markup("pinterest.pin", "a[data-pin-do=embedPin]", "url:href id:data-pin-id"),
        Markup("pinterest.pin", "amp-pinterest[data-do=embedPin]", "url:data-url"),
        Markup("pinterest.rendered", "[data-pin-log=embed_pin]", "id:data-pin-id link"),
        Markup("pinterest.board", "a[data-pin-do=embedBoard]", "url:href", role="widget"),
        Markup("pinterest.board", "a[data-pin-do=embedUser]", "url:href", role="widget"),
    ),
    endpoints=("https://www.pinterest.com/oembed.json?url={url}",),
    types=("pinterest", "pin", "pinterestpin"),
    id_keys=("pinid", "pinterestid"),
    signs=(
        Sign("pinterest.oembed-404", Status.GONE, "status", "404", "Pinterest does not know the pin", r"/oembed\.json",
             witness="oembed"),
        Sign("pinterest.missing", Status.GONE, "json", "$.resource_response.error.http_status=404",
             "Pinterest does not know the pin", "/PinResource/", witness="page"),
    ),
)  # fmt: skip
