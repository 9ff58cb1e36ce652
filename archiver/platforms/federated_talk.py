"""Lemmy, Misskey and their kin: hosts named by what they run. The id is `host/id`.

Source: embed-formats A1 rows 57 and 58, A2 sections 16–19 and 26–51. The errors of both APIs are from
their makers' documents and were not recorded.
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.times import misskey
from archiver.platforms.signs import Sign

_HERE = "{host}/{id}"
_HOST = r"(?P<host>[\w.-]+)"
_NOTE = r'"noteId"\s*:\s*"(\w+)"'
_ASKED = r"/api/v\d/(?:post|comment)\?(?:.*&)?id={id}(?:&|$)"

LEMMY = Platform(
    name="lemmy",
    label="Lemmy",
    hosts=(
        "lemmy.world",
        "lemmy.ml",
        "beehaw.org",
        "sh.itjust.works",
        "programming.dev",
        "feddit.org",
    ),
    host_shapes=(r"(?:lemmy|feddit|kbin|mander|piefed)\..+",),
    forms=(
        Form(r"/(?P<what>post|comment)/(?P<id>\d+)", id="{host}/{what}/{id}"),
        Form(r"/c/.+", kind="widget"),
        Form(r"/u/(?P<author>[\w.@-]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"{_HOST}/(?P<what>post|comment)/(?P<id>\d+)",
            permalink=("https://{host}/{what}/{id}",),
        ),
    ),
    endpoints=("https://{host}/api/v3/{what}?id={id}",),
    types=("lemmy",),
    unseen="No embed view is known.",
    signs=(
        Sign("lemmy.none", Status.GONE, "json", "$.error=(?:couldnt_find_.*|not_found)",
             "the server says that it has no such post",
             _ASKED, "authoritative"),
        Sign("lemmy.deleted", Status.GONE, "json", "id={id}; deleted=true", "its author deleted the post", _ASKED,
             "authoritative"),
        Sign("lemmy.removed", Status.WITHHELD, "json", "id={id}; removed=true",
             "moderators have taken the post down", _ASKED,
             "authoritative"),
        Sign("lemmy.closed", Status.LOGIN_WALL, "json", "$.error=(?:instance_is_private|not_logged_in)",
             "the server shows posts only to those who log in", _ASKED),
    ),
)  # fmt: skip

MISSKEY = Platform(
    name="misskey",
    label="Misskey, Firefish, Sharkey",
    hosts=("misskey.io", "misskey.design", "misskey.art", "firefish.social", "sharkey.world"),
    host_shapes=(r"(?:misskey|mi|firefish|sharkey|calckey|iceshrimp)\..+",),
    forms=(
        Form(r"/(?:embed/)?notes/(?P<id>[0-9a-z]{10,16}|[0-9A-HJKMNP-TV-Z]{26})", id=_HERE),
        Form(r"/embed/notes/(?P<id>[0-9a-z]{10,16})", id=_HERE, any_host=True),
        Form(r"/@(?P<author>[\w.@-]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"{_HOST}/(?P<id>[0-9A-Za-z]{{10,26}})",
            permalink=("https://{host}/notes/{id}",),
            embed=("https://{host}/embed/notes/{id}",),
        ),
    ),
    markups=(Markup("misskey.iframe", "[data-misskey-embed-id]", "url:src url:data-src"),),
    time=misskey,
    types=("misskey", "misskeynote"),
    unseen="The embed view and the time in the id were never seen live.",
    signs=(
        Sign("misskey.none", Status.GONE, "json", "$.error.code=NO_SUCH_NOTE",
             "the server says that it has no such note",
             "/api/notes/show", "authoritative", asked=_NOTE),
        Sign("misskey.login", Status.LOGIN_WALL, "json", "$.error.code=(?:SIGNIN|CREDENTIAL)_REQUIRED",
             "the author shows notes only to those who log in", "/api/notes/show", asked=_NOTE),
        Sign("misskey.hidden", Status.PRIVATE, "json", "id={id}; isHidden=true", "the note is not for everybody",
             "/api/notes/show", "authoritative"),
    ),
)  # fmt: skip
