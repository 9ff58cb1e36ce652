"""PeerTube, Pixelfed, Lemmy, Misskey: any host, known by the shape of the address.

Source: embed-formats A1 rows 55–58, A2 sections 16–19 and 26–51. The id is `host/id`. What others
share the shape with is only believed on hosts whose names say what they run.
"""

from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.engine.times import misskey

_HERE = "{host}/{id}"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TUBE = rf"(?P<id>{_UUID}|[1-9A-HJ-NP-Za-km-z]{{22}})"
_HOST = r"(?P<host>[\w.-]+)"

PEERTUBE = Platform(
    name="peertube",
    label="PeerTube",
    host_shapes=(r"(?:.+\.)?(?:peertube|tube|tilvids|framatube|diode)\..+", r".+\.video"),
    forms=(
        Form(rf"/videos/(?:embed|watch)/{_TUBE}", id=_HERE, any_host=True),
        Form(rf"/w/{_TUBE}", id=_HERE, any_host=True),
        Form(r"/(?:video-playlists/embed|w/p|videos/watch/playlist)/.+", kind="widget"),
        Form(r"/(?:a|c|accounts|video-channels)/(?P<author>[^/]+)(?:/.*)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"{_HOST}/{_TUBE}",
            permalink=("https://{host}/w/{id}",),
            embed=("https://{host}/videos/embed/{id}",),
        ),
    ),
    endpoints=("https://{host}/api/v1/videos/{id}", "https://{host}/services/oembed?url={url}"),
    types=("peertube",),
)

PIXELFED = Platform(
    name="pixelfed",
    label="Pixelfed",
    hosts=("pixelfed.social", "pixelfed.de", "pxlmo.com"),
    host_shapes=(r"(?:pixelfed|pix)\..+",),
    forms=(
        Form(r"/p/(?P<author>[\w.-]+)/(?P<id>\d{15,19})(?:/embed)?", id=_HERE, any_host=True),
        Form(r"/i/web/post/(?P<id>\d{15,19})", id=_HERE, any_host=True),
        Form(r"/@?(?P<author>[\w.-]+)(?:/embed)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"{_HOST}/(?P<id>\d{{15,19}})",
            permalink=("https://{host}/p/{author}/{id}", "https://{host}/i/web/post/{id}"),
            embed=("https://{host}/p/{author}/{id}/embed?caption=true&likes=false&layout=full",),
        ),
    ),
    markups=(Markup("pixelfed.iframe", "iframe.pixelfed__embed", "url:src url:data-src"),),
    endpoints=("https://{host}/api/v1/statuses/{id}",),
    types=("pixelfed",),
)

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
)

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
)
