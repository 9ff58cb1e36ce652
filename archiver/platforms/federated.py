"""PeerTube, Pixelfed: any host, known by the shape of the address.

Source: embed-formats A1 rows 55–58, A2 sections 16–19 and 26–51. The id is `host/id`. What others
share the shape with is only believed on hosts whose names say what they run.
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.fediverse import client_api
from archiver.platforms.signs import Sign

_HERE = "{host}/{id}"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TUBE = rf"(?P<id>{_UUID}|[1-9A-HJ-NP-Za-km-z]{{22}})"
_VIDEOS = r"/api/v1/videos/{id}"
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
    drawn=("#video-wrapper video", ".video-js .vjs-poster", "my-video-watch .video-info-name"),
    signs=(
        Sign("peertube.none", Status.GONE, "json", "$.status=404; $.type=.*",
             "the server says that it has no such video",
             _VIDEOS, "authoritative"),
        Sign("peertube.api-404", Status.GONE, "status", "404",
             "the server does not know the video (HTTP 404)", _VIDEOS),
        Sign("peertube.elsewhere", Status.FAILED, "json", "code=does_not_respect_follow_constraints",
             "the server does not show videos of this other server; there it may be", _VIDEOS),
        Sign("peertube.private", Status.PRIVATE, "status", "401|403", "the video is not for everybody", _VIDEOS),
    ),
)  # fmt: skip

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
    signs=client_api("pixelfed", "{own}"),
)
