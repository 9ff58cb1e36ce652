"""RuTube, Dzen, My Mail.ru, Smotrim, Sibnet. Source: embed-formats A1 rows 50, 51, 67, A2 table."""

import re
from datetime import datetime

from archiver.platforms.contract import Address, Form, Platform
from archiver.platforms.engine.tail import player
from archiver.platforms.engine.times import instant


def dzen_time(post_id: str) -> datetime | None:
    """The first eight hexadecimal digits are the second of the draft: weak evidence."""
    token = post_id.rpartition(":")[2]
    return instant(int(token[:8], 16) * 1000) if re.fullmatch(r"[0-9a-f]{24}", token) else None


_HEX = r"(?P<id>[0-9a-f]{24})"

DZEN = Platform(
    name="dzen",
    label="Dzen",
    hosts=("dzen.ru", "zen.yandex.ru"),
    forms=(
        Form(rf"/(?:video/watch|media/id/\w+(?:/[^/]+)?|media/[\w.]+/[^/]+)[/-]?{_HEX}"),
        Form(r"/(?P<what>a|b)/(?P<post>[\w-]{6,})", id="{what}:{post}"),
        Form(r"/embed/(?P<token>v[\w-]{11})", id="embed:{token}"),
        Form(r"/(?:video/)?(?:id/)?(?P<author>[\w.-]+)", kind="profile"),
    ),
    addresses=(
        Address(id=_HEX, permalink=("https://dzen.ru/video/watch/{id}",)),
        Address(id=r"(?P<what>a|b):(?P<post>[\w-]+)", permalink=("https://dzen.ru/{what}/{post}",)),
        Address(
            id=r"embed:(?P<token>v[\w-]{11})",
            permalink=("https://dzen.ru/embed/{token}",),
            embed=("https://dzen.ru/embed/{token}?from_block=partner",),
        ),
    ),
    time=dzen_time,
    types=("dzen", "zen"),
    unseen="An embed's token is not the id of the page.",
)

_OWN = r"(?P<box>[\w.-]+)/(?P<user>[\w.-]+)/(?P<album>[\w-]+)/(?P<n>\d+)"
"""A film in somebody's own album."""
_MAIL = "https://my.mail.ru/"

RUSSIA_VIDEO = (
    DZEN,
    player(
        "rutube", "RuTube", "rutube.ru",
        (r"/(?:(?:play|video)/embed|embed|video|shorts|live/video)/(?:private/)?(?P<id>[0-9a-f]{32}|\d+)(?:/.*)?",
         Form("/pl", query=(("pl_video", r"(?P<id>[0-9a-f]{32})(?:/.*)?"),)),
         Form(r"/(?P<id>[0-9a-f]{32})", host=r"video\.rutube\.ru")),
        "https://rutube.ru/video/{id}/", "https://rutube.ru/play/embed/{id}",
        id=r"(?P<id>[0-9a-f]{32}|\d{4,10})", oembed="https://rutube.ru/api/oembed/?url={url}",
        widgets=r"/(?:channel|plst)/.*",
    ),
    Platform(
        name="mymailru", label="My Mail.ru", hosts=("my.mail.ru", "video.mail.ru"),
        types=("mymailru", "mymailruvideo"), id_keys=("mymailruid", "mymailru_id"),
        forms=(
            Form(r"/(?:\+/)?video/embed/(?P<id>\d+)"),
            Form(rf"/videos/(?:embed/)?{_OWN}(?:\.html)?", id="{box}/{user}/{album}/{n}"),
            Form(r"/+(?P<box>[\w.-]+)/+(?P<user>[\w.-]+)/video/(?:embed/)?(?P<album>[\w-]+)/(?P<n>\d+)(?:\.html)?",
                 id="{box}/{user}/{album}/{n}"),
        ),
        addresses=(
            Address(id=r"(?P<id>\d{6,})", permalink=(_MAIL + "video/embed/{id}",), embed=(_MAIL + "video/embed/{id}",)),
            Address(id=_OWN, permalink=(_MAIL + "{box}/{user}/video/{album}/{n}.html",),
                    embed=("https://videoapi.my.mail.ru/videos/embed/{box}/{user}/{album}/{n}.html",)),
        ),
        unseen="Known by its addresses only.",
    ),
    player(
        "smotrim", "Smotrim", "smotrim.ru player.smotrim.ru player.vgtrk.com",
        (r"/iframe/(?:video|live|datavideo)/id/(?P<id>\d+)(?:/.*)?", r"/video/(?P<id>\d+)"),
        "https://smotrim.ru/video/{id}", "https://player.smotrim.ru/iframe/video/id/{id}",
    ),
    player(
        "sibnet", "Sibnet", "video.sibnet.ru",
        (Form(r"/shell\.php|/swf/.*", query=(("videoid", r"(?P<id>\d+)"),)), r"/video(?P<id>\d+)(?:-.*)?"),
        "https://video.sibnet.ru/video{id}", "https://video.sibnet.ru/shell.php?videoid={id}",
    ),
)  # fmt: skip
"""Video sites of Russia, one row each."""
