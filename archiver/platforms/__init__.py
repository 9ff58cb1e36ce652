"""The platforms: one file each, and the front doors to what they know.

`PLATFORMS` lists them in the order in which addresses are tried. Adding one is a file and a line here.
"""

from datetime import datetime

from archiver.domain.post import PostRef, View
from archiver.platforms.alternatives import GAB, GETTR, MINDS, PARLER
from archiver.platforms.asia_video import ASIA_VIDEO
from archiver.platforms.bilibili import BILIBILI
from archiver.platforms.bluesky import BLUESKY
from archiver.platforms.chats import CHATS
from archiver.platforms.contract import Platform, Recognised
from archiver.platforms.dailymotion import DAILYMOTION
from archiver.platforms.douyin import DOUYIN
from archiver.platforms.engine import recognise as _engine
from archiver.platforms.facebook import FACEBOOK
from archiver.platforms.federated import PEERTUBE, PIXELFED
from archiver.platforms.federated_talk import LEMMY, MISSKEY
from archiver.platforms.flickr import FLICKR
from archiver.platforms.giphy import GIPHY
from archiver.platforms.gone import GONE
from archiver.platforms.imgur import IMGUR
from archiver.platforms.instagram import INSTAGRAM
from archiver.platforms.korea_video import KOREA_VIDEO
from archiver.platforms.linkedin import LINKEDIN
from archiver.platforms.mastodon import MASTODON
from archiver.platforms.music import APPLE, BANDCAMP, DEEZER, MIXCLOUD
from archiver.platforms.odysee import ODYSEE
from archiver.platforms.ok import OK
from archiver.platforms.pinterest import PINTEREST
from archiver.platforms.players_other import PLAYERS_OTHER
from archiver.platforms.players_video import PLAYERS_VIDEO
from archiver.platforms.reddit import REDDIT
from archiver.platforms.rumble import RUMBLE
from archiver.platforms.russia_video import RUSSIA_VIDEO
from archiver.platforms.snapchat import SNAPCHAT
from archiver.platforms.soundcloud import SOUNDCLOUD
from archiver.platforms.spotify import SPOTIFY
from archiver.platforms.telegram import TELEGRAM
from archiver.platforms.threads import THREADS
from archiver.platforms.tiktok import TIKTOK
from archiver.platforms.truthsocial import TRUTHSOCIAL
from archiver.platforms.tumblr import TUMBLR
from archiver.platforms.twitch import TWITCH
from archiver.platforms.vimeo import VIMEO
from archiver.platforms.vk import VK
from archiver.platforms.weibo import WEIBO
from archiver.platforms.x import X
from archiver.platforms.youtube import YOUTUBE

__all__ = [
    "PLATFORMS",
    "Platform",
    "Recognised",
    "by_name",
    "claims",
    "endpoints",
    "make_ref",
    "operator",
    "permalink",
    "posted_at",
    "recognise",
    "views",
]

PLATFORMS: tuple[Platform, ...] = (
    X,
    INSTAGRAM,
    FACEBOOK,
    YOUTUBE,
    TIKTOK,
    TELEGRAM,
    BLUESKY,
    MASTODON,
    REDDIT,
    THREADS,
    DOUYIN,
    VK,
    OK,
    WEIBO,
    BILIBILI,
    TRUTHSOCIAL,
    LINKEDIN,
    PINTEREST,
    TUMBLR,
    SNAPCHAT,
    VIMEO,
    DAILYMOTION,
    TWITCH,
    RUMBLE,
    ODYSEE,
    IMGUR,
    GIPHY,
    FLICKR,
    SOUNDCLOUD,
    SPOTIFY,
    GAB,
    GETTR,
    PARLER,
    MINDS,
    APPLE,
    DEEZER,
    MIXCLOUD,
    BANDCAMP,
    PEERTUBE,
    PIXELFED,
    LEMMY,
    MISSKEY,
    *CHATS,
    *ASIA_VIDEO,
    *KOREA_VIDEO,
    *RUSSIA_VIDEO,
    *PLAYERS_VIDEO,
    *PLAYERS_OTHER,
    *GONE,
)
_TABLES = _engine.build(PLATFORMS)
_OPERATED = _engine.operated(PLATFORMS)


def by_name(name: str) -> Platform | None:
    """The platform of that slug."""
    return _TABLES.by_name.get(name)


def recognise(url: str) -> Recognised | None:
    """What an address is: a post, a link to be followed, a profile, a widget, a share button.

    Archived copies, link trackers and embed proxies are seen through. None when no platform knows
    the address. Never raises.
    """
    return _engine.recognise(_TABLES, url)


def claims(host: str) -> bool:
    """Whether any platform claims a host (as written in an address, lower case or not)."""
    return _engine.claims(_TABLES, host)


def operator(host: str) -> str:
    """The slug of the platform that runs a host; empty for hosts of nobody known. Servers known by
    their shape alone (federated ones) are run by many, so they are nobody's here."""
    return _engine.operator(_OPERATED, host)


def make_ref(platform: str, post_id: str) -> PostRef | None:
    """The reference of an id found in a page; None when no post of the platform has such an id."""
    known = by_name(platform)
    return _engine.make_ref(_TABLES, known, post_id) if known else None


def permalink(ref: PostRef, author: str | None = None) -> str:
    """The canonical address of a post; for a `web` page the page itself."""
    return _engine.permalink(_TABLES, ref, author)


def views(
    ref: PostRef, author: str | None = None, url: str | None = None, seen: str | None = None
) -> tuple[View, ...]:
    """Where to look at a post without an account: the embed view first, then the page.

    `url` may say more than the id (a subreddit, a kind of post), and so may the address as `seen` in
    the article (whose page its frame is made for).
    """
    return _engine.views(_TABLES, ref, author, url, seen)


def endpoints(ref: PostRef, author: str | None = None, url: str | None = None) -> tuple[View, ...]:
    """Where metadata of a post can be asked for without an account (oEmbed and the like)."""
    return _engine.endpoints(_TABLES, ref, author, url)


def posted_at(ref: PostRef) -> datetime | None:
    """The instant hidden in the id, in UTC; None where the platform hides none."""
    known = by_name(ref.platform)
    return known.time(ref.id) if known and known.time else None
