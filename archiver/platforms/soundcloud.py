"""SoundCloud. Source: embed-formats A1 row 39, A2 table 26–51.

Never seen live: why the player's API refuses (401, 403); a robot wall's answer is by its maker's form.
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Markup, Platform
from archiver.platforms.signs import Sign

_SLUG = r"(?P<author>[\w-]+)/(?P<slug>[\w-]+)"
_NOT = r"(?!(?:discover|stream|you|search|upload|pages|jobs|charts|popular|imprint|terms-of-use|pro)(?:/|$))"
_URN = r"(?:soundcloud(?::|%3A))?"
_KIND = r"(?P<kind>tracks|playlists)"

SOUNDCLOUD = Platform(
    name="soundcloud",
    label="SoundCloud",
    hosts=("soundcloud.com", "soundcloud:"),
    short_hosts=("on.soundcloud.com", "soundcloud.app.goo.gl", "snd.sc"),
    forms=(
        Form(r"/player(?:\.swf)?", query=(("url", r"(?P<to>.+)"),)),
        Form(rf"/(?:v1/)?{_KIND}/(?:soundcloud:\w+:)?(?P<id>\d+)", host=r"api(?:-v2)?\.soundcloud\.com",
            id="{kind}:{id}"),
        Form(rf"{_KIND}:(?P<id>\d+)", host="soundcloud:", id="{kind}:{id}"),
        Form(r".*users.*", host=r"api.*", kind="widget"),
        Form(rf"/{_NOT}(?P<author>[\w-]+)/sets/(?P<set>[\w-]+)", id="{author}/sets/{set}"),
        Form(rf"/{_NOT}(?P<author>[\w-]+)/(?:tracks|albums|sets|likes|reposts|popular-tracks)", kind="profile"),
        Form(rf"/{_NOT}{_SLUG}(?:/s-\w+)?", host=r"(?:m\.)?soundcloud\.com", id="{author}/{slug}"),
        Form(rf"/{_NOT}(?P<author>[\w-]+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"{_KIND}:(?P<id>\d+)",
            permalink=("https://api.soundcloud.com/{kind}/{id}",),
            embed=("https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/{kind}/{id}",),
        ),
        Address(
            id=r"(?P<path>[\w-]+/(?:sets/)?[\w-]+)",
            permalink=("https://soundcloud.com/{path}",),
            embed=("https://w.soundcloud.com/player/?url={url}",),
        ),
    ),
    markups=(
        Markup("soundcloud.amp", "amp-soundcloud", "id:data-trackid=tracks:{} id:data-playlistid=playlists:{}"),
        Markup("soundcloud.tarteaucitron", ".soundcloud_player", "id:data-playable-id=tracks:{}"),
    ),
    fold=True,
    endpoints=("https://soundcloud.com/oembed?url={url}&format=json",),
    types=("soundcloud", "soundcloudtrack", "soundcloudblockelement"),
    signs=(
        Sign("soundcloud.country", Status.WITHHELD, "json", "kind=track; id={id}; policy=BLOCK",
             "the track is not played in this country", strength="authoritative"),
        Sign("soundcloud.country-path", Status.WITHHELD, "json", "kind=track; permalink={id}; policy=BLOCK",
             "the track is not played in this country", strength="authoritative"),
        Sign("soundcloud.oembed-404", Status.GONE, "status", "404", "SoundCloud does not know it",
             r"soundcloud\.com/oembed", witness="oembed"),
        Sign("soundcloud.oembed-403", Status.FAILED, "status", "401|403", "the owner lets no other site show it",
             r"soundcloud\.com/oembed"),
        Sign("soundcloud.resolve", Status.GONE, "status", "404", "SoundCloud's player does not know it",
             r"//api[\w-]*\.soundcloud\.com/(?:resolve|tracks/{id})", witness="api"),
        Sign("soundcloud.robot", Status.BOT_WALL, "json", r"$.url=https://[\w-]+\.captcha-delivery\.com/.*",
             "SoundCloud asks visitors to prove that they are no robot", r"//api[\w-]*\.soundcloud\.com/"),
        Sign("soundcloud.resolve-403", Status.FAILED, "status", "401|403",
             "SoundCloud's player may not show it: private, or it refuses this visitor",
             r"//api[\w-]*\.soundcloud\.com/tracks/{id}"),
    ),
)  # fmt: skip
