"""Vimeo. Source: embed-formats A1 row 26, A2 table 26–51. A hash after the id opens an unlisted video."""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

_ID = r"(?P<id>\d{4,12})"
_HASH = r"(?P<hash>[0-9a-f]{8,12})"

VIMEO = Platform(
    name="vimeo",
    label="Vimeo",
    hosts=("vimeo.com",),
    forms=(
        Form(rf"/(?:video|moogaloop\.swf)/{_ID}", query=(("h", _HASH),)),
        Form(rf"/video/{_ID}(?:[?&:/].*)?"),
        Form(r"/moogaloop\.swf", query=(("clip_id", _ID),)),
        Form(r"/event/(?P<event>\d+)(?:/.*)?", kind="widget"),
        Form(rf"/(?:channels/[\w-]+/|groups/[\w-]+/videos/|showcase/\d+/video/|ondemand/[\w-]+/|m/)?{_ID}/{_HASH}"),
        Form(rf"/(?:channels/[\w-]+/|groups/[\w-]+/videos/|(?:showcase|album)/\d+/video/|ondemand/[\w-]+/|m/)?{_ID}(?:/.*)?"),
        Form(rf"/(?P<author>[\w-]+)/videos/{_ID}"), Form(rf"/[\w-]+/review/{_ID}/{_HASH}"),
        Form(r"/(?:showcase|album|channels|groups)/.+", kind="widget"),
        Form(r"/(?:api|join|log_in|upload|features|upgrade|about).*", kind="share"),
        Form(r"/(?P<author>[\w-]+)(?:/.*)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=_ID,
            permalink=("https://vimeo.com/{id}/{hash}", "https://vimeo.com/{id}"),
            embed=("https://player.vimeo.com/video/{id}?h={hash}", "https://player.vimeo.com/video/{id}"),
        ),
    ),
    markups=(
        Markup("vimeo.lite", "lite-vimeo", "id:videoid id:video-id"),
        Markup("vimeo.amp", "amp-vimeo", "id:data-videoid"),
        Markup("vimeo.embetty", "embetty-video", "id:video-id", when="type=vimeo"),
        Markup("vimeo.facade", "[data-vimeo-id]", "id:data-vimeo-id"),
        Markup("vimeo.facade", "[data-vimeo-url]", "url:data-vimeo-url"),
        Markup("vimeo.tarteaucitron", ".vimeo_player", "id:videoid id:data-videoid"),
    ),
    endpoints=("https://vimeo.com/api/oembed.json?url={url}",),
    types=("vimeo", "vimeovideo", "videovimeo", "vimeoblockelement"),
    id_keys=("vimeoid", "vimeo_id"),
    signs=(
        Sign("vimeo.title", Status.GONE, "css", "head > title :: VimeUhOh.*", "Vimeo says that it has no such page"),
        Sign("vimeo.oembed-403", Status.FAILED, "status", "403", "the owner lets only chosen sites show it",
             r"vimeo\.com/api/oembed"),
        Sign("vimeo.player-403", Status.FAILED, "status", "403", "the owner lets only chosen sites show it",
             r"//player\.vimeo\.com/video/{id}"),
        Sign("vimeo.oembed-404", Status.GONE, "status", "404", "Vimeo does not know the video, or it is private",
             r"vimeo\.com/api/oembed"),
        Sign("vimeo.password", Status.PRIVATE, "css", "form#pw_form, form[action$='/password'] input[type=password]",
             "the video is shown to those who have its password", strength="authoritative"),
    ),
)  # fmt: skip
